"""What one part holds of pairs of customer and grain, where grains are too many for arrays.

A pair and the sum that it has are one integer of 64 bits: integers are sorted several times as fast as
they are hashed, and nothing else is held. Where they do not fit they are held by groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segmentation.dataclass import dataclass
from segmentation.measures.arrays import (
    BOUND,
    Places,
    Schema,
    Values,
    can_hold,
    largest,
)
from segmentation.measures.cells import MOST_WAITING, Cells
from segmentation.measures.grains import CUSTOMER, GRAIN
from segmentation.measures.parts import Part
from segmentation.measures.sorted_numbers import starts_of, sums_up_to

Packed = NDArray[np.uint64]
_WIDTH: Final = 64
_MOST_BITS: Final = 62  # of a grain or a sum: both are numbers with a sign when they are apart
_LEAST: Final = -(1 << 63)
_CENT: Final = 100  # amounts in 1/10,000 mostly are whole cents
_AT_ONCE: Final = 1 << 17  # pairs that are looked at: they stay close to the processor


def can_pair(part: Part, schema: Schema) -> bool:
    """Whether a part asks yes or no, or adds up whole numbers."""
    is_sum = part.fold.scatter == "add" and can_hold(part, schema)
    return part.fold.is_flag or (
        is_sum and (part.value is None or schema[part.valued].is_integer())
    )


@dataclass(frozen=True)
class Span:
    """What the numbers of some pairs lie between."""

    customer: int  # the highest
    low: int  # of the grains
    high: int
    furthest: int  # of the numbers that came and of the sums that are held, from 0

    @classmethod
    def of(cls, customers: Places, grains: Places, sums: Values | None) -> Span:
        """The span of at least one pair."""
        furthest = 0 if sums is None else largest(sums)
        return cls(int(customers.max()), int(grains.min()), int(grains.max()), furthest)

    def and_of(self, other: Span) -> Span:
        """The span of both."""
        return Span(
            max(self.customer, other.customer),
            min(self.low, other.low),
            max(self.high, other.high),
            max(self.furthest, other.furthest),
        )


@dataclass(frozen=True)
class Layout:
    """How a pair and its sum are one integer: customer, grain above `first`, sum in `unit`s above `-half`."""

    of_customer: int  # bits
    of_grain: int
    of_sum: int
    first: int
    unit: int

    @classmethod
    def wide(cls, span: Span, unit: int | None) -> Layout | None:
        """One with room for more than a span, or just for it; None where there is none. No sums: no unit."""
        return cls._made(span, unit, spare=1) or cls._made(span, unit, spare=0)

    @classmethod
    def _made(cls, span: Span, unit: int | None, spare: int) -> Layout | None:
        of_customer = span.customer.bit_length() + spare
        of_grain = (span.high - span.low).bit_length() + spare
        left = min(_WIDTH - of_customer - of_grain, _MOST_BITS)
        needed = 0 if unit is None else (span.furthest // unit).bit_length() + 1 + spare
        if left < needed or of_grain > _MOST_BITS:
            return None
        first = max(span.low - ((1 << of_grain) - 1 - (span.high - span.low)) // 2, _LEAST)
        return cls(of_customer, of_grain, 0 if unit is None else left, first, unit or 1)

    @property
    def half(self) -> int:
        """No sum is so many units from 0."""
        return 1 << self.of_sum >> 1

    def holds(self, span: Span) -> bool:
        """Whether every number of a span has room."""
        is_pair = span.customer >> self.of_customer == 0 and span.low >= self.first
        is_grain = span.high - self.first < 1 << self.of_grain
        return is_pair and is_grain and (not self.of_sum or span.furthest // self.unit < self.half)

    def packed(self, customers: Places, grains: Places, sums: Values | None) -> Packed:
        """Pairs as integers that ascend as they do."""
        made: NDArray[Any] = customers << self.of_grain
        made |= grains - self.first
        if sums is not None:
            made <<= self.of_sum
            made |= (sums // self.unit if self.unit > 1 else sums) + self.half
        return made.view(np.uint64)

    def pairs(self, packed: Packed) -> Packed:
        """The pair of each, as one integer."""
        return packed >> np.uint64(self.of_sum)

    def sums(self, packed: Packed) -> Places:
        """The sum of each, in units."""
        found = (packed & np.uint64((1 << self.of_sum) - 1)).view(np.int64)
        found -= self.half
        return found

    def apart(self, packed: Packed) -> tuple[Places, Places, Places | None]:
        """The customers, the grains and the sums."""
        pairs = self.pairs(packed)
        grains = (pairs & np.uint64((1 << self.of_grain) - 1)).view(np.int64)
        grains += self.first
        sums = self.sums(packed) * self.unit if self.of_sum else None
        return (pairs >> np.uint64(self.of_grain)).view(np.int64), grains, sums


class Pairs:
    """The pairs of customer and grain of which one part says yes, or the sum of each."""

    way = "sorted pairs"

    def __init__(self, part: Part) -> None:
        self.part, self._is_sum = part, not part.fold.is_flag
        self._layout: Layout | None = None
        self._span: Span | None = None
        self._sorted: Packed = np.zeros(0, np.uint64)  # each pair once
        self._waiting: list[Packed] = []
        self._number = 0
        self._total = 0  # no sum is further from 0
        self._groups: Cells | None = None  # where they do not fit an integer

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever added."""
        if self._groups is not None:
            return self._groups.is_empty
        return not (len(self._sorted) or self._waiting)

    def add(self, rows: pl.DataFrame) -> None:
        """Add partial results: CUSTOMER, GRAIN, and true or a sum for each."""
        value = pl.col(self.part.carried)
        kept = rows.filter(value.is_not_null() if self._is_sum else value.fill_null(value=False))
        if kept.schema[self.part.carried] == pl.Int128:
            self._to_groups().add(kept.select(CUSTOMER, GRAIN, self.part.carried))
            return
        sums = kept[self.part.carried].to_numpy() if self._is_sum else None
        self.take(kept[CUSTOMER].to_numpy(), kept[GRAIN].to_numpy(), sums)

    def take(self, customers: Places, grains: Places, numbers: Values | None = None) -> None:
        """Add a pair of each two numbers, and what is to be added up of each (None: 1)."""
        if not len(grains):
            return
        sums = None
        if self._is_sum:
            ones = np.ones(len(grains), np.int64)
            sums = ones if numbers is None else numbers.astype(np.int64, copy=False)
        if self._groups is None and self._has_room(customers, grains, sums):
            assert self._layout is not None
            self._waiting.append(self._layout.packed(customers, grains, sums))
            self._number += len(grains)
            if self._number > max(MOST_WAITING, 2 * len(self._sorted)):
                self._sort()
        else:
            self._to_groups().add(self._frame(customers, grains, sums))

    def _has_room(self, customers: Places, grains: Places, sums: Values | None) -> bool:
        """Whether pairs fit an integer, in a layout that is made for them if it must."""
        own = Span.of(customers, grains, sums)
        self._total += own.furthest * len(grains)
        span = own if self._span is None else own.and_of(self._span)
        cents = sums is not None and not (sums % _CENT).any()
        layout = self._layout
        if layout is not None and layout.holds(own) and (cents or layout.unit == 1):
            self._span = span
            return self._total < BOUND
        unit = None if sums is None else _CENT if cents and (not layout or layout.unit > 1) else 1
        return self._total < BOUND and self._lay_out(span, unit)

    def _lay_out(self, span: Span, unit: int | None) -> bool:
        """Put all that is held into a layout for a span; no where there is none."""
        layout = Layout.wide(span, unit)
        if layout is None:
            return False
        if self._layout is not None:
            self._sorted = layout.packed(*self._layout.apart(self._sorted))
            self._waiting = [layout.packed(*self._layout.apart(one)) for one in self._waiting]
        self._layout, self._span = layout, span
        return True

    def _sort(self) -> None:
        """Put the pairs that wait among the others."""
        packed = np.concatenate([self._sorted, *self._waiting])
        self._waiting, self._number = [], 0
        packed.sort()
        self._sorted = packed
        if self._layout is None:
            return
        if not self._is_sum:
            self._sorted = packed[starts_of(packed)]
            return
        self._add_up()

    def _add_up(self) -> None:
        """Make one of equal pairs; their sum is held from now on, and no layout may be too narrow for it."""
        while self._layout is not None and self._span is not None:
            self._sorted, furthest = _added_up(self._sorted, self._layout)
            span = replace(self._span, furthest=max(self._span.furthest, furthest))
            if self._layout.holds(span):
                self._span = span
                return
            if not self._lay_out(span, self._layout.unit):
                self._to_groups()
                return

    def _to_groups(self) -> Cells:
        """Leave integers: all pairs are held by groups from now on."""
        if self._groups is None:
            self._groups = Cells([self.part])
            for packed in (self._sorted, *self._waiting):
                if self._layout is not None and len(packed):
                    self._groups.add(self._frame(*self._layout.apart(packed)))
            self._sorted, self._waiting = self._sorted[:0], []
        return self._groups

    def _frame(self, customers: Places, grains: Places, sums: Values | None) -> pl.DataFrame:
        value = pl.lit(value=True) if sums is None else pl.lit(pl.Series(sums))
        pairs = pl.DataFrame({CUSTOMER: customers, GRAIN: grains})
        return pairs.with_columns(value.alias(self.part.carried))

    def settle(self) -> bool:
        """Sort what waits; whether all pairs are sorted integers."""
        if self._waiting:
            self._sort()
        return self._groups is None

    def pieces(self) -> Iterator[tuple[Places, Places, Places | None]]:
        """Customers, grains and sums in the order of customers, each customer in one piece."""
        if self._layout is not None:
            layout = self._layout
            for piece in _pieces(self._sorted, layout.of_sum + layout.of_grain):
                yield layout.apart(piece)

    def number(self, size: int) -> pl.Series:
        """How many grains each of so many customers has."""
        found = np.zeros(size, np.int64)
        for customers, _, _ in self.pieces():
            starts = starts_of(customers)
            found[customers[starts]] = np.diff(np.append(starts, len(customers)))
        return pl.Series(found)

    def held(self) -> pl.DataFrame | None:
        """A row of each pair; None where nothing was ever added."""
        if self.is_empty:
            return None
        self.settle()
        if self._groups is not None:
            return self._groups.held()
        assert self._layout is not None
        return self._frame(*self._layout.apart(self._sorted))


