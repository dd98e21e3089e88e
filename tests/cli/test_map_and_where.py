"""`--map` and `--where`: the same as `columns` and `where` of a source, for files of the command line."""

from __future__ import annotations

import pytest
from harness import Segment

FILE = (
    "Order,Email,Created at,State,Total,Tax,Note\n"
    "A,ann@x.de,2024-01-02,paid,100.00,10.00,\n"
    "B,bob@x.de,2024-01-03,cancelled,20.00,2.00,x\n"
    'C,bob@x.de,2024-01-04,"sent, in part",30.00,3.00,\n'
    'D,cem@x.de,2024-01-05,paid,"1,000.00",,true\n'
)
RULES = "version: 1\npersonas: {everyone: {columns: [frequency, monetary]}}\nnotices: {unchosen-rows: off}\n"

#: options -> the customers and the spend of each
SAID: dict[str, tuple[list[str], dict[str, float]]] = {
    "none": ([], {"ann": 100, "bob": 50, "cem": 1000}),
    "a column": (["--map", "customer_id=Email"], {"ann": 100, "bob": 50, "cem": 1000}),
    "another column": (["--map", "amount=Tax", "--where", "Tax!="], {"ann": 10, "bob": 5}),
    "a formula": (["--map", "amount=Total - Tax"], {"ann": 90, "bob": 45, "cem": 1000}),
    "a number": (["--map", "amount=1"], {"ann": 1, "bob": 2, "cem": 1}),
    "a header in quotes": (["--map", 'amount="Tax"', "--where", "Tax>=3"], {"ann": 10, "bob": 3}),
    "a value": (["--where", "State=paid"], {"ann": 100, "cem": 1000}),
    "with blanks": (["--where", "State = paid "], {"ann": 100, "cem": 1000}),
    "as others write it": (["--where", "State==paid"], {"ann": 100, "cem": 1000}),
    "not a value": (["--where", "State!=cancelled"], {"ann": 100, "bob": 30, "cem": 1000}),
    "one of two": (["--where", "State=paid, cancelled"], {"ann": 100, "bob": 20, "cem": 1000}),
    "neither": (["--where", "State!=paid,cancelled"], {"bob": 30}),
    "a comma in quotes": (["--where", 'State="sent, in part"'], {"bob": 30}),
    "at least": (["--where", "Total>=30"], {"ann": 100, "bob": 30, "cem": 1000}),
    "more": (["--where", "Total>30"], {"ann": 100, "cem": 1000}),
    "less": (["--where", "Total<30"], {"bob": 20}),
    "at most": (["--where", "Total<=30"], {"bob": 50}),
    "a day": (["--where", "Created at>=2024-01-04"], {"bob": 30, "cem": 1000}),
    "missing": (["--where", "Note="], {"ann": 100, "bob": 30}),
    "there": (["--where", "Note!="], {"bob": 20, "cem": 1000}),
    "a flag": (["--where", "Note=true"], {"cem": 1000}),
    "as in rules": (["--where", "{State: {starts_with: pa}}"], {"ann": 100, "cem": 1000}),
    "both": (["--where", "State=paid", "--where", "Total<500"], {"ann": 100}),
}


@pytest.mark.parametrize(("options", "spend"), SAID.values(), ids=SAID)
def test_options_say_what_keys_of_sources_say(
    segment: Segment, options: list[str], spend: dict[str, float]
) -> None:
    done = segment("run", "t.csv", *options, files={"t.csv": FILE, "personas.yaml": RULES})
    assert done.exit_code == 0, done.err
    found = zip(done.customers["customer_id"], done.customers["monetary"], strict=True)
    assert {who.removesuffix("@x.de"): float(money) for who, money in found} == spend


@pytest.mark.parametrize("command", ["value", "history"])
def test_other_commands_that_take_transactions_take_them_too(
    segment: Segment, command: str
) -> None:
    options = ("--map", "amount=Total - Tax", "--where", "State=nobody")
    done = segment(command, "t.csv", *options, files={"t.csv": FILE, "personas.yaml": RULES})
    assert "4 set aside (not chosen by where (State))" in done.err


WRONG = {
    "no column": (["--map", "customer_id"], "--map customer_id: it names no column"),
    "nothing": (["--map", "customer_id="], "--map customer_id=: it names no column"),
    "twice": (["--map", "amount=Tax", "--map", "amount=Total"], "amount is mapped twice"),
    "a word alone": (["--where", "paid"], "--where paid: it compares nothing"),
    "no bound": (["--where", "Total>="], "--where 'Total>=': at_least takes a number or a date"),
    "two bounds": (["--where", "Total>=1,2"], "at_least takes a number or a date, not a list"),
    "no operator": (["--where", "{Total: {atleast: 2}}"], '"atleast" is not an operator'),
    "no YAML": (["--where", "{Total"], "--where '{Total'"),
    "no rank": (["--where", "{Total: {top_percent: 2}}"], "cannot stand inside `where`"),
    "no column made so": (["--map", "amount={sum: 3}"], "expected a column's name"),
}


@pytest.mark.parametrize(("options", "said"), WRONG.values(), ids=WRONG)
def test_what_says_nothing_is_told(segment: Segment, options: list[str], said: str) -> None:
    done = segment("run", "t.csv", *options, files={"t.csv": FILE, "personas.yaml": RULES})
    assert (done.exit_code, said in done.err) == (2, True), done.err


ABSENT = {
    "a mapped column": (
        ["--map", "customer_id=E-Mail"],
        'customer_id is mapped to the column "E-Mail"',
    ),
    "a column that chooses": (["--where", "Stat=paid"], 'where names the column "Stat"'),
}


@pytest.mark.parametrize(("options", "said"), ABSENT.values(), ids=ABSENT)
def test_a_column_that_is_not_there_is_told(
    segment: Segment, options: list[str], said: str
) -> None:
    done = segment("run", "t.csv", *options, files={"t.csv": FILE, "personas.yaml": RULES})
    assert (done.exit_code, said in done.err) == (3, True), done.err


def test_they_are_about_files_of_the_command_line(sample: object, segment: Segment) -> None:
    done = segment("run", "--map", "amount=1")
    assert done.exit_code == 2
    assert "--map is about transactions on the command line, and there are none" in done.err
