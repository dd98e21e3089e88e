"""What a run should not do in silence: notices about data and rules that look wrong.

Only `refuse_broken_feeds` stops a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import polars as pl

from segmentation.audiences import Audience
from segmentation.config.conditions import ORDERING, Compare, Condition, walk
from segmentation.config.measures import Measure
from segmentation.config.rules import Rules
from segmentation.config.windows import parse_date
from segmentation.config.wording import describe
from segmentation.describe import Book
from segmentation.errors import InputError, Problem, listed, nearest
from segmentation.event_names import found_somebody
from segmentation.features.compare import ISO_DAY
from segmentation.notices import Notice, notice
from segmentation.sources import InputCount

MOST_REJECTED: Final = 0.5  # of an input's rows; a feed that is worse is not published
FEED_ROWS: Final = 100  # fewer rows are no feed: somebody looks at them
STALE_DAYS: Final = 7  # a weekly feed may be this late
_MOST_NAMED: Final = 200  # distinct values that a nearest name is looked for among


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


def empty_measures(book: Book, customers: pl.DataFrame, names: Iterable[str]) -> list[Notice]:
    """A warning for each `did`, count or share that no customer has: perhaps a value is misspelt."""
    measures = {
        n: m for n, m in book.leaves(names).items() if m is not None and m.where is not None
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


def strange_values(rules: Rules, book: Book, customers: pl.DataFrame) -> list[Notice]:
    """Warnings about texts that no customer has, and about texts compared as numbers that are none."""
    told = (
        w for _, c in rules.conditions() for t in _tests(c) for w in _strange(t, book, customers)
    )
    return list(dict.fromkeys(told))


def _tests(condition: Condition) -> Iterator[Compare]:
    return (
        c for c in walk(condition) if isinstance(c, Compare) and not isinstance(c.field, Measure)
    )


def _strange(test: Compare, book: Book, customers: pl.DataFrame) -> Iterator[Notice]:
    name = str(test.field)
    if (
        name not in customers.columns
        or name in book.rules.dimensions
        or customers[name].dtype != pl.String
    ):
        return
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if test.operator in ORDERING and all(isinstance(v, int | float) for v in values):
        number = pl.col(name).str.strip_chars().cast(pl.Float64, strict=False)
        yield from _unlike(name, customers, number, "a number")
    elif test.operator in ORDERING and all(parse_date(v) for v in values):
        yield from _unlike(
            name, customers, pl.col(name).str.strip_chars().str.extract(ISO_DAY), "a date"
        )
    elif test.operator in ("is", "is_not", "none_of"):
        yield from _unknown(name, [v for v in values if isinstance(v, str)], customers[name])


def _unlike(name: str, customers: pl.DataFrame, read: pl.Expr, what: str) -> Iterator[Notice]:
    """A warning when values of a text column cannot be read as what they are compared with."""
    wrong = customers.filter(pl.col(name).is_not_null() & read.is_null())[name]
    if wrong.len():
        shown = listed(wrong.unique().sort().to_list(), most=3)
        who = "1 customer has" if wrong.len() == 1 else f"{wrong.len():,} customers have"
        text = f"{name} is compared as {what}, and {who} none there ({shown}): they never match"
        yield notice("unreadable-value", text)


def _unknown(name: str, values: Sequence[str], column: pl.Series) -> Iterator[Notice]:
    for value in values:
        if not (column == value).any():
            known = column.drop_nulls().unique().sort().head(_MOST_NAMED)
            near = nearest(value, known.to_list())
            text = f'no customer has {name} "{value}"' + (f"; nearest: {near}" if near else "")
            yield notice("unseen-value", text)
