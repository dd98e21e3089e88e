"""Every column that is read as a number or compared with a day is read as it is written, file by file."""

from __future__ import annotations

import json

import polars as pl
import pytest
from harness import Segment

FEES = "customer_id,ordered_at,order_id,amount,fee\n1,2025-01-01,a,{0},{1}\n2,2025-01-01,b,{0},{2}\n3,2025-01-01,c,{0},{3}\n"
PAID = "customer_id,ordered_at,order_id,amount,paid\n"


def _lines(text: str) -> str:
    """The rows of a CSV as JSON lines, every cell a text."""
    head, *rows = (line.split(",") for line in text.splitlines())
    return "".join(json.dumps(dict(zip(head, row, strict=True))) + "\n" for row in rows)


#: the file, what `--where` says -> the customers that it chooses
CHOSEN = {
    "decimals beside whole amounts": (FEES.format(20, 12, 5, "15.50"), "fee>=10", ["1", "3"]),
    "all of them with decimals": (FEES.format(20, "12.00", "5.00", "15.00"), "fee>=10", ["1", "3"]),
    "a comma beside whole amounts": (
        FEES.format(20, "12;00", "5;00", "15;50"),
        "fee>=10",
        ["1", "3"],
    ),
    "a comma beside amounts with a point": (
        FEES.format("20.00", "12;00", "5;00", "15;50"),
        "fee>=10",
        ["1", "3"],
    ),
    "a currency beside amounts without": (
        FEES.format("20.00", "$12.00", "$5.00", "$15.50"),
        "fee>=10",
        ["1", "3"],
    ),
    "a day that is not ISO, but for one": (
        f"{PAID}1,25.01.2025,a,10,26.01.2025\n2,25.01.2025,b,20,03.02.2025\n"
        "3,25.01.2025,c,20,\n4,25.01.2025,d,20,2025-02-05\n",
        "paid>=2025-02-01",
        ["2", "4"],
    ),
    "a day that is never ISO": (
        f"{PAID}1,25.01.2025,a,10,26.01.2025\n2,25.01.2025,b,20,03.02.2025\n3,25.01.2025,c,20,\n",
        "paid>=2025-02-01",
        ["2"],
    ),
    "seconds": (
        f"{PAID}1,2025-01-01,a,10,1735689600\n2,2025-01-01,b,20,1738800000\n",
        "paid>=2025-02-01",
        ["2"],
    ),
    "the day of the order itself": (
        "customer_id,Order Date,order_id,amount\n1,25/01/2025,a,10\n2,31/12/2024,b,20\n",
        "Order Date>=2025-01-01",
        ["1"],
    ),
}


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize(("text", "where", "ids"), CHOSEN.values(), ids=CHOSEN)
def test_where_reads_bounds_as_the_column_is_written(
    segment: Segment, text: str, where: str, ids: list[str], kind: str
) -> None:
    lines = _lines(text).replace(";", ",")
    quoted = "\n".join(
        ",".join(f'"{c}"' if ";" in c else c for c in line.split(",")) for line in text.splitlines()
    ).replace(";", ",")
    content = quoted + "\n" if kind == "csv" else lines
    done = segment("run", f"o.{kind}", "--where", where, files={f"o.{kind}": content})
    assert done.exit_code == 0, done.err
    assert done.customers["customer_id"].to_list() == ids


def test_whole_numbers_of_parquet_are_days_where_they_are_compared_with_one(
    segment: Segment,
) -> None:
    rows = {
        "customer_id": [1, 2],
        "ordered_at": ["2025-01-01", "2025-01-01"],
        "order_id": ["a", "b"],
        "amount": [10, 20],
        "paid": [1_735_689_600, 1_738_800_000],
    }
    pl.DataFrame(rows).write_parquet("o.parquet")
    done = segment("run", "o.parquet", "--where", "paid>=2025-02-01")
    assert done.exit_code == 0, done.err
    assert done.customers["customer_id"].to_list() == ["2"]


JOINED = """
version: 1
sources: {{transactions: {{path: o.csv, join: {{path: i.csv, key: order_id, where: {{{where}}}}}{more}}}}}
personas: {{everyone: {{}}}}
"""
#: the `where` of a join -> the orders that it leaves
OF_JOINS = {
    "a bound of numbers": ("fee: {at_least: 10}", ""),
    "a day": ("paid: {at_least: 2025-02-01}", ""),
    "a number that reads in two ways": ("size: {at_least: 10}", ", decimal: ','"),
    "a day that reads in two ways": (
        "sent: {at_least: 2025-02-01}",
        ", date_format: '%d/%m/%Y'",
    ),
}


