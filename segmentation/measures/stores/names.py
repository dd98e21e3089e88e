"""The grains of a column as numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from segmentation.measures.keys import Texts


class Names:
    """The grains of a column as numbers: texts by code, days and whole numbers as they are.

    Where the texts stand for numbers themselves, `numbers` is the column of these.
    """

    def __init__(self, column: str, dtype: pl.DataType, numbers: str | None, texts: Texts) -> None:
        self.column, self.dtype, self._numbers = column, dtype, numbers
        is_wide = dtype in (pl.UInt64, pl.Int128, pl.UInt128)
        is_number = dtype.is_temporal() or (dtype.is_integer() and not is_wide)
        self._texts = None if is_number or numbers else texts
        self._size = 0

    def number(self) -> pl.Expr:
        """The grain of a row as a whole number; missing where it has none."""
        column = pl.col(self.column)
        if self._numbers is not None:
            return pl.col(self._numbers)
        if self._texts is None:
            return column.to_physical().cast(pl.Int64)
        text = (column + 0.0 if self.dtype.is_float() else column).cast(pl.String)
        return self._texts.code(text).cast(pl.Int64)

    def see(self, numbers: pl.Series) -> None:
        """Take notice of numbers."""
        highest = numbers.max() if self.has_texts else None
        if isinstance(highest, int):
            self._size = max(self._size, highest + 1)

    def numbered(self, texts: pl.Series) -> pl.Series:
        """The numbers of some texts."""
        assert self._texts is not None
        numbers = self._texts.codes(texts)
        self.see(numbers)
        return numbers

    def every(self) -> pl.Series:
        """The texts of all numbers."""
        assert self._texts is not None
        return self._texts.texts(pl.Series(np.arange(self._size)))

    @property
    def has_texts(self) -> bool:
        """Whether the numbers stand for texts."""
        return self._texts is not None
