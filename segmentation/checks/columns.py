"""Columns of files that are not used, as something built in has their name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.catalogue import CATALOGUE, DERIVED_COLUMNS
from segmentation.rules.conditions import fields
from segmentation.rules.measures import PURCHASE, Measure
from segmentation.rules.sources import TIME
from segmentation.scan.prepare import suppress_names
from segmentation.sources import Table

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan
    from segmentation.measures.rows import RowTable


def hidden(run: AfterScan) -> Iterator[Notice]:
    """A notice for each column of customers whose name is a built-in feature's."""
    book = run.book
    of_suppression = book.closure(suppress_names(run.prepared))
    compared = {f for _, c in book.rules.conditions() for f in fields(c)}
    text = "customers: the column {} is not used: {} is a built-in feature"
    for name in book.attributes:
        if CATALOGUE.find(name) is not None:
            yield notice(
                "hidden-column",
                text.format(name, name),
                level="warn" if name in compared else None,
                is_of_suppression=name in of_suppression,
            )


def overlaid(run: AfterScan) -> Iterator[Notice]:
    """A notice for each column of lines that the tool works out itself, though a file has one."""
    asked = (*run.book.columns, *run.rules.features.values())
    read = {name for one in asked for name in _columns_of("transactions", one)}
    rows = (r for r in run.of_suppress.rows if r.table == "transactions")
    suppress = {c for r in rows for c in r.columns}
    text = "transactions: the column {} is not used: {} is worked out of {}"
    for name, of in DERIVED_COLUMNS.items():
        if name in run.prepared.headers.transactions.columns:
            yield notice(
                "hidden-column",
                text.format(name, name, listed(of)),
                level="warn" if name in read else None,
                is_of_suppression=suppress.issuperset(of),
            )


def own_days(run: AfterScan) -> Iterator[Notice]:
    """A notice for each table of rows with a file that has a column of the name of the rows' day."""
    asked = (*run.book.columns, *run.rules.features.values())
    text = "{}: the column {} is not used: {} is the day of {}"
    for table, (moment, day) in TIME.items():
        if _is_hidden(run.prepared.headers.of(cast("RowTable", table)), day):
            suppress = (r for r in run.of_suppress.rows if r.table == table)
            yield notice(
                "hidden-column",
                text.format(table, day, day, moment),
                level="warn" if any(day in _columns_of(table, one) for one in asked) else None,
                is_of_suppression=any(day in r.columns for r in suppress),
            )


def _is_hidden(table: Table | None, name: str) -> bool:
    """Whether a file of a table has a column that is not read, as the tool's own has its name."""
    tallies = () if table is None else table.tallies
    return any(name in part.recipe.columns.hidden for tally in tallies for part in tally.parts)


def _columns_of(table: str, measure: Measure) -> Iterator[str]:
    """The columns of lines or events that a measure of the rules names, in its anchors too."""
    if measure.table == table and measure.column is not None:
        yield measure.column
    parts = (
        (measure.event or PURCHASE, measure.where),
        *((a.event, a.where) for a in measure.anchors),
    )
    for event, where in parts:
        if (event == PURCHASE) == (table == "transactions") and where is not None:
            yield from map(str, fields(where))