@pytest.mark.parametrize(("where", "more"), OF_JOINS.values(), ids=OF_JOINS)
def test_the_where_of_a_join_reads_bounds_likewise(segment: Segment, where: str, more: str) -> None:
    day = "01/01/2025" if "date_format" in more else "2025-01-01"
    orders = "customer_id,ordered_at,order_id,amount\n" + "".join(
        f"{n},{day},{o},20\n" for n, o in ((1, "a"), (2, "b"), (3, "c"))
    )
    items = (
        "order_id,fee,paid,size,sent\na,12.00,03.02.2025,1.250,03/02/2025\n"
        "b,5.00,26.01.2025,7,02/01/2025\nc,15.50,13.02.2025,12,05/02/2025\n"
    )
    rules = JOINED.format(where=where, more=more)
    done = segment("run", files={"o.csv": orders, "i.csv": items, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert done.customers["customer_id"].to_list() == ["1", "3"]


HEAD = "customer_id,ordered_at,order_id,department,quantity,unit_price,Total\n"
PER_ORDER = """
version: 1
sources: {transactions: {path: o.csv, columns: {amount: {per_order: Total}}}}
features: {shoes: {sum: amount, where: {department: shoes}}, taxes: {sum: Tax}}
personas: {everyone: {columns: [shoes]}}
"""
#: two prices and the total of an order -> what its shoes come to
SHARED = {
    "whole totals, prices with decimals": ("90.50", "9.50", "100", 90.5),
    "totals with a point, prices with a comma": ('"90,50"', '"9,50"', "100.00", 90.5),
}


@pytest.mark.parametrize(("one", "other", "total", "shoes"), SHARED.values(), ids=SHARED)
def test_lines_share_by_prices_that_are_written_otherwise(
    segment: Segment, one: str, other: str, total: str, shoes: float
) -> None:
    rows = (
        f"1,2025-01-01,a,shoes,1,{one},{total}\n1,2025-01-01,a,hats,1,{other},{total}\n"
        "2,2025-01-01,b,hats,1,5,5\n"
    )
    done = segment(
        "run",
        files={"o.csv": HEAD + rows, "personas.yaml": PER_ORDER.replace(", taxes: {sum: Tax}", "")},
    )
    assert done.exit_code == 0, done.err
    assert done.customers["shoes"].to_list() == [shoes, 0.0]


#: amounts, taxes -> the sum of the taxes
OWN = {
    "whole amounts, taxes with decimals": ("10", "14.35", 28.7),
    "amounts with a comma, taxes with a point": ('"10,50"', "14.35", 28.7),
    "amounts with a point, taxes with a comma": ("10.50", '"14,35"', 28.7),
}


@pytest.mark.parametrize(("amount", "tax", "total"), OWN.values(), ids=OWN)
def test_columns_that_rules_add_up_have_a_sign_of_their_own(
    segment: Segment, amount: str, tax: str, total: float
) -> None:
    rules = "version: 1\nsources: {transactions: o.csv}\nfeatures: {taxes: {sum: tax}}\npersonas: {everyone: {columns: [taxes]}}\n"
    rows = "".join(f"1,2025-01-0{n},{amount},{tax}\n" for n in (1, 2))
    files = {"o.csv": "customer_id,ordered_at,amount,tax\n" + rows, "personas.yaml": rules}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert done.customers["taxes"].to_list() == [total]


LINES = "order_id;sku;price\no1;p;10,50\no2;p;1.250,00\no3;p;7,00\n"
SHIPPED = "order_id,customer_id,ordered_at,shipping\no1,c1,2025-01-01,1.50\no2,c1,2025-01-02,1.250\no3,c2,2025-01-03,2.00\n"
SUMMED = """
version: 1
sources: {{transactions: {{path: l.csv, join: {{path: o2.csv, key: order_id}}, columns: {{amount: price + shipping}}{more}}}}}
personas: {{everyone: {{columns: [monetary]}}}}
"""


@pytest.mark.parametrize("more", ["", ", decimal: ','"], ids=["detected", "declared"])
def test_a_joined_file_has_a_decimal_sign_of_its_own(segment: Segment, more: str) -> None:
    files = {"l.csv": LINES, "o2.csv": SHIPPED, "personas.yaml": SUMMED.format(more=more)}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert done.customers["monetary"].sum() == 1272.25


#: the column that is asked, what most cells say, what those behind the sample say, and the `where`
LATE = {
    "decimals among whole numbers": ("fee", ("5", "12"), "15.50", "fee>=10"),
    "a comma among whole numbers": ("fee", ("5", "12"), '"15,50"', "fee>=10"),
    "days among days of ISO": (
        "paid",
        ("2025-01-05", "2025-02-01"),
        "13.02.2025",
        "paid>=2025-02-01",
    ),
}


@pytest.mark.parametrize(("column", "cells", "late", "where"), LATE.values(), ids=LATE)
def test_what_where_cannot_read_behind_the_sample_is_asked_again(
    segment: Segment, column: str, cells: tuple[str, str], late: str, where: str
) -> None:
    rows = [
        f"{n},2025-01-01,o{n},20,{late if 1200 <= n < 1800 else cells[n % 2]}" for n in range(3000)
    ]
    text = "\n".join([f"customer_id,ordered_at,order_id,amount,{column}", *rows])
    done = segment("run", "o.csv", "--where", where, files={"o.csv": text + "\n"})
    assert done.exit_code == 0, done.err
    assert len(done.customers) == 1800


def test_rows_that_where_cannot_read_are_told_apart(segment: Segment) -> None:
    rows = "1,2025-01-01,a,20,n/a\n2,2025-01-01,b,20,12\n3,2025-01-01,c,20,5\n4,2025-01-01,d,20,\n"
    head = "customer_id,ordered_at,order_id,amount,fee\n"
    done = segment("run", "o.csv", "--where", "fee>=10", files={"o.csv": head + rows})
    assert done.exit_code == 0, done.err
    [found] = done.manifest["inputs"]
    assert found["rows_set_aside"] == {
        "not chosen by where (fee)": 2,
        "not chosen, for where cannot read fee": 1,
    }
    assert found["rows_rejected"] == 0
