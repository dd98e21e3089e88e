"""The amount of an input with the other sign, as it is written in the rules."""

from __future__ import annotations

from typing import Any

from segmentation.checks.stops import Input
from segmentation.sources.columns.refunds_apart import signed


def negated(one: Input, *, sign: str = "-") -> Any:
    """The amount of an input as what is taken off, or as it is without the sign; None where that is not one formula."""
    recipe = one.tally.parts[0].recipe
    names = ("amount",) if recipe.has("amount") else ("quantity", "unit_price")
    columns = [recipe.source(name) for name in names]
    return signed(one.source.columns.get("amount"), columns, sign)
