"""The day that a run looks back from, in the forms in which it is asked for."""

from __future__ import annotations

from datetime import date, datetime

from segmentation.messages.errors import Problem, RulesError


def day_of(given: object, today: date, said: str = "--as-of") -> date | None:
    """The day that is asked for: a date, a date as text, or "today". None asks the data for it.

    A moment is taken for its day. Raises RulesError for what is no date; `said` is how it was given.

    >>> day_of("today", date(2026, 3, 1)), day_of(datetime(2026, 1, 2, 3), date(2026, 3, 1))
    (datetime.date(2026, 3, 1), datetime.date(2026, 1, 2))
    """
    if given is None:
        return None
    try:
        return _day(given, today)
    except ValueError:
        is_text = isinstance(given, str)
        what = f" {given}: this" if is_text else f": what is of the type {type(given).__name__}"
        mend = "Write it as 2026-11-21, or today."
        raise RulesError(Problem(f"{said}{what} is not a date", mend=mend)) from None


def _day(given: object, today: date) -> date:
    """A day in one of its forms. Raises ValueError, also for a missing moment of pandas."""
    if isinstance(given, str):
        return today if given == "today" else date.fromisoformat(given)
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    raise ValueError
