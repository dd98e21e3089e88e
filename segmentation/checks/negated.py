"""The amount of an input with the other sign, as it is written in the rules."""

from __future__ import annotations

from typing import Any

from segmentation.checks.stops import Input
from segmentation.rules.column_specs import PerOrder, formula_or_spec


def negated(one: Input, *, sign: str = "-") -> Any:
    """The amount of an input as what is taken off, or as it is without the sign; None where that is not one formula."""
    declared = one.source.columns.get("amount")
    recipe = one.tally.parts[0].recipe
    plain = formula_or_spec(declared) if declared is not None else None
    if isinstance(plain, str):
        formula = f"{sign}({plain})" if " " in plain else f"{sign}{plain}"
        return {"per_order": formula} if isinstance(declared, PerOrder) else formula
    if declared is not None:
        return None
    names = ("amount",) if recipe.has("amount") else ("quantity", "unit_price")
    return f"{sign}{' * '.join(recipe.source(name) for name in names)}"
