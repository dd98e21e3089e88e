"""The run: read, measure, fit, describe, match, allocate, publish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from segmentation.audiences.allocate import allocate
from segmentation.audiences.cells import Cell, cells, columns_of
from segmentation.checks.doors import RuleDoors
from segmentation.checks.inputs import ROWS_REJECTED
from segmentation.checks.listed import Findings
from segmentation.checks.moments import AfterAllocation, AfterScan, BeforePublication, after_scan
from segmentation.customers.cuts import read_cuts
from segmentation.customers.describe import AUDIENCE, SUPPRESSED_BY
from segmentation.customers.fields import unnested, with_fields
from segmentation.messages.errors import RulesError
from segmentation.messages.notices import Notice, judged, stopped
from segmentation.publish.completeness import why_partial
from segmentation.publish.destination import Destination
from segmentation.publish.formats import FORMATS, Format
from segmentation.publish.outcome import Outcome
from segmentation.rules.comparisons import Reading, readings
from segmentation.scan.column_values import early
from segmentation.scan.described import Clock, Progress, described
from segmentation.scan.measuring import Measured
from segmentation.scan.prepare import CORE, Prepared, Request, opened, prepare
from segmentation.scan.rejected import rejected_rows
from segmentation.sources import explained, refuse_changed

NOWHERE: Final = Destination(None)
_SMALL: Final = 20_000_000  # bytes of a file that is read whole for what stops a run besides


def compute(
    request: Request,
    progress: Progress = lambda step: None,
    check: Callable[[Prepared], None] = lambda prepared: None,
    to: Destination = NOWHERE,
    form: Format = FORMATS["csv"],
) -> Outcome:
    """Everything a run computes. Raises RulesError, InputError and CheckFailed; writes nothing.

    `check` may raise once it is known what can be computed, before any row is read. `to` and `form`
    are where the run is written, and how: they too can be warned of.
    """
    clock = Clock(progress)
    rules = request.rules
    with clock.step("read"):
        prepared = prepare(request, tried=_tried)
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
    book, (scanned, findings) = prepared.book, found.seen
    with clock.step("match"):
        customers = scanned.closed.with_flags(found.customers)
        wanted = cells(rules, prepared.possible.personas, cuts, customers)
        suppressors = {**found.suppressors, **scanned.closed.flags}
        allocation = allocate(customers, wanted, rules.waterfall, suppressors)
        customers = customers.with_columns(allocation.winners, allocation.suppressed_by)
    with clock.step("account"), explained(opened(measured.tables)):
        rejected = rejected_rows(measured.tables, measured.inputs)
    allocated = AfterAllocation(
        measured,
        compared,
        scanned.closed,
        scanned.doubts,
        known=known,
        values=found.values,
        cuts=cuts,
        customers=customers,
        allocation=allocation,
        rejected=rejected,
    )
    findings = findings.and_of(allocated)
    inner = unnested(
        customers, (need for n in prepared.nodes if n.name in rules.dimensions for need in n.needs)
    )
    kinds = {book.header(n): book.kind(n) for n in customers.columns if _is_shown(book.header(n))}
    customers = with_fields(customers, inner).rename(book.header)
    refuse_changed(opened(measured.tables))
    outcome = Outcome(
        request=request,
        as_of=measured.as_of,
        known_until=min(request.known_until or measured.as_of, measured.as_of),
        partial=why_partial(request.personas, prepared.possible.left_out),
        suppressors={label: prepared.possible.suppress.get(label) for label in suppressors},
        customers=customers,
        kinds={**kinds, **inner},
        headers=book.headers,
        cuts=cuts,
        allocation=allocation,
        listed=(*_listed(prepared, customers.columns), *inner),
        columns=_columns(prepared, wanted),
        inputs=measured.inputs,
        rejected=rejected,
        left_out=measured.left_out,
        notices=(),
        seconds=clock.seconds,
        ways=_ways(prepared, measured),
    )
    findings = findings.and_of(BeforePublication(outcome, to, form))
    return replace(outcome, notices=_judged(request, findings, to))


def _looked(measured: Measured, compared: Sequence[Reading]) -> tuple[AfterScan, Findings]:
    """What is known and found before anybody is described.

    Raises when the data lacks an event that rules ask for; where suppression cannot be trusted,
    that is told first.
    """
    with explained(opened(measured.tables)):
        scanned = after_scan(measured, compared)
        findings = Findings.of(scanned)
    unknown = scanned.doubts.unknown_events
    if unknown:
        request = measured.prepared.request
        doors = _doors(request)
        judged(findings, request.rules.notices, doors=doors)
        raise stopped(RulesError, unknown, doors=doors)
    return scanned, findings


def _doors(request: Request) -> RuleDoors:
    """How the rules of a run sign for what stops it."""
    return RuleDoors(request.rules, strict=request.strict)


def _judged(request: Request, findings: Findings, to: Destination) -> tuple[Notice, ...]:
    """Everything that the run says, judged by its rules. Raises CheckFailed and InputError."""
    doors = _doors(request)
    kept = judged(findings, request.rules.notices, strict=request.strict, doors=doors)
    told = tuple(map(doors.told, kept))
    return tuple(map(_of_a_folder, told)) if to.is_written else told


def _of_a_folder(one: Notice) -> Notice:
    """A notice as a run says it that is written: rejected rows are in a file then."""
    if one.code != ROWS_REJECTED:
        return one
    return replace(one, text=f"{one.text}, see rejects.csv", mend="")


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


def _ways(prepared: Prepared, measured: Measured) -> dict[str, str]:
    """How each feature was taken up, or all that it is made of, by what people see of its name."""
    rules, book = prepared.request.rules, prepared.book
    found = {}
    for name in dict.fromkeys((*CORE, *prepared.names)):
        needs = () if name in rules.dimensions or name in rules.personas else book.leaves([name])
        ways = [measured.ways[need] for need in needs if need in measured.ways]
        if ways:
            found[book.header(name)] = " and ".join(dict.fromkeys(ways))
    return found


def _columns(prepared: Prepared, wanted: Sequence[Cell]) -> dict[str, tuple[str, ...]]:
    """The columns of each audience's file, after customer_id."""
    book, asked = prepared.book, prepared.asked
    made = {}
    for cell in wanted:
        used = map(book.header, columns_of(cell.persona, book.name))
        made[cell.name] = tuple(dict.fromkeys((*used, *cell.persona.columns, *asked)))
    return made


def _tried(request: Request) -> None:
    """Raise what stops a request: of small files in all of them, else in headers and samples."""
    if _are_small(request):
        compute(request)
    else:
        prepare(request)


def _are_small(request: Request) -> bool:
    """Whether all sources are files of this machine that are read in no time."""
    places = [one.place for every in request.rules.sources.values() for one in every]
    return all(place is not None and _is_small(Path(place)) for place in places)


def _is_small(file: Path) -> bool:
    return file.is_file() and file.stat().st_size <= _SMALL
