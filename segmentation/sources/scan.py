"""Raw scans: every CSV cell as text, every Parquet column as it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from segmentation.errors import InputError, Problem
from segmentation.sources.canonical import RECORD
from segmentation.sources.dialect import CsvFile
from segmentation.sources.locate import Place, damaged_parquet


def scan_csv(files: Sequence[CsvFile], *, with_records: bool = False) -> pl.LazyFrame:
    """The rows of files that share header, delimiter and quoting, all cells as text.

    The schema is given in full, so nothing is inferred from a sample (Hillstrom's `spend` reads
    `0` for 217 lines before its first `29.99`), and a header's blank names do no harm.
    """
    first = files[0]
    is_ragged = any(len(file.anatomy.ragged) for file in files)
    return pl.scan_csv(
        [file.path for file in files],
        has_header=False,
        skip_rows=1,
        schema=dict.fromkeys(first.header, pl.String()),
        separator=first.delimiter,
        quote_char='"' if first.anatomy.has_quotes else None,
        row_index_name=RECORD if with_records else None,
        glob=False,
        extra_columns="ignore" if is_ragged else "raise",
        missing_columns="insert" if is_ragged else "raise",
    )


def scan_parquet(places: Sequence[Place], *, with_records: bool = False) -> pl.LazyFrame:
    return pl.scan_parquet(
        [place.path for place in places],
        glob=places[0].is_remote,
        row_index_name=RECORD if with_records else None,
    )


def parquet_schema(place: Place) -> Mapping[str, pl.DataType]:
    """A Parquet file's columns, read from its footer."""
    try:
        return dict(pl.scan_parquet(place.path, glob=place.is_remote).collect_schema())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(_unreadable_parquet(place, error)) from error


def _unreadable_parquet(place: Place, error: Exception) -> Problem:
    if place.is_remote:
        reason = str(error).splitlines()[0][:200]
        return Problem(f"the file cannot be read ({reason})", place.shown, "Check address and rights.")
    return damaged_parquet(place.shown)
