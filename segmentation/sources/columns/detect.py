"""Guesses from a sample: date format and decimal sign. Each one is noted or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.messages.privacy import are_values_shown, told_value
from segmentation.sources.columns import dates
from segmentation.sources.columns.date_formats import MONTHS, WEEK
from segmentation.sources.columns.date_numbers import NUMBER, count_of, spoken
from segmentation.sources.columns.date_parsing import BY_UTC
from segmentation.sources.columns.guess import Guess
from segmentation.sources.reader import RawTable

#: how far apart days are where days of the month are taken for years, and how far those of a shop are
_DECADES: Final = timedelta(days=15 * 365)
_YEARS: Final = timedelta(days=5 * 365)


@dataclass(frozen=True)
class DateColumn:
    """A column of texts that are dates: what it is, where it is, and some of its values."""

    table: str
    name: str
    column: str
    sample: Sequence[str]
    origin: RawTable

    @property
    def shown(self) -> str:
        """The first of its files, as people know it."""
        return self.origin.called

    @property
    def dtype(self) -> pl.DataType:
        """As what it is stored."""
        return self.origin.schema[self.column]

    @property
    def text(self) -> pl.Expr:
        """Its cells as String."""
        return dates.texts_of(self.column, self.dtype)

    @property
    def raw(self) -> pl.LazyFrame:
        """All rows of its files."""
        return self.origin.scan()


class AmbiguousDate(Exception):
    """Not an error yet: a column reads in two ways; which of its files do is to be found out."""

    def __init__(self, dates_in: DateColumn, found: Sequence[str], text: str) -> None:
        super().__init__(dates_in.name)
        self.table, self.name = dates_in.table, dates_in.name
        self.found = tuple(found)
        self.column = dates_in
        self.what = _ambiguous_date(dates_in, found, text)


def shapes_declared(dates_in: DateColumn, declared: str) -> dates.Shapes:
    """A declared format; raises when no sampled date fits it."""
    shapes = _shapes(dates_in, declared)
    if dates_in.sample and not dates.fitting(pl.Series(dates_in.sample, dtype=pl.String), shapes):
        raise InputError(_fits_none(dates_in, declared))
    return shapes


def _shapes(dates_in: DateColumn, declared: str) -> dates.Shapes:
    """What a declared format means. Raises InputError where it is none."""
    try:
        shapes = dates.declared(declared)
        dates.fitting(pl.Series(["2021-02-03"]), shapes)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise InputError(_not_a_format(dates_in, declared)) from error
    return shapes


def shapes_detected(dates_in: DateColumn) -> Guess[dates.Shapes]:
    """ISO or the one format that the texts have; reads the whole column if the sample fits two.

    Raises AmbiguousDate where the whole column fits two as well.
    """
    sample = dates_in.sample
    if not sample:
        return Guess(dates.ISO)
    texts = pl.Series(sample, dtype=pl.String)
    iso = dates.fitting(texts, dates.ISO)
    if iso == len(sample):
        return Guess(dates.led_by_commonest(sample))
    found = dates.candidates(sample)
    others = max((dates.fitting(texts, (shape,)) for shape in found), default=0)
    if iso and iso >= others:
        return Guess(dates.led_by_commonest(sample))
    if not found:
        raise InputError(_no_format(dates_in))
    if count_of(found[0]) is not None:
        return _of_numbers(dates_in, found[0])
    if len(found) > 1:
        found = _that_fit_most(_one_per_day(found), dates_in)
    if len(found) > 1 and (text := _read_in_two_ways(found, dates_in)):
        raise AmbiguousDate(dates_in, found, text)
    return Guess(dates.family(found[0]), (_said(dates_in, found[0]),))


def _of_numbers(dates_in: DateColumn, shape: str) -> Guess[dates.Shapes]:
    """Numbers that count a unit: all that may be meant, each where its days are plausible."""
    texts = pl.Series(dates_in.sample, dtype=pl.String)
    others = [other for other in dates.family(shape)[1:] if dates.are_days(texts, other)]
    known = [spoken(one) for one in (shape, *others)]
    said = f"{dates_in.table}: the numbers of {dates_in.name} are read as {' and '.join(known)}"
    return Guess(dates.family(shape), (said,))


def shapes_of_own(dates_in: DateColumn, declared: str | None) -> Guess[dates.Shapes]:
    """The formats of a column that only rules know to be of dates; none where its texts stay as they are.

    They do where they are ISO already, and where most are no dates: what rules cannot read is
    doubted by those who know the rules. A format that is declared may be that of another column.
    """
    texts = pl.Series(dates_in.sample, dtype=pl.String)
    if declared and dates.fitting(texts, shapes := _shapes(dates_in, declared)):
        return Guess(shapes)
    if dates.fitting(texts, dates.ISO) == len(texts):
        has_zone = dates.carry_zone(dates_in.sample, dates.ISO)
        return Guess(dates.led_by_commonest(dates_in.sample) if has_zone else ())
    found = dates.candidates(dates_in.sample)
    if max((dates.fitting(texts, (s,)) for s in found), default=0) * 2 < len(texts):
        return Guess(())
    detected = shapes_detected(dates_in)
    shapes = detected.found
    if count_of(shapes[0]) is not None:  # who is old was born before any plausible day
        return replace(detected, found=(*shapes, shapes[0]))
    return detected


def _said(dates_in: DateColumn, shape: str) -> str:
    """How a column is read, in words."""
    table, name = dates_in.table, dates_in.name
    stands = ": a month stands for its first day" if shape in MONTHS else ""
    stands = ": a week stands for its Monday" if shape == WEEK else stands
    return f"{table}: {name} is read as {shape}{stands}"


def _one_per_day(found: Sequence[str]) -> list[str]:
    """Of formats that are one day with or without a time, the first: they are read together."""
    return list({frozenset(dates.family(shape)): shape for shape in reversed(found)}.values())[::-1]


def _that_fit_most(found: Sequence[str], dates_in: DateColumn) -> list[str]:
    """Those of the formats that, with any time, fit most of the whole column, without such as take days of the month for years."""
    read = [
        pl.struct(n=moment.count(), first=moment.min(), last=moment.max()).alias(shape)
        for shape, moment in ((shape, _moment(dates_in, shape)) for shape in found)
    ]
    facts = dates_in.raw.select(read).collect(engine="streaming").row(0, named=True)
    most = max(fact["n"] for fact in facts.values())
    best = {shape: fact for shape, fact in facts.items() if fact["n"] == most}
    spans = {s: f["last"] - f["first"] for s, f in best.items() if most}
    are_near = any(span < _YEARS for span in spans.values())
    return [s for s in best if not (are_near and _is_year_first(s) and spans[s] > _DECADES)]


def _is_year_first(shape: str) -> bool:
    """Whether two digits of a year come first. Of days at the ends of months over decades the other reading is
    near, too: it is never taken for that alone."""
    return shape.startswith(("%y/", "%y."))  # with dashes the year comes first as often as the day


def _read_in_two_ways(found: Sequence[str], dates_in: DateColumn) -> str | None:
    """A text of the column that two of the formats read differently; None when none is."""
    sample = pl.Series(dates_in.sample, dtype=pl.String)
    one, *more = (dates.parse_moments(sample, dates.family(shape)) for shape in found)
    for other in more:
        telling = sample.filter(one != other)
        if len(telling):
            return str(telling[0])
    first, *others = (_moment(dates_in, shape) for shape in found)
    differs = pl.any_horizontal([first != other for other in others])
    found_texts = dates_in.raw.filter(differs).select(dates_in.text).head(1).collect().to_series()
    return str(found_texts[0]) if len(found_texts) else None


def _reading_of(text: str, shape: str) -> datetime | None:
    moment: datetime | None = dates.parse_moments(pl.Series([text]), (shape,)).item()
    return moment


def _moment(dates_in: DateColumn, shape: str) -> pl.Expr:
    return dates.moments(dates_in.column, dates_in.dtype, dates.family(shape), BY_UTC)


def _no_format(dates_in: DateColumn) -> Problem:
    if _are_numbers(dates_in):
        return _of_no_origin(dates_in)
    return Problem(
        f'{dates_in.name}: a date written "{told_value(dates_in.sample[0])}" in the column '
        f"{dates_in.column} has no known format",
        dates_in.shown,
        dates_in.origin.settings.date_format(dates_in.column),
    )


def _are_numbers(dates_in: DateColumn) -> bool:
    """Whether a column holds nothing but numbers."""
    texts = pl.Series(dates_in.sample, dtype=pl.String)
    return texts.str.strip_chars().str.contains(NUMBER).all()


def _of_no_origin(dates_in: DateColumn) -> Problem:
    return Problem(
        f"{dates_in.name}: the numbers of the column {dates_in.column} are no dates by themselves: they may "
        "be day numbers, which count from a day that the file does not name",
        dates_in.shown,
        dates_in.origin.settings.day_numbers(dates_in.column),
    )


def _not_a_format(dates_in: DateColumn, declared: str) -> Problem:
    return Problem(
        f'"{declared}" is not a date format',
        dates_in.shown,
        "Write it like '%d.%m.%Y %H:%M' (day, month, year, hour, minute), or like 'days since 2017-01-01' for numbers.",
    )


def _fits_none(dates_in: DateColumn, declared: str) -> Problem:
    mend = "Mend `date_format:`, or leave it out to have it detected."
    if _are_numbers(dates_in) and not dates.candidates(dates_in.sample):
        mend = dates_in.origin.settings.day_numbers(dates_in.column)
    return Problem(
        f"{dates_in.name}: no date in the column {dates_in.column} fits {declared}: they are "
        f'written like "{told_value(dates_in.sample[0])}"',
        dates_in.shown,
        mend,
    )


def _ambiguous_date(dates_in: DateColumn, found: Sequence[str], text: str) -> str:
    """The day that reads in two ways is told: without its row it tells of nobody, but of customers it may."""
    is_told = are_values_shown() or dates_in.table != "customers"
    text, like = (text.strip(), "the date") if is_told else (_example(found[0]), "a date like")
    readings = " or ".join(_reading(text, shape) for shape in found)
    return f'{dates_in.name}: {like} "{text}" in the column {dates_in.column} reads as {readings}'


def _example(shape: str) -> str:
    """A date of nobody, as the format writes it, that reads differently in others."""
    return datetime(2021, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(shape.replace("%.f", ""))


def _reading(text: str, shape: str) -> str:
    day = _reading_of(text, shape)
    return f"{day.day} {day:%B %Y} ({shape})" if day else shape
