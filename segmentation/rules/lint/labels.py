"""What a label of a dimension says of a customer."""

from __future__ import annotations

from collections.abc import Iterable

from segmentation.rules.conditions import EVERYONE, All, AnyOf, Compare, Condition, Not
from segmentation.rules.dimensions import Grid, Ladder
from segmentation.rules.operators import IS
from segmentation.rules.ruleset import Rules


def is_label(dimension: str, label: str) -> Compare:
    """The condition of having one label."""
    return Compare(dimension, IS.name, label)


def meaning(rules: Rules, dimension: str, label: str) -> Condition:
    """What a label says of a customer; of fitted dimensions nothing is known."""
    found = rules.dimensions[dimension]
    if isinstance(found, Ladder):
        return AnyOf(
            tuple(reached(found, i) for i, (name, _) in enumerate(found.rungs) if name == label)
        )
    if isinstance(found, Grid):
        cells = ((row, column) for row, column, name in found.cells if name == label)
        return AnyOf(
            tuple(All((is_label(found.row, r), is_label(found.column, c))) for r, c in cells)
        )
    return EVERYONE


def reached(ladder: Ladder, rung: int) -> Condition:
    """The condition of getting to a rung and staying there."""
    above: Iterable[Condition] = (Not(condition) for _, condition in ladder.rungs[:rung])
    return All((*above, ladder.rungs[rung][1]))
