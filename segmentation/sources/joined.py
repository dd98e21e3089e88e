"""Tables beside whose columns those of other files stand: `join` of a source.

Joins follow each other, so that a later one may be by a column that an earlier one brings. Every row
of the table stays, once: where it has no partner, PARTNER says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.messages.privacy import nearest_header, told_headers
from segmentation.sources.around import AroundTable
from segmentation.sources.files.content import Content
from segmentation.sources.files.place import Place
from segmentation.sources.lookups import COUNTS, Lookup, key_name, key_text
from segmentation.sources.reader import PARTNER, RECORD, Partner, RawRow, RawTable
from segmentation.sources.stored import as_text, sample_of
from segmentation.sources.stored_types import is_text


@dataclass(frozen=True)
class Step:
    """One join: what is joined, and how its columns are called beside those that are there."""

    lookup: Lookup
    keys: tuple[tuple[str, pl.DataType], ...]
    """The columns that it is joined by, and their types."""

    names: Mapping[str, str]
    """The lookup's columns -> their names."""

    def joined(self, rows: pl.LazyFrame, number: int) -> pl.LazyFrame:
        """The rows with the columns, and PARTNER of this and the joins before.

        Polars may give them in another order: RECORD tells which is which.
        """
        keys = {key_name(i): key_text(*key) for i, key in enumerate(self.keys)}
        theirs = (pl.col(name).alias(own) for name, own in self.names.items())
        lookup = self.lookup.rows().select(*keys, COUNTS, *theirs)
        state = pl.lit(0)
        if not self.lookup.partner.is_optional:
            counts = pl.col(COUNTS)
            state = pl.when(counts).then(0).when(~counts).then(-number).otherwise(number)
        before = pl.when(pl.col(PARTNER) != 0).then(pl.col(PARTNER)) if number > 1 else pl.lit(None)
        return (
            rows.with_columns(**keys)
            .join(lookup, on=[*keys], how="left", maintain_order="left")
            .with_columns(pl.coalesce(before, state).cast(pl.Int8).alias(PARTNER))
            .drop(*keys, COUNTS)
        )


def with_joined(raw: RawTable, lookups: Sequence[Lookup]) -> RawTable:
    """A table with the columns of the files that are joined to it. Raises InputError."""
    return JoinedTable.beside(raw, _steps(raw, lookups)) if lookups else raw


def _steps(raw: RawTable, lookups: Sequence[Lookup]) -> tuple[Step, ...]:
    schema, steps = dict(raw.schema), []
    for lookup in lookups:
        absent = [ours for ours, _ in lookup.key if ours not in schema]
        if absent:
            raise InputError(*(_no_key(name, lookup, raw, schema) for name in absent))
        same = {theirs for ours, theirs in lookup.key if ours == theirs}
        names = {
            name: f"{lookup.partner.name}.{name}" if name in schema else name
            for name in lookup.columns
            if name not in same
        }
        twice = [own for own in names.values() if own in schema]
        if twice:
            raise InputError(*(_twice(name, lookup) for name in twice))
        keys = tuple((ours, schema[ours]) for ours, _ in lookup.key)
        steps.append(Step(lookup, keys, names))
        schema |= {own: lookup.columns[name] for name, own in names.items()}
    return tuple(steps)


def _no_key(name: str, lookup: Lookup, raw: RawTable, known: Mapping[str, object]) -> Problem:
    near = nearest_header(name, [*known])
    return Problem(
        f'join: the key of {lookup.partner.shown} names the column "{name}", which is not there',
        raw.called,
        f"{near}Columns: {told_headers([*known])}. "
        "Where the files call it differently: key: {OURS: THEIRS}.",
    )


def _twice(name: str, lookup: Lookup) -> Problem:
    what = f"join: two columns would be called {name}"
    return Problem(what, lookup.partner.shown, "Give one a new name under columns of the join.")


