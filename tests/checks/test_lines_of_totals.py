"""Lines that add up others in the column of items: they stop the run, and a `where` on the column is the door."""

from __future__ import annotations

import re

import pytest
from harness import Segment

HEAD = "Order,Customer,Date,Item,Amount\n"
FILL = ", fill_down: [Order, Customer, Date]"
RULES = (
    "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n"
)
SPENT = {"A": 30.0, "B": 12.0}


def printed(total: str, last: str = "") -> str:
    """Two orders of two lines and their total, with what holds for all lines on the first."""
    orders = (("1,A,2026-01-05", 10, 20), ("2,B,2026-01-06", 5, 7))
    lines = (f"{o},x,{a}\n,,,y,{b}\n,,,{total.format(o[0])},{a + b}\n" for o, a, b in orders)
    return HEAD + "".join(lines) + last


def written(total: str) -> str:
    """The same with all columns on each line."""
    orders = (("1,A,2026-01-05", 10, 20), ("2,B,2026-01-06", 5, 7))
    lines = (f"{o},x,{a}\n{o},y,{b}\n{o},{total.format(o[0])},{a + b}\n" for o, a, b in orders)
    return HEAD + "".join(lines)


#: the file and its keys -> how many rows are told
TOTALS = {
    "below each order": (printed("Total"), FILL, 2),
    "in German": (printed("Zwischensumme"), FILL, 2),
    "in French, with a colon": (printed("Sous-total :"), FILL, 2),
    "in words with the order": (printed("Total order {}"), FILL, 2),
    "one at the end, too": (printed("Subtotal", ",,,Grand Total,42\n"), FILL, 3),
    "one at the end of others": (
        HEAD + "1,A,2026-01-05,x,10\n,,,y,20\n2,B,2026-01-06,x,5\n,,,y,7\n,,,Summe,42\n",
        FILL,
        1,
    ),
    "another sum than that of its lines": (
        printed("Total").replace("Total,30", "Total,33"),
        FILL,
        2,
    ),
    "written out": (written("Total"), "", 2),
    "written out in words": (written("Total for order {}"), "", 2),
    "written out and rounded": (written("Razem").replace("Razem,30", "Razem,30.01"), "", 2),
    "one of many orders is none": (
        written("Total") + "3,C,2026-01-06,x,5\n",
        ", where: {Customer: [A, B]}",
        2,
    ),
}


@pytest.mark.parametrize(("text", "keys", "rows"), TOTALS.values(), ids=TOTALS)
def test_lines_that_add_up_others_stop_the_run_until_they_are_left_out(
    segment: Segment, text: str, keys: str, rows: int
) -> None:
    done = segment("run", files={"o.csv": text, "personas.yaml": RULES.format(keys=keys)})
    told = f"{rows} row{'s add' if rows > 1 else ' adds'} up others"
    assert (done.exit_code, told in done.err) == (3, True), done.err
    [where] = re.findall(r"where: \{(Item: .+?)\}\. Where", done.err)
    more = (
        keys.replace("where: {", f"where: {{{where}, ")
        if "where" in keys
        else f"{keys}, where: {{{where}}}"
    )
    done = segment("run", files={"personas.yaml": RULES.format(keys=more)})
    assert done.exit_code == 0, done.err
    spent = dict(done.customers.select("customer_id", "monetary").rows())
    assert {n: round(float(one), 2) for n, one in spent.items()} == SPENT


LINES = (
    "1,A,2026-01-05,Total Care,10\n1,A,2026-01-05,y,10\n2,B,2026-01-06,Cup,4\n2,B,2026-01-06,y,5\n"
)
#: files in which such words are items, or were decided about
SOLD = {
    "an item that begins so": (HEAD + LINES, ""),
    "an item that begins so, filled": (
        HEAD + "1,A,2026-01-05,x,10\n,,,Total Care,12\n2,B,2026-01-06,x,5\n,,,Total Care,12\n",
        FILL,
    ),
    "one order has such a line": (
        HEAD + "1,A,2026-01-05,x,10\n1,A,2026-01-05,Total,10\n2,B,2026-01-06,x,5\n",
        "",
    ),
    "another amount than the sum": (
        HEAD
        + "1,A,2026-01-05,x,10\n1,A,2026-01-05,Result,3\n2,B,2026-01-06,x,5\n2,B,2026-01-06,Result,3\n",
        "",
    ),
    "each is sold": (written("Total"), ", where: {Item: {missing: false}}"),
    "each is sold, filled": (printed("Total"), FILL + ", where: {Item: {missing: false}}"),
}


@pytest.mark.parametrize(("text", "keys"), SOLD.values(), ids=SOLD)
def test_items_that_are_called_so_stop_nothing(segment: Segment, text: str, keys: str) -> None:
    done = segment("run", files={"o.csv": text, "personas.yaml": RULES.format(keys=keys)})
    assert done.exit_code == 0, done.err


def test_init_says_what_is_to_be_decided(segment: Segment) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": written("Total")})
    assert "Item: {is_not: Total}" in done.out + done.err
    assert segment("run").exit_code == 3
