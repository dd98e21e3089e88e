"""Files of all kinds become the same canonical rows."""

# ruff: noqa: DTZ001 - canonical times are wall-clock times

from __future__ import annotations

import gzip
import io
from datetime import date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from segmentation.rules.sources import Source

ROWS = pl.DataFrame(
    {
        "customer_id": [17850, 13047, 17850],
        "order_id": ["536365", "C536379", "536365"],
        "product_id": ["85123A", "22632", "M"],
        "ordered_at": [
            datetime(2010, 12, 1, 8, 26),
            datetime(2010, 12, 13, 9, 41),
            datetime(2010, 12, 1, 8, 26),
        ],
        "ordered_on": [date(2010, 12, 1), date(2010, 12, 13), date(2010, 12, 1)],
        "quantity": [60000, -10000, 20000],
        "unit_price": [25500, 275000, 12345600],
        "amount": [153000, -275000, 24691200],
        "Country": ["UK", "Eire", "UK"],
    }
)
HEADER = "CustomerID,Invoice,StockCode,InvoiceDate,Quantity,Price,Country"
PLAIN = f"""{HEADER}
17850,536365,85123A,2010-12-01 08:26:00,6,2.55,UK
13047,C536379,22632,2010-12-13 09:41:00,-1,27.50,Eire
17850,536365,M,2010-12-01 08:26:00,2,1234.56,UK
"""
DISGUISES = {
    "plain": PLAIN,
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + PLAIN,
    "no last line end": PLAIN.rstrip(),
    "ids with .0": PLAIN.replace("17850,", "17850.0,").replace("13047,", "13047.0,"),
    "US dates": PLAIN.replace("2010-12-01 08:26:00", "12/1/2010 8:26").replace(
        "2010-12-13 09:41:00", "12/13/2010 9:41"
    ),
    "decimal commas": PLAIN.replace(",", ";").replace(".", ","),
    "tabs": PLAIN.replace(",", "\t"),
    "bars": PLAIN.replace(",", "|"),
    "all quoted": "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in PLAIN.splitlines()
    ),
    "quoted decimal commas": PLAIN.replace("2.55", '"2,55"')
    .replace("27.50", '"27,50"')
    .replace("1234.56", '"1234,56"'),
    "spaces around numbers": PLAIN.replace("2.55", " 2.55 ").replace(",-1,", ", -1,"),
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=list(DISGUISES))
def test_csv_in_disguise_gives_the_same_rows(reading, text):
    found = reading(text)
    assert_frame_equal(found.rows, ROWS, check_column_order=False)
    assert found.count.rows_used == 3


ENCODINGS = {"latin-1": "latin-1", "windows-1252": "cp1252", "utf-16": "utf-16"}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=list(ENCODINGS))
def test_declared_encoding_is_read(reading, encoding):
    text = PLAIN.replace("Eire", "Éire") + "1,2,3,x,1,1,UK\n"
    found = reading(text.encode(encoding), source={"encoding": encoding})
    assert found.rows["Country"].to_list() == ["UK", "Éire", "UK"]
    assert found.rejects["line"].to_list() == [5]


CONTAINERS = {"gzip": gzip.compress(PLAIN.encode()), "gzip without the name": PLAIN.encode()}


@pytest.mark.parametrize("name", ["t.csv.gz", "t.csv", "t.dat"])
def test_compression_is_known_by_content(reading, name):
    assert_frame_equal(
        reading(gzip.compress(PLAIN.encode()), name).rows, ROWS, check_column_order=False
    )


def test_standard_input_is_read(read_all):
    found = read_all("transactions", Source(path="-"), stdin=io.BytesIO(PLAIN.encode()))
    assert_frame_equal(found.rows, ROWS, check_column_order=False)
    assert found.count.path == "-"


PATHS = {"glob": "part-*.csv", "folder": "", "one of each": None}


@pytest.mark.parametrize("path", PATHS.values(), ids=list(PATHS))
def test_rows_split_over_files_are_the_same_rows(written, read_all, tmp_path, path):
    header, *lines = PLAIN.splitlines(keepends=True)
    for number, line in enumerate(lines):
        written(header + "\n" + line, f"part-{number}.csv")  # a blank line makes a file ragged
    written("not,a,table\n", ".hidden.csv")
    files = [f"{tmp_path}/part-{number}.csv" for number in range(3)]
    paths = files if path is None else [f"{tmp_path}/{path}"]
    found = read_all("transactions", *(Source(path=p) for p in paths))
    assert_frame_equal(found.rows, ROWS, check_column_order=False, check_row_order=False)
    assert sum(count.rows_set_aside["blank line"] for count in found.counts) == 3


def test_files_with_other_columns_are_joined_by_name(written, read_all, tmp_path):
    written("date,amount,customer_id\n2023-01-15,1,7\n", "a.csv")
    written("customer_id,date,amount,store\n8,2023-01-15,2,East\n", "b.csv")
    found = read_all("transactions", Source(path=str(tmp_path)))
    assert found.rows.sort("customer_id").select("customer_id", "amount", "store").rows() == [
        (7, 10000, None),
        (8, 20000, "East"),
    ]


def test_header_without_names_gets_numbers(reading):
    found = reading(",customer_id,date,amount\n0,7,2023-01-15,1\n")
    assert found.rows["column_1"].to_list() == ["0"]


