"""Tables whose blank cells are those of the row above: `fill_down: [Order, Customer]` of a source.

Systems that print an order write what holds for all of its lines on the first of them, and merged
cells of a sheet are blank below their first. A cell is filled as long as the columns that are named
before it say the same, so that an order of a guest does not take the customer of the order above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.around import AroundTable
from segmentation.sources.columns.held import holds
from segmentation.sources.reader import FILE, RECORD, RawRow, RawTable

_BLANK: Final = "\0blank {}"
_BLOCK: Final = "\0block"
"""Grows at each row with too few or too many cells: what stands below it takes nothing from above it."""


def with_filled(raw: RawTable, columns: Sequence[str]) -> RawTable:
    """A table with these columns filled down; itself where none is named, or it has none of them.

    They stand in the place of those that are filled in it already.
    """
    own = tuple(column for column in columns if column in raw.schema)
    if not own:
        return raw
    if isinstance(raw, FilledTable):
        return replace(raw, columns=own)
    if isinstance(raw, AroundTable) and {*own} <= raw.table.schema.keys():
        return replace(raw, table=with_filled(raw.table, own))
    return FilledTable.of(raw, own)


def filled_within(raw: RawTable) -> FilledTable | None:
    """The table with columns that are filled down which another one is made around; None without such."""
    if isinstance(raw, FilledTable):
        return raw
    return filled_within(raw.table) if isinstance(raw, AroundTable) else None


@dataclass(frozen=True)
class FilledTable(AroundTable):
    """A table and the columns that are filled down; all else is the table's, its sample too."""

    columns: tuple[str, ...]

    @classmethod
    def of(cls, table: RawTable, columns: tuple[str, ...]) -> FilledTable:
        """A table of which columns are filled down."""
        return cls(table.places, table.schema, table.sample, table.oversize, table, columns)

    @property
    def is_scanned_in_parts(self) -> bool:
        """No: each scan looks at all rows."""
        return False

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """The raw rows, filled. A row that holds nothing else stays as it is."""
        rows = self._rows(self.table.scan(with_records=True, with_files=True))
        spare = [*([] if with_records else [RECORD]), *([] if with_files else [FILE])]
        return rows.drop(_BLOCK, *spare)

    def records_filled(self) -> pl.Series:
        """The rows in which a cell is that of the row above."""
        blank = {_BLANK.format(c): ~holds(c, self.schema[c]) for c in self.columns}
        rows = self._rows(self.table.scan(with_records=True, with_files=True).with_columns(**blank))
        taken = [pl.col(_BLANK.format(c)) & holds(c, self.schema[c]) for c in self.columns]
        found = rows.filter(pl.any_horizontal(taken)).select(RECORD)
        return found.collect(engine="streaming")[RECORD]

    def _rows(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        rows = rows.with_columns(self._block().alias(_BLOCK))
        for number, column in enumerate(self.columns):
            rows = rows.with_columns(self._filled(column, self.columns[:number]))
        return rows

    def _filled(self, column: str, before: Sequence[str]) -> pl.Expr:
        cell, is_filled = pl.col(column), holds(column, self.schema[column])
        above = pl.when(is_filled & ~self._is_ragged()).then(cell).forward_fill()
        above = above.over(FILE, _BLOCK, *before, order_by=RECORD)
        stays = is_filled | ~self._holds_anything()
        return pl.when(stays).then(cell).otherwise(above).alias(column)

    def _holds_anything(self) -> pl.Expr:
        """Whether a row holds something in a column that is not filled down."""
        others = [n for n in self.schema if n not in self.columns and n not in self.oversize]
        held = [holds(name, self.schema[name]) for name in others]
        return pl.any_horizontal(held) if held else pl.lit(value=True)

    def _is_ragged(self) -> pl.Expr:
        ragged = self.table.odd_rows().ragged
        if not ragged:
            return pl.lit(value=False)
        return pl.col(RECORD).is_in(pl.Series(ragged, dtype=pl.UInt32).implode())

    def _block(self) -> pl.Expr:
        return self._is_ragged().cast(pl.Int64).cum_sum().over(FILE, order_by=RECORD)

    def each_file(self) -> Sequence[FilledTable]:
        """The same table file by file."""
        return [replace(self, places=t.places, table=t) for t in self.table.each_file()]

    def sampled(self) -> FilledTable:
        """That of the file alone."""
        return FilledTable.of(self.table.sampled(), self.columns)

    def together(self, others: Sequence[FilledTable]) -> FilledTable:
        """Their files."""
        return FilledTable.of(self.table.together([one.table for one in others]), self.columns)

    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """As the files have them."""
        return self.table.located(records)
