"""Amounts that stand for whole orders: counted once, shared by the lines exactly, or told."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from harness import Segment
from hypothesis import given
from hypothesis import strategies as st

from segmentation.messages.errors import InputError
from segmentation.rules.column_specs import ColumnSpec, PerOrder
from segmentation.rules.sources import Source
from segmentation.sources import read

HEAD = "order,customer_id,date,Total,Refund,quantity,unit_price\n"
TOTAL: dict[str, ColumnSpec] = {"amount": PerOrder("Total")}

#: what is per order, the rows -> the amount of each row, in order
SHARES: dict[str, tuple[str, list[str], list[float]]] = {
    "on the first row": ("Total", ["a,c,2024-01-01,30,,1,10", "a,c,2024-01-01,,,2,10"], [10, 20]),
    "on the last row": ("Total", ["a,c,2024-01-01,,,1,10", "a,c,2024-01-01,30,,2,10"], [10, 20]),
    "on every row": ("Total", ["a,c,2024-01-01,30,,1,10", "a,c,2024-01-01,30,,2,10"], [10, 20]),
    "evenly without a price": (
        "Total",
        ["a,c,2024-01-01,30,,1,10", "a,c,2024-01-01,,,2,"],
        [15, 15],
    ),
    "evenly without worth": (
        "Total",
        ["a,c,2024-01-01,3,,1,0", "a,c,2024-01-01,,,2,0"],
        [1.5, 1.5],
    ),
    "evenly where one goes back": (
        "Total",
        ["a,c,2024-01-01,6,,1,50", "a,c,2024-01-01,,,-1,49"],
        [3, 3],
    ),
    "all go back": ("Total", ["a,c,2024-01-01,-30,,-1,10", "a,c,2024-01-01,,,-2,10"], [-10, -20]),
    "thirds": (
        "Total",
        ["a,c,2024-01-01,10,,1,1"] + 2 * ["a,c,2024-01-01,,,1,1"],
        [3.3333, 3.3334, 3.3333],
    ),
    "a formula": (
        "Total - Refund",
        ["a,c,2024-01-01,30,6,1,10", "a,c,2024-01-01,,,1,10"],
        [12, 12],
    ),
    "a refund of 0 on every row": (
        "Total - Refund",
        ["a,c,2024-01-01,30,0,1,10", "a,c,2024-01-01,,0,1,10"],
        [15, 15],
    ),
    "rows without an order": (
        "Total",
        [",c,2024-01-01,30,,1,10", ",c,2024-01-01,12,,1,10"],
        [30, 12],
    ),
    "rows of NULL": ("Total", ["NULL,c,2024-01-01,30,,1,1", "NULL,c,2024-01-01,2,,1,1"], [30, 2]),
    "orders apart": (
        "Total",
        ["a,c,2024-01-01,30,,1,10", "b,d,2024-01-02,8,,1,1", "a,c,2024-01-01,,,1,10"],
        [15, 8, 15],
    ),
    "blanks around the order": (
        "Total",
        ["a,c,2024-01-01,30,,1,1", " a,c,2024-01-01,,,1,1"],
        [15, 15],
    ),
    "an amount that is none": (
        "Total",
        ["a,c,2024-01-01,30,,1,1", "a,c,2024-01-01,x,,1,1", "b,c,2024-01-01,1,,1,1"],
        [30, 1],
    ),
    "the largest": (
        "Total",
        ["a,c,2024-01-01,199999999999,,1,1", "a,c,2024-01-01,,,1,1"],
        2 * [99_999_999_999.5],
    ),
    "lines whose prices add up to more than 64 bits hold": (
        "Total",
        4_700 * ["a,c,2024-01-01,9400,,1,199999999999"] + ["a,c,2024-01-01,9400,,1,0"],
        4_700 * [2] + [0],
    ),
}


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize(("formula", "rows", "amounts"), SHARES.values(), ids=SHARES)
def test_lines_share_what_stands_for_their_order(
    reading: Callable[..., Any], formula: str, rows: list[str], amounts: list[float]
) -> None:
    found = reading(HEAD + "\n".join(rows), source={"columns": {"amount": PerOrder(formula)}})
    assert found.rows["amount"].to_list() == [round(10_000 * one) for one in amounts]


#: keys of the source, the rows -> the shares of the rows that count
CHOSEN: dict[str, tuple[str, list[str], dict[str, float]]] = {
    "the state of the first row": (
        "where: {State: {is_not: voided}}, ",
        [
            "a,c,2026-01-01,30,voided,x",
            "a,c,2026-01-01,,,y",
            "b,d,2026-01-02,8,paid,x",
            "b,d,2026-01-02,,,y",
        ],
        {"d": 8},
    ),
    "a line that is set aside takes nothing": (
        "where: {Kind: x}, ",
        [
            "a,c,2026-01-01,30,paid,x",
            "a,c,2026-01-01,,,y",
            "a,c,2026-01-01,,,x",
            "b,d,2026-01-01,1,,x",
        ],
        {"c": 30, "d": 1},
    ),
    "even if it has the amount": (
        "where: {Kind: x}, ",
        ["a,c,2026-01-01,30,paid,y", "a,c,2026-01-01,,,x", "b,d,2026-01-01,1,,x"],
        {"c": 30, "d": 1},
    ),
    "another amount of a row that is set aside": (
        "where: {Kind: x}, ",
        ["a,c,2026-01-01,30,paid,x", "a,c,2026-01-01,5,,y", "b,d,2026-01-01,1,,x"],
        {"c": 30, "d": 1},
    ),
    "the customer and the day": (
        "",
        ["a,c,2026-01-01,30,paid,x", "a,,,,,y", "b,d,2026-01-01,1,,x"],
        {"c": 30, "d": 1},
    ),
    "the customer and the day of another line": (
        "",
        ["a,,,30,paid,x", "a,c,2026-01-01,,,y", "b,d,2026-01-01,1,,x"],
        {"c": 30, "d": 1},
    ),
    "a currency of the first row": (
        "where: {State: EUR}, ",
        ["a,c,2026-01-01,30,EUR,x", "a,c,2026-01-01,,,y", "b,d,2026-01-01,1,USD,x"],
        {"c": 30},
    ),
}


@pytest.mark.parametrize(("keys", "rows", "spent"), CHOSEN.values(), ids=CHOSEN)
def test_an_order_decides_for_its_lines(
    segment: Segment, keys: str, rows: list[str], spent: dict[str, float]
) -> None:
    rules = (
        f"version: 1\nsources: {{transactions: {{path: o.csv, {keys}"
        "columns: {amount: {per_order: Total}}}}\n"
        "personas: {everyone: {columns: [monetary, frequency]}}\nnotices: {unchosen-rows: off}\n"
    )
    content = "order,customer_id,date,Total,State,Kind\n" + "\n".join(rows)
    done = segment("run", files={"o.csv": content, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    found = pl.read_csv("audiences/latest/personas/everyone.csv")
    assert dict(found.select("customer_id", "monetary").iter_rows()) == spent
    assert found["frequency"].to_list() == [1] * len(spent)


def test_orders_that_say_two_amounts_are_counted_and_one_is_masked(segment: Segment) -> None:
    rows = "A12,c,2024-01-01,30\nA12,c,2024-01-01,31\nB3,c,2024-01-01,1\nA13,c,2024-01-01,1\nA13,c,2024-01-01,2\n"
    rules = "version: 1\nsources: {transactions: {path: o.csv, columns: {amount: {per_order: Total}}}}\npersonas: {e: {}}\n"
    files = {"o.csv": f"order,customer_id,date,Total\n{rows}", "personas.yaml": rules}
    stopped = segment("run", files=files)
    assert stopped.exit_code == 3
    assert (
        "o.csv: 2 orders have lines with different values of what is per order (such as A99)"
        in stopped.err
    )
    assert "A12" not in stopped.err


WRONG = {
    "no order": (
        "{amount: {per_order: Total}, order_id: null}",
        3,
        "Which column tells the order? Add order_id:",
    ),
    "two orders": (
        "{amount: {per_order: Total}}",
        3,
        'order_id could be read from "receipt" or "invoice"',
    ),
    "no such column": ("{amount: {per_order: Totl}, order_id: receipt}", 3, "Nearest: Total"),
    "no blanks": (
        "{amount: {per_order: Total-Tax}, order_id: receipt}",
        3,
        "has an operator without blanks around it",
    ),
    "of what lines have": (
        "{unit_price: {per_order: Total}, order_id: receipt}",
        2,
        "unit_price cannot be per order",
    ),
}


@pytest.mark.parametrize(("columns", "code", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_per_order_is_told(
    segment: Segment, columns: str, code: int, said: str
) -> None:
    rules = f"version: 1\nsources: {{transactions: {{path: o.csv, columns: {columns}}}}}\npersonas: {{e: {{}}}}\n"
    content = "receipt,invoice,customer_id,date,Total,Tax\na,b,c,2024-01-01,30,1\n"
    stopped = segment("run", files={"o.csv": content, "personas.yaml": rules})
    assert (stopped.exit_code, said in stopped.err) == (code, True), stopped.err


@pytest.mark.parametrize(
    ("where", "code"), [("{State: paid}", 3), ("{State: paid, status: {is_not: void}}", 0)], ids=str
)
def test_states_of_lines_are_asked_as_their_order_is_chosen(
    segment: Segment, where: str, code: int
) -> None:
    content = (
        "order,customer_id,date,Total,State,status\n"
        "a,c,2026-01-01,30,paid,shipped\na,c,2026-01-01,,,void\n"
        "b,d,2026-01-01,9,open,shipped\nb,d,2026-01-01,,,cancelled\n"
    )
    rules = RULES.format(keys=f", where: {where}, columns: {{amount: {{per_order: Total}}}}")
    done = segment("run", files={"o.csv": content, "personas.yaml": rules})
    assert done.exit_code == code, done.err
    assert ("status holds shipped (1), void (1), and nothing" in done.err) == (code == 3)


def test_each_file_shares_its_own_orders(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: {path: 'o*.csv', columns: {amount: {per_order: Total}}}}\npersonas: {e: {columns: [monetary]}}\n"
    head = "order,customer_id,date,Total\n"
    files = {
        "o1.csv": f"{head}a,c,2024-01-01,30\na,c,2024-01-01,\n",
        "o2.csv": f"{head}a,d,2024-01-02,8\na,d,2024-01-02,\n",
        "personas.yaml": rules,
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    found = pl.read_csv("audiences/latest/personas/e.csv")
    assert sorted(found["monetary"].to_list()) == [8.0, 30.0]


def test_suppress_reads_rows_whose_amount_is_that_of_their_order(segment: Segment) -> None:
    """What is read a second time for it needs the places of rows, too."""
    content = (
        "order,customer_id,date,Total,mail\n"
        "a,c,2026-01-01,30,yes\na,c,2026-01-01,,\nb,d,2026-01-01,9,no\n"
    )
    rules = (
        RULES.format(keys=", columns: {amount: {per_order: Total}}")
        + "features: {says: {last: mail}}\nsuppress: [{says: {is_not: yes}}]\n"
    )
    done = segment("run", files={"o.csv": content, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    [published] = done.folder.glob("audiences/2*/personas/everyone.csv")
    assert published.read_text() == "customer_id,monetary\nc,30.00\n"


# -- properties -----------------------------------------------------------------------------------

lines = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(-3, 3), st.integers(0, 10**7)),
    min_size=1,
    max_size=12,
)
totals = st.fixed_dictionaries({k: st.integers(-(10**12), 10**12) for k in "abc"})


def frame_of(rows: list[tuple[str, int, int]], total: dict[str, int], on_all: bool) -> pl.LazyFrame:
    seen: Counter[str] = Counter()
    cells = []
    for order, quantity, price in rows:
        told = f"{total[order] / 100:.2f}" if on_all or not seen[order] else None
        seen[order] += 1
        cells.append((order, "c", "2024-01-01", told, str(quantity), f"{price / 100:.2f}"))
    names = ["order_id", "customer_id", "date", "Total", "quantity", "unit_price"]
    return pl.LazyFrame(cells, schema=dict.fromkeys(names, pl.String()), orient="row")


def shares_of(frame: pl.LazyFrame) -> dict[str, int]:
    source = Source(path="frame", columns=TOTAL, frame=frame)
    rows = read("transactions", [source], cutoff=None, needs=["order_id"]).rows.collect()
    return dict(rows.group_by("order_id").agg(pl.col("amount").sum()).iter_rows())


@pytest.mark.deep
@given(lines, totals, st.booleans())
def test_shares_add_up_to_the_total(
    rows: list[tuple[str, int, int]], total: dict[str, int], on_all: bool
) -> None:
    found = shares_of(frame_of(rows, total, on_all))
    assert found == {order: 100 * total[order] for order, _, _ in rows}


@pytest.mark.deep
@given(lines, totals, st.booleans(), st.integers())
def test_the_order_of_rows_does_not_matter_for_the_sum(
    rows: list[tuple[str, int, int]], total: dict[str, int], on_all: bool, seed: int
) -> None:
    told = frame_of(rows, total, on_all).collect()
    mixed = random.Random(seed).sample(range(len(rows)), len(rows))
    assert shares_of(told[mixed].lazy()) == shares_of(told.lazy())


# -- amounts that are per order, and nobody said so -----------------------------------------------


def orders(*totals: list[str], price: str = "") -> str:
    rows = (
        f"o{i},c{i},2026-01-{(i - 1) % 28 + 1:02},{total},{line}{price}\n"
        for i, order in enumerate(totals, 1)
        for line, total in enumerate(order)
    )
    head = ",quantity,unit_price" if price else ""
    return f"order,customer_id,date,Total,line{head}\n" + "".join(rows)


RULES = "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{columns: [monetary]}}}}\n"
ONCE, SAME = "stands on one row only", "is the same on all rows"

SIX = [[f"{i}0"] * 2 for i in range(1, 7)]

#: orders, with the totals of their rows -> what is said
DOUBTED = {
    "on the first rows": (orders(["30", ""], ["12", "", ""], ["7"]), ONCE),
    "on the last rows": (orders(["", "30"], ["", "12"], ["7"]), ONCE),
    "on every row": (orders(["30", "30"], ["12", "12", "12"], ["30", "30"], ["7"]), SAME),
    "on every row but of one, which has 0": (orders(*SIX, ["70", "0"]), SAME),
    "on every row but of one, which is blank": (orders(*SIX, ["70", ""]), SAME),
    "on every row, and nothing else": (
        orders(*SIX, ["7"]).replace(",line\n", ",\n").replace(",0\n", ",\n").replace(",1\n", ",\n"),
        SAME,
    ),
    "on every row, after many of one row": (
        orders(*[[f"{i}"] for i in range(1, 2001)], *[[f"{i}"] * 3 for i in range(10, 310)]),
        SAME,
    ),
}


@pytest.mark.parametrize(("content", "said"), DOUBTED.values(), ids=DOUBTED)
def test_a_guessed_amount_of_orders_stops_and_says_what_to_write(
    segment: Segment, content: str, said: str
) -> None:
    stopped = segment("run", files={"o.csv": content, "personas.yaml": RULES.format(keys="")})
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err
    door = "columns: {amount: {per_order: Total}}"
    assert door in stopped.err
    mended = segment("run", files={"personas.yaml": RULES.format(keys=f", {door}")})
    assert mended.exit_code == 0, mended.err
    rows = content.splitlines()[1:]
    told = (cells for row in rows if (cells := row.split(","))[3] not in ("", "0"))
    once = {(cells[1], float(cells[3])) for cells in told}
    found = pl.read_csv("audiences/latest/personas/everyone.csv")
    assert set(found.select("customer_id", "monetary").iter_rows()) == once


@pytest.mark.parametrize(
    "totals", [[30.0, None, 12.0, None], [3.0, 3.0, 5.0, 5.0, 7.0, 7.0]], ids=str
)
def test_numbers_of_parquet_are_doubted_as_well(segment: Segment, totals: list[float]) -> None:
    number = range(len(totals))
    frame = pl.DataFrame(
        {
            "order_id": [n // 2 for n in number],
            "line": [*number],
            "customer_id": ["c"] * len(totals),
            "date": ["2026-01-01"] * len(totals),
            "Total": totals,
        }
    )
    frame.write_parquet("o.parquet")
    rules = RULES.replace("o.csv", "o.parquet")
    stopped = segment("run", files={"personas.yaml": rules.format(keys="")})
    assert (stopped.exit_code, "amount: {per_order: Total}" in stopped.err) == (3, True)
    door = ", columns: {amount: {per_order: Total}}"
    done = segment("run", files={"personas.yaml": rules.format(keys=door)})
    assert done.exit_code == 0, done.err
    found = pl.read_csv("audiences/latest/personas/everyone.csv")
    assert found["monetary"].to_list() == [sum({*totals} - {None})]


def test_with_a_where_only_rows_that_count_are_asked(segment: Segment) -> None:
    content = orders(["30", ""], ["12", ""]).replace("date,", "day,", 1)
    extra = "o1,c1,2026-01-01,99,9\n"  # a line of another kind
    keys = ", where: {line: {at_most: 1}}, columns: {ordered_at: day}"
    files = {"o.csv": content + extra, "personas.yaml": RULES.format(keys=keys)}
    stopped = segment("run", files=files)
    assert (stopped.exit_code, ONCE in stopped.err) == (3, True), stopped.err


def test_without_a_column_for_orders_the_one_that_may_tell_them_is_named(segment: Segment) -> None:
    content = orders(["30", ""], ["12", ""]).replace("order,", "Name,", 1)
    stopped = segment("run", files={"o.csv": content, "personas.yaml": RULES.format(keys="")})
    assert stopped.exit_code == 3
    assert "columns: {order_id: Name, amount: {per_order: Total}}" in stopped.err


def test_without_a_column_for_orders_one_amount_on_all_rows_of_a_day_is_doubted(
    segment: Segment,
) -> None:
    """Who buys several things on a day pays several prices; two things of one price are bought now and then."""
    for some, said in ((SIX, True), (SIX[:4], False), ([*SIX, ["7", "8"]], False)):
        content = orders(*some).replace("order,", "Note,", 1)
        done = segment("run", files={"o.csv": content, "personas.yaml": RULES.format(keys="")})
        assert (done.exit_code, SAME in done.err) == (3 if said else 0, said), done.err


def test_an_amount_that_is_called_by_its_order_is_one_without_a_column_for_orders(
    segment: Segment,
) -> None:
    rows = "Datum;Kunde;Artikel;Bestellsumme\n03.01.2026 10:11;K1;Hose;50,00\n03.01.2026 10:11;K1;Hemd;50,00\n16.01.2026 12:14;K1;Hut;20,00\n"
    stopped = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": RULES.format(keys="")})
    door = "columns: {order_id: [Kunde, Datum], amount: {per_order: Bestellsumme}}"
    assert (stopped.exit_code, door in stopped.err) == (3, True), stopped.err
    done = segment("run", files={"personas.yaml": RULES.format(keys=f", {door}")})
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 70.0), done.err


def test_amounts_on_first_rows_are_no_broken_feed(segment: Segment) -> None:
    content = orders(*[["30", "", ""]] * 50)
    done = segment("run", files={"o.csv": content, "personas.yaml": RULES.format(keys="")})
    assert (done.exit_code, ONCE in done.err, "rejected" in done.err) == (3, True, False), done.err


def test_a_declared_amount_of_orders_is_a_warning(segment: Segment) -> None:
    content = orders(["30", "30"], ["12", "12"], ["9", "9"])
    rules = RULES.format(keys=", columns: {amount: Total}")
    done = segment("run", files={"o.csv": content, "personas.yaml": rules})
    assert (done.exit_code, f"o.csv: warning: Total {SAME}" in done.err) == (0, True), done.err


CALLED_BY_ORDERS = [
    *(
        "Order Total",
        "order_total",
        "Grand Total",
        "Bestellsumme",
        "Rechnungsbetrag",
        "total commande",
    ),
    *("Total pedido", "Totale ordine", "Orderbedrag", "Wartość zamówienia"),
]


@pytest.mark.parametrize("name", CALLED_BY_ORDERS)
def test_one_order_tells_of_an_amount_that_is_called_by_it(segment: Segment, name: str) -> None:
    rows = orders(["35", "35"], ["15"]).replace("Total", name)
    stopped = segment("run", files={"o.csv": rows, "personas.yaml": RULES.format(keys="")})
    said = f"{name} is the same on all rows of the 1 order of several rows"
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err


#: an amount and what it is called, which one order does not tell
NOT_BY_ONE = {
    "another name": ("Total", ["35", "35"]),
    "that of a line": ("Line total", ["35", "35"]),
    "amounts that differ": ("Order Total", ["35", "12"]),
    "orders of one row": ("Order Total", ["35"]),
    "nothing": ("Order Total", ["0", "0"]),
}


@pytest.mark.parametrize(("name", "cells"), NOT_BY_ONE.values(), ids=NOT_BY_ONE)
def test_one_order_tells_nothing_of_others(segment: Segment, name: str, cells: list[str]) -> None:
    rows = orders(cells, ["15"]).replace("Total", name)
    done = segment("run", files={"o.csv": rows, "personas.yaml": RULES.format(keys="")})
    assert done.exit_code == 0, done.err


#: amounts of lines, as far as anybody can see
UNDOUBTED = {
    "differing lines": orders(["30", "20"], ["12", "12"], ["9", "9"], ["8", "8"]),
    "one order may be chance": orders(["30", "30"], ["12"]),
    "a line that is free": orders(["30", "0"], ["12", "0"], ["30", "20"]),
    "lines that are free": orders(["30", "0"], ["12", "0"], ["20", "0"], ["12", "12"]),
    "everything costs the same": orders(["5", "5"], ["5", "5"], ["5", "5"]),
    "one row each": orders(["5"], ["6"], ["7"]),
    "one amount is missing": orders(["30", ""], ["12"], ["9"], *[["1"]] * 12),
    "what a line comes to": orders(["8", "8"], ["8", "8"], ["6", "6"], price=",2,4")
    .replace("6,0,2,4", "6,0,1,6")
    .replace("6,1,2,4", "6,1,1,6"),
}


@pytest.mark.parametrize("content", UNDOUBTED.values(), ids=UNDOUBTED)
def test_amounts_of_lines_are_not_doubted(segment: Segment, content: str) -> None:
    done = segment("run", files={"o.csv": content, "personas.yaml": RULES.format(keys="")})
    assert "per_order" not in done.err
    assert done.exit_code == 0, done.err


def test_two_orders_of_one_amount_on_all_rows_may_be_chance_and_are_told(segment: Segment) -> None:
    content = orders(*[[f"{i}"] for i in range(1, 199)], ["30", "30"], ["12", "12"])
    done = segment("run", files={"o.csv": content, "personas.yaml": RULES.format(keys="")})
    assert done.exit_code == 0, done.err
    assert any("is the same on all rows of each of the 2 orders" in text for text in done.warnings)


SHOPS = "order_id,customer_id,ordered_at,store,Total\n7,ann,2025-01-01,Oslo,50\n7,bob,2025-03-01,Bergen,50\n"
KEYS = ", columns: {{{}amount: {{per_order: Total}}}}"


def test_an_order_of_two_customers_stops_and_the_shop_is_its_key(segment: Segment) -> None:
    rules = RULES.format(keys=KEYS.format(""))
    stop = segment("run", files={"o.csv": SHOPS, "personas.yaml": rules})
    assert stop.exit_code == 3, stop.err
    assert "1 order with an amount per order has rows of several customers" in stop.err
    assert "columns: {order_id: [store, ORDER]}" in stop.err
    rules = RULES.format(keys=KEYS.format("order_id: [store, order_id], "))
    done = segment("run", files={"personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert done.customers["monetary"].to_list() == [50, 50]


def test_one_customer_in_two_spellings_is_one(segment: Segment) -> None:
    content = SHOPS.replace("ann", "Ann@x.de").replace("bob", " ann@X.de")
    rules = RULES.format(keys=KEYS.format(""))
    done = segment("run", files={"o.csv": content, "personas.yaml": rules})
    assert done.exit_code == 0, done.err


def test_an_order_in_two_files_is_told_as_it_counts_in_each(segment: Segment) -> None:
    files = {"a.csv": SHOPS.replace("bob", "ann"), "b.csv": SHOPS.replace("bob", "ann")}
    done = segment("run", "a.csv", "b.csv", "--map", "amount={per_order: Total}", files=files)
    assert done.exit_code == 0, done.err
    assert any("stands in several files: it counts once in each" in text for text in done.warnings)


def test_rows_that_stand_there_twice_are_no_orders_of_several_rows(segment: Segment) -> None:
    content = orders(["30"], ["12"], ["9"])
    head, *rows = content.splitlines(keepends=True)
    files = {"o.csv": head + "".join(rows + rows), "personas.yaml": RULES.format(keys="")}
    done = segment("run", files=files)
    assert "per_order" not in done.err


def test_an_error_of_other_rows_is_still_told(reading: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="no column for ordered_at"):
        reading("order,customer_id,Total\na,c,1\n", source={"columns": TOTAL})


#: a formula, and what stands beside the price on the two lines of four orders -> whether that is doubted
PARTS = {
    "added": ("price + ship", [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")], True),
    "added first": ("ship + price", [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")], True),
    "taken off": ("price - ship", [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")], True),
    "free in some orders": ("price + ship", [("1", "1"), ("0", "0"), ("", ""), ("4", "4")], True),
    "its own on each line": (
        "price + ship",
        [("1", "2"), ("2", "1"), ("3", "4"), ("4", "4")],
        False,
    ),
    "one for all": ("price + ship", [("1", "1"), ("1", "1"), ("1", "1"), ("1", "1")], False),
    "on first lines": ("price + ship", [("1", ""), ("2", ""), ("3", "0"), ("4", "")], False),
    "of one order": ("price - ship", [("1", "1"), ("0", "0"), ("0", "0"), ("0", "0")], False),
    "a rate": ("price * ship", [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")], False),
    "not asked": ("price", [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")], False),
}


SAME_ON_LINES = {n: one for n, one in PARTS.items() if all(a == b for a, b in one[1])}


def lines_of(parts: list[tuple[str, str]]) -> list[str]:
    return [
        f"{order},c{order % 2},2026-01-0{order},{40 * line + order},{part}\n"
        for order, both in enumerate(parts, 1)
        for line, part in enumerate(both)
    ]


def doubted(segment: Segment, keys: str, formula: str, is_told: bool) -> None:
    """Runs a formula of an amount, and what is advised where it is told."""
    rules = RULES.format(keys=f", columns: {{amount: {formula}}}{keys}")
    done = segment("run", files={"personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert any("ship is the same on all rows" in text for text in done.warnings) is is_told
    if is_told:
        [left] = re.findall(r"leave it out: columns: (\{.*?\})", done.err)
        assert left == "{amount: price}"
        followed = RULES.format(keys=f", columns: {left}{keys}")
        assert segment("run", files={"personas.yaml": followed}).warnings == []


@pytest.mark.parametrize(("formula", "parts", "is_told"), PARTS.values(), ids=PARTS)
def test_a_part_of_a_formula_that_is_of_the_order_is_told(
    segment: Segment, formula: str, parts: list[tuple[str, str]], is_told: bool
) -> None:
    content = "order_id,customer_id,ordered_at,price,ship\n" + "".join(lines_of(parts))
    segment("validate", files={"o.csv": content})
    doubted(segment, "", formula, is_told)


#: what a file of orders brings is of orders, whatever it is
JOINED = {
    name: (formula, parts, is_told or name in ("one for all", "of one order"))
    for name, (formula, parts, is_told) in SAME_ON_LINES.items()
}


@pytest.mark.parametrize(("formula", "parts", "is_told"), JOINED.values(), ids=JOINED)
def test_a_part_from_a_table_of_orders_is_told(
    segment: Segment, formula: str, parts: list[tuple[str, str]], is_told: bool
) -> None:
    lines = "".join(f"{line.rpartition(',')[0]}\n" for line in lines_of(parts))
    orders = "".join(f"{n},{both[0]}\n" for n, both in enumerate(parts, 1))
    content = f"order_id,customer_id,ordered_at,price\n{lines}"
    segment("validate", files={"o.csv": content, "j.csv": f"order_id,ship\n{orders}"})
    doubted(segment, ", join: {path: j.csv, key: order_id}", formula, is_told)
