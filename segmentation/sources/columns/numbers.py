"""Money and other numbers as integers on a scale of 1/10,000, exact whatever their order."""

from __future__ import annotations

import re
from functools import partial
from typing import cast

import polars as pl

from segmentation.rules.money import MOST_WITH_HALVES, PLACES, SCALE, written_on_scale
from segmentation.rules.number_format import NumberFormat
from segmentation.sources.columns.number_formats import plain
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text

LARGEST = 200_000_000_000
"""Above 2**51 / 10,000 a Float64 times 10,000 may round to a neighbour: exactness ends there."""
DIGITS_OF_FLOATS = 15
"""A number of no more digits can be told from every other such number by its Float64."""
MOST_WITH_A_FIFTH_PLACE = 2**33
"""Numbers below are further apart in their fifth place than Float64 are."""
MOST_OFF = 0.45
"""How far a Float64 times 10,000 is from the whole number that it is rounded to, if it is not near a middle."""


def fixed_point(column: str, dtype: pl.DataType, form: NumberFormat) -> pl.Expr:
    """A column as Int64 on the scale; null when missing, not a number or too large."""
    if dtype.is_integer() and dtype != pl.UInt64:  # the same values, without the way over floats
        whole = pl.col(column).cast(pl.Int64, strict=False)  # 128 bits may not fit
        return pl.when(whole.is_between(-LARGEST, LARGEST)).then(whole * SCALE)
    if dtype.is_decimal():
        return _of_decimal(column, dtype)
    if is_text(dtype):
        reader = partial(parse_fixed, form=form)
        text = as_text(column, dtype)
        return text.map_batches(reader, return_dtype=pl.Int64, is_elementwise=True)
    return scaled(number(column, dtype, form))


