"""The export of any shop gives the money that went in, or the run stops; and what is printed then leads there.

Each trial invents orders of a shop of one of six languages, and writes them as such a shop may: a row for each
order or item, the order's total on its first row, on all of them, or nowhere; with states, refunds, credit notes,
test orders, guests, a line of totals, tax and shipping, and columns of anything. The words are those of people, not
of the tool's tables. What comes out is held against what went in three times: of a plain run, of the first command
that a stop prints, and of the rules that `segment init` writes.

Where a person has to choose (a bare price may be that of the line, credit notes may be left out or taken off, amounts are in
two currencies) what was chosen is no fault, and what is printed must have said so.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import random
import re
import shlex
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.metadata import entry_points
from pathlib import Path

import polars as pl
from proof import Proof, main

CENT = Decimal("0.01")
NOTHING = Decimal(0)
TAX = Decimal("0.2")
SHIPPING = Decimal("4.90")
#: how an export tells money, and how often each is tried
FORMS = ("order", "order", "lines", "pieces", "repeated", "first row")
#: what an export may have besides, and in how many of a hundred
FEATURES = {
    "states": 40,
    "refunds": 20,
    "tests": 8,
    "totals": 12,
    "returns": 12,
    "credit notes": 12,
    "guests": 12,
    "currencies": 8,
    "tax": 30,
}
#: features that make no sense together
APART = (
    ("returns", "states"),
    ("returns", "tests"),
    ("credit notes", "returns"),
    ("credit notes", "refunds"),
)
#: what refunds taken off say as well
RETURNED = re.compile("return|retour|devuel|reso|geret|refund|erstat|rembour|reemb|rimbor|terug")
#: where what is printed leaves a choice to a person
CHOICE = re.compile("is that of one piece: segment|To take the amounts of")
GUEST = re.compile("(?i)(guest|n/a) is taken for a customer")
#: the words of shops: of each language a line for each thing, in any order
WORDS = {
    "en": """
        customer: Customer ID | Customer Number | Cust No | Client ID | Member ID | Customer Email | Buyer Email | Email Address | Account Number | Shopper ID | Loyalty Card No | User ID | Customer | Purchaser Email | Contact Email
        order: Order ID | Order Number | Order No. | Invoice No | Receipt No | Transaction ID | Order | Sales Order | Invoice Number | Order Ref | Basket ID | Document No.
        day: Order Date | Date | Created At | Purchase Date | Placed On | Invoice Date | Sale Date | Transaction Date | Date Ordered | Order Placed | Posting Date
        line: Line Total | Amount | Item Total | Line Amount | Net Amount | Sales | Extended Price | Revenue | Item Revenue
        total: Order Total | Total | Grand Total | Amount Paid | Order Amount | Total Price | Invoice Total | Order Value
        quantity: Quantity | Qty | Units | Qty Ordered | No. of Items | Pieces | Quantity Purchased
        price: Unit Price | Price | Item Price | Price Each | Price per Unit | Selling Price
        state: Status | Order Status | State | Payment Status | Order State | Financial Status | Fulfillment Status
        good: completed | paid | shipped | delivered | Complete | fulfilled | processing | closed
        bad: cancelled | canceled | refunded | voided | failed | Payment failed | returned | expired | declined | abandoned | unpaid | draft
        refund: Refund Amount | Refunded | Amount Refunded | Total Refunded | Refunds | Returned Amount
        test: Test | Is Test | Test Order | test_mode
        yes no: Yes No | true false | 1 0 | TRUE FALSE | Y N
        kind: Type | Transaction Type | Document Type | Record Type
        sale: Sale | Invoice | Order | Charge
        credit: Return | Refund | Credit Note | Credit memo
        currency: Currency
        tax: Tax | VAT | Sales Tax
        shipping: Shipping | Shipping Cost | Freight
        others: Zip | Phone | Payment Method | Product | Category | Notes | Country | Channel | Ship Date | Updated At | Weight | Items in Order | SKU | Line No | Customer Name | Last Login | Birthday | Points | Rating
        sum: Total | Grand Total | Totals
    """,
    "de": """
        customer: Kundennummer | Kunden-Nr. | Kunde | E-Mail | Kunden-ID | Kundennr | E-Mail-Adresse | Debitor | Mitgliedsnummer | Kd-Nr
        order: Bestellnummer | Auftragsnummer | Rechnungsnummer | Belegnummer | Bestell-Nr. | Bon-Nr | Auftrag | Rechnungs-Nr.
        day: Bestelldatum | Datum | Auftragsdatum | Rechnungsdatum | Belegdatum | Kaufdatum | Erstellt am
        line: Betrag | Positionsbetrag | Zeilensumme | Umsatz | Gesamtpreis | Positionswert
        total: Gesamtbetrag | Bestellsumme | Rechnungsbetrag | Summe | Gesamtsumme | Bestellwert | Auftragswert
        quantity: Menge | Anzahl | Stück | Stückzahl
        price: Einzelpreis | Preis | Stückpreis | VK-Preis
        state: Status | Bestellstatus | Auftragsstatus | Zahlungsstatus | Bezahlstatus
        good: abgeschlossen | bezahlt | versendet | geliefert | erledigt
        bad: storniert | abgebrochen | erstattet | fehlgeschlagen | retourniert | unbezahlt | Storno | abgelehnt
        refund: Erstattung | Erstattungsbetrag | Erstattet | Gutschrift
        test: Test | Testbestellung
        yes no: ja nein | Ja Nein | 1 0 | WAHR FALSCH
        kind: Belegart | Typ | Vorgang | Art
        sale: Rechnung | Verkauf
        credit: Gutschrift | Retoure | Rückgabe
        currency: Währung
        tax: MwSt | USt | Steuer
        shipping: Versand | Versandkosten
        others: PLZ | Telefon | Zahlungsart | Artikel | Kategorie | Bemerkung | Land | Kanal | Lieferdatum | Gewicht | Artikelnummer | Pos | Name | Punkte | Geburtstag
        sum: Summe | Gesamt | Gesamtsumme
    """,
    "fr": """
        customer: Numéro client | N° client | Client | Adresse e-mail | Code client | Identifiant client | Email
        order: Numéro de commande | N° commande | Commande | Réf. commande | N° facture | Ticket
        day: Date de commande | Date | Date d'achat | Date commande | Créée le
        line: Montant | Total ligne | Montant ligne | Chiffre d'affaires
        total: Total commande | Total TTC | Montant total | Total | Montant TTC
        quantity: Quantité | Qté | Nombre
        price: Prix unitaire | Prix | PU | P.U.
        state: Statut | État | Statut de la commande | Statut paiement
        good: payée | expédiée | terminée | livrée
        bad: annulée | remboursée | échouée | refusée | impayée | Annulé
        refund: Remboursement | Montant remboursé
        test: Test
        yes no: oui non | Oui Non | VRAI FAUX
        kind: Type | Type de document
        sale: Vente | Facture
        credit: Avoir | Retour | Remboursement
        currency: Devise
        tax: TVA
        shipping: Livraison | Frais de port
        others: Code postal | Téléphone | Mode de paiement | Article | Catégorie | Pays | Date de livraison | Poids | Nom | Réf. produit
        sum: Total | Total général
    """,
    "es": """
        customer: Cliente | Nº cliente | ID cliente | Correo electrónico | Código de cliente | Email
        order: Pedido | Número de pedido | Nº pedido | Factura | Nº factura | ID de pedido
        day: Fecha | Fecha de pedido | Fecha de compra | Fecha pedido | Fecha factura
        line: Importe | Importe línea | Subtotal
        total: Total | Total pedido | Importe total | Total factura
        quantity: Cantidad | Unidades | Cant.
        price: Precio unitario | Precio
        state: Estado | Estado del pedido | Estado del pago
        good: completado | pagado | enviado | entregado
        bad: cancelado | reembolsado | fallido | devuelto | anulado | rechazado | impagado
        refund: Reembolso | Importe reembolsado
        test: Prueba
        yes no: sí no | Sí No
        kind: Tipo | Tipo de documento
        sale: Venta | Factura
        credit: Devolución | Abono
        currency: Moneda
        tax: IVA
        shipping: Envío | Gastos de envío
        others: Código postal | Teléfono | Forma de pago | Producto | Categoría | País | Fecha de entrega | Nombre
        sum: Total | Total general
    """,
    "it": """
        customer: Cliente | Codice cliente | ID cliente | Email | Numero cliente | Indirizzo email
        order: Ordine | Numero ordine | N. ordine | Fattura | Scontrino
        day: Data | Data ordine | Data acquisto | Data fattura
        line: Importo | Totale riga | Importo riga
        total: Totale | Totale ordine | Importo totale
        quantity: Quantità | Q.tà | Pezzi
        price: Prezzo unitario | Prezzo
        state: Stato | Stato ordine | Stato pagamento
        good: completato | pagato | spedito | consegnato
        bad: annullato | rimborsato | fallito | reso | non pagato | rifiutato
        refund: Rimborso | Importo rimborsato
        test: Test
        yes no: sì no | Sì No
        kind: Tipo | Tipo documento
        sale: Vendita | Fattura
        credit: Reso | Nota di credito
        currency: Valuta
        tax: IVA
        shipping: Spedizione
        others: CAP | Telefono | Pagamento | Prodotto | Categoria | Paese | Data consegna | Nome
        sum: Totale | Totale generale
    """,
    "nl": """
        customer: Klantnummer | Klant | E-mailadres | Klant-ID | Klantnr. | Debiteurnummer
        order: Bestelnummer | Ordernummer | Factuurnummer | Order | Bonnummer
        day: Besteldatum | Datum | Orderdatum | Factuurdatum | Aankoopdatum
        line: Bedrag | Regeltotaal | Regelbedrag | Omzet
        total: Totaal | Totaalbedrag | Ordertotaal | Factuurbedrag
        quantity: Aantal | Stuks
        price: Prijs | Stuksprijs | Eenheidsprijs
        state: Status | Orderstatus | Betaalstatus
        good: betaald | verzonden | afgerond | geleverd
        bad: geannuleerd | terugbetaald | mislukt | geretourneerd | niet betaald
        refund: Terugbetaald | Terugbetaling
        test: Test
        yes no: ja nee | Ja Nee
        kind: Type | Soort
        sale: Verkoop | Factuur
        credit: Retour | Creditnota
        currency: Valuta
        tax: BTW
        shipping: Verzending | Verzendkosten
        others: Postcode | Telefoon | Betaalmethode | Artikel | Categorie | Land | Leverdatum | Naam
        sum: Totaal | Eindtotaal
    """,
}
DAYS = {
    "en": ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y", "%b %d, %Y", "%Y-%m-%dT%H:%M:%SZ"),
    "": ("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y %H:%M"),
}


@dataclass(frozen=True)
class Shop:
    """An export: its text, what each customer spent, and what stands in it."""

    text: str
    spend: Mapping[str, Decimal]
    features: frozenset[str]
    told: str


@dataclass(frozen=True)
class Order:
    """An order: whose, when, its lines as pieces and prices, and what became of it."""

    number: str
    customer: str
    moment: datetime
    lines: tuple[tuple[int, Decimal], ...]
    state: str
    is_bad: bool
    is_test: bool
    kind: str
    is_credit: bool
    sign: int
    currency: str
    tax: Decimal
    refund: Decimal

    @property
    def goods(self) -> Decimal:
        return sum((pieces * price for pieces, price in self.lines), NOTHING)

    @property
    def total(self) -> Decimal:
        return self.goods + self.tax + (SHIPPING if self.tax else NOTHING)


class Draw(random.Random):
    """Chance, and what is drawn by it."""

    def in_hundred(self, part: int) -> bool:
        return self.randrange(100) < part

    def name(self, words: Mapping[str, Sequence[str]], thing: str) -> str:
        return self.choice(words[thing])


def words_of(language: str) -> dict[str, list[str]]:
    """What a language calls things: things -> words."""
    lines = (line.split(": ", 1) for line in WORDS[language].strip().splitlines())
    return {thing.strip(): [word.strip() for word in said.split("|")] for thing, said in lines}


def shop(seed: int) -> Shop:
    """An invented export; always the same for a seed."""
    while True:
        found = _shop(Draw(seed))
        if found is not None:
            return found
        seed += 1_000_003


def _shop(draw: Draw) -> Shop | None:
    """An export; None where two of its columns would have one name."""
    language = draw.choice(("en", "en", "en", "de", "de", "fr", "es", "it", "nl"))
    words = words_of(language)
    form = draw.choice(FORMS)
    features = {name for name, part in FEATURES.items() if draw.in_hundred(part)}
    for first, second in APART:
        features -= {second} if first in features else set()
    if form != "order":
        features -= {"totals"} if form not in ("lines",) else set()
        features -= {"refunds"} if form in ("lines", "pieces") else set()
        features -= {"returns", "credit notes"} if form in ("repeated", "first row") else set()
    columns = _columns(draw, words, form, features)
    others = draw.sample(words["others"], draw.randint(1, min(6, len(words["others"]))))
    others = [one for one in others if one not in columns.values()]
    orders = _orders(draw, words, columns, features, has_lines=form != "order")
    decimal = "," if language != "en" and draw.in_hundred(80) else "."
    day = draw.choice(DAYS.get(language, DAYS[""]))
    yes_no = draw.choice(words["yes no"]).split()
    rows = []
    for order in orders:
        for number, line in enumerate(order.lines):
            cells = _cells(order, line, columns, form, is_first=number == 0, day=day)
            said = {name: _written(cell, decimal, yes_no) for name, cell in cells.items()}
            rows.append(said | {one: _anything(draw, one, order, day, decimal) for one in others})
    places = [*columns, *others]
    if draw.in_hundred(60):
        places = [
            "order",
            "day",
            "customer",
            *(p for p in places if p not in ("order", "day", "customer")),
        ]
    if draw.in_hundred(30):
        draw.shuffle(places)
    spelled = draw.choice((str, str, str, _snake, str.upper))
    header = [spelled(columns.get(one, one)) for one in places]
    if len({*header}) < len(header):
        return None
    table = [[row.get(one, "") for one in places] for row in rows]
    if "totals" in features:
        table.append(_line_of_totals(draw, words, places, table, decimal))
    text = io.StringIO()
    sign = draw.choice((";", "\t")) if decimal == "," or draw.in_hundred(20) else ","
    csv.writer(text, delimiter=sign, lineterminator="\n").writerows([header, *table])
    told = (
        f"{language}, {form}, {', '.join(sorted(features)) or 'nothing else'}: {' '.join(header)}"
    )
    return Shop(text.getvalue(), _spend(orders, columns), frozenset(features), told)


def _snake(name: str) -> str:
    return re.sub(r"[^\w]+", "_", name).strip("_").lower()


def _columns(
    draw: Draw, words: Mapping[str, list[str]], form: str, features: set[str]
) -> dict[str, str]:
    """The columns of an export that say something of its orders: things -> names."""
    things = ["customer", "order", "day"]
    if form != "pieces":
        is_of_line = form == "lines" or (form == "order" and draw.in_hundred(30))
        things.append("line" if is_of_line else "total")
    if form == "pieces" or (form in ("repeated", "first row") and draw.in_hundred(60)):
        things += ["quantity", "price"]
    if "total" in things and "tax" in features:
        things += ["tax", "shipping"]
    of_features = {
        "states": "state",
        "tests": "test",
        "credit notes": "kind",
        "refunds": "refund",
        "currencies": "currency",
    }
    things += [thing for feature, thing in of_features.items() if feature in features]
    return {thing: draw.name(words, thing) for thing in things}


def _orders(
    draw: Draw,
    words: Mapping[str, list[str]],
    columns: Mapping[str, str],
    features: set[str],
    *,
    has_lines: bool,
) -> list[Order]:
    """Orders of some months; each thing that an export may have stands in it at least once."""
    number = draw.choice((12, 40, 150, 300))
    people = _people(draw, columns["customer"], max(4, number // 3))
    guest = draw.choice(("", "", "guest", "Guest", "NULL", "n/a"))
    bad = [word for word in words["bad"] if "refunds" not in features or not RETURNED.match(word)]
    bad = draw.sample(bad, min(len(bad), draw.randint(1, 2)))
    good = draw.sample(words["good"], 3)
    first, before = draw.choice((1, 10001, 500123)), draw.choice(("", "", "#", "INV-", "R"))
    sale, credit = draw.name(words, "sale"), draw.name(words, "credit")

    def some(feature: str, at: int, part: int) -> bool:
        return feature in features and (k == at or draw.in_hundred(part))

    orders = []
    for k in range(number):
        lines = tuple(
            (draw.randint(1, 4), Decimal(draw.randint(199, 9999)) / 100)
            for _ in range(draw.randint(1, 4) if has_lines else 1)
        )
        is_bad = some("states", 1, 12)
        goods = sum((pieces * price for pieces, price in lines), NOTHING)
        tax = (goods * TAX).quantize(CENT) if "tax" in columns else NOTHING
        is_credit = some("credit notes", 4, 10)
        sign = -1 if some("returns", 5, 10) else 1
        is_refunded = some("refunds", 6, 15) and not is_bad and sign > 0
        whole = goods + tax + (SHIPPING if tax else NOTHING)
        orders.append(
            Order(
                number=f"{before}{first + k}",
                customer=guest if some("guests", 3, 10) else draw.choice(people),
                moment=datetime(2025, 1, 1, 9)
                + timedelta(days=k * 300 // number, minutes=draw.randint(0, 700)),
                lines=lines,
                state=draw.choice(bad) if is_bad else draw.choice(good),
                is_bad=is_bad,
                is_test=some("tests", 2, 5),
                kind=credit if is_credit else sale,
                is_credit=is_credit,
                sign=sign,
                currency="USD" if some("currencies", 3, 20) else "EUR",
                tax=tax,
                refund=(whole / 2).quantize(CENT) if is_refunded else NOTHING,
            )
        )
    return orders


def _people(draw: Draw, called: str, number: int) -> list[str]:
    """Customers by an address or a number, as their column is called."""
    if re.search("(?i)mail|correo|courriel", called):
        names = ("ann", "bob", "cy", "dora", "eve", "finn", "gil", "hana")
        hosts = ("x.com", "web.de", "post.fr")
        return [f"{draw.choice(names)}{i}@{draw.choice(hosts)}" for i in range(number)]
    before, width = draw.choice((("", 4), ("C-", 5), ("K", 5), ("", 5)))
    return [f"{before}{1000 + 7 * i:0{width}}" for i in range(number)]


Cell = str | int | bool | Decimal | None


def _cells(
    order: Order,
    line: tuple[int, Decimal],
    columns: Mapping[str, str],
    form: str,
    *,
    is_first: bool,
    day: str,
) -> dict[str, Cell]:
    """One row: what it says of each thing."""
    pieces, price = line
    of_order: dict[str, Cell] = {
        "total": order.sign * order.total,
        "tax": order.tax,
        "shipping": SHIPPING,
        "refund": order.refund,
        "state": order.state,
    }
    if form == "first row" and not is_first:
        of_order = dict.fromkeys(of_order)
    cells: dict[str, Cell] = {
        "customer": order.customer,
        "order": order.number,
        "day": order.moment.strftime(day),
        "line": order.sign * pieces * price,
        "quantity": (order.sign if form == "pieces" else 1) * pieces,
        "price": price,
        "test": order.is_test,
        "kind": order.kind,
        "currency": order.currency,
        **of_order,
    }
    return {thing: cells[thing] for thing in columns}


def _written(cell: Cell, decimal: str, yes_no: Sequence[str]) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return yes_no[not cell]
        case Decimal():
            return f"{cell:.2f}".replace(".", decimal)
    return str(cell)


#: what stands in columns of anything, by what their names contain: the first that fits
ANYTHING = (
    ("zip|plz|cap$|posta|postcode", lambda draw, order: str(draw.randint(10000, 99999))),
    ("tel|tél|phone", lambda draw, order: f"+49 {draw.randint(10**6, 10**7)}"),
    (
        "birth|geburt",
        lambda draw, order: f"19{draw.randint(50, 99)}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}",
    ),
    ("weight|gewicht|poids", lambda draw, order: Decimal(draw.randint(1, 300)) / 10),
    ("items in", lambda draw, order: str(len(order.lines))),
    ("line no|^pos$", lambda draw, order: str(draw.randint(1, 4))),
    ("rating", lambda draw, order: str(draw.randint(1, 5))),
    ("points|punkte", lambda draw, order: str(draw.randint(0, 900))),
    ("sku|artikelnummer|réf", lambda draw, order: f"SKU{draw.randint(1, 99):04}"),
    (
        "pay|zahl|betaal|pago|paiement|pagamento",
        lambda draw, order: draw.choice(("card", "cash", "paypal")),
    ),
    (
        "product|prodot|artic|artik",
        lambda draw, order: draw.choice(("Hat", "Cap", "Coat", "Shoe", "Belt")),
    ),
    ("^cat|^kat", lambda draw, order: draw.choice("ABC") + "-cat"),
    ("country|land|pays|país|paese", lambda draw, order: draw.choice(("DE", "FR", "IT"))),
    ("channel|kanal", lambda draw, order: draw.choice(("web", "store"))),
    (
        "name|nom|naam",
        lambda draw, order: f"{draw.choice(('Ann', 'Bob'))} {draw.choice(('Lee', 'Roe'))}",
    ),
)


def _anything(draw: Draw, name: str, order: Order, day: str, decimal: str) -> str:
    """A cell of a column that says nothing of what was paid."""
    if re.search("(?i)date|datum|fecha|^data|updated|login", name):
        return (order.moment + timedelta(days=3)).strftime(day)
    for pattern, drawn in ANYTHING:
        if re.search(pattern, name, re.IGNORECASE):
            return _written(drawn(draw, order), decimal, ())
    return ""


def _line_of_totals(
    draw: Draw,
    words: Mapping[str, list[str]],
    places: Sequence[str],
    table: Sequence[Sequence[str]],
    decimal: str,
) -> list[str]:
    """The last line of an export, which adds up its money, and may say so."""
    last = [""] * len(places)
    for thing in ("total", "line", "tax", "shipping", "refund"):
        if thing in places:
            cells = [row[places.index(thing)] for row in table]
            whole = sum((Decimal(cell.replace(decimal, ".")) for cell in cells if cell), NOTHING)
            last[places.index(thing)] = _written(whole, decimal, ())
    if draw.in_hundred(80):
        last[last.index("")] = draw.name(words, "sum")
    return last


def _spend(orders: Sequence[Order], columns: Mapping[str, str]) -> dict[str, Decimal]:
    """What each customer who bought anything spent: what counts, less what came back."""
    spend: dict[str, Decimal] = defaultdict(Decimal)
    bought = set()
    for one in orders:
        if one.is_bad or one.is_test or one.customer.lower() in ("", "guest", "null", "n/a"):
            continue
        worth = one.total if "total" in columns else one.goods
        spend[one.customer] += worth * (-1 if one.is_credit else one.sign) - one.refund
        bought |= {one.customer} if one.sign > 0 and not one.is_credit else set()
    return {customer: worth for customer, worth in spend.items() if customer in bought}


# -- trials ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    said: str


def run(*arguments: str) -> Ended:
    """`segment ARGUMENTS`, in this process."""
    [script] = entry_points(group="console_scripts", name="segment")
    segment = script.load()
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    was, sys.argv = sys.argv, ["segment", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            segment()
    except SystemExit as left:
        code = left.code or 0
    finally:
        sys.argv = was
    return Ended(code if isinstance(code, int) else 1, err.getvalue())


def judged(one: Shop, ended: Ended, out: str, *, chosen: bool) -> str:
    """What became of an export: right, stopped, a person's choice, or what is wrong."""
    if ended.code in (2, 3):
        return "stopped"
    if ended.code:
        return f"ended with {ended.code}: {ended.said[-200:]}"
    found = pl.read_parquet(Path(out, "latest", "customers.parquet"))
    spend = {
        str(who).lower(): Decimal(str(round(worth, 2)))
        for who, worth in found.select("customer_id", "monetary").iter_rows()
    }
    if (
        spend == {who.lower(): worth for who, worth in one.spend.items()}
        and "currencies" not in one.features
    ):
        return "right"
    if chosen or GUEST.search(ended.said):
        return "chosen"
    return f"{sum(spend.values())} for {sum(one.spend.values())}"


