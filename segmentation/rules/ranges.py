"""Sets of numbers as sorted ranges, exact for open and closed ends.

An end is a pair: the value, and 0 where it is included, +1 just above it, -1 just below it. So
ends compare as tuples do, and a range is empty when its low end is above its high end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

End = tuple[float, int]
Range = tuple[End, End]
Ranges = tuple[Range, ...]

LOWEST: Final[End] = (-math.inf, 0)
HIGHEST: Final[End] = (math.inf, 0)
EVERYTHING: Final[Ranges] = ((LOWEST, HIGHEST),)


def point(value: float) -> Range:
    """Just this value."""
    return (value, 0), (value, 0)


def meet(one: Ranges, other: Ranges) -> Ranges:
    """What both hold.

    >>> meet((((1, 0), HIGHEST),), ((LOWEST, (1, -1)), point(3)))
    (((3, 0), (3, 0)),)
    """
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other)
    return tuple(sorted(r for r in pairs if r[0] <= r[1]))


def outside(ranges: Iterable[Range]) -> Ranges:
    """What none of them holds.

    >>> outside([point(1)])
    (((-inf, 0), (1, -1)), ((1, 1), (inf, 0)))
    """
    found, low = [], LOWEST
    for start, end in sorted(ranges):
        if start > LOWEST and low <= _before(start):
            found.append((low, _before(start)))
        low = max(low, _after(end))
    return tuple([*found, (low, HIGHEST)] if low < HIGHEST else found)


def _before(end: End) -> End:
    return end[0], end[1] - 1


def _after(end: End) -> End:
    return end[0], end[1] + 1


def whole(ranges: Ranges) -> Ranges:
    """The ranges narrowed to whole numbers.

    >>> whole((((2, 1), (3, -1)), ((4.5, 0), HIGHEST)))
    (((5, 0), (inf, 0)),)
    """
    narrowed = ((_up(low), _down(high)) for low, high in ranges)
    return tuple(r for r in narrowed if r[0] <= r[1])


def _up(end: End) -> End:
    value, side = end
    if math.isinf(value):
        return end
    return (math.floor(value) + 1 if side > 0 else math.ceil(value)), 0


def _down(end: End) -> End:
    value, side = end
    if math.isinf(value):
        return end
    return (math.ceil(value) - 1 if side < 0 else math.floor(value)), 0
