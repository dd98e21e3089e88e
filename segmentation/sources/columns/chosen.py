"""Which rows of a file count: `where` of a source, over the file's own columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from segmentation.comparing.comparisons import Column, compiled, kind_of
from segmentation.rules.conditions import Compare, Condition
from segmentation.rules.number_format import NumberFormat
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import MISSING
from segmentation.rules.scalars import is_number
from segmentation.sources.columns.missing import without
from segmentation.sources.columns.numbers import number
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text


def chosen(where: Condition, schema: Mapping[str, pl.DataType], numbers: NumberFormat) -> pl.Expr:
    """Whether a row counts; never null."""

    def resolve(test: Compare) -> Column:
        return _column(test, schema, numbers)

    def special(test: object) -> pl.Expr:
        raise AssertionError(f"the parser lets no {test} into `where`")

    return compiled(where, resolve, special)


def _column(test: Compare, schema: Mapping[str, pl.DataType], numbers: NumberFormat) -> Column:
    """A column as it is compared: bounds read numbers as the file writes them, and to `missing` a word for nothing is nothing."""
    name = str(test.field)
    dtype = schema[name]
    if not is_text(dtype):
        return Column(pl.col(name), kind_of(dtype))
    if test.op.family is Family.ORDER and all(map(is_number, test.values)):
        return Column(number(name, dtype, numbers), "number")
    text = as_text(name, dtype).str.strip_chars()
    held = pl.when(text != "").then(text)
    return Column(without(held, ()) if test.op is MISSING else held, "text")
