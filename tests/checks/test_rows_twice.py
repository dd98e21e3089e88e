"""Amounts that stand in a file twice: of an order and its lines, of a set and its parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Segment
from pasting import EVERYONE, stops_and_leads_to

KINDS = "order_id,customer_id,ordered_at,{kind},{item},amount\n"
#: an order of one line, and two of several; what marks a row of an order stands for O, of a line for L
TILL = (
    "1,a,2026-01-03,O,,35.00\n1,a,2026-01-03,L,Tea,20.00\n1,a,2026-01-03,L,Cup,15.00\n"
    "2,b,2026-01-04,O,,10.00\n2,b,2026-01-04,L,Tea,10.00\n"
    "3,c,2026-01-05,O,,40.00\n3,c,2026-01-05,L,Cup,30.00\n3,c,2026-01-05,L,Tea,10.00\n"
)
SETS = "order_id,customer_id,ordered_at,sku,{parent},amount\n"
SET = (
    "1,a,2026-01-03,SET,,30.00\n1,a,2026-01-03,Tea,SET,10.00\n1,a,2026-01-03,Cup,SET,20.00\n"
    "2,b,2026-01-04,Tea,,10.00\n"
    "3,c,2026-01-05,SET,,30.00\n3,c,2026-01-05,Tea,SET,10.00\n3,c,2026-01-05,Cup,SET,20.00\n"
)


def till(kind: str, order: str, line: str, rows: str = TILL) -> str:
    body = rows.replace(",O,", f",{order},").replace(",L,", f",{line},")
    return KINDS.format(kind=kind, item="item") + body


def sets(parent: str, rows: str = SET) -> str:
    return SETS.format(parent=parent) + rows


#: rows that share the number of a set
SHARED = (
    "1,a,2026-01-03,KIT,S1,60.00\n1,a,2026-01-03,P1,S1,25.00\n1,a,2026-01-03,P2,S1,35.00\n"
    "2,b,2026-01-04,P1,,25.00\n"
)
ONE_SET = "1,a,2026-01-03,{set},KIT,60.00\n1,a,2026-01-03,{part},P1,25.00\n1,a,2026-01-03,{part},P2,35.00\n2,b,2026-01-04,simple,P1,25.00\n"


def one_set(kind: str, of_set: str, of_part: str) -> str:
    return KINDS.format(kind=kind, item="item") + ONE_SET.format(set=of_set, part=of_part)


#: the file -> the where that is printed, and the money
STOPS = {
    "a till": (till("Record type", "Sale", "Sale Line"), "Record type: {is_not: Sale}", 85),
    "in German": (till("Zeilentyp", "Kopf", "Position"), "Zeilentyp: {is_not: Kopf}", 85),
    "in French": (
        till("Type d'enregistrement", "Vente", "Ligne"),
        "Type d'enregistrement: {is_not: Vente}",
        85,
    ),
    "in Spanish": (till("Tipo de registro", "T", "L"), "Tipo de registro: {is_not: T}", 85),
    "in Italian": (till("Tipo riga", "testata", "riga"), "Tipo riga: {is_not: testata}", 85),
    "in Dutch": (till("Regeltype", "kop", "regel"), "Regeltype: {is_not: kop}", 85),
    "by letters": (till("x", "H", "D"), "x: {is_not: H}", 85),
    "lines first": (
        till("Row", "order", "item", "".join(reversed(TILL.splitlines(keepends=True)))),
        "Row: {is_not: order}",
        85,
    ),
    "a rounded line": (
        till("Record type", "S", "L", TILL.replace("15.00", "14.99")),
        "Record type: {is_not: S}",
        84.99,
    ),
    "states of orders alone": (
        till("Record type", "Sale", "Line")
        .replace(",item,", ",Status,")
        .replace(",Sale,,", ",Sale,done,")
        .replace(",Tea,", ",,")
        .replace(",Cup,", ",,"),
        "Record type: {is_not: Line}",
        85,
    ),
    "a set": (sets("Parent item"), "Parent item: {missing: true}", 70),
    "a set, in German": (sets("Stücklistenkopf"), "Stücklistenkopf: {missing: true}", 70),
    "a set whose name tells nothing": (sets("x"), "x: {missing: true}", 70),
    "one set": (
        sets("bundle_sku", SET.partition("3,c")[0]),
        "bundle_sku: {missing: true}",
        40,
    ),
    "one set by its number": (sets("Set ID", SHARED), "sku: {is_not: KIT}", 85),
    "a bundle by its number": (sets("bundle_id", SHARED), "sku: {is_not: KIT}", 85),
    "a set by its number, in German": (sets("Set-Nr", SHARED), "sku: {is_not: KIT}", 85),
    "a set by its number, in French": (sets("N° coffret", SHARED), "sku: {is_not: KIT}", 85),
    "two sets by their numbers": (
        sets("Kit", SHARED + SHARED.replace("KIT", "BOX").replace("S1", "S2")),
        "sku: {none_of: [KIT, BOX]}",
        170,
    ),
    "one set by its kind": (
        one_set("Product Type", "bundle", "bundle component"),
        "Product Type: {is_not: bundle}",
        85,
    ),
    "one set by its kind, in German": (
        one_set("Artikeltyp", "Stückliste", "Komponente"),
        "Artikeltyp: {is_not: Stückliste}",
        85,
    ),
}

#: what is as it stands -> the money
PASSES = {
    "orders and lines that differ": (
        till("Record type", "S", "L", TILL.replace("15.00", "5.00")),
        160,
    ),
    "two kinds of goods": (
        KINDS.format(kind="kind", item="item")
        + "1,a,2026-01-03,gift,x,10\n1,a,2026-01-03,own,y,10\n2,b,2026-01-03,gift,x,10\n2,b,2026-01-03,own,y,10\n",
        40,
    ),
    "kinds that seldom meet": (
        till("Record type", "Sale", "Line")
        + "".join(f"{n},d,2026-02-0{n - 3},Sale,Pot,1.00\n" for n in range(4, 9)),
        175,
    ),
    "two rows of a kind": (till("kind", "O", "L") + "1,a,2026-01-03,O,Pot,5.00\n", 175),
    "a set whose parts cost nothing": (
        sets("Parent item", SET.replace("10.00", "0.00").replace("20.00", "0.00")),
        60,
    ),
    "a set that costs nothing": (sets("Parent item", SET.replace("30.00", "0.00")), 70),
    "parts at other prices": (sets("Parent item", SET.replace("20.00", "25.00")), 140),
    "a set by its number whose parts cost nothing": (
        sets("Set ID", SHARED.replace("35.00", "0.00").replace(",S1,25.00", ",S1,0.00")),
        85,
    ),
    "parts of a set that has no row": (
        sets("Set ID", SHARED.replace("KIT,S1,60.00", "Pot,,5.00")),
        90,
    ),
    "numbers of no set": (sets("Shelf", SHARED), 145),
    "a set by its kind at another price": (
        one_set("Product Type", "bundle", "component").replace("60.00", "50.00"),
        135,
    ),
    "a kind of goods in one order": (one_set("Product Type", "lamp", "bulb"), 145),
    "exchanges": (
        sets(
            "exchange_of",
            "1,a,2026-01-03,Tea,,10.00\n1,a,2026-01-03,Cup,Tea,10.00\n2,b,2026-01-03,Pot,,5.00\n",
        ),
        25,
    ),
}


@pytest.mark.parametrize(("rows", "where", "money"), STOPS.values(), ids=STOPS)
def test_what_is_counted_twice_stops_and_what_is_pasted_counts_it_once(
    segment: Segment, rows: str, where: str, money: float
) -> None:
    stops_and_leads_to(segment, rows, where, money)


@pytest.mark.parametrize(("rows", "where", "money"), STOPS.values(), ids=STOPS)
def test_what_init_writes_counts_it_once(
    segment: Segment, rows: str, where: str, money: float
) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": rows})
    assert (done.exit_code, f"\n      {where}" in Path("personas.yaml").read_text()) == (0, True)
    assert segment("run").exit_code == 0


@pytest.mark.parametrize(("rows", "money"), PASSES.values(), ids=PASSES)
def test_what_stands_there_once_counts_as_it_stands(
    segment: Segment, rows: str, money: float
) -> None:
    done = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money), done.err


#: a where that decides -> the money
DOORS = {
    "both are sold": (till("kind", "O", "L"), "{kind: [O, L]}", 170),
    "sets by their number": (
        sets("Set ID", SHARED),
        "{any: [{Set ID: {missing: true}}, {Set ID: {missing: false}}]}",
        145,
    ),
    "lines": (till("kind", "O", "L"), "{kind: L}", 85),
    "sets and parts": (
        sets("Parent item"),
        "{any: [{Parent item: {missing: true}}, {Parent item: {missing: false}}]}",
        130,
    ),
}


@pytest.mark.parametrize(("rows", "where", "money"), DOORS.values(), ids=DOORS)
def test_a_where_that_names_them_decides(
    segment: Segment, rows: str, where: str, money: float
) -> None:
    rules = f"sources: {{transactions: {{path: o.csv, where: {where}}}}}\n{EVERYONE}"
    done = segment("run", files={"o.csv": rows, "personas.yaml": rules})
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money), done.err
