"""Numbers that JSON and workbooks store as numbers have a decimal point, whatever texts beside them say."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment

from segmentation.messages.errors import InputError

xlsxwriter = pytest.importorskip("xlsxwriter", reason="part of the extra `test`")
pytest.importorskip("fastexcel", reason="the extra `excel`, part of `test`")

HEAD = ("customer_id", "ordered_at", "order_id", "amount", "fee")
Row = tuple[Any, Any]


def _rows(amounts: Sequence[Row]) -> list[tuple[Any, ...]]:
    return [(n, "2025-01-01", f"o{n}", amount, fee) for n, (amount, fee) in enumerate(amounts)]


def _json(amounts: Sequence[Row]) -> bytes:
    lines = (json.dumps(dict(zip(HEAD, row, strict=True))) for row in _rows(amounts))
    return "\n".join(lines).encode()


def _workbook(amounts: Sequence[Row]) -> bytes:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    sheet = book.add_worksheet("Orders")
    for i, row in enumerate([HEAD, *_rows(amounts)]):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    book.close()
    return packed.getvalue()


KINDS = {"t.jsonl": _json, "t.xlsx": _workbook}
#: amounts and fees -> what amounts come to in 1/10,000; None where it stops
AMOUNTS = {
    "a text with a comma": ([("10,50", 1), (1.125, 1)], [105_000, 11_250]),
    "many of both": ([("10,50", 1), (2.125, 1)] * 30, [105_000, 21_250] * 30),
    "a comma elsewhere": ([(1.125, "12,50"), (2.5, "3,00")], [11_250, 25_000]),
    "numbers that look like thousands": ([(1.125, 1), (2.125, 1)], [11_250, 21_250]),
    "texts with a point": ([("12.50", 1), (1.125, 1)], [125_000, 11_250]),
    "thousands in a text that also has a comma": (
        [("1.250,00", 1), (1.125, 1), (-0.5, 1)],
        [12_500_000, 11_250, -5_000],
    ),
    "a text that reads in two ways": ([("1.250", 1), (1.125, 1)], None),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("amounts", "read"), AMOUNTS.values(), ids=AMOUNTS)
def test_a_stored_number_has_a_decimal_point(
    reading, kind: str, amounts: Sequence[Row], read: list[int] | None
) -> None:
    content = KINDS[kind](amounts)
    if read is None:
        with pytest.raises(InputError, match=r"reads as 9.999 or as 9999"):
            reading(content, kind)
        return
    found = reading(content, kind)
    assert found.rows["amount"].to_list() == read
    assert found.count.rows_rejected == 0


@pytest.mark.parametrize("kind", KINDS)
def test_fees_of_texts_beside_stored_amounts_choose(segment: Segment, kind: str) -> None:
    content = KINDS[kind]([(1.125, "12,50"), (2.5, "3,00"), (3.5, 10.25)])
    done = segment("run", kind, "--where", "fee>=10", files={kind: content})
    assert done.exit_code == 0, done.err
    assert done.customers["customer_id"].to_list() == ["0", "2"]
    assert done.customers["monetary"].cast(pl.Float64).to_list() == [1.125, 3.5]


def test_one_file_of_numbers_and_one_of_texts(segment: Segment) -> None:
    files = {
        "o/a.jsonl": _json([(1.125, 1)]),
        "o/b.jsonl": _json([("10,50", 1)]).replace(b'": 0', b'": 1'),
    }
    Path("o").mkdir()
    done = segment("run", "o/*.jsonl", files=files)
    assert done.exit_code == 0, done.err
    assert done.customers["monetary"].cast(pl.Float64).to_list() == [1.125, 10.5]
