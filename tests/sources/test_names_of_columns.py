"""Which columns are taken for ours by their names, and which are none by what they hold."""

from __future__ import annotations

import pytest
from harness import Result, Segment

ES = "_source.customer_id,_source.order_id,_source.ordered_at,_source.amount"
#: what all of a line came to: it holds discounts that quantity × price does not
LINES = """
    Item Total|Line Net|Extended Price|Ext. Price|Row Total|Zeilensumme|Positionsbetrag|Positionswert|Total ligne|Total de la ligne|
    Montant ligne|Importe línea|Importe de línea|Totale riga|Importo riga|Regeltotaal|Regelbedrag|Wartość pozycji|Suma pozycji|
    Line Total|Line total (excl. VAT)|Line total after discount|Radsumma
"""
#: and what is none, beside which the product is read
NO_LINES = """
    Line discount|Line total discount|Line tax|Line subtotal|Total items|Line number|Unit total|Positionen|Line cost|
    Zeilenrabatt|Total articles|Line total %
"""


@pytest.mark.parametrize("name", [one.strip() for one in LINES.split("|")])
def test_what_a_line_came_to_is_read_before_its_price(segment: Segment, name: str) -> None:
    done = _of_line(segment, f"Quantity,Unit Price,{name}")
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 33.0), done.err


@pytest.mark.parametrize("name", [one.strip() for one in NO_LINES.split("|")])
def test_what_is_but_a_part_of_a_line_is_none(segment: Segment, name: str) -> None:
    done = _of_line(segment, f"Quantity,Unit Price,{name}")
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 35.0), done.err


def test_a_declared_price_is_before_what_a_line_came_to(segment: Segment) -> None:
    done = _of_line(segment, "Quantity,Price of it,Line net", "--map", "unit_price=Price of it")
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 35.0), done.err


def test_what_a_line_came_to_in_two_ways_is_asked(segment: Segment) -> None:
    done = _of_line(segment, "Quantity,Line total HT,Line total TTC")
    assert (done.exit_code, "could be read from" in done.err) == (3, True), done.err


def _of_line(segment: Segment, names: str, *options: str) -> Result:
    rows = "1,a,2026-01-05,2,10.00,18.00\n2,b,2026-01-06,1,15.00,15.00\n"
    rules = "version: 1\npersonas: {everyone: {columns: [monetary]}}\n"
    files = {"o.csv": f"Order ID,Customer ID,Date,{names}\n{rows}", "personas.yaml": rules}
    return segment("run", "o.csv", *options, files=files)


