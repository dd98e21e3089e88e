"""A day and a time of two columns, of which each is stored as a moment: a day at midnight, a time of a day long ago.

Spreadsheets and small databases keep a time as a part of the day on which they begin to count, and a day as its
first moment. Joined they would be two moments; so the one loses its midnight, and the other its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from segmentation.pattern import pattern

#: the days on which programs begin to count: as years first, as days or months first
_BEGINNINGS: Final = r"1899-12-3[01]|1904-01-01|1970-01-01|(?:12[/.-]3[01]|3[01][/.-]12)[/.-]1899|0?1[/.-]0?1[/.-]1904"
_OF_FIRST_DAY: Final = rf"^(?:{_BEGINNINGS})[ T]+(\d{{1,2}}:\d{{2}}.*)$"
_AT_MIDNIGHT: Final = r"^(.*\d)(?:[ T]+0?0:00(?::00(?:\.0+)?)?| +12:00(?::00)? ?[Aa]\.?[Mm]\.?)$"
_IS_TIME: Final = r"^\d{1,2}:\d{2}"
_TIME, _DAY, _BEGINS = map(pattern, (_OF_FIRST_DAY, _AT_MIDNIGHT, _IS_TIME))


def joined_expr(texts: Sequence[pl.Expr]) -> list[pl.Expr]:
    """The texts of columns as they are joined: a time without its day, and a day without midnight before a time."""
    first, *others = texts
    times = [text.str.replace(_OF_FIRST_DAY, "$1") for text in others]
    if not times:
        return [first]
    has_time = pl.any_horizontal(text.str.contains(_IS_TIME) for text in times)
    day = pl.when(has_time).then(first.str.replace(_AT_MIDNIGHT, "$1")).otherwise(first)
    return [day, *times]


def joined_texts(texts: Sequence[str]) -> list[str]:
    """The same of the cells of one row.

    >>> joined_texts(["2026-01-05 00:00:00", "1899-12-31 14:30:00"]), joined_texts(["1/5/2026", "2:30 PM"])
    (['2026-01-05', '14:30:00'], ['1/5/2026', '2:30 PM'])
    """
    first, *others = texts
    times = [_TIME.sub(r"\1", text) for text in others]
    has_time = any(_BEGINS.match(text) for text in times)
    return [_DAY.sub(r"\1", first) if has_time else first, *times]
