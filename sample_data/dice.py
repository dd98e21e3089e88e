"""Seeded chance whose sequence no Python version changes.

Only `Random.random()` is promised to stay the same for ever; `choice`, `shuffle` and the
distributions are not, so the few draws that the sample data needs are made of it here.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")
Span = tuple[int, int]  # whole numbers, both ends included


class Dice:
    def __init__(self, seed: str) -> None:
        self.roll = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        return self.roll() < probability

    def between(self, span: Span) -> int:
        return span[0] + int(self.roll() * (span[1] - span[0] + 1))

    def mostly_low(self, span: Span) -> int:
        """A number of the span, small ones more often: the heavy tail."""
        return span[0] + int(self.roll() ** 2 * (span[1] - span[0] + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.roll() * len(options))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        totals = list(accumulate(weights.values()))
        return list(weights)[bisect_right(totals, self.roll() * totals[-1])]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        return sorted(items, key=lambda _: self.roll())
