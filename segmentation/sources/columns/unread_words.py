"""Columns of a few words that nothing reads: in a language that no table knows, one may say what is no purchase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from segmentation.messages.errors import commonest
from segmentation.messages.privacy import nameable
from segmentation.sources.columns.contents import Content

_MOST_WORDS: Final = 8  # of a column
_MOST_COLUMNS: Final = 5
_KINDS: Final = ("text", "flag", "code")


def unread_words(contents: Iterable[Content], chosen: Collection[str]) -> list[str]:
    """What to say of columns that hold a few words, each many times, and that no `where` reads.

    >>> import polars as pl
    >>> cells = ("Försäljning", "Försäljning", "Retur")
    >>> unread_words([Content("Typ", 0, cells, pl.String())], ())
    ['not read: Typ (Försäljning 2, Retur 1). Where one of these words is no purchase, write it under where']
    """
    found = [_told(one) for one in contents if one.name not in chosen and _is_of_words(one)]
    told = [text for text in found if text]
    if not told:
        return []
    hidden = len(told) - _MOST_COLUMNS
    shown = ", ".join(told[:_MOST_COLUMNS]) + (f", … ({hidden} more columns)" if hidden > 0 else "")
    return [f"not read: {shown}. Where one of these words is no purchase, write it under where"]


def _is_of_words(one: Content) -> bool:
    return one.kind in _KINDS and one.repeats and len(one.distinct) <= _MOST_WORDS


def _told(one: Content) -> str:
    """A column with its words and how often they stand in the first rows; nothing where they may not be named."""
    counts = Counter(one.filled)
    if len(nameable(one.name, counts)) < len(counts):
        return ""
    return f"{one.name} ({', '.join(f'{word} {counts[word]:,}' for word in commonest(counts))})"
