"""Columns as a file of typed columns stores them: which hold texts, and which of their values can be said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.sources.reader import RECORD, OddRows, RawRow, RawTable
from segmentation.sources.stored_types import is_text

if TYPE_CHECKING:
    from segmentation.sources.csv.dialect import CsvFile

SAMPLED: Final = 1000
_DAYS_HELD: Final = (-719_162, 2_932_896)  # 0001-01-01 to 9999-12-31, counted from 1970
_NANOSECONDS: Final = 86_400 * 10**9  # of a day


@dataclass(frozen=True)
class StoredTable(RawTable):
    """What holds of all tables of typed columns: their cells cannot run into each other."""

    @property
    def can_hold_quoted_blanks(self) -> bool:
        """Who stores a column puts a null where nothing is meant."""
        return False

    @property
    def texts(self) -> tuple[CsvFile, ...]:
        """None."""
        return ()

    def undelimited(self, table: str) -> Problem | None:
        """Columns are stored apart: one is one."""
        return None

    def rows_counted(self) -> int | None:
        """Nothing beside the columns counts rows, and no scan of columns has a chance to miss one."""
        return None

    def odd_rows(self) -> OddRows:
        """None: all columns have as many cells."""
        return OddRows()

    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """Each row with its number from 1, rendered as JSON."""
        if not records:
            return
        for record, raw, cells in _rows_at(self.scan(with_records=True), self.schema, records):
            yield record, RawRow(self.called, record + 1, raw, cells, len(cells), len(cells))


def as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    """A column as String; bytes that are not UTF-8 are missing, and so are days of no calendar."""
    if dtype == pl.Binary:
        return pl.col(column).map_batches(_decoded, return_dtype=pl.String, is_elementwise=True)
    found = possible(column, dtype)
    return found if dtype == pl.String else found.cast(pl.String)


def _decoded(cells: pl.Series) -> pl.Series:
    try:
        return cells.cast(pl.String)
    except pl.exceptions.ComputeError:  # also with strict=False
        return pl.Series(cells.name, [_utf8(cell) for cell in cells], dtype=pl.String)


def _utf8(cell: bytes | None) -> str | None:
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        return None


def possible(column: str, dtype: pl.DataType) -> pl.Expr:
    """A column of days or times as it is stored, without what no calendar has: Polars panics at it.

    Years 1 to 9999, and times within a day; damaged files hold others. Spans of time are numbers.
    """
    found = pl.col(column)
    if not dtype.is_temporal():
        return found
    stored = found.to_physical()
    if dtype == pl.Date:
        return pl.when(stored.is_between(*_DAYS_HELD)).then(found)
    if dtype == pl.Time:
        return pl.when(stored.is_between(0, _NANOSECONDS - 1)).then(found)
    if isinstance(dtype, pl.Datetime):
        unit = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[dtype.time_unit]
        first, last = (max(-(2**63), min(2**63 - 1, day * 86_400 * unit)) for day in _DAYS_HELD)
        return pl.when(stored.is_between(first, last)).then(found)
    return stored if dtype == pl.Duration else found


def sample_of(
    rows: pl.LazyFrame, schema: Mapping[str, pl.DataType]
) -> Mapping[str, list[str | None]]:
    """The first and last values, as text, of those columns in which text may have to be read."""
    texts = {n: as_text(n, t) for n, t in schema.items() if is_text(t)}
    texts |= {n: as_text(n, t) for n, t in schema.items() if t.is_integer()}
    if not texts:
        return {}
    raw = rows.select(list(texts))
    said = [text.alias(name) for name, text in texts.items()]
    # one after the other: a slice alone reads no more than it needs
    ends = [end.collect().select(said) for end in (raw.head(SAMPLED), raw.tail(SAMPLED))]
    return pl.concat(ends).to_dict(as_series=False)


def _rows_at(
    rows: pl.LazyFrame, schema: Mapping[str, pl.DataType], records: Sequence[int]
) -> Iterator[tuple[int, str, Mapping[str, str | None]]]:
    """Some rows by their RECORD: it, the row as JSON, and its cells as text."""
    chosen = pl.col(RECORD).is_in(pl.lit(pl.Series(records, dtype=pl.UInt32)).implode())
    sayable = [possible(n, t).alias(n) for n, t in schema.items() if t.is_temporal()]
    found = rows.filter(chosen).with_columns(sayable).collect(engine="streaming")
    for row in found.sort(RECORD).iter_rows(named=True):
        number = row.pop(RECORD)
        cells = {name: None if value is None else str(value) for name, value in row.items()}
        yield number, json.dumps(row, default=str, ensure_ascii=False), cells
