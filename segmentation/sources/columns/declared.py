"""Cells that a source declares to say nothing (`missing`): they are missing before anything reads them.

Ids are looked at where they are read (`missing`). Here are texts and dates, and numbers of which a
column is named: what is listed for all columns is never a number's. A source that declares nothing
costs nothing, and a column that nobody reads is not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import polars as pl

from segmentation.pattern import pattern
from segmentation.rules.sources import TIME
from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.dates import texts_of
from segmentation.sources.columns.ids import ID_COLUMNS
from segmentation.sources.columns.missing import words_of
from segmentation.sources.columns.numbers import number
from segmentation.sources.columns.reasons import Reason
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.stored_types import can_be, is_text

_DAY: Final = pattern(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")

Cells = Mapping[str, pl.Expr]

#: canonical columns without which a row is none -> why it is set aside where one is declared to say nothing
_NEEDED: Final[Mapping[str, Reason]] = {
    **{moment: Reason.NO_DATE for moment, _ in TIME.values()},
    **dict.fromkeys(("amount", "quantity", "unit_price"), Reason.NO_AMOUNT),
    "event": Reason.NO_EVENT,
}


def says_nothing(recipe: Recipe) -> Cells:
    """Whether a cell is declared to say nothing, for each of the file's columns in which one may be."""
    if not recipe.missing:
        return {}
    found: dict[str, pl.Expr] = {}
    for name, column in _read(recipe):
        nothing = _says_nothing(recipe, name, column)
        if nothing is not None:
            found[column] = found[column] | nothing if column in found else nothing
    return {column: one.fill_null(value=False) for column, one in found.items()}


def without_these(cells: Cells) -> list[pl.Expr]:
    """The columns without what says nothing, and beside each whether it did (`said_nothing`)."""
    emptied = [pl.when(~nothing).then(pl.col(c)).alias(c) for c, nothing in cells.items()]
    return [*emptied, *(nothing.alias(_flag(c)) for c, nothing in cells.items())]


def set_aside(recipe: Recipe, cells: Cells) -> Mapping[str, tuple[Reason, pl.Expr]]:
    """For each canonical column that a row needs: why it is set aside, and whether one of its cells said nothing."""
    columns = {n: recipe.columns.canonical.get(n, ()) for n in _needed(recipe)}
    behind = {name: [_flag(c) for c in found if c in cells] for name, found in columns.items()}
    return {n: (_NEEDED[n], pl.any_horizontal(flags)) for n, flags in behind.items() if flags}


def _needed(recipe: Recipe) -> tuple[str, ...]:
    """The canonical columns without which a row of the table is none, but ids."""
    if recipe.table == "events":
        return ("occurred_at",) if recipe.event is not None else ("occurred_at", "event")
    if recipe.table == "transactions":
        amounts = ("amount",) if recipe.has("amount") else ("quantity", "unit_price")
        return ("ordered_at", *amounts)
    return ()


def _flag(column: str) -> str:
    """Whether a cell of a column was declared to say nothing: a column of raw rows."""
    return f"\0nothing {column}"


def _read(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """The columns that are read and are no ids, as rules call them and as the file does."""
    for name, columns in recipe.columns.canonical.items():
        if name not in ID_COLUMNS and recipe.reads(name):
            yield from ((name, column) for column in columns)
    for column in recipe.columns.others:
        is_left_out = column in recipe.oversize or not can_be(recipe.dtype(column), "compared")
        if recipe.wants(column) and not is_left_out:
            yield column, column


def _says_nothing(recipe: Recipe, name: str, column: str) -> pl.Expr | None:
    """Whether a cell says nothing; None where no word is declared that it could be."""
    is_number = _is_number(recipe, name, column)
    words = words_of(recipe.missing, name, column, of_every=not is_number)
    if not words:
        return None
    dtype = recipe.dtype(column)
    if is_number and not is_text(dtype):
        return _is_number_of(recipe, column, words)
    is_word = _is_one_of(texts_of(column, dtype).str.strip_chars(), words)
    return is_word | _is_number_of(recipe, column, words) if is_number else is_word


def _is_number(recipe: Recipe, name: str, column: str) -> bool:
    """Whether a column is read as numbers."""
    is_canonical = name in NUMBERS and (recipe.table == "transactions" or name == "cost")
    is_stored = recipe.dtype(column).is_numeric() and name not in recipe.dates
    return is_canonical or name in recipe.own_numbers or is_stored


def _is_one_of(text: pl.Expr, words: Collection[str]) -> pl.Expr:
    """Whether a text is one of the words; a day also with a time behind it."""
    days = [word for word in sorted(words) if _DAY.fullmatch(word)]
    timed = [text.str.starts_with(f"{day}{sign}") for day in days for sign in (" ", "T")]
    return pl.any_horizontal(text.is_in(sorted(words)), *timed)


def _is_number_of(recipe: Recipe, column: str, words: Collection[str]) -> pl.Expr:
    """Whether a cell is the same number as one of the words: 0.00 is 0."""
    numbers = [n for n in map(_float, words) if n is not None]
    return number(column, recipe.dtype(column), recipe.written.form(column)).is_in(numbers)


def _float(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
