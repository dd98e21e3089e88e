"""Two files that tell of the same orders, as orders and their lines do, or orders and what was paid for them.

Each is right alone. As two sources of sales every order would count twice. The numbers of orders tell, with what
orders come to in both files; of a large input its first rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import polars as pl

from segmentation.checks.stops import Input, Stop
from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted
from segmentation.sources.columns.contents import LOOKED_AT
from segmentation.sources.columns.order_shares import order_of
from segmentation.sources.columns.reasons import USABLE
from segmentation.sources.tables import Portion

_ORDER: Final = "\0order"
_CENT: Final = 100  # in 1/10,000, for each line that was rounded
_MOST: Final = 0.9  # of the orders
_FEWEST: Final = 2  # orders, and amounts that are not the same
_TIMES: Final = 2  # what an order may come to in one file, of what it does in the other


@dataclass(frozen=True)
class Shared:
    """Orders of two files, and what they come to in both.

    `orders` and `rows` are those of each file, `shared` the orders that stand in both; in `equal` they come to the same
    (to so many `amounts`), in `near` to at most twice as much, in `alike` they have one customer, in `days` one day.
    """

    orders: tuple[int, int]
    rows: tuple[int, int]
    shared: int
    equal: int
    amounts: int
    near: int
    alike: int
    days: int

    @property
    def are_equal(self) -> bool:
        """Whether orders come to the same in both files, and not as everything costs the same."""
        return self.equal >= _MOST * self.shared and self.amounts >= _FEWEST

    @property
    def are_surely_same(self) -> bool:
        """Whether they are of the same days, too: what is paid later, or paid back, is of others."""
        return self.are_same_sales and self.days >= _MOST * self.shared

    @property
    def are_same_sales(self) -> bool:
        """Whether nearly all orders of one file stand in the other, too, and are the same sales there."""
        are_near = self.alike >= _MOST * self.shared and 2 * self.near > self.shared
        is_most = self.shared >= max(_FEWEST, _MOST * min(self.orders))
        return is_most and (self.are_equal or are_near)


def same_sales(inputs: Sequence[Input]) -> Iterator[Stop]:
    """A stop for files whose orders are those of another, of other columns."""
    for one, other, shared in _shared(inputs):
        if shared.are_same_sales:
            yield _stop(one, other, shared)


def shared_orders(one: Input, other: Input) -> Shared | None:
    """What two sources tell of the same orders; None where they do not, as months of one export."""
    found = (shared for _, _, shared in _shared([one, other]) if shared.are_same_sales)
    return next(found, None)


def _shared(inputs: Sequence[Input]) -> Iterator[tuple[str, str, Shared]]:
    """Every two files of different columns with orders: how they are called, and what they share."""
    every = [(one, part) for one in inputs for part in one.tally.parts]
    if len({frozenset(part.raw.schema) for _, part in every}) == 1:
        return
    told = [(part, _called(one, part), _orders(part, is_small=one.is_small)) for one, part in every]
    for (ours, one, first), (theirs, other, second) in combinations(told, 2):
        is_other = {*ours.raw.schema} != {*theirs.raw.schema}
        if is_other and first is not None and second is not None:
            yield one, other, _compared(first, second)


def _called(one: Input, part: Portion) -> str:
    return one.tally.path if len(one.tally.parts) == 1 else part.raw.called


def _orders(part: Portion, *, is_small: bool) -> pl.DataFrame | None:
    """One row for each order: whose it is, what it comes to, and its rows; None where none is told by the first rows."""
    if not part.recipe.has("order_id") or (not is_small and part.recipe.columns.per_order):
        return None
    if {*part.recipe.columns.canonical["order_id"]} <= part.recipe.choosing:
        return None  # a where on the numbers of orders signs for them
    rows = part.again((), {_ORDER: order_of(part.recipe)}).filter(pl.col(USABLE))
    rows = rows if is_small else rows.head(LOOKED_AT)
    return (
        rows.select(_ORDER, "amount", "ordered_on", pl.col("customer_id").cast(pl.String))
        .drop_nulls([_ORDER, "amount"])
        .group_by(_ORDER)
        .agg(
            pl.col("amount").cast(pl.Int64).sum(),
            pl.col("customer_id", "ordered_on").min(),
            rows=pl.len(),
        )
        .collect(engine="streaming")
    )


def _compared(one: pl.DataFrame, other: pl.DataFrame) -> Shared:
    both = one.join(other, on=_ORDER, suffix="_other")
    ours, theirs = pl.col("amount"), pl.col("amount_other")
    lines = pl.max_horizontal("rows", "rows_other")
    is_equal = ((ours - theirs).abs() <= _CENT * lines) & (ours > 0)
    is_near = (ours > 0) & (theirs > 0) & (ours <= _TIMES * theirs) & (theirs <= _TIMES * ours)
    found = both.select(
        equal=is_equal.sum(),
        amounts=ours.filter(is_equal).n_unique(),
        near=is_near.sum(),
        alike=(pl.col("customer_id") == pl.col("customer_id_other")).sum(),
        days=(pl.col("ordered_on") == pl.col("ordered_on_other")).sum(),
    ).row(0)
    rows = (int(one["rows"].sum()), int(other["rows"].sum()))
    return Shared((one.height, other.height), rows, both.height, *map(int, found))


def _stop(one: str, other: str, shared: Shared) -> Stop:
    same = ", and come to the same" if shared.are_equal else ""
    what = f"{counted(shared.shared, 'order')} of {one} stand in {other}, too{same}: they would count twice"
    mend = (
        f"Keep {one} or {other} under sources, not both; what the one lacks can be joined from the other. "
        "If one has what was paid back, declare its amount as what is taken off. Where both were paid, as a deposit and the "
        "rest: a where on the column of orders, such as {missing: false}, is taken."
    )
    return Stop("doubted-amount", what, other, mend)