#: a header and its cells -> the customers and the money that are read; None: what is missing is said
NAMES = {
    "a document of Elasticsearch": (ES, ["a,1,2026-01-05,10", "b,2,2026-01-06,20"], 30.0),
    "beside what the index says": (
        f"_id,_index,{ES}",
        ["x,o,a,1,2026-01-05,10", "y,o,b,2,2026-01-06,20"],
        30.0,
    ),
    "a table before a point": (
        "o.customer_id,o.order_id,o.ordered_at,o.total,c.city",
        ["a,1,2026-01-05,10,Bonn", "b,2,2026-01-06,20,Kiel"],
        30.0,
    ),
    "an id alone behind a point": (
        "buyer.customer_id,date,amount",
        ["a,2026-01-05,10", "b,2026-01-06,20"],
        30.0,
    ),
    "no number behind a point of few": (
        "customer_id,date,shipping.total",
        ["a,2026-01-05,10", "b,2026-01-06,20"],
        None,
    ),
    "paid, yes or no": (
        "Invoice No,Customer ID,Date,Net Amount,Paid",
        ["1,a,2026-01-05,10.00,Y", "2,b,2026-01-06,20.00,Y"],
        30.0,
    ),
    "paid, in German": (
        "Invoice No,Customer ID,Date,Revenue,Paid",
        ["1,a,2026-01-05,10.00,ja", "2,b,2026-01-06,20.00,ja"],
        30.0,
    ),
    **{
        header: (header, [f"R{i};{i};{i}7.02.2026;1{i},50" for i in (1, 2)], 24.0)
        for header in [
            "Belegnr;KdNr;Datum;Umsatz",
            "Belegnr;Kd.-Nr.;Datum;Betrag",
            "Belegnr;Kd. Nr;Belegdatum;Summe",
            "Bestellnummer;Kunde;Bestelldatum;Gesamtbetrag",
            "Bestellnummer;Kunden-Nr;Bestelldatum;Rechnungsbetrag",
            "Bestelnummer;Klant;Datum;Bedrag",
            "Bestelnummer;Klantnummer;Besteldatum;Totaal",
            "N° commande;Client;Date de commande;Montant",
            "N° commande;N° client;Date d'achat;Montant total",
            "Pedido;Cliente;Fecha;Importe",
            "Pedido;ID cliente;Fecha de pedido;Importe total",
            "Numero ordine;Cliente;Data;Importo",
            "Numero ordine;Codice cliente;Data ordine;Totale",
            "Ordine;Cliente;Data;Totale",
            "Bestelling;Klant;Datum;Bedrag",
            "Zamówienie;Klient;Data;Kwota",
            "Nr zamówienia;ID klienta;Data zamówienia;Wartość zamówienia",
            "Numer zamówienia;Numer klienta;Data zakupu;Suma",
            "Invoice;Acct;Date;Total",
            "Invoice;Bill To;Date;Total",
            "Invoice;Sold-to;Date;Total",
        ]
    },
    **{
        f"whole amounts: {header}": (
            f"Beleg;Customer ID;Date;{header}",
            ["1;a;2026-01-05;10", "2;b;2026-01-06;20"],
            30.0,
        )
        for header in [
            "Valor",
            "Wert",
            "Warenwert",
            "Erlös",
            "Ventas",
            "Ingresos",
            "Ricavo",
            "Beløb",
            "Amt",
            "Charged",
            "Ordervärde",
            "Summa",
            "Tutar",
            "Összeg",
            "Сумма",
            "金額",
            "合計",
        ]
    },
    **{
        f"an order and what it came to, by two words: {header}": (
            f"{header};Email;Date",
            ["1;10,00;a@x.org;2026-01-05", "2;20,00;b@x.org;2026-01-05"],
            30.0,
        )
        for header in [
            "Document No.;Order Amount",
            "Sales Order;Order value",
            "Kassenbon;Auftragswert",
            "Auftrag;Rechnungssumme",
            "N° facture;Montant de la commande",
            "Nº factura;Valor del pedido",
            "Scontrino;Totale dell'ordine",
            "Numero della fattura;Importo fattura",
            "Factuurnummer;Waarde bestelling",
        ]
    },
    "what a line came to before a price": (
        "Order,Customer ID,Date,SKU,Qty Ordered,Price,Row Total",
        ["1,a,2026-01-05,X,2,5.00,10.00", "2,b,2026-01-06,X,4,5.00,20.00"],
        30.0,
    ),
    "what an order came to before a price": (
        "Order,Customer ID,Date,Order Amount,Price",
        ["1,a,2026-01-05,10.00,1.00", "2,b,2026-01-06,20.00,2.00"],
        30.0,
    ),
    "a usual name before a word that others have": (
        "Order,Customer ID,Date,Betrag,Wert",
        ["1,a,2026-01-05,10,1", "2,b,2026-01-06,20,2"],
        30.0,
    ),
    "a number beside a name and an address": (
        "Belegnr;Kunde;E-Mail;Kundennummer;Datum;Summe",
        ["1;Ann;a@x.org;7;17.02.2026;10,00", "2;Ann;b@x.org;8;18.02.2026;20,00"],
        30.0,
    ),
    "an address beside a name": (
        "Belegnr;Kunde;E-Mail;Datum;Summe",
        ["1;Ann;a@x.org;17.02.2026;10,00", "2;Ann;b@x.org;18.02.2026;20,00"],
        30.0,
    ),
    **{
        f"a number beside an order: {header}": (
            f"{header};Klient;Data;Kwota",
            ["n;1;Ann;17.02.2026;10,00", "n;1;Ann;17.02.2026;5,00", "n;2;Bob;18.02.2026;15,00"],
            30.0,
        )
        for header in [
            "Zamówienie;Nr zamówienia",
            "Bestellung;Bestellnummer",
            "Bestelling;Bestelnummer",
            "Commande;N° commande",
            "Pedido;ID pedido",
            "Ordine;Numero ordine",
        ]
    },
    **{
        f"a number beside a name: {who}, {number}": (
            f"Order,{who},{number},Date,Total",
            ["1,Ann,7,2026-01-05,10", "2,Ann,8,2026-01-06,20"],
            30.0,
        )
        for who, number in [
            ("Client", "N° client"),
            ("Client", "Code client"),
            ("Client", "Numero client"),
            ("Client", "Client #"),
            ("Customer", "Kundennummer"),
            ("Customer", "Customer No"),
            ("Customer", "Bill-to Customer No"),
            ("Cliente", "Codice cliente"),
            ("Klant", "Klantnr"),
            ("Kunde", "Debitor"),
            ("User", "Klantnr"),
            ("User", "Kd.-Nr."),
        ]
    },
    **{
        f"a customer beside what is none of its numbers: {who}, {other}": (
            f"Order,{who},{other},Date,Total",
            ["1,C7,3,2026-01-05,10", "2,C8,3,2026-01-06,20"],
            30.0,
        )
        for who, other in [
            ("Customer", "Customer Group No"),
            ("Customer", "Bill-to Customer No"),
            ("Client", "Client notes"),
            ("Kunde", "Kundennotiz"),
            ("Client", "Contact No"),
        ]
    },
    **{
        f"who borrows: {who}": (
            f"Exemplar,{who},Date,Total",
            ["E1,7,2026-01-05,10", "E1,8,2026-01-06,20"],
            30.0,
        )
        for who in (
            "Leser",
            "Lesernr",
            "Ausweisnummer",
            "patron",
            "borrower_id",
            "N° lecteur",
            "Lezer",
        )
    },
    "who borrows beside a customer": (
        "Customer ID,Patron,Date,Total",
        ["a,7,2026-01-05,10", "b,7,2026-01-06,20"],
        30.0,
    ),
    "paid, how much": (
        "Invoice No,Customer ID,Date,Paid",
        ["1,a,2026-01-05,10.00", "2,b,2026-01-06,20.00"],
        30.0,
    ),
}


