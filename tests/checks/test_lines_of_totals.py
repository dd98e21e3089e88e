"""Lines that add up others in the column of items: they stop the run, and a `where` on the column is the door."""

from __future__ import annotations

import re

import pytest
from harness import Segment

HEAD = "Order,Customer,Date,Item,Amount\n"
FILL = ", fill_down: [Order, Customer, Date]"
RULES = (
    "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n"
)
SPENT = {"A": 30.0, "B": 12.0}


def printed(total: str, last: str = "") -> str:
    """Two orders of two lines and their total, with what holds for all lines on the first."""
    orders = (("1,A,2026-01-05", 10, 20), ("2,B,2026-01-06", 5, 7))
    lines = (f"{o},x,{a}\n,,,y,{b}\n,,,{total.format(o[0])},{a + b}\n" for o, a, b in orders)
    return HEAD + "".join(lines) + last


def written(total: str) -> str:
    """The same with all columns on each line."""
    orders = (("1,A,2026-01-05", 10, 20), ("2,B,2026-01-06", 5, 7))
    lines = (f"{o},x,{a}\n{o},y,{b}\n{o},{total.format(o[0])},{a + b}\n" for o, a, b in orders)
    return HEAD + "".join(lines)


#: the file and its keys -> how many rows are told
TOTALS = {
    "below each order": (printed("Total"), FILL, 2),
    "in German": (printed("Zwischensumme"), FILL, 2),
    "in French, with a colon": (printed("Sous-total :"), FILL, 2),
    "in words with the order": (printed("Total order {}"), FILL, 2),
    "one at the end, too": (printed("Subtotal", ",,,Grand Total,42\n"), FILL, 3),
    "one at the end of others": (
        HEAD + "1,A,2026-01-05,x,10\n,,,y,20\n2,B,2026-01-06,x,5\n,,,y,7\n,,,Summe,42\n",
        FILL,
        1,
    ),
    "another sum than that of its lines": (
        printed("Total").replace("Total,30", "Total,33"),
        FILL,
        2,
    ),
    "written out": (written("Total"), "", 2),
    "written out in words": (written("Total for order {}"), "", 2),
    "written out and rounded": (written("Razem").replace("Razem,30", "Razem,30.01"), "", 2),
    "an order has one line": (
        HEAD
        + "1,A,2026-01-05,x,30\n1,A,2026-01-05,Total,30\n2,B,2026-01-06,x,12\n2,B,2026-01-06,Total,12\n",
        "",
        2,
    ),
    "the sum of each part of an order": (
        HEAD
        + "1,A,2026-01-05,x,10\n1,A,2026-01-05,Total shoes,10\n1,A,2026-01-05,y,20\n1,A,2026-01-05,Total hats,20\n"
        "2,B,2026-01-06,x,5\n2,B,2026-01-06,Total shoes,5\n2,B,2026-01-06,y,7\n2,B,2026-01-06,Total hats,7\n",
        "",
        4,
    ),
    "of a customer": (
        HEAD + "1,A,2026-01-05,x,10\n2,A,2026-01-06,y,20\n,A,2026-01-06,Total A,30\n"
        "3,B,2026-01-06,x,5\n4,B,2026-01-08,y,7\n,B,2026-01-08,Total B,12\n",
        "",
        2,
    ),
    "of a customer's days": (
        "Customer,Date,Item,Amount\nA,2026-01-05,x,10\nA,2026-01-06,y,20\nA,2026-01-06,Total,30\n"
        "B,2026-01-06,x,5\nB,2026-01-08,y,7\nB,2026-01-08,Total,12\n",
        "",
        2,
    ),
    "no sum, but the word in each order": (
        written("Total").replace("Total,30", "Total,36").replace("Total,12", "Total,14"),
        "",
        2,
    ),
    "in words that nobody knows": (written("To be settled"), "", 2),
    "in words that nobody knows, filled": (printed("Kokonaissaldo"), FILL, 2),
    "in words that nobody knows, below shipping": (
        HEAD
        + "".join(
            f"{o},x,{a}\n{o},Shipping,{b}\n{o},Zamek,{a + b}\n"
            for o, a, b in (("1,A,2026-01-05", 25, 5), ("2,B,2026-01-06", 7, 5))
        ),
        "",
        2,
    ),
    "one of many orders is none": (
        written("Total") + "3,C,2026-01-06,x,5\n",
        ", where: {Customer: [A, B]}",
        2,
    ),
}


