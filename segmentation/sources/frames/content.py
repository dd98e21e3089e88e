"""What tells two frames apart, for the fingerprints of a manifest: of large ones some rows, as of large files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.sources.files.content import BLOCKS, Content
from segmentation.sources.reader import RECORD

ROWS: Final = 1024  # of a block
#: frames up to here are looked at whole; of larger ones this much in blocks spread evenly, ends included
WHOLE: Final = ROWS * BLOCKS


def content_of(name: str, rows: pl.LazyFrame, schema: Mapping[str, pl.DataType]) -> Content:
    """The size of a frame is its number of rows; what it holds are names, types and cells."""

    def add(digest: hashlib._Hash) -> int:
        height = int(rows.select(pl.len()).collect(engine="streaming").item())
        digest.update(repr((height, [(n, str(t)) for n, t in schema.items()])).encode())
        for row in _rows_of(rows, schema, _looked_at(height)).iter_rows():
            digest.update(repr(row).encode())
        return height

    return Content(name, add)


def _looked_at(height: int) -> Sequence[int]:
    """The numbers of the rows that are looked at.

    >>> len(_looked_at(5)), len(_looked_at(1_000_000)), _looked_at(1_000_000)[-1]
    (5, 16384, 999999)
    """
    if height <= WHOLE:
        return range(height)
    starts = ((height - ROWS) * i // (BLOCKS - 1) for i in range(BLOCKS))
    return [number for start in starts for number in range(start, start + ROWS)]


def _rows_of(
    rows: pl.LazyFrame, schema: Mapping[str, pl.DataType], numbers: Sequence[int]
) -> pl.DataFrame:
    """Some rows in their order, days and times as the numbers that they are stored as.

    Objects of Python are left out: their text says where they lie, not what they are.
    """
    chosen = pl.col(RECORD).is_in(pl.lit(pl.Series(numbers, dtype=pl.UInt32)).implode())
    cells = [_sayable(n, t) for n, t in schema.items() if t != pl.Object]
    found = rows.with_row_index(RECORD).filter(chosen).select(RECORD, *cells)
    return found.collect(engine="streaming").sort(RECORD)


def _sayable(column: str, dtype: pl.DataType) -> pl.Expr:
    return pl.col(column).to_physical() if dtype.is_temporal() else pl.col(column)
