"""Lines that add up the other lines of their order, or of the file: `Total` in the column of items is no purchase.

Where columns are filled down such a line takes the customer of the row above. Written out in full it
names one itself: then it is told by its amount, which is that of other lines of its order or its customer, or by a plain
word for totals in most of all orders.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from segmentation.checks.decided_words import undecided
from segmentation.checks.last_lines import adding_up, texts_of_last_lines
from segmentation.checks.stops import Input, Stop
from segmentation.checks.total_rows import of_totals
from segmentation.messages.errors import counted
from segmentation.rules.word_tests import none_of
from segmentation.sources.columns.filled import filled_within
from segmentation.sources.columns.order_shares import order_of
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.total_words import (
    is_total,
    speaks_of_totals,
    tells_a_part,
    without_totals,
)
from segmentation.sources.reader import RECORD
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text
from segmentation.sources.tables import Portion

_TEXT: Final = "\0text"
_ORDER: Final = "\0order"
_CUSTOMER: Final = "\0customer"
_CENT: Final = 100  # in 1/10,000: totals are rounded
_FEWEST: Final = 2  # orders, or customers, with such a line
_LONGEST: Final = 1000  # lines of an order of which each sum of the first ones is looked at
_MOST_NAMED: Final = 8
_OF_ROWS: Final = ("order_id", "customer_id", "ordered_at", "amount", "currency")


def lines_of_totals(one: Input) -> Iterator[Stop]:
    """A stop for each column of texts in which lines add up others; a where that names them is the door."""
    every: dict[str, list[pl.Series]] = {}
    for part in one.tally.parts:
        for column in _columns(one, part):
            texts = _found(part, column)[_TEXT]
            asked = undecided(part.recipe, column, texts.unique())
            every.setdefault(column, []).append(texts.filter(texts.is_in(asked)))
    for column, found in every.items():
        texts = pl.concat(found)
        if not texts.is_empty():
            yield _stop(column, texts, one)


def _columns(one: Input, part: Portion) -> list[str]:
    """The columns of texts that may say so.

    Rows that are filled are all looked at, others where the sample speaks of totals.
    """
    known = part.recipe.columns.canonical
    taken = {*one.source.fill_down}
    taken |= {column for name in _OF_ROWS for column in known.get(name, ())}
    free = [n for n, t in part.raw.readable.items() if n not in taken and is_text(t)]
    if filled_within(part.raw):
        return free
    return [n for n in free if one.is_small and _may_be_totals(part, n)]


def _may_be_totals(part: Portion, column: str) -> bool:
    """Whether the sample speaks of totals, or has lines that end most orders."""
    sample = pl.Series(part.raw.sample.get(column, ()), dtype=pl.String)
    speaks = sample.to_frame(_TEXT).select(speaks_of_totals(pl.col(_TEXT)).any()).item()
    return bool(speaks or texts_of_last_lines(part, column))


def _found(part: Portion, column: str) -> pl.DataFrame:
    """The rows that count and add up others, and those that tell a part of them again: their text."""
    rows = _rows(part, column)
    by_order, by_customer = (_adding(rows, whole) for whole in (_ORDER, _CUSTOMER))
    every = [
        _of_filled(part, by_order),
        _of_wholes(rows, by_order, _ORDER),
        _of_wholes(rows, by_customer, _CUSTOMER),
    ]
    found = pl.concat([one.select(RECORD, _TEXT, _ORDER) for one in every]).unique(RECORD)
    parts = rows.filter("is_part").join(found, on=_ORDER, how="semi")
    return pl.concat([found.select(RECORD, _TEXT), parts.select(RECORD, _TEXT)])


def _adding(rows: pl.DataFrame, whole: str) -> pl.DataFrame:
    """The lines that speak of totals, whether each `adds_up` others, and whether it `is_most` of all lines of its order.

    A total adds up all lines of its `whole`, which is an order or all that a customer bought, those above it,
    or those since the total above it. In an order one that is a plain word may add up the first lines only:
    shipping and tax may stand on either side of it.
    """
    amount = pl.col("amount").cast(pl.Int64)
    own = pl.when(~pl.col("speaks") & ~pl.col("is_part")).then(amount)
    sums = rows.with_columns(
        above=own.fill_null(0).cum_sum().over(whole, order_by=RECORD),
        every=own.sum().over(whole),
        most=own.max().over(whole),
        lines=own.count().over(whole),
    )
    told = sums.filter("speaks").with_columns(
        since=pl.col("above") - pl.col("above").shift(1, fill_value=0).over(whole, order_by=RECORD)
    )
    is_sum = _is_near("every") | _is_near("above") | _is_near("since")
    of_order = pl.lit(whole == _ORDER)
    is_first = of_order & pl.col(RECORD).is_in(_of_first_lines(sums, told).implode())
    has_lines = pl.col("lines") > 0
    return told.with_columns(
        adds_up=has_lines & (amount != 0) & (is_sum | is_first),
        is_most=has_lines & (amount > 0) & (amount >= pl.col("most")) & of_order,
    )


def _of_first_lines(sums: pl.DataFrame, told: pl.DataFrame) -> pl.Series:
    """The lines with a plain word for totals that add up the first lines of their order."""
    words = told.filter(pl.col("is_word") & (pl.col("lines") <= _LONGEST))
    first = sums.filter(~pl.col("speaks") & ~pl.col("is_part")).select(_ORDER, first="above")
    return words.join(first, on=_ORDER).filter(_is_near("first"))[RECORD]


def _is_near(sum_: str) -> pl.Expr:
    """Whether a line's amount is a sum, but for a cent for each line that was rounded."""
    gap = (pl.col("amount").cast(pl.Int64) - pl.col(sum_)).abs()
    return gap <= pl.col("lines") * _CENT


