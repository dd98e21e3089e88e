"""The scale of money, and the one way in which numbers are rounded: half away from zero.

What lies in the middle is asked of the number as it is written: 5.35115 does, though the float that
stands for it is a little less. So a float is compared with the float of the middle itself, never its
product with a half. What files hold is rounded so by `sources.columns.numbers`, with the same steps
in the same floats: a bound in the rules equals the cell that is written like it.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

PLACES: Final = 4
SHARE_PLACES: Final = 6  # of a share as people read it
SCALE: Final = 10**PLACES  # money is an integer count of 1/10,000 of a currency unit

MOST_WITH_HALVES: Final = 2**51  # beyond it the floats on both sides of a middle may be the same
_PLAIN_TEXT: Final = re.compile(r"-?[0-9]{1,15}\.[0-9]{4}")
_WRITTEN: Final = Context(prec=400, rounding=ROUND_HALF_UP)  # no float has more digits


def on_scale(number: float) -> int:
    """A finite number of currency units in 1/10,000.

    >>> [on_scale(n) for n in (1, 0.00005, -0.00005, 0.00004, 2.00025, 5.35115)]
    [10000, 1, -1, 0, 20003, 53512]
    """
    return number * SCALE if isinstance(number, int) else _half_away(number, SCALE)


def written_on_scale(text: str) -> int:
    """A number of currency units in 1/10,000, as it is written, however many digits it has.

    >>> written_on_scale("0.00005"), written_on_scale("0.0000499999999999999999999")
    (1, 0)
    """
    scaled = Decimal(text).scaleb(PLACES, _WRITTEN)
    return int(scaled.to_integral_value(ROUND_HALF_UP))


def plain(held: int) -> float | str:
    """1/10,000 as JSON has them: a number of currency units, or its text where no float is so exact.

    >>> plain(14_000), plain(99_999_999_999_999_995)
    (1.4, '9999999999999.9995')
    """
    number = held / SCALE
    return number if on_scale(number) == held else f"{Decimal(held).scaleb(-PLACES, _WRITTEN):f}"


def of_plain(value: float | str) -> int:
    """The inverse of `plain`.

    >>> of_plain(1.4), of_plain("9999999999999.9995")
    (14000, 99999999999999995)
    """
    return written_on_scale(value) if isinstance(value, str) else on_scale(value)


def is_plain_text(value: object) -> bool:
    """Whether a value is a text that `plain` could have given."""
    return isinstance(value, str) and _PLAIN_TEXT.fullmatch(value) is not None


def rounded(number: float, places: int) -> float:
    """A finite number with so many places at the most; where it lies in the middle, away from zero.

    >>> rounded(0.125, 2), rounded(1.005, 2), rounded(-2.5, 0), rounded(0.1249, 2)
    (0.13, 1.01, -3.0, 0.12)
    """
    scale: int = 10**places
    return _half_away(number, scale) / scale


def ratio(part: float, whole: float) -> float | None:
    """A share (0-1) to six places; None of nothing."""
    return rounded(part / whole, SHARE_PLACES) if whole > 0 else None


def share_in_percent(share: float, places: int = 1) -> str:
    """A share as people read it, rounded as money is.

    >>> share_in_percent(0.2855), share_in_percent(0.125, 0)
    ('28.6 %', '13 %')
    """
    return f"{rounded(share, places + 2) * 100:.{places}f} %"


def divided(whole: int, by: int) -> int:
    """A whole number divided, as a whole one; where it lies in the middle, away from zero.

    >>> divided(5, 2), divided(-5, 2), divided(7, 3)
    (3, -3, 2)
    """
    size = (2 * abs(whole) + by) // (2 * by)
    return size if whole >= 0 else -size


def _half_away(number: float, times: int) -> int:
    """A number times a whole one, as a whole one."""
    size = abs(number)
    if size * times < MOST_WITH_HALVES:
        below = math.floor(size * times)
        whole = below + (size >= (below + 0.5) / times)
    else:
        part, parts = size.as_integer_ratio()
        whole = divided(part * times, parts)
    return whole if number >= 0 else -whole