def test_number_that_comes_late_is_read(reading):
    """Hillstrom's `spend` is 0 for 217 lines, then 29.99."""
    content = "customer_id,date,amount\n" + "7,2023-01-15,0\n" * 9000 + "7,2023-01-15,29.99\n"
    assert reading(content).rows["amount"].sum() == 299900


def test_columns_are_added_up_when_mapped_to_a_sum(reading):
    content = "customer_id,date,amount,retail,coupon\n1,2023-01-15,5,0.43,0.1\n2,2023-01-15,5,,1\n3,2023-01-15,5,,\n4,2023-01-15,5,1,x\n"
    found = reading(content, source={"columns": {"discount": "retail + coupon"}})
    assert found.rows["discount"].to_list() == [5300, 10000, None]
    assert found.rejects["reason"].to_list() == [
        "coupon, of which discount is made, is not a number"
    ]


def test_exact_name_beats_an_alias(reading):
    found = reading("customer_id,CustomerID,date,amount\n1,x,2023-01-15,5\n")
    assert found.rows.select("customer_id", "CustomerID").rows() == [(1, "x")]


def test_amount_beats_quantity_and_price(reading):
    found = reading("customer_id,date,amount,qty,price\n1,2023-01-15,5,2,3\n")
    assert found.rows["amount"].to_list() == [50000]


def test_every_guess_is_noted(reading):
    content = "Customer ID;InvoiceDate;total\n7.0;13/01/2023;1,5\n"
    assert reading(content).notes == (
        "transactions: customer_id is read from Customer ID",
        "transactions: ordered_at is read from InvoiceDate",
        "transactions: amount is read from total",
        "transactions: ordered_at is read as %d/%m/%Y",
        "transactions: numbers have a decimal comma",
        "transactions: Customer ID loses its .0 (17850.0 is 17850)",
    )


def test_equal_customers_collapse(reading):
    found = reading("customer_id,gender\n1,f\n2,m\n1,f\n,x\n", table="customers")
    assert found.rows.sort("customer_id").rows() == [(1, "f"), (2, "m")]
    assert found.count.rows_set_aside == {"no customer": 1, "duplicate": 1}


def test_customers_who_differ_in_an_unneeded_column_collapse(reading):
    content = "customer_id,gender,note\n1,f,a\n1,f,b\n"
    found = reading(content, table="customers", needs={"gender"})
    assert found.rows.rows() == [(1, "f")]


def test_a_customer_of_two_files_counts_in_the_first(written, read_all):
    paths = [
        written("customer_id,sex\n1,f\n", "a.csv"),
        written("customer_id,sex\n1,f\n2,m\n", "b.csv"),
    ]
    found = read_all("customers", *(Source(path=str(path)) for path in paths))
    assert [count.rows_used for count in found.counts] == [1, 1]
    assert found.counts[1].rows_set_aside == {"duplicate": 1}


def test_products_have_a_launch_day_and_a_cost(reading):
    content = "sku,launch date,dept,cost\nA,2023-01-15,Men,1.5\nB,,Men,\n,,Men,2\nC,soon,Men,1\n"
    found = reading(content, table="products")
    assert found.rows.sort("product_id").select("product_id", "launched_at", "cost").rows() == [
        ("A", date(2023, 1, 15), 15000),
        ("B", None, None),
    ]
    assert found.count.rows_set_aside == {"no product": 1}
    assert found.rejects["reason"].to_list() == ["launched_at does not fit ISO 8601"]


def test_events_of_several_files_stand_together(written, read_all):
    browse = written(
        "user_id,time,action,collection\n1,2023-01-15,browse,run\n1,2023-01-15,,run\n", "a.csv"
    )
    mail = written("customer_id,date,campaign\n2,2023-01-16,Love\n", "b.csv")
    found = read_all(
        "events", Source(path=str(browse)), Source(path=str(mail), event="campaign_response")
    )
    columns = ("customer_id", "occurred_on", "event", "collection", "campaign")
    assert found.rows.sort("customer_id").select(columns).rows() == [
        (1, date(2023, 1, 15), "browse", "run", None),
        (2, date(2023, 1, 16), "campaign_response", None, "Love"),
    ]
    assert found.rejects["reason"].to_list() == ["event is missing"]


def test_only_what_is_needed_is_scanned(written):
    from segmentation.sources import read

    table = read(
        "transactions", [Source(path=str(written(PLAIN)))], cutoff=None, needs={"order_id"}
    )
    spend = table.rows.group_by("customer_id").agg(pl.col("unit_price").sum())
    plan = pl.explain_all([spend, table.tallies[0].counts])
    assert plan.count("Csv SCAN") == 1
    assert "PROJECT 4/7 COLUMNS" in plan


def test_other_columns_may_be_renamed(reading):
    content = "customer_id,optin\n1,yes\n"
    found = reading(content, table="customers", source={"columns": {"consent_email": "optin"}})
    assert found.rows.rows(named=True) == [{"customer_id": 1, "consent_email": "yes"}]


def test_huge_cells_are_read(reading):
    huge = "x" * 200_000
    content = f'customer_id,date,amount,note\n1,2023-01-15,x,"{huge}\n"\n2,2023-01-15,1,a\n'
    found = reading(content)
    assert found.rows["customer_id"].to_list() == ["2"]
    assert found.rejects["line"].to_list() == [2]
