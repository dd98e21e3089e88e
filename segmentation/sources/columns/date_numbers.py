"""Dates that are numbers: they count seconds since 1970, Excel's days, or days since a day that is named.

Which of the first two it is follows from the size of the numbers, of each by itself: no number is a
plausible day in two of the units. Nothing says which day the third counts from, so it has to be declared.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass

EXCEL: Final = "Excel days"
SINCE_1970: Final = (
    "seconds since 1970",
    "milliseconds since 1970",
    "microseconds since 1970",
    "nanoseconds since 1970",
)
DETECTED: Final = (EXCEL, *SINCE_1970)
PLAUSIBLE: Final = (datetime(1980, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - as texts are read
"""What numbers must stand for to be taken for dates, if nobody says that they are."""

#: what people write for these -> the format
_CALLED: Final = {
    "%s": SINCE_1970[0],
    "epoch": SINCE_1970[0],
    "unix": SINCE_1970[0],
    "unix time": SINCE_1970[0],
    "epoch seconds": SINCE_1970[0],
    "unix seconds": SINCE_1970[0],
    "epoch ms": SINCE_1970[1],
    "unix ms": SINCE_1970[1],
    "epoch milliseconds": SINCE_1970[1],
    "unix milliseconds": SINCE_1970[1],
    "excel": EXCEL,
    "excel days": EXCEL,
    "excel serial": EXCEL,
    "excel serial days": EXCEL,
    "serial": EXCEL,
}
#: each unit, and how many microseconds it has; of a nanosecond there are none
_UNITS: Final = {
    "weeks": 7 * 86_400_000_000,
    "days": 86_400_000_000,
    "hours": 3_600_000_000,
    "minutes": 60_000_000,
    "seconds": 1_000_000,
    "milliseconds": 1_000,
    "microseconds": 1,
    "nanoseconds": 0,
}
_INSTANTS: Final = ("seconds", "milliseconds", "microseconds", "nanoseconds")
_COUNT: Final = re.compile(r"(?i)(" + "|".join(_UNITS) + r")\s+since\s+(\d{4}.*)")
NUMBER: Final = r"^([+-]?\d{1,19})(?:[.,](\d{0,18}))?$"
_PER_MILLISECOND: Final = 1_000


@dataclass(frozen=True)
class Count:
    """Numbers that count a unit since a moment; `is_instant`: that moment is one of UTC."""

    microseconds: int
    origin: int  # microseconds since 1970
    is_instant: bool

    def of_texts(self, texts: pl.Series) -> pl.Series:
        """Naive moments; missing where a text is no number."""
        numbers = texts.alias("text").cast(pl.Int64, strict=False)
        if numbers.null_count() == texts.null_count():  # whole ones, as most are
            moments = self.of_numbers(pl.col("text"), numbers.dtype)
            return numbers.to_frame().select(moments).to_series()
        parts = texts.alias("text").to_frame().select(self._of_parts(pl.col("text")))
        return parts.to_series()

    def _of_parts(self, text: pl.Expr) -> pl.Expr:
        whole = text.str.extract(NUMBER, 1).cast(pl.Int64, strict=False)
        part = pl.concat_str(pl.lit("0."), text.str.extract(NUMBER, 2))
        fraction = part.cast(pl.Float64, strict=False).fill_null(0.0)
        sign = pl.when(text.str.starts_with("-")).then(-1.0).otherwise(1.0)
        return self._moment(whole, fraction * sign)

    def of_numbers(self, number: pl.Expr, dtype: pl.DataType) -> pl.Expr:
        """The same of a column of numbers; NaN is missing."""
        if dtype.is_integer():
            return self._moment(number.cast(pl.Int64, strict=False), pl.lit(0.0))
        exact = number.cast(pl.Float64, strict=False)
        whole = exact.floor().cast(pl.Int64, strict=False)
        return self._moment(whole, exact - exact.floor())

    def _moment(self, whole: pl.Expr, fraction: pl.Expr) -> pl.Expr:
        """A number that is too large for microseconds is none."""
        if not self.microseconds:
            return _held(whole // 1_000, self.origin)
        most = 2**62 // self.microseconds
        fits = pl.when(whole.is_between(-most, most)).then(whole)
        return _held(fits * self.microseconds + self._rounded(fraction), self.origin)

    def _rounded(self, fraction: pl.Expr) -> pl.Expr:
        """Parts of a day are told to the millisecond: 44951.44 is no exact number."""
        if self.microseconds <= _PER_MILLISECOND:
            return (fraction * self.microseconds).round().cast(pl.Int64, strict=False)
        thousands = (
            (fraction * (self.microseconds / _PER_MILLISECOND)).round().cast(pl.Int64, strict=False)
        )
        return thousands * _PER_MILLISECOND


def _held(microseconds: pl.Expr, origin: int) -> pl.Expr:
    return (microseconds + origin).cast(pl.Datetime("us"))


def named(declared: str) -> str | None:
    """The format of numbers that somebody declares in his own words; None where it is none.

    >>> named("epoch"), named("Days  since 2017-01-01"), named("%d.%m.%Y")
    ('seconds since 1970', 'days since 2017-01-01', None)
    """
    plain = " ".join(declared.split())
    called = _CALLED.get(plain.lower())
    if called is not None:
        return called
    found = _COUNT.fullmatch(plain)
    return f"{found[1].lower()} since {found[2]}" if found else None


def units(shape: str) -> tuple[str, ...]:
    """A format of numbers that was detected, then the other units that such may count.

    >>> units("milliseconds since 1970")[:3]
    ('milliseconds since 1970', 'Excel days', 'seconds since 1970')
    """
    return (shape, *(other for other in DETECTED if other != shape))


@cache
def count_of(shape: str) -> Count | None:
    """What the numbers of a format count; None where it is one of texts. Raises ValueError."""
    if shape == EXCEL:  # the 29th of February 1900 that it counts never was
        return Count(_UNITS["days"], _since_1970("1899-12-30"), is_instant=False)
    found = _COUNT.fullmatch(shape)
    if found is None:
        return None
    origin = _since_1970("1970-01-01" if found[2] == "1970" else found[2])
    return Count(_UNITS[found[1].lower()], origin, is_instant=found[1].lower() in _INSTANTS)


def _since_1970(day: str) -> int:
    moment = datetime.fromisoformat(day)
    return round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1_000_000)


def spoken(shape: str) -> str:
    """What numbers are read as, in a note."""
    return "Excel's days" if shape == EXCEL else shape
