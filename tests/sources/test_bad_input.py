"""Input that cannot be used: every message says what, where, and how to mend it."""

from __future__ import annotations

import gzip
import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources import explain_failure, read

H = "customer_id,ordered_at,amount\n"
ROW = "1,2023-01-15,2.50\n"
ZIPPED = gzip.compress((H + ROW * 5000).encode())


def parquet_bytes(rows: int = 2) -> bytes:
    buffer = io.BytesIO()
    amounts = [row**0.5 for row in range(rows)]
    pl.DataFrame(
        {"customer_id": range(rows), "date": [date(2023, 1, 1)] * rows, "amount": amounts}
    ).write_parquet(buffer, compression="uncompressed")
    return buffer.getvalue()


CASES = {
    "empty file": (b"", {}, "t.csv: the file is empty\n  It needs a header and rows."),
    "empty file, gzipped": (
        gzip.compress(b""),
        {},
        "t.csv: the file is empty\n  It needs a header and rows.",
    ),
    "a byte order mark alone": (
        b"\xef\xbb\xbf",
        {},
        "t.csv: the file is empty\n  It needs a header and rows.",
    ),
    "header only": (
        H,
        {},
        "t.csv: the file has a header and no rows\n"
        "  There is nothing to segment without transactions.",
    ),
    "unknown columns": (
        "who,when,amount\n1,2,3\n",
        {},
        "t.csv: no column for customer_id, ordered_at\n"
        "  Its columns: who, when, amount\n"
        "  when is a day number and needs an origin: date_format: 'days since 2017-01-01'\n"
        "  In the rules: sources: {transactions: {path: …, columns: {customer_id: who, ordered_at: when}, "
        "date_format: 'days since 2017-01-01'}}",
    ),
    "no amount": (
        "customer_id,date,quantity\n1,2023-01-01,3\n",
        {},
        "t.csv: no column for amount (and no quantity with unit_price)\n"
        "  Its columns: customer_id, date, quantity\n"
        "  No column is an amount: for visits without money, `amount: 1` counts each row as 1\n"
        "  Say which: sources: {transactions: {path: …, columns: {amount: 1}}}",
    ),
    "two candidates": (
        "Customer,client_id,date,amount\n1,1,2023-01-01,3\n",
        {},
        't.csv: customer_id could be read from "Customer" or "client_id"\n'
        "  Its columns: Customer, client_id, date, amount\n"
        "  Choose one: sources: {transactions: {path: …, columns: {customer_id: Customer}}}",
    ),
    "mapped to nothing": (
        H + ROW,
        {"columns": {"customer_id": "custmer_id", "amount": "amont"}},
        't.csv: customer_id is mapped to the column "custmer_id", which the file does not have\n'
        "  Nearest: customer_id. Its columns: customer_id, ordered_at, amount\n"
        't.csv: amount is mapped to the column "amont", which the file does not have\n'
        "  Nearest: amount. Its columns: customer_id, ordered_at, amount",
    ),
    "header names a column twice": (
        "customer_id,ordered_at,amount,amount\n1,2023-01-01,3,4\n",
        {},
        "t.csv: the header names amount twice\n  Every column needs a name of its own.",
    ),
    "wrong delimiter": (
        "customer_id^ordered_at^amount\n1^2023-01-01^3\n",
        {},
        't.csv: the header has a single column, "customer_id^ordered_at^amount": wrong delimiter?\n'
        "  Say it: sources: {transactions: {path: …, delimiter: '^'}}",
    ),
    "a delimiter that has no sign": (
        "customer_id\x01ordered_at\x01amount\n1\x012023-01-01\x013\n",
        {},
        't.csv: the header has a single column, "customer_id\x01ordered_at\x01amount": wrong delimiter?\n'
        '  Say it: sources: {transactions: {path: …, delimiter: "\\u0001"}}',
    ),
    "a delimiter that cannot be read": (
        "customer_id§ordered_at§amount\n1§2023-01-01§3\n",
        {},
        't.csv: the header has a single column, "customer_id§ordered_at§amount": it is parted by "§", '
        "which cannot be read as a delimiter\n"
        "  Convert the file first: a comma between the cells, and quotes around a cell that has one.",
    ),
    "wrong delimiter declared": (
        H + ROW,
        {"delimiter": ";"},
        't.csv: the header has a single column, "customer_id,ordered_at,amount": wrong delimiter?\n'
        "  Say it: sources: {transactions: {path: …, delimiter: ','}}",
    ),
    "tabs where another delimiter is declared": (
        "customer_id\tordered_at\n1\t2023-01-15\n",
        {"delimiter": ";"},
        't.csv: the header has a single column, "customer_id\tordered_at": wrong delimiter?\n'
        '  Say it: sources: {transactions: {path: …, delimiter: "\\t"}}',
    ),
    "blanks between the cells": (
        "customer_id date amount\n1 2023-01-15 2\n",
        {},
        't.csv: the header has a single column, "customer_id date amount": wrong delimiter?\n'
        "  Say it: sources: {transactions: {path: …, delimiter: ' '}}",
    ),
    "lines in quotes": (
        '"customer_id,date,amount"\n"1,2023-01-15,2"\n',
        {},
        't.csv: the header has a single column, "customer_id,date,amount", all of it in quotes\n'
        "  Take away the quotes around whole lines.",
    ),
    "fixed width": (
        " customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n",
        {},
        "t.csv: the header has a single column, "
        '"customer_id  date number_of_cds  dollar_value": it has no delimiter, '
        "but columns of fixed width\n"
        "  Convert it to CSV first, with a comma between the cells.",
    ),
    "one column that is one": (
        "customer_id\n1\n",
        {"columns": {"ordered_at": "customer_id"}},
        "t.csv: no column for customer_id, amount (and no quantity with unit_price)\n"
        "  Its columns: customer_id\n"
        "  Say which: sources: {transactions: {path: …, columns: {customer_id: <column>, amount: <column>}}}",
    ),
    "latin-1": (
        (H + ROW + "é,2023-01-01,1\n").encode("latin-1"),
        {},
        "t.csv:3: the file is not UTF-8\n"
        "  Say how it is encoded: `encoding: windows-1252` reads words in all of it.",
    ),
    "utf-16, called utf-8": (
        (H + ROW).encode("utf-16"),
        {"encoding": "utf-8"},
        "t.csv: the file is UTF-16, not UTF-8\n  Say so: `encoding: utf-16`.",
    ),
    "utf-16 without its mark": (
        (H + ROW).encode("utf-16-be"),
        {},
        "t.csv: the file is UTF-16 without a mark that says so\n"
        "  Say so: `encoding: utf-16-be` reads all of it.",
    ),
    "mostly utf-8": (
        (H + "Zürich Süd,2023-01-15,2.50\n").encode() + b"caf\xe9,2023-01-01,5\n",
        {},
        "t.csv:3: the file is not UTF-8\n"
        "  Most of it is: the file is damaged, or was put together of files that are written "
        "differently. Write it once more, all of it as UTF-8.",
    ),
    "more lines skipped than there are": (
        H + ROW,
        {"skip_lines": 5},
        "t.csv: nothing is left of the file after 5 lines above its header\n"
        "  Is `skip_lines` right? It needs a header and rows.",
    ),
    "unknown encoding": (
        H + ROW,
        {"encoding": "latin-x"},
        't.csv: there is no encoding called "latin-x"\n'
        "  Common ones: latin-1, windows-1252, utf-16.",
    ),
    "quote that never closes": (
        H + ROW + '2,2023-01-01,"3\n' + ROW * 3,
        {},
        "t.csv:3: a quoted cell opens in this row and does not close as it should\n"
        '  Write a quote inside a cell twice and the whole cell in quotes: "19"" monitor".',
    ),
    "quote that another one closes": (
        H + ROW + '2,2023-01-01,"3\n' + '3,2023-01-01,"4"\n' + ROW * 3,
        {},
        "t.csv:3: a quoted cell opens in this row and does not close as it should\n"
        '  Write a quote inside a cell twice and the whole cell in quotes: "19"" monitor".',
    ),
    "old line ends and others": (
        H.replace("\n", "\r") + ROW,
        {},
        "t.csv: some lines end with a carriage return alone, others with a newline\n"
        "  Save the file with ordinary line ends (LF or CRLF).",
    ),
    "dates that fit two readings": (
        H + "1,03/04/2023,2\n1,03/03/2023,2\n",
        {},
        't.csv: ordered_at: the date "03/04/2023" in the column ordered_at reads as '
        "4 March 2023 (%m/%d/%Y) or 3 April 2023 (%d/%m/%Y)\n"
        "  Say which: `date_format: '%m/%d/%Y'` or `date_format: '%d/%m/%Y'`",
    ),
    "dates of no known format": (
        H + "1,yesterday,2\n",
        {},
        't.csv: ordered_at: a date written "aaaaaaaaa" in the column ordered_at has no known format\n'
        "  Write it as `date_format:`, for instance '%d.%m.%Y %H:%M'.",
    ),
    "a date format that fits nothing": (
        H + ROW,
        {"date_format": "%d.%m.%Y"},
        "t.csv: ordered_at: no date in the column ordered_at fits %d.%m.%Y: "
        'they are written like "9999-99-99"\n'
        "  Mend `date_format:`, or leave it out to have it detected.",
    ),
    "numbers that fit two readings": (
        'customer_id;date;amount\n1;2023-01-01;1,500\n2;2023-01-01;"2,250"\n',
        {},
        't.csv: a number written "9,999" reads as 9999 or as 9.999\n'
        "  Say which: `decimal: ','` when the comma marks decimals, or `decimal: '.'` when the point does.",
    ),
    "no customers": (
        H + ",2023-01-01,1\n ,2023-01-01,1\n",
        {},
        "t.csv: no row has a customer\n"
        "  customer_id is read from customer_id; if that is wrong, map another column: see `columns:` under sources.",
    ),
    "workbook": (
        b"PK\x03\x04" + bytes(40),
        {},
        "t.csv: the zip file or workbook is damaged or cut off\n"
        "  Write or copy the file once more.",
    ),
    "workbook, gzipped": (
        gzip.compress(b"PK\x03\x04" + bytes(40)),
        {},
        "t.csv: the workbook cannot be read: it is damaged, needs a password, or holds no sheet\n"
        "  Open it, and save it once more as .xlsx, or save the sheet as CSV.",
    ),
    "parquet, gzipped": (
        gzip.compress(parquet_bytes()),
        {},
        "t.csv: the Parquet file is gzipped\n"
        "  Unpack it: gunzip FILE.gz. Parquet is packed by itself.",
    ),
    "gzip twice": (
        gzip.compress(ZIPPED),
        {},
        "t.csv: the file is gzipped twice\n  Unpack it once: gunzip FILE.gz",
    ),
    "gzip cut off in its first bytes": (
        ZIPPED[:11],
        {},
        "t.csv: the gzip file is damaged or cut off\n  Write or copy the file once more.",
    ),
    "gzip cut off late": (
        ZIPPED[:-12],
        {},
        "t.csv: the gzip file is damaged or cut off\n  Write or copy the file once more.",
    ),
    "gzip cut off early": (
        ZIPPED[:60],
        {},
        "t.csv: the gzip file is damaged or cut off\n  Write or copy the file once more.",
    ),
    "parquet cut off": (
        parquet_bytes()[:-9],
        {},
        "t.csv: the Parquet file is damaged or cut off\n  Write or copy the file once more.",
    ),
    "parquet with a broken footer": (
        parquet_bytes()[:60] + bytes(len(parquet_bytes()) - 64) + b"PAR1",
        {},
        "t.csv: the Parquet file is damaged or cut off\n  Write or copy the file once more.",
    ),
}


