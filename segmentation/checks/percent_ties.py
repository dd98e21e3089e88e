"""Percentages that match far more than they say: most customers have the same value, such as 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.customers.cuts import Percentile, Value, held, rank_of
from segmentation.customers.describe import BASE, Book
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.conditions import Compare, Path, walk
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import prose

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation

MOST_TIMES: Final = 2  # a percentage may match twice its share before it is said

#: why a percentage matches more than it says, and what to do about it
_TIES: Final = ("many have the same value", "Leave them out (among), or compare with a number.")
_OF_CUTS: Final = (
    "the threshold of --cuts is that of other customers",
    "Run without --cuts to fit it to these, or compare with a number.",
)


def percent_ties(run: AfterAllocation) -> Iterator[Notice]:
    """A warning for each percentage in these personas and dimensions, or in suppression, that ties blow up.

    A percentage is of the buyers (in `among`, where it is given) who have the value; everyone tied
    at the cut is in.
    """
    book, names = run.book, run.prepared.names
    buyers = run.customers.lazy().filter(pl.col(BASE) > 0)
    seen: dict[Compare, Path] = {}
    for path, condition in book.rules.conditions():
        if path[0] == "suppress" or path[1] in names:
            for part in walk(condition):
                if isinstance(part, Compare) and part.op.family is Family.RANK:
                    seen.setdefault(part, path)
    for test, path in seen.items():
        yield from _tied(run, test, path, buyers)


def _tied(
    run: AfterAllocation, test: Compare, path: Path, buyers: pl.LazyFrame
) -> Iterator[Notice]:
    book, cuts = run.book, run.cuts
    cut = book.percentile(test)
    if cut not in cuts or cuts[cut] is None or cut.feature not in run.customers.columns:
        return
    among = buyers if cut.among is None else buyers.filter(book.compile(cut.among, cuts))
    known = among.filter(pl.col(cut.feature).is_not_null())
    matches = book.compile(test, cuts).sum()
    number, matched = known.select(pl.len(), matches.alias("matched")).collect().row(0)
    share = rank_of(number, cut.percent)
    if matched > MOST_TIMES * share:
        is_of_others = run.known is not None and not _is_of(cut, cuts[cut], known.collect(), book)
        cause, mend = _OF_CUTS if is_of_others else _TIES
        text = (
            f"{prose(test)} matches {matched:,} of {counted(number, 'customer')}, more than "
            f"twice its share: {cause}"
        )
        yield notice(
            "percent-ties",
            text,
            where=book.rules.where(test.path or path),
            mend=f"{mend} Its share is {share:,}.",
            is_of_suppression=path[0] == "suppress",
        )


def _is_of(cut: Percentile, value: Value, customers: pl.DataFrame, book: Book) -> bool:
    """Whether a fit to these customers gives this threshold."""
    kind = book.kind(cut.feature)
    return held(cut.fit(customers, kind), kind) == held(value, kind)  # type: ignore[no-any-return]  # what a column holds
