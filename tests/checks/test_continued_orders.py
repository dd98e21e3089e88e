"""Orders whose customer stands on their first row: the others are never lost in silence, and `fill_down` reads them."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from harness import Segment

HEAD = "Order,Customer,Date,Item,Total\n"
ODOO = "1,Ann,2026-01-05,Cup,10.00\n,,,Pot,20.00\n2,Bob,2026-01-06,Cup,10.00\n,,,Pan,50.00\n"
SAME = "1,Ann,2026-01-05,Cup,10.00\n1,,2026-01-05,Pot,20.00\n2,Bob,2026-01-06,Cup,10.00\n2,,2026-01-06,Pan,50.00\n"
BOTH = {"Ann": 30.0, "Bob": 60.0}
RULES = "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n{more}"

STATES = (
    "Order,Customer,Status,Date,Item,Total\n1,Ann,paid,2026-01-05,Cup,10\n,,,,Pot,20\n"
    "2,Bob,cancelled,2026-01-06,Cup,5\n,,,,Pan,7\n3,Ann,paid,2026-01-09,Cup,1\n"
)
WITH_STATE = "[Order, Customer, Date, Status]"
CANCELLED = (
    "Order,Customer,Date,Status,Item,Total\na,1,2025-01-01,,Shoe,20\n,,,,Sock,5\nb,2,2025-01-02,cancelled,Shoe,20\n"
    ",,,,Hat,9\nc,3,2025-01-03,,Hat,9\nd,4,2025-01-04,,Hat,9\n"
)
ONE_BELOW = STATES.replace(",,,,Pan,7", ",,,,Pan,7\n,,cancelled,,Lid,2")
STATES_ABOVE = (
    "Customer,Order,Status,Date,Item,Total\nAnn,1,paid,2026-01-05,Cup,10\n,1,,2026-01-05,Pot,20\n"
    "Bob,2,cancelled,2026-01-06,Cup,5\n,2,,2026-01-06,Pan,7\n,3,paid,2026-01-06,Cup,1\n,3,,2026-01-06,Mug,3\n"
)
PRINTED = "Customer,Date,Order,Item,Total\n"
ANN_AND_BOB = (
    "Ann,2026-01-05,1,Cup,10\n,,,Pot,20\n,2026-01-07,2,Cup,5\n,,,Pan,7\n"
    "Bob,2026-01-06,3,Cup,5\n,,,Pan,7\n,2026-01-09,4,Jar,1\n"
)

#: the file -> the rows that are found, what is proposed, and what customers have spent once that is followed
STOPPED: dict[str, tuple[str, str, str, dict[str, float]]] = {
    "the order is repeated": (HEAD + SAME, "2 rows of 70.00", "[Order, Customer]", BOTH),
    "nothing is repeated": (HEAD + ODOO, "2 rows of 70.00", "[Order, Customer, Date]", BOTH),
    "a guest's order is nobody's": (
        HEAD + ODOO.replace("2,Bob", "3,,2026-01-06,Jar,5\n,,,Mug,6\n2,Bob"),
        "2 rows of 70.00",
        "[Order, Customer, Date]",
        BOTH,
    ),
    "a sum at the end": (
        HEAD + ODOO + ",,,Summe,90.00\n",
        "2 rows of 70.00",
        "[Order, Customer, Date]` and `where: {Item: {is_not: Summe}}",
        BOTH,
    ),
    "merged cells of a customer": (
        "Customer,Date,Item,Total\nAnn,2026-01-05,Cup,10\n,,Pot,20\nBob,2026-01-06,Pan,60\nTotal,,,90\n",
        "1 row of 20.00",
        "[Customer, Date]",
        BOTH,
    ),
    "the customer on the second line": (
        HEAD + "1,,2026-01-05,Pot,20.00\n1,Ann,2026-01-05,Cup,10.00\n",
        "1 row of 20.00",
        "",
        {},
    ),
    "the order is made of two columns": (
        "shop,no,customer_id,ordered_at,amount\nX,1,Ann,2026-01-05,10\nX,1,,2026-01-05,20\nY,1,,2026-01-05,7\n",
        "1 row of 20.00",
        "[shop, no, customer_id]",
        {"Ann": 30.0},
    ),
    "a state on the first row, one is chosen": (
        STATES,
        "1 row of 20.00",
        WITH_STATE,
        {"Ann": 31.0},
    ),
    "a state on the first row, one is left out": (
        STATES,
        "1 row of 20.00",
        WITH_STATE,
        {"Ann": 31.0},
    ),
    "a state where cancelled only": (
        CANCELLED,
        "1 row of 5.00",
        WITH_STATE,
        {"1": 25.0, "3": 9.0, "4": 9.0},
    ),
    "a state that is written below once": (ONE_BELOW, "1 row of 20.00", WITH_STATE, {"Ann": 31.0}),
    "customers stand above their orders": (
        PRINTED + ANN_AND_BOB,
        "5 rows of 40.00",
        "[Customer, Date, Order]",
        {"Ann": 42.0, "Bob": 13.0},
    ),
    "customers stand above their orders, and a state": (
        "Customer,Date,Order,Status,Item,Total\nAnn,2026-01-05,1,,Cup,10\n,,,,Pot,20\n,2026-01-07,2,cancelled,Cup,5\n,,,,Pan,7\n"
        "Bob,2026-01-06,3,,Cup,5\n,,,,Pan,7\n,2026-01-09,4,,Jar,1\n",
        "3 rows of 28.00",
        "[Customer, Date, Order, Status]",
        {"Ann": 30.0, "Bob": 13.0},
    ),
    "customers stand above their orders, the newest first": (
        PRINTED
        + "Ann,2026-01-07,2,Cup,5\n,,,Pan,7\n,2026-01-05,1,Cup,10\nBob,2026-01-09,4,Jar,1\n,2026-01-06,3,Cup,5\n",
        "3 rows of 22.00",
        "[Customer, Date, Order]",
        {"Ann": 22.0, "Bob": 6.0},
    ),
    "customers stand above their orders, some of one day": (
        PRINTED + ANN_AND_BOB.replace("Bob", ",,8,Mug,3\n,,,Lid,2\nBob"),
        "7 rows of 45.00",
        "[Customer, Date, Order]",
        {"Ann": 47.0, "Bob": 13.0},
    ),
    "customers stand above their days": (
        "Customer,Date,Item,Total\nAnn,2026-01-05,Cup,10\n,,Pot,20\n,2026-01-07,Cup,5\nBob,2026-01-06,Cup,5\n,,Pan,7\n,2026-01-09,Jar,1\n",
        "4 rows of 33.00",
        "[Customer, Date]",
        {"Ann": 35.0, "Bob": 13.0},
    ),
    "customers stand above orders of one line": (
        PRINTED
        + "".join(
            f"{'' if day else who},2026-01-0{5 + day},{who}{day},Cup,{day + 1}\n"
            for who in ("Ann", "Bob", "Cem")
            for day in range(3)
        ),
        "6 rows of 15.00",
        "[Customer, Order]",
        {"Ann": 6.0, "Bob": 6.0, "Cem": 6.0},
    ),
    "guests among customers who come again": (
        PRINTED + ANN_AND_BOB.replace("2026-01-06", "2026-01-08") + "Ann,2026-01-10,5,Jar,1\n",
        "2 rows of 27.00",
        "[Date, Customer, Order]",
        {"Ann": 31.0, "Bob": 12.0},
    ),
    "goods are told by a number": (
        "Order,Customer,Date,SKU,Qty,Total\n1,Ann,2026-01-05,40017,1,10\n,,,40018,2,20\n"
        "2,Bob,2026-01-06,40019,1,10\n,,,40018,1,50\n",
        "2 rows of 70.00",
        "[Order, Customer, Date]",
        BOTH,
    ),
    "goods are told by a number, in German": (
        "Bestellnummer,Kunde,Datum,Artikelnr,Menge,Betrag\n1,Ann,2026-01-05,40017,1,10\n,,,40018,2,20\n"
        "2,Bob,2026-01-06,40019,1,10\n,,,40018,1,50\n",
        "2 rows of 70.00",
        "[Bestellnummer, Kunde, Datum]",
        BOTH,
    ),
    "totals without words, with the pieces": (
        "Order,Customer,Date,SKU,Qty,Total\n1,Ann,2026-01-05,77,1,10\n,,,78,2,20\n,,,,3,30\n"
        "2,Bob,2026-01-06,77,1,10\n,,,78,1,50\n,,,,2,60\n",
        "2 rows of 70.00",
        "[Order, Customer, Date]` and `where: {SKU: {missing: false}}",
        BOTH,
    ),
    "the number of the line": (
        "Order,Customer,Date,Pos,Total\n1,Ann,2026-01-05,1,10\n,,,2,20\n2,Bob,2026-01-06,1,10\n,,,2,50\n",
        "2 rows of 70.00",
        "[Order, Customer, Date]",
        BOTH,
    ),
    "nothing but the amount": (
        "Order,Customer,Date,Total\n1,Ann,2026-01-05,10\n,,,20\n2,Bob,2026-01-06,10\n,,,50\n3,Cem,2026-01-07,1\n",
        "2 rows of 70.00",
        "[Order, Customer, Date]",
        {**BOTH, "Cem": 1.0},
    ),
    "nothing but the amount, on the last row as well": (
        "Order,Customer,Date,Total\n1,Ann,2026-01-05,25\n,,,5\n2,Bob,2026-01-06,50\n,,,10\n",
        "2 rows of 15.00",
        "[Order, Customer, Date]",
        BOTH,
    ),
    "what is carried forward": (
        HEAD + ODOO + ",,,Carried forward,90\n3,Cem,2026-01-07,Cup,1\n",
        "2 rows of 70.00",
        "[Order, Customer, Date]` and `where: {Item: {is_not: Carried forward}}",
        {**BOTH, "Cem": 1.0},
    ),
    "the day is repeated": (
        HEAD + ODOO.replace(",,,Pot", ",,2026-01-05,Pot").replace(",,,Pan", ",,2026-01-06,Pan"),
        "2 rows of 70.00",
        "[Order, Customer]",
        BOTH,
    ),
    "the day is repeated, with the time of each line": (
        HEAD
        + "1,Ann,2026-01-05 10:00,Cup,10.00\n,,2026-01-05 10:01,Pot,20.00\n2,Bob,2026-01-06 09:00,Cup,60.00\n",
        "1 row of 20.00",
        "[Order, Customer]",
        BOTH,
    ),
    "the day stands above its orders": (
        "Date,Order,Customer,Item,Total\n2026-01-05,1,Ann,Cup,10\n,,,Pot,20\n,2,Bob,Cup,5\n,,,Pan,7\n,3,Cem,Cup,5\n"
        "2026-01-06,4,Ann,Cup,1\n",
        "2 rows of 27.00",
        "[Date, Order, Customer]",
        {"Ann": 31.0, "Bob": 12.0, "Cem": 5.0},
    ),
}
KEYS = {
    "a state where cancelled only": ", where: {Status: {is_not: cancelled}}",
    "customers stand above their orders, and a state": ", where: {Status: {is_not: cancelled}}",
    "a state that is written below once": ", where: {Status: {is_not: cancelled}}",
    "the order is made of two columns": ", columns: {order_id: [shop, no]}",
    "a state on the first row, one is chosen": ", where: {Status: paid}",
    "a state on the first row, one is left out": ", where: {Status: {is_not: cancelled}}",
}


@pytest.mark.parametrize("name", STOPPED)
def test_what_is_proposed_for_rows_that_go_on_an_order_reads_them(
    segment: Segment, name: str
) -> None:
    text, found, proposed, spent = STOPPED[name]
    rules = RULES.format(keys=KEYS.get(name, ""), more="")
    done = segment("run", files={"o.csv": text, "personas.yaml": rules})
    assert (done.exit_code, f"o.csv: {found} ha" in done.err) == (3, True), done.err
    keys = re.findall(r"`((?:fill_down|where): [^`]+[\]}])`", done.err)
    assert f"`fill_down: {proposed or '[COLUMN]'}`" in done.err
    if proposed:
        rules = RULES.format(keys="".join((KEYS.get(name, ""), *(f", {k}" for k in keys))), more="")
        done = segment("run", files={"personas.yaml": rules})
        assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


def customers(found: pl.DataFrame) -> dict[str, float]:
    return {name: float(spend) for name, spend in found.select("customer_id", "monetary").rows()}


Reading = tuple[str, dict[str, float]]
#: customers left of their orders, written once, and days that go on -> if they stand above their orders, and if they do not
EITHER: dict[str, tuple[str, Reading, Reading]] = {
    "below customers": (
        PRINTED + ANN_AND_BOB.replace("2026-01-06", "2026-01-08"),
        ("[Customer, Date, Order]", {"Ann": 42.0, "Bob": 13.0}),
        ("[Date, Customer, Order]", {"Ann": 30.0, "Bob": 12.0}),
    ),
    "below days": (
        "Date,Customer,Order,Item,Total\n2026-01-05,Ann,1,Cup,10\n,,,Pot,20\n,,2,Cup,5\n,,,Pan,7\n2026-01-06,Bob,3,Cup,5\n,,,Pan,7\n",
        ("[Date, Customer, Order]", {"Ann": 42.0, "Bob": 12.0}),
        ("[Date, Order, Customer]", {"Ann": 30.0, "Bob": 12.0}),
    ),
}


#: most of the money is nobody's, and each row is an order of its own -> if customers stand above, and if they do not
OF_MOST: dict[str, tuple[str, Reading, Reading]] = {
    "fewer orders than five": (
        "Region,Kunde,Auftrag,Datum,Betrag\nNord,Meier,1,2026-01-05,10\n,,2,2026-01-07,50\n"
        "Süd,Huber,3,2026-01-06,5\n,,4,2026-01-09,20\n",
        ("[Kunde, Auftrag]", {"Meier": 60.0, "Huber": 25.0}),
        ("Kunde", {"Meier": 10.0, "Huber": 5.0}),
    ),
    "days that go on": (
        "Client,Commande,Date,Montant\nAnn,1,2026-01-05,10\n,2,2026-01-07,50\nBob,3,2026-01-08,5\n,4,2026-01-09,20\n",
        ("[Client, Commande]", {"Ann": 60.0, "Bob": 25.0}),
        ("Client", {"Ann": 10.0, "Bob": 5.0}),
    ),
}


@pytest.mark.parametrize(("text", "above", "guests"), OF_MOST.values(), ids=OF_MOST)
def test_where_most_money_has_no_customer_a_person_decides_whose_it_is(
    segment: Segment, text: str, above: Reading, guests: Reading
) -> None:
    segment("init", "--from", "o.csv", files={"o.csv": text})
    assert "fill_down" not in Path("personas.yaml").read_text()
    done = segment("run")
    ways = (f"fill_down: {above[0]}", f"where: {{{guests[0]}: {{missing: false}}}}")
    assert (done.exit_code, re.findall(r"`(\w+: .+?)`", done.err)) == (3, [*ways]), done.err
    for way, spent in ((ways[1], guests[1]), (ways[0], above[1])):  # in the order of their last day
        done = segment("run", files={"personas.yaml": RULES.format(keys=f", {way}", more="")})
        assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


def tills(*named: str) -> str:
    """Two tills of ten receipts, each by day; `named` are the receipts that have a customer."""
    receipts = [(till, day, f"{till}{day}") for till in "AB" for day in range(10)]
    rows = (
        f"{till},{f'C{receipt}' if receipt in named else ''},{receipt},2026-01-{day + 10},{day + 5}\n"
        for till, day, receipt in receipts
    )
    return "Till,Customer ID,Receipt,Date,Amount\n" + "".join(rows)


@pytest.mark.parametrize(
    "named",
    [
        ("A0", "A3", "A4", "A8", "B0", "B1", "B7"),
        ("A0", "A2", "A4", "A6", "A8", "B2", "B4", "B6"),
        ("A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B0", "B1", "B2", "B4", "B5", "B6"),
    ],
    ids=["begins with a customer", "begins with a guest", "few guests"],
)
def test_guests_at_two_tills_stay_guests(segment: Segment, named: tuple[str, ...]) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": tills(*named)})
    assert "fill_down" not in Path("personas.yaml").read_text(), done.err
    done = segment("run")
    assert (done.exit_code, done.customers.height) == (0, len(named)), done.err


@pytest.mark.parametrize(("text", "above", "guests"), EITHER.values(), ids=EITHER)
def test_whose_orders_without_a_customer_are_is_decided_by_a_person(
    segment: Segment, text: str, above: Reading, guests: Reading
) -> None:
    assert segment("init", "--from", "o.csv", files={"o.csv": text}).exit_code == 0
    assert "fill_down" not in Path("personas.yaml").read_text()
    done = segment("run")
    proposed = re.findall(r"`fill_down: ([^`]+)`", done.err)
    assert (done.exit_code, proposed) == (3, [above[0], guests[0]]), done.err


@pytest.mark.parametrize("number", [1, 2], ids=["above", "guests"])
@pytest.mark.parametrize("name", EITHER)
def test_each_of_the_two_ways_reads_what_it_says(segment: Segment, name: str, number: int) -> None:
    columns, spent = EITHER[name][number]
    rules = RULES.format(keys=f", fill_down: {columns}", more="")
    done = segment("run", files={"o.csv": EITHER[name][0], "personas.yaml": rules})
    assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


#: rows without a customer that are guests', comments, totals, or left out as was decided
PASSED = {
    "guests have orders of their own": (
        HEAD + "1,Ann,2026-01-05,Cup,10\n2,,2026-01-05,Pot,20\n",
        "",
        "",
    ),
    "a comment has no money": (
        HEAD + "1,Ann,2026-01-05,Cup,10\n1,,2026-01-05,gift wrap,0\n,,,thanks,\n",
        "",
        "",
    ),
    "a total": (HEAD + "1,Ann,2026-01-05,Cup,10\n,,,Total,10\n", "", ""),
    "a total without a word": (HEAD + "1,Ann,2026-01-05,Cup,10\n,,,,10\n", "", ""),
    "a total without a word, with tax": (
        HEAD
        + "1,Ann,2026-01-05,Cup,10\n,,,,11.90\n2,Bob,2026-01-05,Cup,20\n,,,,23.80\n,,,,35.70\n",
        "",
        "",
    ),
    "a total without a word, with the pieces": (
        "Order,Customer,Date,SKU,Stück,Total\n1,Ann,2026-01-05,77,2,10\n1,Ann,2026-01-05,78,1,5\n,,,,3,15\n",
        "",
        "",
    ),
    "totals with the pieces, and one of all": (
        "Order,Customer,Date,Qty,Total\n1,Ann,2026-01-05,2,10\n,,,2,10\n2,Bob,2026-01-05,1,5\n,,,1,5\n,,,3,15\n",
        "",
        "",
    ),
    "guests without a number, of whom one begins a day": (
        HEAD
        + "1,Ann,2026-01-05,Cup,10\n,,2026-01-05,Pot,20\n,,2026-01-06,Pot,20\n2,Bob,2026-01-06,Cup,5\n",
        "",
        "",
    ),
    "guests of a single day": (
        HEAD + "1,Ann,2026-01-05,Cup,10\n,,2026-01-05,Pot,20\n2,Bob,2026-01-05,Cup,5\n",
        "",
        "",
    ),
    "below a guest": (HEAD + "2,Ann,2026-01-05,Cup,10\n1,,2026-01-05,Cup,10\n,,,Pot,10\n", "", ""),
    "an order of two customers": (
        HEAD + "1,Ann,2026-01-05,Cup,10\n1,Bob,2026-01-05,Cup,10\n1,,2026-01-05,Pot,20\n",
        "",
        "",
    ),
    "guests of their own days, and no line is blank": (
        PRINTED
        + "Ann,2026-01-05,1,Cup,10\n,2026-01-07,2,Cup,5\nBob,2026-01-06,3,Cup,5\n,2026-01-09,4,Jar,1\n",
        "",
        "",
    ),
    "guests whose few orders are most of the money, by day": (
        "Customer,Order,Date,Amount\nA,1,2026-01-02,10\n,2,2026-01-02,20\nB,3,2026-01-05,5\nC,4,2026-01-06,5\n,5,2026-01-06,500\n"
        "D,6,2026-01-07,5\nE,7,2026-01-08,5\n,8,2026-01-09,900\n",
        "",
        "",
    ),
    "a guest with most of the money": (
        "Customer,Order,Date,Amount\nA,1,2026-01-02,10\n,2,2026-01-05,200\nB,3,2026-01-03,5\n",
        "",
        "",
    ),
    "guests at the top": (
        PRINTED
        + ",2026-01-05,9,Cup,1\n"
        + "".join(f"C{n},2026-01-0{9 - n},{n},Cup,1\n,2026-01-09,g{n},Cup,1\n" for n in range(6)),
        "",
        "",
    ),
    "left out by where": (HEAD + SAME, ", where: {Customer: {missing: false}}", ""),
    "signed for": (HEAD + SAME, "", "notices: {continued-orders: warn}\n"),
}


@pytest.mark.parametrize(("text", "keys", "more"), PASSED.values(), ids=PASSED)
def test_rows_without_a_customer_that_go_on_no_order_stop_nothing(
    segment: Segment, text: str, keys: str, more: str
) -> None:
    rules = RULES.format(keys=keys, more=more)
    done = segment("run", files={"o.csv": text, "personas.yaml": rules})
    assert (done.exit_code, "continued-orders" in str(done.manifest)) == (0, bool(more)), done.err


def test_init_writes_what_fills_down(segment: Segment) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": HEAD + ODOO + ",,,Total,90.00\n"})
    assert (done.exit_code, segment("run").exit_code) == (0, 0), done.err
    assert customers(segment("run").customers) == BOTH


def test_each_file_begins_anew(segment: Segment) -> None:
    files = {
        "d/a.csv": HEAD + "1,Ann,2026-01-05,Cup,1\n",
        "d/b.csv": HEAD + ",,2026-01-05,Cup,2\n2,Bob,2026-01-05,Cup,4\n",
        "personas.yaml": RULES.format(keys=", fill_down: [Order, Customer]", more="").replace(
            "o.csv", "d/*.csv"
        ),
    }
    done = segment("run", files=files)
    assert customers(done.customers) == {"Ann": 1.0, "Bob": 4.0}


#: keys of a folder whose second file begins within an order -> what is proposed besides
OVER_BORDERS = {
    "nothing is filled": ("", "`fill_down: [Order, Customer, Date]`"),
    "what is blank is filled": (", fill_down: [Order, Customer, Date]", ""),
    "the customer is not filled": (
        ", fill_down: [Order, Date]",
        "`fill_down: [Order, Customer, Date]`",
    ),
}


@pytest.mark.parametrize(("keys", "proposed"), OVER_BORDERS.values(), ids=OVER_BORDERS)
def test_an_order_that_goes_on_in_another_file_is_told_with_the_file(
    segment: Segment, keys: str, proposed: str
) -> None:
    more = ",,,Pot,20\n2,Bob,2026-01-06,Cup,5\n" + (",,,Pan,7\n" if proposed else "")
    files = {"s/1.csv": HEAD + "1,Ann,2026-01-05,Cup,10\n", "s/2.csv": HEAD + more}
    rules = RULES.replace("o.csv", "s")
    done = segment("run", files={**files, "personas.yaml": rules.format(keys=keys, more="")})
    assert (done.exit_code, "s/2.csv begins with" in done.err) == (3, True), done.err
    assert (proposed in done.err, "was tried" in done.err) == (True, False), done.err
    fill, where = proposed.strip("`") or keys[2:], "where: {Customer: {missing: false}}"
    assert f"`{where}`" in done.err
    rules = rules.format(keys=f", {fill}, {where}", more="")
    done = segment("run", files={"personas.yaml": rules})
    spent = {"Ann": 10.0, "Bob": 12.0 if proposed else 5.0}
    assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


@pytest.mark.parametrize("more", ["", ",,,Mug,5\n"], ids=["one line", "and lines below others"])
def test_an_order_that_goes_on_in_the_file_of_the_next_source_stops_the_run(
    segment: Segment, more: str
) -> None:
    files = {
        "jan.csv": HEAD + ODOO,
        "feb.csv": HEAD + f",,,Pot,21.00\n3,Cem,2026-02-06,Cup,10\n{more}",
    }
    segment("init", "--from", "jan.csv", "--from", "feb.csv", files=files)
    done = segment("run")
    assert (done.exit_code, "feb.csv begins with it: the order began" in done.err) == (3, True)


def test_a_state_that_is_to_be_chosen_is_filled_as_well(segment: Segment) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": STATES})
    assert (done.exit_code, segment("run").exit_code) == (0, 0), done.err
    assert customers(segment("run").customers) == {"Ann": 31.0}
    done = segment("run", files={"personas.yaml": RULES.format(keys="", more="")})
    assert (done.exit_code, f"`fill_down: {WITH_STATE}`" in done.err) == (3, True), done.err


def test_what_is_followed_for_a_state_where_cancelled_only_leaves_the_whole_order_out(
    segment: Segment,
) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": CANCELLED})
    assert (done.exit_code, segment("run").exit_code) == (0, 0), done.err
    assert customers(segment("run").customers) == {"1": 25.0, "3": 9.0, "4": 9.0}
    done = segment("run", files={"personas.yaml": RULES.format(keys="", more="")})
    assert (done.exit_code, f"`fill_down: {WITH_STATE}`" in done.err) == (3, True), done.err


RETURNED = (
    "Order,Customer,Date,Item,{},Total\n1,Ann,2026-01-05,Cup,,10\n,,,Pot,{},20\n,,,Lid,,1\n"
    "2,Bob,2026-01-06,Cup,{},10\n,,,Pan,,50\n3,Cem,2026-01-07,Cup,,5\n"
)
#: a state that is said of lines -> what customers have spent
OF_A_LINE = {
    "on a line below": (
        RETURNED.format("Line status", "Returned", ""),
        {"Ann": 11.0, "Bob": 60.0, "Cem": 5.0},
    ),
    "on a line below, and no header says so": (
        RETURNED.format("Status", "Returned", ""),
        {"Ann": 11.0, "Bob": 60.0, "Cem": 5.0},
    ),
    "on a first line": (
        RETURNED.format("Item status", "", "Returned"),
        {"Ann": 31.0, "Bob": 50.0, "Cem": 5.0},
    ),
    "in German": (
        RETURNED.format("Positionsstatus", "", "storniert"),
        {"Ann": 31.0, "Bob": 50.0, "Cem": 5.0},
    ),
}


@pytest.mark.parametrize(("text", "spent"), OF_A_LINE.values(), ids=OF_A_LINE)
def test_a_state_of_a_line_is_not_filled(
    segment: Segment, text: str, spent: dict[str, float]
) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": text})
    assert "fill_down: [Order, Customer, Date] " in Path("personas.yaml").read_text(), done.err
    assert (segment("run").exit_code, customers(segment("run").customers)) == (0, spent), done.err


CEM = "3,Cem,2026-01-07,Jar,5\n"
#: a where by what each line says, of which the first row of an order is left out -> what is spent
BY_LINES = {
    "nothing is repeated": (HEAD + ODOO + CEM, "[Order, Customer, Date]"),
    "the order is repeated": (HEAD + SAME + CEM, "[Order, Customer]"),
}


@pytest.mark.parametrize(("text", "proposed"), BY_LINES.values(), ids=BY_LINES)
def test_lines_below_a_first_row_that_is_left_out_are_not_lost(
    segment: Segment, text: str, proposed: str
) -> None:
    spent = {"Ann": 20.0, "Bob": 50.0, "Cem": 5.0}
    keys = ", where: {Item: {is_not: Cup}}"
    files = {"o.csv": text, "personas.yaml": RULES.format(keys=keys, more="")}
    done = segment("run", files=files)
    assert (done.exit_code, f"`fill_down: {proposed}`" in done.err) == (3, True), done.err
    rules = RULES.format(keys=f"{keys}, fill_down: {proposed}", more="")
    done = segment("run", files={"personas.yaml": rules})
    assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


def test_returns_by_quantity_are_taken_off_rows_that_are_filled(segment: Segment) -> None:
    text = (
        "Order,Customer,Date,Item,Qty,Amount\n1,Ann,2026-01-05,Cup,1,10\n,,,Pot,2,20\n,,,Pot,-1,10\n"
        "2,Bob,2026-01-06,Cup,1,10\n,,,Pan,1,50\n,,,Pan,-1,50\n"
    )
    segment("init", "--from", "o.csv", files={"o.csv": text})
    done = segment("run")
    [sources] = re.findall(r"sources: (transactions: .+?\]); or", done.err)
    rules = f"version: 1\nsources: {{{sources}}}\npersonas: {{everyone: {{}}}}\n"
    done = segment("run", files={"personas.yaml": rules})
    assert (done.exit_code, customers(done.customers)) == (0, {"Ann": 20.0, "Bob": 10.0}), done.err


@pytest.mark.parametrize("state", ["Status", "Financial Status"])
def test_init_fills_a_state_that_stands_on_the_first_row_alone(
    segment: Segment, state: str
) -> None:
    text = (
        f"Order,Customer,Date,{state},Item,Total\na,1,2025-01-01,paid,Shoe,20\na,1,2025-01-01,,Sock,5\n"
        "b,2,2025-01-02,cancelled,Shoe,20\nb,2,2025-01-02,,Hat,9\nc,3,2025-01-03,paid,Hat,9\n"
    )
    done = segment("init", "--from", "o.csv", files={"o.csv": text})
    assert f"fill_down: [Order, {state}]" in Path("personas.yaml").read_text(), done.err
    done = segment("run")
    assert (done.exit_code, customers(done.customers)) == (0, {"1": 25.0, "3": 9.0}), done.err


ASKED = {
    "paid": ("Status: paid", 31.0),
    "not cancelled": ("Status: {is_not: cancelled}", 31.0),
    "either": ("any: [{Status: paid}, {Status: open}]", 31.0),
    "cancelled": ("not: {Status: paid}", None),
}


@pytest.mark.parametrize(("where", "spent"), ASKED.values(), ids=ASKED)
def test_what_where_asks_is_filled_where_filled_rows_leave_it_blank(
    segment: Segment, where: str, spent: float | None
) -> None:
    keys = f", fill_down: [Order, Customer, Date], where: {{{where}}}"
    files = {"o.csv": STATES, "personas.yaml": RULES.format(keys=keys, more="")}
    done = segment("run", files=files)
    assert (done.exit_code, "where asks Status" in done.err) == (3, True), done.err
    assert f"`fill_down: {WITH_STATE}`" in done.err
    keys = f", fill_down: {WITH_STATE}, where: {{{where}}}"
    done = segment("run", files={"personas.yaml": RULES.format(keys=keys, more="")})
    expected = {"Bob": 12.0} if spent is None else {"Ann": spent}
    assert (done.exit_code, customers(done.customers)) == (0, expected), done.err


#: files whose columns but the state are filled, the columns, and the where -> what is to be filled, and what is spent then
CUT = {
    "cancelled only": (
        CANCELLED,
        "Order, Customer, Date",
        "Status: {is_not: cancelled}",
        WITH_STATE,
        {"1": 25.0, "3": 9.0, "4": 9.0},
    ),
    "a state below": (
        ONE_BELOW,
        "Order, Customer, Date",
        "Status: paid",
        WITH_STATE,
        {"Ann": 31.0},
    ),
    "the order is written on each row": (
        STATES_ABOVE,
        "Customer",
        "Status: paid",
        "[Customer, Order, Status]",
        {"Ann": 30.0, "Bob": 4.0},
    ),
    "the order is written on each row, one is left out": (
        STATES_ABOVE.replace(",paid,", ",,"),
        "Customer",
        "Status: {is_not: cancelled}",
        "[Customer, Order, Status]",
        {"Ann": 30.0, "Bob": 4.0},
    ),
}


@pytest.mark.parametrize(("text", "filled", "where", "proposed", "spent"), CUT.values(), ids=CUT)
def test_a_state_is_filled_within_its_order_alone(
    segment: Segment, text: str, filled: str, where: str, proposed: str, spent: dict[str, float]
) -> None:
    keys = f", fill_down: [{filled}], where: {{{where}}}"
    files = {"o.csv": text, "personas.yaml": RULES.format(keys=keys, more="")}
    done = segment("run", files=files)
    assert (done.exit_code, f"`fill_down: {proposed}`" in done.err) == (3, True), done.err
    keys = f", fill_down: {proposed}, where: {{{where}}}"
    done = segment("run", files={"personas.yaml": RULES.format(keys=keys, more="")})
    assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


#: files with all but the state on each row, and the where -> what is to be filled, and what is spent then
WRITTEN_OUT = {
    "a state on the first row": (
        "Order,Customer,Date,Status,Item,Total\na,1,2025-01-01,paid,Shoe,20\na,1,2025-01-01,,Sock,5\n"
        "b,2,2025-01-02,cancelled,Shoe,20\nb,2,2025-01-02,,Hat,9\nc,3,2025-01-03,paid,Hat,9\n",
        "Status: {is_not: cancelled}",
        "`fill_down: [Order, Status]`",
        {"1": 25.0, "3": 9.0},
    ),
    "a state on the first row, one is chosen": (
        "Order,Customer,Date,Status,Item,Total\na,1,2025-01-01,paid,Shoe,20\na,1,2025-01-01,,Sock,5\n"
        "b,2,2025-01-02,cancelled,Shoe,20\nb,2,2025-01-02,,Hat,9\nc,3,2025-01-03,paid,Hat,9\n",
        "Status: paid",
        "`fill_down: [Order, Status]`",
        {"1": 25.0, "3": 9.0},
    ),
    "the day of a cancellation": (
        "Order,Customer,Date,Cancelled at,Item,Total\n"
        + "".join(f"{n},{n},2025-01-0{n},,Shoe,20\n{n},{n},2025-01-0{n},,Sock,5\n" for n in (1, 2))
        + "3,3,2025-01-03,2025-01-04,Shoe,20\n3,3,2025-01-03,,Hat,9\n",
        "Cancelled at: {missing: true}",
        "`fill_down: [Order, Cancelled at]`",
        {"1": 25.0, "2": 25.0},
    ),
    "no column of orders": (
        "Customer,Date,Status,Item,Total\n1,2025-01-01 10:00,paid,Shoe,20\n1,2025-01-01 10:00,,Sock,5\n"
        "2,2025-01-02 10:00,cancelled,Shoe,20\n2,2025-01-02 10:00,,Hat,9\n3,2025-01-03 09:00,paid,Hat,9\n",
        "Status: {is_not: cancelled}",
        "`fill_down: [Customer, Date, Status]`",
        {"1": 25.0, "3": 9.0},
    ),
    "rows without an order": (
        "Order,Customer,Date,Status,Item,Total\na,1,2025-01-01,paid,Shoe,20\na,1,2025-01-01,,Sock,5\n"
        "b,2,2025-01-02,cancelled,Shoe,20\nb,2,2025-01-02,,Hat,9\n,3,2025-01-03,paid,Hat,9\n",
        "Status: {is_not: cancelled}",
        "Write it on each row",
        {},
    ),
}


@pytest.mark.parametrize(
    ("text", "where", "proposed", "spent"), WRITTEN_OUT.values(), ids=WRITTEN_OUT
)
def test_a_state_that_stands_on_the_first_row_alone_is_that_of_its_order(
    segment: Segment, text: str, where: str, proposed: str, spent: dict[str, float]
) -> None:
    files = {"o.csv": text, "personas.yaml": RULES.format(keys=f", where: {{{where}}}", more="")}
    done = segment("run", files=files)
    assert (done.exit_code, proposed in done.err) == (3, True), done.err
    if spent:
        keys = f", {proposed.strip('`')}, where: {{{where}}}"
        done = segment("run", files={"personas.yaml": RULES.format(keys=keys, more="")})
        assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


LINES = "Order,Customer,Date,Status,Item,{}\n1,Ann,2026-01-05,{},Cup,10\n1,Ann,2026-01-05,{},Pot,{}\n2,Bob,2026-01-06,{},Cup,4\n"
#: the same where rows below hold what they mean, or nothing that counts
ON_EACH_ROW = {
    "each row has a state": (
        LINES.format("Total", "paid", "paid", 20, "void"),
        "Status: paid",
        "",
        30.0,
    ),
    "a line of its own": (
        LINES.format("Total", "", "returned", 20, ""),
        "Status: {is_not: returned}",
        "",
        10.0,
    ),
    "the amount is on the first row, too": (
        LINES.format("Total", "paid", "", "", "void"),
        "Status: paid",
        "",
        10.0,
    ),
    "the amount is that of the order": (
        LINES.format("Total", "paid", "", 10, "void"),
        "Status: paid",
        ", columns: {amount: {per_order: Total}}",
        10.0,
    ),
}


@pytest.mark.parametrize(("text", "where", "keys", "ann"), ON_EACH_ROW.values(), ids=ON_EACH_ROW)
def test_what_rows_say_themselves_stops_nothing(
    segment: Segment, text: str, where: str, keys: str, ann: float
) -> None:
    rules = RULES.format(keys=f"{keys}, where: {{{where}}}", more="")
    done = segment("run", files={"o.csv": text, "personas.yaml": rules})
    assert (done.exit_code, customers(done.customers)["Ann"]) == (0, ann), done.err


#: what where asks of lines, or of orders of which no line is blank below
OF_LINES = {
    "as often below": (
        "Order,Customer,Date,Line,Total\n1,Ann,2026-01-05,gift,10\n,,,,20\n,,,gift,1\n2,Bob,2026-01-06,,10\n,,,,50\n",
        "Line: {is_not: gift}",
        {"Ann": 20.0, "Bob": 60.0},
    ),
    "the order has no other line": (
        "Order,Customer,Date,Status,Total\n1,Ann,2026-01-05,,10\n,,,,20\n2,Bob,2026-01-06,cancelled,10\n",
        "Status: {is_not: cancelled}",
        {"Ann": 30.0},
    ),
}


@pytest.mark.parametrize(("text", "where", "spent"), OF_LINES.values(), ids=OF_LINES)
def test_what_where_asks_of_lines_stops_nothing(
    segment: Segment, text: str, where: str, spent: dict[str, float]
) -> None:
    keys = f", fill_down: [Order, Customer, Date], where: {{{where}}}"
    files = {"o.csv": text, "personas.yaml": RULES.format(keys=keys, more="")}
    done = segment("run", files=files)
    assert (done.exit_code, customers(done.customers)) == (0, spent), done.err


def test_what_where_asks_of_each_row_is_not_filled(segment: Segment) -> None:
    keys = ", fill_down: [Order, Customer, Date], where: {Item: {is_not: Cup}}"
    rules = RULES.format(keys=keys, more="")
    done = segment("run", files={"o.csv": HEAD + ODOO, "personas.yaml": rules})
    assert (done.exit_code, customers(done.customers)) == (0, {"Ann": 20.0, "Bob": 50.0}), done.err


def test_a_join_by_a_column_that_is_filled_finds_its_partners(segment: Segment) -> None:
    keys = ", fill_down: [Order, Date], join: {path: c.csv, key: Order}"
    text = "Order,Date,Item,Total\n1,2026-01-05,Cup,10\n,,Pot,20\n"
    files = {"o.csv": text, "c.csv": "Order,customer\n1,Ann\n"}
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys=keys, more="")})
    assert (done.exit_code, customers(done.customers)) == (0, {"Ann": 30.0}), done.err


WRONG = {
    "no such column": (
        "[Ordr]",
        'o.csv: fill_down names the column "Ordr", which the file does not have',
    ),
    "twice": ("[Order, Order]", 'fill_down names "Order" twice'),
}


@pytest.mark.parametrize(("columns", "said"), WRONG.values(), ids=WRONG)
def test_a_column_that_cannot_be_filled_is_told(segment: Segment, columns: str, said: str) -> None:
    rules = RULES.format(keys=f", fill_down: {columns}", more="")
    done = segment("run", files={"o.csv": HEAD + SAME, "personas.yaml": rules})
    assert (done.exit_code in (2, 3), said in done.err) == (True, True), done.err
