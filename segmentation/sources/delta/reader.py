"""The reader of Delta tables: the rows of the newest version, as it is when the table is opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.sources import Source
from segmentation.sources.fields import Field, fields_of, with_fields
from segmentation.sources.files.content import Content
from segmentation.sources.files.extras import imported
from segmentation.sources.files.place import Place
from segmentation.sources.parquet.checksums import check_pages
from segmentation.sources.parquet.oversize import oversize_columns
from segmentation.sources.reader import FILE, RECORD, RawTable, Reader, TableOfFiles
from segmentation.sources.stored import StoredTable, sample_of

EXTRA: Final = "delta"


@dataclass(frozen=True)
class DeltaTable(TableOfFiles, StoredTable):
    """One Delta table in one version."""

    version: int
    fields: tuple[Field, ...]
    files: tuple[Place, ...]

    @property
    def is_scanned_in_parts(self) -> bool:
        """Its columns lie apart, as in any Parquet."""
        return True

    @property
    def no_rows(self) -> str:
        """A schema is no header."""
        return "the table has no rows"

    @property
    def contents(self) -> tuple[Content, ...]:
        """Its version, which names the files and rows that count."""
        [place] = self.places
        return (Content(place.path, partial(_said_by_log, place.path, self.version)),)

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """The rows that count."""
        [place] = self.places
        rows = with_fields(pl.scan_delta(place.path, version=self.version), self.fields)
        rows = rows.drop(self.oversize)
        rows = rows.with_row_index(RECORD) if with_records else rows
        return rows.with_columns(pl.lit(place.path).alias(FILE)) if with_files else rows

    def each_file(self) -> Sequence[DeltaTable]:
        """Itself: its files are none without its log."""
        return [self]

    def sampled(self) -> DeltaTable:
        """Itself."""
        return self

    def together(self, others: Sequence[DeltaTable]) -> DeltaTable:
        """Itself: it is one table."""
        return self

    def with_text(self, text: str) -> str:
        """The table."""
        return self.called

    def with_oversize(self, column: str) -> Sequence[str]:
        """The table, where a page of the column is too large."""
        return [self.called] if column in oversize_columns(self.files) else []

    def explained(self, error: BaseException) -> Problem:
        """A file of it is damaged, or was removed by a vacuum meanwhile."""
        return _unreadable(self.places[0], error)


def _said_by_log(path: str, version: int, digest: hashlib._Hash) -> int:
    """The bytes of the log that made the version."""
    log = Path(path, "_delta_log")
    entry = log / f"{version:020}.json"
    said = entry.read_bytes() if entry.exists() else str(version).encode()
    digest.update(said)
    return len(said)


def _claims(place: Place) -> bool:
    return place.is_folder


def _opened(place: Place) -> Any:
    """The table of a folder, by the package that reads its log. Raises InputError."""
    deltalake = imported("deltalake", EXTRA, "a Delta table is read", place.shown)
    try:
        return deltalake.DeltaTable(place.path)
    except Exception as error:  # its own errors share no base
        raise InputError(_unreadable(place, error)) from error


def _files(place: Place, opened: Any) -> tuple[Place, ...]:
    uris = opened.file_uris()
    paths = (unquote(urlsplit(uri).path) if uri.startswith("file://") else uri for uri in uris)
    found = tuple(Place(place.shown, path) for path in sorted(paths))
    if not all(os.path.exists(file.path) for file in found):
        what = "the log of the Delta table names a file that is not there"
        mend = "Was it vacuumed or moved meanwhile? Copy the folder once more, all of it."
        raise InputError(Problem(what, place.shown, mend))
    return found


def _check(places: Sequence[Place]) -> None:
    check_pages([file for place in places for file in _files(place, _opened(place))])


def _oversize(places: Sequence[Place]) -> frozenset[str]:
    return oversize_columns(file for place in places for file in _files(place, _opened(place)))


def _tables(source: Source, places: Sequence[Place], oversize: frozenset[str]) -> list[RawTable]:
    return [_table(place, oversize) for place in places]


def _table(place: Place, oversize: frozenset[str]) -> DeltaTable:
    opened = _opened(place)  # once: its files are those of its version
    version, files = opened.version(), _files(place, opened)
    try:
        rows = pl.scan_delta(place.path, version=version)
        own = dict(rows.collect_schema())
        nested = fields_of(own, oversize)
        fields = tuple(nested)
        schema = {**own, **{field.column: dtype for field, dtype in nested.items()}}
        sample = sample_of(
            with_fields(rows, fields), {n: t for n, t in schema.items() if n not in oversize}
        )
    except Exception as error:  # features that Polars does not know raise errors of many kinds
        raise InputError(_unreadable(place, error)) from error
    return DeltaTable((place,), schema, sample, oversize & schema.keys(), version, fields, files)


def _unreadable(place: Place, error: BaseException) -> Problem:
    what = f"the Delta table cannot be read ({type(error).__name__})"
    mend = (
        "Is it whole, and is nobody vacuuming it? If it uses what is not read (a newer protocol), write its "
        "rows as plain Parquet."
    )
    return Problem(what, place.shown, mend)


DELTA: Final = Reader(
    kind="delta",
    called="Delta tables",
    suffixes=(),
    is_scanned_far=False,
    takes=lambda source: False,  # it is told by its log
    claims=_claims,
    check=_check,
    oversize=_oversize,
    tables=_tables,
    explain_opening=lambda place: None,
)
