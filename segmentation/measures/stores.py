"""Where what is folded is held: per customer, per customer and grain, per order.

Each store takes rows up by arrays as far as it can, and the rest by `Cells`. What it cannot is
seen when it comes: too many names for a block, order ids that lie too far apart, an order of two customers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import polars as pl

from segmentation.measures.arrays import (
    Arrays,
    Column,
    Found,
    Places,
    Schema,
    can_hold,
)
from segmentation.measures.batch import Batch
from segmentation.measures.cells import Cells
from segmentation.measures.ends import Ends, can_hold_ends
from segmentation.measures.grains import CUSTOMER, GRAIN, Grains, placed
from segmentation.measures.keys import Texts, is_narrow
from segmentation.measures.pairs import Pairs, grouped
from segmentation.measures.parts import Part
from segmentation.measures.workers import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

IS_DAY: Final = "__is_day"  # whether a grain is a day that stands for an order
ARRAYS: Final = "arrays"
COLUMNS: Final = 4  # that one thread takes up
MOST_NAMES: Final = 64  # of a block: more would be mostly empty


class Store(Protocol):
    """What holds some parts of one table."""

    def fold(self, batch: Batch) -> None:
        """Take rows up."""

    def folds(self, batch: Batch) -> Sequence[Task]:
        """The same as tasks that may be done side by side."""
        return [partial(self.fold, batch)]

    def found(self, size: int) -> Found:
        """The value of each part for so many customers, by the part's key."""

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows: CUSTOMER, GRAIN where there is one, and a column per part."""

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held; from then on by groups."""

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up: in words, by the part's key."""


class OfCustomers(Store):
    """Parts without a grain."""

    def __init__(self, parts: Sequence[Part], schema: Schema, *, dense: bool) -> None:
        fit = [p for p in parts if dense and can_hold(p, schema)]
        self._ends = {
            p.carried: Ends(p, schema[p.valued]) for p in parts if dense and _is_end(p, schema)
        }
        rest = [p for p in parts if p not in fit and p.carried not in self._ends]
        self._parts, self._schema = parts, schema
        self._arrays = Arrays(fit, schema)
        self._cells = Cells(rest) if rest else None

    def fold(self, batch: Batch) -> None:
        """Take rows up."""
        for fold in self.folds(batch):
            fold()

    def folds(self, batch: Batch) -> Sequence[Task]:
        """What takes rows up, side by side: no two of these touch the same."""
        self._arrays.reserve(batch.size)
        columns = list(self._arrays.columns.values())
        some = [columns[i : i + COLUMNS] for i in range(0, len(columns), COLUMNS)]
        tasks: list[Task] = [partial(_fold_all, own, batch) for own in some]
        of_ends = (p for p in self._parts if p.carried in self._ends)
        tasks += [partial(self._ends[p.carried].fold, batch, p) for p in of_ends]
        if self._cells is not None:
            tasks.append(partial(self._fold_cells, batch))
        return tasks

    def _fold_cells(self, batch: Batch) -> None:
        assert self._cells is not None
        self._cells.add(batch.masked(list(self._cells.parts.values())))

    def found(self, size: int) -> Found:
        """The value of each part for so many customers."""
        self._arrays.reserve(size)
        made = {c: column.held(slice(0, size)) for c, column in self._arrays.columns.items()}
        made |= {c: ends.found(size) for c, ends in self._ends.items()}
        return made if self._cells is None else made | _placed(self._cells, self._schema, size)

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows of all parts: first of those in arrays, then of the others."""
        every = slice(0, self._arrays.size)
        held = {c: column.held(every) for c, column in self._arrays.columns.items()}
        held |= {c: ends.found(self._arrays.size) for c, ends in self._ends.items()}
        own = pl.DataFrame({CUSTOMER: np.arange(self._arrays.size), **held})
        cells = None if self._cells is None else self._cells.held()
        return [self._of_all(rows) for rows in (own, cells) if rows is not None]

    def _of_all(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with a column for each part, of those that they lack an empty one."""
        lacking = [p for p in self._parts if p.carried not in rows.columns]
        made = {p.carried: _empty(p, self._schema, rows.height) for p in lacking}
        return rows.with_columns(**made).select(CUSTOMER, *(p.carried for p in self._parts))

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held."""
        if self._arrays.columns or self._ends or self._cells is None:
            held, self._cells = self.rows(), Cells(self._parts)
            self._arrays, self._ends = Arrays((), {}), {}
            for own in held:
                self._cells.add(own)
        self._cells.add(rows)

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up."""
        grouped = {} if self._cells is None else dict.fromkeys(self._cells.parts, self._cells.way)
        return dict.fromkeys((*self._arrays.columns, *self._ends), ARRAYS) | grouped