@dataclass(frozen=True)
class JoinedTable(AroundTable):
    """A table and the columns of other files."""

    steps: tuple[Step, ...]

    @classmethod
    def beside(cls, table: RawTable, steps: tuple[Step, ...]) -> JoinedTable:
        """A table to which this is joined."""
        others = {own: s.lookup.columns[name] for s in steps for name, own in s.names.items()}
        schema = {**table.schema, **others}
        sample = {**table.sample, **_sampled(table.sample, schema, steps)}
        return cls(_places(table, steps), schema, sample, table.oversize, table, steps)

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """The raw rows with those columns, and PARTNER."""
        rows = self.table.scan(with_records=with_records, with_files=with_files)
        for number, step in enumerate(self.steps, 1):
            rows = step.joined(rows, number)
        return rows

    def each_file(self) -> Sequence[JoinedTable]:
        """The same table file by file."""
        each = self.table.each_file()
        return [replace(self, places=_places(t, self.steps), table=t) for t in each]

    def sampled(self) -> JoinedTable:
        """That of the file alone."""
        return JoinedTable.beside(self.table.sampled(), self.steps)

    def together(self, others: Sequence[JoinedTable]) -> JoinedTable:
        """Their files."""
        return JoinedTable.beside(self.table.together([one.table for one in others]), self.steps)

    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """As the file has them, with the cells that are joined to them."""
        if not records:
            return
        own = [name for name in self.schema if name not in self.table.schema]
        texts = [as_text(name, self.schema[name]).alias(name) for name in own]
        chosen = pl.col(RECORD).is_in(pl.Series(records, dtype=pl.UInt32).implode())
        rows = self.scan(with_records=True).filter(chosen)
        found = rows.select(RECORD, pl.col(PARTNER).cast(pl.String), *texts)
        cells = {row.pop(RECORD): row for row in found.collect(engine="streaming").to_dicts()}
        for record, row in self.table.located(records):
            yield record, replace(row, cells={**row.cells, **cells[record]})

    @property
    def is_scanned_in_parts(self) -> bool:
        """No: each scan joins."""
        return False

    @property
    def can_hold_quoted_blanks(self) -> bool:
        """As any of the tables can."""
        every = (self.table, *(raw for step in self.steps for raw in step.lookup.raws))
        return any(raw.can_hold_quoted_blanks for raw in every)

    @property
    def contents(self) -> tuple[Content, ...]:
        """Those of all tables."""
        others = (content for step in self.steps for content in step.lookup.contents)
        return (*self.table.contents, *others)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was guessed when any of the files was opened."""
        lookups = [step.lookup for step in self.steps]
        others = (note for one in lookups for raw in one.raws for note in raw.notes)
        return (*self.table.notes, *others, *(note for one in lookups for note in one.notes))

    @property
    def pointed(self) -> frozenset[str]:
        """Those of all tables."""
        others = ({s.names[n] for n in s.lookup.pointed if n in s.names} for s in self.steps)
        return self.table.pointed.union(*others)

    @property
    def partners(self) -> tuple[Partner, ...]:
        """The files that are joined."""
        return tuple(
            replace(step.lookup.partner, columns=frozenset(step.names.values()))
            for step in self.steps
        )


def _places(table: RawTable, steps: Sequence[Step]) -> tuple[Place, ...]:
    """All files: none of them may change."""
    return (*table.places, *(place for step in steps for place in step.lookup.places))


def _sampled(
    sample: Mapping[str, Sequence[str | None]],
    schema: Mapping[str, pl.DataType],
    steps: Sequence[Step],
) -> Mapping[str, list[str | None]]:
    """What is joined to the rows of a sample; where the sample lacks a key, some of what could be."""
    kept = {n: t for n, t in schema.items() if is_text(t) or t.is_integer()}
    keys = {name for step in steps for name, _ in step.keys if name in sample}
    of_file = {name: sample[name] for name in keys}
    joined = {own for step in steps for own in step.names.values()} & kept.keys()
    if not of_file or len({len(cells) for cells in of_file.values()}) > 1:
        return {n: c for s in steps for n, c in _any_of(s, kept).items()}
    rows = pl.LazyFrame(of_file, schema=dict.fromkeys(of_file, pl.String()))
    found: dict[str, list[str | None]] = {}
    for step in steps:
        there = rows.collect_schema()
        if any(name not in there for name, _ in step.keys):
            return found | {
                n: c for s in steps for n, c in _any_of(s, kept).items() if n not in found
            }
        of_text = tuple((name, there[name]) for name, _ in step.keys)
        rows = replace(step, keys=of_text).joined(rows, 1).drop(PARTNER)
        own = [n for n in step.names.values() if n in joined]
        texts = [as_text(n, kept[n]).alias(n) for n in own]
        found |= rows.select(texts).collect().to_dict(as_series=False) if texts else {}
    return found


def _any_of(step: Step, kept: Mapping[str, pl.DataType]) -> Mapping[str, list[str | None]]:
    rows = step.lookup.rows().select(
        pl.col(name).alias(own) for name, own in step.names.items() if own in kept
    )
    return sample_of(rows, {own: kept[own] for own in step.names.values() if own in kept})
