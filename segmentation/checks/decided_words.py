"""Which texts of a column a `where` has decided about: those that it names, whether it takes them or leaves them out."""

from __future__ import annotations

from collections.abc import Iterable

from segmentation.rules.conditions import Compare, walk
from segmentation.rules.operator_record import Family
from segmentation.sources.columns.recipe import Recipe


def undecided(recipe: Recipe, column: str, texts: Iterable[str]) -> list[str]:
    """The texts that no comparison of the column names; none where what is joined chooses by it.

    `missing` asks of every text: `{missing: false}` says that all of them count.
    """
    if column not in recipe.choosing:
        return [*texts]
    walked = walk(recipe.where) if recipe.where is not None else ()
    tests = [one for one in walked if isinstance(one, Compare) and one.field == column]
    return [t for t in texts if tests and not any(_names(one, t) for one in tests)]


def _names(test: Compare, text: str) -> bool:
    """Whether a text meets a comparison, or what it negates; bounds of numbers name none."""
    is_bound = test.op.family is Family.ORDER
    return not is_bound and bool(test.positive.meets(text))
