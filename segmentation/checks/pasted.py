"""What is printed to be pasted where a run stops for what only a person decides: one command that decides all of it.

Where a part of it is said by no option, such a command would stop again: then who writes rules is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from segmentation.checks.asked_below import cut_orders
from segmentation.checks.order_amounts import AmountOfOrders
from segmentation.checks.stops import Stop
from segmentation.dataclass import dataclass
from segmentation.messages.command import again
from segmentation.rules.reading.comparisons import together
from segmentation.rules.reading.options import as_map, as_where, source_of
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import Source
from segmentation.rules.word_tests import left_out, none_of
from segmentation.sources import InputCount, Tally
from segmentation.sources.columns.ways import of_init_of

T = TypeVar("T")


@dataclass(frozen=True)
class Undecided:
    """What a run stops for: decisions about rows and amounts, amounts of orders; and its inputs.

    `is_cut` where orders go on below their first row, which no option mends.
    """

    stops: Sequence[Stop]
    amounts: Sequence[AmountOfOrders]
    inputs: Sequence[tuple[Source, Tally, InputCount]]
    is_cut: bool


def pasted(undecided: Undecided, rules: Rules) -> str:
    """The command that decides everything, or the one that writes rules; nothing where the rules name the files."""
    if not rules.adhoc:
        return ""
    options = _options(undecided)
    if options is None and any(stop.is_of_file for stop in undecided.stops):
        return ""
    if options is None:
        way = of_init_of(rules.sources)
        return f"\n  {way}" if way else ""
    command = again(" ".join(options)) if options else ""
    return f"\n  Try: {command}" if command else ""


def _options(undecided: Undecided) -> list[str] | None:
    """The options that decide; None where some stop is decided by none, or sources need different ones."""
    amounts = [one.columns for one in undecided.amounts if one.is_stop]
    is_open = any(not (stop.maps or stop.tests) for stop in undecided.stops) or not all(amounts)
    maps = _of_all([*amounts, *(stop.maps for stop in undecided.stops)])
    tests = _tests([stop.tests for stop in undecided.stops])
    if is_open or undecided.is_cut or maps is None or tests is None:
        return None
    if _cuts_orders(undecided, tests):
        return None
    return [as_map(*one) for one in maps.items()] + [as_where(*one) for one in tests]


def _cuts_orders(undecided: Undecided, tests: Sequence[tuple[str, Any]]) -> bool:
    """Whether rows that are chosen so would be orders cut in two, as only their first rows say what is asked."""
    if not tests:
        return False
    asked = [source_of({"path": "o", "where": {column: test}}).where for column, test in tests]
    for source, tally, count in undecided.inputs:
        where = together([one for one in (source.where, *asked) if one is not None])
        recipes = (replace(part.recipe, where=where) for part in tally.parts)
        parts = tuple(replace(p, recipe=r) for p, r in zip(tally.parts, recipes, strict=True))
        chosen = replace(source, where=where), replace(tally, parts=parts)
        if count.is_small and cut_orders(*chosen) is not None:
            return True
    return False


def _of_all(each: Iterable[Mapping[str, T]]) -> dict[str, T] | None:
    """What all say together; None where they contradict each other."""
    found: dict[str, T] = {}
    for one in each:
        if any(found.get(name, said) != said for name, said in one.items()):
            return None
        found |= one
    return found


def _tests(each: Iterable[Mapping[str, Any]]) -> list[tuple[str, Any]] | None:
    """Each test once, words that are left out of one column together; None where rows are chosen in two ways."""
    found: list[tuple[str, Any]] = []
    without: dict[str, list[str]] = {}
    for column, test in (pair for one in each for pair in one.items()):
        words = left_out(test)
        if words:
            known = without.setdefault(column, [])
            known += [word for word in words if word not in known]
        elif (column, test) not in found:
            found.append((column, test))
    columns = [column for column, _ in found if column != "not"] + [*without]
    if len({*columns}) < len(columns):
        return None
    return [*((column, none_of(words)) for column, words in without.items()), *found]
