"""Money and other numbers as integers on a scale of 1/10,000, exact whatever their order."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import Literal

import polars as pl

from segmentation.rules.money import SCALE
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text

LARGEST = 200_000_000_000
"""Above 2**51 / 10,000 a Float64 times 10,000 may round to a neighbour: exactness ends there."""

Decimal = Literal[".", ","]
_WITH_POINT = re.compile(r"[-+]?([0-9]*|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?")
_WITH_COMMA = re.compile(r"[-+]?([0-9]*|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]*)?")


def fixed_point(column: str, dtype: pl.DataType, decimal: Decimal) -> pl.Expr:
    """A column as Int64 on the scale; null when missing, not a number or too large."""
    if dtype.is_integer() and dtype != pl.UInt64:  # the same values, without the way over floats
        whole = pl.col(column).cast(pl.Int64, strict=False)  # 128 bits may not fit
        return pl.when(whole.is_between(-LARGEST, LARGEST)).then(whole * SCALE)
    return scaled(number(column, dtype, decimal))


def number(column: str, dtype: pl.DataType, decimal: Decimal) -> pl.Expr:
    """A column as Float64, null where it is missing or not a number (NaN and inf may remain)."""
    if is_text(dtype):
        reader = partial(parse_numbers, decimal=decimal)
        text = as_text(column, dtype)
        return text.map_batches(reader, return_dtype=pl.Float64, is_elementwise=True)
    return pl.col(column).cast(pl.Float64, strict=False)


def half_away(value: pl.Expr, places: int = 0) -> pl.Expr:
    """A Float64 with so many places at the most; where it lies in the middle, away from zero."""
    return value.round(places, mode="half_away_from_zero")  # Polars itself takes the even one


def scaled(value: pl.Expr) -> pl.Expr:
    """A Float64 as Int64 on the scale; null when not finite or too large."""
    rounded = half_away(value * SCALE).cast(pl.Int64, strict=False)
    return pl.when(value.is_between(-LARGEST, LARGEST)).then(rounded)


def parse_numbers(texts: pl.Series, decimal: Decimal) -> pl.Series:
    """Texts as Float64: blanks around a number are nothing, thousands separators are refused."""
    if decimal == ",":
        texts = _with_point(texts)
    numbers = texts.cast(pl.Float64, strict=False)
    if numbers.null_count() == texts.null_count():
        return numbers
    return texts.str.strip_chars().cast(pl.Float64, strict=False)


def _with_point(texts: pl.Series) -> pl.Series:
    """Decimal commas as points; null where a point stands already (it parts thousands)."""
    pointed = texts.str.replace(",", ".", literal=True)
    has_point = texts.str.contains(".", literal=True)
    return pointed.set(has_point, None) if has_point.any() else pointed


def sampled_decimal(sample: Collection[str | None]) -> Decimal | None:
    """The decimal sign under which most of the sampled numbers can be read; None when both fit.

    >>> sampled_decimal(["2,55", "3"]), sampled_decimal(["1,234.50"]), sampled_decimal(["1,234"])
    (',', '.', None)
    """
    texts = [text.strip() for text in sample if text and ("," in text or "." in text)]
    if not any("," in text for text in texts):
        return "."
    with_point = sum(_WITH_POINT.fullmatch(text) is not None for text in texts)
    with_comma = sum(_WITH_COMMA.fullmatch(text) is not None for text in texts)
    if with_point == with_comma:
        return None
    return "." if with_point > with_comma else ","


def _is_finite(text: str, decimal: Decimal) -> bool:
    """Whether a text says a number, one cell at a time (`parse_numbers` is for columns)."""
    plain = text.replace(",", ".") if decimal == "," and "." not in text else text
    try:
        float(plain)
    except ValueError:
        return False
    return "_" not in plain and plain.lower().lstrip("+-") not in ("nan", "inf", "infinity")


def complaint(name: str, text: str | None, decimal: Decimal) -> str:
    """Why a cell gives no number, for people."""
    text = (text or "").strip()
    if not text:
        return f"{name} is missing"
    if _is_finite(text, decimal):
        return f"{name} is larger than {LARGEST:,}"
    thousands, shape = (",", _WITH_POINT) if decimal == "." else (".", _WITH_COMMA)
    if thousands in text and shape.fullmatch(text):
        return f"{name} has a thousands separator"
    return f"{name} is not a number"
