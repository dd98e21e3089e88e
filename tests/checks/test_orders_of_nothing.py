"""Orders that come to nothing, as what was paid for them stands there below zero."""

from __future__ import annotations

import pytest
from harness import Segment
from pasting import EVERYONE, stops_and_leads_to

HEAD = "order_id,customer_id,ordered_at,"
#: two receipts, of 30 and 12: I stands for a row of an item, T for one of a tender
RECEIPTS = (
    "1,a,2026-01-03,I,20.00\n1,a,2026-01-03,I,10.00\n1,a,2026-01-03,T,-30.00\n"
    "2,b,2026-01-04,I,12.00\n2,b,2026-01-04,T,-12.00\n"
)


def receipts(column: str, item: str, tender: str, rows: str = RECEIPTS) -> str:
    return f"{HEAD}{column},amount\n" + rows.replace(",I,", f",{item},").replace(
        ",T,", f",{tender},"
    )


#: the file -> the where that is printed, and the money
STOPS = {
    "in English": (receipts("Line Type", "Item", "Tender"), "Line Type: {is_not: Tender}", 42),
    "in German": (receipts("Zeilenart", "Artikel", "Zahlung"), "Zeilenart: {is_not: Zahlung}", 42),
    "in French": (
        receipts("Type ligne", "Article", "Reglement"),
        "Type ligne: {is_not: Reglement}",
        42,
    ),
    "in Spanish": (
        receipts("Tipo de fila", "Art", "Efectivo"),
        "Tipo de fila: {is_not: Efectivo}",
        42,
    ),
    "in Italian": (receipts("Tipo riga", "Art", "Contante"), "Tipo riga: {is_not: Contante}", 42),
    "in Dutch": (receipts("Regelsoort", "Art", "PIN"), "Regelsoort: {is_not: PIN}", 42),
    "a column that tells nothing by its name": (receipts("x", "I", "T"), "x: {is_not: T}", 42),
    "filled for payments alone": (
        receipts("Paid with", "", "Cash"),
        "Paid with: {is_not: Cash}",
        42,
    ),
    "blank for payments": (receipts("sku", "S", ""), "sku: {missing: false}", 42),
    "several kinds of payments, and change": (
        receipts("Row", "Item", "Cash")
        + "3,c,2026-01-05,Item,7.00\n3,c,2026-01-05,Card,-10.00\n3,c,2026-01-05,Change,3.00\n",
        "Row: {none_of: [Cash, Card, Change]}",
        49,
    ),
    "one on account": (
        receipts("Row", "Item", "Cash") + "7,a,2026-01-08,Item,5.00\n",
        "Row: {is_not: Cash}",
        47,
    ),
    "a return among the sales": (
        receipts("Row", "Item", "Cash", 6 * RECEIPTS)
        + "9,a,2026-01-08,Item,-5.00\n9,a,2026-01-08,Cash,5.00\n",
        "Row: {is_not: Cash}",
        247,
    ),
}


@pytest.mark.parametrize(("rows", "where", "money"), STOPS.values(), ids=STOPS)
def test_payments_below_zero_stop_and_what_is_pasted_counts_the_items(
    segment: Segment, rows: str, where: str, money: float
) -> None:
    stops_and_leads_to(segment, rows, where, money)


@pytest.mark.parametrize(("rows", "where", "money"), STOPS.values(), ids=STOPS)
def test_what_init_writes_counts_the_items(
    segment: Segment, rows: str, where: str, money: float
) -> None:
    done = segment("init", "--from", "o.csv", "rules", files={"o.csv": rows})
    assert done.exit_code == 0, done.err
    assert segment("run", "--config", "rules/personas.yaml").exit_code == 0


#: good files -> the money
PASSES = {
    "refunds of some orders": (
        receipts("kind", "x", "y", RECEIPTS + "3,c,2026-01-05,x,7.00\n4,c,2026-01-06,x,7.00\n"),
        14,
    ),
    "one order": (receipts("kind", "x", "y", RECEIPTS[-49:]), 0),
    "orders that are left open": (receipts("kind", "x", "y", RECEIPTS.replace("-30", "-20")), 10),
}


@pytest.mark.parametrize(("rows", "money"), PASSES.values(), ids=PASSES)
def test_orders_of_which_some_come_to_something_pass(
    segment: Segment, rows: str, money: float
) -> None:
    done = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money), done.err


def test_where_no_column_tells_a_where_is_asked_for(segment: Segment) -> None:
    rows = receipts("x", "I", "I")
    stopped = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert (stopped.exit_code, "no customer spent anything" in stopped.err) == (3, True)
    done = segment("run", "o.csv", "--where", "amount>0")
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 42), done.err


def test_a_where_on_the_column_is_the_door(segment: Segment) -> None:
    rows = receipts("Line Type", "Item", "Tender")
    files = {"o.csv": rows, "personas.yaml": EVERYONE}
    done = segment("run", "o.csv", "--where", "Line Type=Item,Tender", files=files)
    assert done.exit_code == 0, done.err
