"""What all stores are, and what they share.

Each store takes rows up by arrays as far as it can, and the rest by groups. What it cannot is seen
when it comes: too many names for a block, order ids that lie too far apart, an order of two customers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, Protocol

import numpy as np
import polars as pl

from segmentation.measures.arrays import Column, Found, Places
from segmentation.measures.batch import Batch
from segmentation.measures.grains import CUSTOMER, GRAIN, Grains
from segmentation.measures.parts import Part
from segmentation.measures.workers import Task

ARRAYS: Final = "arrays"


class Store(Protocol):
    """What holds some parts of one table."""

    def fold(self, batch: Batch) -> None:
        """Take rows up."""

    def folds(self, batch: Batch) -> Sequence[Task]:
        """The same as tasks that may be done side by side: always as many, in the same order.

        Each makes its own room: it may be done while others are still at earlier rows.
        """
        return [partial(self.fold, batch)]

    def found(self, size: int) -> Found:
        """The value of each part for so many customers, by the part's key."""

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows: CUSTOMER, GRAIN where there is one, and a column for some parts each."""

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held; from then on by groups."""

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up: in words, by the part's key."""


def fold_column(column: Column, batch: Batch, at: Places) -> None:
    """Fold what a part folds of a batch into the cells at some places."""
    values = batch.values(column.part)
    column.fold(at, values, 0 if values is None else batch.largest(column.part))


def fold_known(column: Column, batch: Batch, cells: Places) -> None:
    """Fold those rows of a part that have a cell; -1 is none."""
    at = batch.picked(column.part, cells)
    is_known = at >= 0
    if is_known.all():
        fold_column(column, batch, at)
        return
    values, known = batch.values(column.part), np.flatnonzero(is_known)
    held = None if values is None else values.take(known)
    column.fold(at.take(known), held, 0 if held is None else batch.largest(column.part))


def _nothing(parts: Sequence[Part]) -> pl.DataFrame:
    columns = {p.carried: pl.Boolean() if p.fold.is_flag else pl.Int64() for p in parts}
    return pl.DataFrame(schema={CUSTOMER: pl.Int64(), GRAIN: pl.Int64(), **columns})


def of_rows(
    held: Sequence[pl.DataFrame], parts: Sequence[Part], names: pl.Series | None, size: int
) -> Callable[[str], Grains]:
    """The grains of a part among rows, of which some may be of other parts only."""
    nothing = _nothing(parts)

    def of(carried: str) -> Grains:
        own = [rows for rows in held if carried in rows.columns]
        some = [rows.select(CUSTOMER, GRAIN, carried) for rows in own]
        rows = pl.concat(some, how="vertical_relaxed") if some else nothing
        customers, numbers = rows[CUSTOMER].to_numpy(), rows[GRAIN].to_numpy()
        return Grains(customers, lambda: numbers, rows[carried], names, size)

    return of


def over_grains(parts: Sequence[Part], grains: Callable[[str], Grains]) -> Found:
    """Each part's value over a customer's grains, of which those with a value are given by part."""
    made, known = {}, dict[str, Grains]()
    for part in parts:
        assert part.over is not None
        if part.carried not in known:
            known[part.carried] = grains(part.carried)
        made[part.key] = part.over.of(known[part.carried])
    return made
