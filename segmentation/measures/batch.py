"""A batch of rows that are folded: whose they are, which of them each part keeps, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl

from segmentation.measures.arrays import BOUND, Mask, Places, Values, as_integers, largest
from segmentation.measures.grains import CUSTOMER
from segmentation.measures.parts import Part
from segmentation.measures.runs import Runs
from segmentation.measures.sorted_numbers import sums_up_to

#: those that are kept; few of them, as runs say the same; all, those left out as 0
Which = Literal["kept", "few", "all"]
Key = tuple[str, str, Which]


class Batch:
    """Rows with a column for what each part keeps and folds; what is asked twice is looked up once.

    A part keeps the rows of which its column `kept` is true (all, where there is no such column)
    and folds those of them whose `valued` is not missing. Rows that follow each other, of one
    customer and equal in the columns `alike`, are the lines of an order.
    """

    def __init__(self, rows: pl.DataFrame, customers: Places, alike: Sequence[str] = ()) -> None:
        self.rows, self.customers = rows, customers
        self._columns: dict[str, pl.Series] = {}
        self._arrays: dict[str, Values] = {}
        self._masks: dict[tuple[str, str], Mask | None] = {}
        self._places: dict[Key, Places | None] = {}
        self._picked: dict[tuple[int, Key], tuple[Values, Values]] = {}
        self._largest: dict[str, int] = {}
        runs = Runs([customers, *map(self.array, alike)]) if alike and len(customers) else None
        self._runs = runs if runs is not None and runs.are_of(2) else None

    @cached_property
    def size(self) -> int:
        """The numbers of its customers are below this."""
        return int(self.customers.max(initial=-1)) + 1

    def column(self, name: str) -> pl.Series:
        """One column of the rows."""
        if name not in self._columns:
            self._columns[name] = self.rows.get_column(name)
        return self._columns[name]

    def array(self, name: str) -> Values:
        """One column of numbers, days or moments, as whole numbers; where one is missing, anything."""
        if name not in self._arrays:
            self._arrays[name] = as_integers(self.column(name))
        return self._arrays[name]

    def kept(self, part: Part) -> Mask | None:
        """Whether a part keeps a row, with a value or without; None where it keeps all."""
        return self._mask("" if part.keep is None else part.kept, "")

    def few(self, mask: Mask | None) -> Places | None:
        """Of the rows of a mask (None: of all) some of each run that has any; None for all."""
        if self._runs is not None:
            return self._runs.few(mask)
        return None if mask is None else np.flatnonzero(mask)

    def places(self, part: Part) -> Places | None:
        """The rows that a part takes up; None for all."""
        return self._at(self.key(part))

    def customers_of(self, part: Part) -> Places:
        """Whose rows they are that a part takes up."""
        return self.picked(part, self.customers)

    def picked(self, part: Part, every: Values) -> Values:
        """What the rows that a part takes up have in an array of all rows."""
        key = self.key(part)
        at = self._at(key)
        if at is None:
            return every
        if (id(every), key) not in self._picked:
            # while it is held its id is its own
            self._picked[id(every), key] = (every, every.take(at))
        return self._picked[id(every), key][1]

    def values(self, part: Part) -> Values | None:
        """The values of the rows that a part takes up, days as whole numbers; None for a yes each."""
        is_yes = part.value is None or self.column(part.valued).dtype == pl.Boolean
        kept, valued, which = self.key(part)
        mask = self._mask(kept, valued) if which == "all" else None
        if mask is None:
            return None if is_yes else self.picked(part, self.array(part.valued))
        if is_yes:
            return mask.astype(np.int64)
        numbers = self.array(part.valued)
        # to multiply takes a tenth of the time, but a number that is none times 0 is none
        return numbers * mask if numbers.dtype.kind in "iu" else np.where(mask, numbers, 0)

    def largest(self, part: Part) -> int:
        """No value of the column that a part folds is further from 0."""
        if part.value is None or self.column(part.valued).dtype == pl.Boolean:
            return 1
        if part.valued not in self._largest:
            numbers = self.array(part.valued)
            self._largest[part.valued] = largest(numbers) if numbers.dtype.kind in "iu" else 0
        return self._largest[part.valued]

    def sums(self, part: Part) -> tuple[Places, Values] | None:
        """Whose each run is and what a part adds up of it; None where it does not add up all rows."""
        runs = self._runs
        if part.fold.scatter != "add" or runs is None or self.places(part) is not None:
            return None
        if self.largest(part) * len(self.customers) >= BOUND:
            return None
        values = self.values(part)
        sums = runs.sizes if values is None else sums_up_to(values, runs.ends)
        return self._customers_of_runs, sums

    @cached_property
    def _customers_of_runs(self) -> Places:
        """Whose each run is."""
        assert self._runs is not None
        return self.customers.take(self._runs.ends)

    def key(self, part: Part) -> Key:
        """What decides which rows a part takes up.

        What it keeps, a column where that has gaps, and which of these rows do.
        """
        lacks = part.value is not None and self._lacks(part.valued)
        kept, valued = "" if part.keep is None else part.kept, part.valued if lacks else ""
        return kept, valued, self._which(part, kept, valued)

    def _which(self, part: Part, kept: str, valued: str) -> Which:
        if part.is_of_runs and self._runs is not None:
            return "few"
        is_zero = part.fold.scatter == "add" and part.fold.empty == 0
        return "all" if is_zero and self._is_of_most(kept, valued) else "kept"

    def _is_of_most(self, kept: str, valued: str) -> bool:
        """Whether it is less work to take up all rows than to pick those of a mask."""
        mask = self._mask(kept, valued)
        return mask is None or 2 * int(np.count_nonzero(mask)) > len(mask)

    def _lacks(self, valued: str) -> bool:
        """Whether some row has no value, or no yes."""
        values = self.column(valued)
        return values.dtype == pl.Boolean or values.null_count() > 0

    def _at(self, key: Key) -> Places | None:
        if key not in self._places:
            self._places[key] = self._found(*key)
        return self._places[key]

    def _found(self, kept: str, valued: str, which: Which) -> Places | None:
        mask = self._mask(kept, valued)
        if which == "few":
            return self.few(mask)
        return None if mask is None or which == "all" else np.flatnonzero(mask)

    def _mask(self, kept: str, valued: str) -> Mask | None:
        if (kept, valued) not in self._masks:
            masks = [_as_mask(self.column(kept))] if kept else []
            if valued:
                values = self.column(valued)
                known = values if values.dtype == pl.Boolean else values.is_not_null()
                masks.append(_as_mask(known))
            every = masks[0] if len(masks) == 1 else masks[0] & masks[1] if masks else None
            self._masks[kept, valued] = None if every is None or every.all() else every
        return self._masks[kept, valued]

    def masked(self, parts: Sequence[Part], *others: str) -> pl.DataFrame:
        """The rows that any part folds: whose they are, and for each part a value or none."""
        columns = {p.carried: self._masked(p) for p in parts}
        numbered = self.rows.with_columns(pl.Series(CUSTOMER, self.customers))
        some = pl.any_horizontal(pl.col(list(columns)).is_not_null())
        return numbered.lazy().select(CUSTOMER, *others, **columns).filter(some).collect()

    def _masked(self, part: Part) -> pl.Expr:
        yes = pl.lit(value=True)
        keep = yes if part.keep is None else pl.col(part.kept)
        if part.value is None:
            return pl.when(keep).then(yes if part.fold.is_flag else pl.lit(1, dtype=pl.Int64))
        value = pl.col(part.valued)
        if part.fold.is_flag:
            return pl.when(keep & value).then(yes)
        return pl.when(keep).then(value)


def _as_mask(yes: pl.Series) -> Mask:
    return (yes.fill_null(value=False) if yes.null_count() else yes).to_numpy()
