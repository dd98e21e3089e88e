"""Bounds on rows, cells and columns: refused early, or never read."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from harness import Segment
from lines import HEAD, LINES, PLAIN, RULES, csv, footer_at, stored
from shop import EVERYONE

from segmentation.sources.csv import audit
from segmentation.sources.files.place import Place
from segmentation.sources.parquet import oversize

LONG = {
    "no line ends at all": (b"x" * 300_000, "t.csv: the first line is longer than 256 KB"),
    "no line ends below the header": (
        f"{HEAD}\n".encode() + b"a,2024-01-01,5,x " * 20_000,
        "t.csv:2: this line is longer than",
    ),
    "one long cell": (
        f"{HEAD}\na,2024-01-01,5,Men\nb,2024-01-01,5,".encode() + b"x" * 300_000,
        "t.csv:3: this line is longer than",
    ),
    "a quote that never closes": (
        f'{HEAD}\na,2024-01-01,5,"Men\n'.encode() + csv() * 4,
        "t.csv:2: a quoted cell opens in this row and does not close",
    ),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", LONG)
def test_a_row_without_end_is_refused_early(
    segment: Segment, monkeypatch, kind: str, packed: bool
) -> None:
    """The bounds are lowered from 1 and 16 MB, so that the file may be small."""
    monkeypatch.setattr(audit, "STEP", 10_000)
    monkeypatch.setattr(audit, "MARGIN", 1_000)
    monkeypatch.setattr(audit, "LONGEST_ROW", 100_000)
    monkeypatch.setattr("segmentation.sources.csv.quotes.LONGEST_ROW", 100_000)
    content, said = LONG[kind]
    content = gzip.compress(content) if packed else content
    result = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": content})
    assert (result.exit_code, result.err.startswith(said)) == (3, True), result.err


LARGE_CELL = pl.DataFrame(
    {
        "customer_id": [f"c{i}" for i in range(200)],
        "ordered_at": ["2024-01-01"] * 200,
        "amount": ["5"] * 200,
        "note": ["x"] * 150 + ["x" * (70 << 20)] + ["x"] * 49,
    }
)
TEXTS = pa.schema([(name, pa.string()) for name in LARGE_CELL.columns])


def by_pyarrow(**how: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(LARGE_CELL.to_arrow().cast(TEXTS), file, compression="zstd", **how)
    return file.getvalue()


def by_polars() -> bytes:
    file = io.BytesIO()
    LARGE_CELL.write_parquet(file, compression="zstd")
    return file.getvalue()


WRITERS: dict[str, Callable[[], bytes]] = {
    "polars": by_polars,
    "pyarrow": by_pyarrow,
    "pyarrow without dictionaries": lambda: by_pyarrow(use_dictionary=False),
    "pyarrow, pages of version 2": lambda: by_pyarrow(
        use_dictionary=False, data_page_version="2.0"
    ),
}
LARGE_RULES = {
    "unread": ("{path: b.parquet}", "", None),
    "read by a rule": (
        "b.parquet",
        "features: {n: {count: {event: purchase, where: {note: x}}}}",
        "'note' of transactions",
    ),
    "read as another": (
        "{path: b.parquet, columns: {department: note}}",
        "features: {n: {count: {event: purchase, where: {department: x}}}}",
        "b.parquet: department: the column note",
    ),
    "beside a file without it": (
        "{path: '*.parquet', columns: {customer_id: customer_id}}",
        "features: {n: {count: {event: purchase, where: {note: x}}}}",
        "'note' of transactions",
    ),
}


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize("rules", LARGE_RULES)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_column_with_a_huge_cell_is_never_read(segment: Segment, writer: str, rules: str) -> None:
    """70 MB here; 600 MB are no more bytes in the file."""
    source, features, said = LARGE_RULES[rules]
    persona = "{n: {at_least: 1}}" if features else "{}"
    text = f"version: 1\nsources: {{transactions: {source}}}\n{features}\npersonas: {{everyone: {{match: {persona}}}}}\n"
    content = WRITERS[writer]()
    assert len(content) < 100_000
    files = {
        "personas.yaml": text,
        "b.parquet": content,
        "a.parquet": stored(
            customer_id=pl.Series(["c1"]),
            ordered_at=pl.Series(["2024-01-01"]),
            amount=pl.Series(["5"]),
            note=pl.Series(["x"]),
        ),
    }
    result = segment("run", files=files)
    if said is None:
        assert (result.exit_code, len(result.ids("everyone"))) == (0, 200), result.err
    else:
        assert (result.exit_code, f"{said} has cells too large to be read" in result.err) == (
            3,
            True,
        ), result.err


def test_damage_where_pages_are_told_is_no_large_cell(tmp_path: Path, monkeypatch) -> None:
    """Whatever the footer or a page's header says, looking at it ends, and Polars has the last word."""
    monkeypatch.setattr(oversize, "LARGEST_PAGE", -1)  # every page is looked at
    dice = random.Random(0)
    path = tmp_path / "t.parquet"
    place = Place("t.parquet", str(path))
    for _ in range(1500):
        damaged = bytearray(PLAIN)
        for _ in range(3):
            damaged[dice.randrange(dice.choice([0, footer_at(PLAIN)]), len(PLAIN))] = (
                dice.randrange(256)
            )
        path.write_bytes(damaged)
        assert oversize.oversize_columns([place]) <= {*LINES.columns}


