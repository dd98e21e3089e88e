"""Comparisons in symbols, `>= 60`, which rules write in words: `{at_least: 60}`."""

from __future__ import annotations

import re
from typing import Any, Final

from segmentation.rules.intended import meant
from segmentation.rules.operators import OPERATORS
from segmentation.rules.prose import plain as as_text
from segmentation.rules.scalars import Scalar, is_number
from segmentation.rules.yaml.faults import excerpt

#: a sign, and what stands behind it: up to a comma that separates, or all of a mapping
COMPARISON: Final = re.compile(
    r"([<>=!]=|=[<>]|[<>=≤≥])[ \t]*(\{[^}\n]*\}|[^\s,}\]#](?:[^,}\]#\n]|,(?=[0-9]))*)?"
)
_OPERATORS: Final = {symbol: one for one in OPERATORS.values() for symbol in one.symbols}
_GROUPED: Final = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{3})+")  # 1.000: one, or a thousand?
_MOST_LETTERS: Final = 40


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
    """How a comparison in symbols is written in words; by an example where rules take no such value."""
    written, operator = in_words(compared), _OPERATORS[compared[1]]
    if written:
        return f"write {written[0]}"
    if (compared[2] or "").startswith("{"):
        return f"leave out {compared[1]}"
    return f"write it in words, with {operator.takes}: {{{operator.name}: 60}}"


def in_words(compared: re.Match[str]) -> tuple[str, Scalar] | None:
    """A comparison as YAML in words, and its value; None where rules take no such value."""
    operator, value = _OPERATORS[compared[1]], _value((compared[2] or "").strip())
    if value is None or not operator.accepts(value):
        return None
    return f"{{{operator.name}: {as_text(value)}}}", value


def _value(text: str) -> Scalar | None:
    """What a text says as a value of a mapping in one line; None where it is unclear."""
    from segmentation.rules.yaml.scalars import SpellingError, plain  # which needs this module

    if len(text) > _MOST_LETTERS or _GROUPED.fullmatch(text):
        return None
    found = meant(text)
    if found is not None:
        return found
    try:
        value = plain(text)
    except SpellingError:
        return None
    is_word = isinstance(value, str) and re.fullmatch(r"\w[\w .-]*", text)
    return value if is_word or isinstance(value, bool) or is_number(value) else None
