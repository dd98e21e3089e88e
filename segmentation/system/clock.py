"""The clock: the one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today_in(timezone: str) -> date:
    """Today, in a time zone such as that of the rules."""
    return datetime.now(ZoneInfo(timezone)).date()
