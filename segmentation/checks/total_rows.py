"""Rows of totals among the sales: who is called `Grand Total`, or as another customer with `Total` behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from segmentation.checks.stops import Input, Stop
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.states import said_of
from segmentation.sources.columns.total_words import is_total, totals_in, without_totals

_MOST_NAMED: Final = 8


def totals(one: Input) -> Iterator[Stop]:
    """A stop for each column of customers in which some are totals of others; any where on it is the door."""
    found = [] if one.source.missing else totals_in(one.customers)
    for column in _columns(one) if found else ():
        counts = said_of(column, one.rows(column)).counts
        here = {text: number for text, number in counts.items() if text.strip() in found}
        if here:
            yield _stop(column, here, one.tally.path)


def _columns(one: Input) -> list[str]:
    """The file's columns of customers that nobody asked which rows count."""
    recipes = [part.recipe for part in one.tally.parts]
    free = (
        column
        for recipe in recipes
        for column in recipe.columns.canonical["customer_id"]
        if column not in recipe.choosing
    )
    return list(dict.fromkeys(free))


def _stop(column: str, counts: Mapping[str, int], path: str) -> Stop:
    tests = without_totals(column, [text.strip() for text in counts])
    rows = sum(counts.values())
    named = [text.strip() for text in counts if is_total(text)]
    others = len(counts) - len(named)
    shown = [
        *named[:_MOST_NAMED],
        *([counted(others, "total") + " of one customer"] if others else []),
    ]
    return of_totals(column, shown, rows, tests, path, unless="somebody is called so")


def of_totals(
    column: str,
    shown: Sequence[str],
    rows: int,
    tests: Mapping[str, Any],
    path: str,
    *,
    unless: str,
) -> Stop:
    """The stop for rows that add up others, of which `shown` is told; `tests` leave them out."""
    what = (
        f"{column} holds {listed(shown)}: {counted(rows, 'row')} {agreeing(rows, 'adds', 'add')} up others, "
        f"and would count as {agreeing(rows, 'a purchase', 'purchases')}"
    )
    mend = (
        f"Leave them out under sources: {flow({'where': tests})[1:-1]}. "
        f"Where {unless}: any where on {column} is taken."
    )
    return Stop("total-rows", what, path, mend, tests=tests)
