"""How orders are told: by the day, where no column tells them, and by numbers that are used again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.messages.privacy import ids_after
from segmentation.rules.column_specs import ColumnSpec, written
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.order_tellers import order_teller, shops_of
from segmentation.sources.columns.reasons import USABLE
from segmentation.sources.columns.ways import said
from segmentation.sources.settings import A_COLUMN, IN_RULES
from segmentation.sources.stored import as_text
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

A_MONTH: Final = timedelta(days=31)
EXAMPLES: Final = 5


def orders_by_day(run: AfterScan) -> Iterator[Notice]:
    """A note for each input of transactions that has no order_id, and which column may be it."""
    for source, tally, _ in run.transactions:
        if "order_id" in source.columns or any(p.recipe.has("order_id") for p in tally.parts):
            continue
        found = next(filter(None, (order_teller(p.raw, p.recipe) for p in tally.parts)), None)
        text = "no column tells orders: all that a customer buys on a day is one order"
        if found is not None:
            text += f"; {found} may tell them"
        mend = f"Where one tells them: {_way(tally, source, found or A_COLUMN)}"
        yield notice("orders-by-day", text, where=tally.path, mend=mend)


def numbers_used_again(run: AfterScan) -> Iterator[Notice]:
    """A warning for each input of transactions in which lines of one order_id lie a month or more apart."""
    for source, tally, count in run.transactions:
        if count.is_small and all(p.recipe.reads("order_id") for p in tally.parts):
            apart = _apart(tally, ())
            if apart:
                yield _used_again(tally, source, apart)


def _used_again(tally: Tally, source: Source, apart: Sequence[str]) -> Notice:
    number = len(apart)
    text = (
        f"{counted(number, 'order id')} {agreeing(number, 'stands', 'stand')} on purchases of a customer that "
        f"lie {A_MONTH.days} days or more apart, and {agreeing(number, 'counts', 'each counts')} as one order"
        f"{ids_after(apart[:EXAMPLES])}"
    )
    [first, *_] = tally.parts
    declared = source.columns.get("order_id")
    own = declared if isinstance(declared, tuple) else first.recipe.columns.canonical["order_id"]
    beside = next((c for c in _beside(first) if not _apart(tally, (c,))), A_COLUMN)
    way = _way(tally, source, (beside, *own))
    mend = (
        f"Where numbers begin again (for each store, each year), two columns tell an order: {way}"
    )
    return notice("order-ids-again", text, where=tally.path, mend=mend)


def _beside(part: Portion) -> Sequence[str]:
    """The columns that may tell numbers apart that are used again: where, else when."""
    return (*shops_of(part.raw, part.recipe), *part.recipe.columns.canonical["ordered_at"])


def _apart(tally: Tally, beside: Sequence[str]) -> list[str]:
    """The order ids of which purchases of a customer lie far apart, even if those are told by more columns."""
    lines = pl.concat([_purchases(part, beside) for part in tally.parts])
    days = pl.col("ordered_on")
    found = (
        lines.group_by(pl.exclude("ordered_on"))
        .agg((days.max() - days.min()).alias("span"))
        .filter(pl.col("span") >= A_MONTH)
        .select(pl.col("order_id").unique(maintain_order=False).sort())
    )
    return found.collect(engine="streaming")["order_id"].to_list()


def _purchases(part: Portion, beside: Sequence[str]) -> pl.LazyFrame:
    """The lines with an amount above 0: whose they are, of which order and day. A return may come late."""
    texts = {f"\0beside {name}": as_text(name, part.raw.schema[name]) for name in beside}
    rows = part.again(beside=texts)
    known = (pl.col("amount") > 0) & pl.col("order_id").is_not_null()
    named = [pl.col(name).cast(pl.String) for name in ("customer_id", "order_id")]
    return rows.filter(pl.col(USABLE) & known).select(*named, "ordered_on", *texts)


def _way(tally: Tally, source: Source, spec: ColumnSpec) -> str:
    """What to write so that a column, or several, tell orders."""
    raw = tally.parts[0].raw
    if isinstance(spec, tuple) and raw.settings is not IN_RULES:
        return f"make order_id of {listed(spec)} in the frame"
    if "order_id" in source.columns:
        return f"columns: {flow({'order_id': written(spec)})}"
    return said(source, raw, "transactions", {"order_id": spec})
