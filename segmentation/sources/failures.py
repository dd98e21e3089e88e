"""What Polars raises while files are read, as an error that names the file and the mend.

Polars raises its own errors, and a panic of its Rust code as a BaseException. What is to blame is
found by looking: a file that changed meanwhile, or one that cannot be read by itself either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from segmentation.messages.errors import InputError, Problem, SegmentationError
from segmentation.rules.sources import Source
from segmentation.sources.columns.failing import FormatsDiffer
from segmentation.sources.columns.ids import IdsDiffer
from segmentation.sources.files.fingerprints import Seen, changes
from segmentation.sources.files.locate import locate
from segmentation.sources.files.place import Place
from segmentation.sources.reader import RawTable, Reader
from segmentation.sources.readers import ENDINGS, reader_of
from segmentation.sources.tables import Table

RAISED: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What reading can raise that is the files' fault."""

_READING = (
    pl.exceptions.ComputeError,
    pl.exceptions.InvalidOperationError,  # a cast in the plan of a frame
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
    except (SegmentationError, FormatsDiffer, IdsDiffer):
        raise
    except _raised_by(raw for table in known for raw in _raws(table)) as error:
        found = explain_failure(error, known)
        if found is None:
            raise
        raise found from None
    refuse_changed(known)


@contextmanager
def opening(
    opened: Sequence[tuple[Reader, Sequence[Place]]], raws: Sequence[RawTable] = ()
) -> Iterator[None]:
    """The same before there is a table of the rows: while files are opened, and `raws` looked into."""
    try:
        yield
    except (SegmentationError, FormatsDiffer, IdsDiffer):
        raise
    except _raised_by(raws):
        every = [(reader, place) for reader, places in opened for place in places]
        broken = list(changes(seen(place for _, place in every)))
        found = () if broken else (reader.explain_opening(place) for reader, place in every)
        broken += [problem for problem in found if problem is not None]
        broken = broken or [problem for raw in raws for problem in _broken(raw)]
        if not broken:
            raise
        raise InputError(*broken) from None


def refuse_changed(tables: Iterable[Table]) -> None:
    """Raise InputError when a file of these tables is not what it was when it was opened."""
    found = list(changes(seen(p for t in tables for raw in _raws(t) for p in raw.places)))
    if found:
        raise InputError(*found)


def seen(places: Iterable[Place]) -> list[Seen]:
    """The files that somebody could change while they are read."""
    return [place.seen for place in places if place.seen is not None]


def explain_failure(error: BaseException, tables: Iterable[Table]) -> InputError | None:
    """The input's fault behind an exception of `collect`; None when no file is to blame.

    Every file is read once more, alone, to find the one that cannot be.
    """
    raws = [raw for table in tables for raw in _raws(table)]
    if not isinstance(error, (*_READING, *_own(raws))):
        return None
    problems = list(changes(seen(p for raw in raws for p in raw.places)))
    problems = problems or [p for raw in raws for p in _broken(raw)]
    return InputError(*problems) if problems else None


def can_be_read(path: Path) -> bool:
    """Whether one file can be read by itself, all of its columns; whatever its kind."""
    try:
        places = locate(str(path), ENDINGS)
        reader = reader_of(str(path), places)
        reader.check(places)
        tables = reader.tables(Source(path=str(path)), places, frozenset())
        return not any(True for raw in tables for _ in _broken(raw))
    except (InputError, pl.exceptions.PanicException):
        return False


def _raws(table: Table) -> Iterator[RawTable]:
    for tally in table.tallies:
        for part in tally.parts:
            yield part.raw


def _raised_by(raws: Iterable[RawTable]) -> tuple[type[BaseException], ...]:
    """What reading these tables can raise that is their fault."""
    return (*RAISED, *_own(raws))


def _own(raws: Iterable[RawTable]) -> Iterator[type[BaseException]]:
    return (kind for raw in raws for kind in raw.raises)


def _broken(raw: RawTable) -> Iterator[Problem]:
    for alone in raw.each_file():
        try:
            alone.scan().select(pl.all().null_count()).collect(engine="streaming")
        except _raised_by([raw]) as error:
            yield alone.explained(error)
