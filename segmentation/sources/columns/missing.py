"""Texts that say nothing: what exports write where there is no customer, and what a source declares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial, reduce
from operator import or_
from typing import Final

import polars as pl

from segmentation.rules.sources import EVERY_COLUMN

#: what programs write for nothing, in small letters; in columns of ids nobody is called so
NOBODY: Final = frozenset(
    [
        "null",
        "(null)",
        "nan",
        "nat",
        "none",
        "\\n",
        "n/a",
        "#n/a",
        "<na>",
        "undefined",
        "#ref!",
        "#value!",
        "#div/0!",
        "#name?",
        "#null!",
        "#num!",
        "#calc!",
        "#spill!",
        "#nv",
        "#wert!",
        "#bezug!",
        "#zahl!",
    ]
)
_VISIBLE, _FIRST_DIGIT, _AFTER_DIGITS = "!", "0", ":"

Missing = Mapping[str, Collection[str]]
"""What a source declares: the words by column, those of every column under EVERY_COLUMN."""


def words_of(missing: Missing, *columns: str, of_every: bool = True) -> frozenset[str]:
    """The words that are declared for a column, under any of its names; those of all columns among them."""
    names = (EVERY_COLUMN, *columns) if of_every else columns
    return frozenset(word for name in names for word in missing.get(name, ()))


def without(text: pl.Expr, words: Collection[str]) -> pl.Expr:
    """A column of ids; null where one of the words stands, or nobody is named."""
    found = partial(_without, words=frozenset(words))
    return text.map_batches(found, return_dtype=pl.String, is_elementwise=True)


def but_nobody(ids: Sequence[tuple[pl.Expr, pl.Expr]]) -> pl.Expr:
    """Which rows are wrong in one of some ids, but for those whose id names nobody.

    An id is which rows are wrong, and its text; only the wrong ones are looked at.
    """
    columns = [column for pair in ids for column in pair]
    return pl.map_batches(columns, _but_nobody, return_dtype=pl.Boolean, is_elementwise=True)


def is_nobody(text: str, words: Collection[str]) -> bool:
    """Whether an id names nobody.

    >>> is_nobody(" NULL", ()), is_nobody("guest", ["guest"]), is_nobody("7", ())
    (True, True, False)
    """
    if text.isdecimal() and not words:
        return False
    bare = text.strip()
    return bare in words or bare.lower() in NOBODY


def _but_nobody(columns: Sequence[pl.Series]) -> pl.Series:
    found = map(_wrong_of_somebody, columns[::2], columns[1::2])
    return reduce(or_, found)


def _wrong_of_somebody(wrong: pl.Series, text: pl.Series) -> pl.Series:
    rows = wrong.arg_true()
    if rows.is_empty():
        return wrong
    return wrong.clone().scatter(rows, ~_are_nobody(text.gather(rows), ()))


def _without(texts: pl.Series, words: frozenset[str]) -> pl.Series:
    rows = _may_be(texts, words).arg_true()
    rows = rows.filter(_are_nobody(texts.gather(rows), words))
    return texts if rows.is_empty() else texts.clone().scatter(rows, None)


def _are_nobody(texts: pl.Series, words: Collection[str]) -> pl.Series:
    """The same of many ids."""
    bare = texts.str.strip_chars()
    return bare.is_in(list(words)) | bare.str.to_lowercase().is_in(list(NOBODY))


def _may_be(texts: pl.Series, words: frozenset[str]) -> pl.Series:
    """Which texts could be one of the words, at a glance: by their length, and whether they begin with a digit.

    One with blanks around it may be as long as it likes.
    """
    known = [*words, *NOBODY]
    longest = max(len(word.encode()) for word in known)
    may_be = (texts.str.len_bytes() <= longest) | (texts < _VISIBLE) | texts.str.ends_with(" ")
    if may_be.any() and not any(word[:1].isdigit() for word in known):
        may_be &= ~((texts >= _FIRST_DIGIT) & (texts < _AFTER_DIGITS))
    return may_be
