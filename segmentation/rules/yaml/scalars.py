"""What an unquoted word says by YAML 1.2, and the spellings that readers of YAML disagree about."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from segmentation.pattern import pattern
from segmentation.rules.yaml.comparisons import COMPARISON, uncomparable
from segmentation.rules.yaml.faults import excerpt

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelling: value
    for word, value in (("true", True), ("false", False))
    for spelling in (word, word.title(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?")
_LEADING_ZERO = pattern(r"[-+]?0[0-9_]+(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?")
_UNDERSCORED = pattern(r"[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?")
_EXPONENT = pattern(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+")
_BASED = pattern(r"[-+]?0(?:x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)")
_UNBOUNDED = pattern(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_SIGNS: Final = frozenset("+-.0123456789<>=!≤≥")  # what numbers and comparisons begin with


class SpellingError(Exception):
    """A plain scalar that is not taken: (what, mend)."""


def plain(text: str, name: str = "") -> Any:
    """The value of an unquoted scalar, `name` its key; raises SpellingError when its spelling is ambiguous."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _SIGNS:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    _check_ambiguous(text, name)
    return text


def _integer(text: str) -> int:
    if len(text) > 20 or abs(number := int(text)) >= 2**63:
        raise SpellingError(
            f"{excerpt(text)} is too large for a number", "quote it if it is a name"
        )
    return number


def _float(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise SpellingError(
            f"{excerpt(text)} is too large for a number", "quote it if it is a name"
        )
    return number


def _check_ambiguous(text: str, name: str) -> None:
    shown, quoted = excerpt(text), f"quote it: '{excerpt(text)}'"
    if _LEADING_ZERO.fullmatch(text):
        raise SpellingError(f"{shown} starts with a zero: is it a number or a name?", quoted)
    if _UNDERSCORED.fullmatch(text):
        what = f"{shown} holds an underscore: is it a number or a name?"
        raise SpellingError(what, f"write {shown.replace('_', '')}, or {quoted}")
    if _EXPONENT.fullmatch(text) or _BASED.fullmatch(text):
        what = f"{shown} is a number to some readers and text to others"
        raise SpellingError(what, f"write the number in full, or {quoted}")
    if _UNBOUNDED.fullmatch(text):
        raise SpellingError(f"{shown} is not a number here", f"leave the bound out, or {quoted}")
    compared = COMPARISON.fullmatch(text)
    if compared and re.fullmatch(r"-?[0-9][0-9.,:-]*%?", compared[2] or ""):
        raise SpellingError(*uncomparable(compared, name))
