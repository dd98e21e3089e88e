"""Rows of returns whose sign stands at the quantity alone: a quantity below zero beside an amount above it.

Programs of tills write what came back as -1 piece, and its price or its total as it was. Such an amount
would count as a purchase. Nothing is read otherwise by it: a person decides.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.money import SCALE
from segmentation.rules.operators import AT_LEAST, LESS_THAN, STARTS_WITH
from segmentation.sources.columns.computed import computed
from segmentation.sources.columns.contents import BELOW
from segmentation.sources.columns.formulas import Cell
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.order_shares import rows_that_count, worth_of_line
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be

_CENT: Final = SCALE // 100


@dataclass(frozen=True)
class Returned:
    """How many rows have a quantity below zero and an amount above it, of how many with a quantity below zero;
    how many have no quantity; how many have one that is no number (`1 kg`), and what those below zero begin with;
    and whether a quantity times its price is the amount, but for the sign, in all rows."""

    rows: int
    below: int
    blank: int
    unread: int
    signs: tuple[str, ...]
    agrees: bool

    def back(self, quantity: str) -> dict[str, object]:
        """What chooses the rows with a quantity below zero, under `where`."""
        signs = self.signs[0] if len(self.signs) == 1 else [*self.signs]
        return {quantity: {STARTS_WITH.name: signs} if self.unread else {LESS_THAN.name: 0}}

    def sold(self, quantity: str) -> dict[str, object]:
        """What chooses the other rows, under `where`."""
        if self.unread or self.blank:
            return {"not": self.back(quantity)}
        return {quantity: {AT_LEAST.name: 0}}


def returned(raw: RawTable, recipe: Recipe, *, most: int) -> Returned | None:
    """The returns among rows that count; None where there are none, or the amount is that of orders.

    All rows are looked at where they are fewer than `most`; of others first those that were read when the file was opened.
    """
    amount = _amount(recipe)
    if amount is None or not _may_be_below(raw, recipe, most):
        return None
    pieces = computed(recipe.formula("quantity"), recipe, holds)
    text, is_below = _signed(recipe, pieces)
    product = worth_of_line(recipe) if recipe.has("amount") else None
    is_returned = is_below & (amount > 0)
    signed = pl.when(is_returned).then(-amount).otherwise(amount)
    is_product = pl.lit(value=False) if product is None else (product - signed).abs() <= _CENT
    found = rows_that_count(raw, recipe).select(
        rows=is_returned.sum(),
        below=is_below.sum(),
        blank=(text == "").sum(),
        unread=(pieces.is_null() & (text != "")).sum(),
        signs=text.filter(is_below).str.head(1).unique().sort().implode(),
        agrees=is_product.fill_null(value=False).all(),
    )
    row = found.collect(engine="streaming").row(0, named=True)
    return Returned(**row | {"signs": tuple(row["signs"])}) if row["rows"] else None


def _signed(recipe: Recipe, pieces: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The text of a quantity, blank where there is none, and whether it is below zero.

    By its own text, as the file's numbers may be written otherwise (`-1.0` beside whole amounts), or it has a unit (`-1 kg`).
    """
    match recipe.formula("quantity"):
        case Cell(column):
            text = as_text(column, recipe.dtype(column)).str.strip_chars().fill_null("")
            return text, text.str.contains(BELOW) & text.str.contains("[1-9]")
    return pieces.cast(pl.String).fill_null(""), (pieces < 0).fill_null(value=False)


def _amount(recipe: Recipe) -> pl.Expr | None:
    """The amount of each row beside a quantity; None where either is missing."""
    if recipe.columns.per_order or not _is_number(recipe, "quantity"):
        return None
    if not recipe.has("amount"):
        return worth_of_line(recipe)
    return computed(recipe.formula("amount"), recipe, holds)


def _is_number(recipe: Recipe, name: str) -> bool:
    columns = recipe.columns.canonical.get(name, ())
    are_numbers = all(can_be(recipe.dtype(c), "number") for c in columns)
    return bool(columns) and are_numbers and not {*columns} & recipe.oversize


def _may_be_below(raw: RawTable, recipe: Recipe, most: int) -> bool:
    """Whether some rows may be returns: a pass over very many is made only if one was seen where the file was opened."""
    rows = raw.rows_counted()
    if rows is None:  # known to the file, if to nobody else
        rows = int(raw.scan().select(pl.len()).collect().item())
    if rows < most:
        return True
    names = ("quantity", "amount")
    columns = [c for name in names for c in recipe.columns.canonical.get(name, ())[:1]]
    if len(columns) < len(names) or not all(raw.sample.get(c) for c in columns):
        return False  # made of the quantity, the amount has its sign
    pairs = zip(*(map(_text, raw.sample[c]) for c in columns), strict=False)
    cells = pl.DataFrame(list(pairs), schema=dict.fromkeys(names, pl.String), orient="row")
    below, amount = pl.col("quantity").str.contains(BELOW), pl.col("amount")
    is_above = amount.str.contains("[1-9]") & ~amount.str.contains(BELOW)
    return bool(cells.select((below & is_above).any()).item())


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell).strip()