@pytest.mark.parametrize(("text", "keys", "rows"), TOTALS.values(), ids=TOTALS)
def test_lines_that_add_up_others_stop_the_run_until_they_are_left_out(
    segment: Segment, text: str, keys: str, rows: int
) -> None:
    done = segment("run", files={"o.csv": text, "personas.yaml": RULES.format(keys=keys)})
    told = f"{rows} row{'s add' if rows > 1 else ' adds'} up others"
    assert (done.exit_code, told in done.err) == (3, True), done.err
    [where] = re.findall(r"where: \{(Item: .+?)\}\. Where", done.err)
    more = (
        keys.replace("where: {", f"where: {{{where}, ")
        if "where" in keys
        else f"{keys}, where: {{{where}}}"
    )
    done = segment("run", files={"personas.yaml": RULES.format(keys=more)})
    assert done.exit_code == 0, done.err
    spent = dict(done.customers.select("customer_id", "monetary").rows())
    assert {n: round(float(one), 2) for n, one in spent.items()} == SPENT


#: what stands below the lines of an order of 30 -> how many rows are told, and what is left of the order
CHARGED = {
    "tax": ("Zwischensumme,30 / MwSt,5.70 / Endbetrag,35.70", 2, 35.7),
    "tax, in English": ("Subtotal,30 / VAT,6 / Amount due,36", 2, 36.0),
    "tax, in French": ("Sous-total,30 / TVA,6 / Net à payer,36", 2, 36.0),
    "tax, in Spanish": ("Base imponible,30 / IVA,6.30 / Total a pagar,36.30", 2, 36.3),
    "tax, in Italian": ("Imponibile,30 / IVA,6.60 / Totale da pagare,36.60", 2, 36.6),
    "tax, in Dutch": ("Subtotaal,30 / BTW,6.30 / Te betalen,36.30", 2, 36.3),
    "tax, in Polish": ("Suma częściowa,30 / VAT,6.90 / Do zapłaty,36.90", 2, 36.9),
    "tax in words": ("Zwischensumme,30 / MwSt,5.70 / Endbetrag inkl. MwSt,35.70", 2, 35.7),
    "tax that is in it": ("Gesamtbetrag,30 / inkl. 19 % MwSt,4.79", 2, 30.0),
    "shipping below a subtotal": ("Subtotal,30 / Shipping,5", 1, 35.0),
    "shipping below a subtotal, and a total": ("Subtotal,30 / Shipping,5 / Total,35", 2, 35.0),
    "shipping above a subtotal": ("Shipping,5 / Subtotal,30 / Total,35", 2, 35.0),
    "shipping, and a total": ("Shipping,5 / Total,35", 1, 35.0),
    "a total, shipping, and a total": ("Total,30 / Shipping,5 / Grand total,35", 2, 35.0),
    "a discount": ("Zwischensumme,30 / Rabatt,-3 / Versand,5 / Gesamtsumme,32", 2, 32.0),
    "all of them": ("Subtotal,30 / Discount,-3 / Shipping,5 / Tax,6.40 / Total,38.40", 2, 38.4),
}
#: what a line begins with, for each of two orders
ORDERS = {
    "orders": ("Order,Customer,Date,", ("1,A,2026-01-05,", "2,A,2026-01-06,")),
    "one order": ("Order,Customer,Date,", ("1,A,2026-01-05,",)),
    "a customer's days": ("Customer,Date,", ("A,2026-01-05,", "A,2026-01-06,")),
    "one customer's day": ("Customer,Date,", ("A,2026-01-05,",)),
    "orders in Polish": ("Zamówienie,Klient,Data,", ("1,A,2026-01-05,", "2,A,2026-01-06,")),
}


@pytest.mark.parametrize(("below", "rows", "left"), CHARGED.values(), ids=CHARGED)
@pytest.mark.parametrize(("head", "begins"), ORDERS.values(), ids=ORDERS)
def test_totals_with_tax_and_shipping_stop_the_run_until_they_are_left_out(
    segment: Segment, head: str, begins: tuple[str, ...], below: str, rows: int, left: float
) -> None:
    lines = ["x,10", "y,20", *below.split(" / ")]
    text = f"{head}Item,Amount\n" + "".join(f"{one}{line}\n" for one in begins for line in lines)
    done = segment("run", files={"o.csv": text, "personas.yaml": RULES.format(keys="")})
    number = rows * len(begins)
    told = f"{number} row{'s add' if number > 1 else ' adds'} up others"
    assert (done.exit_code, told in done.err) == (3, True), done.err
    [where] = re.findall(r"where: \{(Item: .+?)\}\. Where", done.err)
    rules = RULES.format(keys=f", where: {{{where}}}")
    done = segment("run", files={"personas.yaml": rules})
    found = done.customers.select("customer_id", "monetary", "frequency").rows()
    assert (done.exit_code, [(c, round(float(m), 2), n) for c, m, n in found]) == (
        0,
        [("A", round(left * len(begins), 2), len(begins))],
    )


