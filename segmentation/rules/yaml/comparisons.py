"""Comparisons in symbols, `>= 60`, which rules write in words: `{at_least: 60}`."""

from __future__ import annotations

import re
from typing import Any

from segmentation.rules.operators import OPERATORS
from segmentation.rules.yaml.faults import excerpt

COMPARISON = re.compile(r"([<>=!]=|=[<>]|[<>=≤≥])[ \t]*([^\s,}\]#][^,}\]#\n]*)?")
_OPERATORS = {symbol: one.name for one in OPERATORS.values() for symbol in one.symbols}


def compared_at(text: str, mark: Any) -> re.Match[str] | None:
    """The `>= 60` or `>6` at a mark, which YAML takes for the start of a folded text."""
    found = COMPARISON.match(text, mark.index) if mark else None
    if not found or found[1] not in (">", ">="):
        return None
    return found if found[1] == ">=" or re.match(r"[-+.]?[0-9]", found[2] or "") else None


def uncomparable(compared: re.Match[str]) -> tuple[str, str]:
    """What is wrong with a comparison in symbols, and how to mend it."""
    return f'"{excerpt(compared[0].strip())}" is not how rules compare', worded(compared)


def worded(compared: re.Match[str]) -> str:
    """How a comparison in symbols is written in words."""
    value = excerpt((compared[2] or "").strip()) or "…"
    return f"write {{{_OPERATORS[compared[1]]}: {value}}}"
