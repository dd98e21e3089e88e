"""What is folded of each table's rows, for all measures of a run together.

Measures are compiled to parts; parts of one table and grain share a store. Those that ask what a
date says (a window, while `as_of` is not known), or what other rows say (an anchor), wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.aggregates import aggregates
from segmentation.measures.folds import ANY
from segmentation.measures.grains import COUNT, COUNT_ABOVE_ZERO
from segmentation.measures.keys import Texts
from segmentation.measures.parts import ORDER, Compiled, Part, order_columns
from segmentation.measures.questions import Questions, questions
from segmentation.measures.rows import (
    DAY,
    MOMENT,
    Positions,
    Rows,
    RowTable,
    Tables,
    row_columns,
)
from segmentation.measures.waiting import Need
from segmentation.rules.catalogue import Kind
from segmentation.rules.measures import PURCHASE, Anchor, Measure

GroupKey = tuple[RowTable, str | None, Anchor | None, bool, bool]


@dataclass(frozen=True)
class Group:
    """Parts that are folded together: of one table, one grain and one anchor."""

    table: RowTable
    grain: str | None
    anchor: Anchor | None
    waits: bool
    parts: tuple[Part, ...]
    questions: Questions | None = None

    @property
    def wait(self) -> str:
        """What its rows waited for, in words."""
        if self.anchor is not None:
            return ", after what they follow"
        return ", once as_of was known" if self.waits else ""

    @property
    def key(self) -> GroupKey:
        """What tells it from the others of its plan."""
        return self.table, self.grain, self.anchor, self.waits, self.questions is not None


@dataclass(frozen=True)
class Plan:
    """Measures compiled for one run: groups of parts, and how each measure ends."""

    rows: Mapping[RowTable, Rows]
    compiled: Mapping[str, Compiled]
    groups: tuple[Group, ...]
    texts: dict[tuple[RowTable, str], Texts] = field(default_factory=dict)

    def texts_of(self, table: RowTable, column: str) -> Texts:
        """The codes of a column's texts: whoever needs some shares them."""
        return self.texts.setdefault((table, column), Texts())

    @property
    def waits_for_date(self) -> bool:
        """Whether rows wait until the day of the run is known."""
        has_window = (p.base.window is not None for g in self.groups for p in g.parts)
        return any(r.as_of is None for r in self.rows.values()) and any(has_window)

    def kinds(self) -> dict[str, Kind]:
        """How the value of each measure is held, by name."""
        return {name: c.kind for name, c in self.compiled.items()}

    def of(self, table: RowTable) -> Iterator[Group]:
        """The groups of one table."""
        return (g for g in self.groups if g.table == table)

    def columns(self, table: RowTable) -> dict[str, pl.Expr]:
        """The columns that a scan of a table must give, by name, beside those of its grains."""
        found: dict[str, pl.Expr] = {}
        rows = self.rows[table]
        for group in self.of(table):
            if group.questions is not None:
                found[group.questions.column] = group.questions.combination
                found |= {DAY: pl.col(rows.day), MOMENT: pl.col(rows.instant)}
                continue
            found |= {p.valued: p.value for p in group.parts if p.value is not None}
            if not group.waits:
                found |= {p.kept: p.keep for p in group.parts if p.keep is not None}
        for need in self.needs(table).values():
            found |= need.asks()
        return found

    def folded(self, table: RowTable) -> list[str]:
        """Those of them that are read of rows which do not wait."""
        names: dict[str, None] = {}
        for group in (g for g in self.of(table) if not g.waits):
            if group.questions is not None:
                names |= dict.fromkeys((group.questions.column, DAY, MOMENT))
                continue
            names |= {p.valued: None for p in group.parts if p.value is not None}
            names |= {p.kept: None for p in group.parts if p.keep is not None}
            names |= dict.fromkeys(self.grains_of(group).values())
        return [*names]

    def grains(self, table: RowTable) -> dict[str, str]:
        """The columns that number grains, and the columns of the table that these are numbers of."""
        return {n: c for g in self.of(table) for c, n in self.grains_of(g).items()}

    def grains_of(self, group: Group) -> dict[str, str]:
        """The columns of a table that are the grain of a group, and what numbers them."""
        if group.grain is None:
            return {}
        rows = self.rows[group.table]
        columns = order_columns(rows) if group.grain == ORDER else {group.grain}
        return {c: rows.positions.of(("grain", rows.name, c)) for c in sorted(columns)}

    def grain(self, group: Group) -> str:
        """The column that numbers the grain of a group, where that is no day; "" where there is none."""
        found = self.grains_of(group)
        return found.get("order_id" if group.grain == ORDER else str(group.grain), "")

    def order(self, table: RowTable) -> str:
        """The column that numbers the orders of a table; "" where no row is folded within these at once."""
        found = (self.grain(g) for g in self.of(table) if g.grain == ORDER and not g.waits)
        return next(found, "")

    def needs(self, table: RowTable) -> dict[GroupKey | Anchor, Need]:
        """What must be kept of a table's rows, and what for: groups that wait, and anchors."""
        rows = self.rows[table]
        found: dict[GroupKey | Anchor, Need] = {}
        for group in self.groups:
            if group.waits and group.table == table:
                found[group.key] = self._need(group)
            for anchor in _chain(group.anchor):
                if _table_of(anchor) == table:
                    found[anchor] = Need(rows, (anchor.rows,), are_anchors=True)
        return found

    def _need(self, group: Group) -> Need:
        rows = self.rows[group.table]
        bases = tuple(dict.fromkeys(p.base for p in group.parts))
        if group.questions is not None:
            return Need(rows, bases, (group.questions.column,), group.questions)
        values = [p.valued for p in group.parts if p.value is not None]
        return Need(rows, bases, (*dict.fromkeys(values), *self.grains_of(group).values()))

    def raw(self, table: RowTable) -> set[str]:
        """The columns of the table that these are worked out of."""
        rows = self.rows[table]
        found = {c for g in self.of(table) for p in g.parts for c in p.columns}
        for need in self.needs(table).values():
            found |= {c for base in need.bases for c in row_columns(rows, base)}
        return found


