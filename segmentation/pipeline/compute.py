"""The run: read, measure, fit, describe, match, allocate, publish."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from segmentation.audiences.allocate import Audience, allocate
from segmentation.audiences.cells import Cell, cells, columns_of
from segmentation.checks.compared_values import doubts_of, is_somebodys, misnamed
from segmentation.checks.doors import RuleDoors
from segmentation.checks.feeds import ahead, broken_feeds, old_feeds
from segmentation.checks.percent_ties import percent_ties
from segmentation.checks.results import (
    empty_measures,
    figures_of_nobody,
    rounded_ids,
    set_aside,
    suppressed_all,
    unlisted_products,
)
from segmentation.checks.suppression import Closed, closed
from segmentation.checks.suppression.sources_read import SourcesRead, sources_read
from segmentation.checks.suppression.twins import twins_of_others
from segmentation.customers.cuts import Cuts, Values, read_cuts
from segmentation.customers.describe import AUDIENCE, SUPPRESSED_BY, Book
from segmentation.customers.fields import unnested, with_fields
from segmentation.errors import RulesError, agreeing, counted, listed, visible
from segmentation.measures.rows import Tables
from segmentation.notices import Notice, judged, notice, stopped
from segmentation.pipeline.described import Clock, Progress, described
from segmentation.privacy import told
from segmentation.publish.completeness import why_partial
from segmentation.publish.outcome import Outcome
from segmentation.rules.catalogue import CATALOGUE, DERIVED_COLUMNS
from segmentation.rules.comparisons import Reading, readings
from segmentation.rules.conditions import fields
from segmentation.rules.measures import PURCHASE, Measure
from segmentation.rules.ruleset import Rules
from segmentation.scan.column_values import ColumnValues, early, late
from segmentation.scan.measured import Measured
from segmentation.scan.prepare import (
    CORE,
    Prepared,
    Request,
    opened,
    prepare,
    suppress_names,
)
from segmentation.scan.rejected import first_rejected_of, firsts, rejected_rows
from segmentation.sources import InputCount, explained, refuse_changed
from segmentation.starter_files import shipped_rules

ROWS_REJECTED: Final = "rows-rejected"


def compute(
    request: Request,
    progress: Progress = lambda step: None,
    check: Callable[[Prepared], None] = lambda prepared: None,
) -> Outcome:
    """Everything a run computes. Raises RulesError and InputError; writes nothing.

    `check` may raise once it is known what can be computed, before any row is read.
    """
    clock = Clock(progress)
    rules = request.rules
    with clock.step("read"):
        prepared = prepare(request)
        check(prepared)
        known = None if request.cuts is None else read_cuts(request.cuts)
    compared = readings(rules, prepared.possible.suppress.values(), prepared.names)
    found = described(
        prepared,
        lambda measured: _looked(measured, compared),
        counted=early(rules, prepared.tables, compared),
        known=known,
        clock=clock,
    )
    measured, prepared, cuts = found.measured, found.prepared, found.cuts
    book, spared = prepared.book, found.seen.closed
    with clock.step("match"):
        customers = spared.with_flags(found.customers)
        wanted = cells(rules, prepared.possible.personas, cuts, customers)
        suppressors = {**found.suppressors, **spared.flags}
        allocation = allocate(customers, wanted, rules.waterfall, suppressors)
        customers = customers.with_columns(allocation.winners, allocation.suppressed_by)
    audiences = allocation.audiences
    with clock.step("account"), explained(opened(measured.tables)):
        rejected = rejected_rows(measured.tables, measured.inputs)
    inner = unnested(
        customers, (need for n in prepared.nodes if n.name in rules.dimensions for need in n.needs)
    )
    said = [
        *_told(measured, spared.case.reading),
        *found.seen.doubts,
        *spared.afterwards(prepared, cuts, customers, allocation.suppressed_by.is_not_null()),
        *_unlisted(customers, found.values, cuts),
        *_doubtful(measured, customers, audiences, found.seen.unseen),
        *figures_of_nobody(rules, book, compared, customers),
        *percent_ties(book, prepared.names, customers, cuts),
        *_rejected(measured, rejected, spared.case.reading.inputs(measured.inputs, rules)),
        *_warnings(audiences, cuts, known),
    ]
    kinds = {book.header(n): book.kind(n) for n in customers.columns if _is_shown(book.header(n))}
    customers = with_fields(customers, inner).rename(book.header)
    refuse_changed(opened(measured.tables))
    return Outcome(
        request=request, as_of=measured.as_of,
        known_until=min(request.known_until or measured.as_of, measured.as_of),
        partial=why_partial(request.personas, prepared.possible.left_out),
        suppressors={label: prepared.possible.suppress.get(label) for label in suppressors},
        customers=customers,
        kinds={**kinds, **inner}, headers=book.headers, cuts=cuts, allocation=allocation,
        listed=(*_listed(prepared, customers.columns), *inner), columns=_columns(prepared, wanted),
        inputs=measured.inputs, rejected=rejected, left_out=measured.left_out,
        notices=judged(said, rules.notices, doors=_doors(request)), seconds=clock.seconds,
    )  # fmt: skip


def _told(measured: Measured, of_suppress: SourcesRead) -> list[Notice]:
    """What is known of rules and files before anybody is described; lost suppression comes first."""
    prepared = measured.prepared
    left_out, rules = prepared.possible.warnings, prepared.request.rules
    return [
        *_shipped(rules),
        *(w for w in left_out if w.is_of_suppression),
        *_notes(prepared.tables),
        *set_aside(measured.inputs, of_suppress.inputs(measured.inputs, rules)),
        *_hidden(prepared.book, prepared.book.closure(suppress_names(prepared))),
        *_overlaid(prepared, of_suppress),
        *_left_out(measured),
        *left_out,
    ]


@dataclass(frozen=True)
class Looked:
    """What was found when it was known who the customers are: `unseen` are the columns of which a
    value is nobody's."""

    closed: Closed
    doubts: tuple[Notice, ...]
    unseen: frozenset[str]


