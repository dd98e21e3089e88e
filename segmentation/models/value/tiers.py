"""Thresholds that cut predicted value into tiers; tier 1 is the most valuable.

Every method returns the lower edges of all tiers but the last, from the top down: the first i with
value ≥ thresholds[i] puts a customer in tier i + 1, no match in the last. Equal values therefore
always share a tier, whatever the order of the rows. Two equal thresholds mean an empty tier.
Missing values (NaN) are left out; without a positive value there is nothing to cut, and the
result is (). All numbers are added and compared exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import special  # type: ignore[import-untyped]  # SciPy ships no types

from segmentation.models.value.triples import FloatArray, IntArray

Thresholds = tuple[float, ...]
Numbers = npt.NDArray[Any]  # of Float64, Int64 or int

DIGITS_OF_FLOATS: Final = 53  # in base 2
MOST_TOTAL: Final = 2**62  # what 64 bits add up, with some distance
BINS = 1024  # of the log range, where there are more distinct values: edges 0.7 % apart over 1:1000


def cumulative_shares(values: npt.ArrayLike, shares: Sequence[float]) -> Thresholds:
    """Tier 1 is the fewest customers who together bring shares[0] % of the value, and so on.

    Who crosses a boundary belongs to the tier above it. Shares are in % of the total of the
    positive values, and must add up to 100.

    >>> cumulative_shares([40, 20, 15, 10, 5, 4, 3, 2, 1], (50, 30, 15, 5))
    (20, 10, 3)
    """
    limits = _limits(shares)
    ranked = _ranked(values)
    if not len(ranked):
        return ()
    reached = np.cumsum(_addable(ranked))
    needed = [math.ceil(int(reached[-1]) * limit) for limit in limits]
    crossing = np.searchsorted(reached, needed, side="left")
    return _plain(ranked[np.minimum(crossing, len(ranked) - 1)])


def _addable(ranked: Numbers) -> npt.NDArray[Any]:
    """The numbers, or whole multiples of them, in a type that holds their total."""
    if ranked.dtype.kind == "f":
        return _whole_multiples(ranked)
    fits = float(ranked.sum(dtype=np.float64)) < MOST_TOTAL
    return ranked if fits else ranked.astype(object)


def _whole_multiples(ranked: FloatArray) -> npt.NDArray[Any]:
    """Floats times the power of two that makes whole numbers of all of them."""
    part, power = np.frexp(ranked)
    whole = np.ldexp(part, DIGITS_OF_FLOATS).astype(np.int64).astype(object)
    multiples: npt.NDArray[Any] = whole << (power - power.min()).astype(object)
    return multiples


def quantiles(values: npt.ArrayLike, shares: Sequence[float]) -> Thresholds:
    """Tier 1 is the best shares[0] % of the customers with a value, and so on.

    Whoever ties with the last of a tier is in it, so it may be larger than its share.

    >>> quantiles([8, 7, 6, 5, 4, 3, 2, 1], (25, 25, 25, 25))
    (7, 5, 3)
    """
    limits = _limits(shares)
    known = _known(values)
    if not len(known) or known.max() <= 0:
        return ()
    ranked = np.sort(known)[::-1]
    last = [math.ceil(len(ranked) * limit) - 1 for limit in limits]
    return _plain(ranked[last])


def jenks_log(values: npt.ArrayLike, tiers: int) -> Thresholds:
    """Jenks' natural breaks of ln(value): the least squares within tiers, found exactly.

    Values of zero or less fall below every threshold. Above BINS distinct values they are first
    collected in as many bins of the log range. Fewer distinct values than tiers give fewer
    thresholds.

    >>> jenks_log([1000, 900, 100, 90, 10, 9, 1, 1.1], 4)
    (900.0, 90.0, 9.0)
    """
    ranked = _ranked(values)
    if not len(ranked):
        return ()
    lowest, centre, weight = _log_bins(ranked)
    starts = _natural_breaks(centre, weight, min(tiers, len(centre)))
    return _plain(lowest[starts][::-1])


def _limits(shares: Sequence[float]) -> list[Fraction]:
    """Where tiers end, 0-1, the last one's end left out; a share is the number that is written."""
    if len(shares) < 2 or min(shares) <= 0 or abs(sum(shares) - 100) > 1e-9:
        raise ValueError(f"shares must be two or more positive numbers adding to 100: {shares}")
    return [end / 100 for end in accumulate(Fraction(repr(share)) for share in shares[:-1])]


def _known(values: npt.ArrayLike) -> Numbers:
    """The values that are there; whole numbers, of Python too, as they are."""
    array = np.asarray(values)
    if array.dtype.kind in "iO":
        return array
    floats: FloatArray = array.astype(np.float64)
    return floats[~np.isnan(floats)]


def _ranked(values: npt.ArrayLike) -> Numbers:
    """The positive values, largest first."""
    known = _known(values)
    return np.sort(known[known > 0])[::-1]


def _plain(array: Numbers) -> Thresholds:
    return tuple(array.tolist())


def _log_bins(ranked: Numbers) -> tuple[Numbers, FloatArray, FloatArray]:
    """Smallest value, ln at the centre and customers of each bin, smallest first."""
    distinct, counts = np.unique(ranked, return_counts=True)
    logs: FloatArray = special.xlogy(1.0, distinct.astype(np.float64))
    if len(distinct) <= BINS:
        return distinct, logs, counts.astype(np.float64)
    width = (logs[-1] - logs[0]) / BINS
    place = np.minimum((logs - logs[0]) / width, BINS - 1).astype(np.int64)
    bins, first = np.unique(place, return_index=True)
    weight = np.add.reduceat(counts, first).astype(np.float64)
    return distinct[first], logs[0] + (bins + 0.5) * width, weight


def _natural_breaks(centre: FloatArray, weight: FloatArray, tiers: int) -> IntArray:
    """Where tiers 2.. start in ascending centres: Fisher's dynamic programme (1958)."""
    size = len(centre)
    spread = centre - centre[size // 2]
    sums = [np.concatenate([[0.0], np.cumsum(weight * spread**power)]) for power in (0, 1, 2)]
    best = np.full(size + 1, np.inf)
    best[0] = 0.0
    choice = np.zeros((tiers, size + 1), dtype=np.int64)
    for tier in range(tiers):
        step = np.full(size + 1, np.inf)
        for end in range(tier + 1, size + 1):
            n, s, q = (total[end] - total[:end] for total in sums)
            cost = best[:end] + np.maximum(q - s * s / n, 0.0)
            choice[tier, end] = int(np.argmin(cost))
            step[end] = cost[choice[tier, end]]
        best = step
    starts, end = [], size
    for tier in range(tiers - 1, 0, -1):
        end = int(choice[tier, end])
        starts.append(end)
    return np.array(starts[::-1], dtype=np.int64)