def _is_end(part: Part, schema: Schema) -> bool:
    return part.value is not None and can_hold_ends(part, schema[part.valued])


def _placed(cells: Cells, schema: Schema, size: int) -> dict[str, pl.Series]:
    """What cells hold, by the number of the customer."""
    held = cells.held()
    if held is None:
        return {c: _empty(p, schema, size) for c, p in cells.parts.items()}
    made = {}
    for carried, part in cells.parts.items():
        found = placed(held[CUSTOMER].to_numpy(), held[carried], size)
        made[carried] = found if part.fold.empty is None else found.fill_null(part.fold.empty)
    return made


def _empty(part: Part, schema: Schema, size: int) -> pl.Series:
    """What a part is of customers who have no row of it."""
    plain = pl.Boolean() if part.fold.is_flag else pl.Int64()
    dtype = plain if part.value is None or part.fold.is_flag else schema[part.valued]
    nothing = pl.Series([part.fold.empty], dtype=dtype)
    return nothing.new_from_index(0, size)


def _fold_all(columns: Sequence[Column], batch: Batch) -> None:
    for column in columns:
        _fold(column, batch, batch.customers_of(column.part))


def _fold(column: Column, batch: Batch, at: Places) -> None:
    """Fold what a part folds of a batch into the cells at some places."""
    values = batch.values(column.part)
    column.fold(at, values, 0 if values is None else batch.largest(column.part))


def _fold_known(column: Column, batch: Batch, cells: Places) -> None:
    """Fold those rows of a part that have a cell; -1 is none."""
    places = batch.places(column.part)
    at = cells if places is None else cells[places]
    known = at >= 0
    if known.all():
        _fold(column, batch, at)
        return
    values = batch.values(column.part)
    held = None if values is None else values[known]
    column.fold(at[known], held, 0 if held is None else batch.largest(column.part))


class Names:
    """The grains of a column as numbers: texts by code, days and whole numbers as they are.

    Where the texts stand for numbers themselves, `numbers` is the column of these.
    """

    def __init__(self, column: str, dtype: pl.DataType, numbers: str | None, texts: Texts) -> None:
        self.column, self.dtype, self._numbers = column, dtype, numbers
        is_wide = dtype in (pl.UInt64, pl.Int128, pl.UInt128)
        is_number = dtype.is_temporal() or (dtype.is_integer() and not is_wide)
        self._texts = None if is_number or numbers else texts
        self._size = 0

    def number(self) -> pl.Expr:
        """The grain of a row as a whole number; missing where it has none."""
        column = pl.col(self.column)
        if self._numbers is not None:
            return pl.col(self._numbers)
        if self._texts is None:
            return column.to_physical().cast(pl.Int64)
        text = (column + 0.0 if self.dtype.is_float() else column).cast(pl.String)
        return self._texts.code(text).cast(pl.Int64)

    def see(self, numbers: pl.Series) -> None:
        """Take notice of numbers."""
        highest = numbers.max() if self.has_texts else None
        if isinstance(highest, int):
            self._size = max(self._size, highest + 1)

    def numbered(self, texts: pl.Series) -> pl.Series:
        """The numbers of some texts."""
        assert self._texts is not None
        numbers = self._texts.codes(texts)
        self.see(numbers)
        return numbers

    def every(self) -> pl.Series:
        """The texts of all numbers."""
        assert self._texts is not None
        return self._texts.texts(pl.Series(np.arange(self._size)))

    @property
    def has_texts(self) -> bool:
        """Whether the numbers stand for texts."""
        return self._texts is not None


def _add(held: Cells | Pairs, parts: Sequence[Part], batch: Batch, grain: str) -> None:
    """Take rows up by groups, those that have a grain."""
    if isinstance(held, Pairs):
        (part,) = parts
        customers = batch.customers_of(part)
        grains = batch.picked(part, grain, batch.array(grain))
        if batch.column(grain).null_count():
            mask = batch.column(grain).is_not_null().to_numpy()
            known = np.flatnonzero(batch.picked(part, f"{grain} known", mask))
            customers, grains = customers[known], grains[known]
        held.take(customers, grains)
        return
    rows = batch.masked(parts, grain)
    held.add(rows.rename({grain: GRAIN}).drop_nulls(GRAIN))


