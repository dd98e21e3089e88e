"""Files of refunds among files of sales: what is said of them, and that what is advised gives what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from harness import Result, Segment

HEAD = "order_id,customer_id,ordered_at,amount\n"
SALES = f"{HEAD}1,a,2026-01-03,20\n2,b,2026-01-04,30\n"
BACK = f"{HEAD}1,a,2026-01-05,20\n"
EVERYONE = "version: 1\npersonas: {everyone: {columns: [monetary]}}\n"

CALLED = [
    "returns",
    "refunds",
    "retouren",
    "gutschriften",
    "credit_notes",
    "CreditNotes-2026",
    "avoirs",
    "resi",
    "zwroty",
    "devoluciones",
    "reembolsos",
    "remboursements",
    "erstattungen",
    "sales_returns",
    "note_di_credito",
    "creditnotas",
    "retourzendingen",
    "returer",
    "estornos",
    "chargebacks",
    "stornos",
]


@pytest.mark.parametrize("name", CALLED)
def test_a_file_of_refunds_beside_one_of_sales_is_taken_off(segment: Segment, name: str) -> None:
    files = {"orders.csv": SALES, f"{name}.csv": BACK, "personas.yaml": EVERYONE}
    stopped = segment("run", "orders.csv", f"{name}.csv", files=files)
    said = f"{name}.csv is called by refunds, and its amounts are above zero: 1 row would count"
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err
    [sources] = re.findall(r"write in the rules: (.*?)\. If they are sales", stopped.err)
    done = segment("run", files={"personas.yaml": f"{EVERYONE}{sources}\n"})
    assert done.exit_code == 0, done.err
    assert [float(m) for m in done.customers["monetary"]] == [0, 30]


#: names of two files, and what the second holds
NONE = {
    "of both": ("orders", "orders_with_returns", BACK),
    "of neither": ("orders", "orders_without_returns", BACK),
    "of customers": ("orders", "returning_customers", BACK),
    "below zero": ("orders", "returns", BACK.replace(",20\n", ",-20\n")),
    "another word": ("orders", "retail", BACK),
    "refunds alone": ("returns_1", "returns_2", BACK),
}


@pytest.mark.parametrize(("first", "second", "rows"), NONE.values(), ids=NONE)
def test_other_files_beside_each_other_run(
    segment: Segment, first: str, second: str, rows: str
) -> None:
    files = {f"{first}.csv": SALES, f"{second}.csv": rows, "personas.yaml": EVERYONE}
    done = segment("run", f"{first}.csv", f"{second}.csv", files=files)
    assert done.exit_code == 0, done.err


def test_one_file_of_refunds_runs(segment: Segment) -> None:
    done = segment("run", "returns.csv", files={"returns.csv": BACK, "personas.yaml": EVERYONE})
    assert done.exit_code == 0, done.err


#: sources in the rules -> what to add to the second, or all of them
DECLARED = {
    "a folder": ("[{path: './*.csv'}]", "write in the rules: sources: "),
    "with a choice": (
        "[{path: orders.csv}, {path: returns.csv, where: {order_id: ['1', '2']}}]",
        'write under its source: columns: {amount: "-amount"}',
    ),
}


@pytest.mark.parametrize(("sources", "said"), DECLARED.values(), ids=DECLARED)
def test_sources_of_rules_are_told_what_to_write(segment: Segment, sources: str, said: str) -> None:
    rules = f"{EVERYONE}sources: {{transactions: {sources}}}\n"
    files = {"orders.csv": SALES, "returns.csv": BACK, "personas.yaml": rules}
    stopped = segment("run", files=files)
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err


def test_a_declared_amount_is_the_door(segment: Segment) -> None:
    sources = "[{path: orders.csv}, {path: returns.csv, columns: {amount: amount}}]"
    rules = f"{EVERYONE}sources: {{transactions: {sources}}}\n"
    files = {"orders.csv": SALES, "returns.csv": BACK, "personas.yaml": rules}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert [float(m) for m in done.customers["monetary"]] == [40, 30]


ORDERS = f"{HEAD}1,a,2026-01-02,100.00\n2,b,2026-01-03,20.00\n3,c,2026-01-04,55.50\n"
SHOP = "Order,Email,Created at,Total\n1,a@x.de,2026-01-02,100.00\n2,b@x.de,2026-01-03,20.00\n3,c@x.de,2026-01-04,55.50\n"
#: sales, and what was paid back of them in a file of other columns
APART = {
    "with a customer": (
        ORDERS,
        "order_id,customer_id,returned_at,refund_amount\n1,a,2026-01-05,10.00\n3,c,2026-01-08,55.50\n",
    ),
    "by the order alone": (ORDERS, "order_id,reason,refund_amount\n1,broken,10.00\n3,late,55.50\n"),
    "below zero": (ORDERS, "order_id,reason,refund_amount\n1,broken,-10.00\n3,late,-55.50\n"),
    "another name of the customer": (
        SHOP,
        "Order,Mail address,Returned at,Refunded\n1,a@x.de,2026-01-05,10.00\n3,c@x.de,2026-01-08,55.50\n",
    ),
    "in German": (
        "Bestellnr;Kunde;Datum;Betrag\n1;a;02.01.2026;100,00\n2;b;03.01.2026;20,00\n3;c;04.01.2026;55,50\n",
        "Bestellnr;Grund;Erstattungsbetrag\n1;defekt;10,00\n3;zu spät;55,50\n",
    ),
    "in French": (
        "N° commande;Client;Date;Montant\n1;a;02/01/2026;100,00\n2;b;13/01/2026;20,00\n3;c;14/01/2026;55,50\n",
        "N° commande;Motif;Montant remboursé\n1;cassé;10,00\n3;retard;55,50\n",
    ),
}


@pytest.mark.parametrize(("sales", "back"), APART.values(), ids=APART)
def test_refunds_of_other_columns_are_taken_off_as_is_told(
    segment: Segment, sales: str, back: str
) -> None:
    files = {"orders.csv": sales, "returns.csv": back, "personas.yaml": EVERYONE}
    stopped = segment("run", "orders.csv", "returns.csv", files=files)
    assert (stopped.exit_code, "Try: " in stopped.err) == (3, False), stopped.err
    assert "segment init --from orders.csv --from returns.csv writes rules" in stopped.err
    [sources] = re.findall(r"In the rules: (.*)$", stopped.err, re.MULTILINE)
    Path("personas.yaml").write_text(f"{EVERYONE}{sources}\n")
    done = segment("run")
    assert (done.exit_code, money(done)) == (0, [0, 20, 90]), done.err
    Path("personas.yaml").unlink()
    assert segment("init", "--from", "orders.csv", "--from", "returns.csv").exit_code == 0
    done = segment("run")
    assert (done.exit_code, money(done)) == (0, [0, 20, 90]), done.err


def money(done: Result) -> list[float]:
    return sorted(float(one) for one in done.customers["monetary"])


def test_amounts_that_are_joined_from_sales_do_not_count_twice(segment: Segment) -> None:
    """A file that has no money of its own: what init writes stops, and so does it where it is declared."""
    files = {"orders.csv": ORDERS, "returns.csv": "order_id,reason\n1,broken\n"}
    written = segment("init", "--from", "orders.csv", "--from", "returns.csv", files=files)
    said = "amounts are joined from orders.csv, which is a source of sales itself"
    assert said in written.out + written.err
    done = segment("run")
    assert (done.exit_code, said in done.err) == (3, True), done.err
    alone = segment("init", "x", "--from", "returns.csv")
    assert (alone.exit_code, said in alone.out + alone.err) == (0, False)


#: how sales and refunds call their columns, and how the amount is written that is left to a person
CALLED = {
    "amount": ("orders", "returns", "order_id,date,customer_id,amount", '"-amount"'),
    "Brutto": ("Rechnungen", "Gutschriften", "Beleg,Datum,Kundennr,Brutto", '"-Brutto"'),
    "Bruttobetrag": ("Rechnungen", "Storno", "Beleg,Datum,Kunde,Bruttobetrag", '"-Bruttobetrag"'),
    "Montant TTC": ("factures", "avoirs", "Facture,Date,Client,Montant TTC", '"-(Montant TTC)"'),
    "Importe con IVA": (
        "facturas",
        "abonos",
        "Factura,Fecha,Cliente,Importe con IVA",
        '"-(Importe con IVA)"',
    ),
    "Totale (EUR)": (
        "fatture",
        "note_di_credito",
        "Fattura,Data,Cliente,Totale (EUR)",
        '"-(Totale (EUR))"',
    ),
    "Bedrag incl. btw": (
        "facturen",
        "retouren",
        "Factuur,Datum,Klant,Bedrag incl. btw",
        '"-(Bedrag incl. btw)"',
    ),
    "Charged": ("invoices", "credit_notes", "Invoice,Date,Customer,Charged", '"-Charged"'),
}


@pytest.mark.parametrize(("sales", "back", "head", "amount"), CALLED.values(), ids=CALLED)
def test_init_leaves_it_to_a_person_whether_a_file_holds_refunds(
    segment: Segment, sales: str, back: str, head: str, amount: str
) -> None:
    sold = f"{head}\n1,2026-01-02,A,100.00\n2,2026-01-14,B,50.00\n"
    files = {f"{sales}.csv": sold, f"{back}.csv": f"{head}\n9,2026-01-20,A,30.00\n"}
    segment("init", "--from", f"{sales}.csv", "--from", f"{back}.csv", files=files)
    written = Path("personas.yaml").read_text()
    assert f"# amount: {amount}    # decide: the file is called by refunds" in written
    assert segment("run").exit_code == 3
    Path("personas.yaml").write_text(written.replace("# amount: ", "amount: "))
    done = segment("run")
    assert (done.exit_code, money(done)) == (0, [50, 70]), done.err


def test_refunds_that_are_below_zero_are_declared(segment: Segment) -> None:
    head = "Beleg,Datum,Kundennr,Brutto"
    files = {
        "Rechnungen.csv": f"{head}\n1,2026-01-02,A,100.00\n2,2026-01-14,B,50.00\n",
        "Gutschriften.csv": f"{head}\n9,2026-01-20,A,-30.00\n",
    }
    segment("init", "--from", "Rechnungen.csv", "--from", "Gutschriften.csv", files=files)
    done = segment("run")
    assert (done.exit_code, money(done)) == (0, [50, 70]), done.err


#: files of the command line that have other columns, and options that not all of them can take
DIFFER = {
    "a column that one lacks": (
        SHOP,
        ["--map", "customer_id=Email"],
        "Another file has it, and what options say holds for all of them.",
    ),
    "a name that nobody knows": (
        ORDERS,
        [],
        "Say which: sources: {transactions: [{path: a.csv}, {path: b.csv, columns: {",
    ),
}


@pytest.mark.parametrize(("rows", "options", "said"), DIFFER.values(), ids=DIFFER)
def test_files_of_other_columns_are_told_as_sources_of_their_own(
    segment: Segment, rows: str, options: list[str], said: str
) -> None:
    other = "Kd,Tag,Summe\nA1,2024-01-01,3.50\nA1,2024-01-03,4.50\n"
    files = {"a.csv": rows, "b.csv": other, "personas.yaml": EVERYONE}
    done = segment("run", "a.csv", "b.csv", *options, files=files)
    assert (done.exit_code, said in done.err, "Try: " in done.err) == (3, True, False), done.err
    assert "segment init --from a.csv --from b.csv writes rules" in done.err


def test_files_of_the_same_columns_are_told_by_options(segment: Segment) -> None:
    files = {
        name: f"Kd,Tag,Summe\nA1,2024-0{m}-01,3.50\n"
        for m, name in enumerate(("a.csv", "b.csv"), 1)
    }
    done = segment("run", *files, files={**files, "personas.yaml": EVERYONE})
    assert "--map customer_id='<column>'" in done.err
