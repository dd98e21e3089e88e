"""Cells of columns that are added up and cannot be: words, and numbers too large or too small for a sum.

They are counted while their table is scanned, in columns that only the rules name: what stands in
others that is no number is a reason to reject its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.aggregates import own_number
from segmentation.measures.own_numbers import is_added
from segmentation.measures.rows import Rows, RowTable
from segmentation.rules.cell_words import MISSING_WORDS
from segmentation.rules.look_alikes import folded
from segmentation.rules.measures import Measure
from segmentation.scan.column_values import ROWS, VALUE

ADDS_UP: Final = ("sum", "mean")
OF_ORDERS: Final = ("min", "max")  # these add up orders, where they are of them
_NOT_ADDED: Final = "__not_added_"


@dataclass(frozen=True)
class CellsNotAdded:
    """The cells of a column that `measures` cannot add up, and how many rows have each."""

    table: RowTable
    column: str
    measures: tuple[Measure, ...]
    counts: Mapping[str, int]


def adds_up(measure: Measure) -> bool:
    """Whether a measure adds up the cells of its column."""
    return measure.aggregate in ADDS_UP or (
        measure.aggregate in OF_ORDERS and measure.of == "orders"
    )


def added_up(rows: Rows, measures: Iterable[Measure]) -> dict[str, tuple[Measure, ...]]:
    """The columns of a table without a meaning of their own, and the measures that add each of them up."""
    found: dict[str, tuple[Measure, ...]] = {}
    for one in measures:
        column = str(one.column)
        is_own = one.column is not None and one.table == rows.name and adds_up(one)
        if is_own and rows.kind(column) in ("text", "number"):
            found[column] = (*found.get(column, ()), one)
    return found


class NotAdded:
    """Counts the cells of the columns of a table that cannot be added up."""

    def __init__(self, rows: Rows, measures: Iterable[Measure]) -> None:
        self._rows, self._added = rows, added_up(rows, measures)
        self._columns = {f"{_NOT_ADDED}{i}": column for i, column in enumerate(self._added)}
        self._found: dict[str, list[pl.DataFrame]] = {name: [] for name in self._columns}

    def asks(self) -> dict[str, pl.Expr]:
        """The cells that cannot be added up; missing where one can."""
        return {name: self._cell(column) for name, column in self._columns.items()}

    def _cell(self, column: str) -> pl.Expr:
        cell, number = pl.col(column), own_number(column, self._rows)
        is_read = is_added(number).fill_null(value=False)
        asked = [self._rows.keep(replace(one, window=None)) for one in self._added[column]]
        is_asked = [pl.lit(value=True) if keep is None else keep for keep in asked]
        is_odd = cell.is_not_null() & ~is_read & pl.any_horizontal(is_asked)
        return pl.when(is_odd).then(cell.cast(pl.String))

    def see(self, rows: pl.DataFrame) -> None:
        """Count some that say something; as a rule there is none."""
        for name, found in self._found.items():
            cells = rows[name]
            if cells.null_count() < len(cells):
                counted = cells.drop_nulls().value_counts(name=ROWS)
                said = counted.filter(~folded(pl.col(name)).is_in(list(MISSING_WORDS)))
                found.append(said.select(pl.col(name).alias(VALUE), pl.col(ROWS).cast(pl.Int64)))

    @property
    def found(self) -> Iterator[CellsNotAdded]:
        """Of each column that has such cells how often it has each."""
        for name, found in self._found.items():
            if sum(map(len, found)):
                column = self._columns[name]
                each = pl.concat(found).group_by(VALUE).agg(pl.col(ROWS).sum())
                counts = dict(each.iter_rows())
                yield CellsNotAdded(self._rows.name, column, self._added[column], counts)
