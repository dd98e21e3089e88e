"""Measures to one row per customer: few scans, each grain grouped once, joined by customer.

`plan` compiles measures into lazy frames that share each table's scan; the pipeline collects all
of them, with the row counts of the inputs, in one go. `assembled` joins what was collected. It is
correct on any split of the data that keeps a customer whole.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from segmentation.config.catalogue import Kind
from segmentation.config.measures import Anchor, Measure
from segmentation.features.aggregate import ORDER, Compiled, Part, aggregates, order_key
from segmentation.features.rows import Rows, RowTable, Tables, anchored

_Group = tuple[RowTable, Anchor | None, str | None]


@dataclass(frozen=True)
class Plan:
    """Measures compiled for one run.

    `frames` are lazy, one row per customer each; `tables` says which table each comes from.
    """

    frames: tuple[pl.LazyFrame, ...]
    tables: tuple[RowTable, ...]
    compiled: Mapping[str, Compiled]

    def kinds(self) -> dict[str, Kind]:
        """How the value of each measure is held, by name."""
        return {name: c.kind for name, c in self.compiled.items()}


def plan(
    tables: Tables, wanted: Mapping[str, Measure], *, as_of: date | None, new_arrival_days: int
) -> Plan:
    """The frames that measure `wanted` (by name). Raises MissingColumn."""
    rows: dict[RowTable, Rows] = {
        name: Rows(tables, name, as_of, new_arrival_days) for name in ("transactions", "events")
    }
    compiled = {name: aggregates(m, rows[_table(m)]) for name, m in wanted.items()}
    groups: dict[_Group, dict[str, Part]] = {}
    for name, measure in wanted.items():
        for part in compiled[name].parts:
            groups.setdefault((_table(measure), part.anchor, part.grain), {})[part.key] = part
    frames = [_grouped(rows, group, list(parts.values())) for group, parts in groups.items()]
    return Plan(tuple(frames), tuple(g[0] for g in groups), compiled)


def _table(measure: Measure) -> RowTable:
    return "events" if measure.table == "events" else "transactions"


def _grouped(rows: Mapping[RowTable, Rows], group: _Group, parts: Sequence[Part]) -> pl.LazyFrame:
    """One row per customer with a column per part, all of one table, anchor and grain."""
    table, anchor, grain = group
    source = rows[table]
    columns = set().union(*(p.columns for p in parts))
    frame = source.frame(columns) if anchor is None else anchored(source, rows, anchor, columns)
    keep = _any_keeps(parts)
    kept = frame if keep is None else frame.filter(keep)
    if grain is None:
        return _direct(kept, parts)
    keys = order_key(source) if grain == ORDER else (grain,)
    return _within(kept, keys, parts)


def _any_keeps(parts: Sequence[Part]) -> pl.Expr | None:
    """The rows that any part keeps; None for all."""
    distinct = {p.rows: p.keep for p in parts}
    keeps = [k for k in distinct.values() if k is not None]
    return functools.reduce(operator.or_, keeps) if len(keeps) == len(distinct) else None


def _row_value(part: Part, *, filtered: bool) -> pl.Expr:
    """What a part aggregates, per row: null, or false, on rows it does not keep."""
    if part.value is None:
        return (pl.lit(True) if part.keep is None else part.keep).alias(part.key)
    value = part.value if part.keep is None or filtered else pl.when(part.keep).then(part.value)
    return value.alias(part.key)


def _direct(frame: pl.LazyFrame, parts: Sequence[Part]) -> pl.LazyFrame:
    alone = len(parts) == 1
    return (
        frame.select("customer_id", *(_row_value(p, filtered=alone) for p in parts))
        .group_by("customer_id")
        .agg(p.inner(pl.col(p.key)).alias(p.key) for p in parts)
    )


def _within(frame: pl.LazyFrame, keys: Sequence[str], parts: Sequence[Part]) -> pl.LazyFrame:
    alone = len({p.rows for p in parts}) == 1
    if len(parts) == 1 and parts[0].value is None and parts[0].outer is pl.Expr.sum:
        distinct = frame.select("customer_id", *keys).unique(maintain_order=False)
        return distinct.group_by("customer_id").agg(pl.len().cast(pl.Int64).alias(parts[0].key))
    grains = (
        frame.select("customer_id", *keys, *(_row_value(p, filtered=alone) for p in parts))
        .group_by("customer_id", *keys)
        .agg(p.inner(pl.col(p.key)).alias(p.key) for p in parts)
    )
    return grains.group_by("customer_id").agg(_outer(p, pl.col(p.key)) for p in parts)


def _outer(part: Part, value: pl.Expr) -> pl.Expr:
    return (part.outer or pl.Expr.sum)(value).alias(part.key)


def assembled(plan: Plan, collected: Sequence[pl.DataFrame], as_of: date) -> pl.DataFrame:
    """One row per customer seen in any table: `customer_id` as text, a column per measure.

    Customers without a row in a table get its measures' empty value: 0 for counts and sums,
    false for `did`, missing for the rest.
    """
    joined = functools.reduce(_outer_joined, _by_table(plan, collected))
    return joined.select("customer_id", *_finished(plan, joined.columns, as_of))


def _finished(plan: Plan, columns: Sequence[str], as_of: date) -> list[pl.Expr]:
    made = []
    for name, one in plan.compiled.items():
        value = one.finish if one.empty is None else one.finish.fill_null(one.empty)
        made.append(value.alias(name))
    return made


def _by_table(plan: Plan, collected: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """The frames of each table joined on its own id type, then with ids as text."""
    tables: dict[str, list[pl.DataFrame]] = {}
    for table, frame in zip(plan.tables, collected, strict=True):
        tables.setdefault(table, []).append(frame)
    joined = [functools.reduce(_outer_joined, frames) for frames in tables.values()]
    return [f.with_columns(pl.col("customer_id").cast(pl.String)) for f in joined]


def _outer_joined(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return left.join(right, on="customer_id", how="full", coalesce=True)
