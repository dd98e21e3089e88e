"""Parts within grains that no array can hold: each by sorted pairs if it can, the others by groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from segmentation.measures.above_zero import AboveZero, read_above_zero
from segmentation.measures.arrays import Places, Schema
from segmentation.measures.batch import Batch
from segmentation.measures.cells import Cells
from segmentation.measures.grains import GRAIN
from segmentation.measures.pairs import Pairs, can_pair
from segmentation.measures.parts import Part


class Groups:
    """What some parts hold of customers and their grains.

    Without `dense` all is held by groups.
    """

    def __init__(self, parts: Sequence[Part], schema: Schema, *, dense: bool) -> None:
        self._pairs = {p.carried: Pairs(p) for p in parts if dense and can_pair(p, schema)}
        rest = [p for p in parts if p.carried not in self._pairs]
        self._cells = Cells(rest) if rest else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever added."""
        of_cells = self._cells is None or self._cells.is_empty
        return of_cells and all(pairs.is_empty for pairs in self._pairs.values())

    def take(self, batch: Batch, grain: str) -> None:
        """Take rows up, those that have a grain."""
        for pairs in self._pairs.values():
            _take(pairs, batch, grain)
        if self._cells is not None:
            rows = batch.masked(list(self._cells.parts.values()), grain)
            self._cells.add(rows.rename({grain: GRAIN}).drop_nulls(GRAIN))

    def add(self, rows: pl.DataFrame) -> None:
        """Add what was held elsewhere: CUSTOMER, GRAIN, and a column for some of the parts."""
        for carried, pairs in self._pairs.items():
            if carried in rows.columns:
                pairs.add(rows)
        if self._cells is not None and self._cells.parts.keys() <= set(rows.columns):
            self._cells.add(rows.drop(c for c in self._pairs if c in rows.columns))

    def rows(self, parts: Iterable[Part] | None = None) -> list[pl.DataFrame]:
        """What is held of all parts, or of some, as rows of a few of the parts at a time."""
        wanted = None if parts is None else {p.carried for p in parts}
        held = [p.held() for c, p in self._pairs.items() if wanted is None or c in wanted]
        if self._cells is not None and (wanted is None or wanted & self._cells.parts.keys()):
            held.append(self._cells.held())
        return [rows for rows in held if rows is not None]

    def read_off(
        self, parts: Sequence[Part], names: pl.Series | None, size: int
    ) -> dict[str, pl.Series]:
        """The values that sorted pairs have as they lie, by the part's key: of some parts."""
        settled = {c: pairs for c, pairs in self._pairs.items() if pairs.settle()}
        counted = [p for p in parts if p.carried in settled and p.is_number_of_grains]

        def lying(part: Part) -> AboveZero | None:
            pairs = settled.get(part.carried)
            if pairs is None or part.fold.is_flag:
                return None
            return AboveZero.of_sorted(_summed(pairs), names, size)

        found = {p.key: settled[p.carried].number(size) for p in counted}
        return found | read_above_zero(parts, lying)

    def way(self, part: Part) -> str:
        """How a part is taken up."""
        return Pairs.way if part.carried in self._pairs else Cells.way


def _summed(pairs: Pairs) -> Iterator[tuple[Places, Places, Places]]:
    for customers, grains, sums in pairs.pieces():
        assert sums is not None
        yield customers, grains, sums


def _take(pairs: Pairs, batch: Batch, grain: str) -> None:
    part = pairs.part
    customers = batch.customers_of(part)
    grains = batch.picked(part, batch.array(grain))
    values = None if part.fold.is_flag else batch.values(part)
    if batch.column(grain).null_count():
        mask = batch.column(grain).is_not_null().to_numpy()
        known = np.flatnonzero(batch.picked(part, mask))
        customers, grains = customers.take(known), grains.take(known)
        values = None if values is None else values.take(known)
    pairs.take(customers, grains, values)
