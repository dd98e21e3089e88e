"""How the column is written that tells which of several rows of one id is the newest. What tells nothing is refused."""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.messages.errors import InputError, Problem
from segmentation.sources.columns import dates
from segmentation.sources.columns.detect import DateColumn, shapes_of_own
from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.latest import WHOLE, Latest
from segmentation.sources.columns.mapping import Columns
from segmentation.sources.columns.sampled import some_dates
from segmentation.sources.reader import RawTable
from segmentation.sources.stored_types import can_be

_DAY: Final = (
    r"^\s*[0-9]{8}\s*$"  # 20260131, which is a number that grows, or 31012026, which is none
)


def latest_in(
    columns: Columns, raw: RawTable, table: str, date_format: str | None
) -> Guess[Latest]:
    """How the column that `columns` name as the one is read.

    Raises InputError where it holds neither dates nor whole numbers, and AmbiguousDate.
    """
    column = str(columns.latest)
    dtype = raw.schema[column]
    if column in raw.oversize or not can_be(dtype, "date"):
        raise InputError(_no_dates(column, raw))
    if isinstance(dtype, pl.Date | pl.Datetime):
        return Guess(Latest(column, dates.ISO))
    texts = DateColumn(table, name_of(columns), column, some_dates(column, raw), raw)
    sample = pl.Series(texts.sample, dtype=pl.String)
    found = shapes_of_own(texts, date_format)
    is_declared = date_format is not None and found.found == dates.declared(date_format)
    whole = sample.filter(sample.str.contains(WHOLE))
    are_most = len(whole) * 2 >= len(sample) and not found.found
    if (len(whole) == len(sample) or are_most) and not is_declared:
        return Guess(_of_numbers(column, whole, raw))
    if not found.found and dates.fitting(sample, dates.ISO) < len(sample):
        raise InputError(_no_dates(column, raw))
    return Guess(Latest(column, found.found or dates.ISO), found.notes)


def name_of(columns: Columns) -> str:
    """The name by which a table knows the column that tells which row is newest."""
    named = (n for n, found in columns.canonical.items() if found == (columns.latest,))
    return next(named, str(columns.latest))


def _of_numbers(column: str, sample: pl.Series, raw: RawTable) -> Latest:
    are_days = sample.str.contains(_DAY)
    is_read = dates.fitting(sample, ("%Y%m%d",)) == len(sample)
    if len(sample) and are_days.all() and not is_read:
        raise InputError(
            Problem(
                f"latest_by: the numbers of {column} have eight digits and are not all days as 20260131: "
                "which is the newest cannot be told",
                raw.called,
                "Write how they are written as date_format, such as '%d%m%Y'.",
            )
        )
    return Latest(column, (), is_number=True)


def _no_dates(column: str, raw: RawTable) -> Problem:
    return Problem(
        f"latest_by: the column {column} holds neither dates nor whole numbers",
        raw.called,
        "Name a column that tells when a row was written, or declare its date_format.",
    )
