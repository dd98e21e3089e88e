"""Parts: what is aggregated over rows, within which grain, and how the grains are aggregated.

A `Part` is one number per customer. It is aggregated straight from rows, or first within a grain
(an order, a day, a department) and then over the customer's grains. Two measures that need the
same part share it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.rows import Rows, row_columns
from segmentation.rules.catalogue import Kind
from segmentation.rules.measures import Anchor, Measure

ORDER: Final = "order"
AS_OF: Final = "__as_of"  # the day of the run, beside the parts when measures end
Agg = Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Part:
    """One aggregate of rows to customers.

    `key` and `carried` are columns by position; what they hold is `name` (the aggregate) of the
    columns it `reads`.
    `base` says which rows are kept: it is equal for equal rows, and for no others; `keep` is the
    expression. `value` is what is aggregated (None = whether the row is kept). `inner` aggregates rows within
    the grain (or straight to the customer), `outer` the grains. Parts whose inner aggregate is
    the same carry it once, as the column `carried`. A part without a grain that has `merge` may
    ride on a grain of others: its partial results merge, those of the grains that `among` holds
    for (a test of the grain's column). `picks` stands for an outer aggregate that takes the name
    of the grain with the largest value, ties by name.
    """

    key: str
    carried: str
    name: str
    reads: tuple[str, ...]
    base: Measure
    columns: frozenset[str]
    keep: pl.Expr | None
    inner: Agg
    value: pl.Expr | None = None
    grain: str | None = None
    outer: Agg | None = None
    merge: Agg | None = None
    among: pl.Expr | None = None
    picks: bool = False
    anchor: Anchor | None = None


@dataclass(frozen=True)
class Compiled:
    """A measure as parts, and the expression over them that is its value."""

    parts: tuple[Part, ...]
    finish: pl.Expr
    kind: Kind
    empty: object = None  # the value of a customer without any row


#: aggregates whose partial results can be merged, and how
MERGES: Final[dict[Agg, Agg]] = {
    pl.Expr.sum: pl.Expr.sum,
    pl.Expr.any: pl.Expr.any,
    pl.Expr.min: pl.Expr.min,
    pl.Expr.max: pl.Expr.max,
}


def part_of(
    measure: Measure,
    rows: Rows,
    name: str,
    inner: Agg,
    *columns: str,
    value: pl.Expr | None = None,
    grain: str | None = None,
    outer: Agg | None = None,
    whole: bool = False,
    picks: bool = False,
    inner_name: str = "",
) -> Part:
    """One part of a measure; `whole` leaves its `where` out. Raises InputError."""
    reads = row_columns(rows, measure) | set(columns)
    if grain is not None:
        reads |= {rows.require(grain)} if grain != ORDER else {order_key(rows)}
    for column in columns:
        rows.require(column)
    base = _base(measure, whole=whole)
    carried = carried_by(rows, inner_name or name, columns, base)
    return Part(
        key=carried if grain is None else rows.positions.of((name, carried, grain)),
        carried=carried,
        name=inner_name or name,
        reads=columns,
        base=base,
        columns=frozenset(reads - {"customer_id"}),
        keep=rows.keep(measure, whole=whole),
        inner=inner,
        value=value,
        grain=grain,
        outer=outer,
        merge=MERGES.get(inner) if grain is None else None,
        picks=picks,
        anchor=measure.anchor,
    )


def _base(measure: Measure, *, whole: bool) -> Measure:
    """The rows a part reads, as a measure that equals for equal rows."""
    return Measure(
        "count",
        event=measure.event,
        lines=measure.lines,
        window=measure.window,
        where=None if whole else measure.where,
        anchor=measure.anchor,
    )


def carried_by(rows: Rows, name: str, columns: tuple[str, ...], base: Measure) -> str:
    """The column of an inner aggregate: the same for the same aggregate of the same rows only."""
    return rows.positions.of((name, columns, base))


def order_key(rows: Rows) -> str:
    """The column that with customer_id identifies an order: its id, or else its day."""
    return "order_id" if "order_id" in rows.table.columns else rows.day
