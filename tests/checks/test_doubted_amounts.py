"""Amounts that are guessed, and of which the file tells another: a stop, what it says, and where it leads."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from harness import Segment
from pasting import EVERYONE

HEAD = "customer_id,ordered_at,"

#: the file -> what is to be written, and the money that comes of it
STOPS = {
    "what is paid out after fees": (
        "product sales,selling fees,fba fees,total\nc1,2026-01-01,20.00,-3.00,-2.00,15.00\nc2,2026-01-02,40.00,-6.00,-4.00,30.00\n",
        "amount: product sales",
        60.0,
    ),
    "and postage, and tax that stands apart": (
        "product sales,product sales tax,shipping credits,selling fees,total\nc1,2026-01-01,20.00,1.00,4.00,-3.00,22.00\n"
        "c2,2026-01-02,40.00,2.00,0.00,-6.00,36.00\nc1,2026-01-03,-20.00,-1.00,-4.00,2.00,-23.00\n",
        "amount: product sales + shipping credits",
        40.0,
    ),
    "fees that are written above zero": (
        "Sold,Commission,Total\nc1,2026-01-01,20.00,3.00,17.00\nc2,2026-01-02,40.00,6.00,34.00\n",
        "amount: Sold",
        60.0,
    ),
    "fees, in German": (
        "Artikelwert,Verkaufsgebühren,Betrag\nc1,2026-01-01,20.00,-3.00,17.00\nc2,2026-01-02,40.00,-6.00,34.00\n",
        "amount: Artikelwert",
        60.0,
    ),
    "fees, in French": (
        "Ventes produit,Frais de vente,Total\nc1,2026-01-01,20.00,-3.00,17.00\nc2,2026-01-02,40.00,-6.00,34.00\n",
        "amount: Ventes produit",
        60.0,
    ),
    "fees, in Italian": (
        "Vendite prodotti,Commissioni di vendita,Totale\nc1,2026-01-01,20.00,-3.00,17.00\nc2,2026-01-02,40.00,-6.00,34.00\n",
        "amount: Vendite prodotti",
        60.0,
    ),
    "refunds": (
        "amount,Refunded Amount\nc1,2026-01-01,30.00,0\nc2,2026-01-02,12.00,2.50\n",
        "amount: amount - Refunded Amount",
        39.5,
    ),
    "refunds that are negative": (
        "Total,refund_amount\nc1,2026-01-01,30.00,\nc2,2026-01-02,12.00,-2.50\n",
        "amount: Total + refund_amount",
        39.5,
    ),
    "the refund of that amount": (
        "Total,Converted Total Refunded,Total Refunded\nc1,2026-01-01,30.00,9.00,10.00\nc2,2026-01-02,12.00,0,0\n",
        "amount: Total - Total Refunded",
        32.0,
    ),
    "a refund far down": (
        "amount,refund\n" + 3000 * "c1,2026-01-01,1.00,0.00\n" + "c2,2026-01-02,12.00,2.50\n",
        "amount: amount - refund",
        3009.5,
    ),
    "refunds of one, and one that is no flag": (
        "amount,refund\n" + 2500 * "c1,2026-01-01,5,1\n" + "c2,2026-01-02,12.00,2.50\n",
        "amount: amount - refund",
        10009.5,
    ),
    "refunds of one by their name": (
        "amount,Refunded Amount\nc1,2026-01-01,30,1\nc2,2026-01-02,12,0\n",
        "amount: amount - Refunded Amount",
        41.0,
    ),
    "refunds with signs and thousands": (
        'amount,Erstattet\nc1,2026-01-01,"$1,240.00",$0.00\nc2,2026-01-02,"$2,000.00","$1,000.50"\n',
        "amount: amount - Erstattet",
        2239.5,
    ),
    "an amount of orders, before refunds": (
        "Name,Total,Refunded Amount\nc1,2026-01-01,#1,30.00,0.00\nc1,2026-01-01,#1,,\nc2,2026-01-02,#2,12.00,2.50\n",
        "amount: {per_order: Total - Refunded Amount}, order_id: Name",
        39.5,
    ),
    "refunds beside quantity and price": (
        "quantity,unit_price,Refunded Amount\nc1,2026-01-01,2,8.00,0.00\nc2,2026-01-02,3,5.00,2.50\n",
        "amount: quantity * unit_price - Refunded Amount",
        28.5,
    ),
    "pieces that came back of lines with an amount": (
        "quantity,Qty Refunded,unit_price,amount\nc1,2026-01-01,2,0,8.00,16.00\nc2,2026-01-02,3,1,5.00,15.00\n",
        'amount: "(quantity - Qty Refunded) * unit_price"',
        26.0,
    ),
    "pieces that came back of an amount less a discount": (
        "quantity,Qty Refunded,unit_price,amount\nc1,2026-01-01,2,0,8.00,14.00\nc2,2026-01-02,3,1,5.00,12.00\n",
        "amount: amount * (quantity - Qty Refunded) / quantity",
        22.0,
    ),
    "pieces below zero that came back": (
        "quantity,Qty Returned,unit_price\nc1,2026-01-01,2,,8.00\nc2,2026-01-02,3,-1,5.00\n",
        'amount: "(quantity + Qty Returned) * unit_price"',
        26.0,
    ),
    "a return of pieces far down": (
        "quantity,returned_qty,unit_price\n"
        + 3000 * "c1,2026-01-01,1,0,1.00\n"
        + "c2,2026-01-02,2,1,5.00\n",
        'amount: "(quantity - returned_qty) * unit_price"',
        3005.0,
    ),
    "the price of one piece beside a count of another name": (
        "Liczba,unit_price\nc1,2026-01-01,2,8.00\nc2,2026-01-02,3,5.00\n",
        "amount: Liczba * unit_price",
        31.0,
    ),
    "an amount before discounts": (
        "amount,discount,net\nc1,2026-01-01,30.00,2.50,27.50\nc2,2026-01-02,12.00,0,12.00\n",
        "amount: net",
        39.5,
    ),
    "discounts below zero, of rows that are returns as well": (
        "Total,Rabatte,To pay\nc1,2026-01-01,30.00,-2.50,27.50\nc1,2026-01-02,-12.00,2.00,-10.00\n",
        "amount: To pay",
        17.5,
    ),
    "two discounts": (
        "amount,Item discount,Order discount,net\nc1,2026-01-01,30.00,2,0.50,27.50\nc2,2026-01-02,12.00,0,1,11.00\n",
        "amount: net",
        38.5,
    ),
    "a product before discounts": (
        "quantity,unit_price,discount,To pay\nc1,2026-01-01,2,8.00,1.00,15.00\nc2,2026-01-02,3,5.00,0,15.00\n",
        "amount: To pay",
        30.0,
    ),
    "before discounts, and a refund": (
        "amount,remise,net,refund\nc1,2026-01-01,30,3.00,27.00,7.00\nc2,2026-01-02,12.00,0,12.00,0\n",
        "amount: net - refund",
        32.0,
    ),
    "cents beside what they are in units": (
        "total,total_formatted\nc1,2026-01-01,1250,$12.50\nc2,2026-01-02,2000,$20.00\n",
        "amount: total / 100",
        32.5,
    ),
    "cents, and refunds in cents": (
        "amount,refund,display_amount\nc1,2026-01-01,1250,0,12.50 €\nc2,2026-01-02,2000,500,20.00 €\n",
        'amount: "(amount - refund) / 100"',
        27.5,
    ),
    "cents beside the same in euros": (
        "Betrag,Betrag in EUR\nc1,2026-01-01,1250,12.50\nc2,2026-01-02,2000,20.00\n",
        "amount: Betrag / 100",
        32.5,
    ),
    "cents beside units in words of another language": (
        "montant,montant affiché\nc1,2026-01-01,1250,12.50\nc2,2026-01-02,2000,20.00\n",
        "amount: montant / 100",
        32.5,
    ),
    "cents beside another word for the amount": (
        "amount,Total USD\nc1,2026-01-01,1250,12.50\nc2,2026-01-02,2000,20.00\n",
        "amount: amount / 100",
        32.5,
    ),
    "prices of one piece in cents": (
        "quantity,price,price_formatted\nc1,2026-01-01,2,1250,12.50\nc2,2026-01-02,1,2000,20.00\n",
        "amount: quantity * price / 100",
        45.0,
    ),
    "a total and a refund on all rows of two orders": (
        "order_id,Total,Refunded\n"
        + 2 * "c1,2026-01-01,1,30.00,5.00\n"
        + 2 * "c2,2026-01-02,2,12.00,2.50\n"
        + "c2,2026-01-03,3,7.00,0\n",
        "amount: {per_order: Total - Refunded}",
        41.5,
    ),
    "a total on all rows, and its refund on one": (
        "order_id,Order Total,refund_amount\nc1,2026-01-01,1,30.00,\nc1,2026-01-01,1,30.00,-5.00\n"
        + 2 * "c2,2026-01-02,2,12.00,\n"
        + "c2,2026-01-03,3,7.00,\n",
        "amount: {per_order: Order Total + refund_amount}",
        44.0,
    ),
    "a refund of the order on one line, which cost less": (
        "order_id,Line Total,refund\nc1,2026-01-01,1,30.00,36.00\nc1,2026-01-01,1,12.00,\nc2,2026-01-02,2,7.00,\n",
        "amount: Line Total - refund",
        13.0,
    ),
    "a refund on all lines beside the order's total": (
        "order_id,quantity,price,Paid for order,refund\nc1,2026-01-01,1,2,10.00,35.00,35.00\nc1,2026-01-01,1,1,15.00,35.00,35.00\n"
        "c2,2026-01-02,2,1,10.00,20.00,0\nc2,2026-01-02,2,1,10.00,20.00,0\n"
        "c3,2026-01-02,3,1,10.00,20.00,5.00\nc3,2026-01-02,3,1,10.00,20.00,5.00\n",
        "amount: {per_order: Paid for order - refund}",
        35.0,
    ),
    "each line paid back in full": (
        "order_id,Line Total,refund\n"
        + 2 * "c1,2026-01-01,1,30.00,30.00\n"
        + "c2,2026-01-02,2,7.00,0\n",
        "amount: Line Total - refund",
        7.0,
    ),
    "prices of lines": (
        "sku,quantity,price\nc1,2026-01-01,m,1,8.00\nc2,2026-01-02,m,3,24.00\nc2,2026-01-02,t,1,5.00\n",
        "amount: price",
        37.0,
    ),
    "net, tax and gross": (
        "Nettobetrag,Steuerbetrag,Bruttobetrag\nc1,2026-01-01,10.00,1.90,11.90\nc2,2026-01-02,20.00,0,20.00\n",
        "amount: Bruttobetrag",
        31.9,
    ),
    "net, and gross by its name": (
        "Nettobetrag,Bruttobetrag\nc1,2026-01-01,10.00,11.90\nc2,2026-01-02,20.00,20.00\n",
        "amount: Bruttobetrag",
        31.9,
    ),
    "net, tax, delivery, what was paid, and a refund": (
        "Nettobetrag,USt,Versand,Bruttobetrag,refund\nc1,2026-01-01,10.00,1.90,5.00,16.90,0\n"
        "c2,2026-01-02,20.00,3.80,0,23.80,23.80\n",
        "amount: Bruttobetrag - refund",
        16.9,
    ),
    "a refund that is taken off another column": (
        "gross,returns,other,amount\nc1,2026-01-01,30.00,5.00,25.00,30.00\nc2,2026-01-02,9.00,0,9.00,9.00\n",
        "amount: amount - returns",
        34.0,
    ),
}


@pytest.mark.parametrize(("rows", "written", "money"), STOPS.values(), ids=STOPS)
def test_what_is_pasted_leads_to_what_was_paid(
    segment: Segment, rows: str, written: str, money: float
) -> None:
    files = {"o.csv": HEAD + rows, "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    assert (stopped.exit_code, f"columns: {{{written}}}." in stopped.err) == (3, True), stopped.err
    [pasted] = {*stopped.tried}
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money), done.err


#: names of what is one in a hundred of an amount, and no other way to write it
PARTS = [
    *(("Betrag", "Spendenbetrag"), ("amount", "Climate contribution amount")),
    *(("Total", "Skonto Total"), ("Amount", "Round-up amount"), ("Total", "CO2 total")),
    *(("Montant", "Montant don"), ("Importe", "Importe propina"), ("Importo", "Importo cashback")),
    *(("Bedrag", "Bedrag fooi"), ("amount", "Donation"), ("Kwota", "Kwota prowizji")),
    *(
        ("amount", "Amount of fee"),
        ("Total", "Loyalty value"),
        ("Betrag", "Betrag Kreditkartenkosten"),
    ),
]


@pytest.mark.parametrize(("amount", "part"), PARTS, ids=[part for _, part in PARTS])
def test_what_is_one_in_a_hundred_makes_no_cents(segment: Segment, amount: str, part: str) -> None:
    rows = f"{HEAD}{amount},{part}\nc1,2026-01-01,100,1.00\nc2,2026-01-02,250,2.50\n"
    done = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert done.exit_code == 0, done.err
    assert float(done.customers["monetary"].sum()) == 350


#: the file, what the source says -> the money
PASSES = {
    "a fee that the buyer pays": (
        "goods,service fee,total\nc1,2026-01-01,20.00,3.00,23.00\nc2,2026-01-02,40.00,6.00,46.00\n",
        "",
        69,
    ),
    "a fee that is not taken off": (
        "total,selling fees,paid out\nc1,2026-01-01,20.00,-3.00,17.00\nc2,2026-01-02,40.00,-6.00,34.00\n",
        "",
        60,
    ),
    "no fee": (
        "product sales,selling fees,total\nc1,2026-01-01,20.00,0,20.00\nc2,2026-01-02,40.00,0,40.00\n",
        "",
        60,
    ),
    "what is paid out, declared": (
        "product sales,selling fees,total\nc1,2026-01-01,20.00,-3.00,17.00\n",
        ", columns: {amount: total}",
        17,
    ),
    "a declared amount": ("amount,refund\nc1,2026-01-01,30,5\n", ", columns: {amount: amount}", 30),
    "no refund": ("amount,refund\nc1,2026-01-01,30,0.00\nc2,2026-01-01,5,\n", "", 35),
    "refunds that are rows": (
        "amount,refund\nc1,2026-01-01,30,0\nc1,2026-01-02,-5,5\n",
        "",
        25,
    ),
    "more than was paid": ("amount,refund\nc1,2026-01-01,30,45\n", "", 30),
    "refunds of rows that do not count": (
        "amount,refund,kind\nc1,2026-01-01,30,0,x\nc2,2026-01-02,5,5,y\n",
        ", where: {kind: x}",
        30,
    ),
    "no piece that came back": (
        "quantity,Returned Qty,unit_price\nc1,2026-01-01,2,0,8.00\nc2,2026-01-01,1,,5.00\n",
        "",
        21,
    ),
    "amounts of the pieces that stayed": (
        "quantity,Returned Qty,unit_price,amount\nc1,2026-01-01,2,0,8.00,16.00\nc2,2026-01-01,3,1,5.00,10.00\n",
        "",
        26,
    ),
    "discounts that are taken off already": (
        "gross,amount,discount\nc1,2026-01-01,30,27,3\nc1,2026-01-02,12,12,0\n",
        "",
        39,
    ),
    "no discount": ("amount,discount,net\nc1,2026-01-01,30,0,30\n", "", 30),
    "net of tax, beside discounts": (
        "amount,discount,net\nc1,2026-01-01,30,3,25.21\nc1,2026-01-02,12,0,10.08\n",
        "",
        42,
    ),
    "a declared amount before discounts": (
        "amount,discount,net\nc1,2026-01-01,30,3,27\n",
        ", columns: {amount: amount}",
        30,
    ),
    "codes and shares of discounts": (
        "amount,Discount code,Discount %,net\nc1,2026-01-01,30,3,3,27\n",
        "",
        30,
    ),
    "a fee of one in a hundred": (
        "total,fee,cashback amount\nc1,2026-01-01,1200,12.00,12.00\nc1,2026-01-02,2050,20.50,20.50\n",
        "",
        3250,
    ),
    "an amount in whole units, written twice": (
        "total,total_formatted\nc1,2026-01-01,1250,$1250.00\n",
        "",
        1250,
    ),
    "a declared amount in cents": (
        "total,total_formatted\nc1,2026-01-01,1250,$12.50\n",
        ", columns: {amount: total}",
        1250,
    ),
    "pieces that can be sent back": (
        "quantity,Returnable quantity,unit_price\nc1,2026-01-01,2,2,8.00\n",
        "",
        16,
    ),
    "when pieces came back": (
        "quantity,Items returned on,unit_price\nc1,2026-01-01,2,2026-02-01,8.00\n",
        "",
        16,
    ),
    "a declared amount beside pieces that came back": (
        "quantity,Returned Qty,unit_price,amount\nc1,2026-01-01,2,1,8.00,16.00\n",
        ", columns: {amount: amount}",
        16,
    ),
    "the price of one piece beside a quantity": (
        "Menge,unit_price\nc1,2026-01-01,2,8.00\n",
        "",
        16,
    ),
    "a declared price of one piece": (
        "unit_price\nc1,2026-01-01,8.00\n",
        ", columns: {amount: unit_price}",
        8,
    ),
    "an item's price": ("item_price\nc1,2026-01-01,8.00\n", "", 8),
    "one amount in two currencies": (
        "Total,Total USD\nc1,2026-01-01,8.00,9.00\nc1,2026-01-02,0,0\n",
        "",
        8,
    ),
    "prices of pieces": (
        "sku,quantity,price\nc1,2026-01-01,m,1,8.00\nc2,2026-01-02,m,3,8.00\n",
        "",
        32,
    ),
    "prices that nothing tells of": (
        "sku,quantity,price\nc1,2026-01-01,m,1,8.00\nc2,2026-01-02,t,3,24.00\n",
        "",
        80,
    ),
    "prices that fall with the quantity": (
        "sku,quantity,price\nc1,2026-01-01,m,1,8.00\nc2,2026-01-02,m,3,7.00\n",
        "",
        29,
    ),
    "declared prices": (
        "sku,quantity,price\nc1,2026-01-01,m,1,8.00\nc2,2026-01-02,m,3,24.00\n",
        ", columns: {quantity: quantity, unit_price: price}",
        80,
    ),
}
PASSES |= {
    f"taken off already: {head}": (f"{head}\n{rows}", "", money)
    for head, rows, money in (
        (
            "gross_sales,returns,net_sales",
            "c1,2026-01-01,30.00,5.00,25.00\nc2,2026-01-02,9.00,0,9.00\n",
            34,
        ),
        (
            "Gross sales,Discounts,Returns,Net sales,Taxes,Total sales",
            "c1,2026-01-01,30,-2.50,-5,22.50,2.25,24.75\nc2,2026-01-02,10,0,0,10,1,11\n",
            32.5,
        ),
        (
            "Total,refund,amount",
            "c1,2026-01-01,30.00,5.00,25.00\nc2,2026-01-02,9.00,9.00,0.00\n",
            25,
        ),
    )
}
PASSES |= {
    f"no other amount: {head}": (f"{head}\n{rows}", "", money)
    for head, rows, money in (
        ("Net Sales,Tax,Total Collected", "c1,2026-01-01,10.00,1.90,11.90\n", 10),
        ("Nettobetrag,Steuerbetrag,Versand", "c1,2026-01-01,10.00,1.90,11.90\n", 10),
        ("Nettobetrag,Rabatt,Brutto vor Rabatt", "c1,2026-01-01,10.00,1.90,11.90\n", 10),
        ("Nettobetrag,Bruttogewicht", "c1,2026-01-01,10.00,110.90\n", 10),
        ("Total,Tax,Subtotal", "c1,2026-01-01,11.90,1.90,10.00\n", 11.9),
        ("amount,tax", "c1,2026-01-01,10.00,1.90\n", 10),
    )
}
#: refunds on all lines of an order, and no column of what it came to: nothing can be pasted -> the money if they are signed for
REPEATED = {
    "less than each line": ("Line Total", ("20.00,5.00", "15.00,5.00", "7.00,0"), 42),
    "more than each line": ("Line Total", ("20.00,35.00", "15.00,35.00", "7.00,0"), 42),
    "below zero": ("Line Total", ("20.00,-5.00", "15.00,-5.00", "7.00,0"), 42),
}


@pytest.mark.parametrize(("name", "lines", "money"), REPEATED.values(), ids=REPEATED)
def test_a_refund_on_all_lines_of_an_order_is_asked(
    segment: Segment, name: str, lines: tuple[str, str, str], money: float
) -> None:
    first, second, third = lines
    rows = f"c1,2026-01-01,1,{first}\nc1,2026-01-01,1,{second}\nc2,2026-01-02,2,{third}\n"
    files = {"o.csv": f"{HEAD}order_id,{name},refund\n{rows}", "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    said = "refund is the same on all rows of each order_id: it was paid back of the whole order"
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err
    assert "this file alone cannot tell the amount" in stopped.err
    assert "segment init" not in stopped.err
    done = segment("run", "o.csv", "--map", f"amount={name}")
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money), done.err
    [back] = re.findall(r"of its own, with (.*), beside", stopped.err)
    Path("copy.csv").write_text(files["o.csv"])
    entries = f"[{{path: o.csv, columns: {{amount: {name}}}}}, {{path: copy.csv, {back}}}]"
    Path("copy.yaml").write_text(f"{EVERYONE}sources: {{transactions: {entries}}}\n")
    done = segment("run", "--config", "copy.yaml")
    paid_back = abs(float(first.partition(",")[2]))
    left = float(done.customers["monetary"].sum())
    assert (done.exit_code, left) == (0, money - paid_back), done.err
    written = segment("init", "--from", "o.csv", "rules")
    assert (written.exit_code, segment("run", "--config", "rules/personas.yaml").exit_code) == (
        0,
        3,
    )


NAMES_OF_PIECES_BACK = [
    *(
        "quantity_refunded",
        "Qty Refunded",
        "Returned Qty",
        "Refunded quantity",
        "Qty Returned",
        "Qty Cancelled",
    ),
    *(
        "Retourmenge",
        "Stornierte Menge",
        "Anzahl Retouren",
        "Rückgabemenge",
        "Quantité retournée",
        "Quantité annulée",
    ),
    *(
        "Cantidad devuelta",
        "Cantidad cancelada",
        "Quantità resa",
        "Quantità annullata",
        "Aantal retour",
    ),
    *(
        "Aantal geannuleerd",
        "Ilość zwrócona",
        "Ilość anulowana",
        "refundedQuantity",
        "Items returned",
    ),
]


@pytest.mark.parametrize("name", NAMES_OF_PIECES_BACK)
def test_pieces_that_came_back_are_known_in_the_languages_of_shops(
    segment: Segment, name: str
) -> None:
    rows = f"{HEAD}quantity,{name},unit_price\nc1,2026-01-01,2,0,8.00\nc2,2026-01-02,3,1,5.00\n"
    stopped = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert stopped.exit_code == 3
    assert f"--map amount='(quantity - {name}) * unit_price'" in stopped.err


#: the file -> what is said, where nothing tells what the amount is without them
OPEN = {
    "no quantity": (
        "Returned Qty,amount\nc1,2026-01-01,0,8.00\nc2,2026-01-02,1,5.00\n",
        "Returned Qty holds how many pieces came back, and amount is that of all of them",
    ),
    "more than were sold": (
        "quantity,Returned Qty,unit_price\nc1,2026-01-01,1,3,8.00\nc2,2026-01-02,1,0,5.00\n",
        "Returned Qty holds how many pieces came back",
    ),
    "refunds that are rows, and others that are none": (
        "amount,refund\nc1,2026-01-01,30.00,5.00\nc1,2026-01-02,-4.00,0\nc2,2026-01-02,8.00,0\n",
        "refund holds what was paid back, and amount is below zero in some rows",
    ),
    "the price of one piece": (
        "unit_price\nc1,2026-01-01,8.00\n",
        "unit_price was guessed to be the amount, and is the price of one piece by its name",
    ),
    "amounts in two currencies": (
        "Total,Total USD\nc1,2026-01-01,8.00,\nc1,2026-01-02,,9.00\n",
        "Total and Total USD hold the amounts of different rows",
    ),
}


@pytest.mark.parametrize(("rows", "said"), OPEN.values(), ids=OPEN)
def test_what_nothing_tells_is_asked_and_declared(segment: Segment, rows: str, said: str) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": HEAD + rows, "personas.yaml": EVERYONE})
    assert (stopped.exit_code, said in stopped.err, "Try:" in stopped.err) == (3, True, False)
    name = next(n for n in ("amount", "unit_price", "Total") if n in rows.partition("\n")[0])
    done = segment("run", "o.csv", "--map", f"amount={name}")
    assert done.exit_code == 0, done.err


RULES = "version: 1\nsources: {{transactions: {{path: o.csv{}}}}}\npersonas: {{everyone: {{}}}}\n"


@pytest.mark.parametrize(("rows", "keys", "money"), PASSES.values(), ids=PASSES)
def test_what_nothing_contradicts_runs(
    segment: Segment, rows: str, keys: str, money: float
) -> None:
    done = segment("run", files={"o.csv": HEAD + rows, "personas.yaml": RULES.format(keys)})
    assert done.exit_code == 0, done.err
    assert float(done.customers["monetary"].sum()) == money


def test_all_that_is_undecided_is_pasted_once(segment: Segment) -> None:
    rows = "order_id,Total,refund,Status,currency\n"
    rows += "c1,2026-01-01,o1,30,0,paid,EUR\nc2,2026-01-02,o2,12,2,paid,EUR\nc3,2026-01-02,o3,9,0,void,USD\n"
    files = {"o.csv": HEAD + rows, "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    said = "--map amount='Total - refund' --where 'Status!=void' --where currency=EUR"
    assert stopped.err.count(said) == 1, stopped.err


LINES = "order_id,sku,quantity,unit_price,line_total\n"
#: a return with the sign at its quantity alone -> what is pasted, and what c1 and c2 spent then
RETURNS = {
    "a price that agrees": (
        LINES + "c1,2026-02-01,A1,m,1,20.00,20.00\nc2,2026-02-02,A2,m,1,20.00,20.00\n"
        "c1,2026-02-03,A3,m,-1,20.00,20.00\n",
        "--map amount='quantity * unit_price'",
        [0.0, 20.0],
    ),
    "decimal commas": (
        'quantity,unit price,total\nc1,2026-02-01,2,"10,50","21,00"\nc2,2026-02-02,1,"30,00","30,00"\n'
        'c1,2026-02-03,-1,"10,50","10,50"\n',
        "--map amount='quantity * unit price'",
        [10.5, 30.0],
    ),
    "a price before a discount": (
        LINES + "c1,2026-02-01,A1,m,1,20.00,18.00\nc2,2026-02-02,A2,m,1,30.00,30.00\n"
        "c1,2026-02-03,A3,m,-1,20.00,18.00\n",
        "--where 'quantity>=0'",
        [18.0, 30.0],
    ),
    "no price, and a blank quantity": (
        "quantity,amount\nc1,2026-02-01,1,20.00\nc2,2026-02-02,,30.00\nc1,2026-02-03,-1,20.00\n",
        "--where '{not: {quantity: {less_than: 0}}}'",
        [20.0, 30.0],
    ),
    "minus signs of other kinds": (
        "quantity,amount\nc1,2026-02-01,1,20.00\nc2,2026-02-02,1,30.00\nc1,2026-02-03,−1,20.00\n",
        "--where 'quantity>=0'",
        [20.0, 30.0],
    ),
    "fractions beside whole amounts": (
        "quantity,amount\nc1,2026-02-01,1.0,20\nc2,2026-02-02,1.0,30\nc1,2026-02-03,-1.0,20\n",
        "--where '{not: {quantity: {starts_with: \"-\"}}}'",
        [20.0, 30.0],
    ),
    "a part of one beside whole ones": (
        "quantity,amount\nc1,2026-02-01,1,20\nc2,2026-02-02,1,30\nc1,2026-02-03,-0.5,20\n",
        "--where '{not: {quantity: {starts_with: \"-\"}}}'",
        [20.0, 30.0],
    ),
    "units": (
        "quantity,amount\nc1,2026-02-01,1 kg,20\nc2,2026-02-02,2 pcs,30\nc1,2026-02-03,-1 kg,20\n",
        "--where '{not: {quantity: {starts_with: \"-\"}}}'",
        [20.0, 30.0],
    ),
    "units, and a blank quantity": (
        "quantity,amount\nc1,2026-02-01,3 Stk.,20\nc2,2026-02-02,,30\nc1,2026-02-03,-1 Stk.,20\n",
        "--where '{not: {quantity: {less_than: 0}}}'",
        [20.0, 30.0],
    ),
    "a count of times": (
        "quantity,amount\nc1,2026-02-01,2 x,20\nc2,2026-02-02,1 x,30\nc1,2026-02-03,-1 x,20\n",
        "--where 'quantity>=0'",
        [20.0, 30.0],
    ),
    "a sign behind the number, and a unit": (
        "quantity,amount\nc1,2026-02-01,1 Stk,20\nc2,2026-02-02,2 Stk,30\nc1,2026-02-03,1- Stk,20\n",
        "--where 'quantity>=0'",
        [20.0, 30.0],
    ),
    "both signs": (
        "quantity,amount\nc1,2026-02-01,1,20.00\nc2,2026-02-02,1,30.00\nc1,2026-02-03,-1,11.00\n"
        "c2,2026-02-04,-1,-10.00\n",
        "--where '{not: {quantity: {less_than: 0}, amount: {more_than: 0}}}'",
        [20.0, 20.0],
    ),
    "both signs, made of a price": (
        "quantity,unit_price\nc1,2026-02-01,1,20.00\nc2,2026-02-02,1,30.00\nc1,2026-02-03,-1,-11.00\n"
        "c2,2026-02-04,-1,10.00\n",
        "--where '{not: {quantity: {less_than: 0}, unit_price: {less_than: 0}}}'",
        [20.0, 20.0],
    ),
    "a price below zero as well": (
        "quantity,unit_price\nc1,2026-02-01,1,20.00\nc2,2026-02-02,1,30.00\nc1,2026-02-03,-1,-20.00\n",
        "--where 'quantity>=0'",
        [20.0, 30.0],
    ),
}


@pytest.mark.parametrize(("rows", "option", "money"), RETURNS.values(), ids=RETURNS)
def test_returns_whose_sign_stands_at_the_quantity_stop_a_run(
    segment: Segment, rows: str, option: str, money: list[float]
) -> None:
    files = {"o.csv": HEAD + rows, "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    assert (stopped.exit_code, "is below zero in " in stopped.err) == (3, True), stopped.err
    [pasted] = stopped.tried
    assert option in pasted
    done = segment(*shlex.split(pasted))
    assert done.exit_code == 0, done.err
    spent = dict(
        zip(done.customers["customer_id"], map(float, done.customers["monetary"]), strict=True)
    )
    assert [spent["c1"], spent["c2"]] == money


#: the file -> what c1 and c2 spent where what came back is a source of its own
APART = {
    "decimal commas": [10.5, 30.0],
    "a price before a discount": [0.0, 30.0],
    "no price, and a blank quantity": [0.0, 30.0],
    "a price below zero as well": [0.0, 30.0],
    "a sign behind the number, and a unit": [0.0, 30.0],
    "both signs": [9.0, 20.0],
    "both signs, made of a price": [9.0, 20.0],
}


@pytest.mark.parametrize(("name", "money"), APART.items(), ids=APART)
def test_two_sources_that_are_printed_take_returns_off(
    segment: Segment, name: str, money: list[float]
) -> None:
    files = {"o.csv": HEAD + RETURNS[name][0], "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    [sources] = re.findall(r"(transactions: \[\{.*?\}\]); or to leave", stopped.err)
    done = segment("run", files={"personas.yaml": f"sources: {{{sources}}}\n{EVERYONE}"})
    assert done.exit_code == 0, done.err
    found = done.customers.sort("customer_id")
    assert [float(one) for one in found["monetary"]] == money


#: the file, what the source says of it -> the money
NO_RETURNS = {
    "signs at both": ("quantity,amount\nc1,2026-02-01,1,20\nc1,2026-02-03,-1,-20\n", "", 0),
    "an amount that is declared": (
        "quantity,amount\nc1,2026-02-01,1,20\nc1,2026-02-03,-1,20\n",
        ", columns: {amount: amount}",
        40,
    ),
    "rows that do not count": (
        "quantity,amount,kind\nc1,2026-02-01,1,20,x\nc1,2026-02-03,-1,20,y\n",
        ", where: {kind: x}",
        20,
    ),
    "a price alone": ("quantity,unit_price\nc1,2026-02-01,2,20\nc1,2026-02-03,-1,20\n", "", 20),
    "units of purchases alone": (
        "quantity,amount\nc1,2026-02-01,2 pcs,20\nc1,2026-02-03,x1,20\nc1,2026-02-04,1-2 kg,20\n",
        "",
        60,
    ),
    "a quantity of minus nothing": (
        "quantity,amount\nc1,2026-02-01,1,20\nc1,2026-02-03,-0.0,20\n",
        "",
        40,
    ),
    "a deposit": ("Anzahlung,amount\nc1,2026-02-01,1,20\nc1,2026-02-03,-1,20\n", "", 40),
    "nothing paid back": ("quantity,amount\nc1,2026-02-01,1,20\nc1,2026-02-03,-1,0\n", "", 20),
}


@pytest.mark.parametrize(("rows", "said", "money"), NO_RETURNS.values(), ids=NO_RETURNS)
def test_quantities_below_zero_that_count_rightly_stop_nothing(
    segment: Segment, rows: str, said: str, money: float
) -> None:
    rules = f"sources: {{transactions: {{path: o.csv{said}}}}}\n{EVERYONE}"
    done = segment("run", files={"o.csv": HEAD + rows, "personas.yaml": rules})
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money), done.err


#: gross, discounts and net as tills call them -> the net one is proposed where no name is known
NETS = """
    Bruttoumsatz;Rabatte;Nettoumsatz|Ventes brutes;Remises;Ventes nettes|Ventas brutas;Descuentos;Ventas netas|
    Vendite lorde;Sconti;Vendite nette|Bruto-omzet;Kortingen;Netto-omzet|Gross takings;Discounts;Net takings|
    Sprzedaż brutto;Rabat;Sprzedaż netto
