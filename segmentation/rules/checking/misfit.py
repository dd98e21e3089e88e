"""Whether a comparison can be meant, given how the feature's values are held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import Compare
from segmentation.rules.intended import meant, share_of, written
from segmentation.rules.prose import describe, quoted
from segmentation.rules.scalars import Scalar, is_number
from segmentation.rules.windows import parse_date
from segmentation.rules.yaml.comparisons import COMPARISON, in_words

#: shares that can lie outside 0 to 1
UNBOUNDED: Final = frozenset({"return_share", "margin_share"})
#: how values are held, in words
IN_WORDS: Final[dict[Kind, str]] = {
    "number": "a number",
    "money": "an amount of money",
    "share": "a share",
    "date": "a date",
    "text": "a text",
    "flag": "true or false",
}


def misfit(test: Compare, kind: Kind | None) -> str:
    """Why a comparison cannot be meant, or an empty text."""
    if kind is None:
        return ""
    name = test.field if isinstance(test.field, str) else describe(test.field)
    if kind not in test.op.kinds:
        return f"{name} {test.op.misfit.format(kind=IN_WORDS[kind])}"
    said = _value_misfit(test, kind) if test.op.takes_values else ""
    return f"{name} {said}" if said else ""


def _value_misfit(test: Compare, kind: Kind) -> str:
    wrong = [v for v in test.values if not _FITS[kind](v)]
    if wrong:
        return f"is {IN_WORDS[kind]}, so it cannot be compared with {quoted(wrong[0])}"
    if kind != "share" or test.field in UNBOUNDED:
        return ""
    outside = [float(v) for v in test.values if not 0 <= float(v) <= 1]
    return f"lies between 0 and 1{_as_share(outside[0])}" if outside else ""


def _as_share(value: float) -> str:
    """How a percentage is written, if the value can be one: `; write 30 % as 0.3`."""
    return f"; write {value:g} % as {share_of(value):g}" if 1 < value <= 100 else ""


def mending(test: Compare, kind: Kind | None) -> str:
    """How a value that does not fit is written: true as a text, `'2'` as a number, `'>= 3'` in words."""
    if kind == "text" and any(isinstance(v, bool) for v in test.values):
        return "Write it in quotes: 'true' or 'false' is a text."
    if kind in (None, "text") or not isinstance(test.value, str):
        return ""
    value = meant(test.value)
    if value is not None and _FITS[kind](value) and ("%" in test.value) == (kind == "share"):
        return written(test.value, value)
    symbols = COMPARISON.fullmatch(test.value.strip())
    words = in_words(symbols) if symbols else None
    return f"Write {words[0]}." if words and _FITS[kind](words[1]) else ""


_FITS: Final[dict[Kind, Callable[[Scalar], bool]]] = {
    "number": is_number,
    "money": is_number,
    "share": is_number,
    "date": lambda v: parse_date(v) is not None,
    "flag": lambda v: isinstance(v, bool),
    "text": lambda v: not isinstance(v, bool),
}
