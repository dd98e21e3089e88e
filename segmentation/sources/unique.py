"""One row per customer or product: the newest, where a source tells which; equal rows collapse, others conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from segmentation.sources.columns.latest import LATEST
from segmentation.sources.columns.reasons import Reason
from segmentation.sources.tables import Newest, Tally

KEY = {"customers": "customer_id", "products": "product_id"}
CONFLICTS = "__conflicts"
_SOURCE, _NEWEST = "__source", "__newest"
_ASIDE = (Reason.OLDER, Reason.UNDATED)


def one_per_key(
    table: str, used: Sequence[pl.LazyFrame], tallies: Sequence[Tally]
) -> tuple[pl.LazyFrame, list[Tally]]:
    """The distinct rows of all sources, and tallies in which the others are duplicates, or older.

    A row that several sources have counts as used in the first of them.
    """
    key = KEY[table]
    told = [one_source(frame, key, tally) for frame, tally in zip(used, tallies, strict=True)]
    newest = [
        frame if tally.newest is None else tally.newest.rows
        for frame, tally in zip(used, told, strict=True)
    ]
    numbered = [frame.with_columns(pl.lit(i).alias(_SOURCE)) for i, frame in enumerate(newest)]
    rows = pl.concat(numbered, how="diagonal") if len(numbered) > 1 else numbered[0]
    names = [name for name in rows.collect_schema() if name != _SOURCE]
    distinct = rows.group_by(names).agg(pl.col(_SOURCE).min()).cache()
    counted = distinct.select(
        (pl.len() - pl.col(key).n_unique()).cast(pl.Int64).alias(CONFLICTS),
        *[
            (pl.col(_SOURCE) == i).sum().cast(pl.Int64).alias(f"__kept_{i}")
            for i in range(len(used))
        ],
    )
    settled = [_settled(tally, i, counted) for i, tally in enumerate(told)]
    beside = [[*newest[:i], *newest[i + 1 :]] for i, _ in enumerate(newest)]
    return distinct.select(names), [
        replace(tally, distinct=distinct, beside=tuple(others))
        for tally, others in zip(settled, beside, strict=True)
    ]


def come_to_one(rows: pl.LazyFrame, tally: Tally) -> bool:
    """Whether rows in the place of a source's are one for each key, beside those of its table's other sources."""
    kept = pl.concat([rows, *tally.beside], how="diagonal_relaxed").unique()
    several = kept.group_by(KEY[tally.table]).len().filter(pl.col("len") > 1)
    return several.head(1).collect(engine="streaming").is_empty()


def one_source(used: pl.LazyFrame, key: str, tally: Tally) -> Tally:
    """The tally of a source that tells which of its rows is the newest, with these and how many are set aside."""
    if LATEST not in used.collect_schema():
        return tally
    newest = newest_of(used, key)
    is_older = pl.col(LATEST) < pl.col(_NEWEST)
    counts = _with_newest(used, key).select(
        is_older.sum().cast(pl.Int64).alias(Reason.OLDER.name),
        _is_undated().sum().cast(pl.Int64).alias(Reason.UNDATED.name),
    )
    apart = pl.concat(
        [tally.counts.drop(*(reason.name for reason in _ASIDE)), counts], how="horizontal"
    )
    return replace(tally, newest=newest, counts=apart)


def newest_of(used: pl.LazyFrame, key: str) -> Newest:
    """The rows of which none of their id is newer; what cannot be compared is older than what can."""
    marked = _with_newest(used, key)
    is_newest = pl.col(LATEST).eq_missing(pl.col(_NEWEST))
    kept = marked.filter(is_newest).drop(LATEST, _NEWEST)
    undated = marked.filter(_is_undated()).drop(LATEST, _NEWEST)
    names = kept.collect_schema().names()
    other = undated.join(kept, on=names, how="anti", nulls_equal=True)
    return Newest(kept, other.select(pl.col(key).cast(pl.String)).unique())


def _with_newest(used: pl.LazyFrame, key: str) -> pl.LazyFrame:
    return used.with_columns(pl.col(LATEST).max().over(key).alias(_NEWEST))


def _is_undated() -> pl.Expr:
    return pl.col(LATEST).is_null() & pl.col(_NEWEST).is_not_null()


def _settled(tally: Tally, index: int, counted: pl.LazyFrame) -> Tally:
    kept = pl.col(f"__kept_{index}")
    aside = pl.sum_horizontal(reason.name for reason in _ASIDE)
    counts = pl.concat([tally.counts, counted], how="horizontal").with_columns(
        (pl.col("rows_used") - aside - kept).alias(Reason.DUPLICATE.name), kept.alias("rows_used")
    )
    return replace(tally, counts=counts)
