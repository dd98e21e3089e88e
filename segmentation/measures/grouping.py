"""From rows to groups: one row per customer, or per customer and grain, each part one column."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Final

import polars as pl

from segmentation.measures.partials import Part
from segmentation.measures.speed.flags import Flags
from segmentation.measures.speed.packing import (
    KEY,
    can_pair,
    customer_of_pair,
    pair,
    second_of_pair,
)

CUSTOMER: Final = "customer_id"


def kept_rows(rows: pl.LazyFrame, parts: Sequence[Part], flags: Flags | None) -> pl.LazyFrame:
    """The rows that any part keeps, with the words of `flags`.

    Where some part keeps all returns and another what was bought, free lines are left: they stay,
    so that whoever has no other is seen, and counted as left out.
    """
    coded = rows if flags is None else flags.coded(rows)
    distinct = {p.base: p.keep for p in parts}
    keeps = [k for k in distinct.values() if k is not None]
    if len(keeps) < len(distinct) or (len(keeps) > 1 and any(map(_are_returns, keeps))):
        return coded
    if flags is not None:
        asked = {p.base: p.keep for p in parts if p.carried not in flags.parts()}
        found = [pl.col(w.name) != 0 for w in flags.words]
        keeps = [*found, *(k for k in asked.values() if k is not None)]
    return coded.filter(functools.reduce(operator.or_, keeps))


def _are_returns(keep: pl.Expr) -> bool:
    return keep.meta.eq(pl.col("amount") < 0)


def grouped(
    rows: pl.LazyFrame, keys: Sequence[str], parts: Sequence[Part], flags: Flags | None
) -> pl.LazyFrame:
    """One row per key with the inner aggregate of each part (equal ones once), words as they are."""
    looked_up, words = (flags.parts(), flags.words) if flags else (set(), ())
    carried = {p.carried: p for p in parts if p.carried not in looked_up}
    alone = len({p.base for p in parts}) == 1
    return (
        rows.select(
            *keys,
            *(_row_value(p, filtered=alone) for p in carried.values()),
            *(w.name for w in words),
        )
        .group_by(*keys)
        .agg(
            *(p.inner(pl.col(c)).alias(c) for c, p in carried.items()), *(w.merged() for w in words)
        )
    )


def _row_value(part: Part, *, filtered: bool) -> pl.Expr:
    """What a part aggregates, per row: null, or false, on rows it does not keep."""
    if part.value is None:
        return (pl.lit(True) if part.keep is None else part.keep).alias(part.carried)
    value = part.value if part.keep is None or filtered else pl.when(part.keep).then(part.value)
    return value.alias(part.carried)


def within(
    rows: pl.LazyFrame, grain: str, parts: Sequence[Part], flags: Flags | None
) -> pl.LazyFrame:
    """One row per customer over grains that are grouped first."""
    if len(parts) == 1 and parts[0].value is None and parts[0].outer is pl.Expr.sum:
        distinct = _distinct(rows, grain)
        return distinct.group_by(CUSTOMER).agg(pl.len().cast(pl.Int64).alias(parts[0].key))
    if all(p.value is None and p.inner is pl.Expr.any for p in parts) and _alike(parts):
        kept = (pl.lit(True).alias(c) for c in {p.carried: p for p in parts})
        distinct = rows.select(CUSTOMER, grain).unique(maintain_order=False)
        return over_grains(distinct.with_columns(*kept), parts)
    grains = _paired(rows, grain, parts, flags)
    return over_grains(grains if flags is None else flags.unpacked(grains), parts)


def _paired(
    rows: pl.LazyFrame, grain: str, parts: Sequence[Part], flags: Flags | None
) -> pl.LazyFrame:
    """One row per customer and grain, grouped by one integer where the two fit one."""
    schema = rows.collect_schema()
    if not can_pair(schema[CUSTOMER], schema[grain]):
        return grouped(rows, [CUSTOMER, grain], parts, flags)
    grains = grouped(rows.with_columns(pair(grain)), [KEY], parts, flags)
    return grains.with_columns(customer_of_pair(), second_of_pair(grain, schema[grain])).drop(KEY)


def _distinct(rows: pl.LazyFrame, grain: str) -> pl.LazyFrame:
    """`customer_id`, once for each of the customer's grains."""
    schema = rows.collect_schema()
    if can_pair(schema[CUSTOMER], schema[grain]):
        return rows.select(pair(grain)).unique(maintain_order=False).select(customer_of_pair())
    return rows.select(CUSTOMER, grain).unique(maintain_order=False)


def _alike(parts: Sequence[Part]) -> bool:
    """Whether all parts keep the same rows."""
    return len({p.base for p in parts}) == 1


def over_grains(
    grains: pl.LazyFrame, parts: Sequence[Part], flags: Flags | None = None
) -> pl.LazyFrame:
    """One row per customer: each part's outer aggregate of its grains; words merge once more."""
    looked_up, words = (flags.parts(), flags.words) if flags else (set(), ())
    plain = [p for p in parts if p.carried not in looked_up]
    merged = grains.group_by(CUSTOMER).agg(*map(_outer, plain), *(w.merged() for w in words))
    return merged if flags is None else flags.unpacked(merged)


def _outer(part: Part) -> pl.Expr:
    carried = pl.col(part.carried)
    if part.among is not None:
        carried = pl.when(pl.col(part.among.meta.output_name())).then(carried)
    return (part.outer or pl.Expr.sum)(carried).alias(part.key)
