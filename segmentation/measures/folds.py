"""How rows become one value: the folds, each of which merges partial results as it merges rows.

A fold takes the rows of a customer, or of one grain of theirs (an order, a day, a department). It
knows no order of rows and no date, so that rows may come in any order and in any number of parts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import polars as pl

from segmentation.dataclass import dataclass

Agg = Callable[[pl.Expr], pl.Expr]
Scatter = Literal["add", "any", "minimum", "maximum"]


@dataclass(frozen=True)
class Fold:
    """One way to make one value of many.

    `merge` is the same said in Polars, of rows and of partial results alike. `scatter` is how
    an array of one cell per customer takes rows up; None where no such array can (texts, pairs).
    `empty` is the value of nothing.
    """

    name: str
    merge: Agg
    scatter: Scatter | None
    empty: object = None

    @property
    def is_flag(self) -> bool:
        """Whether it is a yes or a no."""
        return self.scatter == "any"

    @property
    def is_idempotent(self) -> bool:
        """Whether a value that comes twice is as if it came once."""
        return self.scatter in ("any", "minimum", "maximum")


TIME: Final = "_time"
VALUE: Final = "_value"


def _sum_if_any(values: pl.Expr) -> pl.Expr:
    return pl.when(values.count() > 0).then(values.sum())


def _end(pairs: pl.Expr, *, last: bool, ties_last: bool = False) -> pl.Expr:
    """Of pairs of a moment and a value the one at the end; ties go by value."""
    kept = pairs.drop_nulls()
    time, value = kept.struct.field(TIME), kept.struct.field(VALUE)
    return kept.sort_by([time, value], descending=[last, ties_last], nulls_last=True).first()


SUM: Final = Fold("sum", pl.Expr.sum, "add", empty=0)
SUM_IF_ANY: Final = Fold("sum if any", _sum_if_any, "add")
ANY: Final = Fold("any", pl.Expr.any, "any", empty=False)
MIN: Final = Fold("min", pl.Expr.min, "minimum")
MAX: Final = Fold("max", pl.Expr.max, "maximum")
FIRST: Final = Fold("first", lambda v: _end(v, last=False), None)
LAST: Final = Fold("last", lambda v: _end(v, last=True), None)
LARGEST_TEXT: Final = Fold("max text", lambda v: _end(v, last=True, ties_last=True), None)
