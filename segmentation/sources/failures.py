"""What Polars raises while files are read, as an error that names the file and the mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from segmentation.errors import InputError, Problem
from segmentation.sources.audit import audit
from segmentation.sources.dialect import CsvFile
from segmentation.sources.locate import Place, unspelt
from segmentation.sources.scan import Group
from segmentation.sources.tables import Table

_READING = (
    pl.exceptions.ComputeError,
    pl.exceptions.SchemaError,
    pl.exceptions.NoDataError,
    OSError,
)


def explain_failure(error: Exception, tables: Iterable[Table]) -> InputError | None:
    """The input's fault behind an exception of `collect`; None when no file is to blame.

    Every file is read once more, alone, to find the one that cannot be.
    """
    if not isinstance(error, _READING):
        return None
    problems = [p for table in tables for group in _groups(table) for p in _broken(group)]
    return InputError(*problems) if problems else None


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
        except (pl.exceptions.PolarsError, OSError) as error:
            yield _ragged(csv) or _damaged(place, error)


def _ragged(csv: Sequence[CsvFile]) -> Problem | None:
    """Rows that the quick audit of a large file took for sound: cells too many here, too few there."""
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


def _damaged(place: Place, error: Exception) -> Problem:
    return Problem(_reason(place, error), place.shown, "Write or copy the file once more.")


def _reason(place: Place, error: Exception) -> str:
    first = str(error).strip().splitlines()[0][:200] if str(error).strip() else "no reason given"
    return f"the file is damaged, or changed while it was read ({unspelt(first, place)})"
