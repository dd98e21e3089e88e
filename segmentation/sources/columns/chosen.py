"""Which rows of a file count: `where` of a source, over the file's own columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

import polars as pl

from segmentation.comparing.comparisons import Column, compiled, kind_of
from segmentation.dataclass import dataclass
from segmentation.rules.conditions import All, Compare, Condition, fields
from segmentation.rules.number_format import NumberFormat
from segmentation.rules.operators import MISSING
from segmentation.sources.columns.asked import is_bound_of_numbers
from segmentation.sources.columns.date_parsing import Clock
from segmentation.sources.columns.dates import Shapes, as_iso, moments
from segmentation.sources.columns.missing import without
from segmentation.sources.columns.numbers import number
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text


@dataclass(frozen=True)
class Written:
    """How the cells of a file are written that `where` compares with numbers and with days."""

    numbers: NumberFormat
    own: Mapping[str, NumberFormat] = field(default_factory=dict)
    """Columns whose numbers have a format of their own."""

    days: Mapping[str, Shapes] = field(default_factory=dict)
    """Columns of dates that are not written as ISO has them."""

    timezone: str = "UTC"

    def form(self, column: str) -> NumberFormat:
        """How the numbers of a column are written."""
        return self.own.get(column, self.numbers)


def conditions_of(where: Condition | None) -> Mapping[tuple[str, ...], Condition]:
    """The conditions that must all hold, by the columns that each compares, in the order they are written."""
    parts = where.parts if isinstance(where, All) else () if where is None else (where,)
    found: dict[tuple[str, ...], Condition] = {}
    for part in parts:
        columns = tuple(map(str, fields(part)))
        found[columns] = All((found[columns], part)) if columns in found else part
    return found


def chosen(where: Condition, schema: Mapping[str, pl.DataType], written: Written) -> pl.Expr:
    """Whether a row counts; never null."""

    def resolve(test: Compare) -> Column:
        return _column(test, schema, written)

    def special(test: object) -> pl.Expr:
        raise AssertionError(f"the parser lets no {test} into `where`")

    return compiled(where, resolve, special)


def _column(test: Compare, schema: Mapping[str, pl.DataType], written: Written) -> Column:
    """A column as it is compared: bounds read numbers and days as the file writes them, and to `missing` a word for nothing is nothing."""
    name = str(test.field)
    dtype = schema[name]
    if name in written.days:
        day = moments(name, dtype, written.days[name], Clock.of(written.timezone))
        return Column(pl.coalesce(as_iso(day), as_text(name, dtype)), "text")
    if not is_text(dtype):
        return Column(pl.col(name), kind_of(dtype))
    if is_bound_of_numbers(test):
        return Column(number(name, dtype, written.form(name)), "number")
    text = as_text(name, dtype).str.strip_chars()
    held = pl.when(text != "").then(text)
    return Column(without(held, ()) if test.op is MISSING else held, "text")
