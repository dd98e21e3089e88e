"""Cells of rows that a measure reads as a number or a date and cannot: counted in the scan of the run.

Columns of the user's own in lines and events, and those that products lend, hold what the file holds:
a sum passes over `n/a`, and a bound in `where` is not met by `12 pts`. Only columns of texts are
looked at, and of them only those that a measure reads so: what is stored as numbers, what the reader
has parsed (amounts, days of rows) and what nobody reads costs nothing.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal

import polars as pl

from segmentation.comparing.comparisons import ISO_DAY
from segmentation.comparing.numerals import as_number
from segmentation.dataclass import dataclass
from segmentation.measures.aggregates import own_number
from segmentation.measures.own_numbers import is_added
from segmentation.measures.plan import Plan
from segmentation.measures.rows import Rows, RowTable
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import All, Compare, Condition, fields, walk
from segmentation.rules.measures import PURCHASE, Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.scalars import is_number
from segmentation.rules.windows import parse_date

As = Literal["number", "date", "addend"]
"""What a cell is read as: an addend is a number that a sum can hold."""

#: aggregates that read each cell of their column as a number; the last two only where some cell is one
_ADDED: Final = ("sum", "mean", "first_day")
_PICKED: Final = ("min", "max")  # of orders, these add up too
MOST_KEPT: Final = 1_000  # distinct cells of a column: beyond them they are counted, and not told
#: the kinds of columns that can hold what a use does not read
_KINDS: Final[Mapping[As, tuple[Kind, ...]]] = {
    "number": ("text",),
    "date": ("text",),
    "addend": ("text", "number"),
}
_FIRST_DAY: Final = "1900-01-01"  # and days before it: what systems write where there is no date


@dataclass(frozen=True)
class Use:
    """A column of a table that measures read as numbers or dates."""

    table: RowTable
    column: str
    as_: As


@dataclass(frozen=True)
class Unread:
    """What was found of one use: the cells in rows that are read, and those of them that are no such thing.

    `cells` has how often each of them stands there, of the first MOST_KEPT. With `may_be_text` the column
    is one of texts where nothing in it can be read.
    """

    use: Use
    may_be_text: bool
    held: int
    unread: int
    cells: Mapping[str, int]

    @property
    def is_doubtful(self) -> bool:
        """Whether cells are read as what they are not."""
        return self.unread > 0 and not (self.may_be_text and self.unread == self.held)


class _Tally:
    """How many cells of a use there were, and which of them cannot be read."""

    def __init__(self) -> None:
        self.held = self.unread = 0
        self.cells: collections.Counter[str] = collections.Counter()

    def add(self, held: int, cells: pl.Series) -> None:
        """Count some rows: how many hold something, and what cannot be read."""
        self.held += held
        self.unread += cells.len()
        for cell, rows in cells.value_counts().iter_rows() if cells.len() else ():
            if cell in self.cells or len(self.cells) < MOST_KEPT:
                self.cells[cell] += rows


def uses(measures: Mapping[str, Measure]) -> dict[Use, list[Measure]]:
    """What measures read as numbers and dates of lines and events, each with the rows in which they do."""
    found: dict[Use, list[Measure]] = {}
    for measure in measures.values():
        if measure.table == "customers":
            continue
        for use, rows in _of(measure):
            found.setdefault(use, []).append(rows)
    return found


def _of(measure: Measure) -> Iterator[tuple[Use, Measure]]:
    if measure.column is not None and measure.aggregate in (*_ADDED, *_PICKED):
        rows = replace(measure, window=None)
        yield Use(_table_of(measure.event), measure.column, "number"), rows
        if measure.aggregate in _ADDED or measure.of == "orders":
            yield Use(_table_of(measure.event), measure.column, "addend"), rows
    for one in (measure, *(anchor.rows for anchor in measure.anchors)):
        yield from _compared(one)


def _compared(measure: Measure) -> Iterator[tuple[Use, Measure]]:
    """The columns that a measure's `where` compares with bounds, in the rows that the rest of it chooses."""
    parts = measure.where.parts if isinstance(measure.where, All) else (measure.where,)
    for part in (p for p in parts if p is not None):
        for column, as_ in _bounded(part):
            others = tuple(p for p in parts if p is not None and column not in fields(p))
            rows = replace(measure, window=None, where=All(others) if others else None)
            yield Use(_table_of(measure.event), column, as_), rows


def _bounded(part: Condition) -> Iterator[tuple[str, As]]:
    for test in walk(part):
        if isinstance(test, Compare) and test.op.family is Family.ORDER:
            if all(map(is_number, test.values)):
                yield str(test.field), "number"
            elif all(isinstance(v, str) and parse_date(v) is not None for v in test.values):
                yield str(test.field), "date"


def _table_of(event: str | None) -> RowTable:
    return "transactions" if event in (None, PURCHASE) else "events"


class UnreadCells:
    """Counts them while one table is scanned."""

    def __init__(self, plan: Plan, table: RowTable, measures: Mapping[str, Measure]) -> None:
        rows = plan.rows[table]
        asked = {u: found for u, found in uses(measures).items() if u.table == table}
        self._asked = {u: m for u, m in asked.items() if rows.kind(u.column) in _KINDS[u.as_]}
        self._rows = rows
        self._tallies = {use: _Tally() for use in self._asked}

    @property
    def has_some(self) -> bool:
        """Whether any column is looked at."""
        return bool(self._asked)

    def found(self) -> Iterator[Unread]:
        """What was counted."""
        for use, tally in self._tallies.items():
            is_picked = all(one.aggregate in _PICKED for one in self._asked[use])
            yield Unread(use, is_picked, tally.held, tally.unread, dict(tally.cells))

    def asks(self) -> dict[str, pl.Expr]:
        """Of each use whether a row has something there, and what cannot be read."""
        found: dict[str, pl.Expr] = {}
        for i, (use, measures) in enumerate(self._asked.items()):
            text = pl.col(use.column).cast(pl.String)
            is_held = _is_kept(self._rows, measures) & (text.str.strip_chars() != "")
            found[f"__held{i}"] = is_held.fill_null(value=False)
            is_unread = self._is_unread(use, text)
            found[f"__unread{i}"] = pl.when(is_held & is_unread).then(text)
        return found

    def _is_unread(self, use: Use, text: pl.Expr) -> pl.Expr:
        if use.as_ == "addend":
            number = own_number(use.column, self._rows)
            return ~is_added(number).fill_null(value=True)  # what is no number is told as such
        return _is_unread(text, use.as_)

    def see(self, rows: pl.DataFrame) -> None:
        """Count some rows."""
        for i, tally in enumerate(self._tallies.values()):
            tally.add(int(rows[f"__held{i}"].sum()), rows[f"__unread{i}"].drop_nulls())


def _is_kept(rows: Rows, measures: list[Measure]) -> pl.Expr:
    """Whether any of the measures reads a row, on whatever day."""
    kept = [rows.keep(measure) for measure in measures]
    if any(one is None for one in kept):
        return pl.lit(value=True)
    return pl.any_horizontal(one for one in kept if one is not None)


def _is_unread(text: pl.Expr, as_: As) -> pl.Expr:
    if as_ == "number":
        return as_number(text, "text").is_null()
    day = text.str.strip_chars().str.extract(ISO_DAY)
    return (day.is_null() | (day <= _FIRST_DAY)).fill_null(value=True)
