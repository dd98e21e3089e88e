"""An event whose date is declared missing still happened: a rule that asks for no window is met by it."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import HEAD, MIXED, Scenario, table

FEED = "{path: e.csv, event: complaint, missing: [1900-01-01]}"
ROWS = table(HEAD, "1,2026-03-01", "2,1900-01-01")
NEVER = "whose date is missing"

DATELESS = {
    "ever": (Scenario("{did: complaint}", {"e.csv": ROWS}, FEED), "12"),
    "in a window": (
        Scenario("{did: {event: complaint, within: 30d}}", {"e.csv": ROWS}, FEED),
        "1",
    ),
    "a count": (
        Scenario(
            "{n: {at_least: 1}}",
            {"e.csv": ROWS},
            FEED,
            rules="features: {n: {count: {event: complaint}}}",
        ),
        "12",
    ),
    "of one event in a file of several": (
        Scenario(
            "{did: complaint}",
            {
                "e.csv": table(
                    MIXED, "1,2026-03-01,complaint", "2,1900-01-01,complaint", "3,1900-01-01,visit"
                )
            },
            "{path: e.csv, missing: [1900-01-01]}",
        ),
        "12",
    ),
    "only of days": (
        Scenario(
            "{did: complaint}",
            {"e.csv": ROWS},
            "{path: e.csv, event: complaint, missing: {occurred_at: [1900-01-01]}}",
        ),
        "12",
    ),
}


@pytest.mark.parametrize(("it", "gone"), DATELESS.values(), ids=DATELESS)
def test_a_date_that_is_declared_missing_frees_nobody(
    segment: Segment, it: Scenario, gone: str
) -> None:
    done = segment("run", files=it.written())
    assert (done.exit_code, sorted({*it.everybody} - {*done.ids("p")})) == (0, [*gone]), done.err
    assert (NEVER in done.err) == (len(gone) > 1)
