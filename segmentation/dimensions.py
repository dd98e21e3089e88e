"""Dimensions as expressions: exactly one label per customer, first match wins."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from segmentation.config.conditions import Condition
from segmentation.config.dimensions import Dimension, Grid, Ladder


def label(dimension: Dimension, compiled: Callable[[Condition], pl.Expr]) -> pl.Expr:
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
