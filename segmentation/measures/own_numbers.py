"""Numbers of columns without a meaning of their own as whole ones, so that no order of rows changes their sum.

A number is counted in 1/10,000, as money is; what is left of it, in twelve places; one that is too large
for the first, in units. Numbers of up to fifteen digits are added up as they are written.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.comparing.numerals import EXACT
from segmentation.dataclass import dataclass
from segmentation.rules.money import SCALE
from segmentation.sources.columns.numbers import divided, half_away

FINEST: Final = 10**12
_TO_SCALE: Final = FINEST // SCALE
_MOST_ON_SCALE: Final = 9 * 10**14
LARGEST: Final = 9 * 10**18
"""What a number is at the most that is added up, and 1 / FINEST is the least: other than that it is said."""
_TOLD_FURTHER: Final = 3  # digits before the point that a float has beside twelve behind it
_MOST_TOLD: Final = (
    11  # digits before the point of numbers of which the float tells more than 1/10,000
)


def is_added(number: pl.Expr) -> pl.Expr:
    """Whether a number can be added up: it is finite, and neither too large nor too small."""
    size = number.abs()
    return (size <= LARGEST) & ((size >= 1 / FINEST) | (size == 0))


@dataclass(frozen=True)
class Addends:
    """What a number adds to three sums of whole numbers; missing where it adds nothing to one."""

    on_scale: pl.Expr
    large: pl.Expr
    rest: pl.Expr

    @property
    def together(self) -> pl.Expr:
        """All that it adds, in 1 / FINEST, of 128 bits; missing where there is no number."""
        known = pl.coalesce(self.on_scale, self.large).is_not_null()
        wide = [_wide(self.large, FINEST), _wide(self.on_scale, _TO_SCALE), _wide(self.rest, 1)]
        return pl.when(known).then(wide[0] + wide[1] + wide[2])


def _wide(addend: pl.Expr, times: int) -> pl.Expr:
    return addend.fill_null(0).cast(pl.Int128) * pl.lit(times, dtype=pl.Int128)


def addends(number: pl.Expr) -> Addends:
    """What a Float64 adds; one that is none or cannot be added adds nothing."""
    known = pl.when(is_added(number)).then(number)
    is_small = known.abs() < _MOST_ON_SCALE
    on_scale, large = half_away(known, SCALE), known.truncate()
    return Addends(
        pl.when(is_small).then(on_scale).cast(pl.Int64, strict=False),
        pl.when(~is_small).then(large).cast(pl.Int64, strict=False),
        known.map_batches(_rests, return_dtype=pl.Int64, is_elementwise=True),
    )


def _rests(numbers: pl.Series) -> pl.Series:
    """What numbers are more than their 1/10,000, in 1 / FINEST; missing where that is nothing, as is the rule."""
    number = pl.col("n")
    on_scale = divided(half_away(number, SCALE), SCALE)
    whole = pl.when(number.abs() < _MOST_ON_SCALE).then(on_scale).otherwise(number.truncate())
    frame = numbers.rename("n").to_frame().with_columns(rest=number - whole)
    some = frame["rest"].fill_null(0) != 0
    if not some.any():
        return pl.repeat(None, len(numbers), dtype=pl.Int64, eager=True)
    step = _step(number)
    found = half_away(pl.col("rest") * FINEST / step) * step
    made = frame.select(found.cast(pl.Int64, strict=False)).to_series()
    return made.set(made == 0, None)


def _step(number: pl.Expr) -> pl.Expr:
    """To what 1 / FINEST the fifteen digits of a float reach, as far as it has digits behind 1/10,000."""
    size = number.abs()
    digits = pl.when(size >= 1).then(size).otherwise(1).log10().floor() + 1
    beyond = pl.when(digits <= _MOST_TOLD).then((digits - _TOLD_FURTHER).clip(0)).otherwise(0)
    return pl.lit(10.0).pow(beyond).round()


def total(on_scale: pl.Expr, large: pl.Expr, rest: pl.Expr) -> pl.Expr:
    """What the three sums come to, as the nearest Float64."""
    whole = _wide(large, SCALE) + on_scale.fill_null(0).cast(pl.Int128)
    sums = pl.struct(whole.alias("whole"), rest.fill_null(0).cast(pl.Int128).alias("rest"))
    return sums.map_batches(_nearest, return_dtype=pl.Float64, is_elementwise=True)


def apart(together: pl.Expr) -> pl.Expr:
    """A sum in 1 / FINEST as the nearest Float64; missing where it is."""
    to_scale = pl.lit(_TO_SCALE, dtype=pl.Int128)
    whole = together // to_scale
    found = total(whole, pl.lit(0), together - whole * to_scale)
    return pl.when(together.is_not_null()).then(found)


def _nearest(sums: pl.Series) -> pl.Series:
    """Whole numbers of 1/10,000 and of 1 / FINEST as one float; where that is rounded twice, Python divides."""
    frame = sums.struct.unnest()
    found = frame.select(divided(pl.col("whole"), SCALE)).to_series()
    at = ((frame["rest"] != 0) | (frame["whole"].abs() >= EXACT)).arg_true()
    if at.is_empty():
        return found
    exact = [(w * _TO_SCALE + r) / FINEST for w, r in frame[at].iter_rows()]
    return found.scatter(at, pl.Series(exact, dtype=pl.Float64))