def _chain(anchor: Anchor | None) -> Iterator[Anchor]:
    while anchor is not None:
        yield anchor
        anchor = anchor.follows


def _table_of(anchor: Anchor) -> RowTable:
    return "transactions" if anchor.event == PURCHASE else "events"


def plan(
    tables: Tables, wanted: Mapping[str, Measure], *, as_of: date | None, new_arrival_days: int
) -> Plan:
    """How to measure `wanted` (by name). Raises InputError.

    Without `as_of` windows wait for it.
    """
    positions = Positions()
    rows: dict[RowTable, Rows] = {
        name: Rows(tables, name, as_of, new_arrival_days, positions)
        for name in ("transactions", "events")
    }
    compiled = {name: aggregates(m, rows[_table(m)]) for name, m in wanted.items()}
    return Plan(rows, compiled, tuple(_grouped(wanted, compiled, rows, as_of)))


def _grouped(
    wanted: Mapping[str, Measure],
    compiled: Mapping[str, Compiled],
    rows: Mapping[RowTable, Rows],
    as_of: date | None,
) -> Iterator[Group]:
    groups: dict[tuple[RowTable, str | None, Anchor | None, bool], dict[str, Part]] = {}
    for name, measure in wanted.items():
        for part in compiled[name].parts:
            waits = part.anchor is not None or (part.base.window is not None and as_of is None)
            key = (_table(measure), part.grain, part.anchor, waits)
            groups.setdefault(key, {})[part.key] = part
    for (table, grain, anchor, waits), found in groups.items():
        parts = _without_needless_sums(found)
        asked = questions(rows[table], list(parts.values())) if grain is None else None
        looked_up = {p.key for p in asked.parts} if asked else set()
        others = tuple(p for p in parts.values() if p.key not in looked_up)
        if asked is not None:
            yield Group(table, grain, anchor, waits, asked.parts, asked)
        if others:
            yield Group(table, grain, anchor, waits, others)


def _without_needless_sums(parts: Mapping[str, Part]) -> dict[str, Part]:
    """The same parts, sums of bought lines as yes or no where nobody asks but how many are above zero."""
    needed = {p.carried for p in parts.values() if p.over is not COUNT_ABOVE_ZERO}
    return {
        key: p if p.carried in needed else replace(p, fold=ANY, value=None, over=COUNT)
        for key, p in parts.items()
    }


def _table(measure: Measure) -> RowTable:
    return "events" if measure.table == "events" else "transactions"


def at_date(known: Plan, as_of: date) -> Plan:
    """The same plan with its date."""
    rows = {name: replace(one, as_of=as_of) for name, one in known.rows.items()}
    return replace(known, rows=rows)