@pytest.mark.parametrize(("header", "cells", "money"), NAMES.values(), ids=NAMES)
def test_columns_are_known_by_name_and_ruled_out_by_content(
    segment: Segment, header: str, cells: list[str], money: float | None
) -> None:
    rules = "version: 1\npersonas: {everyone: {columns: [monetary]}}\n"
    rows = "\n".join((header, *cells, ""))
    done = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": rules})
    if money is None:
        assert (done.exit_code, "no column for amount" in done.err) == (3, True), done.err
        return
    assert done.exit_code == 0, done.err
    found = done.customers
    assert (found.height, float(found["monetary"].sum())) == (2, money)


@pytest.mark.parametrize("header", ["Discount %", "discount (%)"])
def test_a_part_of_a_hundred_is_no_money(segment: Segment, header: str) -> None:
    rows = f"customer_id,date,amount,{header}\na,2026-01-05,10.00,10\n"
    assert segment("init", "--from", "o.csv", files={"o.csv": rows}).exit_code == 0
    with open("personas.yaml") as file:
        assert "discount: " not in file.read()


#: columns that may all number the order -> the one that is read; None: a run asks which
ORDERS = {
    "a ticket before its order": ("Ticket ID,Order", "Order"),
    "an order before a ticket": ("Order #,Ticket ID", "Order #"),
    "an order of tickets": ("Ticket ID,Order no.,Attendee no.,Ticket type,Barcode", "Order no."),
    "a ticket of a till": ("Ticket ID", "Ticket ID"),
    "tickets of attendees": ("Ticket ID,Attendee no.,Ticket type", ""),
    "an order before its invoice": ("Invoice No,Order No", "Order No"),
    "an order before its invoice, in German": ("Rechnungsnummer,Auftragsnummer", "Auftragsnummer"),
    "an order before its invoice, shortly": ("Rechnungsnr.,Auftragsnr.", "Auftragsnr."),
    "an order before its invoice, in Spanish": ("Nº factura,Nº pedido", "Nº pedido"),
    "an order before its invoice, in French": ("N° facture,N° commande", "N° commande"),
    "an order before its invoice, in Italian": ("N. fattura,N. ordine", "N. ordine"),
    "an order before its invoice, in Dutch": ("Factuurnr,Bestelnr", "Bestelnr"),
    "an order before its invoice, in Polish": ("Nr faktury,Nr zamówienia", "Nr zamówienia"),
    "an order before its invoice, in two words": ("Rechnung-Ref,Auftrag-Ref", "Auftrag-Ref"),
    "an order before its slip, in German": ("Belegnummer,Bestellnummer", "Bestellnummer"),
    "two numbers of orders, in German": ("Auftragsnummer,Bestellnummer", None),
    "a receipt before a payment": ("Transaction ID,Receipt", "Receipt"),
    "a slip before a payment": ("Transaction,Belegnummer", "Belegnummer"),
    "a slip of one word": ("Transaction,Bon", "Bon"),
    "a slip": ("Kassenbon", "Kassenbon"),
    "a payment": ("Transaction ID", "Transaction ID"),
    "an order in Spanish before a ticket": ("Ticket No,Pedido", "Pedido"),
    "two of one kind": ("Invoice No,Receipt No", None),
}


