"""The reader of Parquet: every column as it is stored, and of a file in a store only what is asked."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.sources import Source
from segmentation.sources.fields import Field, fields_of, with_fields
from segmentation.sources.files.place import Place
from segmentation.sources.parquet.checksums import check_pages
from segmentation.sources.parquet.oversize import oversize_columns
from segmentation.sources.partitioned import keys_of, partitioned, with_partition
from segmentation.sources.reader import FILE, RECORD, RawTable, Reader, TableOfFiles, samples_of
from segmentation.sources.stored import StoredTable, sample_of

_MAGIC: Final = b"PAR1"


@dataclass(frozen=True)
class ParquetTable(TableOfFiles, StoredTable):
    """Parquet files of one schema."""

    fields: tuple[Field, ...] = ()
    """Of their structs: columns of the schema that no file has by itself."""

    @property
    def is_scanned_in_parts(self) -> bool:
        """Columns and row groups are read on their own; from far away each costs a journey."""
        return not any(place.is_remote for place in self.places)

    @property
    def no_rows(self) -> str:
        """A schema is no header."""
        return "the file has no rows"

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """All columns as they are stored, but for those with cells too large."""
        rows = _rows(self.places, with_records=with_records, with_files=with_files)
        return with_fields(rows, self.fields).drop(self.oversize)

    def each_file(self) -> Sequence[ParquetTable]:
        """The same table file by file."""
        return [replace(self, places=(place,)) for place in self.places]

    def sampled(self) -> ParquetTable:
        """Its first and last rows."""
        return replace(self, sample=sample_of(self.scan(), self.schema))

    def together(self, others: Sequence[ParquetTable]) -> ParquetTable:
        """Their files."""
        places = tuple(place for one in others for place in one.places)
        return replace(self, places=places, sample=samples_of(others))

    def with_text(self, text: str) -> str:
        """The first file: the sample does not say which one a text is of."""
        return self.places[0].shown

    def with_oversize(self, column: str) -> Sequence[str]:
        """The files in which a page of the column is too large."""
        return [place.shown for place in self.places if column in oversize_columns([place])]

    def explained(self, error: BaseException) -> Problem:
        """Damage, or a store that does not give the file."""
        [place] = self.places
        if place.is_remote:
            return _not_given(place)
        if not isinstance(error, OSError):
            return damaged(place.shown)
        what = f"the file is damaged ({error.strerror or 'a row cannot be read'})"
        return Problem(what, place.shown, "Write or copy the file once more.")


def schema_of(place: Place) -> Mapping[str, pl.DataType]:
    """A file's columns, from its footer. Raises InputError."""
    try:
        with _without_advice():
            return dict(_scan([place]).collect_schema())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(_unreadable(place)) from error


def damaged(shown: str) -> Problem:
    """A Parquet file whose ends or footer are not as they should be."""
    what = "the Parquet file is damaged or cut off"
    return Problem(what, shown, "Write or copy the file once more.")


def _unreadable(place: Place) -> Problem:
    return _not_given(place) if place.is_remote else damaged(place.shown)


def _not_given(place: Place) -> Problem:
    """A file that its store listed, and that cannot be read there."""
    if _is_something_else(place):
        what = "the file is called Parquet, and is something else"
        mend = "Name it as what it is (text: .csv or .csv.gz), or write it once more, as Parquet."
        return Problem(what, place.shown, mend)
    what = (
        "the Parquet file cannot be read where it is: it is damaged, or the store does not give it"
    )
    return Problem(
        what, place.shown, "Write it once more; check the rights to read it (s3:GetObject)."
    )


def _is_something_else(place: Place) -> bool:
    """Whether a file that stays in its store does not begin as Parquet does, as far as it says."""
    from segmentation.sources.files.objects import first_bytes

    try:
        return not first_bytes(place, len(_MAGIC)).startswith(_MAGIC)
    except InputError:
        return False


def _claims(place: Place) -> bool:
    """By the first bytes; of a file that stays in its store, and of a damaged one, by its name."""
    is_called_so = place.path.lower().endswith(PARQUET.suffixes)
    if place.is_remote:
        return is_called_so
    if place.head.startswith(_MAGIC):
        if place.is_gzip:
            raise InputError(_packed(place.shown))
        if place.tail != _MAGIC:
            raise InputError(damaged(place.shown))
        return True
    is_other = place.is_gzip or place.is_archive or (place.is_text and place.tail != _MAGIC)
    if is_called_so and not is_other:
        raise InputError(damaged(place.shown))
    return False


def _packed(shown: str) -> Problem:
    mend = "Unpack it: gunzip FILE.gz. Parquet is packed by itself."
    return Problem("the Parquet file is gzipped", shown, mend)


def _tables(source: Source, places: Sequence[Place], oversize: frozenset[str]) -> list[RawTable]:
    alike: dict[tuple[tuple[tuple[str, pl.DataType], ...], tuple[str, ...]], list[Place]] = {}
    for place in places:
        own = schema_of(place)
        found = with_partition(place, own)
        alike.setdefault((tuple(own.items()), keys_of(found)), []).append(found)
    return [
        _table(group, {**dict(own), **dict.fromkeys(keys, pl.String())}, oversize)
        for (own, keys), group in alike.items()
    ]


def _table(
    places: Sequence[Place], schema: Mapping[str, pl.DataType], oversize: frozenset[str]
) -> ParquetTable:
    ends = places if len(places) == 1 else (places[0], places[-1])
    nested = fields_of(schema, oversize)
    schema = {**schema, **{field.column: dtype for field, dtype in nested.items()}}
    fields = tuple(nested)
    small = {name: dtype for name, dtype in schema.items() if name not in oversize}
    try:
        with _without_advice():
            sample = sample_of(with_fields(_rows(ends), fields), small)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(_unreadable(places[0])) from error
    return ParquetTable(tuple(places), schema, sample, oversize & schema.keys(), fields)


def _rows(
    places: Sequence[Place], *, with_records: bool = False, with_files: bool = False
) -> pl.LazyFrame:
    """All rows of some files, with the values that their folders are called by."""
    record, by_path = RECORD if with_records else None, {place.path: place for place in places}
    file = FILE if with_files or keys_of(places[0]) else None
    return partitioned(_scan(places, record, file), by_path, with_files=with_files)


def _scan(
    places: Sequence[Place], record: str | None = None, file: str | None = None
) -> pl.LazyFrame:
    return pl.scan_parquet(
        [p.path for p in places], glob=False, row_index_name=record, include_file_paths=file
    )


@contextmanager
def _without_advice() -> Iterator[None]:
    """Polars asks a bucket for its region where none is set, and warns that it does: no harm to users."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"'\(default_\)region' not set", UserWarning)
        yield


def _explain_opening(place: Place) -> Problem | None:
    """A problem when a file's footer or its first rows cannot be read."""
    if place.is_remote:
        return None
    try:
        table = ParquetTable((place,), schema_of(place), {}, frozenset())
    except (InputError, pl.exceptions.PanicException):
        return damaged(place.shown)
    try:
        table.scan().select(pl.all().null_count()).collect(engine="streaming")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        return table.explained(error)
    return None


PARQUET = Reader(
    kind="parquet",
    called="Parquet",
    suffixes=(".parquet",),
    is_scanned_far=True,
    takes=lambda source: False,  # it is told by its bytes
    claims=_claims,
    check=check_pages,
    oversize=oversize_columns,
    tables=_tables,
    explain_opening=_explain_opening,
)
