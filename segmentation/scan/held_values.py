"""The distinct values of the columns that rules compare, when everything that hangs on them is counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import Final

import polars as pl

from segmentation.comparing.comparisons import Column
from segmentation.dataclass import dataclass
from segmentation.measures.each_value import met_of_each
from segmentation.measures.rows import Tables
from segmentation.rules.catalogue import Kind
from segmentation.rules.comparisons import Reading
from segmentation.rules.look_alikes import alike, folded, marked_words
from segmentation.rules.money import PLACES, SCALE
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar
from segmentation.rules.sources import Source, TableName
from segmentation.scan.column_values import (
    EVENT,
    ROWS,
    VALUE,
    Counting,
    Key,
    are_constant,
    counting,
    held_as,
    key_of,
    late,
)
from segmentation.sources import Table
from segmentation.sources.columns.reasons import CODE, REJECTED, Reason
from segmentation.sources.tables import Tally

FOLDED: Final = "folded"
ALIKE: Final = "alike"


@dataclass(frozen=True)
class Held:
    """The distinct values of a column in the rows that a reading compares.

    `counts` has a row for each value (missing included): `value`, as the column holds it, and
    `rows`, how many have it. Where not all were counted (`is_whole`), it has those that may be
    other spellings of what is compared.
    """

    counts: pl.DataFrame
    kind: Kind
    is_label: bool = False
    is_whole: bool = True

    @cached_property
    def texts(self) -> pl.DataFrame:
        """The values that are not missing as texts, with what they are `folded`, and `alike`."""
        known = self.counts.filter(pl.col(VALUE).is_not_null())
        texts = _in_units(pl.col(VALUE)) if self.kind == "money" else pl.col(VALUE).cast(pl.String)
        return known.with_columns(texts).with_columns(
            folded(pl.col(VALUE)).alias(FOLDED), alike(pl.col(VALUE)).alias(ALIKE)
        )

    @cached_property
    def words(self) -> pl.Series:
        """The `texts` by their letters and digits alone, with a mark before each word."""
        return self.texts.select(marked_words(pl.col(VALUE))).to_series()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.counts[ROWS].sum())

    @property
    def blank(self) -> int:
        """How many rows have no value."""
        return int(self.counts.filter(pl.col(VALUE).is_null())[ROWS].sum())


@dataclass(frozen=True)
class ColumnValues:
    """The distinct values of what rules compare, as far as they were counted.

    `held` has them by the column and the events of the rows that a reading compares.
    """

    rules: Rules
    tables: Tables
    held: Mapping[tuple[Key, tuple[str, ...]], Held]

    def of(self, reading: Reading) -> Held | None:
        """The values of what a reading compares; None where they are not known, or nothing is unclear."""
        if reading.words:
            return _labels(tuple(reading.words))
        if (reading.table, reading.column) == ("events", "event") and are_constant(self.rules):
            return Held(_listed(self.declared(reading)), "text")
        key = key_of(self.tables, reading)
        return None if key is None else self.held.get((key, reading.events))

    def declared(self, reading: Reading) -> tuple[str, ...]:
        """The words that sources declare for a reading's column (`values`), and constant events."""
        sources = self._sources(reading)
        constant = [s.event for s in sources if s.event] if reading.column == "event" else []
        return tuple(dict.fromkeys((*self.signed(reading), *constant)))

    def signed(self, reading: Reading) -> tuple[str, ...]:
        """The words that sources declare for a reading's column under `values`."""
        words = [w for s in self._sources(reading) for w in s.values.get(reading.column, ())]
        return tuple(dict.fromkeys(words))

    def unsigned(self, reading: Reading, words: Collection[str]) -> tuple[str, ...]:
        """The sources whose rows hold one of these words, though only others of the table declare it."""
        key = key_of(self.tables, reading)
        table: Table | None = None if key is None else getattr(self.tables, key[0])
        if key is None or table is None or len(table.tallies) < 2:
            return ()
        sources = zip(self.rules.sources[key[0]], table.tallies, strict=True)
        return tuple(
            tally.path
            for source, tally in sources
            if _holds(tally, key[1], {*words} - {*source.values.get(key[1], ())})
        )

    def holding(self, reading: Reading, words: Collection[str]) -> tuple[int, ...]:
        """Which sources of the table that is compared (by their place) have one of these words in a row."""
        key = key_of(self.tables, reading)
        table: Table | None = None if key is None else getattr(self.tables, key[0])
        if key is None or table is None or len(table.tallies) < 2:
            return (0,)
        tallies = enumerate(table.tallies)
        return tuple(i for i, tally in tallies if _holds(tally, key[1], words)) or (0,)

    def first(self, reading: Reading) -> tuple[int, ...]:
        """The first source in which rows of a reading can be, by its place."""
        sources = self.rules.sources.get("events", ()) if reading.table == "events" else ()
        events = (*reading.events, None)
        return (next((i for i, s in enumerate(sources) if s.event in events), 0),)

    def _sources(self, reading: Reading) -> list[Source]:
        groups: tuple[TableName, ...] = ("customers",)
        if reading.table != "customers":
            groups = ("transactions", "products", "events")
        return [s for group in groups for s in self.rules.sources.get(group, ())]

    def anywhere(self, reading: Reading, values: Sequence[Scalar]) -> frozenset[Scalar]:
        """Which values any row of lines, events or products has, also one after as_of."""
        return self._in(reading, values, (Reason.USED, Reason.AFTER))

    def rejected(self, reading: Reading, values: Sequence[Scalar]) -> frozenset[Scalar]:
        """Which values any rejected row of them has."""
        return self._in(reading, values, REJECTED)

    def _in(
        self, reading: Reading, values: Sequence[Scalar], reasons: Collection[Reason]
    ) -> frozenset[Scalar]:
        if not values or reading.table not in ("transactions", "events"):
            return frozenset()
        schemas = ((t, frame, frame.collect_schema()) for t, frame in self._rows_with(reasons))
        name, test = reading.column, reading.test.positive
        asked = [
            met_of_each(frame, Column(pl.col(name), held_as(t, name, schema[name])), test, values)
            for t, frame, schema in schemas
            if name in schema
        ]
        found = [one.row(0) for one in pl.collect_all(asked, engine="streaming")]
        return frozenset(v for v, *met in zip(values, *found, strict=True) if any(met))

    def _rows_with(self, reasons: Collection[Reason]) -> Iterator[tuple[str, pl.LazyFrame]]:
        """The rows of every table of rows that became of them, with its name."""
        given = (self.tables.transactions, self.tables.events, self.tables.products)
        for table in [t for t in given if t is not None]:
            for tally in table.tallies:
                yield from ((table.name, rows) for rows in rows_of(tally, reasons))
            if not any(tally.parts for tally in table.tallies) and Reason.USED in reasons:
                yield table.name, table.rows


