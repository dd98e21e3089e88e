"""Doors that a user found to open too far, to leave no trace, or to lead in a circle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment

ORDERS = "customer_id,ordered_at,amount\n1,2026-11-20,10\n2,2026-11-21,10\n3,2026-11-22,10\n"
WORDS = "customer_id,opted_out,status\n1,yes,Unsubscribed\n2,ja,unsubscribed\n3,no,active\n"
HEAD = "version: 1\npersonas: {letter: {}}\n"
EVENTS = "customer_id,occurred_at,event\n"


def run(segment: Segment, rules: str, files: Mapping[str, str], *arguments: str) -> Any:
    data = {"orders.csv": ORDERS, **files, "personas.yaml": HEAD + rules}
    return segment("run", *arguments, files=data)


CRM = "sources: {transactions: orders.csv, customers: {path: crm.csv%s}}\n"


def test_a_word_that_is_neither_is_to_be_named_in_the_rule_first(segment: Segment) -> None:
    stopped = run(segment, CRM % "" + "suppress: [{opted_out: true}]", {"crm.csv": WORDS})
    assert stopped.exit_code == 3
    assert "as whoever has one of them is left out, opted_out: [ja, yes]." in stopped.err
    assert "are to suppress nobody, sign for it in the rules" in stopped.err
    named = run(segment, CRM % "" + "suppress: [{opted_out: [ja, yes]}]", {"crm.csv": WORDS})
    assert (named.exit_code, named.ids("letter")) == (0, ["3"]), named.err


SIGNED = {
    "a word that means something else": (
        CRM % ", values: {opted_out: [ja], status: [active]}" + "suppress: [{opted_out: true}]",
        {"crm.csv": WORDS},
        "declared-value",
        "opted_out holds ja (1)",
    ),
    "another spelling": (
        CRM % ", values: {status: [unsubscribed], opted_out: [yes, ja, no]}"
        + "suppress: [{status: Unsubscribed}]",
        {"crm.csv": WORDS},
        "declared-value",
        'beside "Unsubscribed" the data has unsubscribed (1)',
    ),
    "a feed without rows": (
        "sources: {transactions: orders.csv, events: {path: e.csv, event: complaint, quiet_for: 90d}}\n"
        "suppress: [{did: {event: complaint, within: 30d}}]",
        {"e.csv": EVENTS},
        "quiet-source",
        "it has no row: `quiet_for: 90d`",
    ),
    "a feed that has been silent for long": (
        "sources: {transactions: orders.csv, events: {path: e.csv, event: complaint, quiet_for: 90d}}\n"
        "suppress: [{did: {event: complaint, within: 7d}}]",
        {"e.csv": EVENTS + "1,2026-10-01,x\n"},
        "quiet-source",
        "its newest row is of 2026-10-01",
    ),
}


@pytest.mark.parametrize(("rules", "files", "code", "text"), SIGNED.values(), ids=SIGNED)
def test_what_is_signed_for_stands_in_the_manifest(
    segment: Segment, rules: str, files: Mapping[str, str], code: str, text: str
) -> None:
    result = run(segment, rules, files, "--strict")
    assert result.exit_code == 0, result.err
    assert [
        n["text"] for n in result.manifest["notices"] if n["code"] == code and text in n["text"]
    ]


@pytest.mark.parametrize(
    ("path", "file"), [("e.csv", "e.csv"), ("'in/*.csv'", "in/1.csv"), ("in", "in/1.csv")]
)
def test_a_feed_without_a_file_is_let_pass_as_its_message_says(
    segment: Segment, path: str, file: str
) -> None:
    rules = (
        "sources: {transactions: orders.csv, events: {path: %s, event: complaint%s}}\n"
        "suppress: [{did: {event: complaint, within: 30d}}]"
    )
    stopped = run(segment, rules % (path, ""), {"in/x.txt": ""})
    assert stopped.exit_code == 3
    [header] = re.findall(r"header line alone \((.*?)\)", stopped.err)
    [door] = re.findall(r"`(quiet_for: .*?)`", stopped.err)
    passed = run(segment, rules % (path, f", {door}"), {file: f"{header}\n"})
    assert (passed.exit_code, passed.ids("letter")) == (0, ["1", "2", "3"]), passed.err


def test_a_silence_can_be_signed_for_as_its_message_says(segment: Segment) -> None:
    rules = (
        "sources: {transactions: orders.csv, events: {path: e.csv%s}}\n"
        "suppress: [{did: {event: complaint, within: 7d}}]"
    )
    for rows in ("1,2026-01-10,complaint\n", "1,2026-01-10,complaint\n2,2026-11-21,login\n"):
        told = run(segment, rules % "", {"e.csv": EVENTS + rows})
        [door] = re.findall(r"quiet_for: \d+d", told.err)
        signed = run(segment, rules % f", {door}", {"e.csv": EVENTS + rows}, "--strict")
        assert signed.exit_code == 0, signed.err


def test_a_longer_silence_than_was_signed_for_is_said_as_that(segment: Segment) -> None:
    rules, files, *_ = SIGNED["a feed that has been silent for long"]
    result = run(segment, rules, {"e.csv": files["e.csv"].replace("2026-10", "2026-01")})
    assert result.exit_code == 3
    assert "Its `quiet_for: 90d` allows no longer silence." in result.err


def test_words_of_the_rules_hold_for_files_of_the_command_line(segment: Segment) -> None:
    rules = (
        "sources: {transactions: orders.csv, events: {path: e.csv, values: {campaign: [BF]}}}\n"
        "suppress: [{did: {event: send, where: {campaign: BF}}}]"
    )
    files = {"e.csv": "customer_id,occurred_at,event,campaign\n1,2026-11-01,send,XM\n"}
    result = run(segment, rules, files, "orders.csv", "--events", "e.csv")
    assert (result.exit_code, result.ids("letter")) == (0, ["1", "2", "3"]), result.err


@pytest.mark.parametrize("dtype", [pl.Date(), pl.Datetime("us"), pl.String()], ids=str)
def test_days_of_every_type_are_read_under_suppression(
    segment: Segment, tmp_path: Path, dtype: pl.DataType
) -> None:
    rules = (
        "sources: {transactions: orders.csv, events: {path: '*.parquet', event: complaint}}\n"
        "suppress: [{did: {event: complaint, within: 30d}}]"
    )
    days = pl.Series("occurred_at", [date(2026, 11, 20), date(2026, 11, 1)]).cast(dtype)
    pl.DataFrame({"customer_id": ["1", "9"]}).with_columns(days).write_parquet(
        tmp_path / "a.parquet"
    )
    result = run(segment, rules, {})
    assert (result.exit_code, result.ids("letter")) == (0, ["2", "3"]), result.err


# -- what is printed can be pasted ----------------------------------------------------------------

SHOP = {
    "crm.csv": WORDS,
    "quiet.csv": EVENTS + "1,2026-01-02,unsub\n",
    "calls.csv": EVENTS + "x9,2026-11-20,complaint\n",
}
THREE = """suppress:
  - {opted_out: true}
  - {did: {event: unsub, within: 30d}}
  - {did: complaint}
