"""Whether a customer is late for this customer: gaps between order days, and when lateness tells.

The gap to expect shrinks a customer's own gaps to everybody's, as if PRIOR more gaps of the
typical length had been seen:

    expected_gap_days = expm1((Σ ln(1 + own gap) + PRIOR · mean ln(1 + gap of all)) / (n + PRIOR))
    overdue_ratio     = recency_days ÷ max(expected_gap_days, 1)

Thresholds are order statistics of the ratio at which past orders came, each against the gaps
before it: a customer whose silence is longer than 95 % of the silences that ended is churned.
Silences that have not ended are not in there, so thresholds come early rather than late.

Logarithms are added as whole multiples of 2⁻³², so that no sum depends on the order of anything.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import special  # type: ignore[import-untyped]  # SciPy ships no types

from segmentation.dataclass import dataclass
from segmentation.rules.scalars import is_number, is_texts

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PRIOR: Final = (
    5  # gaps; of .5, 1, 2, 3, 5 and 10 the larger ranked returns better, if only a little
)
ONE: Final = 2.0**32
LATE, LOST = 0.8, 0.95  # shares of past returns that came earlier
FEWEST: Final = 30  # returns: fewer do not show where the last 5 % begin
FALLBACK: Final = (3.0, 6.0)  # ratios, about what Online Retail II gives
LARGEST: Final = sys.float_info.max
FIELDS: Final = pl.Struct(
    {
        "expected_gap_days": pl.Float64,
        "overdue_ratio": pl.Float64,
        "gaps": pl.Int64,
        "last_gap_days": pl.Float64,
        "last_ratio": pl.Float64,
    }
)


@dataclass(frozen=True)
class Cadence:
    """What is learnt from all customers; None where nobody has ordered on two days.

    mean_log_gap: mean ln(1 + gap in days) over all gaps. late_ratio, lost_ratio: overdue ratios
    above which a customer is at risk, or churned. late_days, lost_days: the same for customers
    with one order day, in days since it. gaps, returns: how many gaps, and gaps after the first
    of a customer, that rests on.
    """

    mean_log_gap: float | None
    late_ratio: float | None
    lost_ratio: float | None
    late_days: float | None
    lost_days: float | None
    gaps: int
    returns: int
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON types only."""
        return {**asdict(self), "notes": list(self.notes)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Cadence:
        """The inverse of `to_json`. Raises KeyError or TypeError on anything else."""
        found = cls(**{**value, "notes": tuple(value["notes"])})
        learnt = (
            found.mean_log_gap,
            found.late_ratio,
            found.lost_ratio,
            found.late_days,
            found.lost_days,
        )
        is_nothing = all(number is None for number in learnt)
        if not is_nothing and not all(is_number(n) and 0 <= n <= LARGEST for n in learnt):
            raise TypeError("the cadence holds something that is no number")
        if not all(type(count) is int and count >= 0 for count in (found.gaps, found.returns)):
            raise TypeError("the cadence counts something that is no whole number")
        if not is_texts(value["notes"]):
            raise TypeError("the notes of the cadence are no texts")
        return found


@dataclass(frozen=True, eq=False)
class Gaps:
    """The gaps of some customers in days: flat, each customer's in a row and in order of time.

    first: where a customer's gaps start; number: how many there are; place: of each gap among the
    customer's own, from 0; before: the sum of the logarithms of the customer's earlier gaps, and
    total: of all of them, in units of 1/ONE.
    """

    days: IntArray
    first: IntArray
    number: IntArray
    place: IntArray
    before: IntArray
    total: IntArray


def gaps_of(order_days: pl.Series) -> Gaps:
    """The gaps of customers from their order days (lists of dates, ascending; missing = none)."""
    sizes = order_days.list.len().fill_null(0).cast(pl.Int64).to_numpy()
    some = order_days.filter(pl.Series(sizes > 0))
    flat = some.explode().cast(pl.Date).to_physical().cast(pl.Int64).to_numpy()
    ends = np.cumsum(sizes[sizes > 0])
    days = np.delete(np.diff(flat), ends[:-1] - 1) if len(ends) else np.zeros(0, np.int64)
    number: IntArray = np.maximum(sizes - 1, 0)
    first: IntArray = np.cumsum(number) - number
    logs = _logs(int(days.max(initial=0)))[days]
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(logs)])
    start = np.repeat(first, number)
    return Gaps(
        days=days,
        first=first,
        number=number,
        place=np.arange(len(days)) - start,
        before=running[:-1] - running[start],
        total=running[first + number] - running[first],
    )


