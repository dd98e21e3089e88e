"""How orders are told: a day where no column tells them, and numbers that are used again."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

import pytest
from harness import Segment
from pasting import EVERYONE


def visits(name: str, first: int = 0, prefix: str = "") -> str:
    """Two purchases of each of four customers on one day, and two lines of one of them."""
    rows = [(first + i, f"c{i % 4}", "2026-01-05", 10 + i) for i in range(8)]
    rows.append((first + 7, "c3", "2026-01-05", 1))
    return f"{name},customer_id,date,total\n" + "".join(
        f"{prefix}{n},{who},{day},{total}\n" for n, who, day, total in rows
    )


#: a file without a known name -> the column that is named; "" where none can be meant
BY_DAY = {
    "a bare id": (visits("ID"), "ID"),
    "a reference": (visits("Reference", prefix="REF"), "Reference"),
    "no name that says anything": (visits("Vorgang oder so", 4000), "Vorgang oder so"),
    "nothing": ("customer_id,date,total\n1,2026-01-05,3\n1,2026-01-05,4\n", ""),
    "things that others buy, too": (
        "thing,customer_id,date,total\n7,1,2026-01-05,3\n8,1,2026-01-05,4\n7,2,2026-01-05,4\n",
        "",
    ),
    "no two on a day": ("nr,customer_id,date,total\n7,1,2026-01-05,3\n8,1,2026-01-06,4\n", ""),
}


@pytest.mark.parametrize(("rows", "column"), BY_DAY.values(), ids=BY_DAY)
def test_that_a_day_is_an_order_is_said_with_the_column_that_may_tell(
    segment: Segment, rows: str, column: str
) -> None:
    done = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert done.exit_code == 0, done.err
    assert "no column tells orders: all that a customer buys on a day is one order" in done.err
    assert (f"; {column} may tell them" in done.err) is bool(column)
    if not column:
        return
    [way] = re.findall(r"Where one tells them: (.*)$", done.err, re.MULTILINE)
    then = segment(*shlex.split(way)[1:])
    assert (then.exit_code, then.customers["frequency"].sum()) == (0, 8), then.err
    assert "tells orders" not in then.err


@pytest.mark.parametrize(
    "name",
    [
        "Receipt Number",
        "Sale ID",
        "Sales Record Number",
        "Order Ref",
        "Bestellnummer",
        "Auftragsnummer",
        "N° commande",
    ],
)
def test_an_order_is_known_by_more_names(segment: Segment, name: str) -> None:
    done = segment("run", "o.csv", files={"o.csv": visits(name), "personas.yaml": EVERYONE})
    assert f"order_id is read from {name}" in done.err
    assert done.customers["frequency"].sum() == 8


def test_who_says_that_there_are_no_orders_is_told_nothing(segment: Segment) -> None:
    files = {"o.csv": visits("ID"), "personas.yaml": EVERYONE}
    done = segment("run", "o.csv", "--map", "order_id=null", files=files)
    assert (done.exit_code, "tells orders" in done.err) == (0, False)


@dataclass(frozen=True)
class Again:
    """Receipts, how many orders there are if their numbers are, and how many by what is advised."""

    rows: str
    said: str
    by_number: int
    by_advice: int = 0


HEAD = "store,receipt no,date,customer,total\n"
AGAIN = {
    "in two stores": Again(
        f"{HEAD}S1,1,2026-01-02,c1,10\nS1,1,2026-01-02,c1,3\nS2,1,2026-02-09,c1,20\n",
        "order_id='[store, receipt no]'",
        by_number=1,
        by_advice=2,
    ),
    "after a month": Again(
        f"{HEAD}S1,1,2026-01-02,c1,10\nS1,1,2026-02-02,c1,20\n,1,2026-01-02,c1,3\n",
        "order_id='[date, receipt no]'",
        by_number=1,
        by_advice=2,
    ),
    "in a column of our own name": Again(
        f"{HEAD}S1,1,2026-01-02,c1,10\nS1,1,2026-02-02,c1,20\n".replace("date", "ordered_at"),
        "order_id='[ordered_at, receipt no]'",
        by_number=1,
        by_advice=2,
    ),
    "within a month": Again(f"{HEAD}S1,1,2026-01-02,c1,10\nS1,1,2026-02-01,c1,20\n", "", 1),
    "of two customers": Again(f"{HEAD}S1,1,2026-01-02,c1,10\nS1,1,2026-03-01,c2,20\n", "", 2),
    "brought back late": Again(f"{HEAD}S1,1,2026-01-02,c1,10\nS1,1,2026-03-01,c1,-5\n", "", 1),
    "without a number": Again(f"{HEAD}S1,,2026-01-02,c1,10\nS1,,2026-03-01,c1,20\n", "", 2),
}


@pytest.mark.parametrize("case", AGAIN.values(), ids=AGAIN)
def test_numbers_that_are_used_again_are_said_with_the_way(segment: Segment, case: Again) -> None:
    done = segment("run", "o.csv", files={"o.csv": case.rows, "personas.yaml": EVERYONE})
    assert done.exit_code == 0, done.err
    assert done.customers["frequency"].sum() == case.by_number
    assert ("stands on purchases of a customer" in done.err) is bool(case.said), done.err
    if case.said:
        assert case.said in done.err
        [way] = re.findall(r"two columns tell an order: (.*)$", done.err, re.MULTILINE)
        then = segment(*shlex.split(way)[1:])
        assert then.customers["frequency"].sum() == case.by_advice, then.err
        assert "stands on purchases" not in then.err


def test_which_numbers_are_used_again_is_shown_to_who_asks(segment: Segment) -> None:
    files = {"o.csv": AGAIN["in two stores"].rows, "personas.yaml": EVERYONE}
    assert "as one order (--show-values names it)" in segment("run", "o.csv", files=files).err
    assert "as one order: 1\n" in segment("run", "o.csv", "--show-values").err


def test_an_order_of_two_columns_is_widened_in_yaml(segment: Segment) -> None:
    rows = HEAD + "S1,1,2026-01-02,c1,10\nS1,1,2026-02-02,c1,20\n"
    files = {"o.csv": rows, "personas.yaml": EVERYONE}
    done = segment("run", "o.csv", "--map", "order_id=[store, receipt no]", files=files)
    assert "columns: {order_id: [date, store, receipt no]}" in done.err
