"""Discounts in percent beside a quantity and a price: they are told, with the formula that takes them off."""

from __future__ import annotations

import re
import shlex

import pytest
from harness import Segment
from pasting import EVERYONE

SAID = "holds discounts as shares of the price, and is not taken off the amount"

#: the columns of a file and its cells; two pieces of 10.00 at a quarter less, one of 7.00, three of 7.00 at a tenth less
TOLD = {
    "percent": ("qty,unit price,discount %", ("25", "0", "10")),
    "percent in brackets": ("quantity,unit_price,Remise (%)", ("25", "", "10")),
    "percent in words": ("quantity,unit_price,Rabattsatz Prozent", ("25.0", "0.0", "10.0")),
    "a rate": ("quantity,unit_price,Discount rate", ("0.25", "0", "0.1")),
    "a part of one": ("Quantity,UnitPrice,Discount", ("0.25", "0.0", "0.10")),
    "Italian": ("quantity,unit_price,Sconto %", ("25", "0", "10")),
    "Spanish": ("quantity,unit_price,Porcentaje de descuento", ("25", "0", "10")),
    "Dutch": ("quantity,unit_price,Korting %", ("25", "0", "10")),
}


def rows(head: str, cells: tuple[str, str, str]) -> str:
    sold = ("a,2026-01-01,2,10.00", "b,2026-01-02,1,7.00", "a,2026-01-15,3,7.00")
    lines = (f"{line},{cell}\n" for line, cell in zip(sold, cells, strict=True))
    return f"customer_id,date,{head}\n{''.join(lines)}"


@pytest.mark.parametrize(("head", "cells"), TOLD.values(), ids=TOLD)
def test_what_is_pasted_takes_a_share_off(
    segment: Segment, head: str, cells: tuple[str, str, str]
) -> None:
    files = {"o.csv": rows(head, cells), "personas.yaml": EVERYONE}
    done = segment("run", "o.csv", files=files)
    assert (done.exit_code, SAID in done.err) == (0, True), done.err
    [option] = re.findall(r"If the price is before them: (.*)$", done.err, re.MULTILINE)
    less = segment("run", "o.csv", *shlex.split(option))
    money = float(less.customers["monetary"].sum())
    assert (less.exit_code, money, SAID in less.err) == (0, 15 + 7 + 18.9, False), less.err


def test_an_amount_that_is_declared_as_a_product_is_told_as_well(segment: Segment) -> None:
    done = segment(
        "run",
        "o.csv",
        "--map",
        "amount=Preis * Menge",
        files={"o.csv": rows("Menge,Preis,Rabatt %", ("25", "0", "10")), "personas.yaml": EVERYONE},
    )
    assert (done.exit_code, SAID in done.err) == (0, True), done.err
    assert "--map amount='Preis * Menge - Preis * Menge * Rabatt % / 100'" in done.err


def test_of_cells_with_a_sign_no_formula_is_told(segment: Segment) -> None:
    files = {"o.csv": rows("quantity,unit_price,discount", ("25%", "0%", "10 %"))}
    done = segment("run", "o.csv", files=files | {"personas.yaml": EVERYONE})
    said = (SAID in done.err, "Write discount as numbers without %" in done.err)
    assert (done.exit_code, *said) == (0, True, True), done.err


#: columns beside quantity and price that are no shares, or of which nothing is taken off
SILENT = {
    "money": ("quantity,unit_price,discount", ("5.00", "0", "2.10")),
    "money called nothing else": ("quantity,unit_price,discount", ("5", "0", "2")),
    "none": ("quantity,unit_price,discount %", ("0", "0", "")),
    "codes": ("quantity,unit_price,Discount code", ("0.25", "0", "0.1")),
    "the reason": ("quantity,unit_price,Discount reason", ("25%", "", "")),
    "a tax": ("quantity,unit_price,Tax %", ("25", "0", "10")),
    "more than all": ("quantity,unit_price,Discount percent", ("250", "0", "100")),
    "an amount of the line": ("quantity,amount,discount %", ("25", "0", "10")),
}


@pytest.mark.parametrize(("head", "cells"), SILENT.values(), ids=SILENT)
def test_what_is_no_share_is_not_told(
    segment: Segment, head: str, cells: tuple[str, str, str]
) -> None:
    done = segment("run", "o.csv", files={"o.csv": rows(head, cells), "personas.yaml": EVERYONE})
    assert (done.exit_code, SAID in done.err) == (0, False), done.err
