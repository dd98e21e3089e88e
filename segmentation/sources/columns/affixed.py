"""Ids of one prefix and width, such as `C0012345`: each stands for a number, and the number for it.

That all texts of a column are so is what their sample says. A row that belies it is a misfit, and
the table is read again without the bet.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.headers import PRIVATE

MOST_DIGITS: Final = 18  # all whole numbers of so many digits fit Int64
_AFFIXED = re.compile(r"([^0-9]*)([0-9]+)")


def numbered(name: str) -> str:
    """The column of the numbers that an id column stands for."""
    return f"{PRIVATE}number_of_{name}"


@dataclass(frozen=True)
class Affixed:
    """Texts of one prefix and a fixed number of digits."""

    prefix: str
    digits: int

    @classmethod
    def of(cls, sample: Collection[str | None]) -> Affixed | None:
        """What all texts of a sample are like; None where they differ, or there is none.

        >>> Affixed.of(["C0012345", "C0000007"]), Affixed.of(["C1", "C12"]), Affixed.of([])
        (Affixed(prefix='C', digits=7), None, None)
        """
        matches = [_AFFIXED.fullmatch(text) for text in {*sample} if text is not None]
        kinds = {(m[1], len(m[2])) if m else None for m in matches}
        if len(kinds) != 1 or (only := kinds.pop()) is None or only[1] > MOST_DIGITS:
            return None
        return cls(*only)

    def number(self, text: pl.Expr) -> pl.Expr:
        """The digits as Int64; missing where there is no text, and -1 where it is of another shape.

        The cast takes a sign, which sorts before all digits.
        """
        digits = text.str.slice(len(self.prefix)) if self.prefix else text
        width = len(self.prefix.encode()) + self.digits
        after = pl.lit(self.prefix + ":")  # the sign after 9
        fits = (
            (text.str.len_bytes() == width) & (text >= pl.lit(self.prefix + "0")) & (text < after)
        )
        number = pl.when(fits).then(digits.cast(pl.Int64, strict=False)).fill_null(-1)
        return pl.when(text.is_not_null()).then(number)

    def text(self, numbers: pl.Series) -> pl.Series:
        """The texts of some numbers."""
        padded = pl.col("n").cast(pl.String).str.zfill(self.digits)
        return numbers.rename("n").to_frame().select(pl.lit(self.prefix) + padded).to_series()
