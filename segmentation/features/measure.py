"""Measures to one row per customer: few scans, each grain grouped once, joined by customer.

`plan` compiles measures into groups: the parts of one table, anchor and grain. Each group is one
lazy frame; all share their table's scan, and the pipeline collects them, with the row counts of
the inputs, in one go. `assembled` finishes what was collected and joins it. It is correct on any
split of the data that keeps a customer whole.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from segmentation.config.catalogue import Kind
from segmentation.config.measures import Anchor, Measure
from segmentation.features.aggregate import ORDER, Compiled, Part, aggregates, order_key
from segmentation.features.packing import KEY, Packing, can_pack
from segmentation.features.rows import Rows, RowTable, Tables, anchored

CUSTOMER = "customer_id"


@dataclass(frozen=True)
class Group:
    """Parts of one table, anchor and grain (None = straight to the customer).

    `frame` is lazy: one row per customer, or, when `is_grained`, one per customer and grain.
    """

    table: RowTable
    grain: str | None
    parts: tuple[Part, ...]
    frame: pl.LazyFrame
    is_grained: bool = False
    packing: Packing | None = None


@dataclass(frozen=True)
class Plan:
    """Measures compiled for one run: groups to collect, and how each measure ends."""

    groups: tuple[Group, ...]
    compiled: Mapping[str, Compiled]

    @property
    def frames(self) -> tuple[pl.LazyFrame, ...]:
        """The lazy frames to collect, one per group."""
        return tuple(g.frame for g in self.groups)

    def kinds(self) -> dict[str, Kind]:
        """How the value of each measure is held, by name."""
        return {name: c.kind for name, c in self.compiled.items()}


def plan(
    tables: Tables,
    wanted: Mapping[str, Measure],
    *,
    as_of: date | None,
    new_arrival_days: int,
    pack: bool = True,
) -> Plan:
    """The groups that measure `wanted` (by name). Raises MissingColumn."""
    rows: dict[RowTable, Rows] = {
        name: Rows(tables, name, as_of, new_arrival_days) for name in ("transactions", "events")
    }
    compiled = {name: aggregates(m, rows[_table(m)]) for name, m in wanted.items()}
    groups: dict[tuple[RowTable, Anchor | None, str | None], dict[str, Part]] = {}
    for name, measure in wanted.items():
        for part in compiled[name].parts:
            groups.setdefault((_table(measure), part.anchor, part.grain), {})[part.key] = part
    _ride_along(groups)
    made = [
        _group(rows, table, anchor, grain, tuple(parts.values()), pack=pack)
        for (table, anchor, grain), parts in groups.items()
    ]
    return Plan(tuple(made), compiled)


def _table(measure: Measure) -> RowTable:
    return "events" if measure.table == "events" else "transactions"


def _ride_along(
    groups: dict[tuple[RowTable, Anchor | None, str | None], dict[str, Part]],
) -> None:
    """Let parts without a grain ride on a grain that picks: one grouping of the rows instead of two.

    A grain that picks (the top department) is collected grain by grain, and has few per customer.
    """
    for table, anchor, grain in list(groups):
        hosts = groups[(table, anchor, grain)]
        riders = groups.get((table, anchor, None))
        if grain is None or riders is None or not any(p.picks for p in hosts.values()):
            continue
        if all(p.merge for p in riders.values()):
            hosts |= {k: replace(p, grain=grain, outer=p.merge) for k, p in riders.items()}
            del groups[(table, anchor, None)]


def _group(
    rows: Mapping[RowTable, Rows],
    table: RowTable,
    anchor: Anchor | None,
    grain: str | None,
    parts: tuple[Part, ...],
    *,
    pack: bool,
) -> Group:
    source = rows[table]
    columns = set().union(*(p.columns for p in parts))
    frame = source.frame(columns) if anchor is None else anchored(source, rows, anchor, columns)
    keep = _any_keeps(parts)
    kept = frame if keep is None else frame.filter(keep)
    if grain is None:
        return Group(table, grain, parts, _grouped(kept, [CUSTOMER], parts))
    keys = order_key(source) if grain == ORDER else (grain,)
    if any(p.picks for p in parts):
        packing = Packing.of(grain) if pack and _packs(kept, grain) else None
        keyed = kept if packing is None else kept.with_columns(packing.key())
        by = [CUSTOMER, *keys] if packing is None else [KEY]
        return Group(
            table, grain, parts, _grouped(keyed, by, parts), is_grained=True, packing=packing
        )
    return Group(table, grain, parts, _within(kept, keys, parts))


def _packs(rows: pl.LazyFrame, grain: str) -> bool:
    schema = rows.collect_schema()
    return can_pack(schema[CUSTOMER], schema[grain])


def _any_keeps(parts: Sequence[Part]) -> pl.Expr | None:
    """The rows that any part keeps; None for all.

    Where some part keeps all returns and another what was bought, free lines are left: they stay,
    so that whoever has no other is seen, and counted as left out.
    """
    distinct = {p.rows: p.keep for p in parts}
    keeps = [k for k in distinct.values() if k is not None]
    if len(keeps) < len(distinct) or (len(keeps) > 1 and any(map(_are_returns, keeps))):
        return None
    return functools.reduce(operator.or_, keeps)


def _are_returns(keep: pl.Expr) -> bool:
    return keep.meta.eq(pl.col("amount") < 0)


def _grouped(rows: pl.LazyFrame, keys: Sequence[str], parts: Sequence[Part]) -> pl.LazyFrame:
    """One row per key with the inner aggregate of each part; equal ones are carried once."""
    carried = {p.carried: p for p in parts}
    alone = len({p.rows for p in parts}) == 1
    return (
        rows.select(*keys, *(_row_value(p, filtered=alone) for p in carried.values()))
        .group_by(*keys)
        .agg(p.inner(pl.col(c)).alias(c) for c, p in carried.items())
    )


def _row_value(part: Part, *, filtered: bool) -> pl.Expr:
    """What a part aggregates, per row: null, or false, on rows it does not keep."""
    if part.value is None:
        return (pl.lit(True) if part.keep is None else part.keep).alias(part.carried)
    value = part.value if part.keep is None or filtered else pl.when(part.keep).then(part.value)
    return value.alias(part.carried)


def _within(rows: pl.LazyFrame, keys: Sequence[str], parts: Sequence[Part]) -> pl.LazyFrame:
    """One row per customer over grains that are grouped first."""
    if len(parts) == 1 and parts[0].value is None and parts[0].outer is pl.Expr.sum:
        distinct = rows.select(CUSTOMER, *keys).unique(maintain_order=False)
        return distinct.group_by(CUSTOMER).agg(pl.len().cast(pl.Int64).alias(parts[0].key))
    return _over_grains(_grouped(rows, [CUSTOMER, *keys], parts), parts)


def _over_grains(grains: pl.LazyFrame, parts: Sequence[Part]) -> pl.LazyFrame:
    return grains.group_by(CUSTOMER).agg(_outer(p) for p in parts)


def _outer(part: Part) -> pl.Expr:
    return (part.outer or pl.Expr.sum)(pl.col(part.carried)).alias(part.key)


# -- after collecting -----------------------------------------------------------------------------


def assembled(plan: Plan, collected: Sequence[pl.DataFrame], as_of: date) -> pl.DataFrame:
    """One row per customer seen in any table: `customer_id` as text, a column per measure.

    Customers without a row in a table get its measures' empty value: 0 for counts and sums,
    false for `did`, missing for the rest. Raises CannotPack: then plan again with pack=False.
    """
    finished = [_finished(g, f) for g, f in zip(plan.groups, collected, strict=True)]
    joined = functools.reduce(_outer_joined, _by_table(plan, finished))
    day = pl.lit(as_of).alias("_as_of")
    return joined.with_columns(day).select(CUSTOMER, *_values(plan))


def _finished(group: Group, collected: pl.DataFrame) -> pl.DataFrame:
    """What was collected of a group, as one row per customer."""
    if not group.is_grained:
        return collected
    grain = str(group.grain)
    grains = collected if group.packing is None else group.packing.unpacked(collected)
    customers = _over_grains(grains.lazy(), group.parts).collect(engine="streaming")
    text = pl.col(grain) if group.packing is None else group.packing.text()
    for part in group.parts:
        if part.picks:
            customers = _picked(grains, customers, part, grain, text)
    return customers


def _picked(
    grains: pl.DataFrame, customers: pl.DataFrame, part: Part, grain: str, text: pl.Expr
) -> pl.DataFrame:
    """The name of the grain with the largest value; ties go to the first by name."""
    best = grains.lazy().select(CUSTOMER, grain, part.carried).join(
        customers.lazy().select(CUSTOMER, part.key),
        left_on=[CUSTOMER, part.carried], right_on=[CUSTOMER, part.key], how="semi",
    )  # fmt: skip
    named = best.filter(pl.col(grain).is_not_null()).select(CUSTOMER, text.alias(part.key))
    names = named.group_by(CUSTOMER).agg(pl.col(part.key).min()).collect(engine="streaming")
    return customers.drop(part.key).join(names, on=CUSTOMER, how="left")


def _values(plan: Plan) -> list[pl.Expr]:
    made = []
    for name, one in plan.compiled.items():
        value = one.finish if one.empty is None else one.finish.fill_null(one.empty)
        made.append(value.alias(name))
    return made


def _by_table(plan: Plan, finished: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """The frames of each table joined on its own id type, then with ids as text."""
    tables: dict[tuple[str, str], list[pl.DataFrame]] = {}
    for group, frame in zip(plan.groups, finished, strict=True):
        tables.setdefault((group.table, str(frame.schema[CUSTOMER])), []).append(frame)
    joined = [functools.reduce(_outer_joined, frames) for frames in tables.values()]
    return [f.with_columns(pl.col(CUSTOMER).cast(pl.String)) for f in joined]


def _outer_joined(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return left.join(right, on=CUSTOMER, how="full", coalesce=True)
