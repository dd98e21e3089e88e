"""What there is to say of thresholds and models: how they fit, and what those of --cuts lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, notice
from segmentation.messages.privacy import told

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation


def lacking(run: AfterAllocation) -> Iterator[Notice]:
    """Warnings about values of `for_each` that have customers, but no audience: cuts of other data."""
    for spec in run.values:
        fresh = sorted({*spec.fit(run.customers, "text")} - {*run.cuts[spec]})
        if fresh:
            column = run.customers[spec.feature].cast(pl.String)
            named = told(spec.feature, column.filter(column.is_in(fresh)), of_customers=True)
            text = (
                f"--cuts lists no {named} among {spec.name}: for_each has no audience for who "
                "has it"
            )
            yield notice("cuts-lack-value", text)


def model_fit(run: AfterAllocation) -> Iterator[Notice]:
    """What models say of their fit."""
    return (notice("model-fit", text) for text in run.cuts.notes())


def fitted_anew(run: AfterAllocation) -> Iterator[Notice]:
    """Warnings about thresholds that --cuts has for something else, or lacks."""
    cuts, known = run.cuts, run.known
    if known is None:
        return
    other = [
        n
        for n in cuts.values
        if n in known.values and not known.is_of(n, cuts.definitions.get(n, ""))
    ]
    fresh = [
        n
        for n, v in cuts.values.items()
        if n not in other and (n not in known.values or v != known.values[n])
    ]
    if other:
        text = (
            f"--cuts has {listed(other)} for other definitions than these rules have: fitted anew"
        )
        yield notice("cuts-fitted-anew", text)
    if fresh:
        yield notice("cuts-fitted-anew", f"--cuts has no {listed(fresh)}: fitted anew")
