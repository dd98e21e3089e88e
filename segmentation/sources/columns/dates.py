"""Dates and moments from text: ISO in all its shapes, else one declared or detected format.

A moment with an offset becomes wall-clock time in the run's `timezone`; one without is taken as
it stands. A year outside 1900-2199 is a misread date (`1/2/23` under %Y is the year 23), so it
does not fit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

import polars as pl

from segmentation.sources.stored import as_text, possible

FIRST, LAST = -2_208_988_800_000_000, 7_258_118_400_000_000 - 1  # 1900 to 2199, as stored
MOMENT = pl.Datetime("us")

Shapes = tuple[str, ...]
"""strptime formats, tried in order until one fits."""

ISO = (
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
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d%b%Y",
    "%b %d, %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%B %d, %Y",
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S")
FORMATS = (*(day + time for day in _DAYS for time in _TIMES), "%Y%m%d%H%M%S", "%Y%m%d%H%M")


def shape_of(declared: str) -> str:
    """A format as Python's strptime writes it: there %f are parts of a second, to Polars nanoseconds.

    >>> shape_of("%d.%m.%Y %H.%M.%S.%f"), shape_of("%Y-%m-%d %H:%M:%S,%f")
    ('%d.%m.%Y %H.%M.%S%.f', '%Y-%m-%d %H:%M:%S,%6f')
    """
    return declared.replace(".%f", "%.f").replace("%f", "%6f")


def moments(column: str, dtype: pl.DataType, shapes: Shapes, timezone: str) -> pl.Expr:
    """A column as naive Datetime in `timezone`; null where it is missing or does not fit."""
    if isinstance(dtype, pl.Datetime):
        return _naive(possible(column, dtype), dtype.time_zone, timezone).cast(MOMENT)
    if dtype == pl.Date:
        return possible(column, dtype).cast(MOMENT)
    reader = partial(parse_moments, shapes=shapes, timezone=timezone)
    return as_text(column, dtype).map_batches(reader, return_dtype=MOMENT, is_elementwise=True)


def _naive(moment: pl.Expr, zone: str | None, timezone: str) -> pl.Expr:
    if zone is None:
        return moment
    return moment.dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def parse_moments(texts: pl.Series, shapes: Shapes, timezone: str = "UTC") -> pl.Series:
    """Texts as naive Datetime; the first shape is the fast one, the others see its gaps only."""
    parsed = _attempt(texts, shapes[0], timezone)
    if parsed.null_count() == texts.null_count():
        return parsed
    for shape in shapes[1:]:
        parsed = _filled(parsed, texts, shape, timezone)
    trimmed = texts.str.strip_chars()
    for shape in shapes:
        parsed = _filled(parsed, trimmed, shape, timezone)
    return parsed


def _filled(parsed: pl.Series, texts: pl.Series, shape: str, timezone: str) -> pl.Series:
    """`parsed` with the gaps filled by what fits `shape`; looks at the gaps only."""
    gaps = (parsed.is_null() & texts.is_not_null()).arg_true()
    if gaps.is_empty():
        return parsed
    found = _attempt(texts.gather(gaps), shape, timezone)
    return parsed.scatter(gaps, found) if found.null_count() < len(found) else parsed


def _attempt(texts: pl.Series, shape: str, timezone: str) -> pl.Series:
    """Texts under one strptime shape; null where they do not fit or the year is absurd."""
    moment = texts.str.to_datetime(shape, time_unit="us", strict=False, ambiguous="earliest")
    if moment.dtype.time_zone is not None:  # type: ignore[attr-defined]  # it is a Datetime
        moment = moment.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    if "%Y%m%d" in shape:  # strptime would take 1997011 for the first of January
        moment = moment.set(texts.str.len_bytes() < _least_length(shape), None)
    stored = moment.cast(pl.Int64)  # Python has no date before the year 1
    if stored.is_between(FIRST, LAST).all():
        return moment
    return moment.set(~stored.is_between(FIRST, LAST), None)


def _least_length(shape: str) -> int:
    return {"%Y%m%d": 8, "%Y%m%d%H%M%S": 14, "%Y%m%d%H%M": 12}.get(shape, 8)


def led_by_commonest(sample: Sequence[str], shapes: Shapes = ISO) -> Shapes:
    """The shapes, that which most of the sample has (the plainest of equals) moved to the front."""
    texts = pl.Series(sample, dtype=pl.String)
    best, most = shapes[0], 0
    for shape in shapes:
        fits = fitting(texts, (shape,))
        best, most = (shape, fits) if fits > most else (best, most)
        if most == len(texts):  # of equals the first
            break
    return (best, *(shape for shape in shapes if shape != best))


def family(shape: str) -> Shapes:
    """A shape, then the same day with any other time: midnight is often written without one."""
    day = max((day for day in _DAYS if shape.startswith(day)), key=len, default=None)
    others = [day + time for time in _TIMES if day + time != shape] if day else []
    return (shape, *others)


def candidates(sample: Sequence[str]) -> list[str]:
    """The shapes that fit most of the sample (all of it, as a rule), one for each reading."""
    texts = pl.Series(sample, dtype=pl.String).str.strip_chars()
    fits = {shape: fitting(texts, (shape,)) for shape in FORMATS}
    most = max(fits.values())
    best = [shape for shape, fit in fits.items() if fit == most]
    return _one_per_reading(best, texts) if most else []


def fitting(texts: pl.Series, shapes: Shapes) -> int:
    """How many of the texts fit one of the shapes."""
    return parse_moments(texts, shapes).count()


def _one_per_reading(shapes: Collection[str], texts: pl.Series) -> list[str]:
    """Of the shapes that read every text alike, the first (%S and %S%.f, %b and %B).

    Two orders of day and month stay two: the rest of the column may tell them apart.
    """
    kept: list[tuple[str, pl.Series]] = []
    for shape in shapes:
        reading = parse_moments(texts, (shape,))
        same = [s for s, other in kept if reading.equals(other, null_equal=True)]
        if not same or all(_month_first(s) != _month_first(shape) for s in same):
            kept.append((shape, reading))
    return [shape for shape, _ in kept]


def _month_first(shape: str) -> bool:
    return shape.startswith("%m")


def complaint(name: str, text: str | None, shapes: Shapes) -> str:
    """Why a cell gives no date, for people."""
    if text is None or not text.strip():
        return f"{name} is missing"
    return f"{name} does not fit {'ISO 8601' if shapes[0] in ISO else shapes[0]}"
