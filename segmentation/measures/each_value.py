"""A comparison with many values, asked of each value alone: texts are folded once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.comparing.comparisons import READ_AS, Column, compare, without_case
from segmentation.rules.conditions import Compare
from segmentation.rules.scalars import Scalar

_FOLDED: Final = "folded"


def met_of_each(
    rows: pl.LazyFrame, column: Column, test: Compare, values: Sequence[Scalar]
) -> pl.LazyFrame:
    """One row with a column for each value, in their order: whether any row meets `test` with it."""
    read = READ_AS[column.kind]["text"]
    if test.ignore_case and read is not None:
        rows = rows.select(without_case(read(column.expr)).alias(_FOLDED))
        column, values = (
            Column(pl.col(_FOLDED), "text"),
            replace(test, value=(*values,)).caseless.values,
        )
        test = replace(test, ignore_case=False)
    tests = [compare(column, replace(test, value=value)) for value in values]
    return rows.select(one.any().alias(str(i)) for i, one in enumerate(tests))
