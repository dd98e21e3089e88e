"""Two columns as one integer, so that they group as fast as a single number does.

Grouping 20 million lines by (customer_id, department) costs half as much by one Int64 as by an
integer and a text. That packing is exact or it is refused: whoever finds a code at its limit
measures again without packing. A pair of integers always fits an Int128.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.dataclass import dataclass

KEY: Final = "__key"
_CODES: Final = 1 << 16
_MISSING: Final = _CODES - 2  # the text is missing
_FULL: Final = _CODES - 1  # more texts than there are codes
_LARGEST_ID: Final = 1 << 46
_PAIR: Final = pl.lit(1 << 64, dtype=pl.Int128)
_HALF: Final = pl.lit(1 << 63, dtype=pl.Int128)


class CannotPack(Exception):
    """Not an error: ids or texts do not fit one integer; measure again without packing."""


def can_pack(customer_id: pl.DataType, grain: pl.DataType) -> bool:
    """Whether a pair of these types may fit: an integer and a text."""
    return customer_id == pl.Int64 and grain == pl.String


def can_pair(customer_id: pl.DataType, grain: pl.DataType) -> bool:
    """Whether two columns of these types fit an Int128."""
    return customer_id == pl.Int64 and grain in (pl.Int64, pl.Date)


def pair(grain: str) -> pl.Expr:
    """`customer_id` and an integer or a day, never missing, as one Int128, named KEY."""
    second = pl.col(grain).to_physical().cast(pl.Int128) + _HALF
    return (pl.col("customer_id").cast(pl.Int128) * _PAIR + second).alias(KEY)


def earliest(day: pl.Expr, total: pl.Expr) -> pl.Expr:
    """The total of the earliest day, still beside the day: `total_of_earliest` takes it out."""
    return (day.to_physical().cast(pl.Int128) * _PAIR + total.cast(pl.Int128) + _HALF).min()


def total_of_earliest(key: str) -> pl.Expr:
    """The total that `earliest` found; missing where there was none."""
    return ((pl.col(key) % _PAIR) - _HALF).cast(pl.Int64)


def customer_of_pair() -> pl.Expr:
    """`customer_id` from the KEY of a pair."""
    return (pl.col(KEY) // _PAIR).cast(pl.Int64).alias("customer_id")


def second_of_pair(grain: str, dtype: pl.DataType) -> pl.Expr:
    """The integer or the day beside the customer in the KEY of a pair."""
    second = ((pl.col(KEY) % _PAIR) - _HALF).cast(pl.Int64)
    return (second.cast(pl.Int32).cast(pl.Date) if dtype == pl.Date else second).alias(grain)


@dataclass(frozen=True)
class Packing:
    """How one text column is packed beside customer_id; its codes live as long as this does."""

    grain: str
    codes: pl.Categorical

    @classmethod
    def of(cls, grain: str) -> Packing:
        """A packing with codes of its own."""
        return cls(grain, pl.Categorical(pl.Categories.random()))

    def key(self) -> pl.Expr:
        """`customer_id` and the text as one Int64, named KEY."""
        code = pl.col(self.grain).cast(self.codes).to_physical().cast(pl.Int64)
        bounded = code.clip(upper_bound=_FULL).fill_null(_MISSING)
        return (pl.col("customer_id").clip(-_LARGEST_ID, _LARGEST_ID) * _CODES + bounded).alias(KEY)

    def unpacked(self, grains: pl.DataFrame) -> pl.DataFrame:
        """`customer_id` and the text, as a Categorical, in the place of the key.

        Raises CannotPack when one of them did not fit.
        """
        code, customer = pl.col(KEY) % _CODES, pl.col(KEY) // _CODES
        fits = (code != _FULL).all() & (customer.abs() < _LARGEST_ID).all()
        made = grains.lazy().select(
            customer.alias("customer_id"),
            pl.when(code != _MISSING).then(code).cast(pl.UInt32).alias(self.grain),
            pl.exclude(KEY),
        )
        kept, fit = pl.collect_all([made, grains.lazy().select(fits)], engine="streaming")
        if not fit.item():
            raise CannotPack(self.grain)
        return kept.with_columns(pl.col(self.grain).cat.to(self.codes))
