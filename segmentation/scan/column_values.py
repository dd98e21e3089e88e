"""Which distinct values a column holds, and how often: counted only where a rule's words hang on it.

A column of customers is counted in memory: all its rows are collected anyway. Columns of rows are
counted in the scan of the run where suppression or a negation hangs on them, else whole only when
no customer was found, and in the scan what is written almost like the words of the rules; what lines
and events borrow from products is counted there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import polars as pl

from segmentation.measures.comparisons import kind_of
from segmentation.measures.rows import MONEY_COLUMNS, Tables
from segmentation.rules.catalogue import DERIVED_COLUMNS, Kind
from segmentation.rules.cell_words import met_by
from segmentation.rules.comparisons import Reading
from segmentation.rules.look_alikes import alike, folded
from segmentation.rules.operator_record import Family
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import Source, TableName
from segmentation.sources import Table
from segmentation.sources.columns.canonical import CODE, Reason
from segmentation.sources.tables import Tally

VALUE: Final = "value"
ROWS: Final = "rows"
EVENT: Final = "of_event"
FOLDED: Final = "folded"
ALIKE: Final = "alike"
MOST_COMPARED: Final = 12  # words that cells are compared with one by one; more cost too much
Holder = Literal["customers", "transactions", "events", "products"]
Key = tuple[Holder, str]


@dataclass(frozen=True)
class Counting:
    """What is counted in the scan: the distinct values of a column.

    With `words` only values that may be one of these in another spelling.
    """

    key: Key
    words: tuple[str, ...] = ()


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
        return known.with_columns(pl.col(VALUE).cast(pl.String)).with_columns(
            folded(pl.col(VALUE)).alias(FOLDED), alike(pl.col(VALUE)).alias(ALIKE)
        )

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.counts[ROWS].sum())

    @property
    def blank(self) -> int:
        """How many rows have no value."""
        return int(self.counts.filter(pl.col(VALUE).is_null())[ROWS].sum())


def key_of(tables: Tables, reading: Reading) -> Key | None:
    """The table and column that hold what a reading compares; None where no column does."""
    if reading.table == "customers":
        return ("customers", reading.column)
    if reading.table == "labels" or reading.table == "figures":  # noqa: PLR1714  # mypy narrows it so
        return None
    if reading.table == "transactions" and reading.column in DERIVED_COLUMNS:
        return None
    own = tables.of(reading.table)
    if own is not None and reading.column in own.columns:
        return None if _is_money(own, reading.column) else (reading.table, reading.column)
    products = tables.products
    borrowed = products is not None and own is not None and "product_id" in own.columns
    if borrowed and products is not None and reading.column in products.columns:
        return ("products", reading.column)
    return None


def _is_money(table: Table, column: str) -> bool:
    """Whether a column holds amounts: they are read, or their rows are rejected."""
    return table.name == "transactions" and column in MONEY_COLUMNS


def early(rules: Rules, tables: Tables, found: Iterable[Reading]) -> tuple[Counting, ...]:
    """What is counted in the scan of the run: all where it cannot be told from who was found."""
    keys = [(key, one) for one in found if (key := key_of(tables, one)) is not None]
    whole = dict.fromkeys(key for key, one in keys if _is_early(rules, key, one))
    words: dict[Key, dict[str, None]] = {}
    for key, one in keys:
        if key not in whole and _has_spellings(rules, tables, key):
            words.setdefault(key, {}).update(dict.fromkeys(_spelt(one)))
    return (*map(Counting, whole), *(Counting(k, tuple(w)) for k, w in words.items() if w))


def _has_spellings(rules: Rules, tables: Tables, key: Key) -> bool:
    """Whether a column of rows holds texts as its files have them."""
    if key[0] == "customers" or (key == ("events", "event") and are_constant(rules)):
        return False
    table: Table = getattr(tables, key[0])
    return kind_of(table.columns[key[1]]) == "text"


def _spelt(one: Reading) -> tuple[str, ...]:
    """The words that a reading compares; those for true and false have spellings of their own."""
    if one.how != "compared" or one.test.op.family is not Family.SAME:
        return ()
    return tuple(v for v in one.values if isinstance(v, str) and not met_by(v))


def _is_early(rules: Rules, key: Key, one: Reading) -> bool:
    if key[0] == "customers" or (key == ("events", "event") and are_constant(rules)):
        return False
    is_untold = not one.is_alone and not one.is_picked
    hangs = one.is_of_suppression or (one.is_negated and is_untold)
    return hangs or key[0] == "products"


def are_constant(rules: Rules) -> bool:
    """Whether every source of events says itself which event it is."""
    return all(source.event for source in rules.sources.get("events", ()))


def counting(tables: Tables, wanted: Iterable[Counting]) -> list[pl.LazyFrame]:
    """A frame of the distinct values for each: `value`, `rows`, of events `of_event` beside them."""
    return [_counting(getattr(tables, one.key[0]), one) for one in wanted]


def _counting(table: Table, one: Counting) -> pl.LazyFrame:
    column = one.key[1]
    value = [pl.col(column).alias(VALUE)]
    by = [VALUE]
    if table.name == "events" and column != "event":
        value, by = [*value, pl.col("event").cast(pl.String).alias(EVENT)], [VALUE, EVENT]
    rows = table.rows.filter(_like(table, column, one.words)) if one.words else table.rows
    return rows.select(value).group_by(by).agg(pl.len().cast(pl.Int64).alias(ROWS))


def _like(table: Table, column: str, words: Sequence[str]) -> pl.Expr:
    """Whether a cell may be one of some words in another spelling; few others pass.

    One test of one column: of a Parquet file it is asked once of each different value. Elsewhere
    it is asked of every row, and looks at the first letter only.
    """
    cell = pl.col(column).cast(pl.String)
    spelt = pl.select(folded(pl.lit(pl.Series(words)))).to_series()
    others = [cell != word for word in words[:MOST_COMPARED]]
    alike = _folds(cell, spelt) if table.since is not None else _begins(cell, spelt)
    return pl.all_horizontal(*others, alike)


def _folds(cell: pl.Expr, spelt: pl.Series) -> pl.Expr:
    plain = cell.str.strip_chars().str.replace_all(" ", "", literal=True).str.to_lowercase()
    return plain.is_in(spelt.implode()) | (cell.str.len_bytes() != cell.str.len_chars())


def _begins(cell: pl.Expr, spelt: pl.Series) -> pl.Expr:
    firsts = {form[:1] for form in spelt.str.normalize("NFKD") if form[:1].isalpha()}
    letters = sorted(f for first in firsts if first.isascii() for f in (first, first.upper()))
    begins = [(cell >= letter) & (cell < chr(ord(letter) + 1)) for letter in letters]
    signs = (cell < "A") | ((cell >= "[") & (cell < "a")) | (cell >= "{")
    return pl.any_horizontal(signs, *begins)


def late(
    tables: Tables, found: Iterable[Reading], is_met: Callable[[Reading], bool]
) -> tuple[Key, ...]:
    """What is counted when no customer was found (`is_met` says of whom one was)."""
    keys = ((key_of(tables, one), one) for one in found)
    return tuple(dict.fromkeys(
        key for key, one in keys if key is not None and key[0] != "customers" and not is_met(one)
    ))  # fmt: skip


@dataclass
class ColumnValues:
    """The distinct values of every column that was counted; the rest is counted when asked for.

    `customers` has all rows of the table customers with the columns that rules read.
    """

    rules: Rules
    tables: Tables
    customers: pl.DataFrame
    counted: dict[Key, pl.DataFrame] = field(default_factory=dict)
    near: Mapping[Key, pl.DataFrame] = field(default_factory=dict)
    held: dict[tuple[Key, tuple[str, ...]], Held] = field(default_factory=dict)

    def count(self, keys: Iterable[Key]) -> None:
        """Count what has not been counted, in one go."""
        missing = [k for k in dict.fromkeys(keys) if k not in self.counted and k[0] != "customers"]
        frames = pl.collect_all(counting(self.tables, map(Counting, missing)), engine="streaming")
        self.counted.update(zip(missing, frames, strict=True))

    def of(self, reading: Reading) -> Held | None:
        """The values of what a reading compares; None where they are not known, or nothing is unclear."""
        if reading.words:
            return Held(_listed(reading.words), "text", is_label=True)
        if (reading.table, reading.column) == ("events", "event") and are_constant(self.rules):
            return Held(_listed(self.declared(reading)), "text")
        key = key_of(self.tables, reading)
        if key is None:
            return None
        counts = self._customers(key[1]) if key[0] == "customers" else self.counted.get(key)
        is_whole = counts is not None
        counts = counts if is_whole else self.near.get(key)
        if counts is None:
            return None
        at = (key, reading.events)
        if at not in self.held:
            self.held[at] = replace(_held(counts, reading.events), is_whole=is_whole)
        return self.held[at]

    def _customers(self, column: str) -> pl.DataFrame | None:
        key: Key = ("customers", column)
        if key not in self.counted and column in self.customers.columns:
            counted = self.customers.select(pl.col(column).alias(VALUE)).group_by(VALUE)
            self.counted[key] = counted.agg(pl.len().cast(pl.Int64).alias(ROWS))
        return self.counted.get(key)

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
        return tuple(tally.path for source, tally in sources
                     if _holds(tally, key[1], {*words} - {*source.values.get(key[1], ())}))  # fmt: skip

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

    def is_anywhere(self, reading: Reading, meets: Callable[[pl.DataType], pl.Expr]) -> bool:
        """Whether any row of lines, events or products, also one after as_of, meets a test.

        `meets` makes the test of the column for its type.
        """
        if reading.table not in ("transactions", "events"):
            return False
        frames = [f for f in self._rows_ever() if reading.column in f.collect_schema()]
        asked = [f.select(meets(f.collect_schema()[reading.column]).any()) for f in frames]
        return any(bool(a.item()) for a in pl.collect_all(asked, engine="streaming"))

    def _rows_ever(self) -> Iterator[pl.LazyFrame]:
        """The rows of every table of rows, those after as_of too."""
        given = (self.tables.transactions, self.tables.events, self.tables.products)
        for table in [t for t in given if t is not None]:
            parts = [part for tally in table.tallies for part in tally.parts]
            usable = pl.col(CODE).is_in([Reason.USED, Reason.AFTER])
            yield from (part.coded.filter(usable) for part in parts)
            if not parts:
                yield table.rows


def _holds(tally: Tally, column: str, words: Collection[str]) -> bool:
    """Whether a row of a source has one of these words in a column."""
    frames = [p.coded for p in tally.parts if column in p.coded.collect_schema()]
    cell = pl.col(column).cast(pl.String).str.strip_chars()
    used = pl.col(CODE) == Reason.USED
    asked = [f.select((used & cell.is_in(sorted(words))).any()) for f in frames if words]
    return any(bool(a.item()) for a in pl.collect_all(asked, engine="streaming"))


def _held(counts: pl.DataFrame, events: Sequence[str]) -> Held:
    """The values in the rows of some events; of all where none are named."""
    kind = kind_of(counts.schema[VALUE])
    if EVENT not in counts.columns:
        return Held(counts, kind)
    chosen = counts.filter(pl.col(EVENT).is_in(events)) if events else counts
    return Held(chosen.group_by(VALUE).agg(pl.col(ROWS).sum()), kind)


def _listed(words: Sequence[str]) -> pl.DataFrame:
    """Words that are known without data."""
    schema = {VALUE: pl.String, ROWS: pl.Int64}
    return pl.DataFrame({VALUE: words, ROWS: [0] * len(words)}, schema=schema)
