"""What is above zero among a customer's sums within grains, read off as they lie: in blocks, or sorted.

It is what departments are asked: in how many somebody spent, in which most. Blocks and sorted pairs are
walked piece by piece, each so small that it stays close to the processor, and nothing is spelt out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segmentation.measures.grains import COUNT_ABOVE_ZERO, LARGEST_ABOVE_ZERO, PICK

Ints = NDArray[np.int64]
_AT_ONCE: Final = 1 << 13  # customers of a block


class AboveZero:
    """How many sums of a customer are above zero, the largest, and the first of these by name.

    `names` are the texts of grains by number; None where there are none, and no name is asked for.
    """

    def __init__(self, names: pl.Series | None, size: int) -> None:
        self._names = names
        self.number_of = np.zeros(size, np.int64)
        self.largest_of = np.zeros(size, np.int64)
        self.grain_of = np.full(size, -1)

    @classmethod
    def of_block(cls, cells: Ints, names: pl.Series | None, size: int) -> AboveZero:
        """Of a row of cells for each of `size` customers, or for fewer: the others have none."""
        found = cls(names, size)
        by_name = np.arange(cells.shape[1]) if names is None else names.arg_sort().to_numpy()
        for start in range(0, len(cells), _AT_ONCE):
            some = slice(start, min(start + _AT_ONCE, len(cells)))
            number, most, which = (
                found.number_of[some],
                found.largest_of[some],
                found.grain_of[some],
            )
            for grain in by_name:
                own = cells[some, grain]
                number += own > 0
                is_more = own > most
                np.copyto(most, own, where=is_more)
                np.copyto(which, grain, where=is_more)
        return found

    @classmethod
    def of_sorted(
        cls, pieces: Iterable[tuple[Ints, Ints, Ints]], names: pl.Series | None, size: int
    ) -> AboveZero:
        """Of customers, grains and sums in the order of customers, each customer in one piece."""
        found = cls(names, size)
        by_name = None if names is None else names.arg_sort().to_numpy()
        ranks = None if by_name is None else np.empty(len(by_name), np.int64)
        if ranks is not None and by_name is not None:
            ranks[by_name] = np.arange(len(by_name))
        for customers, grains, sums in pieces:
            starts = np.flatnonzero(np.append(True, customers[1:] != customers[:-1]))
            whose, number = customers[starts], np.diff(np.append(starts, len(customers)))
            most = np.maximum(np.maximum.reduceat(sums, starts), 0)
            found.largest_of[whose] = most
            found.number_of[whose] = np.add.reduceat(
                (sums > 0).view(np.int8), starts, dtype=np.int64
            )
            if ranks is None or by_name is None:
                found.grain_of[whose] = np.where(most > 0, 0, -1)
                continue
            is_best = (sums == np.repeat(most, number)) & (sums > 0)
            first = np.minimum.reduceat(np.where(is_best, ranks[grains], len(ranks)), starts)
            found.grain_of[whose] = np.where(most > 0, np.append(by_name, -1)[first], -1)
        return found

    @property
    def number(self) -> pl.Series:
        """How many are above zero."""
        return pl.Series(self.number_of)

    @property
    def largest(self) -> pl.Series:
        """The largest; missing where none is above zero."""
        return pl.Series(self.largest_of).set(self._nobodys, None)

    @property
    def name(self) -> pl.Series:
        """The name of the largest, of equals the first; missing where none is above zero."""
        assert self._names is not None
        return self._names.gather(pl.Series(self.grain_of).set(self._nobodys, None))

    @cached_property
    def _nobodys(self) -> pl.Series:
        return pl.Series(self.grain_of < 0)


#: by the name of the over
OF_ABOVE_ZERO: Final[Mapping[str, Callable[[AboveZero], pl.Series]]] = {
    COUNT_ABOVE_ZERO.name: lambda above: above.number,
    LARGEST_ABOVE_ZERO.name: lambda above: above.largest,
    PICK.name: lambda above: above.name,
}