def _looked(measured: Measured, compared: Sequence[Reading]) -> Looked:
    with explained(opened(measured.tables)):
        spared = closed(measured)
        return Looked(spared, *_doubts(measured, compared, spared))


def _doubts(
    measured: Measured, compared: Sequence[Reading], spared: Closed
) -> tuple[tuple[Notice, ...], frozenset[str]]:
    """Notices about feeds, and about what the data holds where rules compare; and `unseen`.

    Raises when the data lacks an event that rules ask for; where suppression cannot be trusted,
    that is told first.
    """
    prepared = measured.prepared
    book, rules = prepared.book, prepared.request.rules
    feeds = [*spared.notices, *_feeds(measured, spared.case.reading)]
    found = doubts_of(rules, compared, _values(measured, compared))
    if found.unknown_events:
        doors = _doors(prepared.request)
        judged([*feeds, *found.notices], rules.notices, doors=doors)
        raise stopped(RulesError, found.unknown_events, doors=doors)
    strange = misnamed(rules, prepared.headers)
    rounded = rounded_ids(measured.customers, is_of_suppression=bool(prepared.possible.suppress))
    doubts = (*feeds, *rounded, *found.notices, *strange)
    return doubts, frozenset(map(book.name, found.unseen))


def _doors(request: Request) -> RuleDoors:
    return RuleDoors(request.rules, strict=request.strict)


def _values(measured: Measured, compared: Sequence[Reading]) -> ColumnValues:
    """The distinct values of the columns that rules compare, as far as they are needed."""
    prepared = measured.prepared

    def is_met(one: Reading) -> bool:
        name = "" if one.compared is None else prepared.book.name(one.compared)
        return name not in measured.customers.columns or is_somebodys(one, measured.customers[name])

    counted = measured.counted.items()
    values = ColumnValues(
        prepared.request.rules,
        measured.tables,
        measured.known,
        counted={one.key: found for one, found in counted if not one.words},
        near={one.key: found for one, found in counted if one.words},
    )
    values.count(late(measured.tables, compared, is_met))
    return values


