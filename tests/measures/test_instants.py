"""Instants are compared as instants, whatever the clock of the `timezone` shows.

In Europe/Berlin 02:30 comes twice on 2025-10-26 (at +02:00, then at +01:00), and never on 2025-03-30.
Each customer does what their name says; one run holds all rules.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import polars as pl
import pytest
from harness import Segment

HEAD = "version: 1\ntimezone: Europe/Berlin\n"
#: who -> what they do, when
EVENTS = {
    "login 02:15 of the second hour": [
        ("browse", "2025-10-26T02:30:00+02:00"),
        ("login", "2025-10-26T02:15:00+01:00"),
    ],
    "login 02:30 of the second hour": [
        ("browse", "2025-10-26T02:30:00+02:00"),
        ("login", "2025-10-26T02:30:00+01:00"),
    ],
    "login 02:30 of the first hour": [
        ("browse", "2025-10-26T02:15:00+01:00"),
        ("login", "2025-10-26T02:30:00+02:00"),
    ],
    "login after 12:30 hours which the clock calls 11:30": [
        ("browse", "2025-10-25T20:00:00+02:00"),
        ("login", "2025-10-26T07:30:00+01:00"),
    ],
    "login after 11:30 hours which the clock calls 12:30": [
        ("browse", "2025-03-29T20:00:00+01:00"),
        ("login", "2025-03-30T08:30:00+02:00"),
    ],
    "login 24:30 hours before midnight": [("login", "2025-10-26T00:30:00+02:00")],
    "login 22:45 hours before midnight": [("login", "2025-10-26T02:15:00+02:00")],
}
SECOND, SAME, FIRST, SLOW, QUICK, EARLY, LONE = EVENTS
ON_THE_DAY = [who for who in EVENTS if who != QUICK]
RULES: Mapping[str, list[str]] = {
    "{did: {event: login, after: browse}}": [SECOND, SAME, SLOW, QUICK],
    "{did: {event: login, since: browse}}": [SECOND, SAME, SLOW, QUICK],
    "{did: {event: login, after: browse, within: 12h}}": [SECOND, SAME, QUICK],
    "{did: {event: login, after: browse, within: 1h}}": [SECOND, SAME],
    "{did: {event: login, within: 1d}}": ON_THE_DAY,
    "{did: {event: login, within: 25h}}": ON_THE_DAY,
    "{did: {event: login, within: 24h}}": [who for who in ON_THE_DAY if who != EARLY],
    "{did: {event: login, within: 23h}}": [who for who in ON_THE_DAY if who != EARLY],
    "{did: {event: login, within: 22h}}": [SECOND, SAME, SLOW],
    "{did: {event: login, between: [1d, 22h]}}": [FIRST, EARLY, LONE],
    "{did: {event: login, between: [25h, 24h]}}": [EARLY],
    "{did: {event: browse, within: 23h}}": [SECOND, SAME, FIRST],
}

Write = Callable[[datetime], object]


def _column(how: Write, moments: list[str]) -> pl.Series:
    return pl.Series("occurred_at", [how(datetime.fromisoformat(moment)) for moment in moments])


def _short(moment: datetime) -> str:
    return (
        f"{moment:%Y-%m-%d %H:%M:%S} {'CET' if moment.isoformat().endswith('+01:00') else 'CEST'}"
    )


#: how a file may hold these instants, and the format that must be declared
FORMS: Mapping[str, tuple[Write, str]] = {
    "text with an offset": (datetime.isoformat, ""),
    "text of UTC": (lambda m: m.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), ""),
    "text of seconds": (lambda m: str(int(m.timestamp())), ""),
    "as Java writes it": (lambda m: f"{m.isoformat()}[Europe/Berlin]", ""),
    "text with a short name": (_short, ""),
    "stored moments": (lambda m: m.astimezone(UTC), ""),
    "stored numbers": (lambda m: int(m.timestamp() * 1000), "milliseconds since 1970"),
}


@pytest.mark.parametrize("few", [False, True], ids=["many rules", "few"])
@pytest.mark.parametrize("form", FORMS)
def test_what_follows_and_how_long_ago_is_told_by_instants(
    segment: Segment, form: str, *, few: bool
) -> None:
    rows = [(who, event, at) for who, does in EVENTS.items() for event, at in does]
    how, date_format = FORMS[form]
    columns = {"customer_id": [who for who, *_ in rows], "event": [event for _, event, _ in rows]}
    file = io.BytesIO()
    moments = _column(how, [at for *_, at in rows])
    pl.DataFrame(columns).with_columns(moments).write_parquet(file)
    declared = f", date_format: {date_format}" if date_format else ""
    # few rules are asked row by row, many are looked up
    asked = {
        match: who for i, (match, who) in enumerate(RULES.items()) if not few or i in (2, 7, 9)
    }
    personas = "".join(f"  p{i}: {{match: {match}}}\n" for i, match in enumerate(asked))
    result = segment(
        "run",
        "--as-of",
        "2025-10-26",
        files={
            "t.csv": "\n".join(
                ["customer_id,ordered_at,amount", *(f"{w},2025-01-01,5" for w in EVENTS), ""]
            ),
            "e.parquet": file.getvalue(),
            "personas.yaml": f"{HEAD}sources: {{transactions: t.csv, events: {{path: e.parquet{declared}}}}}\n"
            f"personas:\n{personas}",
        },
    )
    assert result.exit_code == 0, result.err
    found = {match: result.ids(f"p{i}") for i, match in enumerate(asked)}
    assert found == {match: sorted(who) for match, who in asked.items()}


#: what one customer does, in order, without an offset -> what is the last, and when that is said to be
BY_THE_CLOCK: Mapping[str, tuple[list[tuple[str, str]], tuple[str, str]]] = {
    "the first of two hours is meant": (
        [("a", "2025-10-26T02:10:00+01:00"), ("b", "2025-10-26T02:50:00")],
        ("a", "2025-10-26 02:10:00"),
    ),
    "an hour that never was is an hour later": (
        [("a", "2025-03-30T02:30:00"), ("b", "2025-03-30T03:10:00")],
        ("a", "2025-03-30 02:30:00"),
    ),
    "the later instant has the earlier hour": (
        [("a", "2025-10-26T02:50:00+02:00"), ("b", "2025-10-26T02:10:00+01:00")],
        ("b", "2025-10-26 02:10:00"),
    ),
    "days are those of the clock": (
        [("a", "2025-06-30T22:30:00Z"), ("b", "2025-06-30T21:30:00Z")],
        ("a", "2025-07-01 00:30:00"),
    ),
}


@pytest.mark.parametrize("case", BY_THE_CLOCK)
def test_the_last_is_the_latest_instant_and_the_clock_says_when(
    segment: Segment, case: str
) -> None:
    lines, (word, at) = BY_THE_CLOCK[case]
    rows = [f"c,{moment},{word},5" for word, moment in lines]
    rules = f"{HEAD}sources: {{transactions: t.csv}}\nfeatures: {{word: {{last: word}}, at: {{last: ordered_at}}}}\n"
    files = {
        "t.csv": "\n".join(["customer_id,ordered_at,word,amount", *rows, ""]),
        "personas.yaml": rules,
    }
    result = segment("run", "--columns", "word,at,last_order_on", files=files)
    assert result.exit_code == 0, result.err
    [(found, when, day)] = result.customers.select("word", "at", "last_order_on").rows()
    assert (found, str(when), str(day)) == (word, at, at[:10])


GIVEN = """
as_of: 2025-10-26
cases:
  - name: half past two
    orders: [{days_ago: 300, amount: 10}]
    events: [{event: login, days_ago: 0, at: "02:30"}]
    not: recent
    because: it is in the first of the two hours, which ends 22 hours before the day does
  - name: half past three
    like: half past two
    events: [{event: login, days_ago: 0, at: "03:30"}]
    expect: recent
"""


def test_persona_tests_know_the_zone(segment: Segment) -> None:
    rules = f"{HEAD}sources: {{transactions: t.csv}}\npersonas: {{recent: {{match: {{did: {{event: login, within: 22h}}}}}}}}\n"
    result = segment("test", files={"personas.yaml": rules, "personas.test.yaml": GIVEN})
    assert result.exit_code == 0, result.out + result.err
