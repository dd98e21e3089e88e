"""Dates and moments from text: ISO in all its shapes, else one declared or detected format.

A moment with an offset becomes wall-clock time in the run's `timezone`; one without is taken as
it stands. A year outside 1900-2199 is a misread date (`1/2/23` under %Y is the year 23), so it
does not fit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Literal

import polars as pl

ISO = "ISO"
FIRST_YEAR, LAST_YEAR = 1900, 2199
MOMENT = pl.Datetime("us")

_ISO_SHAPES = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f %#z",
    "%Y-%m-%d %H:%M:%S%.f UTC",
    "%Y-%m-%d %H:%M%#z",
    "%Y-%m-%dT%H:%M%#z",
)
_DAYS = (
    "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d",
    "%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y", "%d.%m.%Y",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y",
    "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d%b%Y", "%b %d, %Y", "%b %d %Y",
    "%d %B %Y", "%B %d, %Y",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S")
FORMATS = tuple(day + time for day in _DAYS for time in _TIMES) + ("%Y%m%d%H%M%S", "%Y%m%d%H%M")


def moments(column: str, dtype: pl.DataType, format: str, timezone: str) -> pl.Expr:
    """A column as naive Datetime in `timezone`; null where it is missing or does not fit."""
    found = pl.col(column)
    if isinstance(dtype, pl.Datetime):
        return _naive(found, dtype.time_zone, timezone).cast(MOMENT)
    if dtype == pl.Date:
        return found.cast(MOMENT)
    text = found if dtype == pl.String else found.cast(pl.String)
    reader = partial(parse_moments, format=format, timezone=timezone)
    return text.map_batches(reader, return_dtype=MOMENT, is_elementwise=True)


def _naive(moment: pl.Expr, zone: str | None, timezone: str) -> pl.Expr:
    if zone is None:
        return moment
    return moment.dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def parse_moments(texts: pl.Series, format: str, timezone: str = "UTC") -> pl.Series:
    """Texts as naive Datetime; one declared `format`, or every ISO shape for `ISO`.

    An ISO shape may also lead: `ISO:%Y-%m-%d %H:%M:%S` tries that shape before all others.
    """
    shapes = _shapes(format)
    parsed = _attempt(texts, shapes[0], timezone)
    if parsed.null_count() == texts.null_count():
        return parsed
    for shape in shapes[1:]:
        parsed = _filled(parsed, texts, shape, timezone)
    return _filled(parsed, texts.str.strip_chars(), shapes[0], timezone)


def _shapes(format: str) -> tuple[str, ...]:
    if not format.startswith(ISO):
        return (format,)
    first = format.removeprefix(ISO).removeprefix(":")
    rest = tuple(shape for shape in _ISO_SHAPES if shape != first)
    return (first, *rest) if first else rest


def _filled(parsed: pl.Series, texts: pl.Series, shape: str, timezone: str) -> pl.Series:
    """`parsed` with the gaps filled by what fits `shape`; looks at the gaps only."""
    gaps = (parsed.is_null() & texts.is_not_null()).arg_true()
    if gaps.is_empty():
        return parsed
    found = _attempt(texts.gather(gaps), shape, timezone)
    return parsed.scatter(gaps, found) if found.null_count() < len(found) else parsed


def _attempt(texts: pl.Series, shape: str, timezone: str) -> pl.Series:
    """Texts under one strptime shape; null where they do not fit or the year is absurd."""
    name = texts.name or "text"
    text = pl.col(name)
    moment = text.str.to_datetime(shape, time_unit="us", strict=False, ambiguous="earliest")
    if "%z" in shape or "%#z" in shape or "%:z" in shape:
        moment = _naive(moment, "UTC", timezone)
    whole = moment.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    if "%Y%m%d" in shape:  # strptime would take 1997011 for the first of January
        whole &= text.str.len_bytes() >= _least_length(shape)
    frame = texts.alias(name).to_frame()
    return frame.select(pl.when(whole).then(moment).cast(MOMENT).alias(texts.name)).to_series()


def _least_length(shape: str) -> int:
    return {"%Y%m%d": 8, "%Y%m%d%H%M%S": 14, "%Y%m%d%H%M": 12}.get(shape, 8)


def iso_shape(sample: Sequence[str]) -> str:
    """`ISO`, led by the shape that most of the sample has, so that the first attempt fits."""
    texts = pl.Series(sample, dtype=pl.String)
    fits = {shape: fitting(texts, shape) for shape in _ISO_SHAPES}
    best = max(fits, key=lambda shape: fits[shape])  # the first, hence plainest, of equals
    return f"{ISO}:{best}" if fits[best] else ISO


def candidates(sample: Sequence[str]) -> list[str]:
    """The formats that fit most of the sample (all of it, as a rule), the ISO family as one."""
    texts = pl.Series(sample, dtype=pl.String).str.strip_chars()
    fits = {ISO: fitting(texts, ISO)} | {shape: fitting(texts, shape) for shape in FORMATS}
    most = max(fits.values(), default=0)
    if not most:
        return []
    best = [shape for shape, fit in fits.items() if fit == most]
    return [ISO] if ISO in best else _one_per_reading(best, texts)


def fitting(texts: pl.Series, format: str) -> int:
    """How many of the texts fit a format."""
    parsed = parse_moments(texts, format)
    return len(parsed) - parsed.null_count()


def _one_per_reading(shapes: Collection[str], texts: pl.Series) -> list[str]:
    """Of the shapes that read every text alike, the first (%S and %S%.f, %b and %B)."""
    readings: list[tuple[str, pl.Series]] = []
    for shape in shapes:
        reading = parse_moments(texts, shape)
        if not any(reading.equals(other, null_equal=True) for _, other in readings):
            readings.append((shape, reading))
    return [shape for shape, _ in readings]


def swapped(format: str) -> str:
    """The format with day and month exchanged.

    >>> swapped("%m/%d/%Y %H:%M")
    '%d/%m/%Y %H:%M'
    """
    return format.replace("%m", "\0").replace("%d", "%m").replace("\0", "%d")


def complaint(name: str, text: str | None, format: str) -> str:
    """Why a cell gives no date, for people."""
    if text is None or not text.strip():
        return f"{name} is missing"
    return f"{name} does not fit {'ISO 8601' if format.startswith(ISO) else format}"


Reading = Literal["ISO"] | str
