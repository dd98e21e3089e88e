"""Days that suppress cannot see: feeds that stopped, windows, dates of the future."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import (
    A_FEED_THAT_STOPPED,
    DAILY,
    GLOB,
    GOOD,
    HEAD,
    LAST_YEAR,
    MIXED,
    OLD,
    TODAY,
    Scenario,
    held,
    table,
)

from segmentation.system.clock import today_in

SINCE = "features: {d: {days_since: {event: complaint}}}"


MOOD = "dimensions: {mood: [{bad: {d: {at_most: 29}}}, {good: otherwise}]"
DAYS: dict[str, Scenario] = {
    "a feed that stopped": A_FEED_THAT_STOPPED,
    "a feed that stopped, of a count": Scenario(
        "{n: {at_least: 1}}", {"e.csv": LAST_YEAR}, says=[OLD],
        rules="features: {n: {count: {event: complaint, within: 3mo}}}",
    ),
    **{
        f"a feed that stopped, of {name}": Scenario(
            rule, {"e.csv": table(HEAD, "1,2025-11-01")}, rules=rules, more=more,
            says=["the newest row is of 2025-11-01, before the days from", "that suppress reads", "quiet_for"],
        )
        for name, (rule, rules, more) in {
            "days since": ("{d: {less_than: 30}}", SINCE, ""),
            "days since, in any": ("{any: [{d: {between: [0, 29]}}, {frequency: 9}]}", SINCE, ""),
            "days since, of a persona": ("{persona: angry}", SINCE, ", angry: {match: {d: {at_most: 29}}}"),
            "days since, of a rung": (
                "{mood: bad}", f"{SINCE}\n{MOOD}}}", ""),
            "days since, of a grid's axis": (
                "{cell: ill}", f"{SINCE}\n{MOOD}, cell: {{grid: [mood, alike], columns: [one], rows: {{bad: [ill], good: [well]}}}}, "
                "alike: [{one: otherwise}]}", ""),
            "days since, of those among whom it ranks": (
                "{monetary: {top_percent: 50, among: {d: {at_most: 29}}}}", SINCE, ""),
            "a day in where": ("{did: {event: complaint, where: {occurred_on: {at_least: 2026-02-01}}}}", "", ""),
        }.items()
    },
    "a column that is called like the day of orders asks for no day": Scenario(
        "{did: {event: complaint, where: {ordered_on: {at_least: 2026-02-01}}}}",
        {"e.csv": table("customer_id,occurred_at,ordered_on\n", "1,2025-11-01,2026-03-01")}, gone="1",
    ),
    "a feed that stopped, asked for who is silent": Scenario(
        "{not: {d: {at_most: 29}}}", {"e.csv": table(HEAD, "1,2025-11-01")}, rules=SINCE, gone="123456",
    ),
    "a feed that stopped, of an anchor": Scenario(
        "{did: {event: purchase, after: {event: complaint, window: 1d}}}".replace(", window: 1d", ""),
        {"e.csv": LAST_YEAR}, gone="12",
    ),
    "a feed that stopped, of a window of an anchor": Scenario(
        "{did: {event: login, after: {event: complaint, within: 30d}}}",
        {"e.csv": LAST_YEAR, "l.csv": table(HEAD, "1,2026-03-09")},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", None, [OLD],
    ),
    "one of two rules reads less far": Scenario(
        "{did: {event: complaint, within: 30d}}, {did: {event: complaint, within: 1y}}",
        {"e.csv": LAST_YEAR}, says=[f"{OLD}30d"],
    ),
    "one of two sources stopped": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": LAST_YEAR, "b.csv": GOOD},
        "[{path: e.csv, event: complaint}, {path: b.csv, event: complaint}]", None, [OLD],
    ),
    "a mixed feed that lives": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "e.csv", "",
        ['e.csv: warning: the newest row of "complaint" is of 2025-11-01, before the 30d up to 2026-03-10 that suppress '
         "reads, and other events go on to 2026-03-09", "write under sources: `events: {path: e.csv, quiet_for: 150d}`"],
    ),
    "a mixed feed that lives, signed": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "{path: e.csv, quiet_for: 150d}", "",
        ['note: its newest row of "complaint" is of 2025-11-01: `quiet_for: 150d` says'], ["warning: the newest"],
    ),
    "a mixed feed that lives, signed for less": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "{path: e.csv, quiet_for: 90d}", "",
        ["warning: the newest row of", "Its `quiet_for: 90d` allows no longer silence. If", "quiet_for: 150d"],
    ),
    "a mixed feed that lives, of days since": Scenario(
        "{d: {at_most: 29}}", {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "e.csv", "",
        ['the newest row of "complaint" is of 2025-11-01, before the days from 2026-02-09'], rules=SINCE,
    ),
    "a mixed feed of which the event is read over all time": Scenario(
        "{did: complaint}", {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "e.csv", "1",
        silent=["the newest row of"],
    ),
    "a mixed feed of which another event stopped": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2025-03-09,login")}, "e.csv", "1", silent=["the newest row of"],
    ),
    "a mixed feed that has stopped as a whole": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2025-11-05,login")}, "e.csv", None, [OLD], ["the newest row of"],
    ),
    "quiet_for long enough": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": LAST_YEAR},
        "{path: e.csv, event: complaint, quiet_for: 6mo}", "",
    ),
    "quiet_for too short": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": LAST_YEAR},
        "{path: e.csv, event: complaint, quiet_for: 90d}", None, [OLD],
    ),
    "just within the window": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": table(HEAD, "1,2026-02-09")}, gone="1",
    ),
    "just before the window": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": table(HEAD, "1,2026-02-08")}, gone=None,
        says=["the newest row is of 2026-02-08"],
    ),
    "no window, no old feed": Scenario("{did: complaint}", {"e.csv": LAST_YEAR}, gone="12"),
    "a window of another rule warns": Scenario(
        "{did: complaint}", {"e.csv": GOOD, "l.csv": LAST_YEAR},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", "12",
        ["warning: the newest row is of 2025-11-05, before the 7d up to 2026-03-10 that a rule reads"],
        match="{did_not: {event: login, within: 7d}}",
    ),
    "a window of another rule, quiet": Scenario(
        "{did: complaint}", {"e.csv": GOOD, "l.csv": LAST_YEAR},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login, quiet_for: 1y}]", "12", (),
        ["the newest row"], match="{did_not: {event: login, within: 7d}}",
    ),
    "rows after an early as_of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-11T23:30")}, gone="1",
        says=["1 row that suppress reads is of days after 2026-03-10, the day of this run"],
        args=["--as-of", TODAY],
    ),
    "the evening of as_of in another time zone": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01T12:00Z", "2,2026-03-10T23:30Z")}, gone="1",
        says=["1 row that suppress reads is of days after 2026-03-10"], args=["--as-of", TODAY],
        rules="timezone: Europe/Oslo",
    ),
    "a whole file after an early as_of": Scenario(
        "{did: complaint}", {**DAILY, "in/3.csv": table(HEAD, "3,2026-03-11")}, GLOB, "12",
        ["1 row that suppress reads is of days after 2026-03-10"], args=["--as-of", TODAY],
    ),
    "a row of 2037": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2137-03-01")}, gone="1",
        says=["1 row that suppress reads is dated after today"],
    ),
    "a row of today after as_of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", f"2,{today_in('UTC')}")}, gone="1",
        says=["1 row that suppress reads is of days after 2026-03-10"], silent=["after today"], args=["--as-of", TODAY],
    ),
    "rows of 2037 and after as_of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-11", "3,2137-03-01")},
        gone="1", says=["dated after today", "of days after 2026-03-10"], args=["--as-of", TODAY],
    ),
    "later rows of an event that suppress does not read": Scenario(
        "{did: complaint}", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2026-03-11,login")},
        "e.csv", "1", (), ["suppress reads"], args=["--as-of", TODAY],
    ),
    "events run ahead by a day": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-11")}, gone="1",
        says=["warning: events run 1 day ahead of transactions (2026-03-11, 2026-03-10), and so move as_of"],
    ),
    "events run ahead of --as-of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-11")}, gone="1", says=(),
        silent=["run 1 day ahead"], args=["--as-of", TODAY],
    ),
    "transactions run ahead of busy events": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, *(f"1,2026-03-0{d}" for d in "123456789" for _ in "123"))},
        gone="1", says=["transactions run 1 day ahead of events (2026-03-10, 2026-03-09)"],
    ),
    "rare events may be behind": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-02-01", "1,2026-03-01")}, gone="1",
        silent=["ahead"],
    ),
}  # fmt: skip


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize("it", DAYS.values(), ids=DAYS)
def test_days_that_suppress_cannot_see(segment: Segment, it: Scenario) -> None:
    held(segment, it)
