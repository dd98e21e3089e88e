"""One scan of every table: the customers of the base with what was measured, and the row counts."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property, partial
from typing import Final

import polars as pl

from segmentation.customers.describe import BASE
from segmentation.dataclass import dataclass
from segmentation.measures import plan as planning
from segmentation.measures.dtypes import as_kinds
from segmentation.measures.keys import LostBet
from segmentation.measures.money_totals import check_totals, narrowed
from segmentation.measures.partials import Partials
from segmentation.measures.rows import IN_CATALOGUE, Tables
from segmentation.messages.command import again, is_named
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.reading.options import as_where
from segmentation.rules.reading.read_options import as_read
from segmentation.rules.sources import TableName, day_of
from segmentation.rules.yaml.flow import flow
from segmentation.scan import column_values
from segmentation.scan.column_values import Counter, Counting
from segmentation.scan.deliveries import Deliveries
from segmentation.scan.people import People, gathered
from segmentation.scan.prepare import Prepared, opened, prepare
from segmentation.scan.rejected import first_rejected, made_of_price
from segmentation.scan.scanning import Watcher, scanned
from segmentation.scan.unread_cells import Unread, UnreadCells
from segmentation.sources import (
    FormatsDiffer,
    IdsDiffer,
    InputCount,
    Table,
    Texts,
    explained,
    input_count,
)
from segmentation.sources.columns.id_marks import MARKED
from segmentation.sources.columns.ids import Ids
from segmentation.sources.headed import Headed, headed
from segmentation.sources.join_keys import ALIKE, alike_keys
from segmentation.sources.read import LAST_DAY
from segmentation.sources.tables import words_of_where
from segmentation.sources.where_words import said_of_word

_STRAY: Final = "__stray"
#: the dates to measure at, ascending, when the latest day is this one; the first never goes back
Dates = Callable[[date], Sequence[date]]
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
    unread: tuple[Unread, ...] = ()  # cells that are read as numbers or dates, and are none

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

    Bets on the data make this fast: that ids which look like integers are, that they, or ids of one
    prefix and width, lie close together, and that the last day of a file has a row that can be used.
    A bet that is lost is seen, and measured again.
    """
    return next(_measured(prepared, None, counted, dense=dense))


def measure_at(prepared: Prepared, dates: Dates) -> Iterator[Measured]:
    """The same at several dates from one scan, the last of them being that of the request.

    What the files hold is known at all of them: row counts and the columns of customers are what
    they are now. Nobody may be in the base at a date but the last.
    """
    return _measured(prepared, dates, (), dense=True)


def _measured(
    prepared: Prepared, dates: Dates | None, counted: Sequence[Counting], *, dense: bool
) -> Iterator[Measured]:
    bets, done = Bets(), 0
    ids: Ids = "auto"
    failing: Texts = {}
    while True:
        try:
            scan = _scanned(prepared, counted, dates, bets, dense=dense)
            if ids != "text":
                _refuse_marks(scan, prepared.tables)
            for as_of in scan.dates[done:]:
                yield _based(prepared, scan, as_of)
                done += 1
        except LostBet:
            bets = replace(bets, are_narrow=False)
        except LostDate as lost:
            bets = replace(bets, as_of=lost.as_of)
        except IdsDiffer as differ:
            ids = differ.ids
            prepared = prepare(prepared.request, ids=ids, failing=failing)
        except FormatsDiffer as differ:
            failing = differ.beside(failing)
            prepared = prepare(prepared.request, ids=ids, failing=failing)
        else:
            return


@dataclass(frozen=True)
class Bets:
    """What is still taken for granted of the data: close ids; or known: the day of the run."""

    are_narrow: bool = True
    as_of: date | None = None


class LostDate(Exception):
    """Not an error: the last day with a row that can be used is another than that of all rows."""

    def __init__(self, as_of: date) -> None:
        super().__init__(as_of)
        self.as_of = as_of


@dataclass(frozen=True)
class Scan:
    """What one scan of the tables gave."""

    partials: Partials
    known: pl.DataFrame  # every row of the table customers
    inputs: tuple[InputCount, ...]
    dates: Sequence[date]
    strays: int  # lines whose product is in no catalogue
    days: pl.DataFrame  # of each table, file and day: rows, amount, hash
    counted: Mapping[Counting, pl.DataFrame]
    unread: tuple[Unread, ...]

    @cached_property
    def people(self) -> People:
        """Everybody of whom there are rows, or who is in customers."""
        nobody = pl.Series(dtype=pl.String)
        known = self.known["customer_id"] if self.known.width else nobody
        return People.of(self.partials.customers, known)


