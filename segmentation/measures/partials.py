"""Partials: what is known of every customer before anybody names a date, and features read off it.

Rows come in batches, in any order. `at` reads the features off at a date; what waits for one, or for
other rows, is folded then.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.anchors import following
from segmentation.measures.arrays import Places, Schema, grown
from segmentation.measures.batch import Batch
from segmentation.measures.grains import CUSTOMER, GRAIN
from segmentation.measures.keys import CUSTOMER_ID, Customers
from segmentation.measures.parts import AS_OF, ORDER, Part
from segmentation.measures.plan import Group, GroupKey, Plan, at_date
from segmentation.measures.questions import Answers
from segmentation.measures.rows import DAY, MOMENT, RowTable
from segmentation.measures.stores.names import Names
from segmentation.measures.stores.of_customers import OfCustomers
from segmentation.measures.stores.store import Store
from segmentation.measures.stores.within_names import WithinNames
from segmentation.measures.stores.within_orders import IS_DAY, WithinOrders
from segmentation.measures.waiting import Later, Waiting, of_date
from segmentation.measures.workers import Workers
from segmentation.rules.measures import PURCHASE, Anchor
from segmentation.sources.columns.affixed import numbered

KEY: Final = "__customer_id"  # of a row, as `Customers` takes it


def _customers(plan: Plan, *, bets: bool) -> Customers:
    tables = plan.rows["transactions"].tables
    given = [t for t in (tables.transactions, tables.events) if t is not None]
    return Customers(given, bets=bets)


@dataclass(frozen=True)
class Folded:
    """What was folded somewhere, to be sent elsewhere: plain frames that know no plan.

    `ids` are the customers by number, None where nobody of that number was seen; `names` the texts of
    the grains by number.
    """

    ids: pl.Series
    names: Mapping[str, pl.Series]
    stores: Mapping[GroupKey, Sequence[pl.DataFrame]]
    waiting: Mapping[GroupKey | Anchor, pl.DataFrame]


def _renumbered(
    rows: pl.DataFrame, customers: Places, numbers: Mapping[str, pl.Series | None]
) -> pl.DataFrame:
    """Rows of elsewhere with the numbers that customers and names of grains have here."""
    found = {CUSTOMER: pl.Series(customers[rows[CUSTOMER].to_numpy()])}
    is_of_days = IS_DAY in rows.columns and rows[IS_DAY].all()
    for column, known in numbers.items():
        if known is not None and column in rows.columns and not is_of_days:
            found[column] = known.gather(rows[column])
    return rows.with_columns(**found).filter(pl.col(CUSTOMER) >= 0)


class Partials:
    """What is folded of the rows of a run.

    With `dense` by arrays as far as they can; without, by groups alone: the results are the same.
    `first` says, of the latest day that rows have had so far, at which date features will be read
    off first: rows of later days wait for `roll`, so that they can be read off at one date after
    another. As later days come it may name a later date, never an earlier one.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        first: Callable[[date], date] | None = None,
        bets: bool = True,
        dense: bool = True,
    ) -> None:
        self.plan, self._dense = plan, dense
        self._first, self._until, self._later = first, date.min, Later()
        self.customers = _customers(plan, bets=bets)
        self._names: dict[str, Names] = {}
        self._stores: dict[GroupKey, Store] = {}
        self._waiting = {
            key: Waiting(need) for t in plan.rows for key, need in plan.needs(t).items()
        }
        self._schemas: dict[RowTable, Schema] = {}
        self._seen = np.zeros(0, np.bool_)
        self._workers = Workers()

    def asks(self, table: RowTable, coded: pl.LazyFrame) -> dict[str, pl.Expr]:
        """The columns that `fold` takes, of rows that have all columns of the plan.

        Raises InputError where rules read what the table lacks.
        """
        rows, found = self.plan.rows[table], self.plan.columns(table)
        schema = coded.collect_schema()
        for name, column in self.plan.grains(table).items():
            if name not in self._names:
                numbers = numbered(column) if column in rows.table.affixed else None
                self._names[name] = Names(
                    column, schema[column], numbers, self.plan.texts_of(table, column)
                )
            found[name] = self._names[name].number()
        found[KEY] = self.customers.key()
        if table not in self._schemas:
            self._schemas[table] = coded.select(**found).collect_schema()
            for group in self.plan.of(table):
                if not group.waits:
                    self._stores[group.key] = self._store(group, group.parts, self.plan)
        return found

    def _store(self, group: Group, parts: Sequence[Part], plan: Plan) -> Store:
        """A store for some parts; `plan` knows the date of whatever has a window."""
        schema, rows = self._schemas[group.table], plan.rows[group.table]
        grains = plan.grains_of(group)
        if group.questions is not None:
            return Answers(group.questions, rows)
        if group.grain is None:
            return OfCustomers(parts, schema, dense=self._dense)
        if group.grain == ORDER:
            order = grains.get("order_id")
            return WithinOrders(parts, schema, order, grains[rows.day], dense=self._dense)
        name = grains[group.grain]
        return WithinNames(parts, schema, self._names[name], name, dense=self._dense)

    def fold(
        self, table: RowTable, rows: pl.DataFrame, beside: Sequence[Callable[[], None]] = ()
    ) -> None:
        """Take up usable rows; what else is to be done about them is done `beside`. Raises LostBet.

        Done with all of it is who has called `wait`, or reads anything off.
        """
        day = self.plan.rows[table].day
        customers = self.customers.of(rows[KEY])
        if self._first is not None and rows.height:
            self._go_on(self._first(rows[day].max()))  # type: ignore[arg-type]  # a day
        until = None if self._first is None else self._until
        for name in self.plan.grains(table):
            self._names[name].see(rows[name])
        for waiting in self._waiting.values():
            if waiting.need.rows.name == table:
                waiting.add(rows, pl.Series(customers), until)
        if until is None:
            self._fold(table, Batch(rows, customers, self._alike(table, day)), beside)
        else:
            numbered = rows.with_columns(pl.Series(CUSTOMER, customers), rows[day].alias(DAY))
            folded = dict.fromkeys((*self.plan.folded(table), CUSTOMER, DAY))
            past = self._later.put_off(table, numbered.select(*folded), until)
            self._fold(table, self._batch(table, past), beside)

    def _batch(self, table: RowTable, rows: pl.DataFrame) -> Batch:
        """Rows that waited."""
        return Batch(rows, rows[CUSTOMER].to_numpy(), self._alike(table, DAY))

    def _alike(self, table: RowTable, day: str) -> Sequence[str]:
        """The columns in which the lines of an order agree."""
        order = self.plan.order(table)
        return (day, order) if order else (day,)

    def _fold(
        self, table: RowTable, batch: Batch, beside: Sequence[Callable[[], None]] = ()
    ) -> None:
        self._see(batch.customers)
        tasks: dict[Hashable, Callable[[], None]] = {}
        for group in (g for g in self.plan.of(table) if not g.waits):
            folds = enumerate(self._stores[group.key].folds(batch))
            tasks |= {(group.key, i): fold for i, fold in folds}
        tasks |= {(table, i): task for i, task in enumerate(beside)}
        self._workers.take(tasks, len(batch.customers))

    def wait(self) -> None:
        """Until everything is taken up."""
        self._workers.wait()

    def roll(self, until: date) -> None:
        """Take up the rows up to a later day."""
        for table, rows in self._later.due(until):
            self._fold(table, self._batch(table, rows))
        self._until = until

    def _go_on(self, until: date) -> None:
        if until > self._until:
            self.roll(until)

    def _see(self, customers: Places) -> None:
        size = self.customers.size
        if size > len(self._seen):
            self._seen = grown(self._seen, 2 * size)
        self._seen[customers] = True

    def ids(self) -> pl.Series:
        """What every customer is called, as text, by number; also those whose rows all wait."""
        return self.customers.ids()

    @property
    def seen(self) -> pl.Series:
        """Whether any row of a customer was taken up, by number."""
        self._see(np.zeros(0, np.int64))
        return pl.Series(self._seen[: self.customers.size])

    def at(self, as_of: date) -> pl.DataFrame:
        """One row per customer seen in any row: `customer_id` as text, a column per measure."""
        named = self.values(as_of).with_columns(self.ids().alias(CUSTOMER_ID))
        return named.select(CUSTOMER_ID, *self.plan.compiled).filter(self.seen)

    def values(self, as_of: date) -> pl.DataFrame:
        """A column per measure, by the customer's number.

        Customers without a row of a measure get its empty value: 0 for counts and sums, false for
        `did`, missing for the rest.
        """
        self.wait()
        plan, size = at_date(self.plan, as_of), self.customers.size
        found: dict[str, pl.Series] = {}
        for group in plan.groups:
            if group.waits:
                self._stores[group.key] = self._released(group, plan)
        of_stores = [partial(self._stores[g.key].found, size) for g in plan.groups]
        for of_store in self._workers.all_of(of_stores):
            found |= of_store
        values = [
            (one.finish if one.empty is None else one.finish.fill_null(one.empty)).alias(name)
            for name, one in plan.compiled.items()
        ]
        return pl.DataFrame(found).with_columns(pl.lit(as_of).alias(AS_OF)).select(*values)

    def ways(self) -> dict[str, str]:
        """How each measure was taken up, in words, by its name; known once features were read off."""
        known = {
            key: way + group.wait
            for group in self.plan.groups
            for key, way in self._stores[group.key].ways().items()
        }
        parts = {n: [known[p.key] for p in one.parts] for n, one in self.plan.compiled.items()}
        return {n: " and ".join(dict.fromkeys(ways)) for n, ways in parts.items()}

    # -- elsewhere --------------------------------------------------------------------------------

    def folded(self) -> Folded:
        """What was folded here, and what waits, to be pickled and merged elsewhere."""
        assert self._later.is_empty, "rows of later days stay where they are"
        self.wait()
        ids = self.customers.ids()
        nobody = pl.Series(~self._seen[: len(ids)])
        held = {key: waiting.rows() for key, waiting in self._waiting.items()}
        stores = {g.key: self._stores[g.key].rows() for g in self.plan.groups if not g.waits}
        own = pl.col(CUSTOMER) < len(ids)  # arrays have room for more
        return Folded(
            ids.set(nobody, None),
            {n: one.every() for n, one in self._names.items() if one.has_texts},
            {key: [rows.filter(own) for rows in held] for key, held in stores.items()},
            {key: rows for key, rows in held.items() if rows is not None},
        )

    def merge(self, other: Folded) -> None:
        """Take up what was folded elsewhere: of other customers, or of other rows of the same."""
        self.wait()
        known = np.flatnonzero(other.ids.is_not_null().to_numpy())
        customers = np.full(len(other.ids), -1)
        customers[known] = self.customers.numbered(other.ids.gather(known))
        self._see(customers[known])
        numbers = {n: self._names[n].numbered(texts) for n, texts in other.names.items()}
        for group in self.plan.groups:
            grain = self.plan.grain(group)
            for rows in other.stores.get(group.key, ()):
                self._stores[group.key].add(
                    _renumbered(rows, customers, {GRAIN: numbers.get(grain)})
                )
        for key, rows in other.waiting.items():
            self._waiting[key].keep(_renumbered(rows, customers, numbers))

    # -- what waited ------------------------------------------------------------------------------

    def _released(self, group: Group, plan: Plan) -> Store:
        """The parts of a group whose rows waited, folded at the date of a plan."""
        rows = plan.rows[group.table]
        as_of = rows.as_of
        masks = {} if group.questions else {p.kept: of_date(rows, p.base) for p in group.parts}
        parts = [replace(p, keep=masks.get(p.kept)) for p in group.parts]
        store = self._store(group, parts, plan)
        held = self._waiting[group.key].rows()
        if held is None:
            return store
        waited = held.lazy().filter(pl.col(DAY) <= as_of)
        if group.anchor is not None:
            waited = following(waited, group.anchor, lambda anchor: self._moments(anchor, plan))
        kept = [m.alias(name) for name, m in masks.items() if m is not None]
        frame = waited.with_columns(kept).collect(engine="streaming")
        store.fold(Batch(frame, frame[CUSTOMER].to_numpy()))
        return store

    def _moments(self, anchor: Anchor, plan: Plan) -> pl.LazyFrame:
        """When an anchor happened, and to whom."""
        waiting = self._waiting[anchor]
        held, rows = waiting.rows(), plan.rows[waiting.need.rows.name]
        if held is None:
            return pl.LazyFrame(schema={CUSTOMER: pl.Int64, MOMENT: pl.Datetime("us")})
        keep, past = of_date(rows, anchor.rows), held.lazy().filter(pl.col(DAY) <= rows.as_of)
        moments = past if keep is None else past.filter(keep)
        found = moments.select(CUSTOMER, MOMENT)
        # the lines of an order are one moment
        return found.unique(maintain_order=False) if anchor.event == PURCHASE else found
