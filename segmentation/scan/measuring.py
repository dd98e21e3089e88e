"""One scan of every table: the customers of the base with what was measured, and the row counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

import polars as pl

from segmentation.customers.describe import BASE
from segmentation.dataclass import dataclass
from segmentation.measures import plan as planning
from segmentation.measures.assemble import Plan
from segmentation.measures.dtypes import as_kinds
from segmentation.measures.money_totals import check_totals, narrowed
from segmentation.measures.rows import Tables
from segmentation.measures.speed.flags import MOST_ROWS
from segmentation.measures.speed.packing import CannotPack
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.measures import Measure
from segmentation.scan import column_values
from segmentation.scan.column_values import Counting
from segmentation.scan.prepare import HAS_LINE, Prepared, opened, prepare
from segmentation.scan.rejected import first_rejected
from segmentation.sources import IdsAreText, InputCount, Table, Tally, explained, input_count
from segmentation.sources.read import LAST_DAY

_AS_PLANNED = pl.QueryOptFlags(comm_subplan_elim=False)
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
    known: pl.DataFrame = field(default_factory=pl.DataFrame)  # every row of the table customers
    counted: Mapping[Counting, pl.DataFrame] = field(
        default_factory=dict
    )  # distinct values of columns

    @property
    def tables(self) -> Tables:
        """The tables that were scanned."""
        return self.prepared.tables


def measure(prepared: Prepared, counted: Sequence[Counting] = ()) -> Measured:
    """Scan every table once: features per customer, and the count of each input's rows.

    The distinct values of columns `counted` are counted in the same scan.

    Two bets on the data make this fast: that ids which look like integers are, and that a
    customer and a department fit one integer. A bet that is lost is seen, and measured again.
    """
    pack = True
    while True:
        try:
            return _based(prepared, _scanned(prepared, counted, pack=pack))
        except CannotPack:
            pack = False
        except IdsAreText:
            prepared = prepare(prepared.request, ids="text")


@dataclass(frozen=True)
class Scan:
    """What one scan of the tables collected."""

    plan: Plan
    parts: Sequence[pl.DataFrame]
    attributes: Sequence[pl.DataFrame]
    inputs: tuple[InputCount, ...]
    as_of: date
    strays: int  # lines whose product is in no catalogue
    seen: Sequence[pl.DataFrame]  # ids of events
    counted: Mapping[Counting, pl.DataFrame]


def _scanned(prepared: Prepared, keys: Sequence[Counting], *, pack: bool) -> Scan:
    request, tables, wanted = prepared.request, prepared.tables, prepared.measures
    days = request.rules.new_arrival_days
    with explained(opened(tables)):
        tallies = [t for table in opened(tables) for t in table.tallies]
        counting = [t.counts for t in tallies]
        early: list[pl.DataFrame] = []
        as_of = request.as_of
        if request.as_of is None and any(map(_has_window, wanted.values())):
            [early] = _collected(counting)  # a window needs as_of before its rows are read
            as_of = _last_day(tables, tallies, early)
        plan = planning.plan(tables, wanted, as_of=as_of, new_arrival_days=days, pack=pack)
        attributes = _attributes(tables, prepared.attributes)
        if request.rules.base == "everyone":
            attributes += _everyone(tables)
        strays = _strays(tables)
        values = column_values.counting(tables, keys)
        seen = [] if request.rules.base == "everyone" else _of_events(tables)
        groups = (plan.frames, attributes, [] if early else counting, strays, seen, values)
        parts, known, late, unlisted, ids, distinct = _collected(*groups)
        counts = early or late
        inputs = _inputs(tallies, counts)
        as_of = as_of or _last_day(tables, tallies, counts)
    check_totals(tables.transactions, counts)
    if pack and max((c["rows_used"].item() for c in counts), default=0) >= MOST_ROWS:
        raise CannotPack("a count")
    return Scan(
        plan,
        parts,
        known,
        inputs,
        as_of,
        sum(f.item() for f in unlisted),
        ids,
        dict(zip(keys, distinct, strict=True)),
    )


def _collected(*groups: Sequence[pl.LazyFrame]) -> list[list[pl.DataFrame]]:
    """Groups of lazy frames, collected all at once so that they share what the sources cache.

    What they do not cache is better read again, each time with fewer columns and rows.
    """
    lazy = [f for g in groups for f in g]
    frames = iter(pl.collect_all(lazy, engine="streaming", optimizations=_AS_PLANNED))
    return [[next(frames) for _ in g] for g in groups]


def _based(prepared: Prepared, scan: Scan) -> Measured:
    """The customers of the base by id, with their attributes."""
    everyone = prepared.request.rules.base == "everyone"
    measured = narrowed(planning.assembled(scan.plan, scan.parts, scan.as_of), scan.plan.kinds())
    customers = _with_attributes(measured, scan)
    buyers = pl.col(BASE).fill_null(0) > 0
    others = customers.clear() if everyone else customers.filter(~buyers)
    kept = customers if everyone else customers.filter(buyers)
    if kept.is_empty():
        what = "no customer has an order: no usable line has a positive amount"
        raise InputError(_unusable(what, prepared.tables, scan.inputs))
    by_id = as_kinds(kept.sort("customer_id"), prepared.book.kinds)
    left_out = {}
    if not everyone:
        number = _number_left_out(scan, prepared.tables.events, others, kept)
        left_out = {"customers without an order": number}
    known = next((f for f in scan.attributes if KNOWN in f.columns), pl.DataFrame())
    return Measured(
        prepared, by_id, others, scan.as_of, scan.inputs, left_out, scan.strays, known, scan.counted
    )


def _with_attributes(customers: pl.DataFrame, scan: Scan) -> pl.DataFrame:
    """Everybody who was measured or is in customers, with the columns of customers."""
    for frame in scan.attributes:
        known = frame.with_columns(pl.col("customer_id").cast(pl.String))
        customers = customers.join(known, on="customer_id", how="full", coalesce=True)
    empty = {n: c.empty for n, c in scan.plan.compiled.items() if c.empty is not None}
    return customers.with_columns(pl.col(n).fill_null(v) for n, v in empty.items())


def _strays(tables: Tables) -> list[pl.LazyFrame]:
    """How many lines name a product that products lack: one row, one column, where both are given."""
    lines, products = tables.transactions, tables.products
    if products is None or "product_id" not in lines.columns:
        return []
    named = lines.rows.select(pl.col("product_id").cast(pl.String)).drop_nulls()
    known = products.rows.select(pl.col("product_id").cast(pl.String))
    return [named.join(known, on="product_id", how="anti").select(pl.len().cast(pl.Int64))]


def _attributes(tables: Tables, names: Sequence[str]) -> list[pl.LazyFrame]:
    """The customers' columns that someone uses, for all ids."""
    if tables.customers is None:
        return []
    return [tables.customers.rows.select("customer_id", *names, pl.lit(value=True).alias(KNOWN))]


