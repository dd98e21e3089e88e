"""Dimensions as expressions: exactly one label per customer, first match wins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from segmentation.measures.comparisons import as_number
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import Condition
from segmentation.rules.dimensions import PROSPECT, Grid, Ladder, Lifecycle, Tiers

if TYPE_CHECKING:
    from segmentation.models.cadence import Cadence


def label(dimension: Ladder | Grid, compiled: Callable[[Condition], pl.Expr]) -> pl.Expr:
    """The label of each customer as text; never missing, for the last rung always holds."""
    return _cell(dimension) if isinstance(dimension, Grid) else _rung(dimension, compiled)


def _rung(ladder: Ladder, compiled: Callable[[Condition], pl.Expr]) -> pl.Expr:
    *rungs, (last, _) = ladder.rungs
    found = pl.lit(last)
    for name, condition in reversed(rungs):
        found = pl.when(compiled(condition)).then(pl.lit(name)).otherwise(found)
    return found


def _cell(grid: Grid) -> pl.Expr:
    """The label at the crossing; a grid that lacks a cell is refused before it gets here."""
    found: pl.Expr = pl.lit(None, dtype=pl.String)
    for row, column, name in grid.cells:
        here = (pl.col(grid.row) == row) & (pl.col(grid.column) == column)
        found = pl.when(here).then(pl.lit(name)).otherwise(found)
    return found


def tier(dimension: Tiers, at_least: Sequence[Any], kind: Kind) -> pl.Expr:
    """The label of the first threshold that is reached; the last label for everybody else."""
    value = as_number(pl.col(dimension.feature), kind)
    found = pl.lit(dimension.labels[-1])
    for name, edge in reversed(list(zip(dimension.labels, at_least, strict=False))):
        found = pl.when(value >= edge).then(pl.lit(name)).otherwise(found)
    return found


def stage(dimension: Lifecycle, cadence: Cadence) -> pl.Expr:
    """The stage of each customer from the fields of `_cadence` and the learnt thresholds.

    A customer with one order day goes by days since it, any other by overdue_ratio. `returned`
    is active again after a gap that had been a lapse when it ended. Where nothing could be
    learnt everybody is new.
    """
    ordered = pl.col("recency_days").is_not_null()
    known = pl.lit("new") if cadence.mean_log_gap is None else _stage(cadence)
    none = dimension.labels[-1] if PROSPECT in dimension.labels else "new"
    return pl.when(ordered).then(known).otherwise(pl.lit(none))


def _stage(cadence: Cadence) -> pl.Expr:
    own = pl.col("_cadence").struct
    gaps, ratio = own.field("gaps"), own.field("overdue_ratio")
    lapsed = pl.when(gaps > 1).then(own.field("last_ratio") > cadence.lost_ratio).otherwise(
        own.field("last_gap_days") > cadence.lost_days)  # fmt: skip
    back = pl.when(lapsed).then(pl.lit("returned")).otherwise(pl.lit("active"))
    once = _late(pl.col("recency_days"), cadence.late_days, cadence.lost_days, pl.lit("new"))
    again = _late(ratio, cadence.late_ratio, cadence.lost_ratio, back)
    return pl.when(gaps == 0).then(once).otherwise(again)


def _late(by: pl.Expr, late: float | None, lost: float | None, here: pl.Expr) -> pl.Expr:
    slipping = pl.when(by <= lost).then(pl.lit("at_risk")).otherwise(pl.lit("churned"))
    return pl.when(by <= late).then(here).otherwise(slipping)
