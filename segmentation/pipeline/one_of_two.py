"""Of two files that surely tell of the same orders, the one that rules are written for: both would count twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import polars as pl

from segmentation.checks.same_sales import Shared, shared_orders
from segmentation.checks.stops import Input
from segmentation.messages.errors import SegmentationError
from segmentation.pipeline.answered import read_so
from segmentation.sources.detected import Detected


def without_same_sales(found: Sequence[Detected]) -> list[Detected]:
    """The sources without those whose orders another has, too, on the same days: the lines are kept if they come to what the orders do.

    Both stay where each has orders that the other lacks, or where it is not sure: the run that follows stops.
    """
    kept = list(found)
    for one, other in combinations([one for one in found if one.table == "transactions"], 2):
        if one in kept and other in kept:
            shared = _shared(one, other)
            is_sure = shared is not None and shared.are_surely_same
            whole = _whole(shared) if shared is not None and is_sure else None
            if whole is not None:
                stays, goes = (one, other) if whole == 0 else (other, one)
                remark = (
                    f"{goes.data['path']} has the same orders: beside this they would count twice"
                )
                said = replace(stays, remarks=(*stays.remarks, remark))
                kept = [said if each is stays else each for each in kept if each is not goes]
    return kept


def _shared(one: Detected, other: Detected) -> Shared | None:
    """What both tell of the same orders; None where they have the same columns, or cannot be read yet."""
    if {*one.cells} == {*other.cells}:
        return None
    nobody = pl.Series("customer_id", [], dtype=pl.String)
    try:
        read = [read_so(each) for each in (one, other)]
        inputs = [Input(each[0], each[1], nobody) for each in read if each is not None]
        return shared_orders(*inputs) if len(inputs) == len(read) else None
    except SegmentationError:  # the run that follows tells it
        return None


def _whole(shared: Shared) -> int | None:
    """Which of two has all orders of both: the lines if they come to the same, else the orders."""
    sides = sorted(
        range(2), key=lambda i: shared.rows[i] / shared.orders[i], reverse=shared.are_equal
    )
    return next((side for side in sides if shared.orders[1 - side] == shared.shared), None)
