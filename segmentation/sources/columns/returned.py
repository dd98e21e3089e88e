"""Rows of returns whose sign stands at the quantity alone: a quantity below zero beside an amount above it.

Programs of tills write what came back as -1 piece, and its price or its total as it was. Such an amount
would count as a purchase. Nothing is read otherwise by it: a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.rules.money import SCALE
from segmentation.rules.operators import AT_LEAST, ENDS_WITH, LESS_THAN, MORE_THAN, STARTS_WITH
from segmentation.rules.word_tests import one_of
from segmentation.sources.columns.computed import computed
from segmentation.sources.columns.contents import BELOW, Content
from segmentation.sources.columns.formulas import Cell, Formula, Product
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.order_shares import rows_that_count, worth_of_line
from segmentation.sources.columns.pieces import may_be_pieces, names_pieces
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.states import tells_by_words, tells_state
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be

_CENT: Final = SCALE // 100
_MOST_SIGNS: Final = 20  # that a `where` names
_FROM_SIGN: Final = pattern(r"[-−].*")
_BELOW: Final = pattern(BELOW)
_MORE_THAN_NOTHING: Final = pattern("[1-9]")
_LEADING: Final = pattern(r"\W")


@dataclass(frozen=True)
class Returned:
    """In which `column` of quantities how many rows are below zero, and the amount above it, of how many below zero.

    And how many have no quantity, or one that is no number (`1 kg`); how those below zero are written; whether a
    quantity times its price is the amount, but for the sign, in all rows. `above` chooses them where others have one
    below zero as well; None where nothing can.
    """

    column: str
    rows: int
    below: int
    blank: int
    unread: int
    texts: tuple[str, ...]
    agrees: bool
    above: Mapping[str, object] | None

    @property
    def is_told(self) -> bool:
        """Whether a `where` can tell the rows."""
        has_signs = not self.unread or 0 < len(self._signs) <= _MOST_SIGNS
        return has_signs and self.above is not None

    def back(self) -> dict[str, object]:
        """What chooses the rows with a quantity below zero and an amount above it, under `where`."""
        return {self.column: self._below(), **(self.above or {})}

    def sold(self) -> dict[str, object]:
        """What chooses the other rows, under `where`."""
        if self.unread or self.blank or self.above:
            return {"not": self.back()}
        return {self.column: {AT_LEAST.name: 0}}

    def _below(self) -> object:
        if not self.unread:
            return {LESS_THAN.name: 0}
        operator = STARTS_WITH if self._are_leading else ENDS_WITH
        return {operator.name: one_of(self._signs)}

    @cached_property
    def _signs(self) -> Sequence[str]:
        """How those below zero begin; where not all begin with a sign (`1- Stk`) how they end, from it on. None where one has none."""
        if self._are_leading:
            return sorted({text[0] for text in self.texts})
        found = [_FROM_SIGN.search(text) for text in self.texts]
        return sorted({one[0] for one in found if one}) if all(found) else []

    @property
    def _are_leading(self) -> bool:
        """Whether all begin with a sign, as no other quantity does."""
        return all(_LEADING.match(text) for text in self.texts)


def returned(raw: RawTable, recipe: Recipe, *, most: int) -> Returned | None:
    """The returns among rows that count; None where there are none, or the amount is that of orders.

    All rows are looked at where they are fewer than `most`; of others first those that were read when the file was opened.
    """
    amount = _amount(recipe)
    columns = [] if amount is None else [*_columns(raw, recipe)]
    if columns and _count(raw) >= most:
        columns = [column for column in columns if _is_seen(column, raw, recipe)]
    if amount is None or not columns:
        return None
    asked = [_asked(column, recipe, amount).alias(str(n)) for n, column in enumerate(columns)]
    [found] = rows_that_count(raw, recipe).select(asked).collect(engine="streaming").to_dicts()
    for column, row in zip(columns, found.values(), strict=True):
        zeros, others, texts = row.pop("zero"), row.pop("others"), tuple(row.pop("texts"))
        if row["rows"] and (_is_known(column, recipe) or not zeros):
            more = _above(recipe) if others else {}
            return Returned(column, texts=texts, above=more, **row)
    return None


def _is_known(column: str, recipe: Recipe) -> bool:
    """Whether its name, or the rules, say that it tells how many pieces."""
    return column in recipe.columns.canonical.get("quantity", ()) or names_pieces(column)


def returned_among(pieces: Content, worth: Content, *, agrees: bool) -> Returned | None:
    """The returns among cells that were read of a column of quantities, and of one of amounts."""
    rows = [*zip(pieces.cells, pieces.numbers, worth.numbers, strict=True)]
    below = [(text, w or 0) for text, _, w in rows if text and _says_below(text)]
    is_mixed = any(w < 0 for _, w in below)
    found = Returned(
        pieces.name,
        rows=sum(w > 0 for _, w in below),
        below=len(below),
        blank=pieces.blanks,
        unread=sum(text is not None and n is None for text, n, _ in rows),
        texts=tuple(sorted({text for text, _ in below})),
        agrees=agrees,
        above={worth.name: {MORE_THAN.name: 0}} if is_mixed else {},
    )
    return found if found.rows else None


def _says_below(text: str) -> bool:
    return bool(_BELOW.search(text) and _MORE_THAN_NOTHING.search(text))


def _columns(raw: RawTable, recipe: Recipe) -> Iterator[str]:
    """The columns that may say how many pieces a row is of: the quantity, then what is called so, then what looks like it."""
    if _is_number(recipe, "quantity"):
        yield recipe.source("quantity")
    if recipe.has("amount"):
        free = [c for c in recipe.columns.others if _is_one(c, raw, recipe)]
        yield from sorted(free, key=lambda column: not names_pieces(column))


def _is_one(column: str, raw: RawTable, recipe: Recipe) -> bool:
    """Whether a column without a meaning of its own may say it, by its name and what was read of it."""
    is_number = column not in recipe.oversize and can_be(recipe.dtype(column), "number")
    cells = [_text(cell) for cell in raw.sample.get(column, ())]
    is_state = tells_state(column) or tells_by_words(column, cells)  # those are asked for words
    return is_number and not is_state and may_be_pieces(column, cells)


def _asked(column: str, recipe: Recipe, amount: pl.Expr) -> pl.Expr:
    """What is asked of all rows that count about a column of quantities."""
    pieces = computed(_formula(column, recipe), recipe, holds)
    text, is_below = _below(column, recipe, pieces)
    product = _product(column, recipe)
    is_returned = (is_below & (amount > 0)).fill_null(value=False)
    signed = pl.when(is_returned).then(-amount).otherwise(amount)
    is_product = pl.lit(value=False) if product is None else (product - signed).abs() <= _CENT
    return pl.struct(
        rows=is_returned.sum(),
        below=is_below.sum(),
        others=(is_below & (amount < 0)).sum(),
        zero=(pieces == 0).sum(),
        blank=(text == "").sum(),
        unread=(pieces.is_null() & (text != "")).sum(),
        texts=text.filter(is_below).unique().sort().implode(),
        agrees=is_product.fill_null(value=False).all(),
    )


def _formula(column: str, recipe: Recipe) -> Formula:
    is_quantity = column in recipe.columns.canonical.get("quantity", ())
    return recipe.formula("quantity") if is_quantity else Cell(column)


def _product(column: str, recipe: Recipe) -> pl.Expr | None:
    """What a quantity times its price comes to, beside an amount; None where there is none."""
    if not (recipe.has("amount") and _is_number(recipe, "unit_price")):
        return None
    factors = (_formula(column, recipe), recipe.formula("unit_price"))
    return computed(Product(tuple((False, factor) for factor in factors)), recipe, holds)


def _above(recipe: Recipe) -> Mapping[str, object] | None:
    """What tells, of rows with a quantity below zero, those whose amount is above; None where that is a formula."""
    name, is_above = ("amount", MORE_THAN) if recipe.has("amount") else ("unit_price", LESS_THAN)
    formula = recipe.formula(name)
    return {formula.column: {is_above.name: 0}} if isinstance(formula, Cell) else None


def _below(column: str, recipe: Recipe, pieces: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The text of a quantity, blank where there is none, and whether it is below zero.

    By its own text, as the file's numbers may be written otherwise (`-1.0` beside whole amounts), or it has a unit (`-1 kg`).
    """
    match _formula(column, recipe):
        case Cell(column):
            text = as_text(column, recipe.dtype(column)).str.strip_chars().fill_null("")
            return text, text.str.contains(BELOW) & text.str.contains("[1-9]")
    return pieces.cast(pl.String).fill_null(""), (pieces < 0).fill_null(value=False)


