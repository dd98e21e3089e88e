"""Whether an order without a customer is a guest's, or of the customer who is written once above several orders.

The two cannot be told apart by their cells. Who prints customers with their orders below them writes
each of them once, left of the orders, and the days begin anew at most of them; a list of orders goes by day,
and so do those of several tills, one below the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import polars as pl

from segmentation.checks.bare_rows import BARE, BLANK, DAY, ORDER, WORDS
from segmentation.checks.filling import PLACES, Places
from segmentation.sources.reader import FILE, RECORD

Whose = Literal["guests", "above", "either"]

_FEWEST: Final = (
    5  # orders without a customer, where each row tells its order: fewer are so by chance
)
_FEWEST_NAMED: Final = 4  # customers after the first: what fewer tell of days is chance
_RARE: Final = 4  # so many customers for each step back in days
_FEWEST_STEPS: Final = 2
_NAMED: Final = "\0named"
_WHO: Final = "\0who"
_LATER: Final = "\0later"
_EARLIER: Final = "\0earlier"


def whose(headers: Sequence[str], places: Places, rows: pl.DataFrame) -> Whose:
    """Whose the orders are that name no customer on any row; guests' where all name one."""
    left = _from_the_left(headers, places)
    if not _may_stand_above(left):
        return "guests"
    heads = _heads(rows, "order_id" if "order_id" in left else "ordered_at")
    unnamed = heads.filter(~pl.col(_NAMED))
    is_below_days = [*left].index("customer_id") > 0
    if unnamed.is_empty() or _are_guests(heads, unnamed, is_below_days=is_below_days):
        return "guests"
    if not is_below_days and _days_go_on(heads):
        return "guests"
    has_lines = _has_bare_lines(rows)
    if unnamed.height < _FEWEST and not has_lines:
        is_asked = unnamed.height > 1 and is_most(int(unnamed["amount"].sum()), heads)
        return "either" if is_asked else "guests"
    begins_anew = not is_below_days and _days_begin_anew(heads, unnamed, has_lines=has_lines)
    return "above" if begins_anew else "either"


def is_most(worth: int, rows: pl.DataFrame) -> bool:
    """Whether it is most of the money of these rows."""
    return worth * 2 > int(rows["amount"].sum())


def _from_the_left(headers: Sequence[str], places: Places) -> Mapping[str, int]:
    """Where the first column of each stands, from the left."""
    found = {n: headers.index(places[n][0]) for n in PLACES if places.get(n)}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _may_stand_above(left: Mapping[str, int]) -> bool:
    """Whether the customer stands left of what tells orders apart."""
    order = "order_id" if "order_id" in left else "ordered_at"
    return order in left and "customer_id" in left and left["customer_id"] < left[order]


def _has_bare_lines(rows: pl.DataFrame) -> bool:
    """Whether cells are blank that the row above tells: rows of goods name no order, no customer and no day."""
    blank = [pl.col(BLANK.format(name)) for name in PLACES[1:]]
    return bool(rows.select(pl.all_horizontal(pl.col(BARE, WORDS), *blank).any()).item())


def _heads(rows: pl.DataFrame, order: str) -> pl.DataFrame:
    """The first row of each order, whether any of its rows names a customer, and whom the customer above is."""
    says = pl.col(ORDER) if order == "order_id" else pl.int_range(pl.len()).cast(pl.String)
    is_written = ~pl.col(BLANK.format(order))
    sales = rows.filter(is_written & (pl.col("amount") != 0).fill_null(value=False))
    named = sales.with_columns(says.alias(ORDER)).with_columns(
        pl.col("customer_id").drop_nulls().first().over(FILE, ORDER),
        pl.col("customer_id").is_not_null().any().over(FILE, ORDER).alias(_NAMED),
    )
    heads = named.unique([FILE, ORDER], keep="first").sort(RECORD)
    heads = heads.with_columns(pl.col(DAY).forward_fill().over(FILE, order_by=RECORD))
    step = (pl.col(DAY) - pl.col(DAY).shift(1).over(FILE, order_by=RECORD)).dt.total_days()
    return heads.with_columns(
        pl.col("customer_id").forward_fill().over(FILE, order_by=RECORD).alias(_WHO),
        (step > 0).fill_null(value=False).alias(_LATER),
        (step < 0).fill_null(value=False).alias(_EARLIER),
    )


def _are_guests(heads: pl.DataFrame, unnamed: pl.DataFrame, *, is_below_days: bool) -> bool:
    """Whether a customer is written twice where once would do, or one of these orders has none above it."""
    group = (~pl.col(BLANK.format("ordered_at"))).cum_sum() if is_below_days else pl.lit(0)
    written = heads.with_columns(group.alias("group")).filter(_NAMED)
    has_none_above = unnamed[_WHO].null_count() > 0
    has_day = is_below_days and not unnamed[BLANK.format("ordered_at")].all()
    return (
        has_none_above
        or has_day
        or bool(written.select("group", "customer_id").is_duplicated().any())
    )


def _days_go_on(heads: pl.DataFrame) -> bool:
    """Whether days run one way, but for a few steps back at which the orders of another till may begin."""
    later = heads.filter(_NAMED)[1:]
    steps = min(int(heads[back].sum()) for back in (_EARLIER, _LATER))
    return later.height >= _FEWEST_NAMED and steps * _RARE <= later.height


def _days_begin_anew(heads: pl.DataFrame, unnamed: pl.DataFrame, *, has_lines: bool) -> bool:
    """Whether days run one way below several customers, and back at most customers.

    Where each row is an order of its own, one step back is not enough.
    """
    later = heads.filter(_NAMED)[1:]
    anew = [int(later[b].sum()) for b in (_EARLIER, _LATER) if not unnamed[b].any()]
    most = max(anew, default=0)
    is_enough = most * 2 > later.height and most >= (1 if has_lines else _FEWEST_STEPS)
    return is_enough and unnamed[_WHO].n_unique() > 1
