"""Rows that cannot be used: counted, and found again with line, reason and raw text."""

from __future__ import annotations

import gzip
from datetime import date

import polars as pl
import pytest

from segmentation.sources.csv import audit

H = "customer_id,ordered_at,amount,department\n"
ROW = "1,2023-01-15,2.50,Men\n"

REASONS = {
    "too few cells": ("1,2023-01-15,2.50", "row has 3 cells, the header has 4"),
    "one cell": ("1", "row has 1 cell, the header has 4"),
    "too many cells": ("1,2023-01-15,2.50,Men,x", "row has 5 cells, the header has 4"),
    "an empty cell too many": ("1,2023-01-15,2.50,Men,", "row has 5 cells, the header has 4"),
    "no date": ("1,,2.50,Men", "date is missing"),
    "no such date": ("1,2023-02-30,2.50,Men", "date does not fit ISO 8601"),
    "a date of the year 23": ("1,0023-02-20,2.50,Men", "date does not fit ISO 8601"),
    "no amount": ("1,2023-01-15,,Men", "amount is missing"),
    "blank amount": ("1,2023-01-15, ,Men", "amount is missing"),
    "text": ("1,2023-01-15,free,Men", "amount is not a number"),
    "NaN": ("1,2023-01-15,NaN,Men", "amount is not a number"),
    "infinity": ("1,2023-01-15,-inf,Men", "amount is not a number"),
    "beyond floats": ("1,2023-01-15,1e309,Men", "amount is larger than 200,000,000,000"),
    "beyond money": ("1,2023-01-15,600000000000,Men", "amount is larger than 200,000,000,000"),
    "thousands that are none": ('1,2023-01-15,"12,34.50",Men', "amount is not a number"),
    "two currencies beside one": ("1,2023-01-15,$5 USD,Men", "amount is not a number"),
    "a carriage return and too many cells": (
        "1,2023-01-15,2.50,Men\ry,x",
        "row has 5 cells, the header has 4",
    ),
    "a carriage return in the first cell": ("1\rx,2023-01-15,abc,Men", "amount is not a number"),
}