@pytest.mark.parametrize(("content", "source", "message"), CASES.values(), ids=list(CASES))
def test_unusable_file_is_explained(reading, tmp_path, content, source, message):
    with pytest.raises(InputError) as error:
        reading(content, source=source)
    assert str(error.value).replace(f"{tmp_path}/", "") == message


def test_a_single_column_of_parquet_has_no_delimiter(reading):
    with pytest.raises(InputError, match="no column for customer_id, ordered_at") as error:
        reading(pl.DataFrame({"customer_id, really": [1]}), "t.parquet")
    assert "delimiter" not in str(error.value)


NO_EVENT = {
    "in rules": (
        Path(),
        "name it: sources: {events: {path: …, event: <name>}}",
    ),
    "on the command line": (
        None,
        "write it in the rules, as no option can name it: "
        "sources: {transactions: …, events: {path: …, event: <name>}}",
    ),
}


@pytest.mark.parametrize(("folder", "said"), NO_EVENT.values(), ids=list(NO_EVENT))
def test_events_without_their_column_may_be_of_one_kind(reading, folder, said):
    content = "customer_id,occurred_at,campaign\n1,2026-01-01,x\n"
    with pytest.raises(InputError) as error:
        reading(content, table="events", source={"folder": folder})
    [problem] = error.value.problems
    assert problem.mend == (
        "Its columns: customer_id, occurred_at, campaign\n"
        f"  If every row is the same event, {said}\n"
        "  Else say which: sources: {events: {path: …, columns: {event: <column>}}}"
    )


