"""Runs of rows: neighbours of one customer, one order and one day, as the lines of an order mostly are.

What is the same of all rows of a run is taken up of few of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from segmentation.measures.arrays import Mask, Places, Values


class Runs:
    """The runs of some rows: neighbours that agree in all `columns`."""

    def __init__(self, columns: Sequence[Values]) -> None:
        self.begins: Mask = np.ones(len(columns[0]), np.bool_)
        changed = self.begins[1:]
        changed[:] = False
        for values in columns:
            changed |= values[1:] != values[:-1]
        self.number = int(np.count_nonzero(self.begins))

    @cached_property
    def ends(self) -> Places:
        """The last row of each run."""
        return np.append(np.flatnonzero(self.begins)[1:], len(self.begins)) - 1

    @property
    def sizes(self) -> Places:
        """How many rows each run has."""
        return np.diff(self.ends, prepend=-1)

    def are_of(self, rows: int) -> bool:
        """Whether they have so many rows or more, on average."""
        return self.number * rows <= len(self.begins)

    def few(self, mask: Mask | None) -> Places:
        """Of the rows of a mask (None: of all) some of each run that has any, and mostly one."""
        if mask is None:
            return np.flatnonzero(self.begins)
        is_other = ~mask
        is_other[1:] = is_other[:-1]  # whether the row before is left out
        is_other |= self.begins
        is_other &= mask
        return np.flatnonzero(is_other)
