"""JSON, in lines and in arrays: the rows of the same CSV, bad ones found in their lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import Segment

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources import converted
from segmentation.sources.json import objects

ROWS = [
    {"customer_id": "1", "ordered_at": "2023-01-25", "order_id": "A0", "amount": 91.4},
    {"customer_id": "2", "ordered_at": "2023-02-11", "order_id": "A1", "amount": "59.00"},
    {"customer_id": "1", "ordered_at": "2023-03-02", "order_id": "A2", "amount": 12.5},
    {"customer_id": "3", "ordered_at": "2023-13-02", "order_id": "A3", "amount": 8},
]
LINES = "\n".join(map(json.dumps, ROWS))

SHAPES: dict[str, tuple[str | bytes, int]] = {
    "lines": (LINES, 4),
    "lines, blank ones among them": (LINES.replace("\n", "\r\n\r\n") + "\n\n", 7),
    "array": (json.dumps(ROWS), 1),
    "array, a line for each": (f"[\n{LINES.replace(chr(10), ',' + chr(10))}\n]\n", 5),
    "array, indented": (json.dumps(ROWS, indent=4), 20),
    "objects, indented": ("\n".join(json.dumps(row, indent=1) for row in ROWS), 19),
    "with a mark": ("\ufeff" + LINES, 4),
    "UTF-16": (LINES.encode("utf-16"), 4),
    "gzip": (gzip.compress(LINES.encode()), 4),
}


@pytest.mark.parametrize(("content", "line"), SHAPES.values(), ids=SHAPES)
def test_each_object_is_a_row(content: str | bytes, line: int, reading: Callable[..., Any]) -> None:
    found = reading(content, "o.json")
    assert found.rows.sort("ordered_at").select("customer_id", "order_id", "amount").rows() == [
        (1, "A0", 914_000),
        (2, "A1", 590_000),
        (1, "A2", 125_000),
    ]
    assert found.rejects.select("line", "reason").rows() == [(line, "date does not fit ISO 8601")]
    assert json.loads(found.rejects["raw"][0]) == ROWS[-1]


def test_small_windows_and_batches_change_nothing(
    reading: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_STEP", 7)
    monkeypatch.setattr(converted, "_AT_ONCE", 2)
    late = {**ROWS[0], "note": "späte \u2028 Spalte", "order_id": "A9"}
    found = reading("\n".join(json.dumps(r, ensure_ascii=False) for r in [*ROWS, late]))
    assert found.rows["note"].to_list() == [None, None, None, "späte \u2028 Spalte"]
    assert found.rejects["line"].to_list() == [4]


def test_cells_keep_what_is_written(reading: Callable[..., Any]) -> None:
    row = (
        '{"customer": {"id": 12345678901234567890, "tags": ["a", {"b": 1}]}, "amount": 0.00005,'
        ' "ordered_at": "2023-01-25", "gift": true, "note": "", "shop": null}'
    )
    found = reading(row, source={"columns": {"customer_id": "customer.id"}}).rows
    assert found.select(
        "customer_id", "customer.tags", "amount", "gift", "note", "shop"
    ).rows() == [("12345678901234567890", '["a", {"b": "1"}]', 1, "true", None, None)]


def test_files_whose_fields_differ_are_read_together(
    written: Callable[..., Path], read_all: Callable[..., Any], tmp_path: Path
) -> None:
    written(json.dumps(ROWS[0]), "a.jsonl")
    written(json.dumps(dict(reversed(ROWS[2].items()))), "b.jsonl")
    written(json.dumps({**ROWS[1], "shop": "x"}), "c.jsonl")
    found = read_all("transactions", Source(path=str(tmp_path)))
    assert sorted(found.rows.select("order_id", "shop").rows()) == [
        ("A0", None),
        ("A1", "x"),
        ("A2", None),
    ]


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "cut off in an object": (
        LINES[:-9],
        r"o.json:4: the object of JSON that begins here is broken",
    ),
    "cut off between two": (json.dumps(ROWS)[:-1], "o.json:1: here stands something else"),
    "broken within": (LINES.replace('"A1"', "A1"), "o.json:2: the object of JSON"),
    "rows are lists": (
        '[{"a": 1},\n[1, 2]]',
        "o.json:2: here stands something else than an object",
    ),
    "something behind the array": (json.dumps(ROWS) + "\n{}", "o.json:2: the object of JSON"),
    "no object": ("[]", "o.json: the file holds no row"),
    "rows in a field": (json.dumps({"orders": ROWS}), r"the field orders\n  Take them out: jq -c"),
    "no UTF-8": (LINES.replace("A3", "Köln").encode("latin-1"), "o.json:4: the file is not UTF-8"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_row_is_refused_with_its_line(
    content: str | bytes, said: str, reading: Callable[..., Any]
) -> None:
    with pytest.raises(InputError, match=said):
        reading(content, "o.json")


DATES = {
    "ISO": '{"$date": "2025-01-02T10:00:00Z"}',
    "milliseconds": '{"$date": {"$numberLong": "1735812000000"}}',
}


@pytest.mark.parametrize("moment", DATES.values(), ids=DATES)
def test_values_of_mongodb_are_what_their_types_hold(segment: Segment, moment: str) -> None:
    row = (
        '{"_id": {"$oid": "65a0"}, "customer_id": {"$numberLong": "17"}, '
        f'"ordered_at": {moment}, "amount": {{"$numberDecimal": "12.50"}}}}'
    )
    another = row.replace('"17"', '"18"')
    done = segment("run", "o.json", files={"o.json": f"{row}\n{another}\n"})
    assert done.exit_code == 0, done.err
    found = done.customers.select("customer_id", "monetary", "last_order_on").rows()
    assert [(i, float(m), str(d)) for i, m, d in found] == [
        ("17", 12.5, "2025-01-02"),
        ("18", 12.5, "2025-01-02"),
    ]
