"""Rows that leave blank what tells an order: which of them go on the row above, and which add up rows above.

A bare row names no order and no day of its own: the day is blank, or that of the row above on every such row.
It is one of goods where it says so, in words or by a number of goods. One that says nothing is a line
as well, unless its amount is the sum of rows above it.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.sources.reader import FILE, RECORD

BLANK: Final = "\0blank {}"
ORDER: Final = "\0order named"
BARE: Final = "\0bare"
WORDS: Final = "\0words"
TOTAL: Final = "\0total"
CODED: Final = "\0coded"
DAY: Final = "ordered_on"
_MOST_TAX: Final = 1.3  # times the sum of the lines: what a total with tax comes to at most
_DAYS: Final = 2  # of which one is repeated: with one day alone nothing is told


def with_bare(rows: pl.DataFrame, *, has_orders: bool) -> pl.DataFrame:
    """Rows, whether each is BARE, and its WORDS: whether it is known to be of goods."""
    is_blank = pl.col(ORDER).is_null() & pl.col(BLANK.format("ordered_at"))
    repeats = _repeats_day() if has_orders and _days_are_repeated(rows) else pl.lit(value=False)
    found = rows.with_columns((is_blank | repeats).alias(BARE))
    says_nothing = pl.col(BARE) & ~pl.col(WORDS) & ~pl.col(TOTAL)
    if not found.select(says_nothing.any()).item():
        return found
    return found.with_columns(pl.col(WORDS) | (says_nothing & ~_is_sum(found)))


def _repeats_day() -> pl.Expr:
    """Whether a row names a day and neither an order nor a customer."""
    is_unnamed = pl.col(ORDER).is_null() & pl.col(BLANK.format("customer_id"))
    has_money = (pl.col("amount") != 0).fill_null(value=False)
    return is_unnamed & has_money & ~pl.col(BLANK.format("ordered_at"))


def _days_are_repeated(rows: pl.DataFrame) -> bool:
    """Whether all rows that name nothing but a day have that of the row above: a guest's would begin a day at times."""
    above = pl.col(DAY).forward_fill().shift(1).over(FILE, order_by=RECORD)
    found = rows.with_columns(above.alias("above"), _repeats_day().alias("repeats"))
    repeating = found.filter("repeats")
    days = found.filter(pl.col(ORDER).is_not_null())[DAY].n_unique()
    return days >= _DAYS and bool(
        (repeating[DAY] == repeating["above"]).fill_null(value=False).all()
    )


def _is_sum(rows: pl.DataFrame) -> pl.Series:
    """Whether a row's amount is the sum of those above it, in its order or in its file, or that and tax.

    The last row of a file that holds nothing but an amount is taken for one if it is at least half of all above it.
    """
    amount = pl.col("amount").cast(pl.Int64).fill_null(0)
    block = (~pl.col(BARE)).cum_sum().over(FILE, order_by=RECORD).alias("block")
    lines = pl.when(~pl.col(TOTAL)).then(amount).otherwise(0)
    sums = rows.select(
        FILE, RECORD, CODED, BARE, WORDS, amount.alias("own"), block, lines.alias("lines")
    )
    above = pl.col("lines").cum_sum() - pl.col("lines")
    sums = sums.with_columns(
        of_order=above.over(FILE, "block", order_by=RECORD),
        of_file=above.over(FILE, order_by=RECORD),
    )
    own, of_order, of_file = pl.col("own"), pl.col("of_order"), pl.col("of_file")
    is_same = (own == of_order) | (own == of_file) | (2 * own == of_file)
    is_taxed = own.is_between(of_order, of_order * _MOST_TAX) & (of_order > 0)
    is_last = pl.col(RECORD) == pl.col(RECORD).max().over(FILE)
    is_of_all = is_last & (2 * own >= of_file)
    return sums.select(is_same | (~pl.col(CODED) & (is_taxed | is_of_all))).to_series()
