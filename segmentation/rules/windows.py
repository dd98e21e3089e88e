"""Time windows of the rule language: `30d`, `12h`, `2w`, `3mo`, `1y`, and pairs of them.

A window is over the calendar days (or, for `h`, the hours) that end with the day `as_of`:
`within: 30d` is the 30 days ending on `as_of`; `between: [90d, 30d]` is what lies at least
30 and less than 90 days back. `mo` and `y` are calendar units: a month before 31 March is
the last day of February.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.rules.instants import UTC, instant_of


@dataclass(frozen=True)
class Unit:
    """A unit of time. One of `months` calendar months (else 0) is longer or shorter by the day it starts.

    `length` is taken where no day is known; `days` is whether it begins and ends with a day.
    """

    length: timedelta
    shortest: timedelta
    longest: timedelta
    months: int
    days: bool


def _fixed(length: timedelta, *, days: bool) -> Unit:
    return Unit(length, shortest=length, longest=length, months=0, days=days)


def _calendar(length: int, shortest: int, longest: int, *, months: int) -> Unit:
    usual, short, long = (timedelta(days=days) for days in (length, shortest, longest))
    return Unit(usual, shortest=short, longest=long, months=months, days=True)


UNITS: Final = {
    "h": _fixed(timedelta(hours=1), days=False),
    "d": _fixed(timedelta(days=1), days=True),
    "w": _fixed(timedelta(weeks=1), days=True),
    "mo": _calendar(30, 28, 31, months=1),
    "y": _calendar(365, 365, 366, months=12),
}
LENGTHS: Final = "12h, 30d, 2w, 3mo or 1y"  # spans as messages show them
COUNT: Final = "[1-9][0-9]{0,4}"
SPAN: Final = f"({COUNT})({'|'.join(UNITS)})"
DAY: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_A_DAY: Final = timedelta(days=1)
_SPAN = re.compile(SPAN)
_DAY = re.compile(DAY)


@dataclass(frozen=True)
class Span:
    """A length of time: a whole number of one of the UNITS.

    >>> Span.parse("30d")
    Span(count=30, unit='d')
    >>> Span.parse("30 days") is None
    True
    """

    count: int
    unit: str

    @classmethod
    def parse(cls, text: object) -> Span | None:
        """The span a text says, or None."""
        found = _SPAN.fullmatch(text) if isinstance(text, str) else None
        return cls(int(found[1]), found[2]) if found else None

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def months(self) -> int:
        """The span in calendar months; 0 for one of fixed length."""
        return self.count * UNITS[self.unit].months

    def before(self, day: date) -> date:
        """The day this span before `day`; hours count as the days they touch.

        >>> Span(1, "mo").before(date(2026, 3, 31))
        datetime.date(2026, 2, 28)
        """
        if self.months:
            return _months_before(day, self.months)
        return day - self.delta()

    def delta(self) -> timedelta:
        """The span as a fixed length; months count 30 and years 365 days."""
        return UNITS[self.unit].length * self.count

    @property
    def of_days(self) -> bool:
        """Whether it begins and ends with a day, and not at a moment."""
        return UNITS[self.unit].days

    @property
    def shortest(self) -> timedelta:
        """How long it is at the least, whatever day it starts."""
        return UNITS[self.unit].shortest * self.count

    @property
    def longest(self) -> timedelta:
        """How long it is at the most."""
        return UNITS[self.unit].longest * self.count


def parse_date(text: object) -> date | None:
    """The date of a text such as 2026-11-21, or None; other ISO spellings are not taken.

    >>> parse_date("2026-11-21"), parse_date("20261121"), parse_date("2026-02-30")
    (datetime.date(2026, 11, 21), None, None)
    """
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _months_before(day: date, months: int) -> date:
    total = max(day.year * 12 + day.month - 1 - months, 12)
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Window:
    """The rows after `oldest` ago (exclusive) up to `newest` ago (inclusive; None = as_of)."""

    oldest: Span
    newest: Span | None = None

    def __str__(self) -> str:
        return str(self.oldest) if self.newest is None else f"{self.oldest} to {self.newest} ago"

    @property
    def of_days(self) -> bool:
        """Whether it begins and ends with a day, and not at a moment."""
        return self.oldest.of_days and (self.newest is None or self.newest.of_days)

    def days(self, as_of: date) -> tuple[date, date]:
        """One of whole days: on or after the first, before the second."""
        newest = as_of if self.newest is None else self.newest.before(as_of)
        return self.oldest.before(as_of) + _A_DAY, newest + _A_DAY

    def bounds(self, as_of: date, timezone: str = UTC) -> tuple[datetime, datetime]:
        """The window as instants of UTC: after or at the first, before the second.

        An hour is an hour: 24 of them are less than the day on which the clock goes back.

        >>> Window(Span(1, "d")).bounds(date(2026, 1, 2))
        (datetime.datetime(2026, 1, 2, 0, 0), datetime.datetime(2026, 1, 3, 0, 0))
        >>> Window(Span(24, "h")).bounds(date(2025, 10, 26), "Europe/Berlin")
        (datetime.datetime(2025, 10, 25, 23, 0), datetime.datetime(2025, 10, 26, 23, 0))
        """
        end = _midnight(as_of + _A_DAY, timezone)
        upper = end if self.newest is None else _back(end, as_of, self.newest, timezone)
        return _back(end, as_of, self.oldest, timezone), upper


def _back(end: datetime, as_of: date, span: Span, timezone: str) -> datetime:
    if not span.of_days:
        return end - span.delta()
    return _midnight(span.before(as_of) + _A_DAY, timezone)


def _midnight(day: date, timezone: str) -> datetime:
    """When a day begins."""
    return instant_of(datetime.combine(day, time()), timezone)
