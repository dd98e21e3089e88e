"""Parts without a grain: a column of arrays for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from segmentation.measures.arrays import Arrays, Found, Schema, can_hold, largest
from segmentation.measures.batch import Batch
from segmentation.measures.cells import Cells
from segmentation.measures.ends import Ends, can_hold_ends
from segmentation.measures.grains import CUSTOMER, placed
from segmentation.measures.parts import Part
from segmentation.measures.stores.store import ARRAYS, Store, fold_column
from segmentation.measures.workers import Task

COLUMNS: Final = 4  # that one thread takes up


class OfCustomers(Store):
    """Parts without a grain."""

    def __init__(self, parts: Sequence[Part], schema: Schema, *, dense: bool) -> None:
        fit = [p for p in parts if dense and can_hold(p, schema)]
        self._ends = {
            p.carried: Ends(p, schema[p.valued]) for p in parts if dense and _is_end(p, schema)
        }
        rest = [p for p in parts if p not in fit and p.carried not in self._ends]
        self._parts, self._schema = parts, schema
        some = [fit[i : i + COLUMNS] for i in range(0, len(fit), COLUMNS)]
        self._arrays = [Arrays(own, schema) for own in some]
        self._cells = Cells(rest) if rest else None

    def fold(self, batch: Batch) -> None:
        """Take rows up."""
        for fold in self.folds(batch):
            fold()

    def folds(self, batch: Batch) -> Sequence[Task]:
        """What takes rows up, side by side: no two of these touch the same."""
        tasks: list[Task] = [partial(_fold_all, own, batch) for own in self._arrays]
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
        made = self._held(size)
        made |= {c: ends.found(size) for c, ends in self._ends.items()}
        return made if self._cells is None else made | _placed(self._cells, self._schema, size)

    def _held(self, size: int) -> dict[str, pl.Series]:
        """What arrays hold of so many customers."""
        for arrays in self._arrays:
            arrays.reserve(size)
        columns = [item for arrays in self._arrays for item in arrays.columns.items()]
        return {carried: column.held(slice(0, size)) for carried, column in columns}

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows of all parts: first of those in arrays, then of the others."""
        size = max(
            [a.size for a in self._arrays] + [e.size for e in self._ends.values()], default=0
        )
        held = {**self._held(size), **{c: ends.found(size) for c, ends in self._ends.items()}}
        own = pl.DataFrame({CUSTOMER: np.arange(size), **held})
        cells = None if self._cells is None else self._cells.held()
        return [self._of_all(rows) for rows in (own, cells) if rows is not None]

    def _of_all(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with a column for each part, of those that they lack an empty one."""
        lacking = [p for p in self._parts if p.carried not in rows.columns]
        made = {p.carried: _empty(p, self._schema, rows.height) for p in lacking}
        return rows.with_columns(**made).select(CUSTOMER, *(p.carried for p in self._parts))

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held."""
        if self._arrays or self._ends or self._cells is None:
            held, self._cells = self.rows(), Cells(self._parts)
            self._arrays, self._ends = [], {}
            for own in held:
                self._cells.add(own)
        self._cells.add(rows)

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up."""
        grouped = {} if self._cells is None else dict.fromkeys(self._cells.parts, self._cells.way)
        in_arrays = [carried for arrays in self._arrays for carried in arrays.columns]
        return dict.fromkeys((*in_arrays, *self._ends), ARRAYS) | grouped


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


def _fold_all(arrays: Arrays, batch: Batch) -> None:
    arrays.reserve(batch.size)
    for column in arrays.columns.values():
        of_runs = batch.sums(column.part)
        if of_runs is None:
            fold_column(column, batch, batch.customers_of(column.part))
        else:
            customers, sums = of_runs
            column.fold(customers, sums, largest(sums))
