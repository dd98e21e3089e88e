"""Everybody of whom there are rows, or who is in customers: who they are, and in which order."""

from __future__ import annotations

import numpy as np
import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.arrays import Places
from segmentation.measures.keys import Customers


@dataclass(frozen=True)
class People:
    """What people are called, by number; their numbers in the order of that; their row in customers.

    The numbers of those without rows follow those of all others. Who is not in customers has row -1.
    """

    ids: pl.Series
    order: Places
    rows: Places

    @classmethod
    def of(cls, customers: Customers, known: pl.Series) -> People:
        """Those who were numbered, and those of the table of customers; ids as texts or whole numbers."""
        ids, numbers = customers.ids(), customers.looked_up(known)
        others = np.flatnonzero(numbers < 0)
        numbers[others] = len(ids) + np.arange(len(others))
        rows = np.full(len(ids) + len(others), -1)
        rows[numbers] = np.arange(len(numbers))
        beside = known.gather(others).cast(pl.String)
        return cls(pl.concat([ids, beside]), customers.in_order(beside), rows)

    def here(self, seen: pl.Series) -> Places:
        """In their order, the numbers of those who were seen, or are in customers."""
        is_here = self.rows >= 0
        is_here[: len(seen)] |= seen.to_numpy()
        return self.order[is_here[self.order]]


def gathered(rows: pl.DataFrame, at: Places) -> pl.DataFrame:
    """The rows at these places; missing where there is none, at -1 or beyond the last."""
    is_there = (at >= 0) & (at < rows.height)
    places = pl.Series(at)
    if not is_there.all():
        places = places.set(pl.Series(~is_there), None)
    return rows.select(pl.all().gather(places))