@pytest.mark.deep
def test_a_large_page_of_many_short_cells_is_read(segment: Segment) -> None:
    """Some writers make one page of a whole row group."""
    rows = 1_500_000
    table = pa.table(
        {
            "customer_id": [f"customer number {i:030}" for i in range(rows)],
            "ordered_at": ["2024-01-01"] * rows,
            "amount": ["5"] * rows,
        }
    )
    file = io.BytesIO()
    pq.write_table(
        table,
        file,
        use_dictionary=False,
        data_page_size=1 << 30,
        row_group_size=rows,
        max_rows_per_page=rows,
    )
    result = segment(
        "run",
        "t.parquet",
        "--json",
        files={"personas.yaml": EVERYONE, "t.parquet": file.getvalue()},
    )
    assert result.result["inputs"][0]["rows_used"] == rows


@pytest.mark.deep
def test_a_persona_makes_at_the_most_500_files(segment: Segment) -> None:
    rows = "".join(f"c{i},2024-01-01,5,d{i}\n" for i in range(501))
    rules = "version: 1\npersonas: {each: {for_each: top_department, match: {}}}\n"
    files = {"personas.yaml": rules, "t.csv": f"{HEAD}\n{rows}"}
    result = segment("run", "t.csv", files=files)
    assert (result.exit_code, result.err.split("\n")[0]) == (
        2,
        "personas.yaml:2:29: for_each: top_department has 501 values, and a persona makes at "
        "the most 500 files unless it says most",
    )
    fewer = files | {"t.csv": f"{HEAD}\n" + "".join(rows.splitlines(keepends=True)[:500])}
    assert len(segment("run", "t.csv", "--json", files=fewer).result["personas"]) == 500
    asked = files | {"personas.yaml": rules.replace("match: {}", "most: 500")}
    assert "write `most: 500` for files of the 500 largest" in result.err
    assert len(segment("run", "t.csv", files=asked).manifest["personas"]) == 501  # with the rest
    rows = "".join(f"c{i},2024-01-01,5,d{i}\n" for i in range(10_001))
    result = segment("run", "t.csv", files=asked | {"t.csv": f"{HEAD}\n{rows}"})
    assert (result.exit_code, result.err.split("\n")[0]) == (
        2,
        "personas.yaml:2:29: for_each: top_department has 10,001 values: more than 10,000 tell "
        "people apart, not groups",
    )
