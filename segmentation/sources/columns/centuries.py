"""Years of two digits: `13.02.62` may be of 2062, and is of 1962 where a column holds birthdays.

strptime reads 69 to 99 as 19.., and the rest as 20... Ends of contracts lie ahead by some years; what lies
ahead by more, as most of a column's days after `as_of` do, or beside days of long ago, has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from segmentation.sources.columns.date_formats import ISO, Shapes
from segmentation.sources.columns.date_parsing import parse_moments

_AHEAD: Final = timedelta(days=3653)  # contracts end within ten years
_LONG_AGO: Final = timedelta(days=14_610)  # and none that ended forty years ago is still told


def has_two_digits(shapes: Shapes) -> bool:
    """Whether a format has years of two digits."""
    return bool(shapes) and "%y" in shapes[0]


def with_four_digits(shapes: Shapes) -> Shapes:
    """The formats with whole years, which some cells may have."""
    return tuple(shape.replace("%y", "%Y") for shape in shapes)


def with_two_digits(sample: Sequence[str], shapes: Shapes) -> Shapes:
    """The formats, with years of two digits where some of a column's days have such; the others are read beside them."""
    short = tuple(shape.replace("%Y", "%y") for shape in shapes)
    if not shapes or short == shapes or shapes[0] in ISO:
        return shapes
    texts = pl.Series(sample, dtype=pl.String)
    others = texts.filter(parse_moments(texts, shapes).is_null())
    return short if parse_moments(others, short).count() else shapes


def are_past(sample: Sequence[str], shapes: Shapes, as_of: date) -> bool:
    """Whether days of two-digit years that are after a day are of the century before.

    >>> day = date(2026, 1, 31)
    >>> [are_past([text], ("%d.%m.%y",), day) for text in ("13.02.62", "31.12.27")]
    [True, False]
    """
    days = parse_moments(pl.Series(sample, dtype=pl.String), shapes).dt.date().drop_nulls()
    ahead = days.filter(days > as_of)
    if ahead.is_empty():
        return False
    is_far = (ahead > as_of + _AHEAD).sum() * 2 >= ahead.len()
    return bool(is_far or (days < as_of - _LONG_AGO).any())


def century_before(moment: pl.Expr, last: date) -> pl.Expr:
    """Moments, those after a day a hundred years earlier."""
    return pl.when(moment.dt.date() > last).then(moment.dt.offset_by("-100y")).otherwise(moment)
