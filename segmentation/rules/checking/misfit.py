"""Whether a comparison can be meant, given how the feature's values are held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from segmentation.rules.catalogue import Kind
from segmentation.rules.cell_words import flag
from segmentation.rules.conditions import Compare
from segmentation.rules.intended import meant, share_of, written
from segmentation.rules.operator_record import Family
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
    """How what does not fit is written: true as a text, `'2'` as a number, `'>= 3'` in words; or an example."""
    if kind == "text" and any(isinstance(v, bool) for v in test.values):
        return "Write it in quotes: 'true' or 'false' is a text."
    if kind in (None, "text"):
        return ""
    wrong = [v for v in test.values if not _FITS[kind](v)]
    if test.op.family is Family.SAME and wrong:
        return _as_meant(wrong[0], kind) or EXAMPLES[kind]
    compares = test.op.family in (Family.ORDER, Family.PART)
    return EXAMPLES[kind] if compares and (wrong or kind not in test.op.kinds) else ""


def _as_meant(value: Scalar, kind: Kind) -> str:
    """What a value of another type most likely means, as rules write it; or an empty text."""
    if kind == "flag":
        said = flag(value)
        return "" if said is None else f"Write {str(said).lower()}."
    if not isinstance(value, str):
        return ""
    found = meant(value)
    if found is not None and _FITS[kind](found) and ("%" in value) == (kind == "share"):
        return written(value, found)
    symbols = COMPARISON.fullmatch(value.strip())
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
_A_NUMBER: Final = "Compare it with a number, such as {at_least: 5}."
#: how what is held so is compared; texts are compared with anything
EXAMPLES: Final[Mapping[Kind, str]] = {
    "number": _A_NUMBER,
    "money": _A_NUMBER,
    "share": "Compare it with a number, such as {at_least: 0.3}.",
    "date": "Compare it with a day, such as {at_least: 2026-01-31}.",
    "flag": "Write true or false.",
}
