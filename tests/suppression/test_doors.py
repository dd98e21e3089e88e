"""Doors that a user found to open too far, to leave no trace, or to lead in a circle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ORDERS = "customer_id,ordered_at,amount\n1,2026-11-20,10\n2,2026-11-21,10\n3,2026-11-22,10\n"
WORDS = "customer_id,opted_out,status\n1,yes,Unsubscribed\n2,ja,unsubscribed\n3,no,active\n"
HEAD = "version: 1\npersonas: {letter: {}}\n"
EVENTS = "customer_id,occurred_at,event\n"


def run(segment: Any, rules: str, files: Mapping[str, str], *arguments: str) -> Any:
    data = {"orders.csv": ORDERS, **files, "personas.yaml": HEAD + rules}
    return segment("run", *arguments, files=data)


CRM = "sources: {transactions: orders.csv, customers: {path: crm.csv%s}}\n"


def test_a_word_that_is_neither_is_to_be_named_in_the_rule_first(segment: Any) -> None:
    stopped = run(segment, CRM % "" + "suppress: [{opted_out: true}]", {"crm.csv": WORDS})
    assert stopped.exit_code == 3
    assert "name a word that means no in the rule, opted_out: [WORD]" in stopped.err
    assert "suppresses nobody: values: {opted_out: [ja]}" in stopped.err
    named = run(segment, CRM % "" + "suppress: [{opted_out: [true, ja]}]", {"crm.csv": WORDS})
    assert (named.exit_code, named.ids("letter")) == (0, ["3"]), named.err


SIGNED = {
    "a word that means something else": (
        CRM % ", values: {opted_out: [ja]}" + "suppress: [{opted_out: true}]",
        {"crm.csv": WORDS}, "declared-value", "opted_out holds ja (1)",
    ),
    "another spelling": (
        CRM % ", values: {status: [unsubscribed]}" + "suppress: [{status: Unsubscribed}]",
        {"crm.csv": WORDS}, "declared-value", 'beside "Unsubscribed" the data has unsubscribed (1)',
    ),
    "a feed without rows": (
        "sources: {transactions: orders.csv, events: {path: e.csv, event: complaint, quiet_for: 90d}}\n"
        "suppress: [{did: {event: complaint, within: 30d}}]",
        {"e.csv": EVENTS}, "quiet-source", "it has no row: `quiet_for: 90d`",
    ),
    "a feed that has been silent for long": (
        "sources: {transactions: orders.csv, events: {path: e.csv, event: complaint, quiet_for: 90d}}\n"
        "suppress: [{did: {event: complaint, within: 7d}}]",
        {"e.csv": EVENTS + "1,2026-10-01,x\n"}, "quiet-source", "its newest row is of 2026-10-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "files", "code", "text"), SIGNED.values(), ids=SIGNED)
def test_what_is_signed_for_stands_in_the_manifest(
    segment: Any, rules: str, files: Mapping[str, str], code: str, text: str
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
    segment: Any, path: str, file: str
) -> None:
    rules = ("sources: {transactions: orders.csv, events: {path: %s, event: complaint%s}}\n"
             "suppress: [{did: {event: complaint, within: 30d}}]")  # fmt: skip
    stopped = run(segment, rules % (path, ""), {"in/x.txt": ""})
    assert stopped.exit_code == 3
    [header] = re.findall(r"header line alone \((.*?)\)", stopped.err)
    [door] = re.findall(r"`(quiet_for: .*?)`", stopped.err)
    passed = run(segment, rules % (path, f", {door}"), {file: f"{header}\n"})
    assert (passed.exit_code, passed.ids("letter")) == (0, ["1", "2", "3"]), passed.err


def test_a_silence_can_be_signed_for_as_its_message_says(segment: Any) -> None:
    rules = ("sources: {transactions: orders.csv, events: {path: e.csv%s}}\n"
             "suppress: [{did: {event: complaint, within: 7d}}]")  # fmt: skip
    for rows in ("1,2026-01-10,complaint\n", "1,2026-01-10,complaint\n2,2026-11-21,login\n"):
        told = run(segment, rules % "", {"e.csv": EVENTS + rows})
        [door] = re.findall(r"`(quiet_for: .*?)`", told.err)
        signed = run(segment, rules % f", {door}", {"e.csv": EVENTS + rows}, "--strict")
        assert signed.exit_code == 0, signed.err


def test_a_longer_silence_than_was_signed_for_is_said_as_that(segment: Any) -> None:
    rules, files, *_ = SIGNED["a feed that has been silent for long"]
    result = run(segment, rules, {"e.csv": files["e.csv"].replace("2026-10", "2026-01")})
    assert result.exit_code == 3
    assert "Its `quiet_for: 90d` allows no longer silence, `quiet_for: 330d` would." in result.err


def test_words_of_the_rules_hold_for_files_of_the_command_line(segment: Any) -> None:
    rules = (
        "sources: {transactions: orders.csv, events: {path: e.csv, values: {campaign: [BF]}}}\n"
        "suppress: [{did: {event: send, where: {campaign: BF}}}]"
    )
    files = {"e.csv": "customer_id,occurred_at,event,campaign\n1,2026-11-01,send,XM\n"}
    result = run(segment, rules, files, "orders.csv", "--events", "e.csv")
    assert (result.exit_code, result.ids("letter")) == (0, ["1", "2", "3"]), result.err


@pytest.mark.parametrize("dtype", [pl.Date(), pl.Datetime("us"), pl.String()], ids=str)
def test_days_of_every_type_are_read_under_suppression(
    segment: Any, tmp_path: Path, dtype: pl.DataType
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