def _of_decimal(column: str, dtype: pl.DataType) -> pl.Expr:
    """A column of decimals as Int64 on the scale: in 128 bits, never by way of floats."""
    scale = int(getattr(dtype, "scale", 0))
    digits = pl.col(column).to_physical().cast(pl.Int128)
    most = pl.lit(min(LARGEST * 10**scale, 10**38), dtype=pl.Int128)
    divisor = pl.lit(10 ** max(scale - PLACES, 0), dtype=pl.Int128)
    whole = (digits.abs() + divisor // 2) // divisor * 10 ** max(PLACES - scale, 0)
    size = pl.when(digits.abs() <= most).then(whole).cast(pl.Int64, strict=False)
    return pl.when(digits < 0).then(-size).otherwise(size)


def number(column: str, dtype: pl.DataType, form: NumberFormat) -> pl.Expr:
    """A column as Float64, null where it is missing or not a number (NaN and inf may remain)."""
    if is_text(dtype):
        reader = partial(parse_numbers, form=form)
        text = as_text(column, dtype)
        return text.map_batches(reader, return_dtype=pl.Float64, is_elementwise=True)
    return widened(pl.col(column), dtype)


def widened(number: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Numbers as Float64; those of fewer bits as they are written: 0.3 is 0.3, and not 0.30000001192."""
    if dtype == pl.Float16:
        return number.map_batches(_of_16_bits, return_dtype=pl.Float64, is_elementwise=True)
    narrow = number.cast(pl.String) if dtype == pl.Float32 else number
    return narrow.cast(pl.Float64, strict=False)


def _of_16_bits(numbers: pl.Series) -> pl.Series:
    """Numbers of 16 bits, of which there are few, in the shortest way that each is written."""
    import numpy as np  # which takes long to load

    held = numbers.cast(pl.Float64)
    distinct = held.unique()
    written = [None if n is None else float(str(np.float16(n))) for n in distinct]
    return held.replace_strict(distinct, pl.Series(written, dtype=pl.Float64))


def half_away(value: pl.Expr, times: pl.Expr | int = 1) -> pl.Expr:
    """A Float64 times a whole number, as a whole one (still Float64); what lies in the middle, away from zero.

    In the middle is what is written so: see `rules.money`.
    """
    product = value.abs() * _size(times)
    far = product.round(mode="half_away_from_zero")  # Polars itself takes the even one
    whole = pl.when(product < MOST_WITH_HALVES).then(_whole(value, times)).otherwise(far)
    return whole * _sign(value, times)


def _whole(value: pl.Expr, times: pl.Expr | int) -> pl.Expr:
    """The size of a Float64 times a whole number, rounded; of such below MOST_WITH_HALVES only."""
    size, by = value.abs(), _size(times)
    below = (size * by).floor()
    return below + (size >= _middle(below, by))


def _middle(below: pl.Expr, times: pl.Expr | int) -> pl.Expr:
    """The Float64 that is the least to be rounded up, as the number is written."""
    return divided(below + 0.5, times)


def _size(times: pl.Expr | int) -> pl.Expr | int:
    return abs(times) if isinstance(times, int) else times.abs()


def _sign(value: pl.Expr, times: pl.Expr | int) -> pl.Expr:
    return value.sign() if isinstance(times, int) else value.sign() * times.sign()


def divided(value: pl.Expr, by: pl.Expr | int) -> pl.Expr:
    """A number divided, as the nearest Float64: 3 / 10,000 is 0.0003.

    Polars itself multiplies with 1 / by where that is one number for all rows, which may be next to it.
    """
    number = value.cast(pl.Float64)
    return number / (number * 0 + by)


def rounded(value: pl.Expr, places: int) -> pl.Expr:
    """A Float64 with so many places at the most; where it lies in the middle, away from zero."""
    scale = 10**places
    within = value.abs() * scale < MOST_WITH_HALVES  # what is larger may have no place for them
    other = value.round(places, mode="half_away_from_zero")
    return pl.when(within).then(divided(half_away(value, scale), scale)).otherwise(other)


def scaled(value: pl.Expr) -> pl.Expr:
    """A Float64 as Int64 on the scale, rounded as it is written; null when not finite or too large."""
    found = (_whole(value, SCALE) * value.sign()).cast(pl.Int64, strict=False)
    return pl.when(value.is_between(-LARGEST, LARGEST)).then(found)


def _far_from_middles(numbers: pl.Series) -> pl.Series | None:
    """Numbers as Int64 on the scale, fast, if none is large or about in the middle, as is the rule."""
    product = numbers * SCALE
    near = product.round(mode="half_away_from_zero")
    largest, off = numbers.abs().max(), (product - near).abs().max()
    is_near = cast("float", largest or 0) < MOST_WITH_A_FIFTH_PLACE
    is_rule = is_near and cast("float", off or 0) < MOST_OFF
    return near.cast(pl.Int64, strict=False) if is_rule else None


def _as_written(numbers: pl.Series) -> pl.Series:
    return numbers.rename("n").to_frame().select(scaled(pl.col("n"))).to_series()


def parse_fixed(texts: pl.Series, form: NumberFormat) -> pl.Series:
    """Texts as Int64 on the scale, of any number of digits; null as `fixed_point` has it."""
    texts, numbers = _read(texts, form)
    near = _far_from_middles(numbers)
    if near is not None:
        return near
    found = _as_written(numbers)
    long = (texts.str.len_bytes() > DIGITS_OF_FLOATS) & found.is_not_null()
    rows = long.arg_true()
    rows = rows.filter(_are_told_by_digits(numbers.gather(rows)))
    exact = [written_on_scale(text.strip()) for text in texts.gather(rows)]
    return found.scatter(rows, pl.Series(exact, dtype=pl.Int64)) if exact else found


def _are_told_by_digits(numbers: pl.Series) -> pl.Series:
    """Which floats may stand for texts on both sides of a middle."""
    size = pl.col("n").abs()
    is_middle = size == _middle((size * SCALE).floor(), SCALE)
    is_told = is_middle | (size >= MOST_WITH_A_FIFTH_PLACE)
    return numbers.rename("n").to_frame().select(is_told).to_series()


def numerals(texts: pl.Series, form: NumberFormat) -> pl.Series:
    """Texts with those that are numbers as plain numerals, `1234.5` for `1.234,50 €`; the others stay."""
    ready, numbers = _read(texts, form)
    return ready.zip_with(numbers.is_not_null(), texts)


def parse_numbers(texts: pl.Series, form: NumberFormat) -> pl.Series:
    """Texts as Float64, however people write numbers of a format; null for what is none."""
    return _read(texts, form)[1]


def _read(texts: pl.Series, form: NumberFormat) -> tuple[pl.Series, pl.Series]:
    """Texts as plain numerals, and these as Float64: what is not plain is made so, and looked at alone."""
    ready = texts if form.decimal == "." else _with_point(texts, form)
    numbers = ready.cast(pl.Float64, strict=False)
    if numbers.null_count() == texts.null_count():
        return ready, numbers
    gaps = (numbers.is_null() & texts.is_not_null() & (texts != "")).arg_true()
    if gaps.is_empty():
        return ready, numbers
    bare = ready.gather(gaps).str.strip_chars()  # blanks around a number are nothing
    is_plain = bare.cast(pl.Float64, strict=False).is_not_null()
    found = bare if is_plain.all() else bare.zip_with(is_plain, plain(texts.gather(gaps), form))
    read = found.cast(pl.Float64, strict=False)
    return ready.clone().scatter(gaps, found), numbers.scatter(gaps, read)  # a scatter changes it


def _with_point(texts: pl.Series, form: NumberFormat) -> pl.Series:
    """Decimal commas as points; null where a point stands already, which may part thousands.

    Where the decimal sign is not known, null where there is any.
    """
    has_point = texts.str.contains(".", literal=True)
    pointed = texts if form.decimal is None else texts.str.replace(",", ".", literal=True)
    return pointed.set(has_point, None) if has_point.any() else pointed


def _is_too_large(text: str, form: NumberFormat) -> bool:
    """Whether a text says a number beyond LARGEST; in words (`inf`) it says none."""
    number = parse_numbers(pl.Series([text]), form).item()
    return number is not None and abs(number) > LARGEST and re.search("[0-9]", text) is not None


def gives_amount(text: str, form: NumberFormat) -> bool:
    """Whether a cell gives a number that can be held on the scale.

    >>> from segmentation.rules.number_format import COMMA, POINT
    >>> gives_amount("2,5", COMMA), gives_amount("2,5", POINT), gives_amount("300000000000", POINT)
    (True, False, False)
    """
    return parse_fixed(pl.Series([text]), form).item() is not None


def complaint(name: str, text: str | None, form: NumberFormat) -> str:
    """Why a cell gives no number, for people."""
    text = (text or "").strip()
    if not text:
        return f"{name} is missing"
    if _is_too_large(text, form):
        return f"{name} is larger than {LARGEST:,}"
    return f"{name} is not a number"
