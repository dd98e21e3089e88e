"""Amounts of several currencies in one: `rates: {EUR: 1, USD: 0.92}` of a source.

An amount is multiplied by the rate of its row's currency first, and then rounded, exactly: floats
decide where they are far from a middle, and the few others are worked out as fractions of the
numbers as they are written. A row's currency stands in the column `currency`, else beside its amounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Final

import polars as pl

from segmentation.rules.money import SCALE, divided
from segmentation.sources.columns.aliases import CURRENCY, MONEY
from segmentation.sources.columns.computed import as_float, computed
from segmentation.sources.columns.currencies import spellings
from segmentation.sources.columns.formulas import Cell, Formula, Number, Product, Sum
from segmentation.sources.columns.formulas import columns_of as columns_in
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.missing import without
from segmentation.sources.columns.number_formats import currency_beside
from segmentation.sources.columns.numbers import LARGEST, numerals, widened
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text

RELATIVE_ERROR: Final = 2.0**-43
"""More than a formula in floats is off, as a part of the sizes in it: fifteen digits are kept of products."""

_PRODUCT, _ERROR, _RATE = "\0product", "\0error", "\0rate"
Cells = Mapping[str, Fraction | None]


def worth(formula: Formula, recipe: Recipe) -> pl.Expr:
    """A formula of money as Int64 on the scale, in the one currency of the source."""
    return converted(formula, recipe) if recipe.rates else computed(formula, recipe, holds)


def converted(formula: Formula, recipe: Recipe) -> pl.Expr:
    """A formula times the rate of its row; null where it, or the rate, is missing."""
    rate = rate_of(recipe)
    by = rate.cast(pl.Float64)
    parts = {
        _PRODUCT: as_float(formula, recipe, holds) * by,
        _ERROR: _size(formula, recipe) * by * RELATIVE_ERROR,
        _RATE: rate,
        **{column: _cell(column, recipe) for column in columns_in(formula)},
    }
    reader = partial(_rounded, formula=formula, recipe=recipe)
    rows = pl.struct(part.alias(name) for name, part in parts.items())
    return rows.map_batches(reader, return_dtype=pl.Int64, is_elementwise=True)


def _cell(column: str, recipe: Recipe) -> pl.Expr:
    """A cell such that its text is the number as it is written."""
    dtype = recipe.dtype(column)
    if is_text(dtype):
        return as_text(column, dtype)
    return widened(pl.col(column), dtype) if dtype.is_float() else pl.col(column)


def _size(formula: Formula, recipe: Recipe) -> pl.Expr:
    """What a formula comes to without signs, in which its error is a part of a known size."""
    match formula:
        case Number(text):
            return pl.lit(float(text))
        case Sum(terms):
            return pl.sum_horizontal(_size(term, recipe) for _, term in terms)
        case Product(factors):
            found = pl.lit(1.0)
            for divides, factor in factors:
                size = _size(factor, recipe)
                by = as_float(factor, recipe, holds).abs()
                found = found / by * (size / by) if divides else found * size
            return found
    return as_float(formula, recipe, holds).abs()


# -- the rate of a row ----------------------------------------------------------------------------


def rate_of(recipe: Recipe) -> pl.Expr:
    """The rate of a row's currency, as it is written; null where there is none, or cells say two currencies."""
    signs = {s: text for code, text in recipe.rates.items() for s in spellings(code, recipe.rates)}
    rates = {**signs, **recipe.rates}
    beside = [_rate_named(sign, rates) for sign in _signs(recipe)]
    known = code_of(recipe)
    found = pl.coalesce(None, *beside) if known is None else _rate_named(known, rates)
    agree = [(one == found) | one.is_null() for one in beside]
    return pl.when(pl.all_horizontal(agree)).then(found) if agree else found


def code_of(recipe: Recipe) -> pl.Expr | None:
    """The currency of a row as its column says it, as codes are compared; None without a column."""
    if not recipe.has(CURRENCY):
        return None
    column = recipe.source(CURRENCY)
    text = as_text(column, recipe.dtype(column))
    return _plain(without(text, recipe.missing_words(CURRENCY)))


def _plain(text: pl.Expr) -> pl.Expr:
    bare = text.str.replace_all(r"\s", "").str.to_uppercase()
    return pl.when(bare != "").then(bare)


def _rate_named(name: pl.Expr, rates: Mapping[str, str]) -> pl.Expr:
    return name.replace_strict(rates, default=None, return_dtype=pl.String)


def _signs(recipe: Recipe) -> Iterator[pl.Expr]:
    """The currency that stands beside each amount of a row, where there is one."""
    columns = (c for name in MONEY if recipe.reads(name) for c in recipe.columns.canonical[name])
    for column in dict.fromkeys(columns):
        if is_text(recipe.dtype(column)):
            text = as_text(column, recipe.dtype(column))
            yield text.map_batches(currency_beside, return_dtype=pl.String, is_elementwise=True)


# -- exactly --------------------------------------------------------------------------------------


def _rounded(batch: pl.Series, formula: Formula, recipe: Recipe) -> pl.Series:
    """Products in 1/10,000, half away from zero; those that may lie in a middle as they are written."""
    rows = batch.struct.unnest()
    product = pl.col(_PRODUCT)
    size = product.abs() * SCALE
    below = size.floor()
    whole = (below + (size - below >= 0.5)) * product.sign()
    is_held = product.is_between(-LARGEST, LARGEST)
    is_near = (size - below - 0.5).abs() <= pl.col(_ERROR) * SCALE
    found = rows.select(
        n=pl.when(is_held).then(whole).cast(pl.Int64, strict=False),
        is_near=is_held & is_near.fill_null(value=False),
    )
    near = found["is_near"].fill_null(value=False).arg_true()
    exact = [_exact(row, formula) for row in _written(rows[near], formula, recipe)]
    values = found["n"].rename(batch.name)
    return values.scatter(near, pl.Series(exact, dtype=pl.Int64)) if exact else values


def _written(rows: pl.DataFrame, formula: Formula, recipe: Recipe) -> Iterator[dict[str, Any]]:
    """Rows whose texts are plain numerals."""
    texts = [c for c in columns_in(formula) if is_text(recipe.dtype(c))]
    plain = [numerals(rows[column], recipe.written.form(column)) for column in texts]
    return rows.with_columns(plain).iter_rows(named=True)


def _exact(row: Mapping[str, Any], formula: Formula) -> int:
    """What one row comes to."""
    cells = {column: _fraction(row[column]) for column in columns_in(formula)}
    product = (_value(formula, cells) or Fraction()) * Fraction(row[_RATE]) * SCALE
    return divided(product.numerator, product.denominator)


def _fraction(cell: object) -> Fraction | None:
    """A number as it is written; None where there is none."""
    text = "" if cell is None else str(cell).strip()
    number = Decimal(text) if text else Decimal("nan")
    return Fraction(number) if number.is_finite() else None


def _value(formula: Formula, cells: Cells) -> Fraction | None:
    """A formula of cells that give it a value: in sums what is missing is 0, in products it makes them missing."""
    match formula:
        case Number(text):
            return Fraction(text)
        case Cell(column):
            return cells[column]
        case Sum(terms):
            signed = (
                (-1 if is_negative else 1, _value(term, cells)) for is_negative, term in terms
            )
            return sum((sign * value for sign, value in signed if value is not None), Fraction())
        case Product(factors):
            found = Fraction(1)
            for divides, factor in factors:
                value = _value(factor, cells)
                if value is None or (divides and not value):
                    return None
                found = found / value if divides else found * value
            return found
