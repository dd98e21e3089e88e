"""Fail closed: what suppression reads is there, whole, and about these customers, or the run stops.

`suppress` takes customers out. Whatever is missing from what it reads would let everybody pass,
and nobody would see it. So first it is derived what suppression reads (`sources_read`), then each file
of that is looked at for itself (`facts`), and every check of `CHECKS` yields notices. An error
stops the run; its mend names the line of the rules with which someone signs for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.suppression import files, meeting, order_of_days, products, rejected, twins
from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.cut_off import cut_off
from segmentation.checks.suppression.facts import facts_of
from segmentation.checks.suppression.ranked import ranked
from segmentation.checks.suppression.sources_read import sources_read
from segmentation.checks.suppression.swallowed import swallowed
from segmentation.checks.suppression.undated import Dateless, Undated, dateless, undated
from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted, listed
from segmentation.messages.notices import Notice
from segmentation.rules.comparisons import readings
from segmentation.rules.headers import PRIVATE
from segmentation.scan.measuring import Measured
from segmentation.scan.prepare import opened, suppress_names
from segmentation.sources import explained

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation, AfterScan

__all__ = ["Closed", "afterwards", "closed", "found"]

MOST_FILES: Final = 5  # that are told one by one
UNREAD: Final = f"{PRIVATE}unread"  # before a number: flags of customers whom rejected rows name

#: every check; each one yields what it finds
CHECKS: Final[tuple[Callable[[Case], Iterator[Notice]], ...]] = (
    files.without_rows,
    files.passed_over,
    files.without_columns,
    twins.twins,
    files.without_event,
    files.stopped,
    files.events_stopped,
    files.signed_for,
    files.after_as_of,
    meeting.meeting,
    meeting.damaged,
    meeting.unlisted,
    meeting.never_filled,
    products.products_met,
    order_of_days.other_order,
)


@dataclass(frozen=True)
class Closed:
    """What the checks found, and the customers that rejected rows suppress, by file."""

    case: Case
    notices: tuple[Notice, ...]
    unread: Mapping[str, frozenset[str]]

    @property
    def flags(self) -> dict[str, str]:
        """What suppresses beside the rules: `rejected rows of FILE` -> its flag column."""
        return {f"rejected rows of {f}": f"{UNREAD}{i}" for i, f in enumerate(self.unread)}

    def with_flags(self, customers: pl.DataFrame) -> pl.DataFrame:
        """The customers with these flags: true for whom a rejected row of the file names."""
        named = zip(self.flags.values(), self.unread.values(), strict=True)
        ids = pl.col("customer_id")
        return customers.with_columns(ids.is_in(sorted(who)).alias(flag) for flag, who in named)


def found(run: AfterScan) -> Iterable[Notice]:
    """What was found of all that suppression reads."""
    return run.closed.notices


def afterwards(run: AfterAllocation) -> Iterator[Notice]:
    """What can be said once it is known who is suppressed."""
    spared = run.customers["customer_id"].filter(run.allocation.suppressed_by.is_not_null())
    yield from meeting.written_otherwise(run.closed.case, spared, run.closed.unread)
    conditions = (*run.prepared.possible.suppress.values(),)
    yield from ranked(run.book, conditions, run.customers, run.cuts)


def closed(measured: Measured) -> Closed:
    """Look at everything that suppression reads, when it is known who the customers are."""
    case = _case(measured)
    here, elsewhere = case.customers["customer_id"], case.left_out["customer_id"]
    known = pl.concat([here, elsewhere])
    unread = rejected.unread_rows(case.reading, case.sources, known, case.as_of)
    told = rejected.told(unread, case.sources, here)
    compared = readings(case.rules, measured.prepared.possible.suppress.values(), ())
    cut, lost = list(cut_off(case, compared)), list(swallowed(case))
    named = dict(unread.named)
    untold: list[Undated | Dateless] = [*undated(case), *dateless(case)]
    for source in untold:
        named[source.shown] = named.get(source.shown, frozenset()) | source.customers
    for row in cut:
        named[row.shown] = named.get(row.shown, frozenset()) | ({row.id} if row.id else set())
    for rows in lost:
        named[rows.shown] = named.get(rows.shown, frozenset()) | rows.ids
    checked = [one for check in CHECKS for one in check(case)]
    found = [
        *told,
        *(row.notice() for row in cut),
        *(one.notice() for one in lost),
        *(one.notice() for one in untold),
        *checked,
    ]
    return Closed(case, tuple(_few(found)), {f: ids for f, ids in named.items() if ids})


def _few(found: Sequence[Notice]) -> Iterator[Notice]:
    """The notices, of one code and level at the most MOST_FILES and one that counts the others."""
    kinds: dict[tuple[str, str], list[Notice]] = {}
    for one in found:
        kinds.setdefault((one.code, one.level), []).append(one)
    for alike in kinds.values():
        yield from alike[:MOST_FILES]
        rest = alike[MOST_FILES:]
        if rest:
            names = listed([str(one.where) for one in rest])
            text = f"the same holds for {counted(len(rest), 'more file')}: {names}"
            yield replace(
                rest[0], text=text, where="", doors=tuple(d for one in rest for d in one.doors)
            )


def _case(measured: Measured) -> Case:
    prepared = measured.prepared
    rules, today = prepared.request.rules, prepared.request.today
    conditions = prepared.possible.suppress.values()
    names = suppress_names(prepared)
    reading = sources_read(prepared.book, measured.tables, names, conditions)
    with explained(opened(measured.tables)):
        sources = facts_of(reading, measured.tables, rules, today=today)
    return Case(
        rules,
        measured.tables,
        reading,
        sources,
        measured.customers,
        measured.others,
        measured.as_of,
        today,
    )