def fit(order_days: pl.Series) -> Cadence:
    """The Cadence of a whole base: one list of order days per customer, in any order."""
    gaps = gaps_of(order_days)
    count = len(gaps.days)
    if not count:
        note = "nobody has ordered on two days, so nobody can be late: all are new"
        return Cadence(None, None, None, None, None, 0, 0, (note,))
    mean = int(gaps.total.sum()) / count / ONE
    again = gaps.place > 0
    expected = _expected(gaps.before[again], gaps.place[again], mean)
    ratios = gaps.days[again] / np.maximum(expected, 1.0)
    firsts = gaps.days[~again].astype(np.float64)
    enough = len(ratios) >= FEWEST
    late, lost = (_at(ratios, LATE), _at(ratios, LOST)) if enough else FALLBACK
    notes = (
        () if enough and len(firsts) >= FEWEST else (_few(len(firsts), len(ratios), enough=enough),)
    )
    return Cadence(mean, late, lost, _at(firsts, 0.5), _at(firsts, LOST), count, len(ratios), notes)


def apply(order_days: pl.Series, recency_days: pl.Series, cadence: Cadence) -> pl.Series:
    """FIELDS of each customer, one at a time: missing without an order, or without a cadence."""
    gaps = gaps_of(order_days)
    recency = recency_days.cast(pl.Float64).to_numpy()
    known = np.flatnonzero(~np.isnan(recency) & order_days.is_not_null().to_numpy())
    last = (gaps.first + gaps.number - 1)[gaps.number > 0]
    came = {name: np.full(len(recency), np.nan) for name in FIELDS.to_schema()}
    came["gaps"] = gaps.number.astype(np.float64)
    came["last_gap_days"][gaps.number > 0] = gaps.days[last]
    if cadence.mean_log_gap is not None:
        mean = cadence.mean_log_gap
        expected = _expected(gaps.total[known], gaps.number[known], mean)
        came["expected_gap_days"][known] = expected
        came["overdue_ratio"][known] = recency[known] / np.maximum(expected, 1.0)
        then = np.maximum(_expected(gaps.before[last], gaps.place[last], mean), 1.0)
        came["last_ratio"][gaps.number > 0] = gaps.days[last] / then
    columns = [
        pl.Series(n, v, nan_to_null=True).cast(FIELDS.to_schema()[n]) for n, v in came.items()
    ]
    return pl.DataFrame(columns).to_struct(order_days.name)


def _expected(total: IntArray, number: IntArray, mean: float) -> FloatArray:
    logs: FloatArray = (total / ONE + PRIOR * mean) / (number + PRIOR)
    return np.asarray(special.expm1(logs), dtype=np.float64)


def _logs(longest: int) -> IntArray:
    """ln(1 + gap) of every gap from 0 to the longest, in units of 1/ONE."""
    logs = special.log1p(np.arange(longest + 1, dtype=np.float64)) * ONE
    return np.asarray(np.rint(logs), dtype=np.int64)


def _at(values: FloatArray, share: float) -> float:
    """The order statistic at a share: the smallest value that this share does not exceed."""
    rank = max(math.ceil(round(len(values) * share, 9)), 1) - 1
    return float(np.partition(values, rank)[rank])


def _few(firsts: int, returns: int, *, enough: bool) -> str:
    used = (
        "" if enough else f"; ratios of {FALLBACK[0]:g} and {FALLBACK[1]:g} are used for the rest"
    )
    return (
        f"only {firsts:,} customers came back at all, and {returns:,} orders came later than that "
        f"(fewer than {FEWEST}), so the stages are a rough guess{used}"
    )
