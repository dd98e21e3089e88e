"""Everything that decides how one file's rows become canonical."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import date

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import Condition
from segmentation.sources.columns.affixed import Affixed
from segmentation.sources.columns.asked import columns_with, is_bound_of_numbers, is_of_days
from segmentation.sources.columns.chosen import Written, chosen, conditions_of
from segmentation.sources.columns.dates import Shapes
from segmentation.sources.columns.formulas import Cell, Formula
from segmentation.sources.columns.ids import Ids, Shape
from segmentation.sources.columns.latest import Latest
from segmentation.sources.columns.mapping import Columns, columns_of
from segmentation.sources.columns.missing import Missing, words_of
from segmentation.sources.reader import PARTNER, Partner
from segmentation.sources.stored_types import is_text


@dataclass(frozen=True)
class Recipe:
    """Everything that decides how one file's rows become canonical."""

    table: str
    columns: Columns
    schema: Mapping[str, pl.DataType]
    dates: Mapping[str, Shapes]  # ordered_at -> the formats it may have
    written: Written
    """How its numbers are written, and the dates that `where` compares."""

    shapes: Mapping[str, Shape]  # customer_id, order_id -> shape of the ids
    ids: Ids
    timezone: str
    cutoff: date | None
    event: str | None
    wanted: Collection[str] | None
    is_quoted: bool
    compares_products: bool = True
    affixed: Mapping[str, Affixed] = field(default_factory=dict)
    """The id columns whose texts stand for numbers: those are read beside them."""

    where: Condition | None = None
    missing: Missing = field(default_factory=dict)
    has_emails: bool = False
    """Whether ids are e-mail addresses, which are the same in capitals."""

    has_marks: bool = False
    """Whether marks stand around ids, such as the apostrophe of a spreadsheet, that are none of them."""

    names_nobody: bool = False
    """Whether a word for nobody may stand among its ids: all are looked at for it."""

    is_plain: bool = False
    """Whether customers are compared in small letters, without leading zeros and a .0."""
    past: Mapping[str, date] = field(default_factory=dict)
    """The columns of dates whose two-digit years are of the past, each with the last day that they may mean."""

    own_numbers: frozenset[str] = frozenset()
    """Columns of texts without a meaning of their own that rules read as numbers."""

    guessed: frozenset[str] = frozenset()
    """Of `numbers` and the columns of dates those whose formats no source declares."""

    failing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Texts of its columns, from rows that an earlier guess could not read: they were in the sample."""

    oversize: frozenset[str] = frozenset()
    """Columns of its table's files that are not read, as a cell is too large."""

    partners: tuple[Partner, ...] = ()
    """What is joined to its table."""

    latest: Latest | None = None
    """Which of several rows of one id is the newest."""

    rates: Mapping[str, str] = field(default_factory=dict)
    """What one unit of each currency is worth, as it is written, by its code."""

    @property
    def counts(self) -> pl.Expr | None:
        """Which raw rows `where` chooses, here and of what is joined; None where that is every row."""
        own = [] if self.where is None else [chosen(self.where, self.schema, self.written)]
        joined = [pl.col(PARTNER) == 0] if self.partners else []
        return pl.all_horizontal(*joined, *own) if own or joined else None

    @property
    def conditions(self) -> tuple[tuple[str, ...], ...]:
        """The columns of each condition that chooses, as messages call them: of what is joined, then of `where`.

        A row that is not chosen is so by the first of them that does not hold.
        """
        joined = (tuple(f"{p.name}.{column}" for column in p.where) for p in self.choosing_partners)
        return (*joined, *conditions_of(self.where))

    @property
    def choosing_partners(self) -> tuple[Partner, ...]:
        """What is joined and chooses among its rows."""
        return tuple(one for one in self.partners if one.where)

    @property
    def bounded(self) -> tuple[str, ...]:
        """The columns of texts that `where` compares with bounds of numbers, or with days."""
        asked = (columns_with(self.where, asks) for asks in (is_bound_of_numbers, is_of_days))
        return tuple(
            dict.fromkeys(c for one in asked for c in one if is_text(self.schema.get(c, pl.Null())))
        )

    @property
    def choosing(self) -> frozenset[str]:
        """The columns that choose, as the table has them: those of what is joined may stand under another name."""
        joined = ((f"{one.name}.{column}", column) for one in self.partners for column in one.where)
        own = (full if full in self.schema else column for full, column in joined)
        return frozenset((*columns_of(self.where), *own))

    def has(self, name: str) -> bool:
        """Whether the files have this canonical column."""
        return name in self.columns.canonical

    def wants(self, name: str) -> bool:
        """Whether this column is needed."""
        return self.wanted is None or name in self.wanted

    def reads(self, name: str) -> bool:
        """Whether the files have this canonical column, and it is needed."""
        return self.has(name) and self.wants(name)

    def source(self, name: str) -> str:
        """The file's (first) column for a canonical one."""
        return self.columns.canonical[name][0]

    def formula(self, name: str) -> Formula:
        """What a column of numbers is: that of the file, or a formula of such."""
        return self.columns.formulas.get(name) or Cell(self.source(name))

    @property
    def ids_after(self) -> Ids:
        """How to read again what has ids that belie their shape."""
        bets = not self.names_nobody and any(map(self.is_whole, self.shapes))
        return "or nobody" if bets else "text"

    def is_whole(self, name: str) -> bool:
        """Whether an id is read as a whole number from texts among which no declared word may stand."""
        whole = self.shapes.get(name, "text") in ("integer", "integer with .0") and self.reads(name)
        return whole and not self.missing_words(name) and is_text(self.dtype(self.source(name)))

    def missing_words(self, name: str) -> frozenset[str]:
        """The texts that say nothing in a canonical column."""
        return words_of(self.missing, name, *self.columns.canonical.get(name, ()))

    def dtype(self, column: str) -> pl.DataType:
        """The type of one of the file's columns."""
        return self.schema[column]
