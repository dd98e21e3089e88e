"""Cells that the `where` of a source cannot read, where suppression reads the source: a no may be set aside.

It is asked of a source what is asked of a `where` inside a rule: words where it compares true and false
or numbers, and texts where it has a bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.cell_reading import READERS, View, strange, views
from segmentation.checks.doubted_reading import MOST_DECLARED, counts_of, visible
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Door, Notice, notice
from segmentation.messages.privacy import nameable, told
from segmentation.rules.comparisons import Reading
from segmentation.rules.conditions import Compare, walk
from segmentation.rules.operator_record import Family
from segmentation.rules.sources import Source, TableName
from segmentation.scan.column_values import ROWS, VALUE
from segmentation.scan.held_values import Held
from segmentation.sources import Tally
from segmentation.sources.columns.chosen import are_unread
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

_READ_AS: Final[tuple[View, ...]] = ("flag", "number")  # what a date is, `where` asks by its format


def unread_by_where(run: AfterScan) -> Iterator[Notice]:
    """An error for each column that `where` of a source compares, of whose cells it cannot read some."""
    for name, sources in run.rules.sources.items():
        table = getattr(run.measured.tables, name)
        pairs = zip(sources, () if table is None else table.tallies, strict=False)
        for i, (source, tally) in enumerate(pairs):
            if source.where is not None and run.of_suppress.reads(name, source):
                yield from _of_source(name, i, source, tally)


def _of_source(table: TableName, entry: int, source: Source, tally: Tally) -> Iterator[Notice]:
    tests = [one for one in walk(source.where) if isinstance(one, Compare)] if source.where else []
    for test in tests:
        column = str(test.field)
        noun, cells = _unread(table, test, source, tally)
        declared = [word.strip() for word in source.values.get(column, ())]
        unknown = cells.filter(~pl.col(VALUE).str.strip_chars().is_in(declared))
        if unknown.height:
            text = f"suppress reads these {table}, and where compares {column} as {noun}"
            door = _door((table, entry), column, counts_of(unknown))
            yield _notice(text, tally.path, column, counts_of(unknown), door)


def _unread(
    table: TableName, test: Compare, source: Source, tally: Tally
) -> tuple[str, pl.DataFrame]:
    """As what a column is compared, and the texts of it that are no such thing, with their rows."""
    parts = [
        part for part in tally.parts if is_text(part.raw.schema.get(str(test.field), pl.Null()))
    ]
    counts = pl.concat([_counts(part, str(test.field)) for part in parts]) if parts else _NONE
    held = Held(counts.group_by(VALUE).agg(pl.col(ROWS).sum()), "text")
    if test.op.family is Family.ORDER:
        return "a number or a day", _out_of_bounds(test, source, parts)
    one = Reading(test, "events" if table == "events" else "customers", str(test.field), test.path)
    seen = [view for view in views(one, held) if view in _READ_AS]
    return " or ".join(READERS[view].noun for view in seen), strange(one, held, seen)


def _out_of_bounds(test: Compare, source: Source, parts: list[Portion]) -> pl.DataFrame:
    """The texts that a bound cannot be compared with, each read as its file writes numbers and days."""
    column, found = str(test.field), [_NONE]
    for part in parts:
        counts = _counts(part, column)
        assert source.where is not None
        unread = are_unread(counts[VALUE], column, source.where, part.recipe.written)
        found.append(counts.filter(unread))
    return pl.concat(found).group_by(VALUE).agg(pl.col(ROWS).sum())


_NONE: Final = pl.DataFrame(schema={VALUE: pl.String, ROWS: pl.Int64})


def _counts(part: Portion, column: str) -> pl.DataFrame:
    text = as_text(column, part.raw.schema[column]).alias(VALUE)
    rows = part.raw.scan().select(text).drop_nulls().group_by(VALUE)
    return rows.agg(pl.len().cast(pl.Int64).alias(ROWS)).collect(engine="streaming")


def _door(source: tuple[TableName, int], column: str, counts: Mapping[str, int]) -> Door:
    when, (table, entry) = "If these rows are to be set aside", source
    named = nameable(column, counts, of_customers=table == "customers")
    is_open = len(named) == len(counts) <= MOST_DECLARED
    return Door(when, table, (entry,), values=((column, named),)) if is_open else Door(when)


def _notice(text: str, path: str, column: str, counts: Mapping[str, int], door: Door) -> Notice:
    rows = sum(counts.values())
    words = {visible(word): number for word, number in counts.items()}
    what = told(column, words, of_customers=" customers" in text)
    has, is_set = agreeing(rows, "has", "have"), agreeing(rows, "is", "are")
    return notice(
        "unreadable-value",
        f"{text}: {counted(rows, 'row')} {has} something else there, {what}, and {is_set} not chosen by it",
        where=path,
        mend=f"Mend the data, or name every word that is meant: where: {{{column}: [WORD, …]}}.",
        level="error",
        door=door,
        is_of_suppression=True,
    )
