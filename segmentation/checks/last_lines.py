"""Texts of last lines that are the sum of their order, whatever they say: totals in words that nobody knows.

The sample names the texts that end most orders; the amounts of all their rows decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Final

import polars as pl

from segmentation.sources.reader import RECORD
from segmentation.sources.tables import Portion

_FEWEST: Final = 2  # orders that end so, and different sums
_LINES: Final = 2  # that are added up: one line and its sum may be two of a price
_CENT: Final = 100  # in 1/10,000, for each line that was rounded


def texts_of_last_lines(part: Portion, column: str) -> frozenset[str]:
    """The texts of a column that end most orders of several lines in the sample; none without a column of orders."""
    orders = part.recipe.columns.canonical.get("order_id", ())
    sample = part.raw.sample
    if not orders or any(c not in sample for c in (*orders, column)):
        return frozenset()
    keys = zip(
        *(sample[c] for c in orders), strict=False
    )  # a column may have a cell more, from further down
    lines = list(zip(_filled_down(keys), sample[column], strict=False))
    blocks = [[text for _, text in block] for _, block in groupby(lines, key=lambda line: line[0])]
    several = [block for block in blocks if len(block) > _LINES]
    ends = Counter((b[-1] or "").strip() for b in several if b[-1] not in b[:-1])
    least = max(_FEWEST, len(several) / 2)
    return frozenset(text for text, times in ends.items() if text and times >= least)


def _filled_down(keys: Iterable[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """What tells the order of each row; that of the row above where a row names none."""
    found: list[tuple[str | None, ...]] = []
    for key in keys:
        is_blank = not any((cell or "").strip() for cell in key)
        found.append(found[-1] if is_blank and found else key)
    return found


def adding_up(rows: pl.DataFrame, text: str, order: str, texts: frozenset[str]) -> list[str]:
    """Those of the texts whose every row is the sum of the lines above it in its order, of several lines and several sums."""
    is_last = pl.col(text).is_in([*texts]).fill_null(value=False)
    is_other = pl.col("speaks") | pl.col("is_part") | is_last
    amount = pl.col("amount").cast(pl.Int64)
    own = pl.when(~is_other).then(amount)
    sums = rows.with_columns(
        above=own.fill_null(0).cum_sum().over(order, order_by=RECORD),
        lines=own.is_not_null().cum_sum().over(order, order_by=RECORD),
    )
    gap = (amount - pl.col("above")).abs()
    told = sums.filter(is_last).with_columns(adds_up=gap <= pl.col("lines") * _CENT)
    several = pl.col("amount").filter(pl.col("lines") >= _LINES)
    each = told.group_by(text).agg(
        (pl.col("adds_up").all() & (several.n_unique() >= _FEWEST)).alias("adds_up"),
        (pl.col(order).n_unique() == pl.len()).alias("is_once"),
    )
    return each.filter(pl.col("adds_up") & pl.col("is_once"))[text].to_list()