def _scanned(
    prepared: Prepared,
    wanted: Sequence[Counting],
    dates: Dates | None,
    bets: Bets,
    *,
    dense: bool,
) -> Scan:
    request, tables = prepared.request, prepared.tables
    with explained(opened(tables)):
        known, tables, counts = _beside(prepared, tables)
        plan = _planned(prepared, tables, (request.as_of or bets.as_of) if dates is None else None)
        guessed = None
        if dates is None and plan.waits_for_date:
            guessed = _last_day_of_all(prepared, tables)
            plan = _planned(prepared, tables, guessed)
        first = None if dates is None else _first(dates, request.as_of)
        partials = Partials(plan, first=first, bets=bets.are_narrow, dense=dense)
        strays, deliveries, unread = Strays(), list[Deliveries](), list[UnreadCells]()
        counters = _counters(tables, plan, wanted)
        for table in _of_rows(tables):
            watchers: list[Watcher] = [c for c in counters.values() if c.table.name == table.name]
            cells = UnreadCells(plan, table.name, prepared.measures)  # type: ignore[arg-type]  # a table of rows
            if dates is None and cells.has_some:
                watchers.append(cells)
                unread.append(cells)
            if table.coded:
                deliveries.append(Deliveries(plan.rows[table.name]))  # type: ignore[index]
                watchers.append(deliveries[-1])
            if plan.rows[table.name].has_strays:  # type: ignore[index]  # a table of rows
                watchers.append(strays)
            counts[table.name] = list(scanned(table, partials, watchers))
        inputs = tuple(
            input_count(
                tally, one, has_others=any(c["rows_read"].item() for c in counts[table.name])
            )
            for table in opened(tables)
            for tally, one in zip(table.tallies, counts[table.name], strict=bool(table.tallies))
        )
        every = [one for of_table in counts.values() for one in of_table]
        as_of = request.as_of or _last_day(tables, every, inputs)
        if guessed not in (None, as_of):
            raise LostDate(as_of)
        check_totals(tables.transactions, every)
        found = _values(tables, wanted, counters)
        of_files = pl.concat([d.days for d in deliveries]) if deliveries else pl.DataFrame()
    days = (as_of,) if dates is None else dates(as_of)
    return Scan(
        partials, known, inputs, days, strays.number, of_files, found, tuple(_found(unread))
    )


def _found(watching: Sequence[UnreadCells]) -> Iterator[Unread]:
    return (one for cells in watching for one in cells.found())


def _refuse_marks(scan: Scan, tables: Tables) -> None:
    """Raise IdsDiffer where ids of customers have marks around them that no sample showed.

    It is asked of the distinct ids, and of texts alone that stand for no numbers.
    """
    read = [t for t in opened(tables) if t.columns.get("customer_id") == pl.String]
    if all("customer_id" in table.affixed for table in read):
        return
    parts = [part for table in read for tally in table.tallies for part in tally.parts]
    is_known = all(part.recipe.has_marks or part.recipe.is_plain for part in parts)
    if not is_known and scan.people.ids.cast(pl.String).str.contains(MARKED).any():
        raise IdsDiffer("text")


def _planned(prepared: Prepared, tables: Tables, as_of: date | None) -> planning.Plan:
    arrivals = prepared.request.rules.new_arrival_days
    return planning.plan(tables, prepared.measures, as_of=as_of, new_arrival_days=arrivals)


def _last_day_of_all(prepared: Prepared, tables: Tables) -> date | None:
    """The last day of any row that is not too late, where to ask for it costs next to nothing."""
    if not all(table.rescans for table in _of_rows(tables)):
        return None
    most = prepared.request.last_day_read
    days = [
        coded.select(pl.col(day).filter(pl.col(day) <= most).max().alias("day"))
        for table in _of_rows(tables)
        for coded in table.coded
        for day in (str(day_of(table.name)),)
    ]
    found = pl.concat(pl.collect_all(days, engine="streaming")) if days else None
    return None if found is None else found["day"].max()  # type: ignore[return-value]  # of dates


def _first(dates: Dates, as_of: date | None) -> Callable[[date], date]:
    """The first date, of the latest day so far, as far as the last one is not known."""
    return lambda latest: dates(as_of or latest)[0]


