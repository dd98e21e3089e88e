"""Columns that are made: formulas, numbers for every row, joined texts, constants, and none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
from harness import Segment
from hypothesis import given
from hypothesis import strategies as st

from segmentation.messages.errors import InputError
from segmentation.rules.column_specs import ColumnSpec, Constant
from segmentation.rules.number_format import POINT
from segmentation.sources.columns.computed import as_written
from segmentation.sources.columns.formulas import FormulaError, formula_of
from segmentation.sources.columns.numbers import number, scaled

HEAD = "customer_id,date,Total,Refunded Amount,Tax,Price (net),a-b,discount %\n"
HEADERS = ["Total", "Refunded Amount", "Tax", "Price (net)", "a-b", "a", "discount %"]


def test_the_column_of_a_formula_that_is_no_number_is_named(segment: Segment) -> None:
    rows = "customer_id,date,price,disc\n1,2026-01-01,10,10%\n2,2026-01-01,10,1\n"
    done = segment("run", "o.csv", "--map", "amount=price - disc", files={"o.csv": rows})
    assert done.exit_code == 0, done.err
    told = (done.run / "rejects.csv").read_text()
    assert "disc, of which amount is made, is not a number" in told


PRICED = "order_id,customer_id,date,amount,quantity,unit_price\n"


@pytest.mark.parametrize("cell", ["", "7.50"], ids=["blank", "filled"])
def test_without_its_own_column_an_amount_is_quantity_times_price(
    segment: Segment, cell: str
) -> None:
    files = {"o.csv": f"{PRICED}1,a,2026-01-01,{cell},2,5\n"}
    done = segment("run", "o.csv", "--map", "amount=null", files=files)
    assert done.exit_code == 0, done.err
    assert "the file's own column amount is not used" in done.err
    assert done.customers["monetary"].to_list() == [10]


def test_a_blank_column_of_amounts_beside_prices_leads_to_them(segment: Segment) -> None:
    told = segment("run", "o.csv", files={"o.csv": f"{PRICED}1,a,2026-01-01,,2,5\n"})
    assert told.exit_code == 3, told.err
    way = "amount is blank in all rows. If quantity × price is the amount: segment run o.csv --map amount=null"
    assert way in told.err


#: a formula, the cells of a row -> the amount; None where the row is rejected
FORMULAS: dict[str, tuple[str, str, float | None]] = {
    "a difference": ("Total - Refunded Amount", "10.00,2.50,,,,", 7.5),
    "a missing refund is 0": ("Total - Refunded Amount", "10.00,,,,,", 10),
    "a missing total is 0": ("Total - Refunded Amount", ",2.50,,,,", -2.5),
    "all are missing": ("Total - Refunded Amount", ",,,,,", None),
    "one is no number": ("Total - Refunded Amount", "10.00,x,,,,", None),
    "turned round": ("-Refunded Amount", ",2.50,,,,", -2.5),
    "turned round with a blank": ("- Refunded Amount", ",2.50,,,,", -2.5),
    "a sum without blanks": ("Total+Tax", "10.00,,1.90,,,", 11.9),
    "part of it": ("Price (net) * 0.81", ",,,10.00,,", 8.1),
    "more decimals than money": ("Tax * 100000", ",,0.00123,,,", 123),
    "divided": ("Total / 3", "10,,,,,", 3.3333),
    "divided by nothing": ("Total / Tax", "10,,0,,,", None),
    "a product of nothing": ("Total * Tax", "10,,,,,", None),
    "brackets": ("( Total + Tax ) * 2", "10,,1,,,", 22),
    "a name with a sign": ("a-b - Tax", ",,1,,5,", 4),
    "a name with another": ("Total - discount %", "10,,,,,3", 7),
    "a number is added": ("Total + 5", "10,,,,,", 15),
    "a number is added to nothing": ("Total + 5", ",,,,,", None),
    "a number takes off": ("5 - Tax", ",,2,,,", 3),
    "thousands": ("Total - Tax", '"1,234.50",,4.50,,,', 1230),
}


@pytest.mark.parametrize(("formula", "cells", "amount"), FORMULAS.values(), ids=FORMULAS)
def test_an_amount_is_what_its_formula_comes_to(
    reading: Callable[..., Any], formula: str, cells: str, amount: float | None
) -> None:
    found = reading(
        f"{HEAD}c,2024-01-01,{cells}\nd,2024-01-01,1.5,1.5,1.5,1.5,1.5,1.5\n",
        source={"columns": {"amount": formula}},
    )
    amounts = found.rows["amount"].to_list()[:-1]
    assert amounts == ([] if amount is None else [round(amount * 10_000)])
    assert found.count.rows_rejected == (amount is None)


WRONG = {
    "no such header": ("Total - Refunds", 'it is not clear what "Refunds" is'),
    "no blanks": ("Total-Tax", '"Total-Tax" has an operator without blanks around it'),
    "no end": ("Total -", 'it is not clear what "" is'),
    "no operator": (
        "Total Tax",
        'is mapped to the column "Total Tax", which the file does not have',
    ),
    "an open bracket": ("( Total", 'it is not clear what "(" is'),
}


@pytest.mark.parametrize(("formula", "said"), WRONG.values(), ids=WRONG)
def test_a_formula_that_is_none_is_told(
    reading: Callable[..., Any], formula: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        reading(f"{HEAD}c,2024-01-01,1,1,1,1,1,1\n", source={"columns": {"amount": formula}})
    assert said in str(caught.value)


@given(
    st.decimals(-10_000, 10_000, places=3),
    st.decimals(0, 1000, places=5),
)
def test_a_product_is_rounded_once(price: Decimal, factor: Decimal) -> None:
    frame = pl.DataFrame({"p": [str(price)], "f": [str(factor)]})
    product = number("p", pl.String(), POINT) * number("f", pl.String(), POINT)
    found = frame.select(scaled(as_written(product))).item()
    exact = (price * factor).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert found == int(exact * 10_000)


@given(st.lists(st.sampled_from([*HEADERS, "+", "-", "*", "/", "(", ")", "2", "0.5"]), max_size=9))
def test_whatever_is_written_is_a_formula_or_told(words: list[str]) -> None:
    with suppress(FormulaError):
        formula_of(" ".join(words), HEADERS)


MADE: dict[str, tuple[dict[str, ColumnSpec], str, list[object]]] = {
    "a number for every row": ({"amount": 1}, "amount", [10_000, 10_000]),
    "a constant number": ({"amount": Constant("2.5")}, "amount", [25_000, 25_000]),
    "quantity": (
        {"amount": None, "quantity": 2, "unit_price": "Total"},
        "amount",
        [40_000, 60_000],
    ),
    "a text for every row": ({"department": Constant("web")}, "department", ["web", "web"]),
    "joined": ({"shop": ("Street", "Town")}, "shop", ["Elm St Bern", "Elm St"]),
    "an order, never of a part": (
        {"order_id": ("Street", "Town")},
        "order_id",
        ["Elm  St Bern", None],
    ),
}


@pytest.mark.parametrize(("columns", "name", "values"), MADE.values(), ids=MADE)
def test_a_column_is_made(
    reading: Callable[..., Any], columns: dict[str, ColumnSpec], name: str, values: list[object]
) -> None:
    content = (
        "customer_id,date,Total,Street,Town\na,2024-01-01,2,Elm St,Bern\nb,2024-01-01,3,Elm St,\n"
    )
    assert reading(content, source={"columns": columns}).rows[name].to_list() == values


def test_the_parts_of_an_order_do_not_run_together(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: {path: t.csv, columns: {order_id: [shop, no]}}}\npersonas: {everyone: {}}\n"
    text = "shop,no,customer_id,date,amount\nX 1,2,a,2026-01-01,5\nX,1 2,a,2026-01-01,5\nX,1 2,a,2026-01-01,1\n"
    done = segment("run", files={"t.csv": text, "personas.yaml": rules})
    assert (done.exit_code, done.customers["frequency"].to_list()) == (0, [2]), done.err


#: the quantities of two lines with `amount: 1`, more keys of the source -> what is said
RETURNED = {
    "one comes back": (["1", "-1"], "", "quantity is below zero in 1 row: it counts as a purchase"),
    "left out": (["1", "-1"], ", where: {quantity: {more_than: 0}}", ""),
    "none comes back": (["1", "2"], "", ""),
}


@pytest.mark.parametrize(("cells", "keys", "said"), RETURNED.values(), ids=RETURNED)
def test_what_comes_back_is_told_where_each_row_has_one_amount(
    segment: Segment, cells: list[str], keys: str, said: str
) -> None:
    rules = f"version: 1\nsources: {{transactions: {{path: t.csv, columns: {{amount: 1}}{keys}}}}}\npersonas: {{everyone: {{}}}}\n"
    rows = (f"{i},a,2026-01-01,{cell}\n" for i, cell in enumerate(cells))
    text = "order_id,customer_id,date,quantity\n" + "".join(rows)
    done = segment("run", files={"t.csv": text, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert (said in done.err) if said else ("below zero" not in done.err)


def test_a_day_and_a_time_are_a_moment(reading: Callable[..., Any]) -> None:
    content = "customer_id,Date,Time,amount\na,25.01.2024,10:33,5\nb,26.01.2024,,5\nc,,11:00,5\n"
    found = reading(content, source={"columns": {"ordered_at": ("Date", "Time")}})
    assert [str(one) for one in found.rows["ordered_at"]] == [
        "2024-01-25 10:33:00",
        "2024-01-26 00:00:00",
    ]
    assert found.rejects["reason"].to_list() == ["date is missing"]


def test_a_column_that_is_none_is_not_guessed(reading: Callable[..., Any]) -> None:
    content = "customer_id,date,amount,order\na,2024-01-01,5,x\n"
    assert "order_id" in reading(content).rows.columns
    assert "order_id" not in reading(content, source={"columns": {"order_id": None}}).rows.columns


def test_the_rules_write_all_of_it(segment: Segment) -> None:
    rules = """
version: 1
sources:
  transactions:
    path: t.csv
    columns:
      ordered_at: [Day, Hour]
      amount: Gross - Back
      department: {constant: web}
      order_id: null
personas: {everyone: {columns: [monetary, first_order_on, top_department]}}
"""
    content = "customer_id,Day,Hour,Gross,Back,order\na,2024-01-02,10:00,9.00,1.00,x\n"
    done = segment("run", files={"t.csv": content, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    [row] = pl.read_csv("audiences/latest/personas/everyone.csv").rows(named=True)
    assert (row["monetary"], row["top_department"]) == (8.0, "web")
