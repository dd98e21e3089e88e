"""Texts that say nothing: what exports write where there is no customer, and what a source declares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final

import polars as pl

from segmentation.rules.sources import EVERY_COLUMN

#: what programs write for nothing, in small letters; in columns of ids nobody is called so
NOBODY: Final = frozenset(
    ("null", "(null)", "nan", "nat", "none", "\\n", "n/a", "#n/a", "<na>", "undefined", "#ref!")
)
_FIRST_DIGIT, _AFTER_DIGITS = "0", ":"

Missing = Mapping[str, Collection[str]]
"""What a source declares: the words by column, those of every column under EVERY_COLUMN."""


def words_of(missing: Missing, *columns: str) -> frozenset[str]:
    """The words that are declared for a column, under any of its names."""
    names = (EVERY_COLUMN, *columns)
    return frozenset(word for name in names for word in missing.get(name, ()))


def without(text: pl.Expr, words: Collection[str], *, is_id: bool = False) -> pl.Expr:
    """A column of texts; null where one of the words stands, or, of ids, where nobody is named."""
    if not words and not is_id:
        return text
    found = partial(_without, words=frozenset(words), is_id=is_id)
    return text.map_batches(found, return_dtype=pl.String, is_elementwise=True)


def but_nobody(wrong: pl.Expr, text: pl.Expr) -> pl.Expr:
    """Which rows are wrong, but for those whose id names nobody: only the wrong ones are looked at."""
    return pl.map_batches([wrong, text], _but_nobody, return_dtype=pl.Boolean, is_elementwise=True)


def _but_nobody(columns: Sequence[pl.Series]) -> pl.Series:
    wrong, text = columns
    rows = wrong.arg_true()
    if rows.is_empty():
        return wrong
    named = ~text.gather(rows).str.strip_chars().str.to_lowercase().is_in(list(NOBODY))
    return wrong.clone().scatter(rows, named)


def is_nobody(text: str, words: Collection[str]) -> bool:
    """Whether an id names nobody.

    >>> is_nobody(" NULL", ()), is_nobody("guest", ["guest"]), is_nobody("7", ())
    (True, True, False)
    """
    if text.isdecimal() and not words:
        return False
    bare = text.strip()
    return bare in words or bare.lower() in NOBODY


def _without(texts: pl.Series, words: frozenset[str], *, is_id: bool) -> pl.Series:
    rows = _may_be(texts, words, is_id=is_id).arg_true()
    if rows.is_empty():
        return texts
    bare = texts.gather(rows).str.strip_chars()
    said = bare.is_in(list(words)) | (bare.str.to_lowercase().is_in(list(NOBODY)) & is_id)
    rows = rows.filter(said)
    return texts if rows.is_empty() else texts.clone().scatter(rows, None)


def _may_be(texts: pl.Series, words: frozenset[str], *, is_id: bool) -> pl.Series:
    """Which texts could be one of the words, at a glance: by their length, and whether they begin with a digit."""
    known = [*words, *(NOBODY if is_id else ())]
    longest = max(len(word.encode()) for word in known) + 2  # a blank on each side
    may_be = texts.str.len_bytes() <= longest
    if may_be.any() and not any(word[:1].isdigit() for word in known):
        may_be &= ~((texts >= _FIRST_DIGIT) & (texts < _AFTER_DIGITS))
    return may_be