def _values(
    tables: Tables, wanted: Sequence[Counting], counters: Mapping[Counting, Counter]
) -> dict[Counting, pl.DataFrame]:
    """The distinct values of columns: those of rows are counted, those of others collected."""
    beside = [one for one in wanted if one not in counters]
    lazy = column_values.counting(tables, beside)
    found = dict(zip(beside, pl.collect_all(lazy, engine="streaming"), strict=True))
    return found | {one: counter.counts for one, counter in counters.items()}


def _counters(
    tables: Tables, plan: planning.Plan, wanted: Sequence[Counting]
) -> dict[Counting, Counter]:
    """What counts the values of columns while their tables are scanned."""
    by_name = {t.name: t for t in _of_rows(tables)}
    return {
        one: Counter(by_name[one.key[0]], one, f"__counted{i}", partial(plan.texts_of, one.key[0]))  # type: ignore[arg-type]  # a table of rows
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


def _based(prepared: Prepared, scan: Scan, as_of: date) -> Measured:
    """The customers of the base at a date, by id, with their attributes. Raises LostBet."""
    everyone = prepared.request.rules.base == "everyone"
    scan.partials.roll(as_of)
    customers = _everybody(scan, as_of)
    buyers = pl.col(BASE).fill_null(0) > 0
    others = customers.clear() if everyone else customers.filter(~buyers)
    kept = customers if everyone else customers.filter(buyers)
    if kept.is_empty() and as_of == scan.dates[-1]:
        what = "no customer has an order: no usable line has a positive amount"
        raise InputError(_unusable(what, prepared.tables, scan.inputs))
    left_out = {} if everyone else {"customers without an order": others.height}
    return Measured(
        prepared,
        as_kinds(kept, prepared.book.kinds),
        others,
        as_of,
        scan.inputs,
        left_out,
        scan.strays,
        scan.days,
        scan.partials.ways(),
        scan.known,
        scan.counted,
        scan.unread,
    )


def _everybody(scan: Scan, as_of: date) -> pl.DataFrame:
    """Everybody of whom there are rows by a date, or who is in customers, by id.

    With every measure, and the columns of customers.
    """
    plan, people = scan.partials.plan, scan.people
    numbers = people.here(scan.partials.seen)
    values = narrowed(scan.partials.values(as_of), plan.kinds())
    empty = {n: c.empty for n, c in plan.compiled.items() if c.empty is not None}
    filled = (pl.col(n).fill_null(v) for n, v in empty.items())
    return pl.concat(
        [
            people.ids.gather(numbers).alias("customer_id").to_frame(),
            gathered(values, numbers).with_columns(filled),
            gathered(scan.known.drop("customer_id", strict=False), people.rows[numbers]),
        ],
        how="horizontal",
    )


def _last_day(tables: Tables, counts: Sequence[pl.DataFrame], inputs: Sequence[InputCount]) -> date:
    """The latest usable day of the tables that have days. Raises InputError without a usable row."""
    days = [c[LAST_DAY].item() for c in counts if LAST_DAY in c.columns]
    last = max((d for d in days if d is not None), default=None)
    if last is None:
        raise InputError(_unusable("no row of transactions can be used", tables, inputs))
    return last  # type: ignore[no-any-return]  # Polars says Any of an item


def _of_headings(one: Headed, path: str) -> str:
    """What reads customers who stand above their rows."""
    keys = {"fill_down": [*one.fill_down], "where": one.where}
    said = f"Customers stand alone above their rows: write under sources {flow(keys)[1:-1]}, as segment init --from does."
    options = [as_where(*pair) for pair in one.where.items()]
    options.append(as_read("transactions", "fill_down", [*one.fill_down]))
    way = again(" ".join(options)) if is_named(path) else ""
    return f"{said}\n  Try: {way}" if way else said


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
    tallies = tables.transactions.tallies
    words = [f"{said_of_word(word)}." for tally in tallies for word in words_of_where(tally)]
    shown = [*words, *first_rejected(tables, inputs), *made_of_price(tables)]
    alike = (one for tally in tallies for _, one in alike_keys(tally))
    shown += [f"{one[:1].upper()}{one[1:]}. {ALIKE}" for one in alike]
    for tally, count in zip(tallies, counts, strict=True):
        above = headed(tally) if count.is_small else None
        shown += [] if above is None else [_of_headings(above, tally.path)]
    text = f"Of {sum(c.rows_read for c in counts):,} rows {', '.join(said)}."
    return Problem(what, counts[0].path, "\n  ".join([text, *shown]))
