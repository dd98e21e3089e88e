"""Parts within orders, by their ids, or by their days where they have none."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from segmentation.measures.arrays import Arrays, Found, Places, Schema, can_hold, moved
from segmentation.measures.batch import Batch
from segmentation.measures.grains import CUSTOMER, GRAIN, Grains
from segmentation.measures.groups import Groups
from segmentation.measures.keys import Room
from segmentation.measures.parts import Part
from segmentation.measures.stores.store import (
    ARRAYS,
    Store,
    fold_known,
    of_rows,
    over_grains,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

IS_DAY: Final = "__is_day"  # whether a grain is a day that stands for an order


class WithinOrders(Store):
    """Parts within orders: arrays over the span of order ids, each of which has one owner.

    What an id has of another customer is an order of its own, and is folded by cells.
    So are orders without an id: those are days.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        schema: Schema,
        order: str | None,
        day: str,
        *,
        dense: bool,
    ) -> None:
        self.parts, self._order, self._day = parts, order, day
        self._rows = 0
        self._is_dense = dense and order is not None and all(can_hold(p, schema) for p in parts)
        self._arrays = Arrays(parts, schema)
        self._room = Room()
        self._owners = np.zeros(0, np.int32)
        self._groups = Groups(parts, schema, dense=dense)
        self._days = Groups(parts, schema, dense=dense)

    def fold(self, batch: Batch) -> None:
        """Take rows up."""
        if self._order is None:
            self._days.take(batch, self._day)
            return
        orders = batch.column(self._order)
        if orders.null_count():
            lacking = orders.is_null()
            self._days.take(_some(batch, lacking), self._day)
            batch = _some(batch, ~lacking)
        if self._is_dense and self._makes_room(batch):
            self._take(batch)
        else:
            self._groups.take(batch, str(self._order))

    def _makes_room(self, batch: Batch) -> bool:
        """Make room for a batch's orders; where that cannot be, leave arrays for cells."""
        orders = batch.column(str(self._order))
        self._rows += len(orders)
        numbers = orders.to_numpy()
        if not len(numbers) or self._reach(numbers):
            return True
        self._to_groups()
        return False

    def _to_groups(self) -> None:
        self._groups.add(self._block())
        self._arrays, self._is_dense = Arrays((), {}), False

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows: of orders without an id, that is of days, with DAYS true."""
        block = [self._block()] if self._is_dense else []
        orders, days = [*block, *self._groups.rows()], self._days.rows()
        told = ((rows, is_day) for held, is_day in ((orders, False), (days, True)) for rows in held)
        return [rows.with_columns(pl.lit(is_day).alias(IS_DAY)) for rows, is_day in told]

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held."""
        if self._is_dense:
            self._to_groups()
        self._groups.add(rows.filter(~pl.col(IS_DAY)).drop(IS_DAY))
        self._days.add(rows.filter(IS_DAY).drop(IS_DAY))

    def _take(self, batch: Batch) -> None:
        kept = self._kept(batch)
        orders = batch.array(str(self._order)) - self._room.base
        cells = orders
        if not self._owned(*_picked(batch.few(kept), orders, batch.customers)):
            own = self._owners.take(orders) == batch.customers + 1
            cells = np.where(own if kept is None else own & kept, orders, -1)
            others = np.flatnonzero(~own if kept is None else ~own & kept)
            rows = Batch(batch.rows[others], batch.customers[others])
            self._groups.take(rows, str(self._order))
        for column in self._arrays.columns.values():
            fold_known(column, batch, cells)

    def _owned(self, at: Places, customers: Places) -> bool:
        """Whether orders are all those of the first who was seen to have one of that id."""
        found = self._owners.take(at)
        if not found.all():
            free = np.flatnonzero(found == 0)
            self._owners[at.take(free)] = customers.take(free) + 1
            found = self._owners.take(at)
        found -= 1
        return bool((found == customers).all())

    def _kept(self, batch: Batch) -> Mask | None:
        """Whether any part keeps a row; None where all are kept."""
        masks = {p.kept: batch.kept(p) for p in self.parts}
        found = [m for m in masks.values() if m is not None]
        return functools.reduce(np.logical_or, found) if len(found) == len(masks) else None

    def _reach(self, orders: Places) -> bool:
        """Make room for these ids; no where they lie too far apart."""
        room = self._room.reaching(orders, self._rows)
        if room is None:
            return False
        if room.size != self._room.size:
            before = room.of(self._room)
            self._owners = moved(self._owners, before, room.size)
            self._arrays.move(before, room.size)
        self._room = room
        return True

    def _block(self) -> pl.DataFrame:
        at = np.flatnonzero(self._owners)
        held = {c: column.held(at) for c, column in self._arrays.columns.items()}
        owners = self._owners.take(at).astype(np.int64) - 1
        return pl.DataFrame({CUSTOMER: owners, GRAIN: at + self._room.base, **held})

    def found(self, size: int) -> Found:
        """The value of each part for so many customers."""

        def of_arrays(carried: str) -> Grains:
            column = self._arrays.columns[carried]
            at = np.flatnonzero(column.touched)
            owners = self._owners.take(at).astype(np.int64) - 1
            return Grains(owners, lambda: at + self._room.base, column.held(at), None, size)

        if self._is_dense and self._groups.is_empty and self._days.is_empty:
            counted = {p.key: self._number(p, size) for p in self.parts if p.is_number_of_grains}
            rest = [p for p in self.parts if p.key not in counted]
            return {**counted, **over_grains(rest, of_arrays)}
        read = self._read_off(size)
        rest = [p for p in self.parts if p.key not in read]
        rows = self.rows() if rest else []
        return {**read, **over_grains(rest, of_rows(rows, rest, None, size))}

    def _read_off(self, size: int) -> dict[str, pl.Series]:
        """What sorted pairs have as they lie, where all orders have an id, or none has."""
        if self._is_dense or not (self._groups.is_empty or self._days.is_empty):
            return {}
        held = self._days if self._groups.is_empty else self._groups
        return held.read_off(self.parts, None, size)

    def _number(self, part: Part, size: int) -> pl.Series:
        """How many orders of each customer have a yes."""
        owners = self._owners * self._arrays.columns[part.carried].cells
        return pl.Series(np.bincount(owners, minlength=size + 1)[1 : size + 1])

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up."""
        return {
            p.key: ARRAYS
            if self._is_dense
            else (self._days if self._order is None else self._groups).way(p)
            for p in self.parts
        }


def _picked(at: Places | None, *every: Places) -> tuple[Places, ...]:
    return every if at is None else tuple(one.take(at) for one in every)


def _some(batch: Batch, mask: pl.Series) -> Batch:
    return Batch(batch.rows.filter(mask), batch.customers[mask.to_numpy()])
