"""One scan of every table: the customers of the base with what was measured, and the row counts."""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import polars as pl

from segmentation.customers.describe import BASE
from segmentation.measures import plan as planning
from segmentation.measures.dtypes import as_kinds
from segmentation.measures.keys import LostBet
from segmentation.measures.money_totals import check_totals, narrowed
from segmentation.measures.partials import Partials
from segmentation.measures.rows import IN_CATALOGUE, Tables
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.sources import TableName
from segmentation.scan import column_values
from segmentation.scan.column_values import Counter, Counting
from segmentation.scan.deliveries import Deliveries
from segmentation.scan.prepare import Prepared, opened, prepare
from segmentation.scan.rejected import first_rejected
from segmentation.scan.scanning import Watcher, scanned
from segmentation.sources import IdsAreText, InputCount, Table, explained, input_count
from segmentation.sources.read import LAST_DAY

_STRAY: Final = "__stray"
KNOWN = "_known"  # true for who is in the table of customers, missing for others


@dataclass(frozen=True)
class Measured:
    """The customers of the base with every measured feature and attribute, and the row counts.

    `prepared` is what was measured: where ids turn out to be text, its tables are others than at
    first. `others`: who was measured or is in customers, and is not in the base.
    """

    prepared: Prepared
    customers: pl.DataFrame
    others: pl.DataFrame
    as_of: date
    inputs: tuple[InputCount, ...]
    left_out: Mapping[str, int]
    strays: int = 0  # lines whose product is in no catalogue
    days: pl.DataFrame = field(default_factory=pl.DataFrame)  # see `Deliveries`
    ways: Mapping[str, str] = field(default_factory=dict)  # how each measure was taken up
    known: pl.DataFrame = field(default_factory=pl.DataFrame)  # every row of the table customers
    counted: Mapping[Counting, pl.DataFrame] = field(
        default_factory=dict
    )  # distinct values of columns

    @property
    def tables(self) -> Tables:
        """The tables that were scanned."""
        return self.prepared.tables


def measure(
    prepared: Prepared, counted: Sequence[Counting] = (), *, dense: bool = True
) -> Measured:
    """Scan every table once: features per customer, and the count of each input's rows.

    The distinct values of columns `counted` are counted in the same scan. Without `dense` everything
    is folded by groups; nothing else differs.

    Two bets on the data make this fast: that ids which look like integers are, and that they, or
    ids of one prefix and width, lie close together. A bet that is lost is seen, and measured again.
    """
    bets = True
    while True:
        try:
            return _based(prepared, _scanned(prepared, counted, bets=bets, dense=dense))
        except LostBet:
            bets = False
        except IdsAreText:
            prepared = prepare(prepared.request, ids="text")


@dataclass(frozen=True)
class Scan:
    """What one scan of the tables gave."""

    partials: Partials
    known: pl.DataFrame  # every row of the table customers
    inputs: tuple[InputCount, ...]
    as_of: date
    strays: int  # lines whose product is in no catalogue
    days: pl.DataFrame  # of each table, file and day: rows, amount, hash
    counted: Mapping[Counting, pl.DataFrame]


def _scanned(prepared: Prepared, wanted: Sequence[Counting], *, bets: bool, dense: bool) -> Scan:
    request, tables = prepared.request, prepared.tables
    with explained(opened(tables)):
        known, tables, counts = _beside(prepared, tables)
        plan = planning.plan(
            tables,
            prepared.measures,
            as_of=request.as_of,
            new_arrival_days=request.rules.new_arrival_days,
        )
        partials = Partials(plan, bets=bets, dense=dense)
        strays, deliveries = Strays(), list[Deliveries]()
        counters = _counters(tables, wanted)
        for table in _of_rows(tables):
            watchers: list[Watcher] = [c for c in counters.values() if c.table.name == table.name]
            if table.coded:
                deliveries.append(Deliveries(plan.rows[table.name]))  # type: ignore[index]
                watchers.append(deliveries[-1])
            if plan.rows[table.name].has_strays:  # type: ignore[index]  # a table of rows
                watchers.append(strays)
            counts[table.name] = list(scanned(table, partials, watchers))
        inputs = tuple(
            input_count(tally, one)
            for table in opened(tables)
            for tally, one in zip(table.tallies, counts[table.name], strict=bool(table.tallies))
        )
        every = [one for of_table in counts.values() for one in of_table]
        as_of = request.as_of or _last_day(tables, every, inputs)
        check_totals(tables.transactions, every)
        found = _values(tables, wanted, counters)
        days = pl.concat([d.days for d in deliveries]) if deliveries else pl.DataFrame()
    return Scan(partials, known, inputs, as_of, strays.number, days, found)


def _values(
    tables: Tables, wanted: Sequence[Counting], counters: Mapping[Counting, Counter]
) -> dict[Counting, pl.DataFrame]:
    """The distinct values of columns: those of rows are counted, those of others collected."""
    beside = [one for one in wanted if one not in counters]
    lazy = column_values.counting(tables, beside)
    found = dict(zip(beside, pl.collect_all(lazy, engine="streaming"), strict=True))
    return found | {one: counter.counts for one, counter in counters.items()}


