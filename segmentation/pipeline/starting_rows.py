"""What `segment init` writes of a source of transactions once its rows were read: what is filled down, and which rows are totals.

Each is what a run would stop for and name the answer of; whoever reads the rules is told to check it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from segmentation.checks.asked_below import cut_orders
from segmentation.checks.continued_orders import continued
from segmentation.checks.continued_told import without_words
from segmentation.checks.filling import PLACES
from segmentation.checks.lines_of_totals import lines_of_totals
from segmentation.checks.stops import Input
from segmentation.messages.errors import SegmentationError
from segmentation.rules.reading.options import source_of
from segmentation.rules.sources import Source
from segmentation.sources import Tally, read
from segmentation.sources.columns.reasons import Reason
from segmentation.sources.detected import Detected, Key
from segmentation.sources.tables import MOST_ROWS

_FILLED = "blank cells are those of the row above: check it"
_TOTALS = "these rows add up others: check it"


def with_rows_read(one: Detected, *, is_first: bool) -> Detected:
    """The source with what its rows tell; as it is where it is large, or a person has to say first how it is read.

    `is_first` is whether no other source of sales stands before it.
    """
    if one.table != "transactions" or any(map(_is_to_be_said_first, one.keys)):
        return one
    try:
        source, tally = _read(one)
        counts = tally.counts.collect(engine="streaming").row(0, named=True)
        if counts["rows_read"] >= MOST_ROWS:
            return one
        if counts[Reason.NO_ID.name] > 0 or source.where is not None:
            one = _filled(one, source, tally, is_first=is_first)
        return _without_totals(_filled_below(one))
    except SegmentationError:  # the run that follows tells it
        return one


def _is_to_be_said_first(key: Key) -> bool:
    """Whether a key is open, and is no amount: those are told apart below as they are above."""
    is_amount = key.under == "columns" and key.name not in PLACES
    return not key.certain and not is_amount


def _read(one: Detected) -> tuple[Source, Tally]:
    source = source_of(one.data)
    [tally] = read(one.table, [source], cutoff=None).tallies
    return source, tally


def _filled(one: Detected, source: Source, tally: Tally, *, is_first: bool) -> Detected:
    """Its blank cells filled down where orders go on below their first row."""
    going_on = continued(source, tally, is_first=is_first)
    if going_on is None or not going_on.columns or going_on.is_to_be_decided:
        return one
    fill = Key("fill_down", list(going_on.columns), _FILLED)
    found = replace(one, keys=(*one.keys, fill))
    for column, words in going_on.totals.items():
        found = _chosen(found, without_words(column, words))
    return found


def _filled_below(one: Detected) -> Detected:
    """What `where` asks filled down as well where it stands on the first row of an order alone."""
    source, tally = _read(one)
    cut = None if source.where is None else cut_orders(tally)
    if cut is None or not cut.can_be_filled:
        return one
    others = tuple(key for key in one.keys if key.name != "fill_down")
    fill = [*source.fill_down, *cut.orders, *cut.columns]
    return replace(one, keys=(*others, Key("fill_down", fill, _FILLED)))


def _without_totals(one: Detected) -> Detected:
    """Without the lines that add up others."""
    source, tally = _read(one)
    nobody = pl.Series("customer_id", [], dtype=pl.String)
    for stop in lines_of_totals(Input(source, tally, nobody)):
        one = _chosen(one, stop.tests)
    return one


def _chosen(one: Detected, tests: Mapping[str, Any]) -> Detected:
    """With tests of columns that nothing chooses by."""
    asked = {key.name for key in one.keys if key.under == "where"}
    more = (Key(c, test, _TOTALS, "where") for c, test in tests.items() if c not in asked)
    return replace(one, keys=(*one.keys, *more))