CALLED_PARQUET = {
    "another start": (b"ZAR1" + parquet_bytes()[4:], "the Parquet file is damaged or cut off"),
    "zeros": (bytes(100), "the Parquet file is damaged or cut off"),
    "workbook": (b"PK\x03\x04" + bytes(40), "the zip file or workbook is damaged"),
}


@pytest.mark.parametrize(("content", "said"), CALLED_PARQUET.values(), ids=list(CALLED_PARQUET))
def test_what_is_called_parquet_and_is_not_is_told_as_what_it_is(reading, content, said):
    with pytest.raises(InputError, match=said):
        reading(content, "t.parquet")


@pytest.mark.parametrize(
    "content",
    [(H + ROW).encode(), gzip.compress((H + ROW).encode()), (H + ROW).encode("utf-8-sig")],
    ids=["plain", "gzip", "byte order mark"],
)
def test_text_called_parquet_is_read_as_text(reading, content):
    assert len(reading(content, "t.parquet").rows) == 1


def test_customers_with_several_rows_that_differ_are_named(reading, tmp_path):
    with pytest.raises(InputError) as error:
        reading("customer_id,gender\n1,f\n1,m\n2,f\n3,m\n3,f\n3,f\n", table="customers")
    assert str(error.value) == (
        f"{tmp_path}/t.csv: 2 customers have several rows that differ (--show-values names them)\n"
        "  Every customer_id needs one row; equal rows collapse by themselves."
    )


