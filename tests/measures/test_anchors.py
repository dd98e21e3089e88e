"""What follows what, to the second: `after` any such event and `since` the latest.

One run holds all rules. Each customer browses at noon and logs in when their name says; who logs in
after that has ordered two seconds after a day from the login, the others at the moment of the login.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from harness import Segment

NOON = datetime.fromisoformat("2026-03-10T12:00")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LOGINS = {
    "a second before": NOON - SECOND,
    "at that moment": NOON,
    "a second after": NOON + SECOND,
    "a day after": NOON + DAY,
    "a day and a second after": NOON + DAY + SECOND,
}
LATER = ["a day after", "a day and a second after", "a second after"]
NOT_LATER = ["a second before", "at that moment"]
RULES = {
    "{did: {event: login, after: browse}}": LATER,
    "{did: {event: login, after: browse, within: 1d}}": ["a day after", "a second after"],
    "{did: {event: login, after: browse, within: 24h}}": ["a day after", "a second after"],
    "{did: {event: login, since: browse}}": LATER,
    "{did_not: {event: login, since: browse}}": NOT_LATER,
    "{did: {event: purchase, after: login}}": LATER,
    "{did: {event: purchase, after: login, within: 1d}}": [],
    "{did: {event: purchase, after: login, within: 25h}}": LATER,
    "{did: {event: purchase, since: login}}": LATER,
    "{did_not: {event: purchase, since: login}}": NOT_LATER,
    "{did: {event: login, after: purchase}}": [],
    "{did: {event: login, since: purchase}}": [],
    "{did: {event: purchase, after: {event: login, after: browse}}}": LATER,
    # everybody visits a day after noon, and once more at the midnight after: a date is its midnight
    "{did: {event: login, after: visit}}": ["a day and a second after"],
    "{did: {event: login, since: visit}}": [],
}


def test_what_follows_comes_later_and_not_at_the_same_moment(segment: Segment) -> None:
    orders = [
        f"{who},{at + DAY + 2 * SECOND if who in LATER else at},5" for who, at in LOGINS.items()
    ]
    events = [f"{who},{NOON},browse\n{who},{at},login" for who, at in LOGINS.items()]
    visits = [f"{who},{at},visit" for who in LOGINS for at in (NOON + DAY, "2026-03-12")]
    personas = "".join(f"  p{i}: {{match: {match}}}\n" for i, match in enumerate(RULES))
    result = segment(
        "run",
        files={
            "t.csv": "\n".join(["customer_id,ordered_at,amount", *orders, ""]),
            "e.csv": "\n".join(["customer_id,occurred_at,event", *events, *visits, ""]),
            "personas.yaml": f"version: 1\nsources: {{transactions: t.csv, events: e.csv}}\npersonas:\n{personas}",
        },
    )
    assert result.exit_code == 0, result.err
    assert {match: result.ids(f"p{i}") for i, match in enumerate(RULES)} == RULES