def _counters(tables: Tables, wanted: Sequence[Counting]) -> dict[Counting, Counter]:
    """What counts the values of columns while their tables are scanned."""
    by_name = {t.name: t for t in _of_rows(tables)}
    return {
        one: Counter(by_name[one.key[0]], one, f"__counted{i}")
        for i, one in enumerate(wanted)
        if one.key[0] in by_name
    }


def _of_rows(tables: Tables) -> list[Table]:
    """The tables that have one row for each thing that happened."""
    return [t for t in (tables.transactions, tables.events) if t is not None]


def _beside(
    prepared: Prepared, tables: Tables
) -> tuple[pl.DataFrame, Tables, dict[TableName, list[pl.DataFrame]]]:
    """Customers and products, which are collected: what is asked of customers, and row counts."""
    names = prepared.attributes
    found: dict[TableName, Table] = {}
    counts: dict[TableName, list[pl.DataFrame]] = {}
    for table in (t for t in (tables.customers, tables.products) if t is not None):
        lazy = [table.rows, *(t.counts for t in table.tallies)]
        rows, *of_sources = pl.collect_all(lazy, engine="streaming")
        for tally, one in zip(table.tallies, of_sources, strict=True):
            input_count(tally, one)  # raises where a product would be joined twice
        found[table.name] = replace(table, rows=rows.lazy())
        counts[table.name] = of_sources
    tables = replace(tables, **found)
    known = pl.DataFrame()
    if tables.customers is not None:
        told = pl.lit(value=True).alias(KNOWN)
        known = tables.customers.rows.select("customer_id", *names, told).collect()
    return known, tables, counts


class Strays:
    """Counts the lines that name a product which products lack."""

    def __init__(self) -> None:
        self.number = 0

    def asks(self) -> dict[str, pl.Expr]:
        """Whether a line is one."""
        is_named = pl.col("product_id").is_not_null()
        return {_STRAY: is_named & pl.col(IN_CATALOGUE).is_null()}

    def see(self, rows: pl.DataFrame) -> None:
        """Count them."""
        self.number += int(rows[_STRAY].sum())


def _based(prepared: Prepared, scan: Scan) -> Measured:
    """The customers of the base by id, with their attributes."""
    everyone = prepared.request.rules.base == "everyone"
    plan = scan.partials.plan
    measured = narrowed(scan.partials.at(scan.as_of), plan.kinds())
    customers = _with_attributes(measured, scan)
    buyers = pl.col(BASE).fill_null(0) > 0
    others = customers.clear() if everyone else customers.filter(~buyers)
    kept = customers if everyone else customers.filter(buyers)
    if kept.is_empty():
        what = "no customer has an order: no usable line has a positive amount"
        raise InputError(_unusable(what, prepared.tables, scan.inputs))
    by_id = as_kinds(kept.sort("customer_id"), prepared.book.kinds)
    left_out = {} if everyone else {"customers without an order": others.height}
    return Measured(
        prepared,
        by_id,
        others,
        scan.as_of,
        scan.inputs,
        left_out,
        scan.strays,
        scan.days,
        scan.partials.ways(),
        scan.known,
        scan.counted,
    )


def _with_attributes(customers: pl.DataFrame, scan: Scan) -> pl.DataFrame:
    """Everybody who was measured or is in customers, with the columns of customers."""
    if not scan.known.width:
        return customers
    known = scan.known.with_columns(pl.col("customer_id").cast(pl.String))
    customers = customers.join(known, on="customer_id", how="full", coalesce=True)
    compiled = scan.partials.plan.compiled
    empty = {n: c.empty for n, c in compiled.items() if c.empty is not None}
    return customers.with_columns(pl.col(n).fill_null(v) for n, v in empty.items())


def _last_day(tables: Tables, counts: Sequence[pl.DataFrame], inputs: Sequence[InputCount]) -> date:
    """The latest usable day of the tables that have days. Raises InputError without a usable row."""
    days = [c[LAST_DAY].item() for c in counts if LAST_DAY in c.columns]
    last = max((d for d in days if d is not None), default=None)
    if last is None:
        raise InputError(_unusable("no row of transactions can be used", tables, inputs))
    return last  # type: ignore[no-any-return]  # Polars says Any of an item


def _unusable(what: str, tables: Tables, inputs: Sequence[InputCount]) -> Problem:
    """Why transactions give nothing: what became of their rows, and the first that were rejected."""
    counts = [c for c in inputs if c.table == "transactions"]
    aside: collections.Counter[str] = collections.Counter()
    for count in counts:
        aside.update(count.rows_set_aside)
    said = [
        f"{sum(c.rows_rejected for c in counts):,} were rejected",
        *(f"{n:,} set aside ({reason})" for reason, n in aside.items()),
    ]
    shown = first_rejected(tables, inputs)
    text = f"Of {sum(c.rows_read for c in counts):,} rows {', '.join(said)}."
    return Problem(what, counts[0].path, "\n  ".join([text, *shown]))
