"""What a study says of the files that it reads: what was guessed, who is left out, what was rejected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from segmentation.checks.feeds import allowed, broken_feeds, old_transactions
from segmentation.checks.inputs import rows_set_aside
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, judged, notice
from segmentation.scan.lost_value import lost_value
from segmentation.scan.measuring import Measured
from segmentation.scan.prepare import opened
from segmentation.scan.rejected import first_rejected_of
from segmentation.sources import explained, rejects

SHOWN: Final = 3  # rejected rows of an input


def refuse_broken(measured: Measured) -> None:
    """Raise InputError where most rows of an input are rejected."""
    inputs, tables = measured.inputs, measured.tables
    most = allowed(measured.prepared.request.rules)
    shown = partial(first_rejected_of, tables=tables, inputs=inputs)
    judged(broken_feeds(inputs, shown, most, lost=partial(lost_value, measured)), {})


def said_of_files(measured: Measured) -> tuple[Notice, ...]:
    """What there is to say of the tables that were scanned, and of their rows."""
    tables = opened(measured.tables)
    guessed = (notice("guessed", text) for table in tables for text in table.notes)
    with explained(tables):
        return (*guessed, *_left_out(measured), *_rejected(measured))


def said_of_days(measured: Measured) -> tuple[Notice, ...]:
    """What a run says of the days of rows, too: those that are set aside, and newest ones that are old."""
    rules = measured.prepared.request.rules
    old = old_transactions(measured.inputs, rules, measured.as_of)
    return (*rows_set_aside(measured.inputs), *old)


def _left_out(measured: Measured) -> Iterator[Notice]:
    number = sum(measured.left_out.values())
    if number:
        yield notice("without-order", f"{counted(number, 'customer')} without an order left out")


def _rejected(measured: Measured) -> Iterator[Notice]:
    """A warning for each input with rejected rows: how many, and the first of them."""
    tallies = [tally for table in opened(measured.tables) for tally in table.tallies]
    for tally, count in zip(tallies, measured.inputs, strict=True):
        if not count.rows_rejected:
            continue
        rows = rejects(tally.table, tally, limit=SHOWN)
        first = "; ".join(
            f"{r['file']}:{r['line']}: {r['reason']}" for r in rows.iter_rows(named=True)
        )
        yield notice(
            "rows-rejected",
            f"{count.rows_rejected:,} of "
            f"{counted(count.rows_read, 'row')} rejected (segment run writes them to rejects.csv): "
            f"{first}{'; …' if count.rows_rejected > SHOWN else ''}",
            where=count.path,
            mend="Mend the export.",
            is_of_suppression=False,
        )
