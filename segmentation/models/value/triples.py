"""Purchase histories, compressed: customers who share (x, t_x, T) become one weighted row."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from segmentation.dataclass import dataclass

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Three fields packed into one int64 must stay below this.
PACKED_LIMIT = 2**62


@dataclass(frozen=True, eq=False)
class Triples:
    """Distinct histories in ascending order of (x, T, t_x): one row per history.

    x: repeat orders, whole, ≥ 0. t_x: time from first to last order; T: time from first order to
    the end of observation; both in one unit, 0 ≤ t_x ≤ T. weight: customers with that history.
    Needs at least one row.
    """

    x: FloatArray
    t_x: FloatArray
    T: FloatArray
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def customers(self) -> int:
        """How many customers there are."""
        return int(self.weight.sum())

    @cached_property
    def distinct_x(self) -> tuple[FloatArray, IntArray]:
        """The distinct x and, for each row, its place among them (gammaln is dear, x are few)."""
        values, place = np.unique(self.x, return_inverse=True)
        return values, place.astype(np.int64)


def compress(
    x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, *, step: float = 1.0
) -> Triples:
    """Distinct (x, t_x, T) with their customers, whatever the order of the rows.

    Times are rounded to whole `step`s, T to at least one: with step 7 days to the nearest week.
    """
    orders = _whole(x)
    last = _whole(t_x, step)
    age = np.maximum(_whole(T, step), 1)
    ages, lasts = int(age.max()) + 1, int(last.max()) + 1
    if (int(orders.max()) + 1) * ages * lasts > PACKED_LIMIT:
        raise ValueError("x, t_x and T are too large to pack: are the times in seconds?")
    codes, counts = np.unique((orders * ages + age) * lasts + last, return_counts=True)
    rest, last = np.divmod(codes, lasts)
    orders, age = np.divmod(rest, ages)
    return Triples(
        x=orders.astype(np.float64),
        t_x=last * step,
        T=age * step,
        weight=counts.astype(np.float64),
    )


def _whole(values: npt.ArrayLike, step: float = 1.0) -> IntArray:
    steps: IntArray = np.rint(np.asarray(values, dtype=np.float64) / step).astype(np.int64)
    return steps
