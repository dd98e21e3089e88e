"""Columns that are in every row of the sample what others come to: the arithmetic of what stands beside an amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from typing import Final

from segmentation.sources.columns.contents import Content

SAME: Final = 0.0101  # as two sums are, each of which was rounded
_MOST_TOGETHER: Final = 3  # columns of one kind that are added, or taken off, together


def together(columns: Sequence[Content]) -> Iterator[Sequence[Content]]:
    """One column, or a few, in all ways: the fewest first."""
    most = min(len(columns), _MOST_TOGETHER)
    return chain.from_iterable(combinations(columns, n) for n in range(1, most + 1))


def are_same(one: Content, numbers: Sequence[float | None]) -> bool:
    """Whether a column is in every row what numbers say, where they say any."""
    pairs = [(a, b) for a, b in zip(one.numbers, numbers, strict=True) if b is not None]
    return bool(pairs) and all(a is not None and abs(a - b) <= SAME for a, b in pairs)
