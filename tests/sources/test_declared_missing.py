"""`missing` of a source: words that say nothing, of ids, texts and dates, and of one column's numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from harness import Segment

ROWS = """\
customer_id,order_id,ordered_at,amount,department,tax,shipped
1,A,2026-01-02,10.00,Shoes,1.5,2026-01-05
2,B,1900-01-01,12.00,Shoes,2,2026-01-05
3,C,2026-01-03,1200.00,unknown,0,1900-01-01
3,D,0000-00-00,8.00,Hats,n/a,
4,E,2026-01-05,0.00, unknown ,3,1900-01-01 00:00:00
guest,F,2026-01-05T10:00:00,4.00,guest,3,2026-01-05
"""
CUSTOMERS = """\
customer_id,birthday,city,score
1,1990-01-01,Rome,10
3,1900-01-01,unknown,0
4,unknown,Bonn,1900
"""
RULES = """\
version: 1
base: everyone
sources:
  transactions: {{path: t.csv{lines}}}
  customers: {{path: c.csv{customers}}}
features:
  least_tax: {{min: tax}}
  mean_tax: {{mean: tax}}
  shipped: {{last: shipped}}
personas:
  everyone: {{columns: [monetary, top_department, least_tax, mean_tax, shipped, birthday, city, score]}}
  old: {{match: {{birthday: {{at_most: 1985-01-01}}}}}}
  poor: {{match: {{score: {{at_most: 5}}}}}}
  silent: {{match: {{birthday: {{missing: true}}}}}}
