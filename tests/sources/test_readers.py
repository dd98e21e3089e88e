"""A kind of source is one record with all its aspects, and nobody else asks which kind there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest

import segmentation
from segmentation.rules.sources import Source
from segmentation.sources.csv.reader import CSV
from segmentation.sources.reader import RawTable, Reader
from segmentation.sources.readers import ENDINGS, READERS

ENGINE = Path(segmentation.__file__).parent


@pytest.mark.parametrize("aspect", [field.name for field in fields(Reader)])
def test_a_reader_without_an_aspect_cannot_be_made(aspect):
    aspects = {field.name: getattr(CSV, field.name) for field in fields(Reader)}
    assert Reader(**aspects) == CSV
    del aspects[aspect]
    with pytest.raises(TypeError, match=aspect):
        Reader(**aspects)


@pytest.mark.parametrize("aspect", sorted(RawTable.__abstractmethods__))
def test_a_table_without_an_aspect_cannot_be_made(aspect):
    others = {name: property() for name in RawTable.__abstractmethods__ - {aspect}}
    lacking = type("Lacking", (RawTable,), others)
    with pytest.raises(TypeError, match=aspect):
        lacking((), {"id": pl.String()}, {}, frozenset())


def test_each_kind_has_endings_of_its_own():
    assert len({reader.kind for reader in READERS}) == len(READERS)
    assert len(set(ENDINGS.read)) == sum(len(reader.suffixes) for reader in READERS)


def test_nobody_but_the_readers_asks_for_the_kind_or_the_distance_of_a_file():
    asks = re.compile(r"\.is_remote\b|kind (==|!=|in) [(\"']*(csv|parquet)\b")
    own = {"sources/csv", "sources/parquet", "sources/files"}
    asking = {
        str(path.relative_to(ENGINE))
        for path in ENGINE.rglob("*.py")
        if str(path.relative_to(ENGINE).parent) not in own and asks.search(path.read_text())
    }
    assert asking == set()


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize("kind", ["t.csv", "t.parquet", "a frame"])
@pytest.mark.parametrize("name", ["__record", "__file", "record", "__code", "__usable", "__misfit"])
def test_a_column_that_is_called_like_one_of_ours_does_no_harm(written, read_all, kind, name):
    columns = {"customer_id": ["a", "b", "c"], "amount": ["1", "x", "2"], name: ["own"] * 3}
    rows = pl.DataFrame({**columns, "ordered_at": ["2024-01-01"] * 3})
    if kind == "a frame":
        source = Source(path=kind, frame=rows.lazy())
    else:
        content = rows.write_csv() if kind == "t.csv" else rows
        source = Source(path=str(written(content, kind)))
    found = read_all("transactions", source)
    assert found.rows["amount"].to_list() == [10_000, 20_000]
    line = 3 if kind == "t.csv" else 2  # where a header is the first
    assert found.rejects.select("line", "reason").rows() == [(line, "amount is not a number")]
    assert "own" in found.rejects["raw"].item()