def _everyone(tables: Tables) -> list[pl.LazyFrame]:
    """The ids of all who ever ordered, returned or did anything, whatever the rules read."""
    return _ids([t for t in (tables.transactions, tables.events) if t is not None])


def _ids(tables: Sequence[Table]) -> list[pl.LazyFrame]:
    return [t.rows.select("customer_id").unique(maintain_order=False) for t in tables]


def _of_events(tables: Tables) -> list[pl.LazyFrame]:
    """The ids of all who did anything, of events that are read in one go with all that is measured."""
    events = tables.events
    return [] if events is None or events.since is not None else _ids([events])


def _strangers(events: Table | None, buyers: pl.Series) -> list[pl.DataFrame]:
    """The ids of events that are no buyer's, as text, where reading them on their own costs little.

    To look for the buyers among all rows takes less than half of the time that all ids take.
    """
    if events is None or events.since is None:
        return []
    if events.columns["customer_id"] != pl.String:
        ids = buyers.cast(pl.Int64, strict=False)
        buyers = ids.filter((ids.cast(pl.String) == buyers).fill_null(value=False))
    others = events.rows.filter(~pl.col("customer_id").is_in(buyers.implode()))
    found = others.select(pl.col("customer_id").unique().cast(pl.String))
    with explained([events]):
        return [found.collect(engine="streaming")]


def _number_left_out(
    scan: Scan, events: Table | None, others: pl.DataFrame, buyers: pl.DataFrame
) -> int:
    """How many `base: everyone` would add: known from customers, events or lines of no order."""
    told = [pl.col(name) for name in (HAS_LINE, KNOWN) if name in others.columns]
    known = others.filter(pl.any_horizontal(told)).select("customer_id")
    ids = [frame.select(pl.col("customer_id").cast(pl.String)) for frame in scan.seen]
    ids += _strangers(events, buyers["customer_id"])
    return pl.concat([known, *ids]).unique().join(buyers, on="customer_id", how="anti").height


def _inputs(tallies: Sequence[Tally], counts: Sequence[pl.DataFrame]) -> tuple[InputCount, ...]:
    return tuple(input_count(t, c) for t, c in zip(tallies, counts, strict=True))


def _last_day(tables: Tables, tallies: Sequence[Tally], counts: Sequence[pl.DataFrame]) -> date:
    """The latest usable day of the tables that have days. Raises InputError without a usable row."""
    days = [c[LAST_DAY].item() for c in counts if LAST_DAY in c.columns]
    last = max((d for d in days if d is not None), default=None)
    if last is None:
        inputs = _inputs(tallies, counts)
        raise InputError(_unusable("no row of transactions can be used", tables, inputs))
    return last  # type: ignore[no-any-return]  # Polars says Any of an item


def _has_window(measure: Measure) -> bool:
    return measure.window is not None or any(a.window is not None for a in measure.anchors)


def _unusable(what: str, tables: Tables, inputs: Sequence[InputCount]) -> Problem:
    """Why transactions give nothing: what became of their rows, and the first that were rejected."""
    counts = [c for c in inputs if c.table == "transactions"]
    aside: Counter[str] = Counter()
    for count in counts:
        aside.update(count.rows_set_aside)
    said = [
        f"{sum(c.rows_rejected for c in counts):,} were rejected",
        *(f"{n:,} set aside ({reason})" for reason, n in aside.items()),
    ]
    shown = first_rejected(tables, inputs)
    text = f"Of {sum(c.rows_read for c in counts):,} rows {', '.join(said)}."
    return Problem(what, counts[0].path, "\n  ".join([text, *shown]))
