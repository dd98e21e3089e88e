"""Before any row is read: open the tables, resolve every name, say what cannot be computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

import polars as pl

from segmentation.customers.describe import BASE, Book, Node
from segmentation.dataclass import dataclass
from segmentation.measures.rows import Tables
from segmentation.messages.errors import InputError, Problem, RulesError, nearest
from segmentation.rules.catalogue import CATALOGUE
from segmentation.rules.checking.names import check_names
from segmentation.rules.checking.no_features import why_nothing
from segmentation.rules.comparisons import compared_as_dates, read_as_numbers
from segmentation.rules.conditions import fields
from segmentation.rules.headers import PRIVATE
from segmentation.rules.kinds import LENT
from segmentation.rules.measures import Measure
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Persona, Rules
from segmentation.rules.source_paths import refuse_unset
from segmentation.rules.sources import TableName
from segmentation.scan.availability import Possible, lack, possible
from segmentation.scan.consent import check_columns
from segmentation.scan.needs import can_be_read, compiled, narrowed, needs
from segmentation.scan.silence import with_door
from segmentation.sources import Table, Texts, headers_of
from segmentation.sources.columns.advised_options import Sources, led
from segmentation.sources.columns.ids import Ids
from segmentation.sources.files.place import NothingThere
from segmentation.sources.unnamed import unnamed

#: what customers.parquet always holds, as far as the data has the columns for it
CORE = (
    "recency_days",
    "frequency",
    "monetary",
    "average_order_value",
    "longevity_days",
    "first_order_on",
    "last_order_on",
    "r_score",
    "f_score",
    "m_score",
    "rfm",
    "return_share",
    "departments",
    "top_department",
    "top_department_share",
)


#: what is measured whatever is asked for, beside who is in the base
LAST_ORDER: Final = "last_order_on"
HAS_LINE: Final = f"{PRIVATE}has_line"  # the column of who has any line


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
    known_until: date | None = None  # what was known; as_of is where we look from
    strict: bool = False  # whether a warning stops it
    only: tuple[
        str, ...
    ] = ()  # what is computed as far as it can be, if not all that rules ask for

    @property
    def last_day_read(self) -> date:
        """Rows of later days are set aside: nothing looks past as_of, nor past what was known."""
        return min(self.known_until or self.as_of or self.today, self.as_of or self.today)


@dataclass(frozen=True)
class Prepared:
    """What is known before any row is read: tables, names, and what can be computed.

    `headers` have every column that rules could name, `tables` those that something reads.
    `measures` are all that must be measured for the names, by column, `attributes` the columns of
    customers that they need.
    """

    request: Request
    headers: Tables
    tables: Tables
    book: Book
    possible: Possible
    names: tuple[str, ...]
    asked: tuple[str, ...]
    measures: Mapping[str, Measure]
    attributes: tuple[str, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The names that follow from others, and the rules of suppression."""
        found = (self.book.node(name) for name in self.names)
        return (*(n for n in found if n is not None), *suppress_nodes(self).values())


def prepare(
    request: Request,
    given: Tables | None = None,
    *,
    ids: Ids = "auto",
    failing: Texts = MappingProxyType({}),
    tried: Callable[[Request], object] | None = None,
) -> Prepared:
    """Open the tables (unless given), resolve every name, and say what cannot be computed.

    Headers first, then what the rules name, what that needs of each table, and what will be read.
    `ids` and `failing` are what an earlier reading of the same tables came to. `tried` is asked what stops a
    request that follows what is advised; nothing but this if it is None.
    """
    try:
        return _prepared(request, opened_headers(request, ids, failing) if given is None else given)
    except InputError as error:

        def retried(sources: Sources) -> object:
            return (tried or prepare)(
                replace(request, rules=replace(request.rules, sources={**sources}))
            )

        raise led(error, request.rules.sources, retried) from None


def _prepared(request: Request, headers: Tables) -> Prepared:
    rules = request.rules
    known = _attributes(rules, headers)
    check_columns(rules, known, headers.customers)
    check_names(
        rules,
        attributes=None if headers.customers is None else tuple(known),
        lent=LENT.difference(headers.transactions.columns),
        unnamed=partial(unnamed, headers.customers),
    )
    book = Book(rules, known)
    chosen = _chosen(request)
    found = possible(book, headers, chosen, lenient=rules.adhoc, named=request.personas)
    asked = tuple(dict.fromkeys((*found.columns, *_columns_asked(request, book, headers))))
    every = tuple(_only(request, found)) or (*_core(book, headers), *_named(found), *asked)
    names = tuple(dict.fromkeys(every))
    return _compiled(request, headers, book, found, names=names, asked=asked)


def _compiled(
    request: Request,
    headers: Tables,
    book: Book,
    found: Possible,
    *,
    names: tuple[str, ...],
    asked: tuple[str, ...],
) -> Prepared:
    """What these names need of each table, the tables that give it, and the kinds of what is measured."""
    suppress = (n for c in found.suppress.values() for n in book.condition_node("_", c).needs)
    leaves = book.leaves([BASE, LAST_ORDER, *names, *suppress])
    measures = {n: m for n, m in leaves.items() if m is not None}
    measures[HAS_LINE] = Measure("any", lines="all")
    attributes = tuple(n for n, m in leaves.items() if m is None)
    tables = narrowed(headers, needs(headers, measures.values(), attributes))
    kinds = {n: compiled(m, tables).kind for n, m in measures.items()}
    book = replace(book, measured=kinds)
    return Prepared(request, headers, tables, book, found, names, asked, measures, attributes)


