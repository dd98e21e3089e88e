"""Which rows of a file count: `where` of a source, over the file's own columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import reduce
from operator import or_

import polars as pl

from segmentation.comparing.comparisons import ISO_DAY, Column, compiled, kind_of
from segmentation.dataclass import dataclass
from segmentation.rules.cell_words import INVISIBLE, NOTHING_WORDS
from segmentation.rules.conditions import All, Compare, Condition, fields
from segmentation.rules.number_format import NumberFormat
from segmentation.rules.operators import MISSING
from segmentation.sources.columns.asked import columns_with, is_bound_of_numbers, is_of_days
from segmentation.sources.columns.date_parsing import Clock
from segmentation.sources.columns.dates import ISO, Shapes, as_iso, moments, parse_moments
from segmentation.sources.columns.numbers import number, parse_numbers
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


def unread_cells(
    where: Condition, written: Written, columns: Sequence[str], cells: Sequence[pl.Series]
) -> pl.Series:
    """Which rows are not chosen, and hold a text that is no number or day where `where` asks for one.

    `cells` are which rows are chosen, then the texts of the columns that it asks so: only what is not
    chosen is looked at.
    """
    is_chosen, *texts = cells
    aside = (~is_chosen).arg_true()
    found = pl.repeat(value=False, n=len(is_chosen), dtype=pl.Boolean, eager=True)
    if aside.is_empty():
        return found
    asked = zip(columns, (text.gather(aside) for text in texts), strict=True)
    unread = [are_unread(text, column, where, written) for column, text in asked]
    return found.scatter(aside, reduce(or_, unread))


def are_unread(texts: pl.Series, column: str, where: Condition, written: Written) -> pl.Series:
    """Which texts hold something that the bounds of a column cannot be compared with."""
    read = pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
    if column in columns_with(where, is_bound_of_numbers):
        read |= parse_numbers(texts, written.form(column)).is_not_null()
    if column in columns_with(where, is_of_days):
        shapes = (*written.days.get(column, ()), *ISO)
        read |= texts.str.contains(ISO_DAY) | parse_moments(texts, shapes).is_not_null()
    return (~read & (texts.str.strip_chars() != "")).fill_null(value=False)


def _column(test: Compare, schema: Mapping[str, pl.DataType], written: Written) -> Column:
    """A column as it is compared: bounds read numbers and days as the file writes them, and to `missing` a word for nothing is nothing."""
    name = str(test.field)
    if name not in schema:  # other files of the source have it
        return Column(pl.lit(None, dtype=pl.String), "text")
    dtype = schema[name]
    if test.op is MISSING and is_text(dtype):
        return Column(_but_nothing(as_text(name, dtype)), "text")
    if name in written.days:
        day = moments(name, dtype, written.days[name], Clock.of(written.timezone))
        return Column(pl.coalesce(as_iso(day), as_text(name, dtype)), "text")
    if not is_text(dtype):
        return Column(pl.col(name), kind_of(dtype))
    if is_bound_of_numbers(test):
        return Column(number(name, dtype, written.form(name)), "number")
    text = as_text(name, dtype).str.strip_chars()
    return Column(pl.when(text != "").then(text), "text")


def _but_nothing(text: pl.Expr) -> pl.Expr:
    """A text; null where a word for nothing stands, whatever its case and blanks."""
    bare = text.str.replace_all(INVISIBLE, "").str.to_lowercase()
    return pl.when(~bare.is_in(list(NOTHING_WORDS))).then(text)
