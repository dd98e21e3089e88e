"""Why nobody meets a condition: the fewest of its parts that already exclude each other."""

from __future__ import annotations

from dataclasses import replace

from segmentation.rules.conditions import All, Condition
from segmentation.rules.lint.solve import possible
from segmentation.rules.prose import prose
from segmentation.rules.ruleset import Rules


def core(rules: Rules, condition: Condition) -> tuple[Condition, ...]:
    """Parts of an impossible condition of which none can be left out."""
    parts = list(_flat(condition))
    for part in tuple(parts):
        rest = [p for p in parts if p is not part]
        if not possible(rules, *rest):
            parts = rest
    return tuple(parts)


def conflict(rules: Rules, condition: Condition) -> str:
    """The conflict in words: `frequency ≥ 5 and lifecycle is new exclude each other`."""
    parts = [_worded(part) for part in core(rules, condition)]
    if len(parts) == 1:
        return f"{parts[0]} holds for nobody"
    last = " and ".join([", ".join(parts[:-1]), parts[-1]])
    return f"{last} exclude {'each other' if len(parts) == 2 else 'one another'}"


def how_to_mend(rules: Rules, condition: Condition, otherwise: str) -> str:
    """How to mend an impossible condition: people without an order are there only if asked for."""
    everyone = replace(rules, base="everyone")
    without_orders = rules.base != "everyone" and possible(everyone, condition)
    return "Only with base: everyone there are such customers." if without_orders else otherwise


def _worded(part: Condition) -> str:
    text = prose(part)
    return f"({text})" if " or " in text or ", " in text else text


def _flat(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, All):
        return tuple(p for part in condition.parts for p in _flat(part))
    return (condition,)
