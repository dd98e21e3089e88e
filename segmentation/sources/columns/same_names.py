"""Headers of the files of one source that differ only in case, blanks and punctuation: `state` and `State`.

They are one column: else what `where` asks of the one would be missing in the other, and its rows lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import listed
from segmentation.pattern import pattern
from segmentation.rules.column_specs import PerOrder
from segmentation.rules.sources import Source
from segmentation.sources.around import AroundTable
from segmentation.sources.columns.aliases import ALIASES, squeezed
from segmentation.sources.columns.mapping import columns_of
from segmentation.sources.reader import RawRow, RawTable

_NOT_COMPARED: Final = pattern(r"[\s_\-.:/()\[\]]+")

_MOST_NAMED: Final = 3  # files
_KNOWN: Final = frozenset(
    chain.from_iterable(
        {squeezed(canonical), *names}
        for table in ALIASES.values()
        for canonical, names in table.items()
    )
)


def with_same_names(tables: Sequence[RawTable], source: Source) -> list[RawTable]:
    """The tables of a source, in which a column that is another file's but for its spelling has the same name.

    The spelling that the source names counts, else that of the first file.
    """
    spelled = _spellings(tables)
    asked = tuple(_asked(source))
    names = {
        bare: next((name for name in every if name in asked), every[0])
        for bare, every in spelled.items()
    }
    return [_renamed(table, names) for table in tables]


def _spellings(tables: Sequence[RawTable]) -> Mapping[str, Sequence[str]]:
    """The names that are spelled in several ways, by what is compared; not those of which a file has two."""
    found: dict[str, dict[str, None]] = {}
    for table in tables if len(tables) > 1 else ():
        for name in table.schema:
            found.setdefault(_bare(name), {})[name] = None
    several = {bare: tuple(every) for bare, every in found.items() if bare and len(every) > 1}
    return {
        bare: every
        for bare, every in several.items()
        if all(len({*every} & table.schema.keys()) < 2 for table in tables)
    }


def _bare(name: str) -> str:
    return _NOT_COMPARED.sub("", name.casefold())


def _asked(source: Source) -> Iterator[str]:
    """The columns that a source names, and the names that stand in its formulas."""
    specs = (one.formula if isinstance(one, PerOrder) else one for one in source.columns.values())
    for spec in specs:
        if isinstance(spec, str):
            yield from (spec, *spec.split(" "))
        elif isinstance(spec, tuple):
            yield from spec
    joined: Iterable[str] = (ours for join in source.join for ours, _ in join.key)
    yield from chain(
        columns_of(source.where), source.fill_down, joined, source.missing, source.values
    )
    yield from [] if source.latest_by is None else [source.latest_by]


def _renamed(table: RawTable, names: Mapping[str, str]) -> RawTable:
    others = {name: names[bare] for name in table.schema if (bare := _bare(name)) in names}
    changed = {theirs: ours for theirs, ours in others.items() if theirs != ours}
    return RenamedTable.of(table, changed) if changed else table


@dataclass(frozen=True)
class RenamedTable(AroundTable):
    """A table of which columns have other names."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, table: RawTable, names: Mapping[str, str]) -> RenamedTable:
        """A table under these names, by those of its files."""
        schema = {names.get(name, name): dtype for name, dtype in table.schema.items()}
        sample = {names.get(name, name): cells for name, cells in table.sample.items()}
        oversize = frozenset(names.get(name, name) for name in table.oversize)
        return cls(table.places, schema, sample, oversize, table, names)

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the table, and which names are those of other files; spellings of what is known are no news."""
        files = listed(sorted(self.table.shown().values()), _MOST_NAMED)
        own = {theirs: ours for theirs, ours in self.names.items() if squeezed(ours) not in _KNOWN}
        renamed = (f"{theirs} of {files} is {ours} in others" for theirs, ours in own.items())
        return (*self.table.notes, *renamed)

    @property
    def pointed(self) -> frozenset[str]:
        """Those of the table."""
        return frozenset(self.names.get(name, name) for name in self.table.pointed)

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """The raw rows under these names."""
        rows = self.table.scan(with_records=with_records, with_files=with_files)
        return rows.rename(dict(self.names))

    def each_file(self) -> Sequence[RenamedTable]:
        """The same table file by file."""
        return [replace(self, places=t.places, table=t) for t in self.table.each_file()]

    def sampled(self) -> RenamedTable:
        """That of the file alone."""
        return RenamedTable.of(self.table.sampled(), self.names)

    def together(self, others: Sequence[RenamedTable]) -> RenamedTable:
        """Their files."""
        return RenamedTable.of(self.table.together([one.table for one in others]), self.names)

    def with_oversize(self, column: str) -> Sequence[str]:
        """The files of the table."""
        theirs = {ours: name for name, ours in self.names.items()}
        return self.table.with_oversize(theirs.get(column, column))

    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """As the files have them, under these names."""
        for record, row in self.table.located(records):
            cells = {self.names.get(name, name): cell for name, cell in row.cells.items()}
            yield record, replace(row, cells=cells)
