"""Sets and their parts that share a number, as `Set ID`: one row costs what the others of its number do together.

No cell says which row is the set. Where a column of the file tells it (its article), that is what a `where` may ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from segmentation.checks.order_rows import AMOUNT, ORDER, are_same, rows_told, telling_columns
from segmentation.checks.rows_twice import names_set
from segmentation.checks.stops import Input, Stop
from segmentation.rules.word_tests import keeping_all, none_of
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.contents import LOOKED_AT
from segmentation.sources.tables import Portion

_FEWEST: Final = 3  # rows of a set and its parts
_MOST_NAMED: Final = 12  # sets in a where
_OF_TEN: Final = 9  # in which the sums are the same


def sets_by_number(one: Input) -> Iterator[Stop]:
    """A stop where rows that share the number of a set are the set and its parts, and both would count."""
    for part in one.tally.parts:
        free = telling_columns(part)
        for column in free:
            if names_set(column) and column not in part.recipe.choosing:
                rows = rows_told(part, free)
                sets = [] if rows is None else _sets(rows, column)
                if rows is not None and sets:
                    yield _stop(one, column, _told_by(rows, sets, _others(part, free, column)))
                    return


def _others(part: Portion, free: Sequence[str], column: str) -> list[str]:
    """The columns that may tell which rows are sets, that of articles first."""
    articles = part.recipe.columns.canonical.get("product_id", ())
    return sorted((c for c in free if c != column), key=lambda c: c not in articles)


def _sets(rows: pl.DataFrame, column: str) -> list[int]:
    """The rows of sets; none where a set of several parts does not cost what these do."""
    groups: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for number, (order, amount, of) in enumerate(rows.select(ORDER, AMOUNT, column).iter_rows()):
        if of and amount is not None:
            groups[(order, of)].append((amount, number))
    several = [sorted(one, reverse=True) for one in groups.values() if len(one) >= _FEWEST]
    same = [one for one in several if are_same(one[0][0], [amount for amount, _ in one[1:]])]
    return [one[0][1] for one in same] if len(same) * 10 >= len(several) * _OF_TEN else []


def _told_by(rows: pl.DataFrame, sets: Sequence[int], columns: Sequence[str]) -> Mapping[str, Any]:
    """A where that leaves the sets out; nothing where no column tells them, or not all rows were looked at."""
    if rows.height >= LOOKED_AT:
        return {}
    numbers = {*sets}
    for column in columns:
        cells = rows[column].to_list()
        theirs = [cells[number] for number in sets]
        others = {cell for number, cell in enumerate(cells) if number not in numbers}
        if all(theirs) and len({*theirs}) <= _MOST_NAMED and others.isdisjoint(theirs):
            return {column: none_of([*dict.fromkeys(theirs)])}
    return {}


def _stop(one: Input, column: str, tests: Mapping[str, Any]) -> Stop:
    what = (
        f"of the rows that share a {column} one costs what the others do together: it is the set, and both would count "
        "as purchases"
    )
    way = f"under sources: {flow({'where': tests})[1:-1]}" if tests else "by a where"
    mend = f"Leave the sets out {way}. Where both are paid, say so: {flow({'where': keeping_all(column)})[1:-1]}."
    return Stop("total-rows", what, one.tally.path, mend, tests=tests)
