"""How a customer's grains (orders, days, departments) become one value: the overs.

A `Cells` frame has one row per customer and grain; in what order they come decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segmentation.dataclass import dataclass
from segmentation.measures.sorted_numbers import ranks_of, starts_of

CUSTOMER: Final = "__customer"  # the number of a customer within a run, from 0
GRAIN: Final = "__grain"  # the number of a grain: a day, an order, the place of a name


@dataclass(frozen=True)
class Grains:
    """What was folded within the grains that hold something, and what they are called.

    `names` are the texts of grains by number, None where they are days or orders. Numbers are
    worked out when asked for.
    """

    customers: NDArray[np.int64]
    numbered: Callable[[], NDArray[np.int64]]
    values: pl.Series
    names: pl.Series | None
    size: int  # how many customers there are

    def of(self, keep: pl.Series) -> Grains:
        """Those of which a mask is true."""
        if not keep.null_count() and keep.all():
            return self
        at = keep.fill_null(value=False).to_numpy()
        kept = self.values.filter(keep)
        return Grains(self.customers[at], lambda: self.numbers[at], kept, self.names, self.size)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The number of each grain."""
        return self.numbered()

    @cached_property
    def held(self) -> Grains:
        """Those that have a value; of yes and no those with a yes."""
        is_flag = self.values.dtype == pl.Boolean
        return self.of(self.values if is_flag else self.values.is_not_null())

    @cached_property
    def above_zero(self) -> Grains:
        """Those with a value above zero."""
        return self.of(self.values > 0)

    @cached_property
    def largest(self) -> pl.Series:
        """The largest value of each customer."""
        return _extreme("max")(self)

    def by_number(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The order in which each customer's grains ascend, and where customers begin in it."""
        order = np.lexsort((self.numbers, self.customers))
        return order, starts_of(self.customers[order])


@dataclass(frozen=True)
class Over:
    """One way from the grains of a customer to one value; `of` gives a value per customer."""

    name: str
    of: Callable[[Grains], pl.Series]


def _count(grains: Grains) -> pl.Series:
    return pl.Series(np.bincount(grains.customers, minlength=grains.size).astype(np.int64))


def _extreme(name: str) -> Callable[[Grains], pl.Series]:
    def of(grains: Grains) -> pl.Series:
        if grains.values.dtype == pl.Int64:
            return _extreme_of_integers(grains, is_max=name == "max")
        held = pl.DataFrame({CUSTOMER: grains.customers, "value": grains.values})
        value = pl.col("value").max() if name == "max" else pl.col("value").min()
        return _placed(held.group_by(CUSTOMER).agg(value), grains.size)

    return of


def _extreme_of_integers(grains: Grains, *, is_max: bool) -> pl.Series:
    bounds = np.iinfo(np.int64)
    found = np.full(grains.size, bounds.min if is_max else bounds.max)
    scatter = np.maximum if is_max else np.minimum
    scatter.at(found, grains.customers, grains.values.to_numpy())
    some = np.zeros(grains.size, np.bool_)
    some[grains.customers] = True
    return pl.Series(found).set(pl.Series(~some), None)


def placed(customers: NDArray[np.int64], values: pl.Series, size: int) -> pl.Series:
    """Values by the number of the customer; missing for customers without one."""
    at = np.full(size, -1)
    at[customers] = np.arange(len(customers))
    places = pl.Series(at)
    return values.gather(places.set(places < 0, None))


def _placed(found: pl.DataFrame, size: int) -> pl.Series:
    """The second column by the customers' numbers in the first; missing for the others."""
    place, value = found.get_columns()
    return placed(place.to_numpy(), value, size)


def _pick(grains: Grains) -> pl.Series:
    """The name of the grain with the largest value above zero; of equals the first by name."""
    assert grains.names is not None
    largest = grains.largest.fill_null(0).to_numpy()
    best = np.flatnonzero(grains.values.to_numpy() == largest[grains.customers])
    ranks = ranks_of(grains.names.arg_sort().to_numpy())
    nobody = len(ranks)
    first = np.full(grains.size, nobody, np.int64)
    np.minimum.at(first, grains.customers[best], ranks[grains.numbers[best]])
    picked = pl.Series(first)
    return grains.names.sort().gather(picked.set(picked == nobody, None))


def _median_step(grains: Grains) -> pl.Series:
    """The median number of days from one of the customer's days to the next."""
    order, _ = grains.by_number()
    customers, days = grains.customers[order], grains.numbers[order]
    same = customers[1:] == customers[:-1]
    steps = pl.DataFrame({CUSTOMER: customers[1:][same], "step": np.diff(days)[same]})
    return _placed(steps.group_by(CUSTOMER).agg(pl.col("step").median()), grains.size)


def _days(grains: Grains) -> pl.Series:
    order, _ = grains.by_number()
    days = pl.Series(grains.numbers[order]).cast(pl.Int32).cast(pl.Date)
    listed = pl.DataFrame({CUSTOMER: grains.customers[order], "days": days})
    together = listed.group_by(CUSTOMER, maintain_order=True).agg("days")
    places = pl.DataFrame({CUSTOMER: pl.int_range(grains.size, eager=True)})
    return places.join(together, on=CUSTOMER, how="left", maintain_order="left")["days"]


def _first_grain(grains: Grains) -> pl.Series:
    """The value of the customer's first grain that has one."""
    order, starts = grains.by_number()
    at = order[starts]
    firsts = pl.DataFrame({CUSTOMER: grains.customers[at], "value": grains.values.gather(at)})
    return _placed(firsts, grains.size)


COUNT: Final = Over("count", lambda grains: _count(grains.held))
COUNT_ABOVE_ZERO: Final = Over("count above zero", lambda grains: _count(grains.above_zero))
SMALLEST: Final = Over("smallest", lambda grains: _extreme("min")(grains.held))
LARGEST: Final = Over("largest", lambda grains: grains.held.largest)
LARGEST_ABOVE_ZERO: Final = Over("largest above zero", lambda grains: grains.above_zero.largest)
PICK: Final = Over("pick", lambda grains: _pick(grains.above_zero))
MEDIAN_STEP: Final = Over("median step", lambda grains: _median_step(grains.held))
DAYS: Final = Over("days", lambda grains: _days(grains.held))
FIRST_GRAIN: Final = Over("first grain", lambda grains: _first_grain(grains.held))
