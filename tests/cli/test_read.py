"""`--read`: the keys of a source that say how its files are written, for files of the command line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from harness import Segment
from pasting import EVERYONE

RULES = {"personas.yaml": EVERYONE}
COMMA = b'customer_id,date,amount\n1,2024-01-01,"1,234"\n'
DAYS = b"customer_id,date,amount\n1,03/04/2024,5\n2,05/06/2024,7\n"
TITLES = b"My shop\nexported today\ncustomer_id,date,amount\n1,2024-01-01,5\n"
NO_HEADER = b"17850,2024-01-05,91.40\n17850,2024-01-06,9.40\n17851,2024-01-05,1.40\n"
SIGNED = b"customer_id;date;amount\n1;2024-01-01;1.234\n1;2024-01-02;free\n"

#: a file, what is said of it -> the money of all
SAID: dict[str, tuple[bytes, list[str], float]] = {
    "a decimal comma": (COMMA, ["decimal=,"], 1.234),
    "a decimal point": (COMMA, ["decimal=."], 1234),
    "keys of number": (SIGNED, ["number={thousands: ., zero: [free]}"], 1234),
    "a mapping and a word": (SIGNED, ["number={zero: [free]}", "decimal=."], 1.234),
    "a format of dates": (DAYS, ["date_format=%d/%m/%Y"], 12),
    "a number": (TITLES, ["skip_lines=2"], 5),
    "a list in brackets": (NO_HEADER, ["header=[customer_id, date, amount]"], 102.2),
    "a list": (NO_HEADER, ["header=customer_id, date, amount"], 102.2),
    "a word that is a list": (
        b"customer_id,date,amount\n1,2024-01-01,5\nguest,2024-01-01,6\n",
        ["missing=guest"],
        5,
    ),
    "a sign in quotes": (b"customer_id\tdate\tamount\n1\t2024-01-01\t5\n", ['delimiter="\\t"'], 5),
    "a sign": (b"customer_id^date^amount\n1^2024-01-01^5\n", ["delimiter=^"], 5),
    "an encoding": (
        "customer_id,date,Größe,amount\n1,2024-01-01,x,5\n".encode("cp1252"),
        ["encoding=cp1252"],
        5,
    ),
    "rates": (
        b"customer_id,date,amount,currency\n1,2024-01-01,5,EUR\n1,2024-01-02,5,USD\n",
        ["rates={EUR: 1, USD: 0.5}"],
        7.5,
    ),
    "with its table": (DAYS, ["transactions.date_format=%m/%d/%Y"], 12),
    "cells that go on": (
        b"customer_id,order,date,amount\n1,A,2024-01-01,5\n,A,2024-01-01,6\n",
        ["fill_down=order,customer_id"],
        11,
    ),
}


@pytest.mark.parametrize(("rows", "said", "money"), SAID.values(), ids=SAID)
def test_an_option_says_what_a_key_of_a_source_says(
    segment: Segment, rows: bytes, said: list[str], money: float
) -> None:
    options = [word for one in said for word in ("--read", one)]
    done = segment("run", "o.csv", *options, files={"o.csv": rows} | RULES)
    assert done.exit_code == 0, done.err
    assert sum(map(float, done.customers["monetary"])) == pytest.approx(money)


def test_it_stands_beside_maps_and_wheres_and_holds_for_all_transactions(segment: Segment) -> None:
    head = "Wer;date;Summe;Status\n"
    files = {
        "a.csv": f"{head}1;03/04/2024;1,234;paid\n2;05/04/2024;9,000;void\n",
        "b.csv": f"{head}1;04/04/2024;2,000;paid\n",
    }
    said = ["--read", "decimal=,", "--read", "date_format=%d/%m/%Y"]
    options = [*said, "--map", "customer_id=Wer", "--map", "amount=Summe", "--where", "Status=paid"]
    done = segment("run", *files, *options, files=files | RULES)
    assert done.exit_code == 0, done.err
    assert [float(money) for money in done.customers["monetary"]] == [3.234]


def test_files_of_other_tables_are_named(segment: Segment) -> None:
    people = "customer_id;Stadt\n1;Köln\n".encode("cp1252")
    files = {"o.csv": "customer_id,date,amount\n1,2024-01-01,5\n", "c.csv": people}
    rules = "version: 1\npersonas: {everyone: {columns: [Stadt]}}\n"
    stopped = segment(
        "run", "o.csv", "--customers", "c.csv", files=files | {"personas.yaml": rules}
    )
    [pasted] = stopped.tried
    assert pasted.endswith("--read customers.encoding=windows-1252")
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, done.customers["Stadt"].to_list()) == (0, ["Köln"])


@pytest.mark.parametrize("command", ["value", "history"])
def test_other_commands_that_take_transactions_take_it(segment: Segment, command: str) -> None:
    done = segment(command, "o.csv", "--read", "skip_lines=1", files={"o.csv": TITLES} | RULES)
    assert "Its columns: exported today\n" in done.err


def test_who_writes_rules_takes_it(segment: Segment) -> None:
    said = ("--read", "date_format=%d/%m/%Y", "--read", "skip_lines=2")
    files = {"o.csv": b"My shop\nexported today\n" + DAYS}
    assert segment("init", "--from", "o.csv", *said, files=files).exit_code == 0
    written = Path("personas.yaml").read_text()
    assert "    skip_lines: 2\n" in written
    assert '    date_format: "%d/%m/%Y"\n' in written
    assert segment("run").exit_code == 0
    wrong = segment("init", "x", "--from", "o.csv", "--read", "customers.encoding=x")
    assert (wrong.exit_code, "customers on the command line" in wrong.err) == (2, True)


WRONG = {
    "no key": ("decimal", "--read decimal: it says no key"),
    "no value": ("decimal=", "--read decimal=: it says no key"),
    "another word": ("decimal=x", '--read decimal=x: decimal: expected "." or ",", not "x"'),
    "no number": ("skip_lines=many", "expected a whole number from 0 to 10000"),
    "a misspelling": ("encodng=x", "Nearest: encoding. There are: "),
    "a key of number": (
        "thousands=.",
        "Write it as one of number: --read 'number={thousands: …}'.",
    ),
    "what --map says": ("columns={amount: x}", "That is --map OURS=THEIRS."),
    "what --where says": ("where={amount: x}", "That is --where CONDITION."),
    "no table": ("orders.encoding=x", "orders is no table"),
    "a table without a file": (
        "customers.encoding=x",
        "--read is about customers on the command line, and there are none",
    ),
    "a key that says nothing of the table": ("latest_by=date", "here every row counts"),
    "no YAML": ("number={", "--read 'number={'"),
}


@pytest.mark.parametrize(("said", "told"), WRONG.values(), ids=WRONG)
def test_what_says_nothing_is_told(segment: Segment, said: str, told: str) -> None:
    done = segment("run", "o.csv", "--read", said, files={"o.csv": COMMA} | RULES)
    assert (done.exit_code, told in done.err) == (2, True), done.err


def test_a_key_is_said_once(segment: Segment) -> None:
    twice = ("--read", "decimal=,", "--read", "decimal=.")
    done = segment("run", "o.csv", *twice, files={"o.csv": COMMA} | RULES)
    assert "decimal is said twice" in done.err


def test_keys_that_contradict_each_other_are_told(segment: Segment) -> None:
    both = ("--read", "decimal=,", "--read", "number={decimal: .}")
    done = segment("run", "o.csv", *both, files={"o.csv": COMMA} | RULES)
    assert (done.exit_code, "--read: decimal and number say" in done.err) == (2, True), done.err


#: a file that a run stops at -> the options that are printed, each way one
PRINTED: dict[str, tuple[bytes, list[str]]] = {
    "an encoding": (
        "customer_id,date,amount,city\n1,2024-01-01,5,Köln\n".encode("windows-1252"),
        ["--read encoding=windows-1252"],
    ),
    "which day comes first": (
        DAYS,
        ["--read date_format=%m/%d/%Y", "--read date_format=%d/%m/%Y"],
    ),
    "what a comma marks": (COMMA, ["--read decimal=,", "--read decimal=."]),
    "titles": (TITLES, ["--read skip_lines=2"]),
    "no header": (NO_HEADER, ["--read 'header=[customer_id, ordered_at, amount]'"]),
    "titles above dates that read in two ways": (
        b"My shop\nexported today\n" + DAYS,
        [
            "--read skip_lines=2 --read date_format=%m/%d/%Y",
            "--read skip_lines=2 --read date_format=%d/%m/%Y",
        ],
    ),
    "titles above names that nobody knows": (
        b"My shop\nexported today\nKdnr,Tag,Wieviel\nA1,2024-01-01,5.50\nA1,2024-01-02,6.50\nB2,2024-01-03,7.50\n",
        ["--read skip_lines=2 --map ordered_at=Tag --map amount=Wieviel"],
    ),
}


@pytest.mark.parametrize(("rows", "printed"), PRINTED.values(), ids=PRINTED)
def test_what_a_stop_advises_is_printed_as_commands_that_run(
    segment: Segment, rows: bytes, printed: list[str]
) -> None:
    done = segment("run", "o.csv", files={"o.csv": rows} | RULES)
    found = re.findall(r"^  (?:Try|Either|Or|If so): segment (.*)$", done.err, re.MULTILINE)
    assert (done.exit_code, found) == (3, [f"run o.csv {one}" for one in printed]), done.err
    for command in found:
        assert segment(*shlex.split(command)).exit_code == 0
    assert segment("init", "x", "--from", "o.csv").exit_code == 0
    Path("rules.yaml").write_text(EVERYONE + "sources: {transactions: o.csv}\n")
    by_rules = segment("run", "--config", "rules.yaml")
    assert (by_rules.exit_code, "segment " in by_rules.err) == (3, False), by_rules.err


def test_files_that_would_be_read_alike_are_led_to_rules(segment: Segment) -> None:
    files = {"a.csv": "customer_id,date,amount\n1,2024-01-01,5\n", "b.csv": DAYS}
    done = segment("run", *files, files=files | RULES)
    assert "No option says it; segment init --from a.csv --from b.csv writes rules" in done.err
    assert "--read" not in done.err
