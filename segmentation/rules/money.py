"""The scale of money, and the one way in which numbers are rounded to it: half away from zero.

What files hold is rounded so by `sources.columns.numbers`, with the same steps in the same floats:
a bound in the rules equals the cell that is written like it.
"""

from __future__ import annotations

import math
from typing import Final

SCALE: Final = 10_000  # money is an integer count of 1/10,000 of a currency unit


def on_scale(number: float) -> int:
    """A finite number of currency units in 1/10,000.

    >>> [on_scale(n) for n in (1, 0.00005, -0.00005, 0.00004, 2.00025)]
    [10000, 1, -1, 0, 20003]
    """
    return number * SCALE if isinstance(number, int) else _half_away(number * SCALE)


def rounded(number: float, places: int) -> float:
    """A finite number with so many places at the most; where it lies in the middle, away from zero.

    >>> rounded(0.125, 2), rounded(-2.5, 0), rounded(0.1249, 2)
    (0.13, -3.0, 0.12)
    """
    scale = 10.0**places
    return _half_away(number * scale) / scale


def _half_away(number: float) -> int:
    size = math.floor(abs(number))
    size += abs(number) - size >= 0.5  # exact, where adding a half first would not be
    return size if number >= 0 else -size
