"""What is read: of each table the columns that something in this run reads, and no other.

A column that nobody needs is not parsed. It rejects no row, and it stops no run when two could be
meant by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from segmentation.measures.aggregates import aggregates
from segmentation.measures.parts import Compiled
from segmentation.measures.rows import Tables, rows_of
from segmentation.rules.measures import Measure
from segmentation.rules.sources import TableName

Needs = Mapping[TableName, frozenset[str]]


def compiled(measure: Measure, tables: Tables) -> Compiled:
    """A measure as these tables have its columns. Raises InputError where they lack what it reads."""
    return aggregates(measure, rows_of(tables, measure))


def needs(tables: Tables, measures: Iterable[Measure], attributes: Iterable[str]) -> Needs:
    """The optional columns of each table that these measures and columns of customers need.

    Lines keep their product where products are given: how many are in no catalogue is told.
    """
    found: dict[TableName, set[str]] = {}
    for table, column in _read(tables, measures):
        found.setdefault(table, set()).add(column)
    found.setdefault("customers", set()).update(attributes)
    lines = tables.transactions
    if tables.products is not None and "product_id" in lines.columns.keys() - lines.faulty:
        found.setdefault("transactions", set()).add("product_id")
    return {table: frozenset(columns) for table, columns in found.items()}


def _read(tables: Tables, measures: Iterable[Measure]) -> Iterator[tuple[TableName, str]]:
    """What measures read, and the events that they follow."""
    for one in (m for measure in measures for m in (measure, *(a.rows for a in measure.anchors))):
        columns = {c for part in compiled(one, tables).parts for c in part.columns}
        yield from rows_of(tables, one).needs(columns)


def narrowed(tables: Tables, wanted: Needs) -> Tables:
    """The tables to read. Raises InputError where a column that is needed cannot be read."""
    nothing: frozenset[str] = frozenset()
    return Tables(**{t.name: t.reading(wanted.get(t.name, nothing)) for t in tables.given})


def can_be_read(tables: Tables, measures: Iterable[Measure]) -> bool:
    """Whether no column that these measures read is one that cannot be read."""
    faulty = {(table.name, column) for table in tables.given for column in table.faulty}
    return faulty.isdisjoint(_read(tables, measures))