class WithinNames(Store):
    """Parts within the grains of a column: a block of arrays while the grains are few, else cells."""

    def __init__(
        self, parts: Sequence[Part], schema: Schema, names: Names, grain: str, *, dense: bool
    ) -> None:
        self.parts, self._names, self._grain = parts, names, grain
        self._arrays = Arrays(parts, schema)
        self._width = 0 if dense and all(can_hold(p, schema) for p in parts) else -1
        self._cells = grouped(parts, dense=dense)

    def fold(self, batch: Batch) -> None:
        """Take rows up."""
        if not len(batch.customers):
            return
        if self._width >= 0 and not self._fits(batch.column(self._grain)):
            self._to_groups()
        if self._width < 0:
            _add(self._cells, self.parts, batch, self._grain)
            return
        self._take(batch)

    def _take(self, batch: Batch) -> None:
        self._arrays.reserve(batch.size * self._width)
        at = batch.customers * self._width + batch.array(self._grain)
        lacking = batch.column(self._grain).is_null()
        if not lacking.any():
            for column in self._arrays.columns.values():
                _fold(column, batch, batch.picked(column.part, self._grain, at))
            return
        at[lacking.to_numpy()] = -1
        for column in self._arrays.columns.values():
            _fold_known(column, batch, at)

    def _to_groups(self) -> None:
        self._cells.add(self._block())
        self._arrays, self._width = Arrays((), {}), -1

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows."""
        held = self._block() if self._width >= 0 else self._cells.held()
        return [] if held is None else [held]

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held."""
        if self._width >= 0:
            self._to_groups()
        self._cells.add(rows)

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
            owners = at // width
            numbers = at - owners * width
            return Grains(owners, lambda: numbers, column.held(at), texts, size)

        if self._width >= 0:
            return _over(self.parts, of_block)
        return _over(self.parts, _of_rows(self.rows(), self.parts, texts, size))

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up."""
        return {p.key: ARRAYS if self._width >= 0 else self._cells.way for p in self.parts}


def _nothing(parts: Sequence[Part]) -> pl.DataFrame:
    columns = {p.carried: pl.Boolean() if p.fold.is_flag else pl.Int64() for p in parts}
    return pl.DataFrame(schema={CUSTOMER: pl.Int64(), GRAIN: pl.Int64(), **columns})


def _of_rows(
    held: Sequence[pl.DataFrame], parts: Sequence[Part], names: pl.Series | None, size: int
) -> Callable[[str], Grains]:
    """The grains of a part among rows."""
    rows = pl.concat(held, how="vertical_relaxed") if held else _nothing(parts)
    customers, numbers = rows[CUSTOMER].to_numpy(), rows[GRAIN].to_numpy()
    return lambda carried: Grains(customers, lambda: numbers, rows[carried], names, size)


def _over(parts: Sequence[Part], grains: Callable[[str], Grains]) -> Found:
    """Each part's value over a customer's grains, of which those with a value are given by part."""
    made, known = {}, dict[str, Grains]()
    for part in parts:
        assert part.over is not None
        if part.carried not in known:
            known[part.carried] = grains(part.carried)
        made[part.key] = part.over.of(known[part.carried])
    return made


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
        self._base = 0
        self._owners = np.zeros(0, np.int32)
        self._cells = grouped(parts, dense=dense)
        self._days = grouped(parts, dense=dense)

    def fold(self, batch: Batch) -> None:
        """Take rows up."""
        if self._order is None:
            _add(self._days, self.parts, batch, self._day)
            return
        orders = batch.column(self._order)
        if orders.null_count():
            lacking = orders.is_null()
            _add(self._days, self.parts, _some(batch, lacking), self._day)
            batch = _some(batch, ~lacking)
        if self._is_dense and self._makes_room(batch):
            self._take(batch)
        else:
            _add(self._cells, self.parts, batch, self._order)

    def _makes_room(self, batch: Batch) -> bool:
        """Make room for a batch's orders; where that cannot be, leave arrays for cells."""
        orders = batch.column(str(self._order))
        self._rows += len(orders)
        numbers = orders.to_numpy()
        if not len(numbers) or self._reach(int(numbers.min()), int(numbers.max())):
            return True
        self._to_groups()
        return False

    def _to_groups(self) -> None:
        self._cells.add(self._block())
        self._arrays, self._is_dense = Arrays((), {}), False

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows: of orders without an id, that is of days, with DAYS true."""
        block = [self._block()] if self._is_dense else []
        cells, days = self._cells.held(), self._days.held()
        orders = block if cells is None else [*block, cells]
        known = [o.with_columns(pl.lit(value=False).alias(IS_DAY)) for o in orders]
        return (
            known if days is None else [*known, days.with_columns(pl.lit(value=True).alias(IS_DAY))]
        )

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held."""
        if self._is_dense:
            self._to_groups()
        self._cells.add(rows.filter(~pl.col(IS_DAY)).drop(IS_DAY))
        self._days.add(rows.filter(IS_DAY).drop(IS_DAY))

    def _take(self, batch: Batch) -> None:
        kept = self._kept(batch)
        orders = batch.array(str(self._order)) - self._base
        if self._owned(*_picked(batch.few(kept), orders, batch.customers)):
            for column in self._arrays.columns.values():
                _fold(column, batch, batch.picked(column.part, str(self._order), orders))
            return
        own = self._owners[orders] == batch.customers + 1
        cells = np.where(own if kept is None else own & kept, orders, -1)
        for column in self._arrays.columns.values():
            _fold_known(column, batch, cells)
        others = np.flatnonzero(~own if kept is None else ~own & kept)
        rows = Batch(batch.rows[others], batch.customers[others])
        _add(self._cells, self.parts, rows, str(self._order))

    def _owned(self, at: Places, customers: Places) -> bool:
        """Whether orders are all those of the first who was seen to have one of that id."""
        found = self._owners[at]
        if not found.all():
            free = np.flatnonzero(found == 0)
            self._owners[at[free]] = customers[free] + 1
            found = self._owners[at]
        found -= 1
        return bool((found == customers).all())

    def _kept(self, batch: Batch) -> Mask | None:
        """Whether any part keeps a row; None where all are kept."""
        masks = {p.kept: batch.kept(p) for p in self.parts}
        found = [m for m in masks.values() if m is not None]
        return functools.reduce(np.logical_or, found) if len(found) == len(masks) else None

    def _reach(self, low: int, high: int) -> bool:
        """Make room for these ids; no where they lie too far apart."""
        size = len(self._owners)
        if size:
            low, high = min(low, self._base), max(high, self._base + size - 1)
        if not is_narrow(low, high, self._rows):
            return False
        if size and low == self._base and high < self._base + size:
            return True
        base = low if not size or low < self._base else self._base
        grown = high - base + 1
        grown += grown // 4 if size else 0
        shift = self._base - base if size else 0
        owners = np.zeros(grown, np.int32)
        owners[shift : shift + size] = self._owners
        self._arrays.move(slice(shift, shift + size), grown)
        self._owners, self._base = owners, base
        return True

    def _block(self) -> pl.DataFrame:
        at = np.flatnonzero(self._owners)
        held = {c: column.held(at) for c, column in self._arrays.columns.items()}
        owners = self._owners[at].astype(np.int64) - 1
        return pl.DataFrame({CUSTOMER: owners, GRAIN: at + self._base, **held})

    def found(self, size: int) -> Found:
        """The value of each part for so many customers."""

        def of_arrays(carried: str) -> Grains:
            column = self._arrays.columns[carried]
            at = np.flatnonzero(column.touched)
            owners = self._owners[at].astype(np.int64) - 1
            return Grains(owners, lambda: at + self._base, column.held(at), None, size)

        if self._is_dense and self._cells.is_empty and self._days.is_empty:
            return _over(self.parts, of_arrays)
        return _over(self.parts, _of_rows(self.rows(), self.parts, None, size))

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up."""
        return {
            p.key: ARRAYS
            if self._is_dense
            else (self._days if self._order is None else self._cells).way
            for p in self.parts
        }


def _picked(at: Places | None, *every: Places) -> tuple[Places, ...]:
    return every if at is None else tuple(one[at] for one in every)


def _some(batch: Batch, mask: pl.Series) -> Batch:
    return Batch(batch.rows.filter(mask), batch.customers[mask.to_numpy()])