@pytest.mark.parametrize(("head", "read"), ORDERS.values(), ids=ORDERS)
def test_which_of_several_columns_numbers_the_order(
    segment: Segment, head: str, read: str | None
) -> None:
    cells = ("1", "2")
    columns = head.count(",") + 1
    rows = "".join(f"{','.join([cell] * columns)},C{cell},2026-01-05,10\n" for cell in cells)
    done = segment("run", "o.csv", files={"o.csv": f"{head},Customer ID,Date,Total\n{rows}"})
    assert done.exit_code == (3 if read is None else 0), done.err
    said = f"order_id is read from {read}\n" if read else "order_id is read from"
    assert (said in done.err) == bool(read), done.err


def test_an_invoice_that_is_often_blank_is_not_taken_before_a_payment(segment: Segment) -> None:
    rows = "I1,T1,a,2026-01-05,10\n,T2,b,2026-01-06,20\n"
    done = segment(
        "run", "o.csv", files={"o.csv": f"Invoice No,Transaction ID,Customer ID,Date,Total\n{rows}"}
    )
    said = 'order_id could be read from "Invoice No" or "Transaction ID"'
    assert (done.exit_code, said in done.err) == (3, True), done.err


#: a name and a number of a customer -> the one that is read, and the one that is told
AS_WELL = {
    "names": ("Client", "Ann", "N° client", "N° client", "Client"),
    **{
        f"{who} beside {number}": (who, "John Smith", number, number, who)
        for who, number in [
            ("Customer", "Account Number"),
            ("Customer", "Account No"),
            ("Customer", "Cust. #"),
            ("Customer", "Member No"),
            ("Customer", "Loyalty card"),
            ("Customer", "CRM ID"),
            ("Client", "Code tiers"),
            ("Client", "N° de compte"),
            ("Klant", "Relatienummer"),
            ("Kunde", "Konto"),
            ("Cliente", "NIF"),
            ("Cliente", "Codice"),
            ("Klient", "NIP"),
        ]
    },
    "numbers both": ("Customer", "C7", "Bill-to Customer No", "Customer", "Bill-to Customer No"),
}


