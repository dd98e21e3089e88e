"""Which grains a customer has, where they are too many for arrays: pairs of both numbers, each once.

A pair is one integer, and integers are sorted several times as fast as they are hashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from segmentation.measures.arrays import Places
from segmentation.measures.cells import MOST_WAITING, Cells
from segmentation.measures.grains import CUSTOMER, GRAIN
from segmentation.measures.parts import Part

_BITS: Final = 32
_HALF: Final = 1 << (_BITS - 1)  # grains are from -_HALF up to it: days before 1970 are below 0


class Pairs:
    """The pairs of customer and grain of which one part, that asks yes or no, says yes."""

    way = "sorted pairs"

    def __init__(self, part: Part) -> None:
        self._part = part
        self._pairs = np.zeros(0, np.int64)
        self._waiting: list[Places] = []
        self._number = 0
        self._far = Cells([part])  # those whose grain is too far from 0 to make one integer with

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever added."""
        return not (len(self._pairs) or self._waiting) and self._far.is_empty

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows, or partial results: CUSTOMER, GRAIN, and true for each."""
        yes = rows.filter(pl.col(self._part.carried).fill_null(value=False))
        self.take(yes[CUSTOMER].to_numpy(), yes[GRAIN].to_numpy())

    def take(self, customers: Places, grains: Places) -> None:
        """Add a pair of each two numbers."""

        if not len(grains):
            return
        if int(grains.min()) < -_HALF or int(grains.max()) >= _HALF:
            is_far = (grains < -_HALF) | (grains >= _HALF)
            far = {CUSTOMER: customers[is_far], GRAIN: grains[is_far], self._part.carried: True}
            self._far.add(pl.DataFrame(far))
            customers, grains = customers[~is_far], grains[~is_far]
        self._waiting.append((customers << _BITS) + (grains + _HALF))
        self._number += len(grains)
        if self._number > max(MOST_WAITING, len(self._pairs)):
            self._sort()

    def _sort(self) -> None:
        every = np.concatenate([self._pairs, *self._waiting])
        self._waiting, self._number = [], 0
        every.sort()
        is_first = np.ones(len(every), np.bool_)
        np.not_equal(every[1:], every[:-1], out=is_first[1:])
        self._pairs = every if is_first.all() else every[np.flatnonzero(is_first)]

    def held(self) -> pl.DataFrame | None:
        """A row of each pair; None where nothing was ever added."""
        if self.is_empty:
            return None
        if self._waiting:
            self._sort()
        customers, grains = self._pairs >> _BITS, (self._pairs & (2 * _HALF - 1)) - _HALF
        near = pl.DataFrame({CUSTOMER: customers, GRAIN: grains})
        near = near.with_columns(pl.lit(value=True).alias(self._part.carried))
        far = self._far.held()
        return near if far is None else pl.concat([near, far.select(near.columns)])


def grouped(parts: Sequence[Part], *, dense: bool) -> Cells | Pairs:
    """What holds parts within a grain that no array can hold."""
    is_set = dense and len(parts) == 1 and parts[0].fold.is_flag
    return Pairs(parts[0]) if is_set else Cells(parts)
