"""The clock, and the day that a run looks back from: the one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from segmentation.errors import Problem, RulesError


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today_in(timezone: str) -> date:
    """Today, in a time zone such as that of the rules."""
    return datetime.now(ZoneInfo(timezone)).date()


def day_of(as_of: date | str | None, today: date) -> date | None:
    """The day that is asked for: a date, a date as text, or "today". None asks the data for it.

    Raises RulesError for a text that is no date.
    """
    if as_of is None or isinstance(as_of, date):
        return as_of
    if as_of == "today":
        return today
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        what = f"--as-of {as_of}: this is not a date"
        raise RulesError(Problem(what, mend="Write it as 2026-11-21, or today.")) from None
