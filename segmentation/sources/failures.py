"""What Polars raises while files are read, as an error that names the file and the mend.

Polars raises its own errors, and a panic of its Rust code as a BaseException. What is to blame is
found by looking: a file that changed meanwhile, or one that cannot be read by itself either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from segmentation.errors import InputError, Problem
from segmentation.sources.csv.dialect import CsvFile, examine
from segmentation.sources.files.fingerprints import Seen, changes
from segmentation.sources.files.locate import Place, damaged_parquet, locate
from segmentation.sources.parquet.checksums import check_pages
from segmentation.sources.scan import Group, schema_of
from segmentation.sources.tables import Table

RAISED: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What reading can raise that is the files' fault."""

_READING = (
    pl.exceptions.ComputeError,
    pl.exceptions.SchemaError,
    pl.exceptions.NoDataError,
    pl.exceptions.PanicException,
    OSError,
)


@contextmanager
def explained(tables: Iterable[Table]) -> Iterator[None]:
    """Turn what is raised on damaged or changing files into an InputError that names them.

    A change is looked for whatever happened: it explains any other complaint about the data.
    """
    known = list(tables)
    try:
        yield
    except InputError as error:
        refuse_changed(known)
        raise error from None
    except RAISED as error:
        found = explain_failure(error, known)
        if found is None:
            raise
        raise found from None
    refuse_changed(known)


@contextmanager
def opening(places: Sequence[Place]) -> Iterator[None]:
    """The same while files are opened, before there is a table of them."""
    try:
        yield
    except RAISED:
        changed = list(changes(seen(places)))
        broken = changed or [p for place in places for p in _unopened(place)]
        if not broken:
            raise
        raise InputError(*broken) from None


def refuse_changed(tables: Iterable[Table]) -> None:
    """Raise InputError when a file of these tables is not what it was when it was opened."""
    found = list(changes(seen(p for t in tables for g in _groups(t) for p in g.places)))
    if found:
        raise InputError(*found)


def seen(places: Iterable[Place]) -> list[Seen]:
    """The files that somebody could change while they are read."""
    return [place.seen for place in places if place.seen is not None]


def explain_failure(error: BaseException, tables: Iterable[Table]) -> InputError | None:
    """The input's fault behind an exception of `collect`; None when no file is to blame.

    Every file is read once more, alone, to find the one that cannot be.
    """
    if not isinstance(error, _READING):
        return None
    groups = [group for table in tables for group in _groups(table)]
    problems = list(changes(seen(p for g in groups for p in g.places)))
    problems = problems or [p for group in groups for p in _broken(group)]
    return InputError(*problems) if problems else None


def can_be_read(path: Path) -> bool:
    """Whether one file can be read by itself, all of its columns; whatever its kind."""
    try:
        [place] = locate(str(path))
        check_pages([place])
        if place.kind == "parquet":
            return not list(_broken(Group((place,), (), schema_of(place), {})))
        file = examine(place, None, None)
        texts = dict.fromkeys(file.header, pl.String())
        return not list(_broken(Group((place,), (file,), texts, {}, file.delimiter)))
    except (InputError, pl.exceptions.PanicException):
        return False


def _unopened(place: Place) -> Iterator[Problem]:
    """A problem when a Parquet file's footer or its first rows cannot be read."""
    if place.kind != "parquet" or place.is_remote:
        return
    try:
        group = Group((place,), (), schema_of(place), {})
    except (InputError, pl.exceptions.PanicException):
        yield damaged_parquet(place.shown)
    else:
        yield from _broken(group)


def _groups(table: Table) -> Iterator[Group]:
    for tally in table.tallies:
        for part in tally.parts:
            yield part.group


def _broken(group: Group) -> Iterator[Problem]:
    for number, place in enumerate(group.places):
        csv = group.csv[number : number + 1]
        alone = Group((place,), csv, group.schema, {}, group.delimiter)
        try:
            alone.scan().select(pl.all().null_count()).collect(engine="streaming")
        except RAISED as error:
            yield _ragged(csv) or _damaged(place, error)


def _ragged(csv: Sequence[CsvFile]) -> Problem | None:
    """Rows that the quick audit of a large file took for sound: cells too many here, too few there."""
    from segmentation.sources.csv.audit import audit

    for file in csv:
        is_copy = file.path != file.text.path
        place = replace(file.text, path=file.path, is_gzip=file.text.is_gzip and not is_copy)
        found = audit(place, file.delimiter, len(file.header), is_thorough=True)
        if len(found.ragged):
            row, cells = found.ragged[0] + 1, found.cells[0]
            what = f"row {row:,} has {cells} cells, the header has {len(file.header)}"
            mend = f"{len(found.ragged):,} rows have cells too many or too few: mend them, or split the file."
            return Problem(what, file.place.shown, mend)
    return None


def _damaged(place: Place, error: BaseException) -> Problem:
    """Never the words of Polars: they may hold a cell of the file."""
    if place.kind == "parquet" and not isinstance(error, OSError):
        return damaged_parquet(place.shown)
    said = (
        error.strerror if isinstance(error, OSError) and error.strerror else "a row cannot be read"
    )
    return Problem(
        f"the file is damaged ({said})", place.shown, "Write or copy the file once more."
    )
