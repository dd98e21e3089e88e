"""Parts: what is folded of rows, within which grain, and how a customer's grains become one value.

A part is one value per customer. It is folded straight from rows, or first within a grain (an order,
a day, a department) and then over the customer's grains. Two measures that need the same part
share it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.folds import Fold
from segmentation.measures.grains import COUNT, Over
from segmentation.measures.rows import Rows, row_columns
from segmentation.rules.catalogue import Kind
from segmentation.rules.measures import Anchor, Measure

ORDER: Final = "order"
AS_OF: Final = "__as_of"  # the day of the run, beside the parts when measures end


@dataclass(frozen=True)
class Part:
    """One value of a customer, folded from rows.

    `key`, `carried`, `kept` and `valued` are columns by position: of the part, of what is folded
    within a grain (the part itself without one), of which rows are kept, and of the value of a row.
    `base` says which rows are kept: it is equal for equal rows, and for no others. `keep` is the
    expression, None for all; a window is left out of it while nobody knows `as_of`. `value` is what is
    folded (None = that the row is kept).
    """

    key: str
    carried: str
    kept: str
    valued: str
    base: Measure
    columns: frozenset[str]
    keep: pl.Expr | None
    fold: Fold
    value: pl.Expr | None = None
    grain: str | None = None
    over: Over | None = None
    is_of_runs: bool = (
        False  # whether rows of one customer, order and day that it keeps say the same
    )

    @property
    def is_number_of_grains(self) -> bool:
        """Whether it asks how many grains have a row."""
        return self.fold.is_flag and self.over is COUNT

    @property
    def anchor(self) -> Anchor | None:
        """What its rows must follow."""
        return self.base.anchor


@dataclass(frozen=True)
class Compiled:
    """A measure as parts, and the expression over them that is its value."""

    parts: tuple[Part, ...]
    finish: pl.Expr
    kind: Kind
    empty: object = None  # the value of a customer without any row


def part_of(
    measure: Measure,
    rows: Rows,
    fold: Fold,
    *columns: str,
    value: pl.Expr | None = None,
    of: str = "",
    grain: str | None = None,
    over: Over | None = None,
    whole: bool = False,
) -> Part:
    """One part of a measure; `whole` leaves its `where` out. Raises InputError.

    `of` tells values of the same columns apart.
    """
    reads = row_columns(rows, measure) | set(columns)
    if grain is not None:
        reads |= {rows.require(grain)} if grain != ORDER else order_columns(rows)
    for column in columns:
        rows.require(column)
    base = _base(measure, whole=whole)
    name = rows.positions.of
    valued = name(("value", rows.name, of, columns))
    carried = name((rows.name, fold.name, valued, base, grain))
    return Part(
        key=carried if over is None else name((over.name, carried)),
        carried=carried,
        kept=name((rows.name, base)),
        valued=valued,
        base=base,
        columns=frozenset(reads - {"customer_id"}),
        keep=rows.keep(measure, whole=whole),
        fold=fold,
        value=value,
        grain=grain,
        over=over,
        is_of_runs=fold.is_idempotent
        and grain in (None, ORDER, rows.day)
        and columns in ((), (rows.day,)),
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


def without_window(base: Measure) -> Measure:
    """The rows that a base would read if it were asked at every date."""
    return replace(base, window=None, anchor=None)


def order_columns(rows: Rows) -> set[str]:
    """The columns that with customer_id identify an order: its id, or else its day."""
    own = {"order_id"} if "order_id" in rows.table.columns else set()
    return {rows.day, *own}
