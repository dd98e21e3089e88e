"""One row per customer or product: equal rows collapse, conflicting ones are an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from segmentation.sources.columns.reasons import Reason
from segmentation.sources.tables import Tally

KEY = {"customers": "customer_id", "products": "product_id"}
CONFLICTS = "__conflicts"
_SOURCE = "__source"


def one_per_key(
    table: str, used: Sequence[pl.LazyFrame], tallies: Sequence[Tally]
) -> tuple[pl.LazyFrame, list[Tally]]:
    """The distinct rows of all sources, and tallies in which the others are duplicates.

    A row that several sources have counts as used in the first of them.
    """
    numbered = [frame.with_columns(pl.lit(i).alias(_SOURCE)) for i, frame in enumerate(used)]
    rows = pl.concat(numbered, how="diagonal") if len(numbered) > 1 else numbered[0]
    names = [name for name in rows.collect_schema() if name != _SOURCE]
    distinct = rows.group_by(names).agg(pl.col(_SOURCE).min()).cache()
    key = KEY[table]
    counted = distinct.select(
        (pl.len() - pl.col(key).n_unique()).cast(pl.Int64).alias(CONFLICTS),
        *[
            (pl.col(_SOURCE) == i).sum().cast(pl.Int64).alias(f"__kept_{i}")
            for i in range(len(used))
        ],
    )
    settled = [_settled(tally, i, counted) for i, tally in enumerate(tallies)]
    return distinct.select(names), [replace(tally, distinct=distinct) for tally in settled]


def _settled(tally: Tally, index: int, counted: pl.LazyFrame) -> Tally:
    kept = pl.col(f"__kept_{index}")
    counts = pl.concat([tally.counts, counted], how="horizontal").with_columns(
        (pl.col("rows_used") - kept).alias(Reason.DUPLICATE.name), kept.alias("rows_used")
    )
    return replace(tally, counts=counts)