def _feeds(measured: Measured, of_suppress: SourcesRead) -> list[Notice]:
    prepared = measured.prepared
    rules, tables, inputs = prepared.request.rules, measured.tables, measured.inputs
    read = sources_read(prepared.book, tables, prepared.names)
    found = [
        *broken_feeds(
            inputs,
            lambda one: first_rejected_of(one, tables, inputs),
            of_suppress.inputs(inputs, rules),
        ),
        *old_feeds(inputs, rules, read, of_suppress, measured.as_of),
        *twins_of_others(read, of_suppress, tables, rules),
    ]
    return found if prepared.request.as_of else [*found, *ahead(inputs, tables.events)]


def _doubtful(
    measured: Measured,
    customers: pl.DataFrame,
    audiences: Sequence[Audience],
    unseen: Collection[str],
) -> list[Notice]:
    """Warnings about data that look wrong, though nothing is."""
    prepared = measured.prepared
    return [
        *unlisted_products(measured.strays),
        *empty_measures(prepared.book, customers, prepared.names, suppress_names(prepared), unseen),
        *suppressed_all(audiences),
    ]


# -- describe -------------------------------------------------------------------------------------


def _is_shown(header: str) -> bool:
    """Whether people see a column of that name."""
    return not header.startswith("_")


def _listed(prepared: Prepared, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of customers.parquet: features and attributes, dimensions, personas, allocation."""
    rules = prepared.request.rules
    last = {**dict.fromkeys(rules.dimensions, 1), **dict.fromkeys(rules.personas, 2)}
    last |= {prepared.book.header(n): 3 for n in (AUDIENCE, SUPPRESSED_BY)}
    shown = [c for c in columns if _is_shown(c) and c != "customer_id"]
    named = (*CORE, *prepared.names)
    order = {prepared.book.header(n): i for i, n in enumerate(dict.fromkeys(named))}
    return tuple(sorted(shown, key=lambda c: (last.get(c, 0), order.get(c, len(order)), c)))


def _columns(prepared: Prepared, wanted: Sequence[Cell]) -> dict[str, tuple[str, ...]]:
    """The columns of each audience's file, after customer_id."""
    book, asked = prepared.book, prepared.asked
    made = {}
    for cell in wanted:
        used = map(book.header, columns_of(cell.persona, book.name))
        made[cell.name] = tuple(dict.fromkeys((*used, *cell.persona.columns, *asked)))
    return made


# -- account --------------------------------------------------------------------------------------


def _shipped(rules: Rules) -> list[Notice]:
    """A note when the rules are those that come with the tool."""
    text = "there is no personas.yaml here: the rules that come with the tool are used"
    is_shipped = rules.document.name == str(shipped_rules())
    return [notice("rules-of-the-tool", text)] if is_shipped else []


def _notes(tables: Tables) -> list[Notice]:
    """What was guessed of the tables, and what is not read of them."""
    each = (("guessed", table.notes) for table in opened(tables))
    unread = (("unread-column", table.unread) for table in opened(tables))
    return [notice(code, text) for code, texts in (*each, *unread) for text in texts]


def _hidden(book: Book, of_suppression: Collection[str]) -> list[Notice]:
    """A notice for each column of customers whose name is a built-in feature's."""
    compared = {f for _, c in book.rules.conditions() for f in fields(c)}
    text = "customers: the column {} is not used: {} is a built-in feature"
    return [
        notice("hidden-column", text.format(n, n),
               level="warn" if n in compared else None, is_of_suppression=n in of_suppression)
        for n in book.attributes
        if CATALOGUE.find(n) is not None
    ]  # fmt: skip


def _overlaid(prepared: Prepared, of_suppress: SourcesRead) -> list[Notice]:
    """A notice for each column of lines that the tool works out itself, though a file has one."""
    asked = (*prepared.book.columns, *prepared.request.rules.features.values())
    read = {name for one in asked for name in _columns_of_lines(one)}
    rows = (r for r in of_suppress.rows if r.table == "transactions")
    suppress = {c for r in rows for c in r.columns}
    text = "transactions: the column {} is not used: {} is worked out of {}"
    return [
        notice("hidden-column", text.format(n, n, listed(DERIVED_COLUMNS[n])),
               level="warn" if n in read else None, is_of_suppression=suppress.issuperset(DERIVED_COLUMNS[n]))
        for n in DERIVED_COLUMNS if n in prepared.headers.transactions.columns
    ]  # fmt: skip


def _columns_of_lines(measure: Measure) -> Iterator[str]:
    """The columns of lines that a measure of the rules names, in its anchors too."""
    if measure.table == "transactions" and measure.column is not None:
        yield measure.column
    parts = (
        (measure.event or PURCHASE, measure.where),
        *((a.event, a.where) for a in measure.anchors),
    )
    for event, where in parts:
        if event == PURCHASE and where is not None:
            yield from map(str, fields(where))


def _left_out(measured: Measured) -> list[Notice]:
    number = sum(measured.left_out.values())
    who = "1 customer" if number == 1 else f"{number:,} customers"
    text = f"{who} without an order left out (base: everyone includes them)"
    return [notice("without-order", text)] if number else []


def _rejected(
    measured: Measured, rejected: pl.DataFrame, of_suppress: Collection[InputCount]
) -> list[Notice]:
    """A warning for each input with rejected rows, and the first of them: nobody knows yet whether
    they will be written."""
    each = zip(measured.inputs, firsts(rejected, measured.inputs), strict=True)
    return [
        _rejected_of(one, first, is_of_suppression=one in of_suppress)
        for one, first in each
        if one.rows_rejected
    ]


def _rejected_of(one: InputCount, first: Sequence[str], *, is_of_suppression: bool) -> Notice:
    rows = one.rows_rejected
    text = f"{visible(one.path)}: {rows:,} of {counted(one.rows_read, 'row')} {agreeing(rows, 'is', 'are')} rejected"
    head = agreeing(rows, "It is:", "The first of them:")
    mend = "\n  ".join((head, *first))
    return notice(ROWS_REJECTED, text, mend=mend, is_of_suppression=is_of_suppression)


def _warnings(audiences: Sequence[Audience], cuts: Cuts, known: Cuts | None) -> list[Notice]:
    found = [notice("model-fit", text) for text in cuts.notes()]
    found += _empty([a.name for a in audiences if not a.matched])
    if known is not None:
        other = [n for n in cuts.values if n in known.values
                 and not known.is_of(n, cuts.definitions.get(n, ""))]  # fmt: skip
        fresh = [n for n, v in cuts.values.items()
                 if n not in other and (n not in known.values or v != known.values[n])]  # fmt: skip
        if other:
            text = f"--cuts has {listed(other)} for other definitions than these rules have: fitted anew"
            found.append(notice("cuts-fitted-anew", text))
        if fresh:
            found.append(notice("cuts-fitted-anew", f"--cuts has no {listed(fresh)}: fitted anew"))
    return found


def _unlisted(customers: pl.DataFrame, values: Sequence[Values], cuts: Cuts) -> list[Notice]:
    """Warnings about values of `for_each` that have customers, but no audience: cuts of other data."""
    found = []
    for spec in values:
        fresh = sorted({*spec.fit(customers, "text")} - {*cuts[spec]})
        if fresh:
            column = customers[spec.feature].cast(pl.String)
            named = told(spec.feature, column.filter(column.is_in(fresh)), of_customers=True)
            text = (f"--cuts lists no {named} among {spec.name}: for_each has no audience for who "
                    "has it")  # fmt: skip
            found.append(notice("cuts-lack-value", text))
    return found


def _empty(names: Sequence[str]) -> list[Notice]:
    if len(names) == 1:
        return [notice("empty-persona", f"persona {names[0]} has no members")]
    text = f"{len(names)} personas have no members: {listed(names)}"
    return [notice("empty-persona", text)] if names else []
