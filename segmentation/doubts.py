"""What a run should not do in silence: notices about data and rules that look wrong.

Only `refuse_broken_feeds` stops a run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from segmentation.audiences import Audience
from segmentation.config.wording import describe
from segmentation.describe import Book
from segmentation.errors import InputError, Problem
from segmentation.event_names import found_somebody
from segmentation.notices import Notice, notice
from segmentation.sources import InputCount

MOST_REJECTED: Final = 0.5  # of an input's rows; a feed that is worse is not published
FEED_ROWS: Final = 100  # fewer rows are no feed: somebody looks at them
STALE_DAYS: Final = 7  # a weekly feed may be this late


def refuse_broken_feeds(
    inputs: Sequence[InputCount], shown: Callable[[InputCount], Sequence[str]]
) -> None:
    """Raise InputError when more than half of an input's rows (100 or more) are rejected.

    `shown` gives the first rejected rows of an input, in words.
    """
    feeds = [c for c in inputs if c.rows_read >= FEED_ROWS]
    broken = [c for c in feeds if c.rows_rejected > MOST_REJECTED * c.rows_read]
    if broken:
        raise InputError(*(_broken(c, shown(c)) for c in broken))


def _broken(count: InputCount, rows: Sequence[str]) -> Problem:
    what = (f"{count.rows_rejected:,} of {count.rows_read:,} rows are rejected, more than half: "
            "nothing is published")  # fmt: skip
    return Problem(what, count.path, "\n  ".join(("The first of them:", *rows)))


def set_aside(inputs: Iterable[InputCount]) -> list[Notice]:
    """A note for every reason that rows of an input are not used for, rejected ones apart."""
    return [
        notice("rows-set-aside", f"{c.path}: {n:,} of {c.rows_read:,} rows are set aside: {reason}")
        for c in inputs
        for reason, n in c.rows_set_aside.items()
    ]


def stale(inputs: Sequence[InputCount], as_of: date) -> list[Notice]:
    """A warning when the newest transaction is more than a week before `as_of`."""
    days = [
        date.fromisoformat(c.last_day) for c in inputs if c.table == "transactions" and c.last_day
    ]
    behind = (as_of - max(days)).days if days else 0
    text = (
        f"the newest transaction is of {max(days)}, {behind:,} days before {as_of}" if days else ""
    )
    return [notice("stale-source", text)] if behind > STALE_DAYS else []


def unlisted_products(lines: int) -> list[Notice]:
    """A warning about lines whose product is in no catalogue."""
    who = (
        "1 line names a product that is"
        if lines == 1
        else f"{lines:,} lines name products that are"
    )
    text = f"{who} not in products: what products say of them is missing"
    return [notice("unlisted-products", text)] if lines else []


def suppressed_all(audiences: Sequence[Audience]) -> list[Notice]:
    """A warning when suppression takes every member of every persona."""
    matched = sum(a.matched for a in audiences)
    all_gone = matched and matched == sum(a.suppressed for a in audiences)
    text = "suppress takes every member of every persona: check the values its columns hold"
    return [notice("all-suppressed", text)] if all_gone else []


def empty_measures(
    book: Book, customers: pl.DataFrame, names: Iterable[str], told: Collection[str] = ()
) -> list[Notice]:
    """A warning for each `did`, count or share that no customer has: perhaps a value is misspelt.

    Of those `told` (by column) a value is known to be nobody's.
    """
    measures = {
        n: m
        for n, m in book.leaves(names).items()
        if m is not None and m.where is not None and n not in told
    }
    found = {
        n: m
        for n, m in measures.items()
        if n in customers.columns and not found_somebody(customers[n])
    }
    return [
        notice("nobody-did", f'"{describe(m)}" holds for no customer: is every value written as '
               "the data has it?")
        for m in found.values()
    ]  # fmt: skip
