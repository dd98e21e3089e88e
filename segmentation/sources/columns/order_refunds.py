"""Refunds of whole orders beside the amounts of their lines: on all rows of an order, or on one of them.

Taken off line by line a refund that is repeated would be taken off several times, and one that stands on a single
line looks as if it were more than was paid. The rows of the orders that have refunds tell which it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.columns.candidates import NO_WORTH, any_of
from segmentation.sources.columns.contents import Content, contents_of
from segmentation.sources.columns.pieces_back import product_of
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text

_SAME: Final = 0.0051
_FEWEST: Final = 2  # orders that say it


@dataclass(frozen=True)
class OrderRefund:
    """A column of refunds that are those of orders.

    `repeats`: it is the same on all rows of each; so is the amount, if that `repeats_too`. `total` is another column
    that does, and may be what the orders came to.
    """

    refund: Content
    repeats: bool
    repeats_too: bool = False
    total: str = ""


Lines = Sequence[tuple[float | None, float | None]]
"""Of each line of an order its amount and its refund."""


def order_refund(
    made: Sequence[str],
    named: Sequence[str],
    order: str,
    *,
    raw: RawTable,
    free: Sequence[str],
    rows: pl.LazyFrame,
) -> OrderRefund | None:
    """The refund of orders beside an amount `made` of columns; None where refunds are those of lines, or there are none."""
    for name in named:
        contents = _of_orders(name, order, [*made, *free], raw, rows)
        refund, orders = contents.get(name), contents.get(order)
        if refund is None or orders is None or not {*made} <= contents.keys():
            continue
        worth = product_of([contents[one] for one in made])
        found = refund.holds_numbers and _told(refund, worth, orders)
        if found:
            total = _total(found, contents, [n for n in free if n not in named], orders)
            return OrderRefund(refund, found.repeats, found.repeats_too, total)
    return None


def _of_orders(
    refund: str, order: str, others: Sequence[str], raw: RawTable, rows: pl.LazyFrame
) -> Mapping[str, Content]:
    """What columns hold in all rows of the first orders that have a refund."""
    has_any = as_text(refund, raw.schema[refund]).str.contains("[1-9]")
    found = contents_of(raw, [order], rows.filter(has_any))
    ids = [] if order not in found else found[order].distinct
    is_one = as_text(order, raw.schema[order]).str.strip_chars().is_in([*ids])
    columns = dict.fromkeys([order, refund, *others])
    return contents_of(raw, [*columns], rows.filter(is_one)) if ids else {}


def _told(refund: Content, worth: Sequence[float | None], orders: Content) -> OrderRefund | None:
    """What the lines of the orders say; None where each has a refund of its own, or it is more than was paid."""
    each: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    for order, w, r in zip(orders.cells, worth, refund.numbers, strict=True):
        if order is not None:
            each[order].append((w, r))
    several = [lines for lines in each.values() if len(lines) > 1]
    if several and all(map(_repeats, several)) and not all(map(_are_own, several)):
        too = [lines for lines in several if len({w for w, _ in lines}) == 1]
        is_too = len(too) == len(several) >= _FEWEST and len({lines[0] for lines in too}) > 1
        lines_paid = all(
            _is_within(lines[:1] if is_too else lines, lines[:1]) for lines in each.values()
        )
        return OrderRefund(refund, repeats=True, repeats_too=is_too) if lines_paid else None
    is_more = any(r and abs(r) > (w or 0) + _SAME for lines in several for w, r in lines)
    if is_more and all(_is_within(lines, lines) for lines in each.values()):
        return OrderRefund(refund, repeats=False)
    return None


def _repeats(lines: Lines) -> bool:
    return len({r for _, r in lines}) == 1 and bool(lines[0][1])


def _are_own(lines: Lines) -> bool:
    """Whether each line was paid back in full: then the refunds are theirs."""
    return all(w is not None and r is not None and abs(abs(r) - w) <= _SAME for w, r in lines)


def _is_within(paid: Lines, back: Lines) -> bool:
    """Whether no more was paid back than was paid."""
    most = sum(w or 0 for w, _ in paid)
    return sum(abs(r or 0) for _, r in back) <= most + _SAME * len(paid)


def _total(
    found: OrderRefund, contents: Mapping[str, Content], free: Sequence[str], orders: Content
) -> str:
    """A column that is the same on all rows of each order, and at least its refund; blank without one, or of several."""
    if not found.repeats or found.repeats_too:
        return ""
    money = [c for n in free if (c := contents.get(n)) and c.holds_numbers]
    whole = [c.name for c in money if not any_of(c.words, NO_WORTH) and _is_whole(c, found, orders)]
    return whole[0] if len(whole) == 1 else ""


def _is_whole(one: Content, found: OrderRefund, orders: Content) -> bool:
    held: dict[str, set[float | None]] = defaultdict(set)
    for order, number, back in zip(orders.cells, one.numbers, found.refund.numbers, strict=True):
        if order is not None:
            held[order].add(number)
            if number is None or number + _SAME < abs(back or 0):
                return False
    return all(len(numbers) == 1 for numbers in held.values())
