"""The days on which weeks, months, quarters and years end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from segmentation.dataclass import dataclass

_DAY: Final = timedelta(days=1)


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _year(day: date) -> date:
    return day.replace(month=1, day=1)


#: each period, and the first day of the one that holds a day; weeks begin on Monday
EVERY: Final[Mapping[str, Callable[[date], date]]] = {
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "year": _year,
}


@dataclass(frozen=True)
class Ends:
    """The last days of so many full periods, and the latest day of all where it ends none.

    >>> [str(day) for day in Ends("month", 2)(date(2026, 3, 9))]
    ['2026-01-31', '2026-02-28', '2026-03-09']
    >>> [str(day) for day in Ends("quarter", 2)(date(2026, 3, 31))]
    ['2025-12-31', '2026-03-31']
    """

    every: str
    last: int

    def __call__(self, latest: date) -> tuple[date, ...]:
        """These days up to the latest one, ascending."""
        is_full = self.is_end(latest)
        found = [latest]
        while len(found) < self.last + (not is_full):
            start = EVERY[self.every](found[-1])
            if start == date.min:
                break
            found.append(start - _DAY)
        return tuple(reversed(found))

    def is_end(self, day: date) -> bool:
        """Whether a day is the last of its period."""
        return day == date.max or EVERY[self.every](day + _DAY) == day + _DAY
