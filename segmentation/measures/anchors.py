"""Rows that follow another event of the same customer: `after` any such, or `since` the latest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from segmentation.measures.rows import Rows, RowTable, row_columns
from segmentation.rules.measures import PURCHASE, Anchor
from segmentation.rules.windows import Span

ANCHOR: Final = "__anchor"  # the moment that a row follows


def anchored(
    rows: Rows,
    others: Mapping[RowTable, Rows],
    anchor: Anchor,
    columns: set[str],
    keep: pl.Expr | None = None,
) -> pl.LazyFrame:
    """The rows (those that `keep` keeps) that follow the anchor: any such event, or the latest.

    A row at the very moment of the anchor does not follow it; a date without a time is midnight.
    """
    name: RowTable = "transactions" if anchor.event == PURCHASE else "events"
    moments = _moments(others[name], others, anchor).rename({others[name].time: ANCHOR})
    frame = rows.frame({*columns, rows.time})
    frame, moments = _same_ids(frame if keep is None else frame.filter(keep), moments)
    if anchor.within is not None:
        return _soon_after(frame, moments, rows.time, anchor.within)
    ends = pl.col(ANCHOR).max() if anchor.kind == "since" else pl.col(ANCHOR).min()
    bounds = moments.group_by("customer_id").agg(ends)
    after = pl.col(rows.time) > pl.col(ANCHOR)
    return frame.join(bounds, on="customer_id", how="inner", maintain_order="none").filter(after)


def _soon_after(
    frame: pl.LazyFrame, moments: pl.LazyFrame, time: str, within: Span
) -> pl.LazyFrame:
    """The rows at the most `within` after a moment; the nearest one before decides."""
    near = frame.sort(time).join_asof(
        moments.sort(ANCHOR),
        left_on=time,
        right_on=ANCHOR,
        by="customer_id",
        strategy="backward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return near.filter(pl.col(time) <= pl.col(ANCHOR).dt.offset_by(str(within)))


def _same_ids(left: pl.LazyFrame, right: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Both with ids of one type: as they are where they agree, else as text."""
    own, other = (f.collect_schema()["customer_id"] for f in (left, right))
    if own == other:
        return left, right
    text = pl.col("customer_id").cast(pl.String)
    return left.with_columns(text), right.with_columns(text)


def _moments(rows: Rows, others: Mapping[RowTable, Rows], anchor: Anchor) -> pl.LazyFrame:
    """When the anchor happened: `customer_id` and the rows' time."""
    measure = anchor.rows
    keep = rows.keep(measure)
    columns = {rows.time, *row_columns(rows, measure)}
    if anchor.follows is not None:
        kept = anchored(rows, others, anchor.follows, columns, keep)
    else:
        frame = rows.frame(columns)
        kept = frame if keep is None else frame.filter(keep)
    moments = kept.select("customer_id", rows.time)
    # the lines of an order are one moment; sorting a quarter of them is worth finding that out
    return moments.unique(maintain_order=False) if anchor.event == PURCHASE else moments
