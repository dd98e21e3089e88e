"""Rows that stray quotes swallowed: of transactions they stop the run, whoever reads them."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "customer_id,ordered_at,order_id,amount,note\n"
LOST = '1,2025-01-01,a,10,"big\n2,2025-01-02,b,99,x\n3,2025-01-03,c,5,box"\n4,2025-01-04,d,6,x\n'
MANY = "".join(f"{i},2025-01-02,b{i},99,x\n" for i in range(100, 150))
ROWS = {
    "of two customers": (
        LOST,
        "o.csv:2: what looks like 2 rows of this file stand in a quoted cell",
    ),
    "of fifty": (LOST.replace("2,2025-01-02,b,99,x\n", MANY), "what looks like 51 rows"),
    "with carriage returns": (LOST.replace("\n", "\r\n"), "what looks like 2 rows"),
    "a note of lines": ('1,2025-01-01,a,10,"big\nbox, red\n"\n4,2025-01-04,d,6,x\n', ""),
    "a note with as many commas": (
        '1,2025-01-01,a,10,"big\nw,x,y,z,box"\n4,2025-01-04,d,6,x\n',
        "",
    ),
    "a note with another date": (
        '1,2025-01-01,a,10,"big\n5,on 1/2,y,z,b"\n4,2025-01-04,d,6,x\n',
        "",
    ),
}


@pytest.mark.parametrize(("lines", "said"), ROWS.values(), ids=ROWS)
def test_rows_in_a_cell_of_another_stop_the_run(segment: Segment, lines: str, said: str) -> None:
    done = segment("run", "o.csv", files={"o.csv": HEAD + lines})
    assert done.exit_code == (3 if said else 0), done.err
    assert said in done.err
    assert ("in a quoted cell" in done.err) is bool(said)


def test_who_says_that_they_are_no_rows_is_warned(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: o.csv}\npersonas: {p: {}}\nnotices: {rows-in-quotes: warn}\n"
    done = segment("run", files={"o.csv": HEAD + LOST, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert any("in a quoted cell" in text for text in done.warnings)


def test_the_door_is_printed(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: o.csv}\npersonas: {p: {}}\n"
    stop = segment("run", files={"o.csv": HEAD + LOST, "personas.yaml": rules})
    assert segment("run", files={"personas.yaml": stop.signed}).exit_code == 0
