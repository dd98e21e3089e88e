"""Measures to one row per customer: few scans, each grain grouped once, joined by customer.

`plan` compiles measures into groups: the parts of one table, anchor and grain. Each group is one
lazy frame; the pipeline collects them, with the row counts of the inputs, in one go, and
`assembled` finishes what was collected and joins it. It is correct on any split of the data that
keeps a customer whole.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from segmentation.measures.aggregates import aggregates
from segmentation.measures.anchors import anchored
from segmentation.measures.assemble import Group, Plan, assembled
from segmentation.measures.grouping import CUSTOMER, grouped, kept_rows, within
from segmentation.measures.partials import ORDER, Part, order_key
from segmentation.measures.rows import Positions, Rows, RowTable, Tables
from segmentation.measures.speed.flags import flags
from segmentation.measures.speed.packing import KEY, Packing, can_pack
from segmentation.measures.speed.shared_grains import Key, ride_along
from segmentation.rules.measures import Anchor, Measure

__all__ = ["Plan", "assembled", "plan"]


def plan(
    tables: Tables,
    wanted: Mapping[str, Measure],
    *,
    as_of: date | None,
    new_arrival_days: int,
    pack: bool = True,
) -> Plan:
    """The groups that measure `wanted` (by name). Raises InputError."""
    positions = Positions()
    rows: dict[RowTable, Rows] = {
        name: Rows(tables, name, as_of, new_arrival_days, positions)
        for name in ("transactions", "events")
    }
    compiled = {name: aggregates(m, rows[_table(m)]) for name, m in wanted.items()}
    groups: dict[Key, dict[str, Part]] = {}
    for name, measure in wanted.items():
        for part in compiled[name].parts:
            groups.setdefault((_table(measure), part.anchor, part.grain), {})[part.key] = part
    ride_along(groups, rows)
    made = [_group(rows, key, tuple(parts.values()), pack=pack) for key, parts in groups.items()]
    return Plan(tuple(made), compiled)


def _table(measure: Measure) -> RowTable:
    return "events" if measure.table == "events" else "transactions"


def _group(
    rows: Mapping[RowTable, Rows], key: Key, parts: tuple[Part, ...], *, pack: bool
) -> Group:
    """One group; without `pack` nothing is packed and nothing looked up."""
    table, anchor, grain = key
    source = rows[table]
    picks = any(p.picks for p in parts)
    by_grain = {p.carried for p in parts if p.among is not None}
    riders = [
        p
        for p in parts
        if p.among is None and p.outer is p.merge is not None and p.carried not in by_grain
    ]
    asked = flags(source, riders if picks else parts) if pack else None
    kept = kept_rows(_rows(rows, source, anchor, parts), parts, asked)
    if grain is None:
        customers = grouped(kept, [CUSTOMER], parts, asked)
        return Group(table, grain, parts, customers if asked is None else asked.unpacked(customers))
    if not picks:
        by = order_key(source) if grain == ORDER else grain
        return Group(table, grain, parts, within(kept, by, parts, asked))
    packing = Packing.of(grain) if pack and _packs(kept, grain) else None
    keyed = kept if packing is None else kept.with_columns(packing.key())
    keys = [CUSTOMER, grain] if packing is None else [KEY]
    frame = grouped(keyed, keys, parts, asked)
    return Group(table, grain, parts, frame, is_grained=True, packing=packing, flags=asked)


def _rows(
    rows: Mapping[RowTable, Rows], source: Rows, anchor: Anchor | None, parts: Sequence[Part]
) -> pl.LazyFrame:
    columns = set().union(*(p.columns for p in parts))
    if anchor is not None:
        keeps = {p.base: p.keep for p in parts}
        known = [k for k in keeps.values() if k is not None]
        keep = functools.reduce(operator.or_, known) if len(known) == len(keeps) else None
        return anchored(source, rows, anchor, columns, keep)
    return source.frame(columns, _oldest(source, parts))


def _oldest(source: Rows, parts: Sequence[Part]) -> date | None:
    """The first day that any part reads, when all read windows."""
    windows = [p.base.window for p in parts]
    bounds = [source.bounds(w)[0].date() for w in windows if w is not None]
    return min(bounds) if len(bounds) == len(windows) else None


def _packs(rows: pl.LazyFrame, grain: str) -> bool:
    schema = rows.collect_schema()
    return can_pack(schema[CUSTOMER], schema[grain])
