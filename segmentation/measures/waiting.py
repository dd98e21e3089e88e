"""Rows that wait until `as_of` is known, or until all rows of another event are.

What they were asked that needs no date is asked when they come; only its answers are kept. Rows that
are older than any window can reach, seen from the latest day so far, are let go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.grains import CUSTOMER
from segmentation.measures.questions import Questions
from segmentation.measures.rows import DAY, MOMENT, Rows, RowTable
from segmentation.rules.instants import day_of
from segmentation.rules.measures import Measure

FEWEST: Final = 1_000_000  # rows that are kept before any is let go


def asked(rows: Rows, base: Measure) -> str:
    """The column of whether a row is of a base, its window and anchor left aside."""
    return rows.positions.of((rows.name, replace(base, window=None, anchor=None)))


def of_date(rows: Rows, base: Measure) -> pl.Expr | None:
    """Whether a row that waited is of a base; None where all rows of its table are."""
    plain = rows.keep(replace(base, window=None))
    tests = [] if plain is None else [pl.col(asked(rows, base))]
    if base.window is not None:
        tests.append(rows.within(base.window, moment=MOMENT, day=DAY))
    return pl.all_horizontal(tests) if tests else None


@dataclass(frozen=True)
class Need:
    """What must be kept of the rows that any of `bases` may be asked for: also these `columns`.

    Where `questions` tell of a row whether it may be, its bases are not asked one by one.
    """

    rows: Rows
    bases: tuple[Measure, ...]
    columns: tuple[str, ...] = ()
    questions: Questions | None = None
    are_anchors: bool = False
    """Whether others follow the rows: then they are told apart by their moments."""

    def asks(self) -> dict[str, pl.Expr]:
        """The columns that a scan must give for it, beside `columns`."""
        rows = self.rows
        found = {DAY: pl.col(rows.day)}
        if self.are_anchors or any(map(_is_of_moments, self.bases)):
            found[MOMENT] = pl.col(rows.instant)
        if self.questions is not None:
            return found
        keeps = ((base, rows.keep(replace(base, window=None))) for base in self.bases)
        return found | {asked(rows, base): k for base, k in keeps if k is not None}


def _is_of_moments(base: Measure) -> bool:
    """Whether rows are told apart by their moments, and not by days alone."""
    return base.anchor is not None or not (base.window is None or base.window.of_days)


class Waiting:
    """The rows that wait for one need."""

    def __init__(self, need: Need) -> None:
        self.need = need
        asks = need.asks()
        names = [asked(need.rows, base) for base in need.bases]
        self._masks = names if all(n in asks for n in names) else []
        self._names = [*asks, *need.columns]
        self._windows = [b.window for b in need.bases]
        self._may_be = None if need.questions is None else need.questions.may_be(need.rows)
        self._held: list[pl.DataFrame] = []
        self._rows = self._kept = 0
        self._last: date | None = None

    def add(self, rows: pl.DataFrame, customers: pl.Series, first: date | None = None) -> None:
        """Keep what may be asked for of some rows, on `first` at the earliest, or on the latest day."""
        picked = rows.select(*self._names, customers.alias(CUSTOMER))
        if self._may_be is not None and self.need.questions is not None:
            numbers = picked[self.need.questions.column].to_numpy()
            picked = picked.filter(pl.Series(self._may_be[numbers]))
        elif self._masks:
            picked = picked.filter(pl.any_horizontal(*self._masks))
        self.keep(picked, first)

    def keep(self, picked: pl.DataFrame, first: date | None = None) -> None:
        """Keep rows of the columns that are kept."""
        if not picked.height:
            return
        last = picked[DAY].max()
        assert isinstance(last, date)
        self._last = last if self._last is None else max(self._last, last)
        self._held.append(picked)
        self._rows += picked.height
        if self._rows > max(FEWEST, 2 * self._kept):
            self._let_go(first or self._last)

    def rows(self) -> pl.DataFrame | None:
        """All that is kept; None where nothing ever came."""
        return pl.concat(self._held) if self._held else None

    def _let_go(self, last: date) -> None:
        windows = [w for w in self._windows if w is not None]
        if len(windows) == len(self._windows):
            zone = self.need.rows.table.timezone
            first = min(day_of(w.bounds(last, zone)[0], zone) for w in windows)
            self._held = [pl.concat(self._held).filter(pl.col(DAY) >= first)]
        self._rows = self._kept = sum(f.height for f in self._held)


class Later:
    """The rows that nobody has asked for yet: those of days after a date, by month."""

    def __init__(self) -> None:
        self._held: dict[tuple[RowTable, date], list[pl.DataFrame]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return not self._held

    def put_off(self, table: RowTable, rows: pl.DataFrame, until: date) -> pl.DataFrame:
        """The rows up to a date; those after it are kept."""
        past = rows[DAY] <= until
        if past.all():
            return rows
        self._keep(table, rows.filter(~past) if past.any() else rows)
        return rows.filter(past)

    def _keep(self, table: RowTable, rows: pl.DataFrame) -> None:
        month = rows[DAY].dt.month_start()
        if month.min() == month.max():
            self._held.setdefault((table, month[0]), []).append(rows)
            return
        for (first,), some in rows.group_by(month.alias("month")):
            self._held.setdefault((table, first), []).append(some)

    def due(self, until: date) -> Iterator[tuple[RowTable, pl.DataFrame]]:
        """The rows up to a later date, which are let go."""
        for table, month in sorted(key for key in self._held if key[1] <= until):
            rows = pl.concat(self._held.pop((table, month)), rechunk=True)
            yield table, self.put_off(table, rows, until)
