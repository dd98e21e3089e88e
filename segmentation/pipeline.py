"""The run: read, measure, fit, describe, match, allocate, publish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

import polars as pl

from segmentation.audiences import SUPPRESSED, Audience, allocate
from segmentation.availability import Possible, lack, possible
from segmentation.config.catalogue import CATALOGUE, Kind
from segmentation.config.check import check_names
from segmentation.config.conditions import AnyOf
from segmentation.config.measures import Measure
from segmentation.config.rules import Persona, Rules
from segmentation.cuts import Cuts, read_cuts
from segmentation.describe import BASE, Book, Node, describe, fit
from segmentation.errors import InputError, Problem, RulesError, listed, nearest
from segmentation.features import measure as features
from segmentation.features.measure import Plan
from segmentation.features.rows import Tables
from segmentation.personas import Cell, cells, columns_of, listings
from segmentation.sources import IdsAreText, InputCount, Table, read, settle
try:
    from segmentation.sources import explain_failure, rejects
except ImportError:
    explain_failure = lambda e, t: None
    rejects = None

Progress = Callable[[str], None]

#: what customers.parquet always holds, as far as the data has the columns for it
CORE = (
    "recency_days", "frequency", "monetary", "average_order_value", "longevity_days",
    "first_order_on", "last_order_on", "r_score", "f_score", "m_score", "rfm", "return_share",
    "departments", "top_department", "top_department_share",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What to run: the rules, and what the command line says beside them."""

    rules: Rules
    today: date
    as_of: date | None = None
    personas: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cuts: Path | None = None
    stdin: BinaryIO | None = None


@dataclass(frozen=True)
class Prepared:
    """What is known before any row is read: tables, names, and what can be computed."""

    request: Request
    tables: Tables
    book: Book
    possible: Possible
    names: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """A computed run, before anything is written.

    `customers`: one row per customer of the base, sorted by customer_id as text; features,
    dimensions and persona flags, money still in integers of 1/10,000 (`kinds` tells which).
    """

    request: Request
    as_of: date
    customers: pl.DataFrame
    kinds: Mapping[str, Kind]
    cuts: Cuts
    audiences: tuple[Audience, ...]
    listed: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    inputs: tuple[InputCount, ...]
    rejected: pl.DataFrame
    left_out: Mapping[str, int]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


def compute(request: Request, progress: Progress = lambda step: None) -> Outcome:
    """Everything a run computes. Raises RulesError and InputError; writes nothing."""
    clock = Clock(progress)
    rules = request.rules
    with clock.step("read"):
        prepared = prepare(request)
        known = None if request.cuts is None else read_cuts(request.cuts)
    book, personas = prepared.book, prepared.possible.personas
    with clock.step("measure"):
        measured = measure(prepared)
    nodes = _nodes(prepared)
    with clock.step("fit"):
        values = listings(rules, personas)
        cuts = fit(book, nodes, measured.customers, measured.as_of, values=values, known=known)
    with clock.step("describe"):
        customers = describe(book, nodes, measured.customers, cuts)
    with clock.step("match"):
        wanted = cells(rules, personas, cuts)
        audiences = allocate(customers, wanted, rules.waterfall)
    with clock.step("account"):
        rejected = _rejected(prepared.tables, measured.inputs)
    warnings = (*prepared.possible.warnings, *_warnings(measured, audiences, cuts, known))
    return Outcome(
        request=request, as_of=measured.as_of, customers=customers,
        kinds={n: book.kind(n) for n in customers.columns}, cuts=cuts, audiences=audiences,
        listed=_listed(prepared, customers.columns), columns=_columns(prepared, wanted),
        inputs=measured.inputs, rejected=rejected, left_out=measured.left_out,
        notes=_notes(prepared.tables), warnings=warnings, seconds=clock.seconds,
    )  # fmt: skip


class Clock:
    """Says which step runs, and keeps how long each took."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One named step of the run."""
        self.progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


# -- prepare --------------------------------------------------------------------------------------


def prepare(request: Request) -> Prepared:
    """Open the tables, resolve every name, and say what cannot be computed."""
    rules = request.rules
    tables = open_tables(request)
    attributes = {} if tables.customers is None else dict(tables.customers.columns)
    attributes.pop("customer_id", None)
    check_names(rules, attributes=None if tables.customers is None else tuple(attributes))
    book = Book(rules, attributes)
    chosen = _chosen(request)
    found = possible(book, tables, chosen, lenient=rules.adhoc and not request.personas)
    asked = tuple(dict.fromkeys((*rules.columns, *_columns_asked(request, book, tables))))
    core = [n for n in CORE if lack(book, tables, [n]) is None]
    each = [n for p in found.personas for n in (p.for_each, *p.columns) if n]
    names = [*core, *found.features, *found.dimensions, *(p.name for p in found.personas), *each, *asked]
    return Prepared(request, tables, book, found, tuple(dict.fromkeys(names)), asked)