PATHS = {
    "missing file": ("trnsactions.csv", "there is no such file\n  Nearest: {}/transactions.csv"),
    "missing folder": ("no/t.csv", "there is no such file\n  The folder {}/no does not exist"),
    "glob without a match": ("*.parq", "no file matches\n  The folder {} holds"),
    "folder without tables": (
        "texts",
        "the folder has no *.csv (also .gz), *.json (also .gz), *.jsonl (also .gz), *.ndjson (also .gz), *.parquet or *.xlsx file\n  It holds a.txt.",
    ),
    "folder of two kinds": (
        "mixed",
        "CSV and Parquet files are mixed\n  It has 1 csv and 1 parquet files: "
        "name one kind, for instance {}/mixed/*.parquet",
    ),
    "a path that no system has": ("a\0b", "there is no such file"),
}


@pytest.mark.parametrize(("path", "message"), PATHS.values(), ids=list(PATHS))
def test_path_without_a_file_is_explained(written, tmp_path, path, message):
    written(H + ROW, "transactions.csv")
    written("x", "texts/a.txt")
    written(H + ROW, "mixed/a.csv")
    written(parquet_bytes(), "mixed/b.parquet")
    with pytest.raises(InputError) as error:
        read("transactions", [Source(path=f"{tmp_path}/{path}")], cutoff=None)
    assert f"{tmp_path}/{path}: {message.replace('{}', str(tmp_path))}" in str(error.value)


def test_file_listed_twice_is_refused(written, tmp_path):
    path = written(H + ROW)
    sources = [Source(path=str(path)), Source(path=f"{tmp_path}/*.csv")]
    with pytest.raises(InputError, match="the file is listed twice"):
        read("transactions", sources, cutoff=None)


def test_failure_while_collecting_names_the_damaged_file(written, tmp_path):
    content = parquet_bytes(5000)
    page = len(content) - 41_000  # the header of the last column's page is about here
    fine = written(content, "fine.parquet")
    broken = written(content[:page] + b"\xff" * 2000 + content[page + 2000 :], "broken.parquet")
    table = read("transactions", [Source(path=str(fine)), Source(path=str(broken))], cutoff=None)
    with pytest.raises(pl.exceptions.ComputeError) as raised:
        table.rows.collect(engine="streaming")
    explained = explain_failure(raised.value, [table])
    assert explained is not None
    assert [problem.where for problem in explained.problems] == [str(broken)]
    assert explain_failure(ValueError("a bug of ours"), [table]) is None