def _of_filled(part: Portion, told: pl.DataFrame) -> pl.DataFrame:
    """Those whose customer is that of the row above: with a plain word for totals, or where most add up."""
    filled = filled_within(part.raw)
    if filled is None or told.is_empty():
        return told.clear()
    below = told.filter(pl.col(RECORD).is_in(filled.records_filled().implode()))
    longer = below.filter(~pl.col("is_word"))
    is_meant = longer["adds_up"].sum() * 2 > longer.height
    return below.filter(pl.col("is_word") | (pl.col("adds_up") & is_meant))


def _of_wholes(rows: pl.DataFrame, told: pl.DataFrame, whole: str) -> pl.DataFrame:
    """Those of orders, or customers, of which most have a line that adds up others, or a plain word and the most money.

    What only begins or ends with such a word may be an item: then it is most of all orders.
    """
    wholes = rows[whole].n_unique()
    is_adding = pl.col("is_word") & pl.col("adds_up")
    each = told.group_by(whole).agg(
        pl.col("is_word", "adds_up").any(),
        adds_word=is_adding.any(),
        adds_several=(is_adding & (pl.col("lines") > 1)).any(),
        is_most=(pl.col("is_word") & pl.col("is_most")).any(),
    )
    adding, named = int(each["adds_up"].sum()), int(each["is_most"].sum())
    least = int(each["is_word"].sum()) if each["adds_word"].any() else wholes
    is_sure = each["adds_several"].any() or (wholes == 1 and each["adds_word"].any())
    if adding * 2 > least and (adding >= _FEWEST or is_sure):
        return told.filter(pl.col("adds_up") | pl.col("is_word"))
    if named * 2 > wholes and named >= _FEWEST:
        return told.filter("is_word")
    return told.clear()


def _rows(part: Portion, column: str) -> pl.DataFrame:
    """The rows that count: their order, which is the customer's day without one, and amount, and what their text says."""
    recipe = part.recipe
    text = as_text(column, recipe.dtype(column)).str.strip_chars()
    rows = part.again([RECORD], {_TEXT: text, _ORDER: order_of(recipe)})
    who = pl.col("customer_id").cast(pl.String).alias(_CUSTOMER)
    day = pl.concat_str(who, pl.col("ordered_on").cast(pl.String), separator="\0")
    order = pl.coalesce(pl.concat_str(pl.lit("\0"), _ORDER), day).alias(_ORDER)
    counting = rows.filter(pl.col(CODE) == Reason.USED).select("amount", RECORD, _TEXT, order, who)
    found = counting.with_columns(
        speaks=speaks_of_totals(pl.col(_TEXT)).fill_null(value=False),
        is_part=tells_a_part(pl.col(_TEXT)).fill_null(value=False),
    )
    rows_found = found.collect(engine="streaming")
    words = [text for text in rows_found.filter("speaks")[_TEXT].unique() if is_total(text)]
    last = texts_of_last_lines(part, column).difference(words)
    words += adding_up(rows_found, _TEXT, _ORDER, last) if last else []
    is_word = pl.col(_TEXT).is_in(words).fill_null(value=False)
    return rows_found.with_columns(is_word=is_word, speaks=pl.col("speaks") | is_word)


def _stop(column: str, found: pl.Series, one: Input) -> Stop:
    texts: list[str] = found.unique().sort().to_list()
    tests = _without(column, texts)
    named = [text for text in texts if is_total(text)][:_MOST_NAMED]
    others = len(texts) - len(named)
    shown = [*named, *([counted(others, "total")] if others else [])]
    unless, is_asked = "these are sold", one.asks(column)
    path = one.tally.path
    return of_totals(column, shown, len(found), tests, path, unless=unless, is_asked=is_asked)


def _without(column: str, texts: Sequence[str]) -> dict[str, Any]:
    """What leaves these out: by name, or, where each order has its own, by how they begin or end."""
    if len(texts) > _MOST_NAMED:
        return without_totals(column, texts)
    return {column: none_of(texts)}