def open_tables(request: Request) -> Tables:
    """The tables of a run: transactions always, the others where there are sources."""
    rules = request.rules
    if not rules.sources.get("transactions"):
        raise RulesError(Problem("no transactions are named", rules.where(("sources",)),
                                 "Name a file under sources: transactions, or on the command line: "
                                 "segment run FILE"))  # fmt: skip
    cutoff = request.as_of or request.today
    opened = {
        name: read(name, sources, cutoff=cutoff, timezone=rules.timezone, stdin=request.stdin)
        for name, sources in rules.sources.items()
        if sources
    }
    return Tables(**opened)


def _chosen(request: Request) -> tuple[Persona, ...]:
    """The personas to run: those asked for, with those above them in the waterfall."""
    rules = request.rules
    wrong = [n for n in request.personas if n not in rules.personas]
    if wrong:
        raise RulesError(*(_no_persona(n, rules) for n in wrong))
    if not request.personas:
        return tuple(rules.personas.values())
    names = set(request.personas)
    lowest = max((i for i, n in enumerate(rules.waterfall) if n in names), default=-1)
    names |= set(rules.waterfall[: lowest + 1])
    return tuple(p for p in rules.personas.values() if p.name in names)


def _no_persona(name: str, rules: Rules) -> Problem:
    near = nearest(name, rules.personas)
    hint = f"Nearest: {near}. " if near else ""
    return Problem(f"there is no persona {name!r}", rules.document.name,
                   f"{hint}There are: {', '.join(rules.personas)}.")  # fmt: skip


def _columns_asked(request: Request, book: Book, tables: Tables) -> tuple[str, ...]:
    for name in request.columns:
        found = lack(book, tables, [name])
        if found is not None:
            known = (*CATALOGUE.names(), *book.rules.features, *book.rules.dimensions, *book.attributes)
            near = nearest(name, known)
            raise RulesError(Problem(f"--columns {name}: there is no such column",
                                     mend=f"Nearest: {near}." if near else found.mend))  # fmt: skip
    return request.columns


# -- measure --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """The customers of the base with every measured feature and attribute, and the row counts."""

    customers: pl.DataFrame
    as_of: date
    inputs: tuple[InputCount, ...]
    left_out: Mapping[str, int]


def measure(prepared: Prepared) -> Measured:
    """Scan every table once: features per customer, and the count of each input's rows."""
    request, tables, book = prepared.request, prepared.tables, prepared.book
    leaves = book.leaves([BASE, "last_order_on", *prepared.names, *_suppress_names(prepared)])
    wanted = {n: m for n, m in leaves.items() if m is not None}
    attributes = [n for n, m in leaves.items() if m is None]
    with explained(tables):
        as_of = request.as_of or _early_as_of(tables, wanted.values())
        plan = features.plan(tables, wanted, as_of=as_of, new_arrival_days=request.rules.new_arrival_days)
        extra = _attributes(tables, attributes)
        tallies = [t for table in _opened(tables) for t in table.tallies]
        frames = [*plan.frames, *extra, *_last_days(tables), *(t.counts for t in tallies)]
        collected = pl.collect_all(frames, engine="streaming")
    parts, rest = collected[: len(plan.frames)], collected[len(plan.frames) :]
    known, rest = rest[: len(extra)], rest[len(extra) :]
    days, counts = rest[: -len(tallies)], rest[-len(tallies) :]
    inputs = tuple(settle(t, c) for t, c in zip(tallies, counts, strict=True))
    as_of = as_of or max((d.item() for d in days if d.item() is not None), default=None)
    if as_of is None:
        raise InputError(_no_rows(inputs))
    customers = features.assembled(plan, parts, as_of)
    return _based(prepared, plan, customers, known, as_of, inputs)


def _based(prepared: Prepared, plan: Plan, customers: pl.DataFrame, known: Sequence[pl.DataFrame],
           as_of: date, inputs: tuple[InputCount, ...]) -> Measured:  # fmt: skip
    prepared.book.kinds.update(plan.kinds())
    everyone = prepared.request.rules.base == "everyone"
    for frame in known:
        attributes = frame.with_columns(pl.col("customer_id").cast(pl.String))
        customers = customers.join(attributes, on="customer_id", how="full" if everyone else "left",
                                   coalesce=True)  # fmt: skip
    if everyone:
        customers = customers.with_columns(
            pl.col(n).fill_null(c.empty) for n, c in plan.compiled.items() if c.empty is not None
        )
    buyers = pl.col(BASE).fill_null(0) > 0
    outside = customers.filter(~buyers).height
    left_out = {} if everyone else {"customers without an order": outside}
    kept = customers if everyone else customers.filter(buyers)
    if kept.is_empty():
        raise InputError(_no_customer(inputs))
    return Measured(kept.sort("customer_id"), as_of, inputs, left_out)


def _attributes(tables: Tables, names: Sequence[str]) -> list[pl.LazyFrame]:
    """The customers' columns that someone uses (all ids, when everyone is the base)."""
    if tables.customers is None:
        return []
    return [tables.customers.rows.select("customer_id", *names)]


