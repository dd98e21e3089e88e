"""Parts within the values of a column: departments, products, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from segmentation.measures.above_zero import AboveZero, read_above_zero
from segmentation.measures.arrays import Arrays, Found, Schema, can_hold
from segmentation.measures.batch import Batch
from segmentation.measures.grains import CUSTOMER, GRAIN, Grains
from segmentation.measures.groups import Groups
from segmentation.measures.parts import Part
from segmentation.measures.stores.names import Names
from segmentation.measures.stores.store import (
    ARRAYS,
    Store,
    fold_known,
    of_rows,
    over_grains,
)

MOST_NAMES: Final = 64  # of a block: more would be mostly empty


class WithinNames(Store):
    """Parts within the grains of a column: a block of arrays while the grains are few, else cells."""

    def __init__(
        self, parts: Sequence[Part], schema: Schema, names: Names, grain: str, *, dense: bool
    ) -> None:
        self.parts, self._names, self._grain = parts, names, grain
        self._arrays = Arrays(parts, schema)
        self._width = 0 if dense and all(can_hold(p, schema) for p in parts) else -1
        self._groups = Groups(parts, schema, dense=dense)

    def fold(self, batch: Batch) -> None:
        """Take rows up."""
        if not len(batch.customers):
            return
        if self._width >= 0 and not self._fits(batch.column(self._grain)):
            self._to_groups()
        if self._width < 0:
            self._groups.take(batch, self._grain)
            return
        self._take(batch)

    def _take(self, batch: Batch) -> None:
        self._arrays.reserve(batch.size * self._width)
        at = batch.customers * self._width + batch.array(self._grain)
        grains = batch.column(self._grain)
        if grains.null_count():
            at[grains.is_null().to_numpy()] = -1
        for column in self._arrays.columns.values():
            fold_known(column, batch, at)

    def _to_groups(self) -> None:
        self._groups.add(self._block())
        self._arrays, self._width = Arrays((), {}), -1

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows."""
        return [self._block()] if self._width >= 0 else self._groups.rows()

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held."""
        if self._width >= 0:
            self._to_groups()
        self._groups.add(rows)

    def _fits(self, grains: pl.Series) -> bool:
        """Make room for these names; no where they are too many."""
        low, high = grains.min(), grains.max()
        if high is None:
            self._width = self._width or 1
            return True
        assert isinstance(low, int)
        assert isinstance(high, int)
        if low < 0 or high >= MOST_NAMES:
            return False
        if high >= self._width:
            self._widen(max(high + 1, min(2 * self._width, MOST_NAMES), 8))
        return True

    def _widen(self, width: int) -> None:
        customers = self._arrays.size // self._width if self._width else 0
        old = np.arange(self._arrays.size)
        to = old // self._width * width + old % self._width if self._width else old
        self._arrays.move(to[: customers * self._width] if customers else to, customers * width)
        self._width = width

    def _block(self) -> pl.DataFrame:
        """What the block holds, as rows."""
        columns = self._arrays.columns
        some = np.zeros(self._arrays.size, np.bool_)
        for column in columns.values():
            some |= column.touched
        at = np.flatnonzero(some)
        width = max(self._width, 1)
        held = {c: column.held(at) for c, column in columns.items()}
        return pl.DataFrame({CUSTOMER: at // width, GRAIN: at % width, **held})

    def found(self, size: int) -> Found:
        """The value of each part for so many customers."""
        texts = self._names.every() if self._names.has_texts else None

        def of_block(carried: str) -> Grains:
            column, width = self._arrays.columns[carried], max(self._width, 1)
            at = np.flatnonzero(column.touched)
            values, owners = column.held(at), at // width
            at -= owners * width
            return Grains(owners, lambda: at, values, texts, size)

        if self._width < 0:
            read = self._groups.read_off(self.parts, texts, size)
            rest = [p for p in self.parts if p.key not in read]
            rows = of_rows(self._groups.rows(rest), rest, texts, size)
            return {**read, **over_grains(rest, rows)}

        def lying(part: Part) -> AboveZero | None:
            column, width = self._arrays.columns[part.carried], self._width
            if column.upper is not None or column.cells.dtype != np.int64 or not width:
                return None
            block = column.cells[: len(column.cells) // width * width].reshape(-1, width)
            return AboveZero.of_block(block[:size], texts, size)

        read = read_above_zero(self.parts, lying)
        return {**read, **over_grains([p for p in self.parts if p.key not in read], of_block)}

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up."""
        return {p.key: ARRAYS if self._width >= 0 else self._groups.way(p) for p in self.parts}
