"""Amounts that are joined from a file which is a source of sales itself: each such order would count twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmentation.checks.stops import Input, Stop
from segmentation.sources.columns.formulas import columns_of
from segmentation.sources.reader import Partner
from segmentation.sources.tables import Portion


def joined_sales(inputs: Sequence[Input]) -> Iterator[Stop]:
    """A stop for each source whose amounts are those of another source; rows that both choose may be others."""
    sales = {
        shown: one for one in inputs for p in one.tally.parts for shown in p.raw.shown().values()
    }
    for one in inputs:
        partners = (found for part in one.tally.parts for found in _of_amounts(part))
        partner = next((p for p in partners if p.shown in sales), None)
        if partner is not None and not (one.source.where and sales[partner.shown].source.where):
            yield _stop(one, partner)


def _of_amounts(part: Portion) -> Iterator[Partner]:
    """What is joined and holds a part of the amount."""
    recipe = part.recipe
    name = "amount" if recipe.has("amount") else "unit_price"
    columns = {*columns_of(recipe.formula(name))} if recipe.has(name) else set()
    return (partner for partner in part.raw.partners if partner.columns & columns)


def _stop(one: Input, partner: Partner) -> Stop:
    what = f"amounts are joined from {partner.shown}, which is a source of sales itself: they would count twice"
    mend = (
        f"If these rows are paid back, declare what is taken off as their amount; else leave {partner.shown} or "
        f"{one.tally.path} out of the sources."
    )
    return Stop("doubted-amount", what, one.tally.path, mend)
