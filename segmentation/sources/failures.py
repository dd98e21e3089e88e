"""What Polars raises while files are read, as an error that names the file and the mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from segmentation.errors import InputError, Problem
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
            yield Problem(_reason(error), place.shown, "Write or copy the file once more.")


def _reason(error: Exception) -> str:
    first = str(error).strip().splitlines()[0][:200] if str(error).strip() else "no reason given"
    return f"the file is damaged, or changed while it was read ({first})"
