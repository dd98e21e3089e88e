"""What is above zero among a customer's sums within grains, read off as they lie: in blocks, or sorted.

It is what departments are asked: in how many somebody spent, in which most. Blocks and sorted pairs are
walked piece by piece, each so small that it stays close to the processor, and nothing is spelt out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np
import polars as pl

from segmentation.measures.grains import COUNT_ABOVE_ZERO, LARGEST_ABOVE_ZERO, PICK
from segmentation.measures.parts import Part
from segmentation.measures.sorted_numbers import Ints, ranks_of, starts_of

_AT_ONCE: Final = 1 << 13  # customers of a block


class AboveZero:
    """How many sums of a customer are above zero, the largest, and the first of these by name.

    `names` are the texts of grains by number; None where there are none, and no name is asked for.
    """

    def __init__(self, names: pl.Series | None, size: int) -> None:
        self._names = names
        self._number = np.zeros(size, np.int64)
        self._largest = np.zeros(size, np.int64)
        self._rank = np.zeros(size, np.int64)  # of its name, where there is a largest

    @classmethod
    def of_block(cls, cells: Ints, names: pl.Series | None, size: int) -> AboveZero:
        """Of a row of cells for each of `size` customers, or for fewer: the others have none.

        There may be more names than cells: those of rows that wait.
        """
        found = cls(names, size)
        by_name = np.arange(cells.shape[1]) if names is None else names.arg_sort().to_numpy()
        for start in range(0, len(cells), _AT_ONCE):
            some = slice(start, min(start + _AT_ONCE, len(cells)))
            number, most, ranks = found._number[some], found._largest[some], found._rank[some]
            for rank, grain in ((r, g) for r, g in enumerate(by_name) if g < cells.shape[1]):
                own = cells[some, grain]
                number += own > 0
                is_more = own > most
                np.copyto(most, own, where=is_more)
                np.copyto(ranks, rank, where=is_more)
        return found

    @classmethod
    def of_sorted(
        cls, pieces: Iterable[tuple[Ints, Ints, Ints]], names: pl.Series | None, size: int
    ) -> AboveZero:
        """Of customers, grains and sums in the order of customers, each customer in one piece."""
        found = cls(names, size)
        ranks = None if names is None else ranks_of(names.arg_sort().to_numpy())
        for customers, grains, sums in pieces:
            starts, is_above = starts_of(customers), sums > 0
            whose = customers.take(starts)
            most = np.maximum(np.maximum.reduceat(sums, starts), 0)
            found._largest[whose] = most
            found._number[whose] = np.add.reduceat(is_above, starts, dtype=np.int64)
            if ranks is not None:
                each = np.repeat(most, np.diff(starts, append=len(customers)))
                of_best = np.where(is_above & (sums == each), ranks.take(grains), len(ranks))
                found._rank[whose] = np.minimum.reduceat(of_best, starts)
        return found

    @property
    def number(self) -> pl.Series:
        """How many are above zero."""
        return pl.Series(self._number)

    @property
    def largest(self) -> pl.Series:
        """The largest; missing where none is above zero."""
        return pl.Series(self._largest).set(self._has_none, None)

    @property
    def name(self) -> pl.Series:
        """The name of the largest, of equals the first; missing where none is above zero."""
        assert self._names is not None
        return self._names.sort().gather(pl.Series(self._rank).set(self._has_none, None))

    @property
    def _has_none(self) -> pl.Series:
        return pl.Series(self._number == 0)


#: by the name of the over
_OF: Final[Mapping[str, Callable[[AboveZero], pl.Series]]] = {
    COUNT_ABOVE_ZERO.name: lambda above: above.number,
    LARGEST_ABOVE_ZERO.name: lambda above: above.largest,
    PICK.name: lambda above: above.name,
}


def read_above_zero(
    parts: Iterable[Part], lying: Callable[[Part], AboveZero | None]
) -> dict[str, pl.Series]:
    """The values of those parts that ask what is above zero, by their key.

    `lying` gives what a part holds, once for all parts that fold the same; None where it cannot.
    """
    found, known = {}, dict[str, AboveZero | None]()
    for part in parts:
        if part.over is not None and part.over.name in _OF:
            if part.carried not in known:
                known[part.carried] = lying(part)
            above = known[part.carried]
            if above is not None:
                found[part.key] = _OF[part.over.name](above)
    return found
