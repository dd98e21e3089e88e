"""Comparisons in symbols, `>= 60`, which rules write in words: `{at_least: 60}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from segmentation.rules.catalogue import CATALOGUE, Kind
from segmentation.rules.intended import is_taken, meant
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
_KEY_BEFORE: Final = re.compile(r"([a-z][\w.-]*)[\"']?[ \t]*:[ \t]*$")
#: a value for what takes not just any number
_EXAMPLES: Final[Mapping[Kind | None, str]] = {"date": "2026-01-31", "share": "0.3"}


def compared_at(text: str, mark: Any) -> re.Match[str] | None:
    """The `>= 60` or `>6` at a mark, which YAML takes for the start of a folded text."""
    found = COMPARISON.match(text, mark.index) if mark else None
    if not found or found[1] not in (">", ">="):
        return None
    return found if found[1] == ">=" or re.match(r"[-+.]?[0-9]", found[2] or "") else None


def uncomparable(compared: re.Match[str], name: str = "") -> tuple[str, str]:
    """What is wrong with a comparison in symbols beside a name, and how to mend it."""
    return f'"{excerpt(compared[0].strip())}" is not how rules compare', worded(compared, name)


def worded(compared: re.Match[str], name: str = "") -> str:
    """How a comparison in symbols is written in words; by an example where rules take no such value."""
    feature = CATALOGUE.find(name or _name_before(compared))
    kind, called = (None, "") if feature is None else (feature.kind, feature.name)
    written, operator = in_words(compared, kind, called), _OPERATORS[compared[1]]
    if written:
        return f"write {written[0]}"
    if (compared[2] or "").startswith("{"):
        return f"leave out {compared[1]}"
    example = _EXAMPLES.get(kind, "60")
    return f"write it in words, with {operator.takes}: {{{operator.name}: {example}}}"


def _name_before(compared: re.Match[str]) -> str:
    """The key of the mapping in whose line a comparison stands."""
    found = _KEY_BEFORE.search(compared.string[: compared.start()].rpartition("\n")[2])
    return found[1] if found else ""


def in_words(
    compared: re.Match[str], kind: Kind | None = None, name: object = ""
) -> tuple[str, Scalar] | None:
    """A comparison as YAML in words, and its value; None where rules take no such value.

    `kind` is how what is called `name` is held, None where that is not known.
    """
    operator, text = _OPERATORS[compared[1]], (compared[2] or "").strip()
    value = _value(text)
    if value is None or not operator.accepts(value) or not is_taken(text, value, kind, name):
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
