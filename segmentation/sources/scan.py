"""Raw scans: every CSV cell as text, every Parquet column as it is stored."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from segmentation.errors import InputError, Problem
from segmentation.sources.columns.canonical import FILE, RECORD
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.files.locate import Place, damaged_parquet, unspelt


@dataclass(frozen=True)
class Group:
    """Files of one source that are scanned alike: same header or schema, same dialect."""

    places: tuple[Place, ...]
    csv: tuple[CsvFile, ...]  # empty for Parquet and for addresses of object stores
    schema: Mapping[str, pl.DataType]
    sample: Mapping[str, Sequence[str | None]]  # of text and integer columns
    delimiter: str = ","
    oversize: frozenset[str] = frozenset()
    """Columns of Parquet with cells too large to be read: no scan has them, nor has the sample."""

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """The raw rows; `__record` numbers them from 0 over all files, `__file` says which one."""
        record, file = RECORD if with_records else None, FILE if with_files else None
        if self.csv:
            return _scan_csv(self.csv, record, file)
        if self.places[0].kind == "csv":
            return scan_remote_csv(self.places[0], self.delimiter, record, file)
        return scan_parquet(self.places, record, file).drop(self.oversize)

    def shown(self) -> Mapping[str, str]:
        """What `__file` says -> the file as people know it."""
        if self.csv:
            return {file.path: file.place.shown for file in self.csv}
        return {place.path: place.shown for place in self.places}


def _scan_csv(files: Sequence[CsvFile], record: str | None, file: str | None) -> pl.LazyFrame:
    """All cells as text.

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
        row_index_name=record,
        include_file_paths=file,
        glob=False,
        extra_columns="ignore" if is_ragged else "raise",
        missing_columns="insert" if is_ragged else "raise",
    )


def scan_remote_csv(
    place: Place, delimiter: str, record: str | None = None, file: str | None = None
) -> pl.LazyFrame:
    """All cells as text. Nothing is counted beforehand: a row with too many cells is an error."""
    return pl.scan_csv(
        place.path,
        separator=delimiter,
        infer_schema=False,
        row_index_name=record,
        include_file_paths=file,
    )


def scan_parquet(
    places: Sequence[Place], record: str | None = None, file: str | None = None
) -> pl.LazyFrame:
    """All columns as they are stored."""
    return pl.scan_parquet(
        [p.path for p in places],
        glob=places[0].is_remote,
        row_index_name=record,
        include_file_paths=file,
    )


def schema_of(place: Place, delimiter: str = ",") -> Mapping[str, pl.DataType]:
    """A Parquet file's columns from its footer, or a remote CSV file's from its header."""
    is_parquet = place.kind == "parquet"
    scan = scan_parquet([place]) if is_parquet else scan_remote_csv(place, delimiter)
    try:
        with _without_advice():
            return dict(scan.collect_schema())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(unreadable_scan(place, error)) from error


@contextmanager
def _without_advice() -> Iterator[None]:
    """Polars asks a bucket for its region where none is set, and warns that it does: no harm to users."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"'\(default_\)region' not set", UserWarning)
        yield


def unreadable_scan(place: Place, error: Exception) -> Problem:
    """Why Polars cannot scan a file."""
    if not place.is_remote:
        return damaged_parquet(place.shown)
    reason = unspelt(str(error).splitlines()[0][:200], place)
    return Problem(
        f"it cannot be read ({reason})", place.shown, "Check the address and its rights."
    )
