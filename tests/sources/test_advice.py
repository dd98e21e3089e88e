"""Files that lack columns: what is advised is followed, word by word, until it runs and gives what is true."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

import pytest
from harness import Result, Segment
from pasting import EVERYONE

_NAMES = ("ann", "bob", "cyd")
_PHONES = ("0151/11", "0151/12", "0151/13")


@dataclass(frozen=True)
class Case:
    """A file; what is said of it, and what comes of the advice: customers, orders and money."""

    rows: str
    said: tuple[str, ...]
    truth: tuple[int, int, float] | None
    unsaid: tuple[str, ...] = ()


CASES = {
    "other names": Case(
        'Wer,Wann,Wieviel Euro\na@x.de,03.01.2024,"1.200,50"\nb@x.de,14.01.2024,"9,50"\na@x.de,15.01.2024,"10,00"\n',
        ("no column for customer_id, ordered_at, amount",),
        None,
    ),
    "German": Case(
        "Kundenkennung;Bestelltag;Versanddatum;Bruttobetrag;Steuer\n"
        "K7;03.01.2024;05.01.2024;1.200,50;20,00\nK8;14.01.2024;15.01.2024;9,50;1,00\nK7;15.01.2024;16.01.2024;10,00;1,00\n",
        ("--map customer_id=Kundenkennung", "ordered_at=Bestelltag", "amount=Bruttobetrag"),
        (2, 3, 1220.0),
    ),
    "by what they hold": Case(
        "ref,contact_ref,placed,shipped,value_eur,vat\n"
        "1,x17,2024-01-03,2024-01-05,20.00,2.00\n2,x18,2024-01-04,2024-01-05,30.00,3.00\n3,x17,2024-01-05,2024-01-06,5.00,1.00\n",
        ("customer_id=contact_ref", "ordered_at=placed", "amount=value_eur"),
        (2, 3, 55.0),
    ),
    "never the nearest spelling": Case(
        "order_item_id,seller_id,order_dow,mail,day_of_delivery,total\n"
        "11,s1,3,a@x.de,2024-01-05,20.00\n12,s1,4,b@x.de,2024-01-06,20.00\n",
        ("no column for customer_id, ordered_at", "customer_id=mail"),
        None,
        ("seller_id=", "=seller_id", "=order_dow", "=order_item_id", "=day_of_delivery"),
    ),
    **{
        f"{who} is somebody, {other} is not": Case(
            f"Nr;Datum;{other};{who};Summe\n"
            + "".join(
                f"{i};{day:02}.01.2026;{ids[i % 3]};{persons[i % 3]};10,00\n"
                for i, day in enumerate((2, 13, 14, 15))
            )
            + "9;16.01.2026;"
            + f"{ids[0]};{persons[2]};10,00\n",
            (f"customer_id={shlex.quote(who)}\n",),
            (3, 5, 50.0),
        )
        for other, who, ids, persons in (
            ("Listing ID", "Buyer", (9001, 9002, 9001), _NAMES),
            ("listing_id", "nickname", ("p1", "p2", "p1"), _NAMES),
            ("seller_id", "username", ("s1", "s2", "s1"), _NAMES),
            ("Filial-ID", "Käufer", ("F1", "F2", "F1"), _NAMES),
            ("Lager-ID", "Nom de l’acheteur", ("L1", "L2", "L1"), _NAMES),
            ("ID annonce", "Acheteur", (1101, 1102, 1101), _NAMES),
            ("ID almacén", "Comprador", ("A1", "A2", "A1"), _NAMES),
            ("ID magazzino", "Acquirente", ("A1", "A2", "A1"), _NAMES),
            ("Filiaal-ID", "Koper", ("A1", "A2", "A1"), _NAMES),
            ("ID sklepu", "Kupujący", ("A1", "A2", "A1"), _NAMES),
            ("offer_id", "phone", ("p1", "p2", "p1"), _PHONES),
            ("check_mark", "Guest Phone", ("c1", "c2", "c1"), _PHONES),
            ("Angebots-ID", "Telefon", ("p1", "p2", "p1"), _PHONES),
            ("HH", "téléphone", ("h1", "h2", "h1"), _PHONES),
        )
    },
    **{
        f"{best} before {other}": Case(
            f"Nr;Datum;{other};{best};Summe\n"
            + "".join(
                f"{i};{day:02}.01.2026;{others[i]};{who};10,00\n"
                for i, (day, who) in enumerate(zip((2, 13, 14, 15), bests, strict=True))
            ),
            (f"customer_id={shlex.quote(best)}\n",),
            (3, 4, 40.0),
        )
        for best, bests, other, others in (
            (
                "Mail",
                ("a@x.de", "b@x.de", "a@x.de", "c@x.de"),
                "Username",
                ("ann", "bob", "ann", "cyd"),
            ),
            (
                "Mail",
                ("a@x.de", "b@x.de", "a@x.de", "c@x.de"),
                "Phone",
                ("0151/11", "0151/12", "0151/11", "0151/13"),
            ),
            ("Guest ref", ("g1", "g2", "g1", "g3"), "Buyer", ("ann", "bob", "ann", "cyd")),
            (
                "contact_ref",
                ("x1", "x2", "x1", "x3"),
                "Store phone",
                ("0151/11", "0151/11", "0151/12", "0151/11"),
            ),
            ("HH_ID", ("h1", "h2", "h1", "h3"), "Member", ("Y", "N", "Y", "Y")),
            ("HH_ID", ("h1", "h2", "h1", "h3"), "Client note", ("late", "late", "new", "old")),
            (
                "Bill to customer ref",
                ("h1", "h2", "h1", "h3"),
                "Branch ID",
                ("b1", "b1", "b2", "b3"),
            ),
            (
                "Email fattura",
                ("a@x.it", "b@x.it", "a@x.it", "c@x.it"),
                "Negozio",
                ("b1", "b1", "b2", "b3"),
            ),
        )
    },
    "a bare id that comes again": Case(
        "id,date,amount\n0,08/03/2014,10\n1,21/05/2014,10\n0,14/03/2014,10\n",
        ("no column for customer_id", "--map customer_id=id"),
        (2, 3, 30.0),
    ),
    "a bare id of rows": Case(
        "id,date,amount\n1,08/03/2014,10\n2,21/05/2014,10\n3,14/03/2014,10\n",
        ("no column for customer_id", "--map customer_id='<column>'"),
        None,
    ),
    "day numbers": Case(
        "household_key,DAY,WEEK_NO,SALES_VALUE\n1,1,1,1.50\n1,3,1,2.50\n2,711,102,4.00\n",
        ("DAY is a day number and needs an origin: date_format: 'days since 2017-01-01'",),
        (2, 3, 8.0),
    ),
    "no money": Case(
        "cust,date\n1,2024-01-01\n2,2024-01-01\n2,2024-02-01\n",
        ("no column for amount", "`amount: 1` counts each row as 1", "--map amount=1"),
        (2, 3, 3.0),
    ),
    "money with a word for nothing": Case(
        "customer_id,date,order_id,SALES_AMT\n1,2026-01-05,1,10.50\n2,2026-01-06,2,20.00\n1,2026-01-07,3,n/a\n",
        ("--map amount=SALES_AMT",),
        (2, 2, 30.5),
        ("amount=1",),
    ),
    "money with other words and notations": Case(
        "customer_id,date,order_id,SALES_AMT\n1,2026-01-05,1,10.50\n2,2026-01-06,2,1e+02\n1,2026-01-07,3,TBC\n"
        "2,2026-01-06,4,.\n3,2026-01-06,5,7.25\n",
        ("--map amount=SALES_AMT",),
        (3, 3, 117.75),
        ("amount=1",),
    ),
    "money beside signs of letters": Case(
        'customer_id;date;order_id;Wartosc\n1;2026-01-05;1;"100,00 zł"\n2;2026-01-06;2;20 zł\n',
        ("--map amount=Wartosc",),
        (2, 2, 120.0),
        ("amount=1",),
    ),
    "money beside signs of other letters": Case(
        "customer_id;date;order_id;Wartosc\n1;2026-01-05;1;100,50 грн\n2;2026-01-06;2;20,25грн\n",
        ("--map amount=Wartosc",),
        (2, 2, 120.75),
        ("amount=1",),
    ),
    "whole prices": Case(
        'customer_id;date;order_id;Prijs\n1;2026-01-05;1;"5,-"\n2;2026-01-06;2;"20,-"\n',
        ("--map amount=Prijs",),
        (2, 2, 25.0),
        ("amount=1",),
    ),
    "both sides of a ledger in whole numbers": Case(
        "customer_id,date,order_id,debit,credit\n1,2026-01-05,1,10,\n2,2026-01-06,2,,20\n3,2026-01-07,3,,5\n",
        ("debit holds money, too", "--map amount='credit - debit'"),
        (2, 2, 25.0),
        ("amount=1",),
    ),
    "money whose name is none": Case(
        'customer_id;date;Monthly fee\n1;2026-01-05;"29,90 €"\n2;2026-01-06;"29,90 €"\n',
        ("If Monthly fee is what was paid: --map amount='Monthly fee'",),
        None,
    ),
    **{
        f"whole money by its name: {head}": Case(
            f"Order ID;Customer ID;Date;{head}\n1;a;2026-01-05;12000\n2;b;2026-01-16;500\n",
            (f"--map amount={head}",),
            (2, 2, 12500.0),
            ("amount=1",),
        )
        for head in ("CA", "Venta", "Cena")
    },
    "whole money that no name tells": Case(
        "Rendelés;Vevő;Dátum;Izé\n1;Kovács Ödön;2026-01-02;12000\n2;Nagy Éva;2026-01-03;8500\n",
        (
            "Izé may be the amount by what it holds. If each row counts as 1: --map amount=1",
            "--map amount='Izé'",
        ),
        None,
    ),
    "whole money of two kinds": Case(
        "Order ID;Customer ID;Date;Izé;Más\n1;a;2026-01-02;12000;900\n2;b;2026-01-03;8500;700\n",
        (
            "The amount may be Izé, Más: this has to be said. If each row counts as 1: --map amount=1",
            "Say which: segment run o.csv --map amount='<column>'",
        ),
        None,
    ),
    "whole numbers that run on": Case(
        "Order ID;Customer ID;Date;Izé\n1;a;2026-01-02;101\n2;b;2026-01-03;102\n",
        ("The amount may be Izé: this has to be said", "--map amount='<column>'"),
        None,
    ),
    **{
        f"whole numbers that are no money: {head}": Case(
            f"Order ID,Customer ID,Date,{head}\n"
            + "".join(f"{i},{i % 3},2026-01-{i:02},{cell}\n" for i, cell in enumerate(cells, 1)),
            ("for visits without money, `amount: 1` counts each row as 1", "--map amount=1"),
            (3, 6, 6.0),
        )
        for head, cells in {
            "guests": (20, 31, 20, 14, 55, 16),
            "PLZ": (53111, 50667, 53111, 10115, 20095, 53113),
            "Telefon": (491711, 491712, 491713, 491714, 491715, 491711),
            "Alter": (31, 42, 53, 31, 25, 60),
            "Signatur": (1001, 1002, 1003, 1004, 1005, 1006),
            "Izé": (1, 2, 1, 3, 1, 1),
            "vip": (0, 1, 1, 0, 0, 1),
            "since": (1999, 2004, 2010, 1999, 2020, 2021),
            "Kod": ("0123", "0456", "0123", "0789", "1234", "4321"),
            "Leser": (
                3900000000012,
                3900000000011,
                3900000000017,
                3900000000015,
                3900000000011,
                3900000000010,
            ),
        }.items()
    },
    "a placeholder among moments": Case(
        "cust_id\torder_id\tcreated\tamount\n1\t11\t2026-01-01 10:00:00\t5.00\n2\t12\t0000-00-00 00:00:00\t5.00\n"
        "3\t13\t2026-01-02 10:00:00\t7.00\n",
        ("no column for ordered_at", "--map ordered_at=created"),
        (2, 2, 12.0),
        ("another file",),
    ),
    "words among days": Case(
        "cust_id\torder_id\tcreated\tamount\n1\t11\t13.01.2026\t5.00\n2\t12\tn/a\t5.00\n3\t13\t02.01.2026\t7.00\n"
        "4\t14\topen\t5.00\n",
        ("no column for ordered_at", "--map ordered_at=created"),
        (2, 2, 12.0),
        ("another file",),
    ),
    "states": Case(
        "Shopper mail,date,amount,Order State,is_test\n"
        "a@x.de,2024-01-01,10.00,paid,0\nb@x.de,2024-01-02,20.00,cancelled,0\nb@x.de,2024-01-03,30.00,paid,1\n",
        (
            "Order State holds paid (2), cancelled (1): which count has to be said",
            "is_test holds 0 (2), 1 (1)",
            "--where 'Order State!=cancelled' --where 'is_test!=true'",
        ),
        (1, 1, 10.0),
    ),
    "a log": Case(
        "event_time,event_type,price,visitor\n"
        "2024-01-01 10:00:00,view,10.00,v1\n2024-01-01 10:01:00,purchase,10.00,v1\n2024-01-02 10:00:00,cart,5.00,v2\n",
        ("customer_id=visitor", "event_type holds cart (1), purchase (1), view (1)"),
        (1, 1, 10.0),
    ),
    "visits, of which some were denied": Case(
        "member_id,checkin,type\n7,2026-01-05,Visit\n7,2026-01-16,Visit\n12,2026-01-17,Denied\n",
        ("--map amount=1 --where 'type!=Denied'",),
        (1, 2, 2.0),
    ),
    "refunds in rows of their own": Case(
        "Belegnr;Kundenkennung;Tag;Bruttobetrag;Belegart\n1;K1;2026-01-13;100,00;Rechnung\n2;K1;2026-01-14;30,00;Gutschrift\n"
        "3;K2;2026-01-15;50,00;Rechnung\n",
        (
            "To take the amounts of Gutschrift off, two sources in the rules: sources: {transactions: [{path: o.csv, ",
            "--where 'Belegart!=Gutschrift'",
        ),
        (2, 2, 150.0),
    ),
    "the price of a piece, or of a line": Case(
        "purchase-date,buyer-email,quantity,item-price\n"
        "2024-01-01,a@x.de,2,10.00\n2024-01-02,b@x.de,1,5.00\n",
        (
            "The amount is quantity × item-price, if item-price is that of one piece",
            "If it is that of the line: --map amount=item-price",
            "If item-price is that of the line: segment run o.csv --map customer_id=buyer-email --map amount=item-price\n",
            "If item-price is that of one piece: segment run o.csv --map customer_id=buyer-email --map amount='quantity * item-price'\n",
        ),
        (2, 2, 25.0),
    ),
    "what is a count times a price": Case(
        "Kundennummer;Datum;Menge;Einzelpreis;Brutto\n"
        "K1;13.01.2025;2;10,50;21,00\nK2;14.01.2025;3;5,00;15,00\n",
        ("--map amount=Brutto",),
        (2, 2, 36.0),
    ),
    "a count times a price in Dutch": Case(
        "Klantkenmerk;Besteldag;Aantal;Prijs;Totaalprijs\n"
        "K1;13-01-2025;2;10,50;21,00\nK2;14-01-2025;3;5,00;15,00\n",
        ("amount=Totaalprijs",),
        (2, 2, 36.0),
    ),
    "a count times a price in Polish": Case(
        "Klient;Data wysyłki;Dzień zamówienia;Nr zamówienia;Ilość;Cena;Wartość\n"
        "K1;15.01.2025;13.01.2025;Z1;2;10,50;21,00\nK2;16.01.2025;14.01.2025;Z2;3;5,00;15,00\n"
        "K1;18.01.2025;17.01.2025;Z3;1;5,00;5,00\n",
        ("--map ordered_at='Dzień zamówienia'", "--map amount='Wartość'"),
        (2, 3, 41.0),
    ),
    "the price of a line, as products tell": Case(
        "purchase-date,buyer-email,sku,quantity,item-price\n"
        "2024-01-01,a@x.de,t,2,10.00\n2024-01-02,b@x.de,t,1,5.00\n2024-01-02,b@x.de,m,1,7.00\n",
        (
            "item-price grows with quantity: it is that of the line, not of one piece",
            "--map amount=item-price",
        ),
        (2, 2, 22.0),
    ),
    "refunds in a column": Case(
        "id,Created date (UTC),Amount,Amount Refunded,Fee Refunded,Customer ID\n"
        "c1,2024-01-01 10:00:00,30.00,0.00,0.00,x1\nc2,2024-01-02 10:00:00,20.00,20.00,1.00,x2\n"
        "c3,2024-01-03 10:00:00,12.00,2.50,0.20,x2\n",
        (
            "Amount Refunded holds what was paid back of Amount, which is no spend",
            "--map amount='Amount - Amount Refunded'",
        ),
        (2, 2, 39.5),
    ),
    "totals with tax and without": Case(
        "Order ID,Customer Email,Order Date,Order Total (ex tax),Order Total (inc tax)\n"
        "1,a@x.de,2024-01-01,10.00,12.00\n2,b@x.de,2024-01-02,20.00,24.00\n",
        (
            "Order Total (inc tax) stands beside Order Total (ex tax)",
            "To count that: --map amount='Order Total (ex tax)'",
        ),
        (2, 2, 36.0),
        ("No column is an amount",),
    ),
    **{
        f"paid beside less: {head}": Case(
            f"order_id;customer_id;date;{head}\n1;a;2026-01-05;10.00;12.00\n2;b;2026-01-16;20.00;24.00\n",
            (f"{paid} stands beside {less}. To count that: --map amount={less_said}",),
            (2, 2, 36.0),
        )
        for head, paid, less, less_said in (
            ("Montant HT;Montant TTC", "Montant TTC", "Montant HT", "'Montant HT'"),
            ("Net (SEK);Total (SEK)", "Total (SEK)", "Net (SEK)", "'Net (SEK)'"),
            ("Net;Gross", "Gross", "Net", "Net"),
            ("NET_AMT;GROSS_AMT", "GROSS_AMT", "NET_AMT", "NET_AMT"),
            ("Gesamt netto;Gesamt brutto", "Gesamt brutto", "Gesamt netto", "'Gesamt netto'"),
            (
                "Totaal excl. btw;Totaal incl. btw",
                "Totaal incl. btw",
                "Totaal excl. btw",
                "'Totaal excl. btw'",
            ),
            ("Subtotal;Grand Total (USD)", "Grand Total (USD)", "Subtotal", "Subtotal"),
            ("Subtotal;Total USD", "Total USD", "Subtotal", "Subtotal"),
            (
                "Importe sin IVA;Importe con IVA",
                "Importe con IVA",
                "Importe sin IVA",
                "'Importe sin IVA'",
            ),
            ("Kwota netto;Kwota brutto", "Kwota brutto", "Kwota netto", "'Kwota netto'"),
            ("Net Amount;Total", "Total", "Net Amount", "'Net Amount'"),
        )
    },
    **{
        f"{paid} beside {less} and {tax}": Case(
            f"order_id;customer_id;date;{less};{tax};{paid}\n1;a;2026-01-05;10.00;2.00;12.00\n2;b;2026-01-16;20.00;4.00;24.00\n",
            (f"{paid} stands beside {less}. To count that: --map amount=",),
            (2, 2, 36.0),
        )
        for less, tax, paid in (
            ("Subtotal (EUR)", "Taxes (EUR)", "Order Total (EUR)"),
            ("Subtotal (USD)", "Taxes (USD)", "Order total (USD)"),
            ("Subtotal EUR", "Taxes EUR", "Order Total EUR"),
            ("Subtotal ($)", "Taxes ($)", "Sale Price ($)"),
            ("Subtotal", "Taxes", "Sale Price"),
            ("Subtotal (CHF)", "VATs (CHF)", "Order Total (CHF)"),
            ("Zwischensumme (EUR)", "Steuern (EUR)", "Bestellsumme (EUR)"),
            ("Sous-total HT (EUR)", "Taxes (EUR)", "Total de la commande (EUR)"),
            ("Subtotal (EUR)", "Impuestos (EUR)", "Total del pedido (EUR)"),
            ("Subtotale (EUR)", "Imposte (EUR)", "Totale ordine (EUR)"),
            ("Subtotaal (EUR)", "Belastingen (EUR)", "Besteltotaal (EUR)"),
            ("Kwota netto (PLN)", "Podatek (PLN)", "Wartość zamówienia (PLN)"),
        )
    },
    **{
        f"refunds in {back} beside a kind": Case(
            f"Ticket;Day;Member No;{kind};{paid};{back}\nT1;2026-01-02;M1;{sale};50.00;{blank}\n"
            f"T2;2026-01-13;M2;{sale};20.00;{blank}\nT3;2026-01-14;M1;{refund};{blank};10.00\n",
            (f"--map amount='{paid} - {back}'",),
            (2, 2, 60.0),
            ("--where", "two sources"),
        )
        for kind, sale, refund, paid, back, blank in (
            ("Description", "Sale", "Refund", "Debit", "Credit", ""),
            ("Description", "Sale", "Refund", "Debit", "Credit", "0.00"),
            ("Art", "Verkauf", "Retoure", "Verkauf", "Retoure", ""),
            ("Type", "Vente", "Remboursement", "Debit", "Credit", ""),
        )
    },
    "a refund on the row that it is of, beside a kind": Case(
        "Ticket;Day;Member No;Type;Debit;Credit\nT1;2026-01-02;M1;Sale;50.00;\nT2;2026-01-13;M2;Sale;20.00;\n"
        "T3;2026-01-14;M1;Refund;30.00;10.00\n",
        ("Type holds Sale (2), Refund (1): which count has to be said",),
        (2, 2, 70.0),
    ),
    **{
        f"a total beside {tax}": Case(
            f"order_id;customer_id;date;{tax};Order Total (EUR)\n1;a;2026-01-05;2.00;12.00\n2;b;2026-01-16;4.00;24.00\n",
            ("Try: segment run o.csv --map amount='Order Total (EUR)'",),
            (2, 2, 36.0),
        )
        for tax in (
            "Taxes (EUR)",
            "Sales Taxes EUR",
            "GST (EUR)",
            "Fees (EUR)",
            "Tips (EUR)",
            "MwSt. (EUR)",
        )
    },
    **{
        f"an amount with what is in it: {paid}": Case(
            f"order_id;customer_id;date;{paid}\n1;a;2026-01-05;12.00\n2;b;2026-01-16;24.00\n",
            (f"Try: segment run o.csv --map amount='{paid}'",),
            (2, 2, 36.0),
        )
        for paid in (
            "Total (taxes included, EUR)",
            "Total (EUR) incl. taxes",
            "Total after tax (EUR)",
            "Importe con impuestos (EUR)",
            "Total toutes taxes comprises (EUR)",
        )
    },
    **{
        f"the price of a piece under {head}": Case(
            f"customer_id;date;order_id;{head}\na;2026-01-05;1;2;10.00\nb;2026-01-16;2;1;5.00\n",
            (
                f"If {price} is that of the line: segment run o.csv --map amount=",
                f"If {price} is that of one piece: segment run o.csv --map amount='{pieces} * {price}'",
            ),
            (2, 2, 25.0),
        )
        for head, pieces, price in (
            (f"{pieces};{price}", pieces, price)
            for pieces, price in (
                ("Menge", "VK brutto"),
                ("Unidades", "Precio"),
                ("Quantité", "Prix TTC"),
                ("Liczba", "Cena"),
            )
        )
    },
    **{
        f"{price} beside {pieces}": Case(
            f"customer_id;date;order_id;{pieces};{price}\na;2026-01-05;1;2;10.00\nb;2026-01-16;2;1;5.00\n",
            (
                f"{price} is that of one piece by its name, and is multiplied by {pieces}. If it is that of the line: ",
                f"Try: segment run o.csv --map amount='{pieces} * {price}'",
            ),
            (2, 2, 25.0),
        )
        for pieces, price in (
            ("qty", "Unit net"),
            ("Unidades", "Precio unitario"),
            ("Quantité", "PU HT"),
            ("Liczba", "Cena jedn."),
            ("Antal", "Styckpris"),
            ("Menge", "Einzelpreis"),
            ("Anzahl", "Stückpreis"),
            ("Menge", "Preis pro Stück (EUR)"),
            ("Quantité", "Prix unitaire TTC"),
            ("quantity", "Unit price (EUR)"),
            ("Qty", "Price each"),
            ("Quantità", "Prezzo unitario"),
            ("Aantal", "Stuksprijs"),
            ("Aantal", "Prijs per stuk"),
            ("Ilość", "Cena jednostkowa"),
        )
    },
    **{
        f"{price} beside no quantity": Case(
            f"customer_id;date;order_id;{price}\na;2026-01-05;1;10.00\nb;2026-01-16;2;5.00\n",
            (
                f"{price} is the price of one piece by its name, and no column is known to say how many",
                f"If each row is one piece: --map amount='{price}'",
            ),
            None,
            (f"Try: segment run o.csv --map amount='{price}'",),
        )
        for price in ("Prix unitaire TTC", "Unit price (EUR)", "Price each")
    },
    "pieces that came back beside the price of one": Case(
        "Kundennummer;Bestelldatum;Menge;Retourmenge;Einzelpreis\nB;04.01.2026;5;2;3,00\nC;05.01.2026;1;0;2,00\n",
        (
            "Retourmenge holds how many pieces came back",
            "--map amount='(Menge - Retourmenge) * Einzelpreis'",
        ),
        (2, 2, 11.0),
    ),
    "one total on two lines, called by the order": Case(
        "Bestellnummer;Kunde;Datum;Artikel;Gesamtbetrag der Bestellung\n1;A;03.01.2026;X;35,00\n1;A;03.01.2026;Y;35,00\n"
        "2;B;04.01.2026;Z;15,00\n",
        ("--map amount='{per_order: Gesamtbetrag der Bestellung}'",),
        (2, 2, 50.0),
    ),
    **{
        f"amounts in {one} and {other}": Case(
            f"order_id;customer_id;date;{one};{other}\n1;A;2026-01-03;35.00;{none}\n2;B;2026-01-04;{none};12.50\n",
            (
                f"{one} and {other} hold the amounts of different rows, in several currencies: ",
                f"--map amount='{one} + {other} * <rate>'",
            ),
            None,
            ("Try:",),
        )
        for one, other, none in (
            ("total_eur", "total_usd", "0.00"),
            ("Total (€)", "Total (£)", ""),
            ("Betrag EUR", "Betrag CHF", "0"),
            ("amountPLN", "amountEUR", ""),
        )
    },
    "the same amount in two currencies": Case(
        "order_id;customer_id;date;total_eur;total_usd\n1;A;2026-01-03;35.00;40.00\n2;B;2026-01-04;10.00;11.40\n",
        ("--map amount=total_eur",),
        (2, 2, 45.0),
    ),
    **{
        f"a seller beside the customer: {seller}": Case(
            f"order_id,{seller},Account Name,date,Amount\n1,Ann Lee,Acme,2026-01-05,10\n2,Ann Lee,Beta,2026-01-16,20\n"
            "3,Bob Ray,Acme,2026-01-18,20\n",
            ("--map customer_id='Account Name'",),
            (2, 3, 50.0),
        )
        for seller in ("Owner", "Salesperson", "Verkäufer", "Cajero", "Created By", "Agent")
    },
    **{
        f"a customer called {who}": Case(
            f"Belegnummer;{who};Kreditor;date;Amount\n1;10001;70001;2026-01-05;10\n2;10002;70001;2026-01-16;20\n"
            "3;10001;70002;2026-01-18;20\n",
            (f"--map customer_id={said}",),
            (2, 3, 50.0),
        )
        for who, said in (
            ("Debitorkonto", "Debitorkonto"),
            ("Debitorenkonto.", "Debitorenkonto."),
            ("Nabywca", "Nabywca"),
            ("Asiakas", "Asiakas"),
            ("Medlem", "Medlem"),
        )
    },
    **{
        f"how many came are nobody: {guests}": Case(
            f"Check,{guests},date,Total\n1,2,2026-01-05,10\n2,4,2026-01-16,20\n3,2,2026-01-18,20\n",
            ("no column for customer_id", "--map customer_id='<column>'"),
            None,
        )
        for guests in (
            *("Guests", "# of Guests", "Covers", "Persons", "Pax", "Party size", "Anzahl Gäste"),
            *("Personen", "Couverts", "Comensales", "Coperti", "Gasten"),
        )
    },
    "a guest beside how many came": Case(
        "Check,Guests,Guest,date,Total\n1,2,G7,2026-01-05,10\n2,4,G8,2026-01-16,20\n3,2,G7,2026-01-18,20\n",
        ("--map customer_id=Guest",),
        (2, 3, 50.0),
    ),
    "an account of a ledger": Case(
        "Number,Account,date,Amount\nR1,4000 Sales,2026-01-05,10\nR2,4010 Sales,2026-01-16,20\nR3,4000 Sales,2026-01-18,20\n",
        ("--map customer_id='<column>'",),
        None,
    ),
    "an account of a ledger beside who it is": Case(
        "Number,Entity,Account,date,Amount\nR1,Acme,4000 Sales,2026-01-05,10\nR2,Beta,4010 Sales,2026-01-16,20\n"
        "R3,Acme,4000 Sales,2026-01-18,20\n",
        ("--map customer_id=Entity",),
        (2, 3, 50.0),
    ),
    "accounts of customers": Case(
        "Number,Account,date,Amount\nR1,10001,2026-01-05,10\nR2,10002,2026-01-16,20\nR3,10001,2026-01-18,20\n",
        ("--map customer_id=Account",),
        (2, 3, 50.0),
    ),
    **{
        f"things are nobody: {thing}": Case(
            f"{thing},date,Total\nM17,2026-01-05,10\nM18,2026-01-16,20\nM17,2026-01-18,20\n",
            ("no column for customer_id", "--map customer_id='<column>'"),
            None,
        )
        for thing in ("Mediennr", "Barcode", "Signatur", "Exemplar", "Room", "Tisch", "VIN")
    },
    "who borrows beside what is borrowed": Case(
        "Mediennr,Benutzernr,date,Total\nM17,501,2026-01-05,10\nM18,502,2026-01-16,20\nM17,501,2026-01-18,20\n",
        ("--map customer_id=Benutzernr",),
        (2, 3, 50.0),
    ),
    "a card beside what is borrowed": Case(
        "Barcode,Kartennummer,date,Total\nM17,501,2026-01-05,10\nM18,502,2026-01-16,20\nM17,501,2026-01-18,20\n",
        ("--map customer_id=Kartennummer",),
        (2, 3, 50.0),
    ),
    "a total on all lines beside amounts of lines": Case(
        "Order number,Email,Date,Qty,Price,Net amount,Total\n"
        "1,a@x.org,2026-01-05,2,5.00,10.00,17.00\n1,a@x.org,2026-01-05,1,7.00,7.00,17.00\n"
        "2,b@x.org,2026-01-06,1,4.00,4.00,7.00\n2,b@x.org,2026-01-06,1,3.00,3.00,7.00\n"
        "3,a@x.org,2026-01-16,2,1.00,2.00,5.00\n3,a@x.org,2026-01-16,1,3.00,3.00,5.00\n",
        (
            "Total is the same on all rows of each Order number: it counts once per order",
            "--map amount='{per_order: Total}'",
        ),
        (2, 3, 29.0),
        ("The amount is Qty",),
    ),
    "totals on all lines, with tax and without": Case(
        "Order number,Email,Date,Net amount,Total\n"
        "1,a@x.org,2026-01-05,15.00,17.00\n1,a@x.org,2026-01-05,15.00,17.00\n"
        "2,b@x.org,2026-01-06,6.00,7.00\n2,b@x.org,2026-01-06,6.00,7.00\n"
        "3,a@x.org,2026-01-16,4.00,5.00\n3,a@x.org,2026-01-16,4.00,5.00\n",
        ("To count that: --map amount='{per_order: Net amount}'",),
        (2, 3, 29.0),
    ),
    "a total without tax alone": Case(
        "Order,Customer Email,Date,Sum excl. VAT,VAT\n1,a@x.de,2024-01-01,10.00,2.00\n2,b@x.de,2024-01-02,20.00,4.00\n",
        ("--map amount='Sum excl. VAT'",),
        (2, 2, 30.0),
        ("stands beside",),
    ),
    "fines of loans": Case(
        "Item barcode,Patron,Issued,Fine\n"
        + "".join(f"200101{i:02},P{i % 3},{i:02}.01.2026,{i % 2}.50\n" for i in range(13, 22)),
        (
            "By its name no column is an amount",
            "If Fine is what was paid: --map amount=Fine",
            "--map ordered_at=Issued --map amount=1",
        ),
        (3, 9, 9.0),
    ),
    "numbers that count milliseconds, perhaps": Case(
        "Item barcode,Patron,Issued\n"
        + "".join(f"3900000000{i:02},P{i % 3},{i:02}.01.2026\n" for i in range(13, 22)),
        ("--map ordered_at=Issued --map amount=1",),
        (3, 9, 9.0),
    ),
    "digits that are called a day": Case(
        "order day,seen,client,amount\n20260113,14.02.2026,1,5\n20260114,15.02.2026,2,6\n",
        ("ordered_at='order day'",),
        (2, 2, 11.0),
    ),
    "eBay": Case(
        "\nSales Record Number,Order Number,Buyer Username,Buyer Email,Total Price,Sale Date\n"
        "101,1-1,ann,a@x.org,10.00,Jan-02-26\n102,1-2,bob,b@x.org,12.00,Jan-13-26\n",
        ("--map customer_id='Buyer Email'",),
        (2, 2, 22.0),
    ),
    "PayPal": Case(
        "Date,Gross,From Email Address,To Email Address,Transaction ID,Invoice Number\n"
        "01/15/2026,10.00,a@x.org,shop@x.org,T1,I1\n01/16/2026,20.00,b@x.org,shop@x.org,T2,I2\n"
        "01/17/2026,30.00,a@x.org,shop@x.org,T3,I3\n",
        (
            "no column for customer_id, amount (and no quantity with unit_price)",
            "--map customer_id='From Email Address' --map amount=Gross",
        ),
        (2, 3, 60.0),
    ),
    "a price under another name": Case(
        "date,client,Stückzahl Menge,Einzelpreis\n2024-01-01,1,2,10.00\n2024-01-02,2,1,5.00\n",
        (
            "Einzelpreis is that of one piece by its name, and is multiplied by Stückzahl Menge",
            "--map amount='Stückzahl Menge * Einzelpreis'",
        ),
        (2, 2, 25.0),
    ),
    "refunds beside": Case(
        "id,Created date (UTC),Amount,Amount Refunded,Status,Customer ID\n"
        "1,2026-01-02 10:00,100.00,0,Paid,a\n2,2026-01-02 10:00,150.00,50.00,Refunded,b\n"
        "3,2026-01-03 10:00,80.00,80.00,Refunded,b\n4,2026-01-03 10:00,80.00,0,Failed,c\n",
        (
            "Amount Refunded holds what was paid back of Amount",
            "--map amount='Amount - Amount Refunded' --where 'Status!=Failed'",
        ),
        (2, 2, 200.0),
    ),
    "debit and credit": Case(
        "Shopper,Booked,Gross Debit (GC),Gross Credit (GC)\n"
        "a@x.de,2026-01-02,,10.00\na@x.de,2026-01-03,4.00,\nb@x.de,2026-01-03,,7.50\n",
        (
            "Gross Debit (GC) holds money, too: it is taken off Gross Credit (GC), which holds more",
            "--map amount='Gross Credit (GC) - Gross Debit (GC)'",
        ),
        (2, 2, 13.5),
    ),
    "the account of a debtor": Case(
        "Account,Doc Date,Doc No,Soll,Haben\n"
        "17,2026-01-02,1,100.00,\n18,2026-01-03,2,70.00,\n17,2026-01-03,3,,30.00\n",
        (
            "Haben holds money, too: it is taken off Soll, which holds more",
            "amount='Soll - Haben'",
        ),
        (2, 2, 140.0),
    ),
    "cents": Case(
        "customer_id,order_id,date,amount_cents\nc1,1,2026-01-02,1999\nc2,2,2026-01-03,500\n",
        ("amount_cents speaks of cents", "--map amount='amount_cents / 100'"),
        (2, 2, 24.99),
    ),
    "cents and refunds": Case(
        "customer_id,order_id,date,price_minor,refunded_minor\nc1,1,2026-01-02,1999,0\nc2,2,2026-01-03,500,250\n",
        ("--map amount='(price_minor - refunded_minor) / 100'",),
        (2, 2, 22.49),
    ),
    "refunds that are negative": Case(
        "Shopper mail,date,amount,Type\n"
        "a@x.de,2024-01-01,10.00,Sale\nb@x.de,2024-01-02,20.00,Sale\nb@x.de,2024-01-03,-5.00,Refund\n",
        ("--map customer_id='Shopper mail'",),
        (2, 2, 25.0),
        ("--where", "which count has to be said"),
    ),
    "states that are not paid": Case(
        "Shopper mail,date,amount,Order State\n"
        "a@x.de,2024-01-01,10.00,Completed\nb@x.de,2024-01-02,20.00,Pending\nb@x.de,2024-01-03,30.00,Charged back\n"
        "b@x.de,2024-01-03,30.00,Incomplete\n",
        (
            "Order State holds Charged back (1), Completed (1), Incomplete (1), Pending (1)",
            "--where 'Order State!=Charged back,Incomplete,Pending'",
        ),
        (1, 1, 10.0),
    ),
    "orders alone": Case(
        "order_id,seller_id,shipping_limit_date,price\no1,s1,2024-01-01,10.00\no1,s2,2024-01-02,5.00\n",
        ("no column for customer_id, ordered_at", "join: {path: FILE, key: order_id}"),
        None,
        ("--map",),
    ),
    "dates in two ways": Case(
        "when_bought,cust,amount\n03/04/2024,1,10\n05/06/2024,2,20\n",
        (
            "reads as 4 March 2024 (%m/%d/%Y) or 3 April 2024 (%d/%m/%Y)",
            "In the rules, with one of these:",
        ),
        None,
    ),
    "a column that holds no dates": Case(
        "bought at,cust,amount\nsoon,1,10\nlater,2,20\n",
        ("no column for ordered_at",),
        None,
        ("=bought", "bought at'"),
    ),
    "two candidates and one that is missing": Case(
        "Customer No,client,bought,amount\n1,1,2024-01-01,10\n2,2,2024-01-02,20\n",
        (
            'no column for ordered_at; customer_id could be read from "Customer No" or "client"',
            "--map customer_id='Customer No' --map ordered_at=bought",
        ),
        (2, 2, 30.0),
    ),
    "an amount on the first row of orders of several": Case(
        "order_ref,mail,placed,paid_in_all,item\n1,a@x.de,2024-01-03,30.00,x\n1,a@x.de,2024-01-03,,y\n"
        "1,a@x.de,2024-01-03,,z\n2,b@x.de,2024-01-04,12.00,x\n2,b@x.de,2024-01-04,,y\n2,b@x.de,2024-01-04,,z\n",
        (
            "paid_in_all stands on the first row of each order_ref only",
            "--map amount='{per_order: paid_in_all}'",
        ),
        (2, 2, 42.0),
        ("amount=1",),
    ),
    "another column beside an amount on first rows": Case(
        "Order,Paying mail,Date,Total,item\n1,a@x.de,2024-01-03,30.00,x\n1,a@x.de,2024-01-03,,y\n"
        "1,a@x.de,2024-01-03,,z\n2,b@x.de,2024-01-04,12.00,x\n2,b@x.de,2024-01-04,,y\n2,b@x.de,2024-01-04,,z\n",
        ("--map customer_id='Paying mail' --map amount='{per_order: Total}'",),
        (2, 2, 42.0),
    ),
    "a price that is known, beside a quantity that is not": Case(
        "order_id,mail,date,Qty of pairs,selling_price\n1,a@x.de,2024-01-03,2,10.00\n2,b@x.de,2024-01-04,1,5.00\n",
        (
            "If selling_price is that of the line: segment run o.csv --map customer_id=mail --map amount=selling_price",
        ),
        (2, 2, 25.0),
        ("amount=1",),
    ),
    "a weight is no amount": Case(
        "order_id,mail,date,Gewicht\n1,a@x.de,2024-01-03,2.10\n2,b@x.de,2024-01-04,1.25\n",
        ("By its name no column is an amount",),
        None,
    ),
    "several currencies beside columns that are missing": Case(
        "Order,Bought On,Purchaser Mail,Total,Currency\n1,2024-01-01,a@x.de,10.00,EUR\n2,2024-01-02,b@x.de,9.00,USD\n"
        "3,2024-01-03,b@x.de,11.00,EUR\n",
        ("Currency holds EUR (2), USD (1): there is no sum of several", "--where Currency=EUR"),
        (2, 2, 21.0),
    ),
    "names that need quotes": Case(
        '"it\'s, ""who"" mail","{day}",amount\na@x.de,2024-01-01,10\nb@x.de,2024-01-02,20\n',
        ("no column for customer_id",),
        (2, 2, 30.0),
    ),
}


def _followed(segment: Segment, told: Result) -> Result:
    """What the last line to be pasted leads to."""
    ways = (
        r"^  (?:Try|Choose one|In the rules|If .* is that of one piece): ((?:segment|sources).*)$"
    )
    pasted = re.findall(ways, told.err, re.MULTILINE)[-1]
    if pasted.startswith("segment "):
        return segment(*shlex.split(pasted)[1:])
    rules = f"version: 1\n{pasted}\npersonas: {{everyone: {{columns: [frequency, monetary]}}}}\n"
    return segment("run", "-c", "followed.yaml", files={"followed.yaml": rules})


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_advised_is_said(segment: Segment, case: Case) -> None:
    done = segment("run", "o.csv", files={"o.csv": case.rows, "personas.yaml": EVERYONE})
    assert done.exit_code == 3, done.err
    assert [one for one in case.said if one not in done.err] == [], done.err
    assert [one for one in case.unsaid if one in done.err] == [], done.err


LEADING = {name: case for name, case in CASES.items() if case.truth is not None}


@pytest.mark.parametrize("case", LEADING.values(), ids=LEADING)
def test_what_is_advised_leads_to_what_is_true(segment: Segment, case: Case) -> None:
    files = {"o.csv": case.rows, "personas.yaml": EVERYONE}
    done = _followed(segment, segment("run", "o.csv", files=files))
    assert done.exit_code == 0, done.err
    customers = done.customers
    money = float(customers["monetary"].sum())
    assert (customers.height, customers["frequency"].sum(), money) == case.truth


RULES = "version: 1\nsources: {{transactions: {{path: o.csv{}}}}}\npersonas: {{everyone: {{columns: [frequency, monetary]}}}}\n"


@pytest.mark.parametrize("case", LEADING.values(), ids=LEADING)
def test_a_source_of_rules_is_told_the_same_in_yaml(segment: Segment, case: Case) -> None:
    told = segment("run", files={"o.csv": case.rows, "personas.yaml": RULES.format("")})
    assert (told.exit_code, "--map" in told.err) == (3, False), told.err
    keys = re.findall(r"\{path: …(, .*)\}\}$", told.err, re.MULTILINE)[-1]
    done = segment("run", files={"personas.yaml": RULES.format(keys)})
    assert done.exit_code == 0, done.err
    money = float(done.customers["monetary"].sum())
    assert (done.customers.height, money) == (case.truth or ())[::2]


def test_a_choice_is_told_as_an_option_where_options_map(segment: Segment) -> None:
    rows = "Receipt No,Invoice Number,mail,date,amount\nT1,I1,a@x.de,2024-01-01,3\n"
    files = {"o.csv": rows, "personas.yaml": EVERYONE}
    told = segment("run", "o.csv", "--map", "customer_id=mail", files=files)
    way = "Choose one: segment run o.csv --map customer_id=mail --map order_id='Receipt No'"
    assert (told.exit_code, way in told.err) == (3, True), told.err


@pytest.mark.parametrize("mail", ["Email", "Paying mail"])
def test_a_bare_price_beside_pieces_is_a_persons_choice(segment: Segment, mail: str) -> None:
    rows = f"Order,{mail},Date,Price,Pairs sold qty\n1,a@x.de,2024-01-03,10.00,2\n2,b@x.de,2024-01-04,5.00,1\n"
    stopped = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    piece = "'Pairs sold qty * Price'"
    assert (stopped.exit_code, f"--map amount={piece}" in stopped.err) == (3, True), stopped.err
    assert ("amount=Price" in stopped.err) or ("{amount: Price}" in stopped.err)
    assert segment("init", "--from", "o.csv", "rules").exit_code == 0
    assert "# amount: Price" in (stopped.folder / "rules" / "personas.yaml").read_text()


def test_first_rows_of_orders_are_said(segment: Segment) -> None:
    rows = (
        "Name,Buyer mail,date,Lineitem,Grand sum\n"
        "#1,a@x.de,2024-01-01,x,30.00\n#1,a@x.de,2024-01-01,y,\n#2,b@x.de,2024-01-02,x,12.00\n#2,b@x.de,2024-01-02,z,\n"
        "#3,b@x.de,2024-01-03,x,5.00\n"
    )
    done = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert (
        "Grand sum stands on the first row of each Name only: it counts once per order" in done.err
    )
    assert "--map amount='{per_order: Grand sum}' --map order_id=Name" in done.err


@pytest.mark.deep
def test_all_columns_are_named_however_many(segment: Segment) -> None:
    names = [f"field {n}" for n in range(60)]
    rows = ",".join(names) + "\n" + ",".join("x" * 60) + "\n"
    done = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert f"Its columns: {', '.join(names)}\n" in done.err


def test_two_sources_that_take_refunds_off_run_as_they_are_told(segment: Segment) -> None:
    files = {"o.csv": CASES["refunds in rows of their own"].rows, "personas.yaml": EVERYONE}
    told = segment("run", "o.csv", files=files)
    [sources] = re.findall(r"two sources in the rules: (.*)$", told.err, re.MULTILINE)
    done = segment("run", files={"personas.yaml": f"{EVERYONE}{sources}\n"})
    assert done.exit_code == 0, done.err
    assert sorted(float(m) for m in done.customers["monetary"]) == [50, 70]
