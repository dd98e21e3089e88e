"""Columns of files that are not used, as something built in has their name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.catalogue import CATALOGUE, DERIVED_COLUMNS
from segmentation.rules.conditions import fields
from segmentation.rules.measures import PURCHASE, Measure
from segmentation.scan.prepare import suppress_names

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


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
    read = {name for one in asked for name in _columns_of_lines(one)}
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


def _columns_of_lines(measure: Measure) -> Iterator[str]:
    """The columns of lines that a measure of the rules names, in its anchors too."""
    if measure.table == "transactions" and measure.column is not None:
        yield measure.column
    parts = (
        (measure.event or PURCHASE, measure.where),
        *((a.event, a.where) for a in measure.anchors),
    )
    for event, where in parts:
        if event == PURCHASE and where is not None:
            yield from map(str, fields(where))
