"""The one scan of a table of rows: every source is read once, and all that is asked of it takes part.

Rows come in batches, as Polars has read them. Their reasons are counted, those that can be used are
folded, and whoever else must see each of them does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final, Protocol

import polars as pl

from segmentation.measures.arrays import largest
from segmentation.measures.partials import Partials
from segmentation.rules.sources import day_of
from segmentation.sources import Table, Tally, refuse_misfits
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.read import counts_of

FEWEST_ROWS: Final = 1 << 16  # of a batch


class Watcher(Protocol):
    """What sees every usable row beside the partials."""

    def asks(self) -> dict[str, pl.Expr]:
        """The columns that it must be given."""

    def see(self, rows: pl.DataFrame) -> None:
        """Take up some rows."""


class RowCounts:
    """What became of a source's rows."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.by_reason: Counter[int] = Counter()
        self.last_day: date | None = None
        self.largest_amount = 0

    def frame(self) -> pl.DataFrame:
        """The counts as one row, as those of a table of customers come."""
        return counts_of(self.table, self.by_reason, self.last_day, self.largest_amount)


def scanned(
    table: Table, partials: Partials, watchers: Sequence[Watcher] = ()
) -> Iterator[pl.DataFrame]:
    """Fold all rows of a table: the counts of each of its sources, in turn.

    Raises IdsDiffer and LostBet, where ids are not what their sample says.
    """
    assert table.name in ("transactions", "events")
    for coded, tally in _sources(table):
        counts = RowCounts(table.name)
        for rows in _batches(table, coded, partials, watchers):
            used = _counted(rows, counts, tally)
            if used.height:
                partials.fold(table.name, used, [partial(w.see, used) for w in watchers])
        partials.wait()
        yield counts.frame()


def _sources(table: Table) -> Iterator[tuple[pl.LazyFrame, Tally | None]]:
    """The rows of each source with their reasons; a table that was made up has no source."""
    if not table.coded:
        yield table.rows.with_columns(pl.lit(0, dtype=pl.UInt8).alias(CODE)), None
    yield from zip(table.coded, table.tallies, strict=True)


def _batches(
    table: Table, coded: pl.LazyFrame, partials: Partials, watchers: Sequence[Watcher]
) -> Iterator[pl.DataFrame]:
    assert table.name in ("transactions", "events")
    rows = partials.plan.rows[table.name]
    day, amounts = rows.day, ["amount"] if table.name == "transactions" else []
    wide = rows.over(coded, partials.plan.raw(table.name))
    asked = partials.asks(table.name, wide)
    for watcher in watchers:
        asked |= watcher.asks()
    own = dict.fromkeys((CODE, day, *amounts))
    frame = wide.select(*own, **asked)
    batches = frame.collect_batches(maintain_order=False, lazy=True, engine="streaming")
    yield from _together(batches)


def _together(batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Batches as Polars makes them, each in one piece; small ones are put together."""
    waiting: list[pl.DataFrame] = []
    for rows in batches:
        waiting.append(rows)
        if sum(w.height for w in waiting) >= FEWEST_ROWS:
            yield _in_one(waiting)
            waiting = []
    if waiting:
        yield _in_one(waiting)


def _in_one(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts, rechunk=True)


def _counted(rows: pl.DataFrame, counts: RowCounts, tally: Tally | None) -> pl.DataFrame:
    """The usable rows of a batch; all are counted."""
    used = rows
    if rows[CODE].max():
        counts.by_reason.update(dict(rows[CODE].value_counts().iter_rows()))
        if tally is not None and counts.by_reason[Reason.MISFIT]:
            refuse_misfits(tally)
        used = rows.filter(pl.col(CODE) == Reason.USED)
    else:
        counts.by_reason[Reason.USED] += rows.height
    if used.height:
        last = used[str(day_of(counts.table))].max()
        assert isinstance(last, date)
        counts.last_day = last if counts.last_day is None else max(last, counts.last_day)
        if "amount" in used.columns:
            counts.largest_amount = max(counts.largest_amount, largest(used["amount"].to_numpy()))
    return used
