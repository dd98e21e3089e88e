"""Files whose first line is no header: what to write is said, and was tried on the file."""

from __future__ import annotations

import pytest
from harness import Segment

ROWS = "1,2023-01-25,A0,91.40\n2,2023-02-11,A1,59.00\n1,2023-03-02,A2,12.50\n"
PLAIN = f"customer_id,ordered_at,order_id,amount\n{ROWS}"
TITLED = f"Sales report,,,\nPeriod: Jan-Mar 2023,,,\n,,,\n{PLAIN}"

#: a file, what is said of it, and the keys that are advised
ADVISED: dict[str, tuple[str | bytes, str, str]] = {
    "titles": (TITLED, "3 lines stand above it", "skip_lines: 3"),
    "one title": (f"Sales report\n{PLAIN}", "1 line stands above it", "skip_lines: 1"),
    "a title of another delimiter": (
        f"Sales; by day; by shop\n\n{PLAIN}",
        "2 lines stand above it",
        "skip_lines: 2",
    ),
    "the same title in two cells": (f"A,A\n{PLAIN}", "1 line stands above it", "skip_lines: 1"),
    "a summary above": (
        "summary\ncurrency,total_amount,total_fee\nEUR,210.00,-6.00\n\n" + PLAIN,
        "4 lines stand above it",
        "skip_lines: 4",
    ),
    "a list in a frame": (
        "Open items\n------------\n"
        "|customer_id |ordered_at |amount |\n|------------|-----------|-------|\n"
        + "".join(f"|C{i} |2026-01-0{i} |{i}.00 |\n" for i in (1, 2)),
        "2 lines stand above it",
        "skip_lines: 2",
    ),
    "names of rows": (
        "customer_id,ordered_at,order_id,amount\n"
        + "".join(f"{i},{row}\n" for i, row in enumerate(ROWS.splitlines())),
        "every row has a cell more than the header has names",
        "skip_lines: 1`, `header: [row, customer_id, ordered_at, order_id, amount]",
    ),
    "names of rows, as R writes them": (
        '"customer_id" "ordered_at" "amount"\n"a" "c1" "2026-01-02" 10\n"b" "c2" "2026-01-03" 20\n',
        "every row has a cell more than the header has names",
        "skip_lines: 1`, `header: [row, customer_id, ordered_at, amount]`, `delimiter: ' '",
    ),
    "titles in UTF-16": (TITLED.encode("utf-16"), "3 lines stand above it", "skip_lines: 3"),
    "titles below sep=": (
        "sep=;\r\n" + TITLED.replace(",", ";"),
        "4 lines stand above it",
        "skip_lines: 4",
    ),
    "no header": (
        ROWS,
        "the file has no header",
        "header: [customer_id, ordered_at, order_id, amount]",
    ),
    "no header, and a value twice in the first row": (
        "1,19970101,1,11.77\n2,19970112,1,12.00\n2,19970115,5,77.00\n",
        "the file has no header",
        "header: [customer_id, ordered_at, quantity, amount]",
    ),
    "no header, orders first": (
        ROWS.replace("1,2023-01-25,A0", "A0,2023-01-25,7")
        .replace("2,2023-02-11,A1", "A1,2023-02-11,8")
        .replace("1,2023-03-02,A2", "A2,2023-03-02,7"),
        "the file has no header",
        "header: [order_id, ordered_at, customer_id, amount]",
    ),
    "no header, semicolons": (
        ROWS.replace(",", ";").replace(".", ","),
        "the file has no header",
        "header: [customer_id, ordered_at, order_id, amount]",
    ),
    "windows-1252": (
        f"{PLAIN}3,2023-03-02,Köln,12.50\n".encode("windows-1252"),
        "the file is not UTF-8",
        "encoding: windows-1252",
    ),
    "windows-1252 in the header": (
        PLAIN.replace("order_id", "Größe").encode("windows-1252"),
        "the file is not UTF-8",
        "encoding: windows-1252",
    ),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("content", "said", "keys"), ADVISED.values(), ids=ADVISED)
def test_the_advice_leads_to_a_run(
    content: str | bytes, said: str, keys: str, segment: Segment
) -> None:
    first = segment("run", "o.csv", "--dry-run", files={"o.csv": content})
    assert (first.exit_code, said in first.err, keys in first.err) == (3, True, True), first.err
    said_in_yaml = keys.replace("`", "")
    rules = (
        f"version: 1\nsources: {{transactions: {{path: o.csv, {said_in_yaml}}}}}\n"
        "personas: {a: {}}\n"
    )
    then = segment("run", "--dry-run", files={"personas.yaml": rules})
    assert (then.exit_code, then.out.splitlines()[0][:11]) in (
        (0, "2 customers"),
        (0, "3 customers"),
    ), then.err


