"""Texts as moments: the first format is tried on all of them, the others on what it leaves over.

What no format reads as it stands is put into plain words (`date_words`), and tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

import polars as pl

from segmentation.sources.columns.date_formats import IN_UTC, Shapes
from segmentation.sources.columns.date_numbers import PLAUSIBLE, Count, count_of
from segmentation.sources.columns.date_words import WORDINGS
from segmentation.sources.columns.date_zones import in_zone, to_zone

FIRST, LAST = -2_208_902_400_000_000, 7_258_118_400_000_000 - 1  # 1900-01-02 to 2199, as stored
MOMENT = pl.Datetime("us")
_COMPACT: Final = re.compile(r"(%[YymdHMS])+")


def naive(moment: pl.Expr, zone: str | None, timezone: str) -> pl.Expr:
    """Moments of a zone as naive ones of `timezone`; without a zone they stand."""
    if zone is None:
        return moment
    return moment.dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def counted(count: Count, moment: pl.Expr, timezone: str) -> pl.Expr:
    """Counted moments: those that are instants in `timezone`, where 0 says that there is none."""
    held = sane(moment)
    if not count.is_instant:
        return held
    given = pl.when(held.cast(pl.Int64) != 0).then(held)
    return naive(given.dt.replace_time_zone("UTC"), "UTC", timezone)


def sane(moment: pl.Expr) -> pl.Expr:
    """Without years that are absurd: Python has no date before the year 1."""
    return pl.when(moment.cast(pl.Int64).is_between(FIRST, LAST)).then(moment)


def parse_moments(texts: pl.Series, shapes: Shapes, timezone: str = "UTC") -> pl.Series:
    """Texts as naive Datetime; the first shape is the fast one, the others see its gaps only."""
    if len(shapes) > 1 and count_of(shapes[0]) is not None:
        return by_units(texts, shapes, partial(_of_unit, timezone=timezone))
    parsed = attempt(texts, shapes[0], timezone)
    if parsed.null_count() == texts.null_count():
        return parsed
    parsed = _filled(parsed, texts, partial(_as_first_gap, shape=shapes[0], timezone=timezone))
    for shape in shapes[1:]:
        parsed = _filled(parsed, texts, partial(attempt, shape=shape, timezone=timezone))
    return _filled(parsed, texts, partial(_put_otherwise, shapes=shapes, timezone=timezone))


Parse = Callable[[pl.Series], pl.Series]


def by_units(
    numbers: pl.Series, shapes: Shapes, read: Callable[[pl.Series, str], pl.Series]
) -> pl.Series:
    """Numbers that count one of several units, as naive Datetime; `read` gives what they are in one.

    Each unit reads the numbers that are plausible days in it; where the first stands at the end once
    more, it reads what is left.
    """
    first, *others = shapes
    parsed = _plausible(read(numbers, first))
    for shape in others:
        is_last = shape == first
        parsed = _filled(parsed, numbers, partial(_in_unit, read, shape, is_last=is_last))
    return parsed


def _in_unit(
    read: Callable[[pl.Series, str], pl.Series], shape: str, numbers: pl.Series, *, is_last: bool
) -> pl.Series:
    found = read(numbers, shape)
    return found if is_last else _plausible(found)


def _plausible(moments: pl.Series) -> pl.Series:
    """Moments that may be meant; where all are, as is the rule, nothing is copied."""
    are_meant = moments.is_between(*PLAUSIBLE)
    return moments if are_meant.all() else moments.set(~are_meant, None)


def _of_unit(texts: pl.Series, shape: str, *, timezone: str) -> pl.Series:
    """Texts as they count a unit; blanks around one, and the mark of spreadsheets, are nothing."""
    bare = texts.str.strip_chars().str.strip_prefix("'")
    return attempt(bare, shape, timezone)


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
        return found.select(counted(count, pl.col("moment"), timezone)).to_series()
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


def _length(shape: str) -> int:
    """How long a text of digits is."""
    return shape.count("%") * 2 + shape.count("%Y") * 2
