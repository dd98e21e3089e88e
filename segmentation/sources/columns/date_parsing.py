"""Texts as moments: the first format is tried on all of them, the others on what it leaves over.

What no format reads as it stands is put into plain words (`date_words`), and tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.instants import UTC
from segmentation.sources.columns.date_formats import IN_UTC, Shapes
from segmentation.sources.columns.date_numbers import PLAUSIBLE, Count, count_of
from segmentation.sources.columns.date_words import WORDINGS
from segmentation.sources.columns.date_zones import in_zone, instants, to_zone

FIRST, LAST = -2_208_902_400_000_000, 7_258_118_400_000_000 - 1  # 1900-01-02 to 2199, as stored
MOMENT = pl.Datetime("us")
_COMPACT: Final = re.compile(r"(%[YymdHMS])+")


@dataclass(frozen=True)
class Clock:
    """Whose clock moments are told by: those with a zone are moved to `shown`, those without one are of `zone`."""

    zone: str
    shown: str

    @classmethod
    def of(cls, zone: str) -> Clock:
        """The clock of a zone, as it shows them: a moment without a zone stands."""
        return cls(zone, zone)

    @classmethod
    def of_instants(cls, zone: str) -> Clock:
        """UTC, where moments without a zone are of another."""
        return cls(zone, UTC)


BY_UTC: Final = Clock.of(UTC)


def naive(moment: pl.Expr, zone: str | None, clock: Clock) -> pl.Expr:
    """Moments of a zone, or of none, as naive ones that the clock shows."""
    if zone is None:
        return moment if clock.zone == clock.shown else instants(moment, clock.zone)
    return moment.dt.convert_time_zone(clock.shown).dt.replace_time_zone(None)


def counted(count: Count, moment: pl.Expr, clock: Clock) -> pl.Expr:
    """Counted moments; of those that are instants 0 says that there is none."""
    held = sane(moment)
    if not count.is_instant:
        return naive(held, None, clock)
    given = pl.when(held.cast(pl.Int64) != 0).then(held)
    return naive(given.dt.replace_time_zone(UTC), UTC, clock)


def sane(moment: pl.Expr) -> pl.Expr:
    """Without years that are absurd: Python has no date before the year 1."""
    return pl.when(moment.cast(pl.Int64).is_between(FIRST, LAST)).then(moment)


def parse_moments(texts: pl.Series, shapes: Shapes, clock: Clock = BY_UTC) -> pl.Series:
    """Texts as naive Datetime; the first shape is the fast one, the others see its gaps only."""
    if len(shapes) > 1 and count_of(shapes[0]) is not None:
        return by_units(texts, shapes, partial(_of_unit, clock=clock))
    parsed = attempt(texts, shapes[0], clock)
    if parsed.null_count() == texts.null_count():
        return parsed
    parsed = _filled(parsed, texts, partial(_as_first_gap, shape=shapes[0], clock=clock))
    for shape in shapes[1:]:
        parsed = _filled(parsed, texts, partial(attempt, shape=shape, clock=clock))
    return _filled(parsed, texts, partial(_put_otherwise, shapes=shapes, clock=clock))


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


def _of_unit(texts: pl.Series, shape: str, *, clock: Clock) -> pl.Series:
    """Texts as they count a unit; blanks around one, and the mark of spreadsheets, are nothing."""
    bare = texts.str.strip_chars().str.strip_prefix("'")
    return attempt(bare, shape, clock)


def _filled(parsed: pl.Series, texts: pl.Series, parse: Parse) -> pl.Series:
    """`parsed` with the gaps filled by what `parse` makes of them; looks at the gaps only."""
    gaps = (parsed.is_null() & texts.is_not_null()).arg_true()
    if gaps.is_empty():
        return parsed
    found = parse(texts.gather(gaps))
    return parsed.scatter(gaps, found) if found.null_count() < len(found) else parsed


def _as_first_gap(texts: pl.Series, shape: str, clock: Clock) -> pl.Series:
    """Where other words are all that the first gap needs, all gaps are put so: a German column."""
    for put, put_shape in WORDINGS:
        if attempt(put(texts.head(1)), put_shape(shape), clock).null_count() == 0:
            return attempt(put(texts), put_shape(shape), clock)
    return pl.repeat(None, len(texts), dtype=MOMENT, eager=True)


def _put_otherwise(texts: pl.Series, shapes: Shapes, clock: Clock) -> pl.Series:
    """Texts that fit no shape as they stand, in other words; each once, for many may be `NULL`."""
    each = texts.alias("text").unique()
    parsed = pl.repeat(None, len(each), dtype=MOMENT, eager=True)
    for put, put_shape in WORDINGS:
        if parsed.null_count():
            worded = put(each)
            for shape in map(put_shape, shapes):
                parsed = _filled(parsed, worded, partial(attempt, shape=shape, clock=clock))
    known = pl.DataFrame([each, parsed.alias("moment")])
    return (
        texts.alias("text")
        .to_frame()
        .join(known, on="text", how="left", maintain_order="left")["moment"]
    )


def attempt(texts: pl.Series, shape: str, clock: Clock) -> pl.Series:
    """Texts under one shape as they stand; null where they do not fit or the year is absurd."""
    moment = _read(texts, shape, clock)
    stored = moment.cast(pl.Int64)  # Python has no date before the year 1
    if stored.is_between(FIRST, LAST).all():
        return moment
    return moment.set(~stored.is_between(FIRST, LAST), None)


def _read(texts: pl.Series, shape: str, clock: Clock) -> pl.Series:
    """Texts by the reader of the shape's kind: numbers, texts with a zone, or strptime."""
    count = count_of(shape)
    if count is not None:
        found = count.of_texts(texts).alias("moment").to_frame()
        return found.select(counted(count, pl.col("moment"), clock)).to_series()
    if shape.endswith("%Z"):
        bare = shape.removesuffix("%Z").rstrip()
        return in_zone(texts, partial(attempt, shape=bare, clock=BY_UTC), clock.shown)
    moment = _by_strptime(texts, shape)
    if shape in IN_UTC:
        return to_zone(moment, UTC, clock.shown)
    zone = moment.dtype.time_zone  # type: ignore[attr-defined]  # it is a Datetime
    if zone is None and clock.zone == clock.shown:
        return moment
    return moment.to_frame().select(naive(pl.col(moment.name), zone, clock)).to_series()


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
