"""What a joined file says of who must not be written to, or whose a row is, is not lost with its key."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import LISTED, Scenario, crm, held, table

JOIN = "join: {path: k.csv, key: email}"
KEYS = table("email,customer_id\n", *(f"{i}@x.de,{i}" for i in "123456"))


def by_mail(
    source: str, suppress: str, head: str, *rows: str, table_of: str = "events"
) -> Scenario:
    files = {"e.csv": table(head, *rows), "k.csv": KEYS}
    if table_of == "customers":
        return Scenario(suppress, files, events="", customers=source)
    return Scenario(suppress, files, source)


FEED = f"{{path: e.csv, event: complaint, {JOIN}}}"
MAIL = "email,occurred_at\n"
AGREED = "email,opted_out\n"


def consents(*rows: str, key: str = "customer_id") -> Scenario:
    """Customers to whom another file joins what they said."""
    files = {
        "c.csv": crm(*(f"{i},x" for i in "123456"), head="customer_id,city"),
        "k.csv": crm(*rows, head=f"{key},opted_out"),
    }
    keys = "customer_id" if key == "customer_id" else f"{{customer_id: {key}}}"
    source = f"{{path: c.csv, join: {{path: k.csv, key: {keys}, optional: true}}}}"
    return Scenario("{opted_out: true}", files, events="", customers=source)


STOPS = {
    "an event of nobody knows whom": by_mail(
        FEED, "{did: complaint}", MAIL, "1@x.de,2026-03-01", "2@home.de,2026-03-01"
    ),
    "a row of customers of nobody knows whom": by_mail(
        f"{{path: e.csv, {JOIN}}}",
        "{opted_out: {is_not: false}}",
        AGREED,
        *(f"{i}@x.de,no" for i in "13456"),
        "2@home.de,yes",
        table_of="customers",
    ),
    "a consent whose key is in capitals": Scenario(
        "{opted_out: true}",
        {
            "t.csv": "customer_id,ordered_at,amount\na,2026-03-10,5\nb,2026-03-10,5\n",
            "c.csv": "customer_id,city\na,x\nb,y\n",
            "k.csv": "customer_id,opted_out\na,no\nB,yes\n",
        },
        events="",
        customers="{path: c.csv, join: {path: k.csv, key: customer_id, optional: true}}",
        everybody="ab",
    ),
    "a consent whose key has zeros": consents("01,yes", *LISTED[1:]),
    "a consent under another name": consents("01,yes", *LISTED[1:], key="nr"),
}
RIGHT = {
    "all have a partner": (by_mail(FEED, "{did: complaint}", MAIL, "1@x.de,2026-03-01"), "1"),
    "a partner that may be lacking": (
        by_mail(
            FEED.replace("key: email", "key: email, optional: true"),
            "{did: complaint}",
            MAIL,
            "1@x.de,2026-03-01",
            "2@home.de,2026-03-01",
        ),
        "1",
    ),
    "an id of their own": (
        by_mail(
            "{path: e.csv, event: complaint, join: {path: k.csv, key: email}, columns: {customer_id: nr}}",
            "{did: complaint}",
            "nr,email,occurred_at\n",
            "1,1@x.de,2026-03-01",
            "2,2@home.de,2026-03-01",
        ),
        "12",
    ),
    "a consent that few have": (consents("1,yes", "3,no"), "1"),
}


@pytest.mark.parametrize("it", STOPS.values(), ids=STOPS)
def test_a_no_that_a_join_may_lose_stops_the_run(segment: Segment, it: Scenario) -> None:
    held(segment, it)


@pytest.mark.parametrize(("it", "gone"), RIGHT.values(), ids=RIGHT)
def test_what_is_joined_suppresses(segment: Segment, it: Scenario, gone: str) -> None:
    done = segment("run", files=it.written())
    assert (done.exit_code, sorted({*it.everybody} - {*done.ids("p")})) == (0, [*gone]), done.err
