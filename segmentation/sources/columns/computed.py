"""What formulas over a file's columns come to, on the scale of money."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from segmentation.rules.money import SCALE, written_on_scale
from segmentation.sources.columns.formulas import Cell, Formula, Number, Product, Sum
from segmentation.sources.columns.numbers import LARGEST, fixed_point, number, scaled
from segmentation.sources.columns.recipe import Recipe

SIGNIFICANT = 15
"""Digits of a product of floats that are those of the numbers as they are written."""

Holds = Callable[[str, pl.DataType], pl.Expr]
"""Whether the cells of a column of a type hold anything."""


def computed(formula: Formula, recipe: Recipe, holds: Holds) -> pl.Expr:
    """A formula as Int64 on the scale; null where it is missing, not a number or too large.

    Sums of columns are exact in integers; products are rounded once, as they are written.
    """
    match formula:
        case Number(text):
            return pl.lit(written_on_scale(text), dtype=pl.Int64)
        case Cell(column):
            return fixed_point(column, recipe.dtype(column), recipe.written.form(column))
        case Sum(terms):
            return _within(
                _sum([(n, computed(t, recipe, holds), t) for n, t in terms], recipe, holds)
            )
        case Product():
            return scaled(as_float(formula, recipe, holds))


def as_float(formula: Formula, recipe: Recipe, holds: Holds) -> pl.Expr:
    """A formula as Float64."""
    match formula:
        case Number(text):
            return pl.lit(float(text))
        case Cell(column):
            return number(column, recipe.dtype(column), recipe.written.form(column))
        case Sum(terms):
            return _sum([(n, as_float(t, recipe, holds), t) for n, t in terms], recipe, holds)
        case Product(factors):
            found = pl.lit(1.0)
            for divides, factor in factors:
                value = as_float(factor, recipe, holds)
                by = pl.when(value != 0).then(value)
                found = found / by if divides else found * value
            return as_written(found)


def quantity_by_price(recipe: Recipe) -> Product:
    """What a line comes to that has no amount."""
    factors = (recipe.formula(name) for name in ("quantity", "unit_price"))
    return Product(tuple((False, factor) for factor in factors))


def as_written(product: pl.Expr) -> pl.Expr:
    """A product of floats without the last digits, which the numbers as they are written have not."""
    return product.round_sig_figs(SIGNIFICANT)


def _sum(terms: list[tuple[bool, pl.Expr, Formula]], recipe: Recipe, holds: Holds) -> pl.Expr:
    """The sum of terms: what holds nothing is 0 unless nothing holds anything, what is wrong is missing."""
    held = [_is_held(term, recipe, holds) for _, _, term in terms]
    signed = [-value if is_negative else value for is_negative, value, _ in terms]
    parts = [
        value if has is None else pl.when(has).then(value).otherwise(0)
        for has, value in zip(held, signed, strict=True)
    ]
    total = pl.sum_horizontal(parts, ignore_nulls=False)
    cells = [has for has in held if has is not None]
    return pl.when(pl.any_horizontal(cells)).then(total) if cells else total


def _is_held(formula: Formula, recipe: Recipe, holds: Holds) -> pl.Expr | None:
    """Whether a term holds anything: a product where all of its factors do, a sum where one does.

    None where it holds the same in every row: 5 more than nothing is nothing.
    """
    match formula:
        case Cell(column):
            return holds(column, recipe.dtype(column))
        case Sum(parts) | Product(parts):
            held = [_is_held(part, recipe, holds) for _, part in parts]
            cells = [has for has in held if has is not None]
            every = pl.any_horizontal if isinstance(formula, Sum) else pl.all_horizontal
            return every(cells) if cells else None
    return None


def _within(total: pl.Expr) -> pl.Expr:
    return pl.when(total.abs() <= LARGEST * SCALE).then(total)
