"""What reading gives: a table of usable rows, and for each source a tally of all its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from segmentation.sources.canonical import Reason, Recipe
from segmentation.sources.dialect import CsvFile
from segmentation.sources.locate import Place


@dataclass(frozen=True)
class Part:
    """Files of one source that are scanned alike: one header, one recipe."""

    places: tuple[Place, ...]
    csv: tuple[CsvFile, ...]  # empty for Parquet and remote files
    recipe: Recipe
    coded: pl.LazyFrame
    """Canonical rows and their reason code, bad ones included."""

    ragged: Mapping[Reason, list[int]]


@dataclass(frozen=True)
class Tally:
    """One source: `counts` is one row of rows_read, rows_used and one column per reason."""

    table: str
    path: str
    counts: pl.LazyFrame
    parts: tuple[Part, ...] = ()
    keyed: pl.LazyFrame | None = None
    """For customers and products: the table's rows, one per key unless they conflict."""


@dataclass(frozen=True)
class Table:
    """One canonical table: usable rows only, ready to be shared by every query on it."""

    name: str
    rows: pl.LazyFrame
    columns: Mapping[str, pl.DataType]
    tallies: tuple[Tally, ...]
    notes: tuple[str, ...]
    """Every guess that was made, one sentence each."""


@dataclass(frozen=True)
class InputCount:
    """What became of one source's rows: read = used + rejected + set aside."""

    table: str
    path: str
    rows_read: int
    rows_used: int
    rows_rejected: int
    rows_set_aside: Mapping[str, int]
