"""Two sources of sales with the same orders: each order would count twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Result, Segment
from pasting import EVERYONE

ORDERS = (
    "order_id,order_date,customer_id,order_total,status\n1,2026-01-03,c1,17.00,complete\n"
    "2,2026-01-04,c2,20.00,complete\n3,2026-01-05,c1,7.00,cancelled\n"
)
LINES = (
    "order_item_id,order_id,sku,qty,price,line_total\n11,1,A,2,5.00,10.00\n12,1,B,1,7.00,7.00\n"
    "13,2,A,4,5.00,20.00\n14,3,B,1,7.00,7.00\n"
)
PAID = (
    "payment_id,order_id,paid_at,customer_id,amount,method\np1,1,2026-01-03,c1,17.00,card\n"
    "p2,2,2026-01-06,c2,20.00,card\n"
)
SOLD = ORDERS.replace(",status", "").replace(",complete", "").replace(",cancelled", "")
WITH_POST = SOLD.replace("17.00", "21.90").replace("20.00", "23.90").replace("7.00", "9.00")
#: two files -> what customers spent; the sources that init writes
SAME = {
    "orders and their lines": (ORDERS, LINES, [17, 20], ["b.csv"]),
    "lines and their orders": (LINES, ORDERS, [17, 20], ["a.csv"]),
    "orders that hold postage, too": (WITH_POST, LINES, [23.9, 30.9], ["a.csv"]),
    "orders without lines": (SOLD, LINES.replace("14,3", "14,2"), [20, 24], ["a.csv"]),
    "orders and what was paid at once": (SOLD, PAID.replace("01-06", "01-04"), [20, 24], ["a.csv"]),
    "in German": (
        "Bestellnummer;Bestelldatum;Kundennummer;Gesamtsumme\n1;03.01.2026;c1;17,00\n2;14.01.2026;c2;20,00\n",
        "Bestellnummer;Artikelnummer;Menge;Einzelpreis;Zeilensumme\n1;A;2;5,00;10,00\n1;B;1;7,00;7,00\n2;A;4;5,00;20,00\n",
        [17, 20],
        ["b.csv"],
    ),
    "in French": (
        "N° commande;Date commande;Code client;Total TTC\n1;03/01/2026;c1;17,00\n2;14/01/2026;c2;20,00\n",
        "N° commande;Référence;Quantité;Prix unitaire;Total ligne\n1;A;2;5,00;10,00\n1;B;1;7,00;7,00\n2;A;4;5,00;20,00\n",
        [17, 20],
        ["b.csv"],
    ),
}
#: sources of two files that have the same orders
WRITTEN = {
    "joined": "[{path: a.csv}, {path: b.csv, join: {path: a.csv, key: order_id}}]",
    "chosen in both": (
        "[{path: a.csv, where: {status: complete}}, "
        "{path: b.csv, join: {path: a.csv, key: order_id}, where: {status: complete}}]"
    ),
}
#: two files, and their sources, in which nothing counts twice -> what customers spent
APART = {
    "months": (
        SOLD,
        "order_id,order_date,customer_id,order_total,note\n4,2026-02-03,c1,17.00,\n5,2026-02-04,c2,20.00,\n",
        "[a.csv, b.csv]",
        [40, 41],
    ),
    "shops that number alike": (
        SOLD,
        "order_id,order_date,customer_id,order_total,till\n1,2026-02-03,x1,9.00,\n2,2026-02-04,x2,11.00,\n",
        "[a.csv, b.csv]",
        [9, 11, 20, 24],
    ),
    "shops that number alike and sell one thing": (
        SOLD.replace("17.00", "7.00").replace("20.00", "7.00"),
        "order_id,order_date,customer_id,order_total,till\n1,2026-02-03,x1,7.00,\n2,2026-02-04,x2,7.00,\n",
        "[a.csv, b.csv]",
        [7, 7, 7, 14],
    ),
    "postage in a file of its own": (
        SOLD,
        "order_id,order_date,customer_id,postage\n1,2026-01-03,c1,3.00\n2,2026-01-04,c2,4.00\n3,2026-01-05,c1,2.00\n",
        "[a.csv, {path: b.csv, columns: {amount: postage}}]",
        [24, 29],
    ),
    "what was paid back": (
        SOLD,
        "order_id,order_date,customer_id,paid_back\n1,2026-01-13,c1,17.00\n2,2026-01-14,c2,20.00\n",
        "[a.csv, {path: b.csv, columns: {amount: -paid_back}}]",
        [0, 7],
    ),
    "other rows of the same orders": (
        ORDERS,
        LINES,
        "[{path: a.csv, where: {status: cancelled}}, "
        "{path: b.csv, join: {path: a.csv, key: order_id}, where: {status: complete}}]",
        [20, 24],
    ),
}


def spent(done: Result) -> list[float]:
    return sorted(float(one) for one in done.customers["monetary"] if one is not None)


@pytest.mark.parametrize(("a", "b", "money", "kept"), SAME.values(), ids=SAME)
def test_init_writes_one_of_two_that_have_the_same_orders(
    segment: Segment, a: str, b: str, money: list[float], kept: list[str]
) -> None:
    written = segment("init", "--from", "a.csv", "--from", "b.csv", files={"a.csv": a, "b.csv": b})
    assert written.exit_code == 0, written.err
    rules = Path("personas.yaml").read_text()
    other = "b.csv" if kept == ["a.csv"] else "a.csv"
    assert f"# {other} has the same orders: beside this they would count twice" in rules
    assert f"path: {kept[0]}\n" in rules
    done = segment("run")
    assert (done.exit_code, spent(done)) == (0, money), done.err


#: two files of the same orders and other days: what was paid later may be the same, the rest, or paid back
LATER = {
    "payments": (SOLD, PAID),
    "the rest of a deposit": (SOLD, SOLD.replace("-01-", "-02-").replace("order_date", "paid_on")),
    "parcels sent back": (
        SOLD,
        "rma,order_id,received,customer_id,value\n1,1,2026-01-13,c1,17.00\n2,2,2026-01-14,c2,20.00\n",
    ),
}


@pytest.mark.parametrize(("a", "b"), LATER.values(), ids=LATER)
def test_init_leaves_it_to_a_person_what_was_paid_on_other_days(
    segment: Segment, a: str, b: str
) -> None:
    files = {"a.csv": a, "b.csv": b}
    assert segment("init", "--from", "a.csv", "--from", "b.csv", files=files).exit_code == 0
    stopped = segment("run")
    assert (stopped.exit_code, "they would count twice" in stopped.err) == (3, True), stopped.err


def test_a_where_on_the_numbers_of_orders_signs_for_both(segment: Segment) -> None:
    later = SOLD.replace("-01-", "-02-").replace("order_total", "paid")
    named = "{path: a.csv, where: {order_id: {missing: false}}}"
    rules = f"{EVERYONE}sources: {{transactions: [{named}, {{path: b.csv, columns: {{amount: paid}}}}]}}\n"
    done = segment("run", files={"a.csv": SOLD, "b.csv": later, "personas.yaml": rules})
    assert (done.exit_code, spent(done)) == (0, [40, 48]), done.err


@pytest.mark.parametrize("sources", WRITTEN.values(), ids=WRITTEN)
def test_two_sources_of_the_same_orders_stop(segment: Segment, sources: str) -> None:
    rules = f"{EVERYONE}sources: {{transactions: {sources}}}\n"
    stopped = segment("run", files={"a.csv": ORDERS, "b.csv": LINES, "personas.yaml": rules})
    said = "orders of a.csv stand in b.csv, too, and come to the same: they would count twice"
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err
    assert "Keep a.csv or b.csv under sources, not both" in stopped.err


def test_files_of_one_folder_stop_alike(segment: Segment) -> None:
    paid = PAID.replace("paid_at", "order_date").replace("amount", "order_total")
    rules = f"{EVERYONE}sources: {{transactions: 'data/*.csv'}}\n"
    files = {"data/a.csv": SOLD, "data/b.csv": paid, "personas.yaml": rules}
    stopped = segment("run", files=files)
    said = "2 orders of data/a.csv stand in data/b.csv, too, and come to the same"
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err


def test_orders_that_come_to_more_than_their_lines_stop(segment: Segment) -> None:
    """Of other amounts, as one holds the postage: the customers say that they are the same."""
    rules = f"{EVERYONE}sources: {{transactions: {WRITTEN['joined']}}}\n"
    stopped = segment("run", files={"a.csv": WITH_POST, "b.csv": LINES, "personas.yaml": rules})
    said = "3 orders of a.csv stand in b.csv, too: they would count twice"
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err


@pytest.mark.parametrize(("a", "b", "sources", "money"), APART.values(), ids=APART)
def test_sources_of_other_sales_are_taken(
    segment: Segment, a: str, b: str, sources: str, money: list[float]
) -> None:
    rules = f"{EVERYONE}sources: {{transactions: {sources}}}\n"
    done = segment("run", files={"a.csv": a, "b.csv": b, "personas.yaml": rules})
    assert (done.exit_code, spent(done)) == (0, money), done.err
