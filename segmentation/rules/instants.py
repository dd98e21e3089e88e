"""Moments that a clock shows as instants: naive moments of UTC, of which each comes once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

UTC: Final = "UTC"


def instant_of(moment: datetime, timezone: str) -> datetime:
    """The instant at which the clock of a zone shows a moment.

    What it shows twice, as it goes back, is the first; what it never shows, as it goes forward, is what
    it would have shown had it not.

    >>> instant_of(datetime(2025, 10, 26, 2, 30), "Europe/Berlin"), instant_of(datetime(2025, 3, 30, 2, 30), "Europe/Berlin")
    (datetime.datetime(2025, 10, 26, 0, 30), datetime.datetime(2025, 3, 30, 1, 30))
    """
    return moment if timezone == UTC else _moved(moment, timezone, UTC)


def day_of(instant: datetime, timezone: str) -> date:
    """The calendar day that an instant has in a zone."""
    return (instant if timezone == UTC else _moved(instant, UTC, timezone)).date()


def _moved(moment: datetime, zone: str, to: str) -> datetime:
    from zoneinfo import ZoneInfo  # few rules have hours and a zone

    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(to)).replace(tzinfo=None)
