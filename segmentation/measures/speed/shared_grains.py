"""Parts straight to the customer that ride on a grain of others: rows are grouped once, not twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.measures.partials import Part, carried_by
from segmentation.measures.rows import Rows, RowTable
from segmentation.measures.speed.flags import can_look_up
from segmentation.rules.conditions import fields
from segmentation.rules.measures import Anchor

AMONG: Final = "among"
Key = tuple[RowTable, Anchor | None, str | None]


def ride_along(groups: dict[Key, dict[str, Part]], rows: Mapping[RowTable, Rows]) -> None:
    """Let parts without a grain ride on a grain that picks, as far as their results merge.

    A grain that picks (the top department) is collected grain by grain, and has few per customer.
    """
    for table, anchor, grain in list(groups):
        hosts = groups[(table, anchor, grain)]
        riders = groups.get((table, anchor, None))
        if grain is None or riders is None or not any(p.picks for p in hosts.values()):
            continue
        for key, part in list(riders.items()):
            if part.merge is not None:
                hosts[key] = _riding(part, grain, rows[table])
                del riders[key]
        if not riders:
            del groups[(table, anchor, None)]


def _riding(part: Part, grain: str, rows: Rows) -> Part:
    """The part by grain; a condition on the grain's own column is left for the grains.

    Not so a question that rows look up: its bit costs nothing, and merges as it is.
    """
    where = part.base.where
    is_bit = part.inner is pl.Expr.any and can_look_up(rows, part)
    if where is None or set(fields(where)) != {grain} or is_bit:
        return replace(part, grain=grain, outer=part.merge)
    base = replace(part.base, where=None)
    return replace(
        part,
        carried=carried_by(rows, part.name, part.reads, base),
        base=base,
        keep=rows.keep(base),
        grain=grain,
        outer=part.merge,
        among=rows.where(where).alias(rows.positions.of((AMONG, where))),
    )
