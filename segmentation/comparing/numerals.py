"""Columns as numbers are compared with them; whole numbers that floats of 64 bits take for their neighbours.

Below 2^53 a float is the number, so texts are read as floats. A bound beyond is compared with whole
numbers of 128 bits: a card number is another than the next one.
"""

from __future__ import annotations

from typing import Final, TypeGuard

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import Kind
from segmentation.rules.scalars import LARGEST, Scalar

EXACT: Final = 2**53  # floats of 64 bits tell all whole numbers up to it apart
_WHOLE_PART: Final = r"^([+-]?\d+)(?:\.\d*)?$"
_HAS_FRACTION: Final = r"^[+-]?\d+\.\d*[1-9]\d*$"
_WHOLE: Final = r"^([+-]?\d+)(?:\.0*)?$"


def as_number(column: pl.Expr, kind: Kind) -> pl.Expr:
    """A column as numbers are compared with it; a text that is none is missing."""
    if kind != "text":
        return column
    number = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)  # the text "nan" would be more than any number


def as_numbers(values: pl.Series) -> pl.Series:
    """A column as numbers that are ranked, whole ones exactly; missing where there is none, or no end to it."""
    found = _of_texts(values) if values.dtype == pl.String else values
    found = found if found.dtype.is_numeric() else found.cast(pl.Float64)
    if not found.dtype.is_float():
        return found
    number = pl.col(found.name)
    return found.to_frame().select(pl.when(number.is_finite()).then(number)).to_series()


def _of_texts(texts: pl.Series) -> pl.Series:
    """Texts as Float64, or as whole numbers of 128 bits where all are whole and a float is not exact."""
    text = pl.col(texts.name)
    numbers = texts.to_frame().select(as_number(text, "text")).to_series()
    if not (numbers.abs() >= EXACT).any():
        return numbers
    digits = text.str.strip_chars().str.extract(_WHOLE)
    whole = texts.to_frame().select(digits.cast(pl.Int128, strict=False)).to_series()
    return whole if whole.null_count() == numbers.null_count() else numbers


def is_large(bound: Scalar) -> TypeGuard[int | float]:
    """Whether a bound is a whole number that floats take for its neighbours."""
    return isinstance(bound, int | float) and abs(bound) >= EXACT


@dataclass(frozen=True)
class Numbers:
    """A column that is compared with each bound as exactly as the bound needs."""

    column: pl.Expr
    kind: Kind

    def __ge__(self, bound: Scalar) -> pl.Expr:
        return self._least(bound) >= _bound(bound)

    def __le__(self, bound: Scalar) -> pl.Expr:
        return self._most(bound) <= _bound(bound)

    def __gt__(self, bound: Scalar) -> pl.Expr:
        return self._most(bound) > _bound(bound)

    def __lt__(self, bound: Scalar) -> pl.Expr:
        return self._least(bound) < _bound(bound)

    def is_same(self, bound: Scalar) -> pl.Expr:
        """Whether the column is a number."""
        same = self._least(bound).eq(_bound(bound))
        return same & ~self._has_fraction if is_large(bound) else same

    def _least(self, bound: Scalar) -> pl.Expr:
        """The numbers; beside a large bound the whole ones up to which they reach."""
        number = as_number(self.column, self.kind)
        return self._rounded(number, down=True) if is_large(bound) else number

    def _most(self, bound: Scalar) -> pl.Expr:
        """The numbers; beside a large bound the whole ones that reach up to them."""
        number = as_number(self.column, self.kind)
        return self._rounded(number, down=False) if is_large(bound) else number

    def _rounded(self, number: pl.Expr, *, down: bool) -> pl.Expr:
        """Each number as the next whole one, which stands to a large bound as the number does.

        Floats that are not smaller than a large bound have no fraction; texts may have one.
        """
        beyond = pl.when(number > 0).then(LARGEST).when(number < 0).then(-LARGEST)
        whole = number.cast(pl.Int128, strict=False).fill_null(beyond)
        if self.kind != "text":
            return whole
        text = self._text.str.extract(_WHOLE_PART).cast(pl.Int128, strict=False).fill_null(whole)
        is_away = self._has_fraction & (self._text.str.starts_with("-") == pl.lit(down))
        step = is_away.cast(pl.Int128) * (-1 if down else 1)
        return pl.when(text.abs() < LARGEST).then(text + step).otherwise(text)

    @property
    def _text(self) -> pl.Expr:
        return self.column.cast(pl.String).str.strip_chars()

    @property
    def _has_fraction(self) -> pl.Expr:
        """Whether a number has digits behind its point, which floats may not see."""
        if self.kind != "text":
            return pl.lit(value=False)
        return self._text.str.contains(_HAS_FRACTION).fill_null(value=False)


def _bound(bound: Scalar) -> pl.Expr:
    if not is_large(bound):
        return pl.lit(bound)
    inside = min(max(bound, -LARGEST), LARGEST)
    return pl.lit(int(inside), dtype=pl.Int128)