def _last_days(tables: Tables) -> list[pl.LazyFrame]:
    """The latest usable day of each table of rows: one row, one column."""
    frames = [tables.transactions.rows.select(pl.col("ordered_on").max())]
    if tables.events is not None:
        frames.append(tables.events.rows.select(pl.col("occurred_on").max()))
    return frames


def _early_as_of(tables: Tables, measures: Iterable[Measure]) -> date | None:
    """The latest day, where windows need it before rows are read; else None for later."""
    if not any(_has_window(m) for m in measures):
        return None
    days = [f.item() for f in pl.collect_all(_last_days(tables), engine="streaming")]
    return max((d for d in days if d is not None), default=None)


def _has_window(measure: Measure) -> bool:
    anchor = measure.anchor
    while anchor is not None:
        if anchor.window is not None:
            return True
        anchor = anchor.follows
    return measure.window is not None


@contextmanager
def explained(tables: Tables) -> Iterator[None]:
    """Turn what Polars raises on unusable data into an InputError."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        found = explain_failure(error, _opened(tables))
        if found is None:
            raise
        raise found from None


def _opened(tables: Tables) -> list[Table]:
    every = (tables.transactions, tables.customers, tables.products, tables.events)
    return [t for t in every if t is not None]


def _no_rows(inputs: Sequence[InputCount]) -> Problem:
    return Problem("no row of transactions can be used", inputs[0].path, _why(inputs[0]))


def _no_customer(inputs: Sequence[InputCount]) -> Problem:
    return Problem("no customer has an order: no usable line has a positive amount",
                   inputs[0].path, _why(inputs[0]))  # fmt: skip


def _why(count: InputCount) -> str:
    reasons = ", ".join(f"{n:,} {r}" for r, n in count.rows_set_aside.items() if n)
    return (f"Of {count.rows_read:,} rows {count.rows_rejected:,} were rejected"
            + (f", set aside: {reasons}." if reasons else "."))  # fmt: skip


# -- describe -------------------------------------------------------------------------------------


def _suppress_names(prepared: Prepared) -> tuple[str, ...]:
    return _suppress_node(prepared).needs


def _suppress_node(prepared: Prepared) -> Node:
    return prepared.book.condition_node(SUPPRESSED, AnyOf(prepared.possible.suppress))


def _nodes(prepared: Prepared) -> list[Node]:
    found = [prepared.book.node(n) for n in prepared.names]
    return [*(n for n in found if n is not None), _suppress_node(prepared)]


def _listed(prepared: Prepared, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of customers.parquet: features and attributes, then dimensions, then personas."""
    rules = prepared.request.rules
    last = {**dict.fromkeys(rules.dimensions, 1), **dict.fromkeys(rules.personas, 2)}
    shown = [c for c in columns if not c.startswith("_") and c != "customer_id"]
    order = {n: i for i, n in enumerate(dict.fromkeys((*CORE, *prepared.names)))}
    return tuple(sorted(shown, key=lambda c: (last.get(c, 0), order.get(c, len(order)), c)))


def _columns(prepared: Prepared, wanted: Sequence[Cell]) -> dict[str, tuple[str, ...]]:
    """The columns of each audience's file, after customer_id."""
    book, asked = prepared.book, prepared.asked
    made = {}
    for cell in wanted:
        used = columns_of(cell.persona, book.name)
        made[cell.name] = tuple(dict.fromkeys((*used, *cell.persona.columns, *asked)))
    return made


# -- account --------------------------------------------------------------------------------------


def _rejected(tables: Tables, inputs: Sequence[InputCount]) -> pl.DataFrame:
    """The rejected rows of all inputs: table, file, line, reason, raw."""
    by_table = {t.name: t for t in _opened(tables)}
    tallies = [t for table in _opened(tables) for t in table.tallies]
    found = [rejects(by_table[t.table], t) for t, n in zip(tallies, inputs, strict=True) if n.rows_rejected]
    schema = {"table": pl.String, "file": pl.String, "line": pl.Int64, "reason": pl.String, "raw": pl.String}
    return pl.concat([pl.DataFrame(schema=schema), *(f.cast(schema) for f in found)])


def _notes(tables: Tables) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for t in _opened(tables) for n in t.notes))


def _warnings(
    measured: Measured, audiences: Sequence[Audience], cuts: Cuts, known: Cuts | None
) -> list[str]:
    found = [f"{c.path}: {c.rows_rejected:,} of {c.rows_read:,} rows are rejected, see rejects.csv"
             for c in measured.inputs if c.rows_rejected]  # fmt: skip
    found += [f"persona {a.name} has no members" for a in audiences if not a.matched]
    if known is not None:
        fresh = [n for n in cuts.values if n not in known.values]
        if fresh:
            found.append(f"--cuts has no {listed(fresh)}: fitted anew")
    return found