def _pieces(packed: Packed, bits: int) -> Iterator[Packed]:
    """Sorted integers in pieces; those that differ in the lowest bits only are in one of them."""
    start = 0
    while start < len(packed):
        end = len(packed)
        if start + _AT_ONCE < end:
            beyond = ((int(packed[start + _AT_ONCE]) >> bits) + 1) << bits
            end = end if beyond >> _WIDTH else int(np.searchsorted(packed, np.uint64(beyond)))
        yield packed[start:end]
        start = end


def _totals(piece: Packed, layout: Layout) -> tuple[Packed, Places]:
    """Each pair of a piece once, and its sum."""
    pairs = layout.pairs(piece)
    starts = starts_of(pairs)
    ends = np.append(starts[1:], len(piece)) - 1
    return pairs.take(starts), sums_up_to(layout.sums(piece), ends)


def _added_up(packed: Packed, layout: Layout) -> tuple[Packed, int]:
    """Each pair once, with its sum, written over what was read already; and how far a sum is from 0.

    One that has no room ends it: from there on pairs are as they were.
    """
    end = done = furthest = 0
    for piece in _pieces(packed, layout.of_sum):
        pairs, sums = _totals(piece, layout)
        furthest = max(furthest, largest(sums))
        if furthest >= layout.half:
            return np.concatenate([packed[:end], packed[done:]]), furthest * layout.unit
        made = (pairs << np.uint64(layout.of_sum)) | (sums + layout.half).view(np.uint64)
        packed[end : end + len(made)] = made
        end, done = end + len(made), done + len(piece)
    held = packed[:end].copy() if 4 * end < 3 * len(packed) else packed[:end]
    return held, furthest * layout.unit