def test_rows_that_cannot_be_named_are_said_without_a_proposal(segment: Segment) -> None:
    result = segment("run", "o.csv", files={"o.csv": "17850,Meier\n17851,Schmidt\n"})
    assert result.exit_code == 3
    assert "header: [NAME, …]" in result.err


def test_a_header_of_other_names_is_no_row_of_data(segment: Segment) -> None:
    result = segment("run", "o.csv", files={"o.csv": "a,b,c\n1,2023-01-25,5\n"})
    assert "no column for customer_id" in result.err


#: the lines that a source says stand above its header, and what is said of the file
DECLARED = {
    "right": (4, "no column for ordered_at\n  Its columns: type, capture_date,"),
    "of the summary": (1, "Its columns: currency, total_amount, total_fee"),
}


@pytest.mark.parametrize(("number", "said"), DECLARED.values(), ids=DECLARED)
def test_a_declared_header_is_never_denied(segment: Segment, number: int, said: str) -> None:
    text = (
        "summary\ncurrency,total_amount,total_fee\nEUR,210.00,-6.00\n\n"
        "type,capture_date,order_id,amount,customer\nSALE,2026-01-05,a-1,110.00,c1\n"
    )
    keys = f"path: o.csv, skip_lines: {number}"
    rules = f"version: 1\nsources: {{transactions: {{{keys}}}}}\npersonas: {{a: {{}}}}\n"
    result = segment("run", files={"o.csv": text, "personas.yaml": rules})
    assert (result.exit_code, said in result.err) == (3, True), result.err
    assert "skip_lines" not in result.err


#: a header and rows of which each has a cell more, that is no name of a row
WIDER = {
    "that comes again": "1,2023-01-25,A0,91.40\n1,2023-02-11,A1,59.00\n",
    "of one row": "1,2023-01-25,A0,91.40\n",
    "of some rows": "1,2023-01-25,A0,91.40\n2,2023-02-11,59.00\n",
}


@pytest.mark.parametrize("rows", WIDER.values(), ids=WIDER)
def test_a_cell_more_is_no_name_of_a_row(segment: Segment, rows: str) -> None:
    result = segment("run", "o.csv", files={"o.csv": f"customer_id,ordered_at,amount\n{rows}"})
    assert "may be the name of its row" not in result.err
    assert "has 4 cells, the header has 3" in result.err or "1 of 2 rows is rejected" in result.err


def test_a_line_too_many_that_is_skipped_is_said(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: {path: o.csv, skip_lines: 4}}\npersonas: {a: {}}\n"
    result = segment("run", files={"o.csv": TITLED, "personas.yaml": rules})
    assert result.exit_code == 3
    assert "Say so: sources: {transactions: {path: …, skip_lines: 3}}" in result.err


NO_TABLE: dict[str, tuple[bytes, str]] = {
    "a page": (
        b"\n<!DOCTYPE html><html><title>Log in</title>",
        "the file is an HTML page, not CSV",
    ),
    "a page of Excel": (
        b"<html xmlns:x='urn:schemas-microsoft-com'><table>",
        "an HTML page, not CSV",
    ),
    "a page with a mark": (b"\xef\xbb\xbf<html>", "an HTML page, not CSV"),
    "a page in UTF-16": ("<html><body>".encode("utf-16"), "an HTML page, not CSV"),
    "XML": (b"<?xml version='1.0'?><orders><order/>", "the file is XML, not CSV"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "the file is a PDF document, not CSV"),
    "image": (b"\x89PNG\r\n\x1a\n\0\0", "the file is an image (PNG), not CSV"),
    "photo": (b"\xff\xd8\xff\xe0\0\x10JFIF", "the file is an image (JPEG), not CSV"),
    "database": (b"SQLite format 3\0" + bytes(80), "the file is a database (SQLite), not CSV"),
}


@pytest.mark.parametrize(("content", "said"), NO_TABLE.values(), ids=NO_TABLE)
def test_what_is_no_table_is_said_as_what_it_is(
    content: bytes, said: str, segment: Segment
) -> None:
    result = segment("run", "o.csv", files={"o.csv": content})
    assert (result.exit_code, said in result.err) == (3, True), result.err