def trial(seed: int) -> dict[str, str]:
    """What became of the export of a seed: of a plain run, of the command that a stop prints, and of `init`."""
    one = shop(seed)
    Path("o.csv").write_text(one.text, encoding="utf-8")
    first = run("run", "o.csv", "--out", "run")
    found = {"run": judged(one, first, "run", chosen=False)}
    pasted = re.search(r"(?<=segment )run .*", first.said)
    if found["run"] == "stopped" and pasted is not None:
        is_chosen = "currencies" in one.features or bool(CHOICE.search(first.said))
        again = run(*shlex.split(pasted[0].replace("--out run", "--out pasted")))
        found["pasted"] = judged(one, again, "pasted", chosen=is_chosen)
    if run("init", "--from", "o.csv", "rules").code == 0:
        rules = run("run", "--config", "rules/personas.yaml", "--out", "init")
        found["init"] = judged(one, rules, "init", chosen="currencies" in one.features)
    return found


def prove(n: int, seed: int) -> Proof:
    """Run `n` exports drawn from a seed."""
    os.environ["COLUMNS"] = "200"
    draw, wrong, ends, here = random.Random(seed), [], Counter[str](), Path.cwd()
    for _ in range(n):
        number = draw.randrange(10**9)
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                found = trial(number)
            finally:
                os.chdir(here)
        for step, end in found.items():
            is_known = end in ("right", "stopped", "chosen")
            ends[f"{step} {end if is_known else 'wrong'}"] += 1
            if not is_known:
                wrong.append(f"{number} ({shop(number).told}): {step}: {end}")
    return Proof(n, wrong, dict(sorted(ends.items())))


if __name__ == "__main__":
    main(prove, n=200, what="shops")
