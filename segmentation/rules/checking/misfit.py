"""Whether a comparison can be meant, given how the feature's values are held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from segmentation.rules.catalogue import Kind
from segmentation.rules.cell_words import flag
from segmentation.rules.conditions import Compare
from segmentation.rules.fits import fits, is_outside
from segmentation.rules.intended import is_taken, meant, share_of, written
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import describe, quoted
from segmentation.rules.scalars import Scalar
from segmentation.rules.yaml.comparisons import COMPARISON, in_words

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
    wrong = [v for v in test.values if not fits(v, kind)]
    if wrong:
        return f"is {IN_WORDS[kind]}, so it cannot be compared with {quoted(wrong[0])}"
    outside = [float(v) for v in test.values if is_outside(v, kind, test.field)]
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
    wrong = [v for v in test.values if not fits(v, kind)]
    if test.op.family is Family.SAME and wrong:
        return _as_meant(wrong[0], kind, test.field) or EXAMPLES[kind]
    compares = test.op.family in (Family.ORDER, Family.PART)
    return EXAMPLES[kind] if compares and (wrong or kind not in test.op.kinds) else ""


def _as_meant(value: Scalar, kind: Kind, name: object) -> str:
    """What a value of another type most likely means, as rules write it; or an empty text."""
    if kind == "flag":
        said = flag(value)
        return "" if said is None else f"Write {str(said).lower()}."
    if not isinstance(value, str):
        return ""
    found = meant(value)
    if found is not None and is_taken(value, found, kind, name):
        return written(value, found)
    symbols = COMPARISON.fullmatch(value.strip())
    words = in_words(symbols, kind, name) if symbols else None
    return f"Write {words[0]}." if words else ""


_A_NUMBER: Final = "Compare it with a number, such as {at_least: 5}."
#: how what is held so is compared; texts are compared with anything
EXAMPLES: Final[Mapping[Kind, str]] = {
    "number": _A_NUMBER,
    "money": _A_NUMBER,
    "share": "Compare it with a number, such as {at_least: 0.3}.",
    "date": "Compare it with a day, such as {at_least: 2026-01-31}.",
    "flag": "Write true or false.",
}
