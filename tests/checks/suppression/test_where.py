"""The `where` of a source that suppression reads loses no "no": it is asked what a rule's own `where` is asked."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import LISTED, Scenario, crm, held, table

KIND = "customer_id,occurred_at,kind\n"


def feed(where: str, *rows: str, head: str = KIND) -> Scenario:
    source = f"{{path: e.csv, event: complaint, where: {where}}}"
    return Scenario("{did: complaint}", {"e.csv": table(head, *rows)}, source)


def listed(where: str, *rows: str) -> Scenario:
    customers = f"{{path: c.csv, where: {where}}}"
    files = {"c.csv": crm(*rows, head="customer_id,opted_out,typ")}
    return Scenario("{opted_out: {is_not: false}}", files, events="", customers=customers)


OTHERS = [f"{row},person" for row in LISTED[2:]]
STOPS = {
    "a flag in another language": feed("{kind: true}", "1,2026-03-01,yes", "2,2026-03-01,ja"),
    "not of a flag": feed("{kind: {is_not: false}}", "1,2026-03-01,yes", "2,2026-03-01,nein"),
    "a bound of numbers": feed("{kind: {at_most: 2}}", "1,2026-03-01,1", "2,2026-03-01,one"),
    "a bound of days": feed(
        "{kind: {at_least: 2026-01-01}}", "1,2026-03-01,2026-02-01", "2,2026-03-01,today"
    ),
    "a number": feed("{kind: 1}", "1,2026-03-01,1", "2,2026-03-01,one"),
    "a word in other capitals": feed(
        "{kind: complaint}", "1,2026-03-01,complaint", "2,2026-03-01,Complaint"
    ),
    "one of several in another spelling": feed(
        "{kind: [complaint, opt_out]}", "1,2026-03-01,complaint", "2,2026-03-01,Opt-Out"
    ),
    "a part of a text": feed(
        "{kind: {contains: compl}}", "1,2026-03-01,complaint", "2,2026-03-01,Complaint"
    ),
    "customers": listed("{typ: person}", "1,no,person", "2,yes,Person", *OTHERS),
    "within any": feed(
        "{any: [{kind: true}, {customer_id: '3'}]}", "1,2026-03-01,yes", "2,2026-03-01,ja"
    ),
}
RIGHT = {
    "flags": (feed("{kind: true}", "1,2026-03-01,yes", "2,2026-03-01,No", "3,2026-03-01,"), "1"),
    "numbers": (feed("{kind: {at_most: 2}}", "1,2026-03-01,1", '2,2026-03-01,"3,5"'), "1"),
    "days": (
        feed(
            "{kind: {at_least: 2026-01-01}}", "1,2026-03-01,2026-02-01", "2,2026-03-01,2025-02-01"
        ),
        "1",
    ),
    "words": (feed("{kind: complaint}", "1,2026-03-01,complaint", "2,2026-03-01,visit"), "1"),
    "a word that is still to come": (
        feed("{kind: [complaint, fax]}", "1,2026-03-01,complaint", "2,2026-03-01,visit"),
        "1",
    ),
}


@pytest.mark.parametrize("it", STOPS.values(), ids=STOPS)
def test_what_where_may_have_missed_stops_the_run(segment: Segment, it: Scenario) -> None:
    held(segment, it)


@pytest.mark.parametrize(("it", "gone"), RIGHT.values(), ids=RIGHT)
def test_what_where_reads_is_right(segment: Segment, it: Scenario, gone: str) -> None:
    done = segment("run", files=it.written())
    assert (done.exit_code, sorted({*it.everybody} - {*done.ids("p")})) == (0, [*gone]), done.err