def column_values(
    rules: Rules,
    tables: Tables,
    *,
    customers: pl.DataFrame,
    scanned: Mapping[Counting, pl.DataFrame],
    compared: Sequence[Reading],
    is_met: Callable[[Reading], bool],
) -> ColumnValues:
    """The values of what is `compared`, as far as anything hangs on them.

    `customers` has all rows of the table customers with the columns that rules read, `scanned` what
    the scan of the run counted; the rest is counted now where no customer was found (`is_met` says
    of whom one was).
    """
    asked = {(key, one.events): one for one in compared if (key := key_of(tables, one)) is not None}
    whole = {one.key: found for one, found in scanned.items() if not one.words}
    missing = [key for key in late(tables, compared, is_met) if key not in whole]
    frames = pl.collect_all(counting(tables, map(Counting, missing)), engine="streaming")
    whole |= dict(zip(missing, frames, strict=True))
    whole |= {
        key: _counted(customers, key[1])
        for key, _ in asked
        if key[0] == "customers" and key[1] in customers.columns
    }
    near = {one.key: found for one, found in scanned.items() if one.words}
    held = {at: _held(at[0], whole[at[0]], at[1]) for at in asked if at[0] in whole}
    held |= {
        at: replace(_held(at[0], near[at[0]], at[1]), is_whole=False)
        for at in asked
        if at[0] in near.keys() - whole.keys()
    }
    return ColumnValues(rules, tables, held)


def _counted(customers: pl.DataFrame, column: str) -> pl.DataFrame:
    values = customers.select(pl.col(column).alias(VALUE)).group_by(VALUE)
    return values.agg(pl.len().cast(pl.Int64).alias(ROWS))


def rows_of(tally: Tally, reasons: Collection[Reason]) -> Iterator[pl.LazyFrame]:
    """The rows of a source of which something became; older ones of an id are none that are used."""
    codes = [*reasons]
    if tally.newest is not None and Reason.USED in codes:
        codes.remove(Reason.USED)
        yield tally.newest.rows
    yield from (part.coded.filter(pl.col(CODE).is_in(codes)) for part in tally.parts)


def _holds(tally: Tally, column: str, words: Collection[str]) -> bool:
    """Whether a row of a source has one of these words in a column."""
    every = rows_of(tally, (Reason.USED,))
    frames = [rows for rows in every if column in rows.collect_schema()]
    cell = pl.col(column).cast(pl.String).str.strip_chars()
    asked = [f.select(cell.is_in(sorted(words)).any()) for f in frames if words]
    return any(bool(a.item()) for a in pl.collect_all(asked, engine="streaming"))


def _held(key: Key, counts: pl.DataFrame, events: Sequence[str]) -> Held:
    """The values in the rows of some events; of all where none are named."""
    kind = held_as(*key, counts.schema[VALUE])
    if EVENT not in counts.columns:
        return Held(counts, kind)
    chosen = counts.filter(pl.col(EVENT).is_in(events)) if events else counts
    return Held(chosen.group_by(VALUE).agg(pl.col(ROWS).sum()), kind)


def _in_units(amounts: pl.Expr) -> pl.Expr:
    """Amounts of 1/10,000 as texts of units, with no more digits than they need."""
    whole, parts = amounts.abs() // SCALE, amounts.abs() % SCALE
    digits = pl.format(".{}", parts.cast(pl.String).str.zfill(PLACES).str.strip_chars_end("0"))
    sign = pl.when(amounts < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    behind = pl.when(parts > 0).then(digits).otherwise(pl.lit(""))
    return pl.format("{}{}{}", sign, whole, behind).alias(VALUE)


@cache
def _labels(words: tuple[str, ...]) -> Held:
    """The labels of a dimension: many conditions compare the same ones."""
    return Held(_listed(words), "text", is_label=True)


def _listed(words: Sequence[str]) -> pl.DataFrame:
    """Words that are known without data."""
    schema = {VALUE: pl.String, ROWS: pl.Int64}
    return pl.DataFrame({VALUE: words, ROWS: [0] * len(words)}, schema=schema)
