"""Dates and moments from text: ISO in all its shapes, else one declared or detected format.

A moment with an offset becomes wall-clock time in the run's `timezone`; one without is taken as
it stands. What is compared by the hour is an instant of UTC beside it: then one without an offset is moved. A year outside 1900-2199 is a misread date (`1/2/23` under %Y is the year 23), so it
does not fit. The first of January 1900 is none either: systems write it where there is no date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import polars as pl

from segmentation.pattern import pattern
from segmentation.sources.columns.date_formats import (
    ISO,
    ZONE,
    Shapes,
    family,
    has_clock,
    has_zone,
    order_of,
)
from segmentation.sources.columns.date_numbers import PLAUSIBLE, count_of, named
from segmentation.sources.columns.date_parsing import (
    BY_UTC,
    FIRST,
    LAST,
    MOMENT,
    Clock,
    attempt,
    by_units,
    counted,
    naive,
    parse_moments,
)
from segmentation.sources.columns.date_skeletons import that_may_fit
from segmentation.sources.columns.date_words import in_plain_words, shape_in_plain_words
from segmentation.sources.columns.date_zones import without_zone
from segmentation.sources.stored import as_text, possible

__all__ = ["ISO", "Shapes", "candidates", "family", "moments", "parse_moments"]


def shape_of(declared: str) -> str:
    """A format as Python's strptime writes it: there %f are parts of a second, to Polars nanoseconds.

    >>> shape_of("%d.%m.%Y %H.%M.%S.%f"), shape_of("%Y-%m-%d %H:%M:%S,%f")
    ('%d.%m.%Y %H.%M.%S%.f', '%Y-%m-%d %H:%M:%S,%6f')
    """
    return declared.replace(".%f", "%.f").replace("%f", "%6f")


def moments(column: str, dtype: pl.DataType, shapes: Shapes, clock: Clock) -> pl.Expr:
    """A column as naive Datetime of a clock; null where it is missing or does not fit."""
    if isinstance(dtype, pl.Datetime):
        return naive(_sane(column, _A_SECOND[dtype.time_unit]), dtype.time_zone, clock).cast(MOMENT)
    if dtype == pl.Date:
        return naive(_sane(column, 1 / 86_400).cast(MOMENT), None, clock)
    count = count_of(shapes[0]) if dtype.is_numeric() else None
    if count is not None and len(shapes) == 1:
        return counted(count, count.of_numbers(pl.col(column), dtype), clock)
    if count is not None:
        units = partial(_by_units, dtype=dtype, shapes=shapes, clock=clock)
        return pl.col(column).map_batches(units, return_dtype=MOMENT, is_elementwise=True)
    reader = partial(parse_moments, shapes=shapes, clock=clock)
    return texts_of(column, dtype).map_batches(reader, return_dtype=MOMENT, is_elementwise=True)


def _by_units(stored: pl.Series, dtype: pl.DataType, shapes: Shapes, clock: Clock) -> pl.Series:
    """Stored numbers that count units, as naive Datetime."""

    def read(numbers: pl.Series, shape: str) -> pl.Series:
        count = count_of(shape)
        assert count is not None
        moment = counted(count, count.of_numbers(pl.col("number"), dtype), clock)
        return numbers.alias("number").to_frame().select(moment).to_series()

    return by_units(stored, shapes, read)


def as_iso(moment: pl.Expr) -> pl.Expr:
    """Naive moments as text that ISO has."""
    is_day = moment == moment.dt.truncate("1d")
    return (
        pl.when(is_day)
        .then(moment.dt.to_string("%Y-%m-%d"))
        .otherwise(moment.dt.to_string("%Y-%m-%d %H:%M:%S"))
    )


#: how many of the units of stored moments a second has
_A_SECOND: Final = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def _sane(column: str, of_a_second: float) -> pl.Expr:
    """Stored days or moments without absurd years; `possible` would look at each of them, too."""
    first, last = (math.floor(bound / 1_000_000 * of_a_second) for bound in (FIRST, LAST))
    return pl.when(pl.col(column).to_physical().is_between(first, last)).then(pl.col(column))


def in_timezone(column: str, dtype: pl.Datetime, timezone: str) -> pl.Expr:
    """A column of stored moments as naive ones in `timezone`."""
    return naive(possible(column, dtype), dtype.time_zone, Clock.of(timezone))


def texts_of(column: str, dtype: pl.DataType) -> pl.Expr:
    """A column of dates as text; whole numbers have no point, and NaN is missing."""
    text = as_text(column, dtype)
    if not dtype.is_float():
        return text
    return pl.when(pl.col(column).is_not_nan()).then(text.str.strip_suffix(".0"))


def led_by_commonest(sample: Sequence[str], shapes: Shapes = ISO) -> Shapes:
    """The shapes, that which most of the sample has (the plainest of equals) moved to the front."""
    texts = pl.Series(sample, dtype=pl.String)
    best, most = shapes[0], 0
    for shape in shapes:
        fits = attempt(texts, shape, BY_UTC).count()
        best, most = (shape, fits) if fits > most else (best, most)
        if most == len(texts):  # of equals the first
            break
    return (best, *(shape for shape in shapes if shape != best))


def candidates(sample: Sequence[str]) -> list[str]:
    """The shapes that fit most of the sample (all of it, as a rule), one for each reading."""
    readings = _readings(pl.Series(sample, dtype=pl.String))
    most = max((reading.count() for reading in readings.values()), default=0)
    best = {shape: one for shape, one in readings.items() if one.count() == most}
    return _one_per_reading(best) if most else []


def readable(texts: pl.Series) -> pl.Series:
    """Which texts are dates in some format, whatever it is; numbers where they may be meant for dates."""
    found = pl.repeat(value=False, n=texts.len(), eager=True)
    for reading in _readings(texts).values():
        found |= reading.is_not_null()
    return found


def _readings(texts: pl.Series) -> Mapping[str, pl.Series]:
    """What texts are under each shape that may fit some of them."""
    bare = texts.str.strip_chars()
    worded = in_plain_words(bare)
    shapes = that_may_fit([*bare, *worded])
    shapes += [s + ZONE for s in that_may_fit(without_zone(worded).drop_nulls()) if has_clock(s)]
    return {shape: _plausible(shape, bare, worded) for shape in shapes}


def _plausible(shape: str, texts: pl.Series, worded: pl.Series) -> pl.Series:
    """The moments of a sample under a shape; numbers only where they may be meant for dates."""
    found = attempt(texts, shape, BY_UTC)
    if count_of(shape) is not None:
        return found.set(~found.is_between(*PLAUSIBLE), None)
    if found.null_count():
        other = attempt(worded, shape_in_plain_words(shape), BY_UTC)
        return found.zip_with(found.is_not_null(), other)
    return found


def are_days(texts: pl.Series, shape: str) -> bool:
    """Whether some of the texts are plausible days where they count a unit."""
    return bool(attempt(texts, shape, BY_UTC).is_between(*PLAUSIBLE).any())


def carry_zone(sample: Sequence[str], shapes: Shapes) -> bool:
    """Whether some of the texts, as they are read, have an offset or a zone: all, where the first shape has."""
    if shapes and has_zone(shapes[0]):
        return True
    texts = pl.Series(sample, dtype=pl.String)
    return any(attempt(texts, shape, BY_UTC).count() for shape in shapes if has_zone(shape))


def without_zones(shapes: Shapes) -> Shapes:
    """The shapes of moments that have no zone: where one has, and nobody says in which days are, it is asked again."""
    return tuple(shape for shape in shapes if not has_zone(shape))


def fitting(texts: pl.Series, shapes: Shapes) -> int:
    """How many of the texts fit one of the shapes."""
    return parse_moments(texts, shapes).count()


def _one_per_reading(readings: Mapping[str, pl.Series]) -> list[str]:
    """Of the shapes that read every text alike, the first (%S and %S%.f, %b and %B).

    Two orders of day, month and year stay two: the rest of the column may tell them apart.
    """
    kept: dict[str, pl.Series] = {}
    for shape, reading in readings.items():
        same = [s for s, other in kept.items() if reading.equals(other, null_equal=True)]
        if all(order_of(s) != order_of(shape) for s in same):
            kept[shape] = reading
    return list(kept)


def declared(written: str) -> Shapes:
    """The shapes that a declared `date_format` means. Raises ValueError where it names no day."""
    if written.upper() in ("ISO", "ISO8601", "ISO 8601"):
        return ISO
    shape = named(written) or shape_of(written)
    count_of(shape)
    return (shape,)


#: what systems write where there is no date: 0000-00-00, 1900-01-01, 0001-01-01, day first or not, and 0
_PLACEHOLDER: Final = pattern(
    r"(0(\.0*)?$|0000\D00\D00|00\D00\D0000|(1900|0001)\D0?1\D0?1|0?1\D0?1\D(1900|0001))(?!\d)"
)


def placeholder(text: str) -> str:
    """What systems write where there is no date, as it begins a text; empty where none does.

    >>> placeholder("1900-01-01 00:00:00"), placeholder("2026-01-01")
    ('1900-01-01', '')
    """
    found = _PLACEHOLDER.match(text.strip())
    return found[0] if found else ""


def complaint(name: str, text: str | None, shapes: Shapes) -> str:
    """Why a cell gives no date, for people."""
    if text is None or not text.strip():
        return f"{name} is missing"
    if written := placeholder(text):
        return f"{name} is a placeholder; where it means none: missing: [{written}]"
    return f"{name} does not fit {'ISO 8601' if shapes[0] in ISO else shapes[0]}"
