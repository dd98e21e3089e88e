"""Which cells of a sheet are stored numbers: its text alone does not say it.

A sheet is loaded once more, as booleans: stored numbers have a truth, and texts have none. That is done
where commas, or points that may part thousands, stand in it.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from segmentation.sources.stored_numbers import FRACTION, TEXT, StoredNumbers, without_point


def are_in_doubt(rows: pl.DataFrame) -> bool:
    """Whether a sheet has numbers with a point, and texts by which these could be read otherwise."""
    every = pl.all().str
    has_numbers, has_texts = every.contains(FRACTION).any(), every.contains(TEXT).any()
    found = rows.select(
        pl.any_horizontal(has_numbers).alias("n"), pl.any_horizontal(has_texts).alias("t")
    )
    return not rows.is_empty() and all(found.row(0))


def numbers_in(rows: pl.DataFrame, stored: pl.DataFrame | None) -> StoredNumbers[int]:
    """The columns with stored numbers, by their place, and those with texts that may be numbers."""
    if stored is None:
        return StoredNumbers()
    numbers, texts = set(), set()
    for at, name in enumerate(rows.columns):
        is_number = _are_numbers(stored, name)
        if (rows[name].str.contains(FRACTION) & is_number).any():
            numbers.add(at)
        if (rows[name].str.contains(TEXT) & ~is_number).any():
            texts.add(at)
    return StoredNumbers(frozenset(numbers), frozenset(texts))


def unsigned(
    rows: pl.DataFrame, stored: pl.DataFrame | None, mixed: Collection[int]
) -> pl.DataFrame:
    """The rows, the stored numbers of some columns without a point."""
    if stored is None:
        return rows
    return rows.with_columns(_without_points(rows, stored, at) for at in mixed if at < rows.width)


def _without_points(rows: pl.DataFrame, stored: pl.DataFrame, at: int) -> pl.Series:
    cells = rows.to_series(at)
    are_signed = cells.str.contains(FRACTION) & _are_numbers(stored, cells.name)
    places = are_signed.fill_null(value=False).arg_true()
    return cells.scatter(places, [without_point(text) for text in cells.gather(places)])


def _are_numbers(stored: pl.DataFrame, name: str) -> pl.Series:
    return stored[name].is_not_null()
