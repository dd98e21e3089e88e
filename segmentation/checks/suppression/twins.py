"""Columns of one file whose names differ only in case and blanks: `opted` and `Opted`.

Both are read, each under its own name, and a rule that names one of them knows nothing of the
other. Who declares under `columns:` which of them is meant has decided.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.sources_read import RowsRead, SourcesRead
from segmentation.dataclass import dataclass
from segmentation.measures.rows import Tables
from segmentation.messages.errors import counted, listed
from segmentation.messages.notices import Level, Notice, notice
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import TIME, Source, TableName
from segmentation.scan.prepare import opened
from segmentation.sources.columns.aliases import REQUIRED
from segmentation.sources.settings import Settings
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


@dataclass(frozen=True)
class Twins:
    """A column that rules read of some files, and the others of almost the same name."""

    table: TableName
    shown: tuple[str, ...]
    name: str
    column: str
    others: tuple[str, ...]
    settings: Settings

    def notice(self, who: str, level: Level, *, is_of_suppression: bool) -> Notice:
        """What is said of them: `who` reads the column."""
        both = listed([f'"{column}"' for column in (self.column, *self.others)])
        more = len(self.shown) - 1
        where = f" (and so {counted(more, 'more file')})" if more else ""
        text = f"{who} reads {self.name}, and the file has {both}{where}: which of them is meant?"
        return notice(
            "twin-columns",
            text,
            where=self.shown[0],
            mend=self.settings.of_twins(self.table, self.name, self.column),
            level=level,
            is_of_suppression=is_of_suppression,
        )


def twins(case: Case) -> Iterator[Notice]:
    """An error for each column that suppression reads beside another of almost the same name."""
    for found in _twins(case.reading, case.tables, case.rules):
        yield found.notice("suppress", "error", is_of_suppression=True)


def of_others(run: AfterScan) -> Iterator[Notice]:
    """A warning for each that other rules read."""
    tables, rules = run.measured.tables, run.rules
    told = {*_twins(run.of_suppress, tables, rules)}
    for found in _twins(run.reading, tables, rules):
        if found not in told:
            yield found.notice("a rule", "warn", is_of_suppression=False)


def _twins(reading: SourcesRead, tables: Tables, rules: Rules) -> Iterator[Twins]:
    """The twins of the columns that are read, for each group of files with the same header."""
    for table in opened(tables):
        for source, tally in zip(rules.sources[table.name], table.tallies, strict=True):
            if reading.reads(table.name, source):
                for part in tally.parts:
                    yield from _of_part(table.name, source, part, reading)


def _of_part(
    table: TableName, source: Source, part: Portion, reading: SourcesRead
) -> Iterator[Twins]:
    mapped = part.recipe.columns.canonical
    for name in sorted(_names(table, source, reading) - source.columns.keys()):
        own = (mapped.get(name) or (name,))[0]
        others = tuple(c for c in part.raw.schema if c != own and _plain(c) == _plain(own))
        if own in part.raw.schema and others:
            shown = tuple(part.raw.shown().values())
            yield Twins(table, shown, name, own, others, part.raw.settings)


def _names(table: TableName, source: Source, reading: SourcesRead) -> set[str]:
    """The columns that are read of a source: what every row needs, and what rules compare."""
    needed = {name for name in REQUIRED[table] if name != "event" or source.event is None}
    if table == "customers":
        return needed | {*reading.attributes}
    if table == "products":
        return needed | reading.product_columns
    moment, day = TIME[table]
    read: tuple[RowsRead, ...] = reading.of(table, source)
    return needed | {moment if name == day else name for one in read for name in one.columns}


def _plain(name: str) -> str:
    """A name without what two spellings of it differ in; `discount %` is another than `discount`.

    >>> _plain("Opted Out "), _plain("opted_out"), _plain("discount %")
    ('optedout', 'optedout', 'discount%')
    """
    letters = unicodedata.normalize("NFKC", name).casefold()
    return "".join(x for x in letters if x.isprintable() and x not in " _-.")
