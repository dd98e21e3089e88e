"""Rejected rows, found again in a second pass: where they stand, why, and their raw text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.measures.rows import Tables
from segmentation.messages.command import again, is_named
from segmentation.rules.reading.options import as_map
from segmentation.rules.yaml.flow import flow
from segmentation.scan.prepare import opened
from segmentation.sources import InputCount, rejects
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.recipe import Recipe

MOST_TOLD: Final = 3
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
    rows = rejected_rows(tables, inputs, limit=MOST_TOLD).head(MOST_TOLD)
    return [_told(row) for row in rows.iter_rows(named=True)]


def made_of_price(tables: Tables) -> list[str]:
    """That the amount may be quantity times price, where it was guessed to be a column that holds nothing."""
    for tally, part in ((t, part) for t in tables.transactions.tallies for part in t.parts):
        recipe = part.recipe
        if "amount" not in recipe.columns.guessed or not _has_price(recipe):
            continue
        column = recipe.source("amount")
        held = part.raw.scan().select(holds(column, recipe.dtype(column)).any())
        if not held.collect(engine="streaming").item():
            is_typed = is_named(tally.path)
            way = (
                again(as_map("amount", None))
                if is_typed
                else flow({"columns": {"amount": None}})[1:-1]
            )
            return [f"{column} is blank in all rows. If quantity × price is the amount: {way}"]
    return []


def _has_price(recipe: Recipe) -> bool:
    return recipe.has("quantity") and recipe.has("unit_price")


def _told(row: Mapping[str, object]) -> str:
    return f"{row['file']}:{row['line']}: {row['reason']}"


def firsts(rejected: pl.DataFrame, inputs: Sequence[InputCount]) -> list[list[str]]:
    """Of each input the first three of `rejected`, which holds every rejected row of all of them."""
    found, start = [], 0
    for one in inputs:
        rows = rejected.slice(start, min(one.rows_rejected, MOST_TOLD))
        found.append([_told(row) for row in rows.iter_rows(named=True)])
        start += one.rows_rejected
    return found


def first_rejected_of(one: InputCount, tables: Tables, inputs: Sequence[InputCount]) -> list[str]:
    """The first three rejected rows of one input."""
    return first_rejected(tables, [i if i is one else replace(i, rows_rejected=0) for i in inputs])
