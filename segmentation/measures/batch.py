"""A batch of rows that are folded: whose they are, which of them each part keeps, and their values."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from segmentation.measures.grains import CUSTOMER
from segmentation.measures.parts import Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    Values = NDArray[Any]
    Key = tuple[str, str]


class Batch:
    """Rows with a column for what each part keeps and folds; what is asked twice is looked up once.

    A part keeps the rows of which its column `kept` is true (all, where there is no such column)
    and folds those of them whose `valued` is not missing.
    """

    def __init__(self, rows: pl.DataFrame, customers: Places) -> None:
        self.rows, self.customers = rows, customers
        self._columns: dict[str, pl.Series] = {}
        self._places: dict[Key, Places | None] = {}
        self._customers: dict[Key, Places] = {}
        self._values: dict[tuple[str, Key], Values] = {}
        self._largest: dict[str, int] = {}

    def column(self, name: str) -> pl.Series:
        """One column of the rows."""
        if name not in self._columns:
            self._columns[name] = self.rows.get_column(name)
        return self._columns[name]

    def kept(self, part: Part) -> Places | None:
        """The rows that a part keeps, whether or not they have a value; None for all."""
        return self._at(("" if part.keep is None else part.kept, ""))

    def places(self, part: Part) -> Places | None:
        """The rows that a part folds; None for all."""
        return self._at(self.key(part))

    def customers_of(self, part: Part) -> Places:
        """Whose rows they are."""
        key = self.key(part)
        at = self._at(key)
        if at is None:
            return self.customers
        if key not in self._customers:
            self._customers[key] = self.customers[at]
        return self._customers[key]

    def values(self, part: Part) -> Values | None:
        """The values that a part folds, days as whole numbers; None stands for a yes each."""
        if part.value is None or self.column(part.valued).dtype == pl.Boolean:
            return None
        key = self.key(part)
        if (part.valued, key) not in self._values:
            at, every = self._at(key), _numbers(self.column(part.valued))
            self._values[part.valued, key] = every if at is None else every[at]
        return self._values[part.valued, key]

    def largest(self, part: Part) -> int:
        """No value of the column that a part folds is further from 0."""
        if part.valued not in self._largest:
            column = self.column(part.valued)
            bounds = (abs(b) for b in (column.min(), column.max()) if isinstance(b, int))
            self._largest[part.valued] = max(bounds, default=0)
        return self._largest[part.valued]

    def key(self, part: Part) -> Key:
        """What decides which rows a part folds: what it keeps, and a column where that has gaps."""
        lacks = part.value is not None and self._lacks(part.valued)
        return "" if part.keep is None else part.kept, part.valued if lacks else ""

    def _lacks(self, valued: str) -> bool:
        """Whether some row has no value, or no yes."""
        values = self.column(valued)
        return values.dtype == pl.Boolean or values.null_count() > 0

    def _at(self, key: Key) -> Places | None:
        if key not in self._places:
            masks = [] if not key[0] else [self.column(key[0])]
            if key[1]:
                values = self.column(key[1])
                masks.append(values if values.dtype == pl.Boolean else values.is_not_null())
            found = None if not masks else _true_at(functools.reduce(operator.and_, masks))
            self._places[key] = (
                None if found is None or len(found) == len(self.customers) else found
            )
        return self._places[key]

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


def _numbers(values: pl.Series) -> Values:
    """Values as an array; where one is missing it says anything."""
    found = values.to_physical()
    return (found.fill_null(0) if found.null_count() else found).to_numpy()


def _true_at(mask: pl.Series) -> Places:
    import numpy as np

    known = mask.fill_null(value=False) if mask.null_count() else mask
    return np.flatnonzero(known.to_numpy())
