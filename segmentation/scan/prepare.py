"""Before any row is read: open the tables, resolve every name, say what cannot be computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from segmentation.customers.describe import Book, Node
from segmentation.errors import InputError, Problem, RulesError, nearest
from segmentation.measures.rows import Tables
from segmentation.rules.catalogue import CATALOGUE
from segmentation.rules.checking.names import check_names, why_nothing
from segmentation.rules.conditions import fields
from segmentation.rules.measures import Measure
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Persona, Rules
from segmentation.rules.source_paths import refuse_unset
from segmentation.rules.sources import TableName
from segmentation.scan.availability import Possible, lack, possible
from segmentation.scan.consent import check_columns
from segmentation.scan.silence import with_door
from segmentation.sources import Table, read
from segmentation.sources.columns.ids import Ids
from segmentation.sources.files.place import NothingThere
from segmentation.sources.unnamed import unnamed

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
    known_until: date | None = None  # what was known; as_of is where we look from
    strict: bool = False  # whether a warning stops it

    @property
    def last_day_read(self) -> date:
        """Rows of later days are set aside: nothing looks past as_of, nor past what was known."""
        return min(self.known_until or self.as_of or self.today, self.as_of or self.today)


@dataclass(frozen=True)
class Prepared:
    """What is known before any row is read: tables, names, and what can be computed."""

    request: Request
    tables: Tables
    book: Book
    possible: Possible
    names: tuple[str, ...]
    asked: tuple[str, ...]


def prepare(request: Request, tables: Tables | None = None) -> Prepared:
    """Open the tables (unless given), resolve every name, and say what cannot be computed."""
    rules = request.rules
    tables = open_tables(request) if tables is None else tables
    columns = {} if tables.customers is None else tables.customers.columns
    own = {*rules.features, *rules.dimensions, *rules.personas} if rules.adhoc else set()
    attributes = {n: t for n, t in columns.items()
                  if n != "customer_id" and not n.startswith("_") and n not in own}  # fmt: skip
    check_columns(rules, attributes, tables.customers)
    check_names(rules, attributes=None if tables.customers is None else tuple(attributes),
                unnamed=partial(unnamed, tables.customers))  # fmt: skip
    book = Book(rules, attributes)
    chosen = _chosen(request)
    found = possible(book, tables, chosen, lenient=rules.adhoc, named=request.personas)
    asked = tuple(dict.fromkeys((*found.columns, *_columns_asked(request, book, tables))))
    core = [n for n in CORE if lack(book, tables, [n]) is None]
    each = [n for p in found.personas for n in (p.for_each, *p.columns) if n]
    names = [
        *core,
        *found.features,
        *found.dimensions,
        *(p.name for p in found.personas),
        *each,
        *asked,
    ]
    return Prepared(request, tables, book, found, tuple(dict.fromkeys(names)), asked)


def open_tables(request: Request, ids: Ids = "auto") -> Tables:
    """The tables of a run: transactions always, the others where there are sources."""
    rules = request.rules
    if not rules.sources.get("transactions"):
        raise RulesError(Problem("no transactions are named", rules.where(("sources",)),
                                 "Name a file under sources: transactions, or on the command line: "
                                 "segment run FILE"))  # fmt: skip
    refuse_unset(rules)
    return Tables(**{name: _table(request, name, ids) for name, s in rules.sources.items() if s})


def _table(request: Request, name: TableName, ids: Ids) -> Table:
    rules = request.rules
    try:
        return read(
            name,
            rules.sources[name],
            cutoff=request.last_day_read,
            timezone=rules.timezone,
            ids=ids,
            compares_products=_compares_products(rules),
            stdin=request.stdin,
        )
    except NothingThere as error:
        problem = error.problem if error.source is None else (
            with_door(rules, name, error.source, error.problem))  # fmt: skip
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
        return Problem(f"{quoted(name)} is one audience of the persona {quoted(each[-1])}: for_each makes them "
                       "all together", rules.document.name, f"Write --persona {each[-1]}")  # fmt: skip
    near = nearest(name, rules.personas)
    hint = f"Nearest: {near}. " if near else ""
    return Problem(f"there is no persona {name!r}", rules.document.name,
                   f"{hint}There are: {', '.join(rules.personas)}.")  # fmt: skip


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
    every = (tables.transactions, tables.customers, tables.products, tables.events)
    return [t for t in every if t is not None]
