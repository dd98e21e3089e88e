"""What a text in the place of a number or a date most likely means, as rules write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from segmentation.pattern import pattern
from segmentation.rules.fits import fits, is_outside
from segmentation.rules.operator_record import Operator
from segmentation.rules.scalars import Scalar
from segmentation.rules.windows import parse_date

if TYPE_CHECKING:
    from segmentation.rules.catalogue import Kind

_NUMBER: Final = pattern(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_PERCENTAGE: Final = pattern(r"([0-9]+(?:\.[0-9]+)?) ?%")
_DAYS: Final = pattern(r"([1-9][0-9]*) ?(?:d|days?)")
_DAY_FIRST: Final = pattern(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SLASHED: Final = pattern(r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}")


def mend_of(value: Any, operator: Operator, kind: Kind | None = None, name: object = "") -> str:
    """How a value that an operator does not take is written; empty where it is unclear.

    `kind` is how what is called `name` is held, None where that is not known yet.

    >>> from segmentation.rules.operators import AT_LEAST, TOP_PERCENT
    >>> mend_of("30%", AT_LEAST), mend_of("10%", TOP_PERCENT), mend_of("often", AT_LEAST)
    ('Write 0.3.', 'Write 10.', '')
    >>> mend_of("30%", AT_LEAST, "number"), mend_of("30d", AT_LEAST, "date")
    ('', '')
    """
    is_rank = operator.ranks is not None
    found = meant(value, is_rank=is_rank)
    if found is not None and operator.accepts(found):
        return written(value, found) if is_rank or is_taken(value, found, kind, name) else ""
    is_day = operator.accepts("2026-12-31") and kind in (None, "date")
    if isinstance(value, str) and _SLASHED.fullmatch(value) and is_day:
        return "Write a date as year, month and day: 2026-12-31."
    return ""


def is_taken(text: str, found: Scalar, kind: Kind | None, name: object) -> bool:
    """Whether what a text means can be compared with what is held so; a percentage only with a share.

    >>> is_taken("30%", 0.3, "share", "return_share"), is_taken("150%", 1.5, "share", "discount_share")
    (True, False)
    """
    if kind is None:
        return True
    is_share = kind == "share" or "%" not in text
    return is_share and fits(found, kind) and not is_outside(found, kind, name)


def written(text: str, value: Scalar) -> str:
    """How to write what a text means: a number in quotes without them.

    >>> written("2", 2), written("30d", 30)
    ('Write 2 without quotes.', 'Write 30.')
    """
    return f"Write {value}{' without quotes' if text == str(value) else ''}."


def meant(value: Any, *, is_rank: bool = False) -> Scalar | None:
    """The number or date that a text means; None where it is unclear.

    >>> meant("2"), meant("30 %"), meant("30d"), meant("01.06.2026")
    (2, 0.3, 30, '2026-06-01')
    """
    if not isinstance(value, str):
        return None
    if _NUMBER.fullmatch(value):
        return _plain(value)
    if percentage := _PERCENTAGE.fullmatch(value):
        return _plain(percentage[1]) if is_rank else share_of(float(percentage[1]))
    if days := _DAYS.fullmatch(value):
        return int(days[1])
    if day := _DAY_FIRST.fullmatch(value):
        written = f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"
        return written if parse_date(written) else None
    return None


def share_of(percentage: float) -> float:
    """A percentage as the share that rules write.

    >>> share_of(12.5)
    0.125
    """
    return float(f"{percentage / 100:.10g}")


def _plain(number: str) -> int | float:
    return float(number) if "." in number else int(number)
