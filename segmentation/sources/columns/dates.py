"""Dates and moments from text: ISO in all its shapes, else one declared or detected format.

A moment with an offset becomes wall-clock time in the run's `timezone`; one without is taken as
it stands. A year outside 1900-2199 is a misread date (`1/2/23` under %Y is the year 23), so it
does not fit. The first of January 1900 is none either: systems write it where there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import polars as pl

from segmentation.pattern import pattern
from segmentation.sources.columns.date_formats import (
    IN_UTC,
    ISO,
    Shapes,
    family,
    has_zone,
    order_of,
    that_may_fit,
)
from segmentation.sources.columns.date_numbers import PLAUSIBLE, Count, count_of, named
from segmentation.sources.columns.date_words import WORDINGS, in_plain_words, shape_in_plain_words
from segmentation.sources.columns.date_zones import in_zone, to_zone, without_zone
from segmentation.sources.stored import as_text, possible

__all__ = ["ISO", "Shapes", "candidates", "family", "moments", "parse_moments"]

FIRST, LAST = -2_208_902_400_000_000, 7_258_118_400_000_000 - 1  # 1900-01-02 to 2199, as stored
MOMENT = pl.Datetime("us")


def shape_of(declared: str) -> str:
    """A format as Python's strptime writes it: there %f are parts of a second, to Polars nanoseconds.

    >>> shape_of("%d.%m.%Y %H.%M.%S.%f"), shape_of("%Y-%m-%d %H:%M:%S,%f")
    ('%d.%m.%Y %H.%M.%S%.f', '%Y-%m-%d %H:%M:%S,%6f')
    """
    return declared.replace(".%f", "%.f").replace("%f", "%6f")


def moments(column: str, dtype: pl.DataType, shapes: Shapes, timezone: str) -> pl.Expr:
    """A column as naive Datetime in `timezone`; null where it is missing or does not fit."""
    if isinstance(dtype, pl.Datetime):
        return _sane(in_timezone(column, dtype, timezone).cast(MOMENT))
    if dtype == pl.Date:
        return _sane(possible(column, dtype).cast(MOMENT))
    count = count_of(shapes[0]) if dtype.is_numeric() else None
    if count is not None:
        return _counted(count, count.of_numbers(pl.col(column), dtype), timezone)
    reader = partial(parse_moments, shapes=shapes, timezone=timezone)
    return texts_of(column, dtype).map_batches(reader, return_dtype=MOMENT, is_elementwise=True)


def in_timezone(column: str, dtype: pl.Datetime, timezone: str) -> pl.Expr:
    """A column of stored moments as naive ones in `timezone`."""
    return _naive(possible(column, dtype), dtype.time_zone, timezone)


def texts_of(column: str, dtype: pl.DataType) -> pl.Expr:
    """A column of dates as text; whole numbers have no point, and NaN is missing."""
    text = as_text(column, dtype)
    if not dtype.is_float():
        return text
    return pl.when(pl.col(column).is_not_nan()).then(text.str.strip_suffix(".0"))


def _naive(moment: pl.Expr, zone: str | None, timezone: str) -> pl.Expr:
    if zone is None:
        return moment
    return moment.dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def _counted(count: Count, moment: pl.Expr, timezone: str) -> pl.Expr:
    """Counted moments: those that are instants in `timezone`."""
    sane = _sane(moment)
    return _naive(sane.dt.replace_time_zone("UTC"), "UTC", timezone) if count.is_instant else sane


def _sane(moment: pl.Expr) -> pl.Expr:
    """Without years that are absurd: Python has no date before the year 1."""
    return pl.when(moment.cast(pl.Int64).is_between(FIRST, LAST)).then(moment)


def parse_moments(texts: pl.Series, shapes: Shapes, timezone: str = "UTC") -> pl.Series:
    """Texts as naive Datetime; the first shape is the fast one, the others see its gaps only."""
    parsed = attempt(texts, shapes[0], timezone)
    if parsed.null_count() == texts.null_count():
        return parsed
    parsed = _filled(parsed, texts, partial(_as_first_gap, shape=shapes[0], timezone=timezone))
    for shape in shapes[1:]:
        parsed = _filled(parsed, texts, partial(attempt, shape=shape, timezone=timezone))
    return _filled(parsed, texts, partial(_put_otherwise, shapes=shapes, timezone=timezone))


Parse = Callable[[pl.Series], pl.Series]


def _filled(parsed: pl.Series, texts: pl.Series, parse: Parse) -> pl.Series:
    """`parsed` with the gaps filled by what `parse` makes of them; looks at the gaps only."""
    gaps = (parsed.is_null() & texts.is_not_null()).arg_true()
    if gaps.is_empty():
        return parsed
    found = parse(texts.gather(gaps))
    return parsed.scatter(gaps, found) if found.null_count() < len(found) else parsed


def _as_first_gap(texts: pl.Series, shape: str, timezone: str) -> pl.Series:
    """Where other words are all that the first gap needs, all gaps are put so: a German column."""
    for put, put_shape in WORDINGS:
        if attempt(put(texts.head(1)), put_shape(shape), timezone).null_count() == 0:
            return attempt(put(texts), put_shape(shape), timezone)
    return pl.repeat(None, len(texts), dtype=MOMENT, eager=True)


def _put_otherwise(texts: pl.Series, shapes: Shapes, timezone: str) -> pl.Series:
    """Texts that fit no shape as they stand, in other words; each once, for many may be `NULL`."""
    each = texts.alias("text").unique()
    parsed = pl.repeat(None, len(each), dtype=MOMENT, eager=True)
    for put, put_shape in WORDINGS:
        if parsed.null_count():
            worded = put(each)
            for shape in map(put_shape, shapes):
                parsed = _filled(parsed, worded, partial(attempt, shape=shape, timezone=timezone))
    known = pl.DataFrame([each, parsed.alias("moment")])
    return (
        texts.alias("text")
        .to_frame()
        .join(known, on="text", how="left", maintain_order="left")["moment"]
    )


def attempt(texts: pl.Series, shape: str, timezone: str) -> pl.Series:
    """Texts under one shape as they stand; null where they do not fit or the year is absurd."""
    moment = _read(texts, shape, timezone)
    stored = moment.cast(pl.Int64)  # Python has no date before the year 1
    if stored.is_between(FIRST, LAST).all():
        return moment
    return moment.set(~stored.is_between(FIRST, LAST), None)


def _read(texts: pl.Series, shape: str, timezone: str) -> pl.Series:
    """Texts by the reader of the shape's kind: numbers, texts with a zone, or strptime."""
    count = count_of(shape)
    if count is not None:
        found = count.of_texts(texts).alias("moment").to_frame()
        return found.select(_counted(count, pl.col("moment"), timezone)).to_series()
    if shape.endswith("%Z"):
        naive = shape.removesuffix("%Z").rstrip()
        return in_zone(texts, partial(attempt, shape=naive, timezone="UTC"), timezone)
    moment = _by_strptime(texts, shape)
    if shape in IN_UTC:
        return to_zone(moment, "UTC", timezone)
    if moment.dtype.time_zone is not None:  # type: ignore[attr-defined]  # it is a Datetime
        return moment.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
    return moment


