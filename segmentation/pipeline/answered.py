"""What a run would ask of a source of transactions, answered as far as its rows tell.

What to fill down, which rows are totals, and amounts of orders: each is what a run would stop for and name the
answer of; whoever reads the rules is told to check it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import polars as pl

from segmentation.checks.asked_below import cut_orders
from segmentation.checks.continued_orders import continued
from segmentation.checks.continued_told import without_words
from segmentation.checks.days_above import days_above
from segmentation.checks.filling import PLACES
from segmentation.checks.lines_of_totals import lines_of_totals
from segmentation.checks.order_amounts import amount_of_orders
from segmentation.checks.orders_of_nothing import orders_of_nothing
from segmentation.checks.refund_files import files_of
from segmentation.checks.rows_twice import orders_and_lines, sets_and_parts
from segmentation.checks.sets_by_number import sets_by_number
from segmentation.checks.stops import Input
from segmentation.messages.errors import SegmentationError
from segmentation.rules.column_specs import written
from segmentation.rules.reading.options import source_of
from segmentation.rules.sources import Source
from segmentation.rules.word_tests import left_out, none_of
from segmentation.sources import Tally, read
from segmentation.sources.columns.reasons import Reason
from segmentation.sources.columns.refunds_apart import signed
from segmentation.sources.detected import Detected, Key
from segmentation.sources.headed import headed
from segmentation.sources.tables import MOST_ROWS

_FILLED: Final = "blank cells are those of the row above: check it"
_TOTALS: Final = "these rows add up others: check it"
_REFUNDS: Final = "the file is called by refunds: are these paid back?"
_OF_ORDERS: Final = "check: its rows say one amount for each order"

Read = tuple[Source, Tally, Mapping[str, Any]]
Way = Callable[[Detected, Read], Detected]


def answered(one: Detected, *, is_first: bool, is_refunds: bool = False) -> Detected:
    """The source with what its rows tell; as it is where a person decides before it can be read, or it is too large.

    `is_first` is whether no other source of sales stands before it, `is_refunds` whether it is called by refunds beside
    such. It is read again only where a way changed it.
    """
    ways: Sequence[Way] = (
        _headed,
        partial(_continued, is_first=is_first),
        _days_above,
        _asked_below,
        _without_totals,
        _per_order,
        *([_paid_back] if is_refunds else []),
    )
    found: Read | None = None
    for way in ways:
        if one.table != "transactions" or any(map(_is_to_be_said_first, one.keys)):
            return one
        try:
            found = found or read_so(one)
            if found is None:
                return one
            changed = way(one, found)
        except SegmentationError:  # the run that follows tells it
            return one
        one, found = changed, found if changed is one else None
    return one


def _is_to_be_said_first(key: Key) -> bool:
    """Whether a key is open, and is no amount: those are told apart below as they are above."""
    is_amount = key.under == "columns" and key.name not in PLACES
    return not key.certain and not is_amount


def is_named(key: Key) -> bool:
    """Whether a key is an amount that was found by its name alone."""
    return (key.under, key.name, key.said) == ("columns", "amount", "")


def read_so(one: Detected, without: str = "") -> Read | None:
    """The source and what is read of it, without one of its keys; None where it is too large to be looked at again."""
    source = source_of({name: value for name, value in one.data.items() if name != without})
    [tally] = read(one.table, [source], cutoff=None).tallies
    counts = tally.counts.collect(engine="streaming").row(0, named=True)
    return (source, tally, counts) if counts["rows_read"] < MOST_ROWS else None


def _headed(one: Detected, found: Read) -> Detected:
    """Its customers filled down where they stand alone in a line above their rows."""
    _, tally, counts = found
    above = headed(tally) if counts["rows_used"] == 0 else None
    if above is None:
        return one
    said = "lines that name a customer alone, and totals"
    where = (Key(column, test, said, "where") for column, test in above.where.items())
    return _filled(replace(one, keys=(*one.keys, *where)), above.fill_down)


def _continued(one: Detected, found: Read, *, is_first: bool) -> Detected:
    """Its blank cells filled down where orders go on below their first row."""
    source, tally, counts = found
    is_asked = counts[Reason.NO_ID.name] > 0 or source.where is not None
    going_on = continued(source, tally, is_first=is_first) if is_asked else None
    if going_on is None or not going_on.columns or going_on.is_to_be_decided:
        return one
    filled = _filled(one, going_on.columns)
    for column, words in going_on.totals.items():
        filled = _chosen(filled, without_words(column, words))
    return filled


def _without_totals(one: Detected, found: Read) -> Detected:
    """Without the rows that add up others."""
    source, tally, _ = found
    nobody = pl.Series("customer_id", [], dtype=pl.String)
    of_rows = Input(source, tally, nobody)
    for stops in (
        lines_of_totals,
        orders_of_nothing,
        orders_and_lines,
        sets_and_parts,
        sets_by_number,
    ):
        for stop in stops(of_rows):
            one = _chosen(one, stop.tests)
    return one


def _paid_back(one: Detected, found: Read) -> Detected:
    """Its amounts left to a person, if none is below zero: to declare them is to count them as sales.

    However they were found, by their name or by what stands in them.
    """
    source, tally, _ = found
    nobody = pl.Series("customer_id", [], dtype=pl.String)
    if not any(file.above_alone for file in files_of(Input(source, tally, nobody))):
        return one
    below = signed(source.columns.get("amount"), ())
    keys = (_open(key, below) if below and _is_amount(key) else key for key in one.keys)
    return replace(one, keys=tuple(keys))


def _is_amount(key: Key) -> bool:
    return (key.under, key.name) == ("columns", "amount")


def _open(amount: Key, below: Any) -> Key:
    return replace(amount, value=below, said=_REFUNDS, certain=False)


def _chosen(one: Detected, tests: Mapping[str, Any]) -> Detected:
    """With tests of columns that nothing chooses by, and words left out beside others of their column."""
    asked = {key.name: key for key in one.keys if key.under == "where"}
    more = [Key(c, test, _TOTALS, "where") for c, test in tests.items() if c not in asked]
    beside = {c: asked[c] for c in tests if c in asked and asked[c].certain}
    words = {c: (left_out(key.value), left_out(tests[c])) for c, key in beside.items()}
    both = {
        c: none_of([*dict.fromkeys((*known, *new))])
        for c, (known, new) in words.items()
        if known and new
    }
    keys = (
        replace(k, value=both.get(k.name, k.value)) if k.under == "where" else k for k in one.keys
    )
    return replace(one, keys=(*keys, *more)) if more or both else one


def _days_above(one: Detected, found: Read) -> Detected:
    """Its days filled down where one stands above several orders."""
    source, tally, counts = found
    above = days_above(source, tally) if counts[Reason.MOMENT.name] > 0 else None
    return one if above is None else _filled(one, above.columns)


def _asked_below(one: Detected, found: Read) -> Detected:
    """What its `where` asks filled down where only the first row of an order has it."""
    source, tally, _ = found
    cut = cut_orders(source, tally)
    if cut is None or not cut.can_be_filled:
        return one
    return _filled(one, (*source.fill_down, *cut.orders, *cut.columns))


def _filled(one: Detected, columns: Sequence[str]) -> Detected:
    others = tuple(key for key in one.keys if key.name != "fill_down")
    return replace(one, keys=(*others, Key("fill_down", [*columns], _FILLED)))


def _per_order(one: Detected, found: Read) -> Detected:
    """Its amount once per order where all rows of an order say the same, whichever of them are to count."""
    if not any(map(is_named, one.keys)):
        return one
    every = found if found[0].where is None else read_so(one, without="where")
    told = None if every is None else amount_of_orders(*every[:2])
    if told is None or told.is_chance or "amount" not in told.columns:
        return one
    amount = written(told.columns["amount"])
    keys = (replace(k, value=amount, said=_OF_ORDERS) if is_named(k) else k for k in one.keys)
    return replace(one, keys=tuple(keys))
