"""How the column is written that tells which of several rows of one id is the newest. What tells nothing is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from segmentation.messages.errors import InputError, Problem
from segmentation.sources.columns import dates
from segmentation.sources.columns.date_numbers import SINCE_1970
from segmentation.sources.columns.detect import DateColumn, shapes_of_own
from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.latest import WHOLE, Latest
from segmentation.sources.columns.mapping import Columns
from segmentation.sources.columns.sampled import some_dates
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be

#: of numbers, which may be the days 20260131, 31012026 or 1022026, and which count Excel's days or a unit since 1970
_DAY: Final = (1980_01_01, 2099_12_31)
_DAY_FIRST: Final = r"^[0-9]{1,2}[0-9]{2}(19[89][0-9]|20[0-9]{2})$"
_EIGHT: Final = r"^[0-9]{8}$"
_SECOND: Final = (315_532_800, 4_102_444_800)  # 1980 to 2100
_UNITS: Final[Mapping[str, tuple[int, int]]] = {
    "Excel's days": (29_221, 73_050),
    "seconds": _SECOND,
    "milliseconds": (_SECOND[0] * 1_000, _SECOND[1] * 1_000),
    "microseconds": (_SECOND[0] * 1_000_000, _SECOND[1] * 1_000_000),
}


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
        return Guess(_of_numbers(column, raw))
    if not found.found and dates.fitting(sample, dates.ISO) < len(sample):
        raise InputError(_no_dates(column, raw))
    return Guess(Latest(column, found.found or dates.ISO), found.notes)


def name_of(columns: Columns) -> str:
    """The name by which a table knows the column that tells which row is newest."""
    named = (n for n, found in columns.canonical.items() if found == (columns.latest,))
    return next(named, str(columns.latest))


def _of_numbers(column: str, raw: RawTable) -> Latest:
    """Numbers as they grow; those that count several units are moments, each in the unit in which it is a day.

    Raises InputError where they are days that do not grow, or days beside such as count from 1970.
    """
    held = _held(column, raw)
    counted = [unit for unit in _UNITS if held[unit]]
    epochs = sum(held[unit] for unit in counted if unit != "Excel's days")
    if held["days"] and epochs:
        what = f"the numbers of {column} are days as 20260131 in some rows, and count {counted[-1]} in others"
        raise InputError(_cannot_be_told(what, raw, "Write all of them in one way."))
    digits = held["day first"] == held["numbers"] or held["eight"] == held["numbers"]
    if held["numbers"] and digits and held["days"] < held["numbers"]:
        length = "eight" if held["eight"] == held["numbers"] else "seven or eight"
        what = f"the numbers of {column} have {length} digits and are not all days as 20260131"
        mend = "Write how they are written as date_format, such as '%d%m%Y'"
        lost = (
            ""
            if held["eight"] == held["numbers"]
            else ", with the zero that some days have lost: 01022026"
        )
        raise InputError(_cannot_be_told(what, raw, f"{mend}{lost}."))
    if epochs and (len(counted) > 1 or epochs == held["numbers"]):
        return Latest(column, dates.family(SINCE_1970[0]))
    return Latest(column, (), is_number=True)


def _held(column: str, raw: RawTable) -> Mapping[str, int]:
    """How many of a whole column's numbers but 0 may be what."""
    text = as_text(column, raw.schema[column]).str.strip_chars().str.replace(r"\.0+$", "")
    number = text.cast(pl.Int64, strict=False)
    counts = number.is_not_null() & (number != 0)
    is_day = number.is_between(*_DAY) & text.str.to_date("%Y%m%d", strict=False).is_not_null()
    kinds = {
        "numbers": pl.lit(value=True),
        "days": is_day,
        "day first": text.str.contains(_DAY_FIRST),
        "eight": text.str.contains(_EIGHT),
        **{unit: number.is_between(*bounds) for unit, bounds in _UNITS.items()},
    }
    found = raw.scan().select((counts & is_one).sum().alias(n) for n, is_one in kinds.items())
    return found.collect(engine="streaming").row(0, named=True)


def _cannot_be_told(what: str, raw: RawTable, mend: str) -> Problem:
    return Problem(f"latest_by: {what}: which is the newest cannot be told", raw.called, mend)


def _no_dates(column: str, raw: RawTable) -> Problem:
    return Problem(
        f"latest_by: the column {column} holds neither dates nor whole numbers",
        raw.called,
        "Name a column that tells when a row was written, or declare its date_format.",
    )
