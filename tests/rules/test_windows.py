"""Windows of time: which moments lie in them, and which spellings are none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.rules.lint.subsets import rows_within
from segmentation.rules.measures import Measure
from segmentation.rules.windows import UNITS, Span, Window, parse_date

SPANS = {
    "12h": (12, "h"),
    "30d": (30, "d"),
    "2w": (2, "w"),
    "3mo": (3, "mo"),
    "1y": (1, "y"),
    "99999d": (99999, "d"),
}


@pytest.mark.parametrize(("text", "span"), SPANS.items(), ids=SPANS)
def test_a_length_of_time_is_a_number_and_a_unit(text: str, span: tuple[int, str]) -> None:
    assert (Span.parse(text), str(Span.parse(text))) == (Span(*span), text)


NO_SPANS = [
    "30 days",
    "-3d",
    "30",
    "d",
    "0d",
    "03d",
    "1.5d",
    "30D",
    "30m",
    " 30d",
    "30d ",
    "30d\n",
    "100000d",
    "٣d",
    "",
    30,
    None,
    ["30d"],
]


@pytest.mark.parametrize("text", NO_SPANS, ids=repr)
def test_anything_else_is_no_length_of_time(text: object) -> None:
    assert Span.parse(text) is None


# as_of, the window, the first moment inside, the first moment after
BOUNDS = {
    "a day is as_of": ("2026-03-31", "1d", None, "2026-03-31", "2026-04-01"),
    "30 days": ("2026-03-31", "30d", None, "2026-03-02", "2026-04-01"),
    "weeks": ("2026-03-31", "2w", None, "2026-03-18", "2026-04-01"),
    "a month before the 31st": ("2026-03-31", "1mo", None, "2026-03-01", "2026-04-01"),
    "a month over a leap day": ("2024-03-29", "1mo", None, "2024-03-01", "2024-03-30"),
    "a year before a leap day": ("2024-02-29", "1y", None, "2023-03-01", "2024-03-01"),
    "a year": ("2026-11-21", "1y", None, "2025-11-22", "2026-11-22"),
    "hours": ("2026-03-31", "12h", None, "2026-03-31T12:00", "2026-04-01"),
    "between two ages": ("2026-03-31", "90d", "30d", "2026-01-01", "2026-03-02"),
    "between an age and hours": ("2026-03-31", "2d", "12h", "2026-03-30", "2026-03-31T12:00"),
    "before the calendar": ("2026-03-31", "99999y", None, "0001-02-01", "2026-04-01"),
}


@pytest.mark.parametrize(
    ("as_of", "oldest", "newest", "first", "after"), BOUNDS.values(), ids=BOUNDS
)
def test_a_window_ends_with_as_of(
    as_of: str, oldest: str, newest: str | None, first: str, after: str
) -> None:
    window = Window(span(oldest), None if newest is None else span(newest))
    expected = (datetime.fromisoformat(first), datetime.fromisoformat(after))
    assert window.bounds(date.fromisoformat(as_of)) == expected


def span(text: str) -> Span:
    found = Span.parse(text)
    assert found is not None
    return found


DATES = {
    "2026-11-21": date(2026, 11, 21),
    "20261121": None,
    "2026-W47-6": None,
    "2026-02-30": None,
    "2026-11-21T08:00": None,
    "21.11.2026": None,
    "": None,
    20261121: None,
}


@pytest.mark.parametrize(("text", "expected"), DATES.items(), ids=map(repr, DATES))
def test_a_date_is_year_month_day(text: object, expected: date | None) -> None:
    assert parse_date(text) == expected


spans = st.builds(Span, st.integers(1, 40), st.sampled_from(list(UNITS)))
windows = st.builds(Window, spans, st.none() | spans)
days = st.dates(date(1990, 1, 1), date(2040, 1, 1))


@given(windows, windows, days)
def test_a_window_that_is_said_to_lie_in_another_does_on_every_day(
    narrow: Window, wide: Window, as_of: date
) -> None:
    one, other = (Measure("any", event="browse", window=w) for w in (narrow, wide))
    if rows_within(one, other) and narrow.bounds(as_of)[0] < narrow.bounds(as_of)[1]:
        assert wide.bounds(as_of)[0] <= narrow.bounds(as_of)[0]
        assert narrow.bounds(as_of)[1] <= wide.bounds(as_of)[1]


@given(spans, days)
def test_next_to_each_other_windows_leave_no_gap(at: Span, as_of: date) -> None:
    recent, before = Window(at), Window(Span(99, "y"), at)
    assert before.bounds(as_of)[1] == recent.bounds(as_of)[0]


@given(spans, days)
def test_a_window_is_never_empty(at: Span, as_of: date) -> None:
    first, after = Window(at).bounds(as_of)
    assert first + timedelta(hours=1) <= after
