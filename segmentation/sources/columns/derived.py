"""Tables with columns that are made of a file's own: joined texts, and the same text in every row.

What is made stands beside the file's columns before anything is mapped, so that all that follows
takes it for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.column_specs import ColumnSpec
from segmentation.sources.around import AroundTable
from segmentation.sources.columns.made import Joined, Made, Same, made_of
from segmentation.sources.reader import RawRow, RawTable


def with_made(raw: RawTable, columns: Mapping[str, ColumnSpec]) -> RawTable:
    """A table with what its source says is made of its columns; itself where that is nothing.

    What is made of columns that the table lacks is left out: the mapping tells that.
    """
    every = (made_of(name, spec) for name, spec in columns.items())
    found = tuple(
        one
        for one in dict.fromkeys(every)
        if isinstance(one, Same)
        or (isinstance(one, Joined) and {*one.columns} <= raw.schema.keys())
    )
    return DerivedTable.of(raw, found) if found else raw


def _sampled(one: Made, sample: Mapping[str, Sequence[str | None]]) -> list[str | None]:
    """What is made of the rows of a sample."""
    if isinstance(one, Same):
        return [one.text]
    rows = zip(*(sample.get(column, ()) for column in one.columns), strict=False)
    return [one.of(dict(zip(one.columns, cells, strict=True))) for cells in rows]


@dataclass(frozen=True)
class DerivedTable(AroundTable):
    """A table and what is made beside its columns; all else is the table's."""

    made: tuple[Made, ...]

    @classmethod
    def of(cls, table: RawTable, made: tuple[Made, ...]) -> DerivedTable:
        """A table of which this is made."""
        cells = {one.name: _sampled(one, table.sample) for one in made}
        schema = {**table.schema, **dict.fromkeys((one.name for one in made), pl.String())}
        sample = {**table.sample, **cells}
        return cls(table.places, schema, sample, table.oversize, table, made)

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """The raw rows, with what is made."""
        rows = self.table.scan(with_records=with_records, with_files=with_files)
        return rows.with_columns(one.expr(self.table.schema).alias(one.name) for one in self.made)

    def each_file(self) -> Sequence[DerivedTable]:
        """The same table file by file."""
        return [replace(self, places=t.places, table=t) for t in self.table.each_file()]

    def sampled(self) -> DerivedTable:
        """That of the file alone."""
        return DerivedTable.of(self.table.sampled(), self.made)

    def together(self, others: Sequence[DerivedTable]) -> DerivedTable:
        """Their files."""
        return DerivedTable.of(self.table.together([one.table for one in others]), self.made)

    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """As the files have them, with the texts that are made."""
        for record, row in self.table.located(records):
            made = {one.name: one.of(row.cells) for one in self.made}
            yield record, replace(row, cells={**row.cells, **made})
