"""Numbers in an order: where each begins, what is added up of neighbours, and places in the order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Values = NDArray[Any]


def starts_of(values: Values) -> Ints:
    """Where a value begins among those that stand side by side when they are equal."""
    is_first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


def sums_up_to(values: Values, ends: Ints) -> Values:
    """The sum of the values up to each end, from the end before: differences of running totals."""
    totals = np.cumsum(values).take(ends)
    sums: Values = totals.copy()
    sums[1:] -= totals[:-1]
    return sums


def ranks_of(order: Ints) -> Ints:
    """The place of each in an order of all."""
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