@pytest.mark.parametrize(("raw", "reason"), REASONS.values(), ids=list(REASONS))
def test_rejected_row_keeps_line_reason_and_text(reading, tmp_path, raw, reason):
    found = reading(H + ROW * 3 + raw + "\n" + ROW)
    expected = [("transactions", str(tmp_path / "t.csv"), 5, reason, raw)]
    assert found.rejects.rows() == expected
    assert len(found.rows) == 4


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("quote", [False, True], ids=["no quotes", "quotes"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_line_numbers_are_physical(reading, quote, end, pack):
    cell = '"Men,\nand boys"' if quote else "Men"
    lines = H + f"1,2023-01-15,2.50,{cell}\n" + "\n" + "2,x,2.50,Men\n" + "3,2023-01-15,y,Men"
    found = reading(pack(lines.replace("\n", end).encode()))
    extra = 1 if quote else 0
    assert found.rejects.select("line", "raw").rows() == [
        (4 + extra, "2,x,2.50,Men"),
        (5 + extra, "3,2023-01-15,y,Men"),
    ]
    assert found.count.rows_set_aside == {"blank line": 1}


def test_rejected_row_of_several_lines_is_kept_whole(reading):
    found = reading(H + ROW + '1,2023-01-15,x,"a\nb"\n' + ROW)
    assert found.rejects.select("line", "raw").rows() == [(3, '1,2023-01-15,x,"a\nb"')]


def test_a_quote_inside_a_cell_is_text(reading):
    found = reading(H + '1,2023-01-15,2.50,19" screens\n2,2023-01-15,3,"Men"\n3,2023-01-15,x,Men\n')
    assert found.rows["department"].to_list() == ['19" screens', "Men"]
    assert found.rejects.select("line", "raw").rows() == [(4, "3,2023-01-15,x,Men")]


LONE_RETURNS = {
    "in a cell": ("x\r9,2,2023-01-15,7,8", 3),
    "before what looks like a row": ("x,2,2023-01-15,7\ry,3,2023-01-15,9", 3),
    "in a cell of two lines": ('"a\rb\nc",1,2023-01-15,5\nx,2,never,7', 5),
}


@pytest.mark.parametrize("stray", ["x", '19" mon'], ids=["sound", "stray quote"])
@pytest.mark.parametrize(("rows", "line"), LONE_RETURNS.values(), ids=list(LONE_RETURNS))
def test_a_carriage_return_alone_ends_no_row(reading, rows, line, stray):
    found = reading(f"note,customer_id,date,amount\n{stray},1,2023-01-15,5\n{rows}\n")
    assert found.rejects.select("line", "raw").rows() == [(line, rows.rpartition("\n")[2])]
    assert found.rows["customer_id"].unique().to_list() == [1]


@pytest.mark.parametrize("stray", ["x", '19" mon'], ids=["sound", "stray quote"])
def test_a_carriage_return_before_that_of_a_line_end_is_of_the_cell(reading, stray):
    found = reading(f"note,customer_id,date,amount,department\n{stray},1,2023-01-15,5,S\r\r\n")
    assert found.rows["department"].to_list() == ["S\r"]


SHORT, LONG = "9,2023-01-15,2.50", "9,2023-01-15,2.50,Men,x"


@pytest.mark.parametrize("rows", [(SHORT, LONG), (LONG, SHORT)], ids=["short first", "long first"])
@pytest.mark.parametrize("between", [0, 50], ids=["in one step", "in two"])
def test_rows_that_make_up_for_each_other_are_rejected(reading, monkeypatch, rows, between):
    """Polars pads a row that is too short, and cuts one that is too long if not all columns are read."""
    monkeypatch.setattr(audit, "STEP", 200)
    first, last = rows
    content = H + ROW + first + "\n" + ROW * between + last + "\n" + ROW
    for pack in (bytes, gzip.compress):
        found = reading(pack(content.encode()), needs=())
        assert found.rejects.select("line", "raw").rows() == [(3, first), (4 + between, last)]
        assert found.rows["customer_id"].to_list() == [1] * (2 + between)


def test_rows_are_set_aside_for_a_reason(reading):
    content = H + ROW + ",2023-01-15,1,Men\n\n ,2023-01-15,oops,Men\n1,2024-01-15,oops,Men\n"
    found = reading(content, cutoff=date(2023, 12, 31))
    assert found.count.rows_set_aside == {"blank line": 1, "no customer": 2, "after as_of": 1}
    assert found.count.rows_rejected == 0


def test_optional_number_is_checked_only_when_needed(reading):
    content = "customer_id,date,amount,discount\n1,2023-01-15,2,x\n2,2023-01-15,2,\n"
    found = reading(content, needs={"discount"})
    assert found.rejects["reason"].to_list() == ["discount is not a number"]
    assert reading(content, needs=()).count.rows_rejected == 0


def test_quantity_and_price_are_required_without_an_amount(reading):
    content = (
        "customer_id,date,qty,price\n1,2023-01-15,,2\n1,2023-01-15,3,\n1,2023-01-15,3,01.005\n"
    )
    found = reading(content)
    assert found.rejects["reason"].to_list() == ["quantity is missing", "unit_price is missing"]
    assert found.rows["amount"].to_list() == [30150]


def test_rows_of_a_parquet_file_are_numbered_and_rendered(reading):
    rows = pl.DataFrame(
        {"customer_id": [1, 2], "date": ["2023-01-15"] * 2, "amount": [1.0, float("nan")]}
    )
    found = reading(rows, "t.parquet")
    assert found.rejects.select("line", "reason", "raw").rows() == [
        (2, "amount is not a number", '{"customer_id": 2, "date": "2023-01-15", "amount": NaN}')
    ]


COMMAS = ["1,5", "2,5"]
TOO_LARGE = "is larger than 200,000,000,000"
LARGE = f"amount {TOO_LARGE}"
NET, TAX = (f"{name}, of which amount is made," for name in ("net", "tax"))
#: two columns that are added up, of the row that is rejected and of one that is not -> why
SUMMED = {
    "the second is too large": (["5", "1"], ["300000000000", "1"], f"{TAX} {TOO_LARGE}"),
    "the first is too large": (["300000000000", "1"], ["5", "1"], f"{NET} {TOO_LARGE}"),
    "the second is none": (["5", "1"], ["x", "1"], f"{TAX} is not a number"),
    "the second has a separator": (
        ["5", "1"],
        ["1,00.5", "1.5"],
        f"{TAX} is not a number",
    ),
    "the first is missing": ([" ", "1"], ["x", "1"], f"{TAX} is not a number"),
    "both are missing": ([None, "1"], ["", "1"], "amount is missing"),
    "a stored number beside commas": ([1.5, 1.0], ["x", "1,5"], f"{TAX} is not a number"),
    "a large stored number beside commas": ([3.5e11, 1.0], COMMAS, f"{NET} {TOO_LARGE}"),
    "a stored gap": ([float("nan"), 1.0], ["x", "1,5"], f"{TAX} is not a number"),
}


@pytest.mark.parametrize(("net", "tax", "reason"), SUMMED.values(), ids=SUMMED)
def test_of_columns_that_are_added_up_the_wrong_one_is_told(reading, net, tax, reason) -> None:
    days = ["2023-01-15"] * 2
    rows = pl.DataFrame({"customer_id": [1, 2], "ordered_at": days, "net": net, "tax": tax})
    columns = {"amount": "net + tax"}
    found = reading(rows, "t.parquet", source={"columns": columns})
    assert found.rejects.select("line", "reason").rows() == [(1, reason)]


def test_a_stored_number_is_told_with_a_point(reading) -> None:
    days, prices = ["2023-01-15"] * 2, COMMAS
    rows = pl.DataFrame(
        {"customer_id": [1, 2], "ordered_at": days, "amount": [3.5e11, 1.0], "discount": prices}
    )
    assert reading(rows, "t.parquet").rejects["reason"].to_list() == [LARGE]


def test_rejects_stop_at_the_limit(written):
    from segmentation.rules.sources import Source
    from segmentation.sources import read, rejects

    path = written(H + "1,2023-01-15,x,Men\n" * 10 + ROW)
    table = read("transactions", [Source(path=str(path))], cutoff=None)
    assert rejects("transactions", table.tallies[0], limit=3)["line"].to_list() == [2, 3, 4]
