"""What `among`, `base` and thresholds of a former run do to percentages under `suppress`: said where they spare somebody."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from segmentation.customers.cuts import Cuts
from segmentation.customers.describe import BASE, Book
from segmentation.messages.notices import Notice, notice
from segmentation.rules.conditions import Compare, Condition
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import prose
from segmentation.rules.ruleset import Rules


def ranked(
    book: Book, suppress: tuple[Condition, ...], customers: pl.DataFrame, cuts: Cuts
) -> Iterator[Notice]:
    """A note for each percentage that cannot suppress everybody; an error where it can nobody.

    `customers` are described.
    """
    for test in _percentages(book.rules, suppress):
        among = test.among
        inside = customers.height
        if among is not None:
            inside = customers.select(book.compile(among, cuts).sum()).item()
            yield from _among(test, among, inside, customers.height)
        if inside and not customers.select(book.compile(test, cuts).any()).item():
            yield _nobody(test)
        outside = customers.filter(pl.col(BASE).fill_null(0) <= 0).height
        if outside:
            who = (
                "1 customer without an order is"
                if outside == 1
                else (f"{outside:,} customers without an order are")
            )
            text = (
                f"suppress reads {prose(test)}, a percentage of those who ordered: {who} in none "
                "(base: everyone)"
            )
            yield notice("suppress-among", text)


def _nobody(test: Compare) -> Notice:
    text = f"suppress reads {prose(test)}, and nobody reaches its threshold: it suppresses nobody"
    mend = "Does anybody have a value there? Is the threshold (--cuts) of other data?"
    return notice("percent-of-nobody", text, mend=mend, is_of_suppression=True)


def _among(test: Compare, among: Condition, inside: int, every: int) -> Iterator[Notice]:
    whom = f"those with {prose(among)}"
    if not inside:
        text = f"suppress reads {prose(test)}, and nobody is among {whom}: it suppresses nobody"
        yield notice(
            "suppress-among",
            text,
            level="error",
            is_of_suppression=True,
            mend="Check the values of `among`.",
        )
    elif inside < every:
        yield notice(
            "suppress-among",
            f"suppress reads {prose(test)}: {inside:,} of {every:,} customers are among "
            "them, and it suppresses nobody else",
        )


def _percentages(rules: Rules, suppress: tuple[Condition, ...]) -> Iterator[Compare]:
    """The percentages that suppression reads, through personas and dimensions."""
    for part in rules.reached(suppress):
        if isinstance(part, Compare) and part.op.family is Family.RANK:
            yield part
