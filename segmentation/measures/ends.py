"""The value at the earliest or latest moment of each customer.

An array holds the moment that is the furthest so far, so that only rows of that moment are kept. What
they say is compared when all rows have come: of several the first by value counts.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from segmentation.measures.arrays import as_integers, grown
from segmentation.measures.batch import Batch
from segmentation.measures.folds import FIRST, LAST, TIME, VALUE
from segmentation.measures.grains import CUSTOMER, placed
from segmentation.measures.parts import Part

MOST_WAITING: Final = 1 << 20  # rows


class Ends:
    """What one part holds of each customer."""

    def __init__(self, part: Part, pair: pl.DataType) -> None:
        assert isinstance(pair, pl.Struct)
        self._time_dtype, self._value_dtype = (f.dtype for f in pair.fields)
        self._is_last = part.fold is LAST
        self._neutral = np.iinfo(np.int64).min if self._is_last else np.iinfo(np.int64).max
        self._times = np.zeros(0, np.int64)
        self._held: list[pl.DataFrame] = []
        self._rows = self._kept = 0

    @property
    def size(self) -> int:
        """How many customers it has room for."""
        return len(self._times)

    def fold(self, batch: Batch, part: Part) -> None:
        """Take rows up. A run has one day, but as many moments as rows: all of them are looked at."""
        customers, pairs = batch.customers, batch.column(part.valued)
        at = batch.places(part)
        if batch.size > len(self._times):
            self._times = grown(self._times, batch.size + batch.size // 2, self._neutral)
        times = as_integers(pairs.struct.field(TIME)).astype(np.int64, copy=False)
        scatter = np.maximum if self._is_last else np.minimum
        scatter.at(self._times, batch.customers_of(part), batch.picked(part, times))
        is_best = times == self._times.take(customers)
        best = np.flatnonzero(is_best) if at is None else at[is_best.take(at)]
        rows = pl.DataFrame({CUSTOMER: customers, TIME: times, VALUE: pairs.struct.field(VALUE)})
        self._held.append(rows if len(best) == len(rows) else rows[best])
        self._rows += len(best)
        if self._rows > max(MOST_WAITING, 2 * self._kept):
            self._let_go()

    def _let_go(self) -> None:
        """Let rows go of which a later one came to be further."""
        rows = pl.concat(self._held)
        is_best = rows[TIME].to_numpy() == self._times.take(rows[CUSTOMER].to_numpy())
        kept = rows[np.flatnonzero(is_best)]
        self._held, self._rows, self._kept = [kept], kept.height, kept.height

    def found(self, size: int) -> pl.Series:
        """The pair of each customer; missing where there is none."""
        pair = pl.Struct({TIME: self._time_dtype, VALUE: self._value_dtype})
        if not self._held:
            return pl.Series([None], dtype=pair).new_from_index(0, size)
        self._let_go()
        best = self._held[0].group_by(CUSTOMER).agg(pl.col(TIME).first(), pl.col(VALUE).min())
        pairs = best.select(
            pl.struct(pl.col(TIME).cast(self._time_dtype), VALUE).alias(VALUE)
        ).to_series()
        return placed(best[CUSTOMER].to_numpy(), pairs, size)


def can_hold_ends(part: Part, dtype: pl.DataType | None) -> bool:
    """Whether the moment is one that an array can hold."""
    if part.fold not in (FIRST, LAST) or not isinstance(dtype, pl.Struct):
        return False
    return dtype.fields[0].dtype.is_temporal()