#: words for totals with what stands beside them
BESIDE = """
Order total (2 items) / Order Total (incl. GST) / Order total incl. VAT / Invoice total (USD) / Total with tax and shipping / Grand Total - EUR
Zu zahlen (EUR) / Summe in EUR / Gesamtbetrag inkl. 19 % MwSt. / Summe vor Steuern / Gesamtsumme netto / Warenkorbwert
Net à payer TTC / Montant total TTC / Total de la commande HT / Total toutes taxes comprises / Total en euros
Importe total con IVA / Total IVA incluido / Total del pedido sin impuestos / Totale IVA inclusa / Totale dell'ordine (€)
Te betalen (EUR) / Totaal incl. 21% btw / Factuurtotaal zonder btw / Wartość zamówienia brutto / Do zapłaty PLN / Razem z VAT
Totalt inkl. moms / Att betala / I alt / Yhteensä / Celkem s DPH / Összesen / Toplam / Итого: / Total de plată / Σύνολο / 合計
"""


@pytest.mark.sampled
@pytest.mark.parametrize("total", [one.strip() for one in re.split(r" / |\n", BESIDE) if one])
@pytest.mark.parametrize("filled", [True, False], ids=["filled", "written"])
def test_what_stands_beside_a_word_for_totals_hides_none(
    segment: Segment, total: str, *, filled: bool
) -> None:
    keys = FILL if filled else ""
    text = printed(total) if filled else written(total)
    done = segment("run", files={"o.csv": text, "personas.yaml": RULES.format(keys=keys)})
    assert (done.exit_code, "2 rows add up others" in done.err) == (3, True), done.err


@pytest.mark.parametrize("total", ["Order total (2 items)", "Net à payer TTC"])
def test_init_leaves_totals_out_where_it_fills_rows_down(segment: Segment, total: str) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": printed(total)})
    assert (done.exit_code, segment("run").exit_code) == (0, 0), done.err
    spent = segment("run").customers.select("customer_id", "monetary").rows()
    assert {n: float(one) for n, one in spent} == SPENT


def several(*totals: str) -> str:
    """Two orders of one line of goods and one of shipping, with these totals below."""
    begins = ("1,A,2026-01-05", "2,B,2026-01-06")
    lines = ["x,10", "Subtotal,10", "Shipping,5", *(f"{total},15" for total in totals)]
    return HEAD + "".join(f"{one},{line}\n" for one in begins for line in lines)


#: a where that is written already -> the totals that are still asked
ASKED = {
    "another total": ("Item: {is_not: Subtotal}", "Item: {is_not: Order Total (incl. GST)}"),
    "no total": (
        "Item: {is_not: Shipping}",
        "Item: {none_of: [Order Total (incl. GST), Subtotal]}",
    ),
    "how one begins": (
        "not: {Item: {starts_with: Sub}}",
        "Item: {is_not: Order Total (incl. GST)}",
    ),
    "both": ("Item: {none_of: [Order Total (incl. GST), Subtotal]}", ""),
    "both are sold": ("Item: {missing: false}", ""),
    "one is sold": (
        "any: [{Item: {is_not: Subtotal}}, {Item: Subtotal}]",
        "Item: {is_not: Order Total (incl. GST)}",
    ),
}


@pytest.mark.parametrize(("where", "asked"), ASKED.values(), ids=ASKED)
def test_a_where_decides_about_the_totals_that_it_names_alone(
    segment: Segment, where: str, asked: str
) -> None:
    rules = RULES.format(keys=f", where: {{{where}}}")
    files = {"o.csv": several("Order Total (incl. GST)"), "personas.yaml": rules}
    done = segment("run", files=files)
    assert (done.exit_code, asked in done.err) == (3 if asked else 0, True), done.err


def test_what_is_pasted_for_one_total_does_not_hide_another(segment: Segment) -> None:
    done = segment("run", "o.csv", "--where", "Item!=Subtotal", files={"o.csv": several("To pay")})
    assert (done.exit_code, "--where 'Item!=To pay'" in done.err) == (3, True), done.err


def test_a_where_on_customers_decides_about_the_totals_that_it_names_alone(
    segment: Segment,
) -> None:
    text = HEAD + "1,A,2026-01-05,x,10\n,Total,2026-01-05,,10\n,Grand Total,2026-01-05,,10\n"
    rules = RULES.format(keys=", where: {Customer: {is_not: Total}}")
    done = segment("run", files={"o.csv": text, "personas.yaml": rules})
    assert (done.exit_code, "Customer: {is_not: Grand Total}" in done.err) == (3, True), done.err