def _by_strptime(texts: pl.Series, shape: str) -> pl.Series:
    moment = texts.str.to_datetime(shape, time_unit="us", strict=False, ambiguous="earliest")
    if _COMPACT.fullmatch(shape):  # strptime would take 1997011 for the first of January
        return moment.set(texts.str.len_bytes() != _length(shape), None)
    if "%Y%m%d" in shape:
        return moment.set(texts.str.len_bytes() < _length("%Y%m%d"), None)
    return moment


_COMPACT: Final = re.compile(r"(%[YymdHMS])+")


def _length(shape: str) -> int:
    """How long a text of digits is."""
    return shape.count("%") * 2 + shape.count("%Y") * 2


def led_by_commonest(sample: Sequence[str], shapes: Shapes = ISO) -> Shapes:
    """The shapes, that which most of the sample has (the plainest of equals) moved to the front."""
    texts = pl.Series(sample, dtype=pl.String)
    best, most = shapes[0], 0
    for shape in shapes:
        fits = attempt(texts, shape, "UTC").count()
        best, most = (shape, fits) if fits > most else (best, most)
        if most == len(texts):  # of equals the first
            break
    return (best, *(shape for shape in shapes if shape != best))


def candidates(sample: Sequence[str]) -> list[str]:
    """The shapes that fit most of the sample (all of it, as a rule), one for each reading."""
    texts = pl.Series(sample, dtype=pl.String).str.strip_chars()
    worded = in_plain_words(texts)
    written = (texts, worded, without_zone(worded).drop_nulls())
    readings = {
        shape: _plausible(shape, texts, worded)
        for shape in that_may_fit(text for form in written for text in form)
    }
    most = max((reading.count() for reading in readings.values()), default=0)
    best = {shape: one for shape, one in readings.items() if one.count() == most}
    return _one_per_reading(best) if most else []


def _plausible(shape: str, texts: pl.Series, worded: pl.Series) -> pl.Series:
    """The moments of a sample under a shape; numbers only where they may be meant for dates."""
    found = attempt(texts, shape, "UTC")
    if count_of(shape) is not None:
        return found.set(~found.is_between(*PLAUSIBLE), None)
    if found.null_count():
        other = attempt(worded, shape_in_plain_words(shape), "UTC")
        return found.zip_with(found.is_not_null(), other)
    return found


def carry_zone(sample: Sequence[str], shapes: Shapes) -> bool:
    """Whether some of the texts, as they are read, have an offset or a zone."""
    texts = pl.Series(sample, dtype=pl.String)
    return any(fitting(texts, (shape,)) > 0 for shape in shapes if has_zone(shape))


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


#: what systems write where there is no date: 0000-00-00, 1900-01-01, 0001-01-01, day first or not
_PLACEHOLDER: Final = pattern(
    r"(0000\D00\D00|00\D00\D0000|(1900|0001)\D0?1\D0?1|0?1\D0?1\D(1900|0001))(?!\d)"
)


def complaint(name: str, text: str | None, shapes: Shapes) -> str:
    """Why a cell gives no date, for people."""
    if text is None or not text.strip():
        return f"{name} is missing"
    if _PLACEHOLDER.match(text.strip()):
        return f"{name} is a placeholder"
    return f"{name} does not fit {'ISO 8601' if shapes[0] in ISO else shapes[0]}"
