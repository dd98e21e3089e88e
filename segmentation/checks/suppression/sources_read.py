"""What suppression reads: the tables, events, windows and columns behind the rules under `suppress`.

It is derived from the rules once, through personas, dimensions, features and anchors. Every check
of this package asks about exactly these sources, and no other is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, cast

from segmentation.checks.suppression.implied import days_asked, since_day
from segmentation.customers.describe import Book
from segmentation.dataclass import dataclass
from segmentation.measures.rows import RowTable, Tables
from segmentation.rules.catalogue import DERIVED_COLUMNS
from segmentation.rules.conditions import Condition
from segmentation.rules.measures import ANY_EVENT, Measure
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import Source, TableName
from segmentation.rules.windows import Window
from segmentation.scan.needs import compiled
from segmentation.sources import InputCount

_MOST_DAYS: Final = 99_999


@dataclass(frozen=True)
class RowsRead:
    """Some rows that rules read: of which table, of which event, in which window, which columns.

    `event` is None for transactions and `*` for any event; `window` is None for all time.
    `since` is a first day that the rules imply besides, `days` how many days ago it may be.
    """

    table: RowTable
    event: str | None
    window: Window | None
    columns: frozenset[str]
    since: date | None = None
    days: int | None = None

    def is_of(self, table: TableName, source: Source) -> bool:
        """Whether a source can hold such rows: its constant event, if it has one, is read."""
        if self.table != table:
            return False
        return self.event in (None, ANY_EVENT) or source.event in (None, self.event)

    def first_day(self, as_of: date) -> date | None:
        """The first day of the window, or None for all time."""
        window = None if self.window is None else self.window.bounds(as_of)[0].date()
        days = None if self.days is None else as_of - timedelta(days=min(self.days, _MOST_DAYS))
        return max((day for day in (window, self.since, days) if day is not None), default=None)

    def told(self, as_of: date) -> str:
        """The window, in words."""
        if self.window is not None:
            return f"{self.window} up to {as_of}"
        return f"days from {self.first_day(as_of)} on"


@dataclass(frozen=True)
class SourcesRead:
    """Everything that some names of the rules read.

    `attributes` are columns of customers, `product_columns` those that products lend to lines and
    events.
    """

    attributes: tuple[str, ...]
    rows: tuple[RowsRead, ...]
    product_columns: frozenset[str]

    def of(self, table: TableName, source: Source) -> tuple[RowsRead, ...]:
        """What is read of a source's rows."""
        return tuple(r for r in self.rows if r.is_of(table, source))

    def reads(self, table: TableName, source: Source) -> bool:
        """Whether anything of a source is read."""
        if table == "customers":
            return bool(self.attributes)
        if table == "products":
            return bool(self.product_columns)
        return bool(self.of(table, source))

    def inputs(self, inputs: Sequence[InputCount], rules: Rules) -> tuple[InputCount, ...]:
        """The inputs of which anything is read."""
        sources = {name: iter(given) for name, given in rules.sources.items()}
        tables = (cast(TableName, one.table) for one in inputs)
        each = zip(inputs, tables, strict=True)
        return tuple(one for one, table in each if self.reads(table, next(sources[table])))

    @property
    def events(self) -> frozenset[str]:
        """The events that are read; `*` when any is."""
        return frozenset(r.event for r in self.rows if r.event is not None)


def sources_read(
    book: Book, tables: Tables, names: Iterable[str], conditions: Iterable[Condition] = ()
) -> SourcesRead:
    """What these names read, and which days `conditions` ask for. All can be computed from the tables."""
    leaves = book.leaves(names)
    rows = dict.fromkeys(r for m in leaves.values() if m is not None for r in _rows(m, tables))
    for measure, days in days_asked(book.rules, conditions):
        rows[replace(_read(measure, tables), days=days)] = None
    return SourcesRead(
        attributes=tuple(n for n, m in leaves.items() if m is None),
        rows=tuple(rows),
        product_columns=frozenset(c for r in rows for c in lent(r, tables)),
    )


def _rows(measure: Measure, tables: Tables) -> Iterator[RowsRead]:
    """The rows that a measure reads, and those of the events that they must follow."""
    yield _read(measure, tables)
    for anchor in measure.anchors:
        yield _read(anchor.rows, tables)


def _read(measure: Measure, tables: Tables) -> RowsRead:
    table: RowTable = "events" if measure.table == "events" else "transactions"
    parts = compiled(measure, tables).parts
    own = {c for part in parts for c in part.columns}
    columns = frozenset(d for c in own for d in _behind(c, table))
    event = measure.event if table == "events" else None
    return RowsRead(table, event, measure.window, columns, since_day(table, measure.where))


def _behind(column: str, table: RowTable) -> tuple[str, ...]:
    """The columns of files that a column is derived from; itself where nothing is derived."""
    return DERIVED_COLUMNS.get(column, (column,)) if table == "transactions" else (column,)


def lent(read: RowsRead, tables: Tables) -> frozenset[str]:
    """The columns of these rows that products lend them."""
    own, products = tables.of(read.table), tables.products
    if own is None or products is None or "product_id" not in own.columns:
        return frozenset()
    return frozenset(c for c in read.columns if c not in own.columns and c in products.columns)
