"""The events that measures read, and whether any customer has what a measure asks for."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from segmentation.config.measures import PURCHASE, Measure


def events_of(measure: Measure) -> Iterator[str]:
    """The events that a measure reads, those it follows included; not purchases, not any."""
    return (e for e in measure.events if e not in (PURCHASE, "*"))


def found_somebody(values: pl.Series) -> bool:
    """Whether a measure holds for any customer: true, not 0, or a value that is not missing."""
    present = values.drop_nulls()
    if present.dtype == pl.Boolean:
        return bool(present.any())
    return bool((present != 0).any()) if present.dtype.is_numeric() else len(present) > 0
