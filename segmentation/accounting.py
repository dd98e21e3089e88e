"""Rejected rows, found again in a second pass: where they stand, why, and their raw text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from segmentation.features.rows import Tables
from segmentation.prepare import opened
from segmentation.sources import InputCount, rejects

REJECTS = {
    "table": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "reason": pl.String,
    "raw": pl.String,
}


def rejected_rows(
    tables: Tables, inputs: Sequence[InputCount], *, limit: int | None = None
) -> pl.DataFrame:
    """The rejected rows of all inputs: table, file, line, reason, raw; `limit` is per input."""
    tallies = [t for table in opened(tables) for t in table.tallies]
    bad = [t for t, n in zip(tallies, inputs, strict=True) if n.rows_rejected]
    found = [rejects(t.table, t, limit=limit) for t in bad]
    return pl.concat([pl.DataFrame(schema=REJECTS), *found])


def first_rejected(tables: Tables, inputs: Sequence[InputCount]) -> list[str]:
    """The first three rejected rows as `file:line: reason`, transactions first."""
    rows = rejected_rows(tables, inputs, limit=3).head(3)
    return [f"{r['file']}:{r['line']}: {r['reason']}" for r in rows.iter_rows(named=True)]


def first_rejected_of(one: InputCount, tables: Tables, inputs: Sequence[InputCount]) -> list[str]:
    """The first three rejected rows of one input."""
    return first_rejected(tables, [i if i is one else replace(i, rows_rejected=0) for i in inputs])
