"""Columns of the files of one source that differ only in how their names are spelled are one column."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "order_id,customer_id,ordered_at,amount"
RULES = """
version: 1
sources: {{transactions: {{path: d/*.csv{keys}}}}}
features: {{shops: {{distinct: shop_name}}}}
personas: {{everyone: {{columns: [monetary, shops]}}}}
"""
PAID = ", where: {state: paid}"

#: the last columns of two files, keys of the source -> who is there
SAME: dict[str, tuple[str, str, str, dict[str, float]]] = {
    "capitals": ("state,shop_name", "State,shop_name", PAID, {"a": 5, "b": 7}),
    "the second is asked for": (
        "state,shop_name",
        "State,shop_name",
        ", where: {State: paid}",
        {"a": 5, "b": 7},
    ),
    "blanks and signs": (
        "pay_state,shop_name",
        "Pay State,Shop-Name",
        ", where: {pay_state: paid}",
        {"a": 5, "b": 7},
    ),
    "another column": ("state,shop_name", "states,shop_name", PAID, {"a": 5}),
}


@pytest.mark.parametrize(("first", "second", "keys", "spent"), SAME.values(), ids=SAME)
def test_columns_that_are_spelled_in_two_ways_are_one(
    segment: Segment, first: str, second: str, keys: str, spent: dict[str, float]
) -> None:
    files = {
        "d/1.csv": f"{HEAD},{first}\n1,a,2026-01-01,5,paid,north\n",
        "d/2.csv": f"{HEAD},{second}\n2,b,2026-01-01,7,paid,south\n",
        "personas.yaml": RULES.format(keys=keys),
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    found = done.customers.select("customer_id", "monetary").rows()
    assert {customer: float(money) for customer, money in found} == spent
    assert set(done.customers["shops"]) == {1}


def test_two_columns_of_one_file_stay_two(segment: Segment) -> None:
    files = {
        "d/1.csv": f"{HEAD},state,State,shop_name\n1,a,2026-01-01,5,paid,x,north\n",
        "d/2.csv": f"{HEAD},State,shop_name\n2,b,2026-01-01,7,paid,south\n",
        "personas.yaml": RULES.format(keys=PAID),
    }
    done = segment("run", files=files)
    assert (done.exit_code, done.ids("everyone")) == (0, ["a"]), done.err


def test_files_of_the_command_line_are_told_as_one(segment: Segment) -> None:
    files = {
        "o.csv": f"{HEAD},state\n1,a,2026-01-01,5,paid\n",
        "p.csv": f"{HEAD},State\n2,b,2026-01-01,7,paid\n3,c,2026-01-01,7,void\n",
    }
    done = segment("run", *files, "--where", "state=paid", files=files)
    assert (done.exit_code, done.customers["customer_id"].to_list()) == (0, ["a", "b"]), done.err
    assert "State of p.csv is state in others" in done.err


def test_rejected_rows_are_told_under_their_names(segment: Segment) -> None:
    rows = "".join(f"{i},b,2026-01-01,7,paid,y\n" for i in range(200))
    files = {
        "d/1.csv": f"{HEAD},state,shop_name\n1,a,2026-01-01,5,paid,x\n",
        "d/2.csv": f"{HEAD.upper()},State,Shop_Name\n2,b,2026-01-01,x,paid,y\n{rows}",
        "personas.yaml": RULES.format(keys=""),
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert "amount is not a number" in (done.run / "rejects.csv").read_text()