def _attributes(rules: Rules, headers: Tables) -> Mapping[str, pl.DataType]:
    """The columns of customers that rules can name."""
    columns = {} if headers.customers is None else headers.customers.columns
    own = {*rules.features, *rules.dimensions, *rules.personas} if rules.adhoc else set()
    return {
        n: t
        for n, t in columns.items()
        if n != "customer_id" and not n.startswith("_") and n not in own
    }


def _core(book: Book, headers: Tables) -> Iterator[str]:
    """What customers.parquet always holds, as far as nothing stands in the way of reading it."""
    for name in CORE:
        measures = (m for m in book.leaves([name]).values() if m is not None)
        if lack(book, headers, [name]) is None and can_be_read(headers, measures):
            yield name


def _named(found: Possible) -> Iterator[str]:
    """What the rules say should be computed."""
    yield from (*found.features, *found.dimensions)
    yield from (p.name for p in found.personas)
    yield from (n for p in found.personas for n in (p.for_each, *p.columns) if n)


def _only(request: Request, found: Possible) -> Iterator[str]:
    """What is computed where that is not all that rules ask for: nothing that was left out."""
    rules = request.rules
    possible = {*found.features, *found.dimensions, *(p.name for p in found.personas)}
    left_out = {*rules.features, *rules.dimensions, *rules.personas} - possible
    yield from (name for name in request.only if name not in left_out)
    yield from (p.for_each for p in found.personas if p.name in request.only and p.for_each)


def opened_headers(
    request: Request, ids: Ids = "auto", failing: Texts = MappingProxyType({})
) -> Tables:
    """The headers of a run's tables: transactions always, the others where there are sources."""
    rules = request.rules
    if not rules.sources.get("transactions"):
        raise RulesError(
            Problem(
                "no transactions are named",
                rules.where(("sources",)),
                "Name a file under sources: transactions, or on the command line: segment run FILE",
            )
        )
    refuse_unset(rules)
    found = {"transactions": _headers(request, "transactions", ids, failing)}
    buyers = _of_buyers(found["transactions"])
    others = (name for name, sources in rules.sources.items() if sources and name not in found)
    found |= {name: _headers(request, name, ids, failing, buyers) for name in others}
    return Tables(**found)


def _of_buyers(transactions: Table) -> frozenset[str]:
    """The columns that transactions read customer_id from."""
    parts = (part for tally in transactions.tallies for part in tally.parts)
    return frozenset(
        c for part in parts for c in part.recipe.columns.canonical.get("customer_id", ())
    )


def _headers(
    request: Request,
    name: TableName,
    ids: Ids,
    failing: Texts,
    of_buyers: frozenset[str] = frozenset(),
) -> Table:
    rules = request.rules
    try:
        return headers_of(
            name,
            rules.sources[name],
            cutoff=request.last_day_read,
            timezone=rules.declared_timezone,
            ids=ids,
            compares_products=_compares_products(rules),
            dates=compared_as_dates(rules) if name == "customers" else frozenset(),
            numbers=read_as_numbers(rules, name),
            stdin=request.stdin,
            failing=failing,
            of_buyers=of_buyers,
        )
    except NothingThere as error:
        problem = (
            error.problem
            if error.source is None
            else (with_door(rules, name, error.source, error.problem))
        )
        raise InputError(problem) from None


def _compares_products(rules: Rules) -> bool:
    """Whether products are joined, or a rule reads product ids: only then their spelling matters."""
    inline = (f for _, condition in rules.conditions() for f in fields(condition))
    measures = [*rules.features.values(), *(f for f in inline if isinstance(f, Measure))]
    return bool(rules.sources.get("products")) or any(map(_reads_product_ids, measures))


def _reads_product_ids(measure: Measure) -> bool:
    wheres = (measure.where, *(anchor.where for anchor in measure.anchors))
    compared = (f for where in wheres if where is not None for f in fields(where))
    return "product_id" in (measure.column, *compared)


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
    each = [p.name for p in rules.personas.values() if p.for_each and name.startswith(f"{p.name}-")]
    if each:
        return Problem(
            f"{quoted(name)} is one audience of the persona {quoted(each[-1])}: for_each makes them "
            "all together",
            rules.document.name,
            f"Write --persona {each[-1]}",
        )
    near = nearest(name, rules.personas)
    hint = f"Nearest: {near}. " if near else ""
    return Problem(
        f"there is no persona {name!r}",
        rules.document.name,
        f"{hint}There are: {', '.join(rules.personas)}.",
    )


def _columns_asked(request: Request, book: Book, tables: Tables) -> tuple[str, ...]:
    for name in request.columns:
        found = lack(book, tables, [name])
        mend = why_nothing(name) or (_nearest_column(name, book) or found.mend if found else "")
        if mend:
            raise RulesError(Problem(f"--columns {name}: there is no such column", mend=mend))
    return request.columns


def _nearest_column(name: str, book: Book) -> str:
    rules = book.rules
    near = nearest(name, (*CATALOGUE.names(), *rules.features, *rules.dimensions, *book.attributes))
    return f"Nearest: {near}." if near else ""


def suppress_names(prepared: Prepared) -> tuple[str, ...]:
    """The columns that suppression reads."""
    needs = (need for node in suppress_nodes(prepared).values() for need in node.needs)
    return tuple(dict.fromkeys(needs))


def suppress_nodes(prepared: Prepared) -> dict[str, Node]:
    """The rules of suppression by label, each as a flag column of who is suppressed by it."""
    return {
        label: prepared.book.condition_node(f"__{label}", condition)
        for label, condition in prepared.possible.suppress.items()
    }


def opened(tables: Tables) -> list[Table]:
    """The tables that were given."""
    return list(tables.given)
