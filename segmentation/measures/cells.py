"""What is folded by group, the way of a database: for grains that are too many for arrays, and for texts.

One row per customer and grain that holds something. Rows are added as they come, and folded whenever
they are many, so that memory grows with what they say and not with how often they say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from segmentation.measures.grains import CUSTOMER, GRAIN
from segmentation.measures.parts import Part

MOST_WAITING: Final = 4_000_000  # rows
_PAIR: Final = "__pair"
_CODES: Final = 1 << 32


class Cells:
    """Partial results of some parts by customer, or by customer and grain."""

    way = "groups"

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = {p.carried: p for p in parts}
        self.by = [CUSTOMER] if parts[0].grain is None else [CUSTOMER, GRAIN]
        self._folded: pl.DataFrame | None = None
        self._waiting: list[pl.DataFrame] = []
        self._rows = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows, or partial results: CUSTOMER, GRAIN where there is one, and a column per part."""
        if not rows.height:
            return
        self._waiting.append(rows)
        self._rows += rows.height
        folded = 0 if self._folded is None else self._folded.height
        if self._rows > max(MOST_WAITING, folded):
            self._fold()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever added."""
        return self._folded is None and not self._waiting

    def held(self) -> pl.DataFrame | None:
        """One row per customer (and grain); None where nothing was ever added."""
        if self._waiting:
            self._fold()
        return self._folded

    def _fold(self) -> None:
        rows = self._waiting if self._folded is None else [self._folded, *self._waiting]
        self._waiting, self._rows = [], 0
        self._folded = self._grouped(pl.concat(rows, how="vertical_relaxed"))

    def _grouped(self, rows: pl.DataFrame) -> pl.DataFrame:
        folds = [p.fold.merge(pl.col(c)).alias(c) for c, p in self.parts.items()]
        if self.by == [CUSTOMER] or not _fit_one(rows):
            return rows.lazy().group_by(self.by).agg(folds).collect(engine="streaming")
        pair = (pl.col(CUSTOMER) * _CODES + pl.col(GRAIN)).alias(_PAIR)
        keyed = rows.lazy().select(pair, *self.parts)
        grouped = keyed.group_by(_PAIR).agg(folds)
        customer, grain = pl.col(_PAIR) // _CODES, pl.col(_PAIR) % _CODES
        apart = grouped.select(customer.alias(CUSTOMER), grain.alias(GRAIN), *self.parts)
        return apart.collect(engine="streaming")


def _fit_one(rows: pl.DataFrame) -> bool:
    """Whether a customer and a grain fit one integer."""
    low, high = rows.select(pl.col(GRAIN).min(), pl.col(GRAIN).max().alias("high")).row(0)
    return low is None or (low >= 0 and high < _CODES)