def _amount(recipe: Recipe) -> pl.Expr | None:
    """The amount of each row; None where it is that of orders, or not known."""
    if recipe.columns.per_order:
        return None
    if not recipe.has("amount"):
        return worth_of_line(recipe)
    return computed(recipe.formula("amount"), recipe, holds)


def _is_number(recipe: Recipe, name: str) -> bool:
    columns = recipe.columns.canonical.get(name, ())
    are_numbers = all(can_be(recipe.dtype(c), "number") for c in columns)
    return bool(columns) and are_numbers and not {*columns} & recipe.oversize


def _count(raw: RawTable) -> int:
    """How many rows there are: known to the file, if to nobody else."""
    rows = raw.rows_counted()
    return int(raw.scan().select(pl.len()).collect().item()) if rows is None else rows


def _is_seen(column: str, raw: RawTable, recipe: Recipe) -> bool:
    """Whether a return was seen where the file was opened: only then a pass over very many rows is made."""
    columns = (column, *recipe.columns.canonical.get("amount", ())[:1])
    names = ("quantity", "amount")
    if len(columns) < len(names) or not all(raw.sample.get(c) for c in columns):
        return False  # made of the quantity, the amount has its sign
    pairs = zip(*(map(_text, raw.sample[c]) for c in columns), strict=False)
    cells = pl.DataFrame(list(pairs), schema=dict.fromkeys(names, pl.String), orient="row")
    below, amount = pl.col("quantity").str.contains(BELOW), pl.col("amount")
    is_above = amount.str.contains("[1-9]") & ~amount.str.contains(BELOW)
    return bool(cells.select((below & is_above).any()).item())


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell).strip()
