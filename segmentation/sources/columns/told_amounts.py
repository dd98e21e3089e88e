"""What rejected lines were worth, as far as that can be told.

A line that is rejected for its date, say, has an amount that is read as any other. Of one whose amount
cannot be read, what is left of each cell without everything but its digits and their signs is its
size: 12.00 of `12.00 incl. VAT`. It cannot be told of a cell that has no digits, or several numbers,
or is a percentage; nor of a row whose cells are not those of its header.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.pattern import pattern
from segmentation.rules.number_format import POINT, NumberFormat
from segmentation.sources.columns.chosen import Written
from segmentation.sources.columns.computed import computed, quantity_by_price
from segmentation.sources.columns.formulas import Formula, columns_of
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.numbers import numerals, parse_numbers
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text

AMOUNT: Final = "amount"
_AS_READ: Final = "\0as read"
_NUMBER: Final = pattern(r"[^\d%]*(\d+(?:[.,'’]\d+|\s\d{3}(?!\d))*)[^\d%]*")
_SIGNS: Final = pattern(r"[.,'’\s]")
_CENTS: Final = 2  # digits behind a sign that is then no sign of thousands


def number_cells(recipe: Recipe) -> list[str]:
    """The file's columns of which the amount of a line is made."""
    if recipe.table != "transactions":
        return []
    return list(dict.fromkeys(columns_of(_formula(recipe))))


def _formula(recipe: Recipe) -> Formula:
    return recipe.formula(AMOUNT) if recipe.has(AMOUNT) else quantity_by_price(recipe)


def told_amounts(rejected: pl.DataFrame, recipe: Recipe) -> pl.Series:
    """The size of the amount of each rejected line in 1/10,000; null where it cannot be told.

    `rejected` has CODE, AMOUNT as it was read, and the file's number cells.
    """
    cells = {column: _as_numerals(rejected, column, recipe) for column in number_cells(recipe)}
    known = replace(
        recipe,
        written=Written(POINT),
        schema={**recipe.schema, **{c: s.dtype for c, s in cells.items()}},
    )
    is_shared = AMOUNT in recipe.columns.per_order
    told = pl.lit(None, dtype=pl.Int64) if is_shared else computed(_formula(recipe), known, holds)
    is_whole = pl.col(CODE) != Reason.RAGGED
    amount = pl.coalesce(pl.col(_AS_READ), told).abs()
    own = rejected.select(CODE, pl.col(AMOUNT).alias(_AS_READ))
    found = own.with_columns(*cells.values())  # a file may call its column amount, too
    return found.select(pl.when(is_whole).then(amount).alias(AMOUNT)).to_series()


def _as_numerals(rejected: pl.DataFrame, column: str, recipe: Recipe) -> pl.Series:
    """The cells of a column as plain numerals, those that cannot be read by their digits; stored numbers stay."""
    dtype = recipe.dtype(column)
    cells = rejected[column_kept(column)].alias(column)
    if not is_text(dtype):
        return cells
    texts = cells.to_frame().select(as_text(column, dtype)).to_series()
    form = recipe.written.form(column)
    unread = parse_numbers(texts, form).is_null() & texts.is_not_null()
    rows = unread.arg_true()
    plain = numerals(texts, form).alias(column)
    if rows.is_empty():
        return plain
    strange = texts.gather(rows)
    each = strange.unique()
    digits = pl.Series([size_in(text, form) for text in each], dtype=pl.String)
    return plain.scatter(rows, strange.replace_strict(each, digits, return_dtype=pl.String))


def column_kept(column: str) -> str:
    """What a number cell is called beside the canonical columns."""
    return f"\0number {column}"


def size_in(text: str, form: NumberFormat) -> str | None:
    """The one number in a text, without everything around it; None where there is none, or several.

    >>> from segmentation.rules.number_format import COMMA, POINT
    >>> size_in("12.00 incl. VAT", POINT), size_in("ca. 1.234,50 EUR?", POINT), size_in("~1,5", COMMA)
    ('12.00', '1234.50', '1.5')
    >>> size_in("12 or 13", POINT), size_in("soon", POINT), size_in("5 %", POINT)
    (None, None, None)
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    *_, behind = _SIGNS.split(found[1])
    before = found[1][: -len(behind)]
    digits = _SIGNS.sub("", before)
    if not digits:
        return behind
    sign = before[-1]
    is_only = sign == form.decimal and before.count(str(sign)) == 1
    is_decimal = sign in ".," and (len(behind) <= _CENTS or is_only)
    return f"{digits}.{behind}" if is_decimal else digits + behind
