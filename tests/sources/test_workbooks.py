"""Workbooks: a sheet is read as the text of its rows, dates and numbers as they are stored."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from harness import Segment

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source

xlsxwriter = pytest.importorskip("xlsxwriter", reason="part of the extra `test`")
pytest.importorskip("fastexcel", reason="the extra `excel`, part of `test`")

HEADER = ["customer_id", "ordered_at", "order_id", "amount", "note"]
ROWS: list[list[Any]] = [
    [1, date(2023, 1, 25), "A0", 91.4, "two\nlines, and a comma"],
    [
        2,
        datetime(2023, 2, 11, 10, 30),  # noqa: DTZ001  # a sheet has no zones
        "A1",
        59,
        None,
    ],
    [1, date(2023, 3, 2), "A2", 12.5, None],
    [3, "soon", "A3", 8, None],
]


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: str = "") -> bytes:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    as_date = book.add_format({"num_format": "dd.mm.yyyy"})
    as_time = book.add_format({"num_format": "hh:mm:ss"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                form = {date: as_date, datetime: as_date, time: as_time}.get(type(value))
                sheet.write(i, j, value, form)
    for sheet in book.worksheets():
        if sheet.get_name() != hidden:
            sheet.set_first_sheet()
            sheet.activate()
            break
    book.close()
    return packed.getvalue()


TABLE = [HEADER, *ROWS]
SHAPES: dict[str, tuple[bytes, dict[str, Any], int]] = {
    "one sheet": (workbook({"Orders": TABLE}), {}, 5),
    "the first of two": (workbook({"Orders": TABLE, "Other": [["x"]]}), {}, 5),
    "a hidden one first": (workbook({"_": [["x"]], "Orders": TABLE}, hidden="_"), {}, 5),
    "a sheet that is named": (workbook({"_": [["x"]], "O, 1": TABLE}), {"sheet": "O, 1"}, 5),
    "titles and blank rows": (
        workbook({"a": [["Report"], [], *TABLE]}),
        {"skip_lines": 2},
        7,
    ),
    "blank rows above": (workbook({"a": [[], [], *TABLE]}), {"skip_lines": 2}, 7),
    "no header": (workbook({"a": ROWS}), {"header": tuple(HEADER)}, 4),
    "gzip": (gzip.compress(workbook({"Orders": TABLE})), {}, 5),
}


@pytest.mark.parametrize(("content", "source", "line"), SHAPES.values(), ids=SHAPES)
def test_a_sheet_is_a_table(
    content: bytes, source: dict[str, Any], line: int, reading: Callable[..., Any]
) -> None:
    found = reading(content, "o.xlsx", source=source)
    rows = found.rows.sort("ordered_at").select("customer_id", "order_id", "amount", "note")
    assert rows.rows() == [
        (1, "A0", 914_000, "two lines, and a comma"),
        (2, "A1", 590_000, None),
        (1, "A2", 125_000, None),
    ]
    assert found.rejects["line"].to_list() == [line]


def test_which_of_several_sheets_is_read_is_said(reading: Callable[..., Any]) -> None:
    found = reading(workbook({"Orders": TABLE, "Other": [["x"]]}), "o.xlsx")
    assert [note for note in found.notes if "of 2 sheets the first one is read: Orders" in note]


def test_the_advice_for_titles_is_that_of_text(segment: Segment) -> None:
    files = {"o.xlsx": workbook({"a": [["Report"], ["Jan"], *TABLE]})}
    result = segment("run", "o.xlsx", files=files)
    assert (result.exit_code, "skip_lines: 2" in result.err) == (3, True), result.err


REFUSED: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "another sheet": (workbook({"Orders": TABLE}), {"sheet": "Order"}, "no sheet Order\n.*Orders"),
    "an empty sheet": (workbook({"a": []}), {}, "the sheet a is empty"),
    "cut off": (workbook({"a": TABLE})[:-200], {}, "workbook is damaged"),
    "an old one that is none": (b"\xd0\xcf\x11\xe0" + bytes(600), {}, "workbook cannot be read"),
}


#: what the first sheets hold, the orders being in the last
COVERS: dict[str, dict[str, list[list[Any]]]] = {
    "a word": {"Cover": [["Sales"]]},
    "some words": {"Cover": [["Report", "Anna"], ["January", "2026"]]},
    "two of them": {"Cover": [["Sales", "x"]], "Notes": [["a", "b"], ["c", "d"]]},
    "customers": {"People": [["customer_id", "city"], ["7", "Bonn"], ["8", "Ulm"]]},
}


@pytest.mark.parametrize("covers", COVERS.values(), ids=COVERS)
def test_a_sheet_that_lacks_columns_leads_to_the_one_that_has_them(
    segment: Segment, covers: dict[str, list[list[Any]]]
) -> None:
    files = {"o.xlsx": workbook({**covers, "Orders 2026": TABLE})}
    told = segment("run", "o.xlsx", files=files)
    said = f"This is the first of {1 + len(covers)} sheets; Orders 2026 has them"
    assert (told.exit_code, said in told.err) == (3, True), told.err
    assert segment("init", "--from", "o.xlsx", "shop").exit_code == 0
    assert "sheet: Orders 2026" in (told.folder / "shop/personas.yaml").read_text()
    assert segment("run", "--config", "shop/personas.yaml").exit_code == 0


def test_other_sheets_are_named_where_none_has_the_columns(segment: Segment) -> None:
    files = {"o.xlsx": workbook({"A": [["Sales"]], "B": [["x"], ["y"]]})}
    told = segment("run", "o.xlsx", files=files)
    assert "first of 2 sheets; `sheet: NAME` reads another: B" in told.err


@pytest.mark.parametrize(("content", "source", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_sheet_is_said(
    content: bytes, source: dict[str, Any], said: str, reading: Callable[..., Any]
) -> None:
    with pytest.raises(InputError, match=said):
        reading(content, "o.xlsx", source=source)


def test_without_the_package_it_is_said_how_to_install_it(
    reading: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(InputError, match=r"pip install 'segment-personas\[excel\]', or save"):
        reading(workbook({"a": TABLE}), "o.xlsx")


def test_a_workbook_is_listed_once(
    written: Callable[..., Path], read_all: Callable[..., Any]
) -> None:
    source = Source(path=str(written(workbook({"a": TABLE}), "o.xlsx")))
    with pytest.raises(InputError, match="the file is listed twice"):
        read_all("transactions", source, source)


STRANGE = {"sheet": "a", "skip_lines": 1, "header": ("a", "b")}


@pytest.mark.parametrize("key", STRANGE)
def test_a_key_that_says_nothing_of_a_kind_is_refused(
    key: str, reading: Callable[..., Any]
) -> None:
    with pytest.raises(InputError, match=f"`{key}` is for .* and this is JSON"):
        reading('{"a": 1}', "o.json", source={key: STRANGE[key]})


#: ids of customers and of orders in a workbook -> the column in which digits are lost
LARGE: dict[str, tuple[list[Any], list[Any], str]] = {
    "numbers of customers": ([5000000000000000001, 5000000000000000002], ["a", "b"], "customer_id"),
    "numbers of orders": (["a", "b"], [5000000000000000001, 5000000000000000002], "order_id"),
    "numbers that are exact": ([900719925474099, 900719925474098], ["a", "b"], ""),
    "texts": (["5000000000000000001", "5000000000000000002"], ["a", "b"], ""),
}


@pytest.mark.parametrize(("ids", "orders", "name"), LARGE.values(), ids=LARGE)
def test_numbers_too_large_for_a_workbook_are_no_ids(
    segment: Segment, ids: list[Any], orders: list[Any], name: str
) -> None:
    head = ["customer_id", "order_id", "ordered_at", "amount"]
    rows = [[one, order, "2025-01-01", 10] for one, order in zip(ids, orders, strict=True)]
    done = segment("run", "o.xlsx", files={"o.xlsx": workbook({"a": [head, *rows]})})
    assert done.exit_code == (3 if name else 0), done.err
    assert f"{name}: 1 id is a number so large that a workbook" in done.err if name else True


#: what stands in a cell of consent -> the exit code, and what is said of it
ERRORS: dict[str, tuple[str, int, str]] = {
    "nothing is there": ("#N/A", 3, "something else there: #N/A (1)"),
    "divided by nothing": ("#DIV/0!", 3, "something else there: #DIV/0! (1)"),
    "a wrong value": ("#VALUE!", 3, "something else there: #VALUE! (1)"),
    "false": ("", 0, ""),
}


@pytest.mark.parametrize("first", [0, 2], ids=["in the first column", "further right"])
@pytest.mark.parametrize(("error", "code", "said"), ERRORS.values(), ids=ERRORS)
def test_an_error_in_a_cell_is_no_blank(
    segment: Segment, error: str, code: int, said: str, first: int
) -> None:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    sheet = book.add_worksheet("Q & A")
    for at, row in enumerate([["customer_id", "consent"], ["a", True], ["b", False]]):
        sheet.write_row(at, first, row)
    if error:
        sheet.write_formula(2, first + 1, "=X", None, error)
    book.close()
    rules = "version: 1\nsources: {transactions: o.csv, customers: c.xlsx}\npersonas: {p: {}}\nsuppress: [{consent: false}]\n"
    orders = "customer_id,ordered_at,amount\na,2026-01-01,5\nb,2026-01-02,5\n"
    files = {"o.csv": orders, "c.xlsx": packed.getvalue(), "personas.yaml": rules}
    done = segment("run", files=files)
    assert (done.exit_code, said in done.err) == (code, True), done.err
    assert code or done.ids("p") == ["a"]


def test_an_error_is_nobodys_id(segment: Segment) -> None:
    orders = "customer_id,ordered_at,amount\na,2026-01-01,5\n#VALUE!,2026-01-02,5\n#DIV/0!,2026-01-02,5\n"
    done = segment("run", "o.csv", files={"o.csv": orders})
    assert (done.exit_code, done.customers["customer_id"].to_list()) == (0, ["a"]), done.err


JOINED = (
    "version: 1\nsources: {transactions: {path: FILE, columns: {ordered_at: [Date, Time]}}}\n"
    "features: {at: {first: ordered_at}}\npersonas: {everyone: {columns: [at]}}\n"
)
HALF_PAST_TWO = datetime(2026, 1, 5, 14, 30)  # noqa: DTZ001  # a sheet has no zones
#: a day and a time as they are stored -> the moment
MOMENTS: dict[str, tuple[Any, Any, datetime]] = {
    "cells of dates and of times": (date(2026, 1, 5), time(14, 30), HALF_PAST_TWO),
    "midnight": (date(2026, 1, 5), time(0, 0), datetime(2026, 1, 5)),  # noqa: DTZ001
    "a text beside a date": (date(2026, 1, 5), "14:30", HALF_PAST_TWO),
    "a time beside a text": ("2026-01-05", time(14, 30), HALF_PAST_TWO),
}
#: the same in a text, as databases write it
WRITTEN: dict[str, tuple[str, str]] = {
    "a day at midnight": ("2026-01-05 00:00:00", "14:30:00"),
    "with parts of seconds": ("2026-01-05 00:00:00.000", "14:30:00"),
    "a day that begins the count": ("2026-01-05", "1899-12-30 14:30:00"),
    "of a Mac": ("2026-01-05T00:00:00", "1904-01-01T14:30:00"),
    "of Access": ("1/5/2026 12:00:00 AM", "12/30/1899 2:30 PM"),
    "plain": ("2026-01-05", "14:30"),
}


@pytest.mark.parametrize(("day", "moment", "found"), MOMENTS.values(), ids=MOMENTS)
def test_a_day_and_a_time_of_a_sheet_are_one_moment(
    segment: Segment, day: Any, moment: Any, found: datetime
) -> None:
    book = workbook({"a": [["customer_id", "Date", "Time", "amount"], ["k", day, moment, 5]]})
    rules = JOINED.replace("FILE", "b.xlsx")
    done = segment("run", files={"personas.yaml": rules, "b.xlsx": book})
    assert done.exit_code == 0, done.err
    [at] = done.customers["at"].to_list()
    assert str(at).replace("T", " ")[:16] == str(found)[:16]


@pytest.mark.parametrize(("day", "moment"), WRITTEN.values(), ids=WRITTEN)
def test_a_day_and_a_time_of_a_text_are_one_moment(segment: Segment, day: str, moment: str) -> None:
    later = day.replace("01-05", "01-25").replace("1/5", "1/25")  # no month
    text = f"customer_id,Date,Time,amount\nk,{day},{moment},5\nk,{later},{moment},5\n"
    rules = JOINED.replace("FILE", "b.csv")
    done = segment("run", files={"personas.yaml": rules, "b.csv": text})
    assert done.exit_code == 0, done.err
    [at] = done.customers["at"].to_list()
    assert str(at).replace("T", " ")[:16] == "2026-01-05 14:30"