LINES = (
    "1,A,2026-01-05,Total Care,10\n1,A,2026-01-05,y,10\n2,B,2026-01-06,Cup,4\n2,B,2026-01-06,y,5\n"
)
#: files in which such words are items, or were decided about
SOLD = {
    "an item that begins so": (HEAD + LINES, ""),
    "an item that begins so, filled": (
        HEAD + "1,A,2026-01-05,x,10\n,,,Total Care,12\n2,B,2026-01-06,x,5\n,,,Total Care,12\n",
        FILL,
    ),
    "one order has such a line": (
        HEAD + "1,A,2026-01-05,x,10\n1,A,2026-01-05,Total,10\n2,B,2026-01-06,x,5\n",
        "",
    ),
    "another amount than the sum": (
        HEAD
        + "1,A,2026-01-05,x,10\n1,A,2026-01-05,Result,3\n2,B,2026-01-06,x,5\n2,B,2026-01-06,Result,3\n",
        "",
    ),
    "an item that begins so in each order": (
        HEAD
        + "".join(
            f"{n},A,2026-01-0{n},Total Blackout Curtain,40\n{n},A,2026-01-0{n},Rod,{n}\n"
            for n in (1, 2, 3)
        ),
        "",
    ),
    "shipping is sold": (
        HEAD
        + "".join(
            f"{n},A,2026-01-0{n},x,5\n{n},A,2026-01-0{n},Shipping,5\n{n},A,2026-01-0{n},MwSt,1\n"
            for n in (1, 2, 3)
        ),
        "",
    ),
    "items that a customer bought": (
        HEAD
        + "1,A,2026-01-05,x,10\n2,A,2026-01-06,Total Care,10\n3,B,2026-01-06,x,5\n4,B,2026-01-08,y,7\n5,C,2026-01-08,y,7\n",
        "",
    ),
    "items on a customer's day": (
        "Customer,Date,Item,Amount\nA,2026-01-05,x,10\nA,2026-01-05,Total Care,10\nB,2026-01-06,y,5\n",
        "",
    ),
    "what is sold in total": (
        "Order,Customer,Date,Sale,Amount\n1,A,2026-01-05,total,10\n1,A,2026-01-05,total,20\n2,B,2026-01-06,partial,5\n",
        "",
    ),
    "the same sum each month": (
        HEAD
        + "".join(
            f"{n},A,2026-0{n}-05,x,5\n{n},A,2026-0{n}-05,y,10\n{n},A,2026-0{n}-05,Refill,15\n"
            for n in (1, 2, 3)
        ),
        "",
    ),
    "a last line that is the sum at times": (
        HEAD
        + "".join(
            f"{n},A,2026-0{n}-05,x,5\n{n},A,2026-0{n}-05,y,{n}\n{n},A,2026-0{n}-05,Refill,{5 + min(n, 2)}\n"
            for n in (1, 2, 3)
        ),
        "",
    ),
    "a last line that is as much as one other": (
        HEAD
        + "".join(
            f"{n},A,2026-0{n}-05,x,{n}\n{n},A,2026-0{n}-05,Refill,{n}\n{n},A,2026-0{n}-05,y,1\n"
            for n in (1, 2, 3)
        ),
        "",
    ),
    "totals of tax and discounts": (
        HEAD
        + "".join(
            f"{n},A,2026-01-0{n},x,50\n{n},A,2026-01-0{n},Total VAT,{n}\n{n},A,2026-01-0{n},Delivery included,2\n"
            for n in (1, 2, 3)
        ),
        "",
    ),
    "each is sold": (written("Total"), ", where: {Item: {missing: false}}"),
    "each is sold, filled": (printed("Total"), FILL + ", where: {Item: {missing: false}}"),
}


@pytest.mark.parametrize(("text", "keys"), SOLD.values(), ids=SOLD)
def test_items_that_are_called_so_stop_nothing(segment: Segment, text: str, keys: str) -> None:
    done = segment("run", files={"o.csv": text, "personas.yaml": RULES.format(keys=keys)})
    assert done.exit_code == 0, done.err


#: files that are written out in full -> what is spent once init's rules are followed
WRITTEN_OUT = {
    "a total": (written("Total"), SPENT),
    "its order is named": (written("Total for order {}"), SPENT),
    "several": (several("Total"), {"A": 15.0, "B": 15.0}),
    "items that are called so": (HEAD + LINES, {"A": 20.0, "B": 9.0}),
}


@pytest.mark.parametrize(("text", "spent"), WRITTEN_OUT.values(), ids=WRITTEN_OUT)
def test_init_leaves_out_the_totals_that_a_run_would_ask_about(
    segment: Segment, text: str, spent: dict[str, float]
) -> None:
    assert segment("init", "--from", "o.csv", files={"o.csv": text}).exit_code == 0
    done = segment("run")
    found = dict(done.customers.select("customer_id", "monetary").rows())
    assert (done.exit_code, {n: float(one) for n, one in found.items()}) == (0, spent), done.err
