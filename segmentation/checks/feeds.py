"""Feeds that look wrong whatever reads them: broken, old, or ahead of all others."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.doors import quiet
from segmentation.checks.suppression.sources_read import RowsRead, SourcesRead
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import MOST_REJECTED, Source
from segmentation.rules.windows import Span
from segmentation.scan.lost_value import Lost, lost_value
from segmentation.scan.rejected import first_rejected_of
from segmentation.sources import InputCount, Table

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

OPTIONAL: Final = "Where rows may be without a partner, such as orders without a refund: optional: true on the join."
FEED_ROWS: Final = 100  # fewer rows are no feed: somebody looks at them
STALE_DAYS: Final = 7  # a weekly feed may be this late
FEWEST_MISSED: Final = 3  # rows that should have come by now, before a silence is called a lag


def broken(run: AfterScan) -> Iterator[Notice]:
    """An error for each input of which more is rejected than its source allows, with the first rejected rows."""
    tables, inputs = run.measured.tables, run.measured.inputs
    shown = partial(first_rejected_of, tables=tables, inputs=inputs)
    lost = partial(lost_value, run.measured)
    told = {one.path for one in run.amounts_of_orders if one.is_on_first_rows}
    judged = [one for one in inputs if one.path not in told]
    yield from broken_feeds(judged, shown, allowed(run.rules), run.inputs_of_suppress, lost=lost)


def allowed(rules: Rules) -> Callable[[InputCount], float]:
    """The part of the rows of an input that may be rejected."""
    said: dict[tuple[str, str], float | None] = {
        (table, s.path): s.rejects for table, sources in rules.sources.items() for s in sources
    }

    def most(one: InputCount) -> float:
        part = said.get((one.table, one.path))
        return MOST_REJECTED if part is None else part

    return most


def broken_feeds(
    inputs: Sequence[InputCount],
    shown: Callable[[InputCount], Sequence[str]],
    most: Callable[[InputCount], float],
    of_suppress: Collection[InputCount] = (),
    *,
    lost: Callable[[InputCount], Lost | None] = lambda one: None,
) -> Iterator[Notice]:
    """An error for each input of 100 rows or more of which more than a part (`most`) are rejected.

    More of its rows, or of its value: `lost` says what of that the rejected rows were. `shown` gives the
    first rejected rows of an input, in words; `of_suppress` are the inputs that suppression reads.
    """
    for one in inputs:
        if is_broken(one, most(one), lost):
            value = lost(one)
            rows = f"{one.rows_rejected:,} of {one.rows_read:,} rows"
            are = agreeing(one.rows_rejected, "is", "are")
            worth = and_value(one, most(one), value)
            what = f"{rows} {are} rejected{worth}, more than {_percent(most(one))}"
            head = "Mend the export, or how it is read; the first of them:"
            shares = (_part_of_rows(one), 0.0 if value is None else value.share)
            part = math.ceil(1000 * max(shares)) / 10
            if 2 * (one.rows_without_partner or 0) > one.rows_rejected:
                head = f"{OPTIONAL} Else mend the keys; the first of them:"
            door = f"Where so many may be: rejects: {{at_most: {part:g}%}} on its source."
            mend = "\n  ".join((head, *shown(one), door))
            yield notice(
                "broken-feed", what, where=one.path, mend=mend, is_of_suppression=one in of_suppress
            )


def is_broken(one: InputCount, most: float, lost: Callable[[InputCount], Lost | None]) -> bool:
    """Whether more of an input is rejected than a part of its rows or its value; of a few rows nobody says."""
    if one.rows_read < FEED_ROWS or not one.rows_rejected:
        return False
    if one.rows_rejected > most * one.rows_read:
        return True
    value = lost(one)
    return value is not None and value.share > most


def _part_of_rows(one: InputCount) -> float:
    return one.rows_rejected / one.rows_read


def and_value(one: InputCount, most: float, lost: Lost | None) -> str:
    """What goes on about rejected rows that were worth more than others; nothing where they were not."""
    if lost is None or lost.share <= max(most, _part_of_rows(one)):
        return ""
    least = "at least " if lost.untold else ""
    untold = f" (of {counted(lost.untold, 'row')} it cannot be told)" if lost.untold else ""
    them = agreeing(one.rows_rejected, "it", "them")
    return f", and with {them} {least}{100 * lost.share:.3g} % of the value{untold}"


def _percent(part: float) -> str:
    return f"{100 * part:.4g} %"


# -- empty ----------------------------------------------------------------------------------------


def empty(run: AfterScan) -> Iterator[Notice]:
    """A warning for each file of transactions that has no rows, or not one byte, where others have some."""
    for _, tally, count in run.transactions:
        files = [f for part in tally.parts for f in part.raw.texts]
        bare = [n for part in tally.parts for p in part.raw.places for n in p.empty_beside]
        found = [*(f.place.shown for f in files if not f.anatomy.records), *bare]
        for shown in found or ([] if count.rows_read else [tally.path]):
            text = "the file has no rows, where others have some"
            mend = "Nothing, if nothing was sold; else look at the export."
            yield notice("empty-file", text, where=shown, mend=mend)


# -- old ------------------------------------------------------------------------------------------


def old(run: AfterScan) -> Iterator[Notice]:
    """A warning when the newest transaction is more than a week before `as_of`, and for each source
    of events whose newest row lies before a window that a rule reads.

    Where suppression reads that window it is an error of its own.
    """
    measured = run.measured
    yield from old_feeds(measured.inputs, run.rules, run.reading, run.of_suppress, measured.as_of)


def old_feeds(
    inputs: Sequence[InputCount],
    rules: Rules,
    reading: SourcesRead,
    of_suppress: SourcesRead,
    as_of: date,
) -> Iterator[Notice]:
    """The same of inputs, and of what the rules and suppression read of them."""
    yield from old_transactions(inputs, rules, as_of)
    events = [one for one in inputs if one.table == "events"]
    sources = rules.sources.get("events", ())
    for i, (one, source) in enumerate(zip(events, sources, strict=True)):
        late = [r for r in reading.of("events", source) if _is_before(one, r, as_of)]
        if late and not _may_be_quiet(source, one, as_of) and not {*late} & {*of_suppress.rows}:
            latest = max(late, key=lambda r: r.first_day(as_of) or as_of)
            text = f"the newest row is of {one.last_day}, before the {latest.told(as_of)} that a rule reads"
            days = (as_of - date.fromisoformat(str(one.last_day))).days
            yield notice(
                "stale-source",
                text,
                where=one.path,
                mend="Look at the feed.",
                door=quiet("events", i, days),
                is_of_suppression=False,
            )


def old_transactions(inputs: Sequence[InputCount], rules: Rules, as_of: date) -> Iterator[Notice]:
    """A warning when the newest transaction is more than a week before `as_of`."""
    newest = _newest(inputs, "transactions")
    spans = [Span.parse(s.quiet_for) for s in rules.sources["transactions"]]
    allowed = max((s.before(as_of) for s in spans if s is not None), default=None)
    behind = 0 if newest is None else (as_of - newest).days
    is_signed = allowed is not None and newest is not None and newest >= allowed
    if behind > STALE_DAYS and not is_signed:
        text = f"the newest transaction is of {newest}, {behind:,} days before {as_of}"
        where = next(
            i.path for i in inputs if i.table == "transactions" and i.last_day == str(newest)
        )
        yield notice("stale-source", text, where=where, is_of_suppression=False)


def _is_before(one: InputCount, read: RowsRead, as_of: date) -> bool:
    first = read.first_day(as_of)
    return first is not None and one.last_day is not None and one.last_day < first.isoformat()


def _may_be_quiet(source: Source, one: InputCount, as_of: date) -> bool:
    span = Span.parse(source.quiet_for)
    return span is not None and (one.last_day or "9") >= span.before(as_of).isoformat()


def _newest(inputs: Sequence[InputCount], table: str) -> date | None:
    days = [date.fromisoformat(c.last_day) for c in inputs if c.table == table and c.last_day]
    return max(days, default=None)


# -- ahead ----------------------------------------------------------------------------------------


def ahead(run: AfterScan) -> Iterator[Notice]:
    """A warning when one of transactions and events runs ahead of the other, and so moves as_of.

    Events that are ahead are always told. Where events are behind, they may be rare: that is told
    when at their usual pace some rows should have come since. Who gives --as-of has decided.
    """
    if not run.prepared.request.as_of:
        yield from feeds_ahead(run.measured.inputs, run.measured.tables.events)


def feeds_ahead(inputs: Sequence[InputCount], events: Table | None) -> Iterator[Notice]:
    """The same of inputs; at most one notice."""
    orders, happened = _newest(inputs, "transactions"), _newest(inputs, "events")
    if events is None or orders is None or happened is None or orders == happened:
        return
    days = abs((orders - happened).days)
    if orders > happened and days * _pace(inputs, events, happened) < FEWEST_MISSED:
        return
    first, second = ("events", "transactions") if happened > orders else ("transactions", "events")
    last, before = max(orders, happened), min(orders, happened)
    one = max((i for i in inputs if i.table == first), key=lambda i: i.last_day or "")
    text = (
        f"{first} run {counted(days, 'day')} ahead of {second} ({last}, {before}), and so move as_of: every window "
        f"ends on {last}"
    )
    yield notice("as-of-moved", text, where=one.path)


def _pace(inputs: Sequence[InputCount], events: Table, last: date) -> float:
    """Rows of events a day, between the first and the last."""
    earliest = events.rows.select(pl.col("occurred_on").min())
    first: date = earliest.collect(engine="streaming").item()
    rows = sum(one.rows_used for one in inputs if one.table == "events")
    return float(rows - 1) / max(1, (last - first).days)
