"""What each file says of each day: its rows, their amount, and a hash that is theirs in any order.

Two files that agree in all three for a day brought the same rows twice. Hashes are compared within
one run: they are made of the numbers that customers have in it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segmentation.measures.arrays import BOUND, Values, as_integers, largest
from segmentation.measures.keys import Texts
from segmentation.measures.partials import KEY
from segmentation.measures.rows import Rows
from segmentation.measures.runs import Runs
from segmentation.sources.reader import FILE

FILE_OF: Final = "__file"
_BY: Final = ["file", "day"]
_SCHEMA: Final = {
    "file": pl.UInt32,
    "day": pl.Int32,
    "rows": pl.Int64,
    "amount": pl.Int128,
    "hash": pl.UInt64,
}
#: odd numbers without a pattern: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, 2014
_MIX: Final = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)))
_MOST_CELLS: Final = 1 << 16  # of files and days of a batch that are added up in arrays
_FEWEST_IN_RUN: Final = 8  # rows of one file and day, to add these up first


class Deliveries:
    """The rows, amount and hash of each file and day of a table."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._files = rows, Texts()
        self._found: list[tuple[Values, ...]] = []
        self._apart: list[pl.DataFrame] = []

    def asks(self) -> dict[str, pl.Expr]:
        """The file of a row, beside what is known of it."""
        return {FILE_OF: self._files.code(pl.col(FILE))}

    def see(self, rows: pl.DataFrame) -> None:
        """Add up some rows."""
        files, days = as_integers(rows[FILE_OF]), as_integers(rows[self._rows.day])
        amounts = None
        if self._rows.name == "transactions":
            amounts = rows["amount"].to_numpy()
        hashes = _hashed(rows[KEY].to_numpy(), amounts)
        ones = np.ones(rows.height, np.int64)
        added = 0 * ones if amounts is None else amounts
        columns: tuple[Values, ...] = (files, days, ones, added, hashes)
        if amounts is not None and largest(amounts) * rows.height >= BOUND:
            self._apart.append(_grouped(*columns))
            return
        runs = Runs((files, days))
        if runs.are_of(_FEWEST_IN_RUN):
            begins = np.flatnonzero(runs.begins)
            place = (files[begins], days[begins])
            columns = (*place, *(np.add.reduceat(one, begins) for one in columns[2:]))
        self._add(*columns)

    def _add(self, files: Values, days: Values, *held: Values) -> None:
        first, since = int(files.min()), int(days.min())
        width = int(days.max()) - since + 1
        size = width * (int(files.max()) - first + 1)
        if size > _MOST_CELLS:
            self._apart.append(_grouped(files, days, *held))
            return
        at = days.astype(np.int64) - since
        if size != width:
            at += (files.astype(np.int64) - first) * width
        sums = [np.zeros(size, one.dtype) for one in held]
        for total, one in zip(sums, held, strict=True):
            np.add.at(total, at, one)
        some = np.flatnonzero(sums[0])
        place = (some // width + first, some % width + since)
        self._found.append((*place, *(total[some] for total in sums)))

    @property
    def days(self) -> pl.DataFrame:
        """`table`, `file` as its scan calls it, `day`, `rows`, `amount` in 1/10,000 and `hash`."""
        columns = zip(*self._found, strict=True) if self._found else ((),) * len(_SCHEMA)
        held: list[Any] = [np.concatenate(c) if c else [] for c in columns]
        together = pl.DataFrame(dict(zip(_SCHEMA, held, strict=True))).cast(_SCHEMA)  # type: ignore[arg-type]  # types by name
        found = _added(pl.concat([together, *self._apart]))
        files = self._files.texts(found["file"])
        named = found.with_columns(files.alias("file"), pl.col("day").cast(pl.Date))
        table = pl.lit(self._rows.name).alias("table")
        return named.select(table, *_BY, "rows", "amount", "hash").sort(_BY)


def _grouped(*columns: Values) -> pl.DataFrame:
    """The same where files or days lie far apart, or amounts are enormous."""
    return _added(pl.DataFrame(dict(zip(_SCHEMA, columns, strict=True))).cast(_SCHEMA))  # type: ignore[arg-type]  # types by name


def _added(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by(_BY).agg(pl.col("rows", "amount", "hash").sum())


def _hashed(customers: NDArray[np.int64], amounts: NDArray[np.int64] | None) -> NDArray[np.uint64]:
    """A number for each row; equal rows have the same."""
    golden, first, second = _MIX
    found = customers.astype(np.uint64)
    found *= golden
    if amounts is not None:
        found ^= amounts.view(np.uint64) * first
    found ^= found >> np.uint64(31)
    found *= second
    return found
