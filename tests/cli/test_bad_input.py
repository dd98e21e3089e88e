"""Transactions and customers that cannot be used: exit 3, what, where and how to mend; no traceback.

Every row of the tables is one bad input with all of stderr. Nothing is published.
"""

from __future__ import annotations

import gzip
import io
import shlex
from datetime import date

import polars as pl
import pytest
from bad_input import GOOD, HEAD, table
from harness import Segment
from shop import EVERYONE

DAMAGED = "Write or copy the file once more."
QUOTES = 'Write a quote inside a cell twice and the whole cell in quotes: "19"" monitor".'


def parquet() -> bytes:
    buffer = io.BytesIO()
    lines = {
        "customer_id": ["a"] * 999,
        "ordered_at": [date(2024, 1, 1)] * 999,
        "amount": [1.0] * 999,
    }
    pl.DataFrame(lines).write_parquet(buffer)
    return buffer.getvalue()


PARQUET = parquet()
PACKED = gzip.compress(table(*(f"c{i},{i},2024-01-01,{i}" for i in range(2000))).encode())

TRANSACTIONS: dict[str, tuple[str, str | bytes | None, str]] = {
    "missing file": (
        "sales.csv", None, "sales.csv: there is no such file\n  The folder . holds personas.yaml.",
    ),
    "empty file": ("t.csv", "", "t.csv: the file is empty\n  It needs a header and rows."),
    "empty parquet": ("t.parquet", "", "t.parquet: the file is empty\n  It needs a header and rows."),
    "header only": (
        "t.csv", f"{HEAD}\n",
        "t.csv: the file has a header and no rows\n  There is nothing to segment without transactions.",
    ),
    "header without line end": (
        "t.csv", HEAD,
        "t.csv: the file has a header and no rows\n  There is nothing to segment without transactions.",
    ),
    "unknown columns": (
        "t.csv", table("a,2024-01-01,5", head="medlem,tidpunkt,value_eur"),
        "t.csv: no column for customer_id, ordered_at, amount (and no quantity with unit_price)\n"
        "  Its columns: medlem, tidpunkt, value_eur\n"
        "  Try: segment run t.csv --map customer_id=medlem --map ordered_at=tidpunkt --map amount=value_eur",
    ),
    "two candidate columns": (
        "t.csv", table("a,b,2024-01-01,5", head="Customer No,client,date,amount"),
        't.csv: customer_id could be read from "Customer No" or "client"\n'
        "  Its columns: Customer No, client, date, amount\n"
        "  Choose one: segment run t.csv --map customer_id='Customer No'",
    ),
    "a column twice": (
        "t.csv", table("a,2024-01-01,5,6", head="customer_id,date,amount,amount"),
        "t.csv: the header names amount twice\n  Every column needs a name of its own.",
    ),
    "wrong delimiter": (
        "t.csv", table("a^2024-01-01^5", head="customer_id^date^amount"),
        't.csv: the header has a single column, "customer_id^date^amount": wrong delimiter?\n'
        "  Say it: sources: {transactions: {path: …, delimiter: '^'}}\n"
        "  Try: segment run t.csv --read 'delimiter=^'",
    ),
    "truncated gzip": (
        "t.csv.gz", PACKED[: len(PACKED) // 2],
        f"t.csv.gz: the gzip file is damaged or cut off\n  {DAMAGED}",
    ),
    "damaged gzip": (
        "t.csv.gz", PACKED[:100] + bytes(100) + PACKED[200:],
        f"t.csv.gz: the gzip file is damaged or cut off\n  {DAMAGED}",
    ),
    "gzip with garbage after it": (
        "t.csv.gz", PACKED + b"garbage", f"t.csv.gz: the gzip file is damaged or cut off\n  {DAMAGED}",
    ),
    "truncated parquet": (
        "t.parquet", PARQUET[: len(PARQUET) // 2],
        f"t.parquet: the Parquet file is damaged or cut off\n  {DAMAGED}",
    ),
    "a workbook": (
        "t.csv", b"PK\x03\x04" + bytes(90),
        "t.csv: the zip file or workbook is damaged or cut off\n"
        "  Write or copy the file once more.",
    ),
    "latin-1": (
        "t.csv", table("Müller,1,2024-01-01,5").encode("latin-1"),
        "t.csv:2: the file is not UTF-8\n"
        "  Say how it is encoded: `encoding: windows-1252` reads words in all of it.\n"
        "  Try: segment run t.csv --read encoding=windows-1252",
    ),
    "utf-16 without its mark": (
        "t.csv", GOOD.encode("utf-16-le"),
        "t.csv: the file is UTF-16 without a mark that says so\n"
        "  Say so: `encoding: utf-16-le` reads all of it.\n"
        "  Try: segment run t.csv --read encoding=utf-16-le",
    ),
    "old Macintosh lines and others": (
        "t.csv", GOOD.replace("\n", "\r", 1),
        "t.csv: some lines end with a carriage return alone, others with a newline\n"
        "  Save the file with ordinary line ends (LF or CRLF).",
    ),
    "unbalanced quote": (
        "t.csv", table("a,1,2024-01-01,5", 'b,"2,2024-01-02,7'),
        f"t.csv:3: a quoted cell opens in this row and does not close as it should\n  {QUOTES}",
    ),
    "unbalanced quote in the header": (
        "t.csv", f'"{GOOD}',
        f"t.csv:1: a quoted cell opens in this row and does not close as it should\n  {QUOTES}",
    ),
    "dates that fit two readings": (
        "t.csv", table("a,1,01/02/2024,5", "b,2,03/04/2024,5"),
        't.csv: ordered_at: the date "01/02/2024" in the column ordered_at reads as '
        "2 January 2024 (%m/%d/%Y) or 1 February 2024 (%d/%m/%Y)\n"
        "  Say which: `date_format: '%m/%d/%Y'` or `date_format: '%d/%m/%Y'`\n"
        "  Either: segment run t.csv --read date_format=%m/%d/%Y\n"
        "  Or: segment run t.csv --read date_format=%d/%m/%Y",
    ),
    "dates of no format": (
        "t.csv", table("a,1,yesterday,5"),
        't.csv: ordered_at: a date written "aaaaaaaaa" in the column ordered_at has no known format\n'
        "  Write it as `date_format:`, for instance '%d.%m.%Y %H:%M'.",
    ),
    "1,234 and nothing else": (
        "t.csv", table('a,1,2024-01-01,"1,234"'),
        't.csv: a number written "9,999" reads as 9999 or as 9.999\n'
        "  Say which: `decimal: ','` when the comma marks decimals, or `decimal: '.'` when the point does.\n"
        "  Either: segment run t.csv --read decimal=,\n"
        "  Or: segment run t.csv --read decimal=.",
    ),
    "no row that can be used": (
        "t.csv", table("a,1,2024-01-01,NaN", "b,2,2024-01-01,1e309", ',3,2024-01-01,"5"'),
        "t.csv: no row of transactions can be used\n"
        "  Of 3 rows 2 were rejected, 1 set aside (no customer).\n"
        "  t.csv:2: amount is not a number\n"
        "  t.csv:3: amount is larger than 200,000,000,000",
    ),
    "all customers null": (
        "t.csv", table(",1,2024-01-01,5", " ,2,2024-01-01,5"),
        "t.csv: no row has a customer\n"
        "  customer_id is read from customer_id; if that is wrong, map another column: see `columns:` under sources.",
    ),
    "only returns": (
        "t.csv", table("a,1,2024-01-01,-5"),
        "t.csv: no customer has an order: no usable line has a positive amount\n"
        "  Of 1 rows 0 were rejected.",
    ),
    "all in the future": (
        "t.csv", table("a,1,2199-01-01,5"),
        "t.csv: no row of transactions can be used\n"
        "  Of 1 rows 0 were rejected, 1 set aside (after as_of).",
    ),
    "amounts that are ids": (
        "t.csv", table(*(f"a,{i},2024-01-01,199999999999" for i in range(2000))),
        "t.csv: the amounts of a customer add up to more than 99,999,999,999,999 (--show-values names it)\n"
        "  Is a column of ids read as the amount?",
    ),
    "an empty folder": (
        "d", None, "d: the folder has no *.csv (also .gz), *.json (also .gz), *.jsonl (also .gz), *.ndjson (also .gz), *.parquet or *.xlsx file\n  It holds x.txt.",
    ),
    "a name that is empty": (
        "", None,
        "a file's name on the command line is empty or not UTF-8\n  Give the file another name.",
    ),
    "a name that is not UTF-8": (
        "t\udcff.csv", None,
        "a file's name on the command line is empty or not UTF-8\n  Give the file another name.",
    ),
    "a date over two lines": (
        "t.csv", table('a,1,"x\n::error::y",5'),
        't.csv: ordered_at: a date written "a ::aaaaa::a" in the column ordered_at has no known format\n'
        "  Write it as `date_format:`, for instance '%d.%m.%Y %H:%M'.",
    ),
    "a glob without matches": (
        "*.csv", None, "*.csv: no file matches\n  The folder . holds d, personas.yaml.",
    ),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize(("path", "content", "said"), TRANSACTIONS.values(), ids=TRANSACTIONS)
def test_transactions_that_cannot_be_used_end_the_run_with_3(
    segment: Segment, path: str, content: str | bytes | None, said: str
) -> None:
    files: dict[str, str | bytes] = {"personas.yaml": EVERYONE}
    if content is not None:
        files[path] = content
    elif path in ("d", "*.csv"):
        files["d/x.txt"] = ""
    result = segment("run", path, files=files)
    code = 2 if "on the command line" in said else 3
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", code, "")
    assert not (result.folder / "audiences").exists()


IN_A_WINDOW = "version: 1\npersonas: {p: {match: {did: {event: purchase, within: 60d}}}}\n"
NOBODY = {"e.csv": "customer_id,occurred_at,event\n,2024-01-01,click\n"}
UNUSABLE: dict[str, tuple[str, dict[str, str]]] = {
    "no amount": (table("a,1,2024-01-01,n/a"), {}),
    "no row that can be used, nor an event": (table("a,1,2024-01-01,n/a"), NOBODY),
    "all in the future": (table("a,1,2199-01-01,5"), {}),
    "ids that turn out to be text": (table("7,1,2024-01-01,n/a", *["x7,1,2024-01-01,n/a"] * 9), {}),
    "only returns": (table("a,1,2024-01-01,-5"), {}),
}


@pytest.mark.parametrize(("lines", "events"), UNUSABLE.values(), ids=UNUSABLE)
def test_rules_with_a_window_end_as_those_without(
    segment: Segment, lines: str, events: dict[str, str]
) -> None:
    options = ("--events", *events) if events else ()
    ends = [
        segment("run", "t.csv", *options, files={"personas.yaml": rules, "t.csv": lines, **events})
        for rules in (EVERYONE, IN_A_WINDOW)
    ]
    assert ends[1].err == ends[0].err
    assert [one.exit_code for one in ends] == [3, 3]


def test_columns_of_odd_types_and_names_do_no_harm(segment: Segment) -> None:
    odd = pl.DataFrame(
        {
            "customer_id": [1, 2],
            "order_id": [1, 2],
            "ordered_at": [date(2024, 1, 1)] * 2,
            "amount": [1.5, 2.5],
            "tags": [["a"], ["b"]],
            "pair": [{"x": 1}, {"x": 2}],
            "raw": [b"x", b"y"],
            "__code": [9, 9],
            "__index_level_0__": [0, 1],
            "_as_of": [0, 0],
            "_bought": [7, 7],
        }
    )
    buffer = io.BytesIO()
    odd.write_parquet(buffer)
    result = segment(
        "run", "t.parquet", files={"personas.yaml": EVERYONE, "t.parquet": buffer.getvalue()}
    )
    assert (result.exit_code, result.err) == (0, "")
    assert result.customers["monetary"].cast(pl.Float64).to_list() == [1.5, 2.5]


def test_a_customers_column_that_is_called_like_one_of_ours_is_not_taken_for_it(
    segment: Segment,
) -> None:
    files = {
        "t.csv": GOOD,
        "c.csv": "customer_id,_suppressed,frequency\na,true,99\n",
        "personas.yaml": "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
        "personas: {p: {match: {frequency: {at_least: 9}}}, all-of-them: {}}\n",
    }
    result = segment("run", files=files)
    assert (result.ids("p"), result.ids("all-of-them")) == ([], ["a", "b"])
    named = files["personas.yaml"].replace("frequency: {at_least: 9}", "_suppressed: true")
    assert segment("run", files={"personas.yaml": named}).exit_code == 2


def test_a_parquet_file_with_damaged_pages_is_named(segment: Segment) -> None:
    damaged = bytearray(PARQUET)
    damaged[4:60] = b"\xff" * 56
    result = segment(
        "run", "t.parquet", files={"personas.yaml": EVERYONE, "t.parquet": bytes(damaged)}
    )
    assert (result.exit_code, result.out) == (3, "")
    assert result.err.startswith("t.parquet: the ")
    assert result.err.endswith(f"\n  {DAMAGED}\n")
    assert not (result.folder / "audiences").exists()


def test_a_near_name_is_offered(segment: Segment) -> None:
    result = segment("run", "sale.csv", files={"sales.csv": GOOD, "personas.yaml": EVERYONE})
    assert (result.exit_code, result.err) == (
        3,
        "sale.csv: there is no such file\n  Nearest: sales.csv\n",
    )


def test_a_file_named_twice_is_read_by_nobody(segment: Segment) -> None:
    result = segment("run", "t.csv", "./t.csv", files={"t.csv": GOOD, "personas.yaml": EVERYONE})
    said = "t.csv: the file is listed twice\n  List every file once; globs may overlap.\n"
    assert (result.exit_code, result.err) == (3, said)


CUSTOMERS = {
    "conflicting rows": (
        "customer_id,gender\na,f\na,m\n",
        "c.csv: one customer has several rows that differ (--show-values names it)\n"
        "  Every customer_id needs one row; equal rows collapse by themselves.",
    ),
    "no id": (
        "x,gender\na,f\n",
        "c.csv: no column for customer_id\n  Its columns: x, gender\n"
        "  Say which: sources: {customers: {path: c.csv, columns: {customer_id: <column>}}}",
    ),
    "empty": ("", "c.csv: the file is empty\n  It needs a header and rows."),
}


@pytest.mark.parametrize(("customers", "said"), CUSTOMERS.values(), ids=CUSTOMERS)
def test_customers_that_cannot_be_used_end_the_run_with_3(
    segment: Segment, customers: str, said: str
) -> None:
    files = {"t.csv": GOOD, "c.csv": customers, "personas.yaml": f"{EVERYONE}columns: [gender]\n"}
    result = segment("run", "t.csv", "--customers", "c.csv", files=files)
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", 3, "")


def test_shipped_rules_do_without_columns_that_the_customers_at_hand_lack(segment: Segment) -> None:
    files = {"t.csv": GOOD, "c.csv": "customer_id,city\na,Oslo\n"}
    result = segment("run", "t.csv", "--customers", "c.csv", files=files)
    assert result.exit_code == 0, result.err
    assert "customers have no column 'consent_email'" in result.err


@pytest.mark.parametrize(
    "column",
    [
        "Client No",
        "Client #No",
        "Client: No",
        "client, no",
        "{client} no",
        "'client' no",
    ],
)
def test_the_mapping_that_is_offered_can_be_pasted(segment: Segment, column: str) -> None:
    rules = "version: 1\nsources: {{transactions: {{path: t.csv{}}}}}\npersonas: {{p: {{}}}}\n"
    files = {
        "t.csv": f'"{column}",client_id,date,amount\n1,2,2024-01-01,5\n',
        "personas.yaml": rules.format(""),
    }
    told = segment("run", files=files).err
    offered = told[told.index(", columns: {") : told.index("}}}") + 1]
    assert segment("run", files={"personas.yaml": rules.format(offered)}).ids("p") == ["1"]
    command = segment("run", "t.csv").err.partition("Choose one: segment ")[2]
    assert segment(*shlex.split(command)).ids("p") == ["1"]
