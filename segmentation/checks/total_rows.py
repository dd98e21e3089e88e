"""Rows of totals among the sales: who is called `Grand Total`, or as another customer with `Total` behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from segmentation.checks.decided_words import undecided
from segmentation.checks.stops import Input, Stop
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.states import said_of
from segmentation.sources.columns.total_words import is_total, totals_in, without_totals

_MOST_NAMED: Final = 8


def totals(one: Input) -> Iterator[Stop]:
    """A stop for each column of customers in which some are totals of others; a where that names them is the door."""
    found = [] if one.source.missing else totals_in(one.customers)
    for column, asked in _asked(one, found).items():
        counts = said_of(column, one.rows(column)).counts
        here = {text: number for text, number in counts.items() if text.strip() in asked}
        if here:
            yield _stop(column, here, one)


def _asked(one: Input, found: Collection[str]) -> Mapping[str, set[str]]:
    """The file's columns of customers, and the totals that no where names there."""
    asked: dict[str, set[str]] = {}
    for recipe in (part.recipe for part in one.tally.parts):
        for column in recipe.columns.canonical["customer_id"]:
            asked.setdefault(column, set()).update(undecided(recipe, column, found))
    return {column: texts for column, texts in asked.items() if texts}


def _stop(column: str, counts: Mapping[str, int], one: Input) -> Stop:
    tests = without_totals(column, [text.strip() for text in counts])
    rows = sum(counts.values())
    named = [text.strip() for text in counts if is_total(text)]
    others = len(counts) - len(named)
    shown = [
        *named[:_MOST_NAMED],
        *([counted(others, "total") + " of one customer"] if others else []),
    ]
    unless, is_asked = "somebody is called so", one.asks(column)
    path = one.tally.path
    return of_totals(column, shown, rows, tests, path, unless=unless, is_asked=is_asked)


def of_totals(
    column: str,
    shown: Sequence[str],
    rows: int,
    tests: Mapping[str, Any],
    path: str,
    *,
    unless: str,
    is_asked: bool = False,
) -> Stop:
    """The stop for rows that add up others, of which `shown` is told; `tests` leave them out.

    `is_asked` is whether a where asks the column already: it keeps what it says.
    """
    what = (
        f"{column} holds {listed(shown)}: {counted(rows, 'row')} {agreeing(rows, 'adds', 'add')} up others, "
        f"and would count as {agreeing(rows, 'a purchase', 'purchases')}"
    )
    mend = (
        f"Leave them out {'as well, beside what where says, ' if is_asked else ''}under sources: {flow({'where': tests})[1:-1]}. "
        f"Where {unless}: a where on {column} that names them, or {{missing: false}}, is taken."
    )
    return Stop("total-rows", what, path, mend, tests=tests)