@pytest.mark.parametrize(("who", "cell", "number", "read", "told"), AS_WELL.values(), ids=AS_WELL)
def test_which_of_two_columns_tells_the_customer_is_said(
    segment: Segment, who: str, cell: str, number: str, read: str, told: str
) -> None:
    rows = f"Order,{who},{number},Date,Total\n1,{cell},7,2026-01-05,10\n2,{cell},7,2026-01-06,20\n"
    done = segment("run", "o.csv", files={"o.csv": rows})
    assert done.exit_code == 0, done.err
    assert f"transactions: customer_id is read from {read}\n" in done.err
    assert f"transactions: {told} could be customer_id as well and is not read\n" in done.err


#: who is called so and another column, their cells -> the column that is read, the one that is told, whether names are
BESIDE_NAMES = {
    "an address": (
        "Customer,Customer Email",
        ["John Smith,a@x.org", "John Smith,b@x.org"],
        0,
        False,
    ),
    "an address in German": ("Kunde,Kunden-E-Mail", ["Jo Rot,a@x.org", "Jo Rot,b@x.org"], 0, False),
    "an address of few": (
        "Customer,Email",
        ["John Smith,", "Ann Lee,a@x.org", "Bob Ray,"],
        1,
        True,
    ),
    "a number of few": ("Client,Client No", ["John Smith,", "Ann Lee,7", "Bob Ray,"], 1, True),
    "an account of all": ("Kunde,Konto", ["John Smith,8400", "Ann Lee,8400"], 1, True),
    "a code of each row": ("Cliente,Codice", ["John Smith,C1", "Ann Lee,C2"], 1, True),
    "a number of several names": (
        "Customer,Account No",
        ["John Smith,7", "Ann Lee,7", "Ann Lee,8"],
        1,
        True,
    ),
}


@pytest.mark.parametrize(
    ("head", "cells", "at", "are_names"), BESIDE_NAMES.values(), ids=BESIDE_NAMES
)
def test_names_are_who_customers_are_only_where_nothing_surer_stands_beside(
    segment: Segment, head: str, cells: list[str], at: int, *, are_names: bool
) -> None:
    rows = "".join(f"{i},{cell},2026-01-05,10\n" for i, cell in enumerate(cells))
    done = segment("run", "o.csv", files={"o.csv": f"Order,{head},Date,Total\n{rows}"})
    assert done.exit_code == 0, done.err
    told, read = head.split(",")[:: 1 if at == 0 else -1]
    assert f"transactions: customer_id is read from {read}\n" in done.err
    assert f"transactions: {told} could be customer_id as well and is not read\n" in done.err
    said = f"{read} holds names: people of one name are one customer"
    assert (said in done.err, done.customers.height) == (
        are_names,
        len(cells) - (told == "Account No"),
    )


K1 = (
    "Beleg;Kunde;Kundennr;Datum;Summe\n1;Ann Lee;7;17.02.2026;10,00\n2;Bob Ray;8;18.02.2026;20,00\n"
)
K2 = "Beleg;Kunde;Datum;Summe\n3;Ann Lee;17.03.2026;10,00\n4;Bob Ray;18.03.2026;20,00\n"
ALL = "customers are told by Kunde, which all files have"


def test_customers_of_several_files_are_told_by_what_all_have(segment: Segment) -> None:
    files = {"k1.csv": K1, "k2.csv": K2}
    done = segment("run", "k1.csv", "k2.csv", files=files)
    assert (done.exit_code, done.customers.height, ALL in done.err) == (0, 2, True), done.err
    assert segment("init", "--from", "k1.csv", "--from", "k2.csv").exit_code == 0
    assert segment("run").customers.height == 2


def test_customers_of_several_files_with_numbers_are_told_by_them(segment: Segment) -> None:
    done = segment(
        "run",
        "a.csv",
        "b.csv",
        files={"a.csv": K1, "b.csv": K1.replace("\n1", "\n3").replace("\n2", "\n4")},
    )
    assert (done.exit_code, ALL in done.err) == (0, False), done.err
    assert sorted(done.customers["customer_id"].to_list()) == ["7", "8"]
