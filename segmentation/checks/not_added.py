"""Cells that sums and means leave out, as they are words, or too large or too small to be added up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from segmentation.checks.doubted_reading import visible
from segmentation.measures.own_numbers import FINEST, LARGEST
from segmentation.messages.errors import Where, agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.messages.privacy import nameable, told_value
from segmentation.rules.measures import Measure
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Rules
from segmentation.scan.not_added import CellsNotAdded
from segmentation.scan.prepare import suppress_names

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

MOST_TOLD = 5


def cells(run: AfterScan) -> Iterator[Notice]:
    """A warning for each column that is added up and has cells that cannot be; an error of suppression."""
    spared = {*run.book.leaves(suppress_names(run.prepared)).values()}
    for one in run.measured.not_added:
        left = _unsaid(one, run)
        if left:
            yield _notice(one, left, run.rules, is_of_suppression=bool(spared & {*one.measures}))


def _unsaid(one: CellsNotAdded, run: AfterScan) -> Mapping[str, int]:
    """Of its cells those that say something, no source declares, and of which nothing is said already."""
    sources = (source for group in run.rules.sources.values() for source in group)
    declared = {word.strip() for source in sources for word in source.values.get(one.column, ())}
    is_said = (one.table, one.column) in run.doubts.unread
    return {
        cell: rows
        for cell, rows in one.counts.items()
        if cell.strip() not in declared and not (is_said and _size(cell) is None)
    }


def _size(cell: str) -> str | None:
    """Of a number that cannot be added up why, in words; None of what is none."""
    try:
        number = abs(float(cell))
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    size = f"beyond {LARGEST:.0e}" if number > 1 else f"below {1 / FINEST:.0e}"
    return f"a number {size}".replace("+", "")


def _notice(
    one: CellsNotAdded, left: Mapping[str, int], rules: Rules, *, is_of_suppression: bool
) -> Notice:
    rows = sum(left.values())
    who = counted(rows, "line" if one.table == "transactions" else "row of events")
    has = agreeing(rows, "has", "have")
    text = f"{one.column} is added up, and {who} {has} something there that cannot be: {_told(one.column, left)}"
    return notice(
        "not-added-up",
        text,
        where=_where(rules, one.measures),
        mend="Mend the data: a sum leaves such cells out.",
        level="error" if is_of_suppression else None,
        is_of_suppression=is_of_suppression,
    )


def _where(rules: Rules, measures: tuple[Measure, ...]) -> Where:
    """The first feature of the rules that is one of some measures."""
    named = (name for name, feature in rules.features.items() if feature in measures)
    first = next(named, None)
    return "" if first is None else rules.where(("features", first))


def _told(column: str, cells: Mapping[str, int]) -> str:
    """Cells with how often they stand there: numbers by their size, words, or shapes of what may not be named."""
    words = {visible(cell): rows for cell, rows in cells.items() if _size(cell) is None}
    may_be_named = len(nameable(column, words, of_customers=False)) == len(words)
    shown: Counter[str] = Counter()
    for cell, rows in cells.items():
        size = _size(cell)
        shown[size or (quoted(visible(cell)) if may_be_named else told_value(visible(cell)))] += (
            rows
        )
    named = [f"{word} ({rows:,})" for word, rows in shown.most_common(MOST_TOLD)]
    more = len(shown) - MOST_TOLD
    return listed([*named, *([f"{more:,} more"] if more > 0 else [])], MOST_TOLD + 1)