"""
Expected = tuple[str, str, Mapping[str, int], Mapping[str, str], Mapping[str, list[str]]]

#: missing of lines and of customers -> rows set aside, lines of the audience, and who is in
TABLE: Mapping[str, Expected] = {
    "every column": (
        "[1900-01-01, 0000-00-00, unknown, guest, 0]",
        "[1900-01-01, unknown, 0]",
        {"no customer": 1, "no date, by missing": 2},
        {
            "1": "10.00,Shoes,1.5,1.5,2026-01-05,1990-01-01,Rome,10",
            "3": "1200.00,,0,0.0,,,,0",
            "4": "0.00,,,,,,Bonn,1900",
        },
        {"old": [], "poor": ["3"], "silent": ["3", "4"]},
    ),
    "one column of numbers": (
        "{amount: [0], tax: [0], ordered_at: [1900-01-01, 0000-00-00], customer_id: [guest]}",
        "{score: [0]}",
        {"no customer": 1, "no date, by missing": 2, "no amount, by missing": 1},
        {
            "1": "10.00,Shoes,1.5,1.5,2026-01-05,1990-01-01,Rome,10",
            "3": "1200.00,unknown,,,1900-01-01,1900-01-01,unknown,",
            "4": "0.00,,,,,unknown,Bonn,1900",
        },
        {"old": ["3"], "poor": [], "silent": []},
    ),
    "the file's own name": (
        "{department: [Hats, unknown], shipped: [1900-01-01], ordered_at: [0000-00-00, 1900-01-01]}",
        "{birthday: [unknown]}",
        {"no date, by missing": 2},
        {
            "3": "1200.00,,0,0.0,,1900-01-01,unknown,0",
            "4": "0.00,,,,,,Bonn,1900",
            "guest": "4.00,guest,3,3.0,2026-01-05,,,",
        },
        {"old": ["3"], "silent": ["4", "guest"]},
    ),
}


@pytest.mark.parametrize(
    ("lines", "customers", "aside", "audience", "members"), TABLE.values(), ids=TABLE
)
def test_what_is_declared_to_say_nothing_is_missing(
    segment: Segment,
    lines: str,
    customers: str,
    aside: Mapping[str, int],
    audience: Mapping[str, str],
    members: Mapping[str, list[str]],
) -> None:
    rules = RULES.format(lines=f", missing: {lines}", customers=f", missing: {customers}")
    done = segment("run", files={"t.csv": ROWS, "c.csv": CUSTOMERS, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    read = done.manifest["inputs"][0]
    assert (read["rows_set_aside"], read["rows_rejected"]) == (aside, 0)
    written = (done.run / "personas" / "everyone.csv").read_text().splitlines()[1:]
    found = dict(line.split(",", 1) for line in written)
    assert {who: found[who] for who in audience} == audience
    assert {name: done.ids(name) for name in members} == members


def test_where_sees_cells_as_they_stand(segment: Segment) -> None:
    keys = ", where: {department: unknown}, missing: [unknown]"
    rules = RULES.format(lines=keys, customers="").replace("base: everyone\n", "")
    done = segment("run", files={"t.csv": ROWS, "c.csv": CUSTOMERS, "personas.yaml": rules})
    assert done.ids("everyone") == ["3"], done.err
    line = (done.run / "personas" / "everyone.csv").read_text().splitlines()[1]
    assert line.startswith("3,1200.00,,")


def test_an_event_that_says_nothing_is_set_aside(segment: Segment) -> None:
    events = "customer_id,occurred_at,event\n1,2026-01-01,visit\n1,2026-01-01,unknown\n1,1900-01-01,visit\n"
    rules = (
        "version: 1\nsources: {transactions: t.csv, events: {path: e.csv, missing: [unknown, 1900-01-01]}}\n"
        "personas: {came: {match: {did: {event: visit}}}}\nnotices: {broken-feed: warn}\n"
    )
    done = segment("run", files={"t.csv": ROWS, "e.csv": events, "personas.yaml": rules})
    [read] = [one for one in done.manifest["inputs"] if one["table"] == "events"]
    aside = {"no date, by missing": 1, "no event, by missing": 1}
    assert (read["rows_set_aside"], read["rows_rejected"]) == (aside, 0), done.err


def test_an_orders_amount_that_says_nothing_is_that_of_its_other_lines(segment: Segment) -> None:
    lines = (
        "customer_id,order_id,ordered_at,total,quantity,unit_price\n"
        "1,A,2026-01-02,90,1,40\n1,A,2026-01-02,-1,1,50\n2,B,2026-01-02,-1,1,5\n"
    )
    rules = (
        "version: 1\nsources: {transactions: {path: t.csv, columns: {amount: {per_order: total}}, "
        "missing: {total: [-1]}}}\npersonas: {everyone: {columns: [monetary]}}\n"
    )
    done = segment("run", files={"t.csv": lines, "personas.yaml": rules})
    read = done.manifest["inputs"][0]
    assert (read["rows_set_aside"], read["rows_rejected"]) == ({"no amount, by missing": 1}, 0)
    assert done.customers["monetary"].to_list() == [90]


def test_words_of_dates_silence_no_doubt_about_ids(segment: Segment) -> None:
    for words, is_said in (("[1900-01-01]", True), ("[guest]", False), ("{department: [x]}", True)):
        keys = f", missing: {words}, rejects: {{at_most: 50%}}"
        rules = RULES.format(lines=keys, customers="").replace("base: everyone\n", "")
        done = segment("run", files={"t.csv": ROWS, "c.csv": CUSTOMERS, "personas.yaml": rules})
        assert ("guest is taken for a customer" in done.err) is is_said, done.err


NAMES = {
    "a typing mistake": ("{departmnt: [x]}", "departmnt", "; nearest: department"),
    "the rules' name": ("{ordered_at: [0000-00-00]}", "", ""),
    "the file's name": ("{Day: [0000-00-00]}", "", ""),
}


@pytest.mark.parametrize(("missing", "wrong", "more"), NAMES.values(), ids=NAMES)
def test_a_column_of_missing_that_is_not_there_is_said(
    segment: Segment, missing: str, wrong: str, more: str
) -> None:
    rules = (
        "version: 1\nsources: {transactions: {path: t.csv, columns: {ordered_at: Day}, "
        f"missing: {missing}, rejects: {{at_most: 50%}}}}}}\npersonas: {{everyone: {{}}}}\n"
    )
    rows = ROWS.replace("ordered_at", "Day", 1)
    done = segment("run", files={"t.csv": rows, "personas.yaml": rules})
    said = f'missing of transactions name the column "{wrong}", which transactions lack{more}'
    assert (done.exit_code, said in done.err) == (0, bool(wrong)), done.err
