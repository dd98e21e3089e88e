"""What became of the rows that were read: guessed, set aside, rejected, and customers left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, get_args

from segmentation.checks.feeds import allowed, and_value, is_broken
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import CODES, Door, Level, Notice, levelled, notice
from segmentation.rules.sources import Source, TableName
from segmentation.scan.lost_value import NOBODY, lost_value, value_of_nobody
from segmentation.scan.prepare import opened
from segmentation.scan.rejected import firsts
from segmentation.sources import InputCount, Tally
from segmentation.sources.join_keys import ALIKE, alike_keys, rows_without
from segmentation.sources.reader import Partner

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation, AfterScan

ROWS_REJECTED: Final = "rows-rejected"


def guessed(run: AfterScan) -> Iterator[Notice]:
    """What was guessed of the tables, and what is not read of them."""
    tables = opened(run.prepared.tables)
    yield from (notice("guessed", text) for table in tables for text in table.notes)
    yield from (notice("unread-column", text) for table in tables for text in table.unread)


def set_aside(run: AfterScan) -> Iterator[Notice]:
    """A note for every reason that rows of an input are not used for, rejected ones apart."""
    of_nobody = partial(value_of_nobody, run.measured)
    yield from rows_set_aside(run.measured.inputs, run.inputs_of_suppress, of_nobody)


def rows_set_aside(
    inputs: Sequence[InputCount],
    of_suppress: Collection[InputCount] = (),
    of_nobody: Callable[[InputCount], float] = lambda one: 0.0,
) -> Iterator[Notice]:
    """The same of inputs, of which suppression reads some; `of_nobody` tells the part of an input's value in rows
    without a customer, which is said where they are worth more than others.
    """
    for one in inputs:
        for reason, number in one.rows_set_aside.items():
            text = f"{number:,} of {one.rows_read:,} rows are set aside: {reason}"
            share = of_nobody(one) if reason == NOBODY else 0.0
            if share > number / one.rows_read:
                text += (
                    f", and with {agreeing(number, 'it', 'them')} {100 * share:.3g} % of the value"
                )
            is_of_suppression = one in of_suppress
            yield notice(
                "rows-set-aside", text, where=one.path, is_of_suppression=is_of_suppression
            )


def joined(run: AfterScan) -> Iterator[Notice]:
    """A note for each source that other files are joined to: how many of its rows have their partners."""
    tables = opened(run.prepared.tables)
    tallies = [tally for table in tables for tally in table.tallies]
    for tally, one in zip(tallies, run.measured.inputs, strict=True):
        if one.rows_without_partner is not None:
            every = next(p.recipe.partners for p in tally.parts if p.recipe.partners)
            needed = [partner for partner in every if not partner.is_optional]
            if needed:
                yield _joined(one, needed, one.rows_without_partner)
            for partner in every:
                if partner.is_optional:
                    yield _joined(one, [partner], rows_without(partner, tally))


def _joined(one: InputCount, partners: Sequence[Partner], lacking: int) -> Notice:
    files = " and ".join(f"{p.shown} ({', '.join(p.key)})" for p in partners)
    rest = f"; {lacking:,} {agreeing(lacking, 'has', 'have')} none" if lacking else ""
    stay = f", and {agreeing(lacking, 'stays', 'stay')}" if partners[0].is_optional and rest else ""
    with_partner = f"{one.rows_read - lacking:,} of {counted(one.rows_read, 'row')}"
    text = f"{with_partner} have a partner in {files}{rest}{stay}"
    return notice("rows-joined", text, where=one.path)


def keys_alike(run: AfterScan) -> Iterator[Notice]:
    """A warning for each joined file whose keys are those of rows without a partner, but for how they are written.

    An error where suppression reads what it brings, and the rows stay without it.
    """
    tallies = [(table, tally) for table in opened(run.measured.tables) for tally in table.tallies]
    sources = {name: iter(given) for name, given in run.rules.sources.items()}
    for (table, tally), one in zip(tallies, run.measured.inputs, strict=True):
        read = _read_of(run, table.name, next(sources[table.name]), tally)
        may_lack = any(p.is_optional for part in tally.parts for p in part.recipe.partners)
        if (one.rows_without_partner or may_lack) and (one.is_small or read):
            for partner, text in alike_keys(tally):
                is_read = partner.is_optional and not read.isdisjoint(partner.columns)
                yield _alike(
                    one,
                    f"suppress reads what is joined, and {text}" if is_read else text,
                    is_read=is_read,
                )


def _alike(one: InputCount, text: str, *, is_read: bool) -> Notice:
    return notice(
        "join-keys-alike",
        text,
        where=one.path,
        mend=ALIKE,
        level="error" if is_read else None,
        door=Door("If they are others") if is_read else None,
        is_of_suppression=is_read,
    )


def _read_of(run: AfterScan, table: TableName, source: Source, tally: Tally) -> frozenset[str]:
    """The columns of a source's files, and of what is joined to them, that suppression reads."""
    if not run.of_suppress.reads(table, source):
        return frozenset()
    rows = (one.columns for one in run.of_suppress.of(table, source))
    lent = run.of_suppress.product_columns if table == "products" else ()
    own = run.of_suppress.attributes if table == "customers" else lent
    names = {"customer_id", "product_id", "event", *own}.union(*rows)
    known = [part.recipe.columns.canonical for part in tally.parts]
    return frozenset(c for one in known for n in names for c in one.get(n, (n,)))


def without_order(run: AfterScan) -> Iterator[Notice]:
    """A note on the customers who are left out, as they never ordered."""
    number = sum(run.measured.left_out.values())
    if number:
        who = counted(number, "customer")
        text = f"{who} without an order left out (base: everyone includes them)"
        yield notice("without-order", text)


def rejected(run: AfterAllocation) -> Iterator[Notice]:
    """A warning for each input with rejected rows, and the first of them: nobody knows yet whether
    they will be written. Not where it is told at this level or above that the feed is broken."""
    inputs, most = run.measured.inputs, allowed(run.rules)
    lost = partial(lost_value, run.measured)
    for one, first in zip(inputs, firsts(run.rejected, inputs), strict=True):
        if one.rows_rejected:
            is_of_suppression = one in run.inputs_of_suppress
            worth = and_value(one, most(one), lost(one))
            found = _rejected(one, worth, first, is_of_suppression=is_of_suppression)
            feed = replace(found, code="broken-feed", level=CODES["broken-feed"].level)
            if not is_broken(one, most(one), lost) or _height(run, found) > _height(run, feed):
                yield found


def _height(run: AfterAllocation, one: Notice) -> int:
    """How high the level is at which a notice is told; -1 where it is not."""
    told = levelled(one, run.rules.notices, strict=run.prepared.request.strict)
    return -1 if told is None else get_args(Level).index(told.level)


def _rejected(
    one: InputCount, worth: str, first: Sequence[str], *, is_of_suppression: bool
) -> Notice:
    rows = one.rows_rejected
    text = (
        f"{rows:,} of {counted(one.rows_read, 'row')} {agreeing(rows, 'is', 'are')} rejected{worth}"
    )
    head = agreeing(rows, "Mend it in the export:", "Mend them in the export; the first of them:")
    mend = "\n  ".join((head, *first))
    return notice(
        ROWS_REJECTED, text, where=one.path, mend=mend, is_of_suppression=is_of_suppression
    )
