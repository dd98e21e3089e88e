"""Which column is proposed for an amount that no name tells, beside a quantity, prices, discounts and freight."""

from __future__ import annotations

import pytest
from harness import Segment

WHO = "customer_id;ordered_at;"


def rows(head: str, *thirds: str) -> str:
    """A file of quantities, prices, and a third column."""
    lines = (
        f"c{n};2026-01-0{n};{pieces};{price};{third}"
        for n, (pieces, price, third) in enumerate(
            zip(("2", "10", "3"), ("12,50", "3,00", "11,00"), thirds, strict=True), start=1
        )
    )
    return "\n".join((f"{WHO}{head}", *lines)) + "\n"


FREIGHT = ("29,00", "0,00", "29,00")
PRODUCTS = ("25,00", "30,00", "33,00")
#: prices of a list beside what was paid, and the third column
LOWER = ("10,00", "2,50", "9,00")
#: the columns behind customer and day, the third one's cells -> the amount that is proposed
PROPOSED = {
    "a discount, in Danish": ("Antal;Stykpris;Rabat", FREIGHT, "Antal * Stykpris"),
    "freight, in Danish": ("Antal;Stykpris;Fragt", FREIGHT, "Antal * Stykpris"),
    "a discount, in Norwegian": ("Antall;Enhetspris;Rabatt", FREIGHT, "Antall * Enhetspris"),
    "a discount, in Hungarian": ("Mennyiség;Egységár;Kedvezmény", FREIGHT, "Mennyiség * Egységár"),
    "a discount, in Romanian": (
        "Cantitate;Preț unitar;Reducere",
        FREIGHT,
        "Cantitate * Preț unitar",
    ),
    "a discount, in Greek": ("Ποσότητα;Τιμή μονάδας;Έκπτωση", FREIGHT, "Ποσότητα * Τιμή μονάδας"),
    "a discount, in Turkish": ("Adet;Birim Fiyat;İndirim", FREIGHT, "Adet * Birim Fiyat"),
    "a discount, in Czech": ("Množství;Cena za kus;Sleva", FREIGHT, "Množství * Cena za kus"),
    "a word that nobody knows": ("Antal;Stykpris;Xyzzy", FREIGHT, "Antal * Stykpris"),
    "a product, in Hungarian": ("Mennyiség;Egységár;Összesen", PRODUCTS, "Összesen"),
    "a product, in Romanian": ("Cantitate;Preț unitar;Valoare", PRODUCTS, "Valoare"),
    "a product, in Greek": ("Ποσότητα;Τιμή μονάδας;Σύνολο", PRODUCTS, "Σύνολο"),
    "a product that no word tells": ("Antal;Stykpris;Xyzzy", PRODUCTS, "Xyzzy"),
    "a net price": ("Qty;List Price;Net Price", LOWER, "Qty * Net Price"),
    "a net price, in German": ("Anzahl;Listenpreis;Nettopreis", LOWER, "Anzahl * Nettopreis"),
    "a price beside a recommended one": ("Anzahl;UVP;Preis netto", LOWER, "Anzahl * Preis netto"),
    "a price after discounts": (
        "Qty;Regular price;Discounted price",
        LOWER,
        "Qty * Discounted price",
    ),
    "a price beside that of a catalogue": ("Qté;Prix catalogue;Prix net", LOWER, "Qté * Prix net"),
    "a price beside an original one": (
        "Cantidad;Precio original;Precio final",
        LOWER,
        "Cantidad * Precio final",
    ),
    "a price beside that of a list": (
        "Quantità;Prezzo di listino;Prezzo netto",
        LOWER,
        "Quantità * Prezzo netto",
    ),
    "a price beside one that is advised": (
        "Aantal;Adviesprijs;Nettoprijs",
        LOWER,
        "Aantal * Nettoprijs",
    ),
}


@pytest.mark.parametrize(("head", "thirds", "amount"), PROPOSED.values(), ids=PROPOSED)
def test_what_is_proposed_is_what_was_paid(
    segment: Segment, head: str, thirds: tuple[str, ...], amount: str
) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": rows(head, *thirds)})
    assert stopped.exit_code == 3, stopped.err
    said = f"amount='{amount}'", f"amount={amount}\n"
    assert any(one in stopped.err for one in said), stopped.err
    name = head.split(";")[1]
    assert f"Try: segment run o.csv --map amount='{name}'" not in stopped.err, stopped.err


#: the name of a discount -> whether it is said that it is not taken off, and what to write
TAKEN_OFF = {"discount": True, "Discount %": False}


@pytest.mark.parametrize(("name", "is_told"), TAKEN_OFF.items(), ids=TAKEN_OFF)
def test_a_discount_that_is_not_taken_off_is_told_with_what_takes_it_off(
    segment: Segment, name: str, is_told: bool
) -> None:
    file = rows(f"quantity;unit_price;{name}", "0,00", "5,00", "0,00")
    done = segment("run", "o.csv", files={"o.csv": file})
    formula = f"quantity * unit_price - {name}"
    assert (done.exit_code, f"If it is money off the line: amount: {formula}" in done.err) == (
        0,
        is_told,
    )
    less = segment("run", "o.csv", "--map", f"amount={formula}")
    assert less.exit_code == 0 or not is_told, less.err


@pytest.mark.parametrize(("cell", "is_told"), [("5,00", True), ("0,00", False)])
def test_a_discount_of_an_unusual_name_is_told_where_there_is_any(
    segment: Segment, cell: str, is_told: bool
) -> None:
    file = rows("Antal;Stykpris;Rabat", "0,00", cell, "0,00")
    stopped = segment("run", "o.csv", files={"o.csv": file})
    assert ("--map amount='Antal * Stykpris - Rabat'" in stopped.err) is is_told
