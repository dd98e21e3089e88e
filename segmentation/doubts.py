"""What a run should not do in silence: notices about data and rules that look wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import polars as pl

from segmentation.audiences import Audience
from segmentation.config.wording import describe
from segmentation.describe import Book
from segmentation.errors import visible
from segmentation.event_names import found_somebody
from segmentation.notices import Notice, notice
from segmentation.sources import InputCount


def set_aside(inputs: Iterable[InputCount]) -> list[Notice]:
    """A note for every reason that rows of an input are not used for, rejected ones apart."""
    return [
        notice(
            "rows-set-aside",
            f"{visible(c.path)}: {n:,} of {c.rows_read:,} rows are set aside: {reason}",
        )
        for c in inputs
        for reason, n in c.rows_set_aside.items()
    ]


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