"""


@pytest.mark.parametrize("names", [one.strip() for one in NETS.split("|")])
def test_sales_after_discounts_are_proposed(segment: Segment, names: str) -> None:
    rows = "c1;2026-01-01;20,00;-2,00;18,00\nc2;2026-01-02;15,00;0,00;15,00\n"
    files = {"o.csv": f"customer_id;ordered_at;{names}\n{rows}", "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    [pasted] = stopped.tried
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 33.0), done.err


PIECES = """
    Menge Anzahl Stück Stk Quantité Qté Cantidad Unidades Quantità Pezzi Aantal Stuks Pieces Pcs Ilość
"""


@pytest.mark.parametrize("name", PIECES.split())
def test_quantities_are_known_in_the_languages_of_shops(segment: Segment, name: str) -> None:
    rows = "c1,2026-02-01,2,20.00\nc2,2026-02-02,1,30.00\nc2,2026-02-03,-1,30.00\n"
    stopped = segment("run", "o.csv", files={"o.csv": f"{HEAD}{name},amount\n{rows}"})
    assert stopped.exit_code == 3
    assert f"{name} is below zero in 1 row" in stopped.err
    rules = {"personas.yaml": f"sources: {{transactions: o.csv}}\n{EVERYONE}"}
    made = segment("run", files={"o.csv": f"{HEAD}{name},unit_price\n{rows}", **rules})
    assert made.exit_code == 0, made.err
    found = made.customers.sort("customer_id")["monetary"]
    assert [float(one) for one in found] == [40.0, 0.0]


NAMED_BY_WORDS = (
    "Lineitem quantity|Qty Sold|QTY_ORDERED|orderqty|Quantity Shipped|Net Qty|Item Quantity|Order Quantity|Items|No. of items|"
    "Anz.|Menge (Stk)|Liefermenge|Bestellte Stückzahl|Quantité vendue|Qté vendue|Nombre|Cantidad vendida|Unidades vendidas|"
    "Qtà venduta|Pezzi venduti|Hoeveelheid|Besteld aantal|Ilość szt.|Liczba sztuk|Qtd|Antall|Množství|Mennyiség|Adet|Miktar|"
    "Количество|Määrä|数量|Ποσότητα"
)


@pytest.mark.parametrize("name", NAMED_BY_WORDS.split("|"))
def test_returns_are_seen_by_the_words_of_a_name_of_quantities(segment: Segment, name: str) -> None:
    rows = "c1,2026-02-01,2,20.00\nc2,2026-02-02,12,30.00\nc2,2026-02-03,-1,30.00\n"
    files = {"o.csv": f"{HEAD}{name},amount\n{rows}", "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    assert (stopped.exit_code, f"{name} is below zero in 1 row" in stopped.err) == (3, True)
    [pasted] = stopped.tried
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 50.0), done.err


#: a column that no name tells and its cells, of which the last are returns -> whether these stop a run
BY_CONTENT = {
    "mostly 1": ("Vol", "1 1 2 3 1 -1", True),
    "with fractions of nothing": ("Vol", "1.0 1.0 2.0 1.0 1.0 -1.0", True),
    "a sign": ("Vorz", "1 1 1 1 1 -1", True),
    "zeros among them": ("Vol", "1 1 0 1 1 -1", False),
    "mostly another": ("Vol", "2 2 2 1 1 -1", False),
    "large ones": ("Vol", "1 1 1 1 1 -1000", False),
    "parts": ("Vol", "1 1 0.5 1 1 -1", False),
    "points": ("Bonuspunkte", "1 1 2 3 1 -1", False),
    "stock": ("Items in stock", "1 1 2 3 1 -1", False),
    "what lies in store": ("Lagerbestand", "1 1 2 3 1 -1", False),
    "a balance": ("Saldo", "1 1 2 3 1 -1", False),
    "a rating": ("Rating", "1 1 5 4 1 -1", False),
    "a temperature": ("Temperature", "1 1 2 3 1 -1", False),
    "an offset": ("UTC offset", "1 1 2 3 1 -5", False),
    "a margin": ("Margin", "1 1 2 3 1 -1", False),
    "a shop, or none": ("Store No", "1 1 2 3 1 -1", False),
    "an id, or none": ("promo_id", "1 1 2 3 1 -1", False),
    "a floor": ("Etage", "1 1 2 3 1 -1", False),
    "a change": ("Qty change", "1 1 2 3 1 -1", False),
    "items in words": ("Items", "tea tea tea,milk tea -5%,tea", False),
}


@pytest.mark.parametrize(("name", "cells", "stops"), BY_CONTENT.values(), ids=BY_CONTENT)
def test_returns_are_seen_by_what_a_column_holds_where_no_name_tells(
    segment: Segment, name: str, cells: str, stops: bool
) -> None:
    each = enumerate(cells.split())
    rows = "".join(f'c{n},2026-02-0{n + 1},"{cell}",{20 + n}.00\n' for n, cell in each)
    files = {"o.csv": f"{HEAD}{name},amount\n{rows}", "personas.yaml": EVERYONE}
    done = segment("run", "o.csv", files=files)
    assert (done.exit_code, "is below zero in 1 row" in done.err) == (3 * stops, stops), done.err


#: columns that no name tells -> what is proposed for returns among them
PROPOSED = {
    "a price tells": (
        "Menge,Einzelpreis,Gesamt\nc1,2026-02-01,2,10.50,21.00\nc2,2026-02-02,1,30.00,30.00\n"
        "c1,2026-02-03,-1,10.50,10.50\n",
        "--map amount='Menge * Einzelpreis'\n",
    ),
    "nothing tells": (
        "Menge,Gesamt\nc1,2026-02-01,2,21.00\nc2,2026-02-02,1,30.00\nc1,2026-02-03,-1,10.50\n",
        "To leave them out: --where 'Menge>=0'\n",
    ),
    "a unit": (
        "Menge,Gesamt\nc1,2026-02-01,2 kg,21.00\nc2,2026-02-02,1 kg,30.00\nc1,2026-02-03,-1 kg,10.50\n",
        "To leave them out: --where '{not: {Menge: {starts_with: \"-\"}}}'\n",
    ),
    "both signs": (
        "Menge,Gesamt\nc1,2026-02-01,2,21.00\nc2,2026-02-02,-1,-30.00\nc1,2026-02-03,-1,10.50\n",
        "To leave them out: --where '{not: {Menge: {less_than: 0}, Gesamt: {more_than: 0}}}'\n",
    ),
    "a name of several words": (
        "Verkaufte Menge,Gesamt\nc1,2026-02-01,2,21.00\nc2,2026-02-02,1,30.00\nc1,2026-02-03,-1,10.50\n",
        "To leave them out: --where 'Verkaufte Menge>=0'\n",
    ),
    "a column that no name tells": (
        "Vorz,Gesamt\nc1,2026-02-01,1,21.00\nc2,2026-02-02,1,30.00\nc1,2026-02-03,-1,10.50\n",
        "To leave them out: --where 'Vorz>=0'\n",
    ),
}


@pytest.mark.parametrize(("rows", "said"), PROPOSED.values(), ids=PROPOSED)
def test_no_amount_is_proposed_that_counts_returns_without_a_word(
    segment: Segment, rows: str, said: str
) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": HEAD + rows})
    assert stopped.exit_code == 3
    assert " is below zero in 1 row where Gesamt is above: returns" in stopped.err
    assert said in stopped.err


#: the last row of a file that is too large to be read once more -> whether it was seen
LARGE = {
    "a return with its sign at the quantity alone": ("A3,K1,2026-02-03,-1,20.00", 3),
    "a return with both signs": ("A3,K1,2026-02-03,-1,-20.00", 0),
    "a return that is worth nothing": ("A3,K1,2026-02-03,-1,0.00", 0),
    "another sale": ("A3,K1,2026-02-03,1,20.00", 0),
}


@pytest.mark.parametrize(("row", "code"), LARGE.values(), ids=LARGE)
def test_a_large_file_is_asked_for_returns_by_what_was_read_of_it(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, row: str, code: int
) -> None:
    monkeypatch.setattr("segmentation.checks.returned_quantities.MOST_ROWS", 0)
    head = "order_id,customer_id,date,quantity,amount\n"
    rows = f"A1,K1,2026-02-01,1,20.00\nA2,K2,2026-02-02,1,30.00\n{row}\n"
    rules = "version: 1\npersonas: {everyone: {}}\n"
    done = segment("run", "o.csv", files={"o.csv": head + rows, "personas.yaml": rules})
    assert done.exit_code == code, done.err
