"""Which values rules can compare with what is held in some way, and within which range of a share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from segmentation.rules.scalars import Scalar, is_number
from segmentation.rules.windows import parse_date

if TYPE_CHECKING:
    from segmentation.rules.catalogue import Kind

#: shares that can lie outside 0 to 1
UNBOUNDED: Final = frozenset({"return_share", "margin_share"})
_FITS: Final[Mapping[Kind, Callable[[Scalar], bool]]] = {
    "number": is_number,
    "money": is_number,
    "share": is_number,
    "date": lambda v: parse_date(v) is not None,
    "flag": lambda v: isinstance(v, bool),
    "text": lambda v: not isinstance(v, bool),
}


def fits(value: Scalar, kind: Kind) -> bool:
    """Whether a value is of a type that what is held so can be compared with.

    >>> fits(2, "number"), fits("2026-01-31", "date"), fits("31.12.2026", "date")
    (True, True, False)
    """
    return _FITS[kind](value)


def is_outside(value: Scalar, kind: Kind, name: object) -> bool:
    """Whether a number is none that a share of this name can have.

    >>> is_outside(1.5, "share", "discount_share"), is_outside(1.5, "share", "return_share")
    (True, False)
    """
    return kind == "share" and name not in UNBOUNDED and not 0 <= float(value) <= 1
