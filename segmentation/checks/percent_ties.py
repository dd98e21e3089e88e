"""Percentages that match far more than they say: most customers have the same value, such as 0."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.customers.cuts import Cuts
from segmentation.customers.describe import BASE, Book
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.conditions import Compare, Path, walk
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import prose

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation

MOST_TIMES: Final = 2  # a percentage may match twice its share before it is said


def percent_ties(run: AfterAllocation) -> Iterator[Notice]:
    """A warning for each percentage in these personas and dimensions, or in suppression, that ties blow up.

    A percentage is of the buyers (in `among`, where it is given) who have the value; everyone tied
    at the cut is in.
    """
    book, names, cuts = run.book, run.prepared.names, run.cuts
    buyers = run.customers.filter(pl.col(BASE) > 0)
    seen: dict[Compare, Path] = {}
    for path, condition in book.rules.conditions():
        if path[0] == "suppress" or path[1] in names:
            for part in walk(condition):
                if isinstance(part, Compare) and part.op.family is Family.RANK:
                    seen.setdefault(part, path)
    for test, path in seen.items():
        yield from _tied(book, test, path, buyers, cuts)


def _tied(
    book: Book, test: Compare, path: Path, buyers: pl.DataFrame, cuts: Cuts
) -> Iterator[Notice]:
    cut = book.percentile(test)
    if cut not in cuts or cuts[cut] is None or cut.feature not in buyers.columns:
        return
    among = buyers if cut.among is None else buyers.filter(book.compile(cut.among, cuts))
    known = among.filter(pl.col(cut.feature).is_not_null())
    matched = known.filter(book.compile(test, cuts)).height
    share = math.ceil(round(known.height * cut.percent / 100, 9))
    if matched > MOST_TIMES * max(share, 1):
        text = (
            f"{prose(test)} matches {matched:,} of {counted(known.height, 'customer')}, more than "
            "twice its share: many have the same value"
        )
        mend = f"Leave them out (among), or compare with a number. Its share is {share:,}."
        yield notice(
            "percent-ties",
            text,
            where=book.rules.where(test.path or path),
            mend=mend,
            is_of_suppression=path[0] == "suppress",
        )
