"""Columns that `where` asks and that are printed on the first row of an order only, while others of it are filled down.

Then `where` chooses the first row by what it says, and the others by a blank cell: an order is cut in two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from segmentation.checks.filling import is_of_order
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.yaml.flow import flow
from segmentation.sources.around import AroundTable
from segmentation.sources.columns.filled import FilledTable, filled_within, with_filled
from segmentation.sources.columns.held import holds
from segmentation.sources.reader import RECORD, RawTable
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


@dataclass(frozen=True)
class CutOrders:
    """The columns that are to be filled as well, those that tell orders apart before them, how many filled rows leave one
    blank, and how many rows `where` then chooses otherwise."""

    columns: tuple[str, ...]
    orders: tuple[str, ...]
    blank: int
    otherwise: int


def asked_below(run: AfterScan) -> Iterator[Notice]:
    """An error for each input of transactions in which `where` asks what filled rows leave blank, and it matters."""
    for source, tally, count in run.transactions:
        if not source.fill_down or source.where is None or not count.is_small:
            continue
        found = [one for part in tally.parts if (one := _of_part(part)) is not None]
        if found:
            yield _told(_together(found), source.fill_down, tally.path)


def _together(found: Sequence[CutOrders]) -> CutOrders:
    return CutOrders(
        tuple(dict.fromkeys(c for one in found for c in one.columns)),
        tuple(dict.fromkeys(c for one in found for c in one.orders)),
        sum(one.blank for one in found),
        sum(one.otherwise for one in found),
    )


def _of_part(part: Portion) -> CutOrders | None:
    table = filled_within(part.raw)
    if table is None:
        return None
    columns, blank = _blank_below(table, part)
    if not columns:
        return None
    orders = _orders(table, part)
    whole = with_filled_in(part.raw, (*table.columns, *orders, *columns))
    otherwise = _chosen(part.raw, part).symmetric_difference(_chosen(whole, part))
    return CutOrders(columns, orders, blank, len(otherwise)) if otherwise else None


def _orders(table: FilledTable, part: Portion) -> tuple[str, ...]:
    """The columns of orders that all rows have: before others are filled they say where an order ends."""
    own = [c for c in part.recipe.columns.canonical.get("order_id", ()) if c in table.schema]
    free = [c for c in own if c not in (*table.columns, *table.oversize)]
    if not free:
        return ()
    each = [holds(c, table.schema[c]).all().alias(c) for c in free]
    found = table.scan().select(each).collect(engine="streaming")
    return tuple(c for c in free if found[c].item())


def with_filled_in(raw: RawTable, columns: tuple[str, ...]) -> RawTable:
    """The table with other columns filled down within it."""
    if isinstance(raw, AroundTable) and not isinstance(raw, FilledTable):
        return replace(raw, table=with_filled_in(raw.table, columns))
    return with_filled(raw, columns)


def _blank_below(table: FilledTable, part: Portion) -> tuple[tuple[str, ...], int]:
    """The columns that `where` asks and that say something of orders, and how many filled rows leave one blank."""
    asked = [c for c in sorted(part.recipe.choosing) if c in table.schema]
    asked = [c for c in asked if c not in (*table.columns, *table.oversize)]
    if not asked:
        return (), 0
    is_filled = pl.col(RECORD).is_in(table.records_filled().implode())
    blank = {c: ~holds(c, table.schema[c]) for c in asked}
    rows = table.scan(with_records=True).select(is_filled.alias(RECORD), **blank).collect()
    below, others = rows.filter(RECORD), rows.filter(~pl.col(RECORD))
    columns = tuple(c for c in asked if is_of_order(below[c], others[c]))
    return columns, below.select(pl.any_horizontal(columns).sum()).item() if columns else 0


def _chosen(raw: RawTable, part: Portion) -> set[int]:
    counts = part.recipe.counts
    rows = raw.scan(with_records=True)
    rows = rows if counts is None else rows.filter(counts)
    return {*rows.select(RECORD).collect(engine="streaming")[RECORD]}


def _told(found: CutOrders, fill_down: Sequence[str], path: str) -> Notice:
    columns, rows, otherwise = len(found.columns), found.blank, found.otherwise
    fill_down = [*fill_down, *found.orders, *found.columns]
    what = (
        f"where asks {listed(found.columns)}, which {counted(rows, 'row')} that fill_down fills "
        f"{agreeing(rows, 'leaves', 'leave')} blank: {counted(otherwise, 'row')} "
        f"{agreeing(otherwise, 'is', 'are')} not chosen as the first row of the order is"
    )
    mend = (
        f"Fill {agreeing(columns, 'it', 'them')} as well, under sources: `{flow({'fill_down': fill_down})[1:-1]}`. "
        "Where a blank cell says what it means: notices: {continued-orders: warn}."
    )
    return notice("continued-orders", what, where=path, mend=mend)
