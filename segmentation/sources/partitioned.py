"""Rows of files whose folders are called by a value: it is a column of them, of text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from segmentation.sources.files.place import Place
from segmentation.sources.reader import FILE


def keys_of(place: Place) -> tuple[str, ...]:
    """The columns that the folders of a file say."""
    return tuple(column for column, _ in place.partition)


def with_partition(place: Place, own: Collection[str]) -> Place:
    """A file without what its folders say of columns that it has itself."""
    kept = tuple((column, value) for column, value in place.partition if column not in own)
    return place if kept == place.partition else replace(place, partition=kept)


def partitioned(
    rows: pl.LazyFrame, places: Mapping[str, Place], *, with_files: bool
) -> pl.LazyFrame:
    """The rows of some files with what their folders say.

    All have the same keys; where there are any, the rows have FILE.
    """
    keys = keys_of(next(iter(places.values())))
    if not keys:
        return rows
    told = [
        pl.col(FILE)
        .replace_strict(
            [*places], [dict(p.partition)[key] for p in places.values()], return_dtype=pl.String
        )
        .alias(key)
        for key in keys
    ]
    found = rows.with_columns(told)
    return found if with_files else found.drop(FILE)
