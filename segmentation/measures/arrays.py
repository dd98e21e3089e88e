"""Arrays with one cell per customer (or per grain of one): what is folded into them merges.

Taking a row up this way costs a few nanoseconds a part, where a hash table takes fifty. Sums are
exact whatever they are: where 64 bits might not do, the upper half of every cell is carried apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segmentation.measures.parts import Part

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]
Values = NDArray[Any]
FEWEST_CELLS: Final = 1 << 12
_HALF: Final = 32
_LOWER: Final = (1 << _HALF) - 1
BOUND: Final = 1 << 62  # what is added up stays below it
Schema = Mapping[str, pl.DataType]
Found = Mapping[str, pl.Series]  # the value of each part by customer, by the part's key


def can_hold(part: Part, schema: Schema) -> bool:
    """Whether arrays can hold a part: no texts, no pairs, nothing of 128 bits."""
    if part.fold.scatter is None:
        return False
    if part.value is None:
        return True
    dtype = schema[part.valued]
    if dtype.is_numeric():
        return not dtype.is_decimal() and dtype not in (pl.Int128, pl.UInt128)
    return dtype.is_temporal() or (dtype == pl.Boolean and part.fold.is_flag)


class Column:
    """The cells of one part."""

    def __init__(self, part: Part, schema: Schema) -> None:
        self.part = part
        self.dtype: pl.DataType = pl.Boolean() if part.fold.is_flag else pl.Int64()
        if part.fold.scatter in ("minimum", "maximum"):
            self.dtype = schema[part.valued]
        self.cells: Values = np.empty(0, _stored(self.dtype))
        self.seen = None if part.fold.empty is not None else np.zeros(0, np.bool_)
        self.upper: Places | None = None
        self._most = 0  # no cell is larger

    def grow(self, size: int) -> None:
        """Make room for so many cells."""
        self.move(slice(0, len(self.cells)), size)

    def move(self, to: Places | slice, size: int) -> None:
        """Put the cells to other places among so many; those that are given none hold nothing."""
        self.cells = moved(self.cells, to, size, self._neutral())
        if self.seen is not None:
            self.seen = moved(self.seen, to, size, 0)
        if self.upper is not None:
            self.upper = moved(self.upper, to, size, 0)

    def fold(self, at: Places, values: Values | None, largest: int = 0) -> None:
        """Fold values (None: a yes each) into the cells at some places; none is beyond `largest`."""
        if not len(at):
            return
        if self.part.fold.is_flag:
            self.cells[at] = True
        elif self.part.fold.scatter == "add":
            self._add(at, values, largest)
        else:
            assert values is not None
            scatter = getattr(np, str(self.part.fold.scatter))
            scatter.at(self.cells, at, values)
        if self.seen is not None:
            self.seen[at] = True

    def _neutral(self) -> object:
        """What an extreme is before any value; 0 for sums, false for flags."""
        if self.part.fold.scatter in ("any", "add"):
            return 0
        is_max = self.part.fold.scatter == "maximum"
        if self.cells.dtype.kind == "f":
            return -np.inf if is_max else np.inf
        if self.cells.dtype.kind == "b":
            return not is_max
        bounds = np.iinfo(self.cells.dtype)
        return bounds.min if is_max else bounds.max

    def _add(self, at: Places, numbers: NDArray[np.int64] | None, largest: int) -> None:
        if numbers is None:
            np.add.at(self.cells, at, 1)
            return
        self._most += largest * len(numbers)
        if self._most < BOUND:
            np.add.at(self.cells, at, numbers)
            return
        self._carry()
        assert self.upper is not None
        np.add.at(self.upper, at, numbers >> _HALF)
        np.add.at(self.cells, at, numbers & _LOWER)
        self._most = (len(numbers) + 1) << _HALF

    def _carry(self) -> None:
        """Move the upper half of every cell to where it has room."""
        if self.upper is None:
            self.upper = np.zeros(len(self.cells), np.int64)
        self.upper += self.cells >> _HALF
        self.cells &= _LOWER

    @property
    def touched(self) -> Mask:
        """The cells that hold something: anything at all, or else anything but 0."""
        if self.seen is not None:
            return self.seen
        some: Mask = self.cells != 0
        return some if self.upper is None else some | (self.upper != 0)

    def held(self, at: Places | slice) -> pl.Series:
        """What some cells hold, missing where nothing was folded and nothing is not 0 or no."""
        found = pl.Series(self.cells[at])
        if self.upper is not None:
            found = _joined(found, pl.Series(self.upper[at]))
        elif found.dtype != self.dtype:
            found = found.cast(self.dtype)
        return found if self.seen is None else found.set(pl.Series(~self.seen[at]), None)


def as_integers(values: pl.Series) -> Values:
    """Values, days and moments as whole numbers; where one is missing it says anything."""
    found = values.to_physical() if values.dtype.is_temporal() else values
    return (found.fill_null(0) if found.null_count() else found).to_numpy()


def grown(cells: Values, size: int, fill: object = 0) -> Values:
    """Cells with room for so many; the new ones are filled."""
    return cells if size <= len(cells) else moved(cells, slice(0, len(cells)), size, fill)


def largest(numbers: Values) -> int:
    """None of some whole numbers is further from 0."""
    return max(-int(numbers.min()), int(numbers.max())) if len(numbers) else 0


def _joined(lower: pl.Series, upper: pl.Series) -> pl.Series:
    """Sums of which the upper half was carried apart: in 64 bits if all fit, else in 128."""
    halves = pl.DataFrame({"lower": lower, "upper": upper}).cast(pl.Int128)
    wide = halves.select(pl.col("upper") * pl.lit(1 << _HALF, pl.Int128) + pl.col("lower"))
    narrow = wide.to_series().cast(pl.Int64, strict=False)
    return wide.to_series() if narrow.null_count() else narrow


def _stored(dtype: pl.DataType) -> np.dtype[Any]:
    found: np.dtype[Any] = pl.Series([], dtype=dtype).to_physical().to_numpy().dtype
    return found


def moved(cells: Values, to: Places | slice, size: int, fill: object = 0) -> Values:
    """The cells at other places among so many; those that are given none hold `fill`."""
    made = np.full(size, fill, cells.dtype) if fill else np.zeros(size, cells.dtype)
    made[to] = cells[: len(to)] if isinstance(to, np.ndarray) else cells
    return made


class Arrays:
    """A column for each part, all with the same cells."""

    def __init__(self, parts: Iterable[Part], schema: Schema) -> None:
        self.columns = {p.carried: Column(p, schema) for p in parts}
        self.size = 0

    def reserve(self, size: int) -> None:
        """Make room for so many cells, and some more."""
        if size > self.size:
            self.size = max(size, 2 * self.size, FEWEST_CELLS)
            for column in self.columns.values():
                column.grow(self.size)

    def move(self, to: Places | slice, size: int) -> None:
        """Put the cells to other places among so many."""
        self.size = size
        for column in self.columns.values():
            column.move(to, size)
