"""Rows that follow another event of the same customer: `after` any such, or `since` the latest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from segmentation.measures.grains import CUSTOMER
from segmentation.measures.rows import MOMENT
from segmentation.rules.measures import Anchor
from segmentation.rules.windows import Span

ANCHOR: Final = "__anchor"  # the moment that a row follows


def following(
    rows: pl.LazyFrame, anchor: Anchor, moments: Callable[[Anchor], pl.LazyFrame]
) -> pl.LazyFrame:
    """The rows that follow the anchor: any such event, or the latest.

    `moments` gives CUSTOMER and MOMENT of the events of an anchor, whatever those follow. A row at
    the very moment of the anchor does not follow it; a date without a time is midnight.
    """
    found = moments(anchor)
    if anchor.follows is not None:
        found = following(found, anchor.follows, moments)
    followed = found.select(CUSTOMER, pl.col(MOMENT).alias(ANCHOR))
    if anchor.within is not None:
        return _soon_after(rows, followed, anchor.within)
    ends = pl.col(ANCHOR).max() if anchor.kind == "since" else pl.col(ANCHOR).min()
    bounds = followed.group_by(CUSTOMER).agg(ends)
    after = pl.col(MOMENT) > pl.col(ANCHOR)
    return rows.join(bounds, on=CUSTOMER, how="inner", maintain_order="none").filter(after)


def _soon_after(rows: pl.LazyFrame, followed: pl.LazyFrame, within: Span) -> pl.LazyFrame:
    """The rows at the most `within` after a moment; the nearest one before decides."""
    near = rows.sort(MOMENT).join_asof(
        followed.sort(ANCHOR),
        left_on=MOMENT,
        right_on=ANCHOR,
        by=CUSTOMER,
        strategy="backward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return near.filter(pl.col(MOMENT) <= pl.col(ANCHOR).dt.offset_by(str(within)))
