"""Rungs that no customer reaches, and labels that none can get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from segmentation.notices import Notice
from segmentation.rules.conditions import EVERYONE
from segmentation.rules.dimensions import Grid, Ladder
from segmentation.rules.lint.conflict import conflict, how_to_mend
from segmentation.rules.lint.finding import found
from segmentation.rules.lint.labels import is_label, reached
from segmentation.rules.lint.solve import implies, possible
from segmentation.rules.prose import prose
from segmentation.rules.ruleset import Rules

RUNG: Final = "unreachable-rung"


def unreachable_rungs(rules: Rules) -> Iterator[Notice]:
    """A finding for each rung and each label of a grid that nobody gets."""
    for name, dimension in rules.dimensions.items():
        if isinstance(dimension, Ladder):
            for i in range(len(dimension.rungs)):
                if not possible(rules, reached(dimension, i)):
                    yield _rung(rules, name, dimension, i)
        elif isinstance(dimension, Grid):
            yield from _labels(rules, name, dimension)


def _rung(rules: Rules, name: str, ladder: Ladder, at: int) -> Notice:
    label, condition = ladder.rungs[at]
    path = ("dimensions", name, at, label)
    head = f'dimension "{name}": no customer reaches the rung "{label}"'
    if condition == EVERYONE:
        return found(rules, RUNG, path, f"{head}: the rungs above it have everyone",
                     "Narrow one of them, or leave this label out of your conditions.", key=True,
                     level="warn")  # fmt: skip
    if not possible(rules, condition):
        return found(rules, RUNG, path, f"{head}: {conflict(rules, condition)}",
                     how_to_mend(rules, condition, "Change its condition, or remove it."), key=True)  # fmt: skip
    above = [(n, c) for n, c in ladder.rungs[:at] if implies(rules, condition, c)]
    taken = f'"{above[0][0]}"' if above else "a rung above it"
    return found(rules, RUNG, path, f"{head}: whoever has {prose(condition)} is in {taken} already",
                 f"Move it {f'above {taken}' if above else 'up'}, or remove it.", key=True)  # fmt: skip


def _labels(rules: Rules, name: str, grid: Grid) -> Iterator[Notice]:
    for label in grid.labels:
        if not possible(rules, is_label(name, label)):
            yield found(rules, "unreachable-label", ("dimensions", name, "grid"),
                        f'dimension "{name}": no customer can get the label "{label}"',
                        f"{grid.row} and {grid.column} exclude each other wherever it stands.")  # fmt: skip
