"""Whether the cells of a column hold anything."""

from __future__ import annotations

import polars as pl

from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text


def holds(column: str, dtype: pl.DataType) -> pl.Expr:
    """Whether a cell holds anything; bytes that are no text do."""
    cell = pl.col(column)
    if is_text(dtype):
        text = as_text(column, dtype)
        filled = text.map_batches(_is_filled, return_dtype=pl.Boolean, is_elementwise=True)
        return filled if dtype == pl.String else cell.is_not_null() & (text.is_null() | filled)
    return cell.is_not_null() & cell.is_not_nan() if dtype.is_float() else cell.is_not_null()


def _is_filled(texts: pl.Series) -> pl.Series:
    """Which texts are more than blanks: those that begin with a visible ASCII sign at a glance."""
    filled = texts.is_between("!", "~", closed="left").fill_null(value=False)
    gaps = (~filled & texts.is_not_null()).arg_true()
    if gaps.is_empty():
        return filled
    return filled.scatter(gaps, texts.gather(gaps).str.strip_chars() != "")
