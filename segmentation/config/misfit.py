"""Whether a comparison can be meant, given how the feature's values are held."""

from __future__ import annotations

from segmentation.config.catalogue import Kind
from segmentation.config.conditions import ORDERING, PERCENT, Compare, Scalar
from segmentation.config.wording import describe


#: shares that can lie outside 0 to 1
UNBOUNDED = frozenset({"return_share", "margin_share"})


def misfit(test: Compare, kind: Kind | None) -> str:
    """Why a comparison cannot be meant, or an empty text."""
    if kind is None or test.operator == "missing":
        return ""
    name = test.field if isinstance(test.field, str) else describe(test.field)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if test.operator in PERCENT:
        ranked = kind in ("number", "money", "share", "date")
        return "" if ranked else f"{name} cannot be ranked: it is a {kind}"
    if test.operator in ("contains", "starts_with"):
        return "" if kind == "text" else f"{name} is a {kind}, so it has no text to search"
    if test.operator in ORDERING and kind in ("text", "flag"):
        return f"{name} is a {kind}, so it is neither more nor less than anything"
    wrong = [v for v in values if not _fits(v, kind)]
    if wrong:
        return f"{name} is a {kind}, so it cannot be compared with {wrong[0]!r}"
    if kind == "share" and any(not 0 <= float(v) <= 1 for v in values) and name not in UNBOUNDED:
        return f"{name} lies between 0 and 1; write 30 % as 0.3"
    return ""


def _fits(value: Scalar, kind: Kind) -> bool:
    if kind in ("number", "money", "share"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "date":
        from segmentation.config.rules import parse_date

        return isinstance(value, str) and parse_date(value) is not None
    return isinstance(value, bool) if kind == "flag" else not isinstance(value, bool)
