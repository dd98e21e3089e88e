"""Columns that `where` asks and that are printed on the first row of an order only, while the others of it stand below.

These are filled down, or were written on each row.
Then `where` chooses the first row by what it says, and the others by a blank cell: an order is cut in two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from segmentation.checks.filling import goods_of, is_of_order
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.around import AroundTable
from segmentation.sources.columns.filled import FilledTable, filled_within, with_filled
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.ways import of_init_of
from segmentation.sources.reader import FILE, RECORD, RawTable
from segmentation.sources.tables import Portion, canonical_rows

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


@dataclass(frozen=True)
class CutOrders:
    """The columns that are to be filled, those that tell orders apart before them, how many rows leave one blank, and
    how many rows `where` then chooses otherwise."""

    columns: tuple[str, ...]
    orders: tuple[str, ...]
    blank: int
    otherwise: int
    can_be_filled: bool = True
    """Whether all rows hold what tells orders apart: to fill that as well would make other orders."""


def asked_below(run: AfterScan) -> Iterator[Notice]:
    """An error for each input of transactions in which `where` asks what rows below the first of an order leave blank, and it matters."""
    for found, source, tally in run.cut:
        yield _told(found, source, tally.path, of_init_of(run.rules.sources))


def cut_orders(source: Source, tally: Tally) -> CutOrders | None:
    """The orders of an input that its `where` cuts in two; None where there are none."""
    parts = () if source.where is None else tally.parts
    found = [one for part in parts if (one := _of_part(part)) is not None]
    return _together(found) if found else None


def _together(found: Sequence[CutOrders]) -> CutOrders:
    return CutOrders(
        tuple(dict.fromkeys(c for one in found for c in one.columns)),
        tuple(dict.fromkeys(c for one in found for c in one.orders)),
        sum(one.blank for one in found),
        sum(one.otherwise for one in found),
        all(one.can_be_filled for one in found),
    )


def _of_part(part: Portion) -> CutOrders | None:
    table = filled_within(part.raw)
    return _of_written(part) if table is None else _of_filled(table, part)


def _of_filled(table: FilledTable, part: Portion) -> CutOrders | None:
    """What filled rows leave blank."""
    asked = _asked(table, part, table.columns)
    if not asked:
        return None
    is_below = pl.col(RECORD).is_in(table.records_filled().implode())
    columns, blank = _blank_below(table, asked, is_below)
    if not columns:
        return None
    orders = _orders(table, part)
    otherwise = _otherwise(part, (*table.columns, *orders, *columns))
    return CutOrders(columns, orders, blank, otherwise) if otherwise else None


def _of_written(part: Portion) -> CutOrders | None:
    """What rows below the first of their order leave blank, though they name their order and customer themselves.

    Where amounts stand for orders, what lines leave blank is that of the order already.
    """
    table = _innermost(part.raw)
    customers, orders = _told_by(table, part)
    asked = [c for c in _asked(table, part, orders) if _is_blank_at_times(table, c)]
    if not (asked and orders and customers) or part.recipe.columns.per_order:
        return None
    is_named = pl.all_horizontal(holds(c, table.schema[c]) for c in {*customers, *orders})
    is_first = pl.col(RECORD) == pl.col(RECORD).min().over(FILE, *orders)
    columns, blank = _blank_below(table, asked, is_named & ~is_first, is_expected=True)
    otherwise = _otherwise(part, (*orders, *columns)) if columns else 0
    if not otherwise:
        return None
    are_held = [holds(c, table.schema[c]).all().alias(c) for c in orders]
    every = table.scan().select(are_held).collect(engine="streaming").row(0)
    return CutOrders(columns, orders, blank, otherwise, can_be_filled=all(every))


def _innermost(raw: RawTable) -> RawTable:
    return _innermost(raw.table) if isinstance(raw, AroundTable) else raw


def _told_by(table: RawTable, part: Portion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of customers, and those that tell orders apart: without one of orders a customer's moment does."""
    own = {
        name: tuple(c for c in columns if c in table.schema and c not in table.oversize)
        for name, columns in part.recipe.columns.canonical.items()
    }
    customers, moments = own.get("customer_id", ()), own.get("ordered_at", ())
    return customers, own.get("order_id", ()) or ((*customers, *moments) if moments else ())


def _is_blank_at_times(table: RawTable, column: str) -> bool:
    """Whether the sample has cells that hold something, and others that do not."""
    return len({bool((cell or "").strip()) for cell in table.sample.get(column, ())}) > 1


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


def _asked(table: RawTable, part: Portion, known: Sequence[str]) -> list[str]:
    """The columns that `where` asks besides those that are known, and those of goods."""
    asked = [c for c in sorted(part.recipe.choosing) if c in table.schema]
    return [c for c in asked if c not in (*known, *goods_of(part.recipe), *table.oversize)]


def _blank_below(
    table: RawTable, asked: Sequence[str], is_below: pl.Expr, *, is_expected: bool = False
) -> tuple[tuple[str, ...], int]:
    """The columns that say something of orders, and how many rows below the first of an order leave one blank.

    Where it `is_expected`, a column counts if at least one row below would hold something, were all rows alike.
    """
    blank = {c: ~holds(c, table.schema[c]) for c in asked}
    rows = table.scan(with_records=True, with_files=True).select(is_below.alias(RECORD), **blank)
    found = rows.collect()
    below, others = found.filter(RECORD), found.filter(~pl.col(RECORD))
    columns = tuple(c for c in asked if is_of_order(c, below[c], others[c]))
    if is_expected:
        columns = tuple(c for c in columns if (~others[c]).sum() * len(below) >= len(others))
    return columns, below.select(pl.any_horizontal(columns).sum()).item() if columns else 0


def _otherwise(part: Portion, filled: tuple[str, ...]) -> int:
    """How many rows with money count otherwise once columns are filled."""
    return len(_counting(part.raw, part) ^ _counting(with_filled_in(part.raw, filled), part))


def _counting(raw: RawTable, part: Portion) -> set[int]:
    rows = canonical_rows(raw, part.recipe, part.ragged, keep=[RECORD])
    counting = rows.filter((pl.col(CODE) == Reason.USED) & (pl.col("amount") != 0))
    return {*counting.select(RECORD).collect(engine="streaming")[RECORD]}


def _told(found: CutOrders, source: Source, path: str, way: str) -> Notice:
    columns, rows, otherwise = len(found.columns), found.blank, found.otherwise
    filled = source.fill_down
    these = "that fill_down fills" if filled else "below the first of an order"
    what = (
        f"where asks {listed(found.columns)}, which {counted(rows, 'row')} {these} "
        f"{agreeing(rows, 'leaves', 'leave')} blank: {counted(otherwise, 'row')} "
        f"{agreeing(otherwise, 'is', 'are')} not chosen as the first row of the order is"
    )
    it, fill_down = agreeing(columns, "it", "them"), [*filled, *found.orders, *found.columns]
    mend = f"Write {it} on each row of the order."
    if found.can_be_filled:
        as_well = " as well" if filled else ""
        mend = f"Fill {it}{as_well}, under sources: `{flow({'fill_down': fill_down})[1:-1]}`."
    door = "Where a blank cell says what it means: notices: {continued-orders: warn}."
    return notice(
        "continued-orders", what, where=path, mend=f"{mend} {door}" + (f"\n  {way}" if way else "")
    )