"""
FLOW = "sources: {transactions: orders.csv, customers: crm.csv, events: [{path: quiet.csv, event: unsub}, calls.csv]}\n"
BLOCK = """sources:
  transactions: orders.csv
  customers:
    path: crm.csv
    values: {opted_out: [maybe]}
  events:
    - {path: quiet.csv, event: unsub}   # of the CRM
    - calls.csv
"""
MERGED = {
    "sources in one line": (
        FLOW + THREE,
        "  personas.yaml:3:57, in place of events:\n"
        "    events: [{path: quiet.csv, event: unsub, quiet_for: 330d}, calls.csv]\n"
        "  personas.yaml:3:37, in place of customers:\n"
        "    customers: {path: crm.csv, values: {opted_out: [ja]}}\n"
        "  personas.yaml, a new line:\n"
        "    notices: {ids-do-not-meet: warn}\n",
    ),
    "sources in blocks, and notices": (
        BLOCK + THREE + "notices:\n  uncovered: off\n",
        "  personas.yaml:9:7, in place of this entry:\n"
        "    - {path: quiet.csv, event: unsub, quiet_for: 330d}\n"
        "  personas.yaml:5:3, in place of customers:\n"
        "    customers: {path: crm.csv, values: {opted_out: [maybe, ja]}}\n"
        "  personas.yaml:15:1, in place of notices (adds ids-do-not-meet: warn):\n"
        "    notices: {uncovered: off, ids-do-not-meet: warn}\n",
    ),
    "two codes": (
        "sources: {transactions: orders.csv, customers: crm.csv, events: calls.csv}\n"
        "suppress: [{did: complaint}, {vip: true}]\n",
        "  personas.yaml, a new line:\n    notices: {ids-do-not-meet: warn, column-without-values: warn}\n",
    ),
    "a word that YAML would read as another": (
        CRM % "" + "suppress: [{mood: true}]\n",
        "  personas.yaml:3:37, in place of customers:\n"
        '    customers: {path: crm.csv, values: {mood: ["-", "7, 8", "a: b"]}}\n',
    ),
}
MOODS = 'customer_id,opted_out,status,vip,mood\n1,yes,a,,-\n2,ja,b,,"7, 8"\n3,no,c,,a: b\n'


@pytest.mark.parametrize(("rules", "doors"), MERGED.values(), ids=MERGED)
def test_all_doors_are_printed_once_and_open(segment: Segment, rules: str, doors: str) -> None:
    stopped = run(segment, rules, {**SHOP, "crm.csv": MOODS})
    assert stopped.exit_code == 3
    assert stopped.err.endswith(f"To sign for what is meant, so that it stops nothing:\n{doors}")
    assert segment("run", "--json").result["doors"] in stopped.err
    opened = segment("run", files={"personas.yaml": stopped.signed})
    assert opened.exit_code == 0, opened.err


def test_strict_says_that_it_heeds_no_signature_under_notices(segment: Segment) -> None:
    rules = "sources: {transactions: orders.csv, events: calls.csv}\nsuppress: [{did: complaint}]\n"
    stopped = run(segment, rules, SHOP, "--strict")
    assert "(but for --strict, which stops at what notices sign for):" in stopped.err
    again = segment("run", "--strict", files={"personas.yaml": stopped.signed})
    assert (again.exit_code, "sign for" in again.err) == (1, False)


def test_a_door_of_more_files_than_are_told_opens_for_all(segment: Segment) -> None:
    names = [f"{i}.csv" for i in range(9)]
    entries = ", ".join(f"{{path: {name}, event: complaint}}" for name in names)
    rules = f"sources: {{transactions: orders.csv, events: [{entries}]}}\nsuppress: [{{did: complaint}}]\n"
    stopped = run(segment, rules, dict.fromkeys(names, EVENTS))
    assert (stopped.exit_code, stopped.err.count("quiet_for: 90d")) == (3, 9)
    assert segment("run", files={"personas.yaml": stopped.signed}).exit_code == 0


def test_rules_of_the_tool_are_signed_in_a_copy(segment: Segment) -> None:
    files = {"o.csv": ORDERS, "c.csv": "customer_id,consent_email\n1,yes\n2,ja\n3,no\n"}
    stopped = segment("run", "o.csv", "--customers", "c.csv", files=files)
    assert (stopped.exit_code, "sources: customers" in stopped.err) == (3, False)
    assert stopped.err.endswith(
        "To sign for what is meant, have rules of your own (segment init DIR), and write there:\n"
        "  DIR/personas.yaml:203:1, in place of notices (adds unreadable-value: warn):\n"
        "    notices: {uncovered: off, unreadable-value: warn}\n"
    )


# -- near spellings -------------------------------------------------------------------------------

NEAR = {
    "an event": (
        "{did: complaint}",
        EVENTS + "1,2026-11-20,Complaint\n",
        "event",
        "complaint",
        "Complaint",
    ),
    "a value": (
        "{did: {event: send, where: {campaign: spring}}}",
        "customer_id,occurred_at,event,campaign\n1,2026-11-20,send,Spring\n2,2026-11-20,send,x\n",
        "campaign",
        "spring",
        "Spring",
    ),
}


@pytest.mark.parametrize(("rule", "feed", "column", "asked", "held"), NEAR.values(), ids=NEAR)
def test_a_value_in_another_spelling_is_told_with_both_ways_out(
    segment: Segment, rule: str, feed: str, column: str, asked: str, held: str
) -> None:
    rules = f"sources: {{transactions: orders.csv, events: e.csv}}\nsuppress: [{rule}]\n"
    stopped = run(segment, rules, {"e.csv": feed})
    assert stopped.exit_code == 3
    assert stopped.err.splitlines()[1:] == [
        f"  Write it as the data has it: {held}. Only if it is another value, and is still to come, sign for it in the rules.",
        "To sign for what is meant, so that it stops nothing:",
        "  personas.yaml:3:37, in place of events:",
        f"    events: {{path: e.csv, values: {{{column}: [{asked}, {held}]}}}}",
    ]
    signed = segment("run", files={"personas.yaml": stopped.signed})
    assert (signed.exit_code, signed.ids("letter")) == (0, ["1", "2", "3"]), signed.err
    mended = run(segment, rules.replace(asked, held), {})
    assert (mended.exit_code, mended.ids("letter")) == (0, ["2", "3"]), mended.err
