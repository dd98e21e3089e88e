"""The reader of workbooks (.xlsx, .xls, .xlsb, .ods): a sheet becomes a text of commas, a line for each row.

So lines above the header, a header that is missing, and rows that are rejected are told as of text;
the number of a line is that of the row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Final

import polars as pl

from segmentation.messages.errors import InputError, Problem, listed, nearest, visible
from segmentation.rules.sources import Source
from segmentation.sources.csv.raw import damage_as_input_error, opened
from segmentation.sources.csv.reader import CSV, CsvTable
from segmentation.sources.excel.errors import with_errors
from segmentation.sources.excel.numbers import are_in_doubt, numbers_in, unsigned
from segmentation.sources.files.extras import imported
from segmentation.sources.files.place import NothingThere, Place
from segmentation.sources.files.scratch import scratch_file
from segmentation.sources.reader import RawTable, Reader

EXTRA: Final = "excel"
_SAVE: Final = "or save the sheet as CSV"


def _claims(place: Place) -> bool:
    return place.is_archive


def _tables(source: Source, places: Sequence[Place], oversize: frozenset[str]) -> list[RawTable]:
    """The tables of the texts that sheets become."""
    books = [_opened(place) for place in places]
    sheets = [
        _sheet_of(book, source.sheet, place) for book, place in zip(books, places, strict=True)
    ]
    named = [sheet for sheet, _ in sheets]
    rows = [
        with_errors(pl.DataFrame(sheet), _bytes(place) if place.is_gzip else place.path, sheet.name)
        for sheet, place in zip(named, places, strict=True)
    ]
    stored = [
        _stored(book, sheet, cells, place)
        for book, sheet, cells, place in zip(books, named, rows, places, strict=True)
    ]
    found = [numbers_in(cells, mask) for cells, mask in zip(rows, stored, strict=True)]
    numbers = reduce(or_, found)
    texts = [
        _as_text(unsigned(cells, mask, numbers.mixed), sheet, place)
        for cells, mask, sheet, place in zip(rows, stored, named, places, strict=True)
    ]
    # cells are written by us: what stands between them, and in which letters, is known
    tables = CSV.tables(replace(source, delimiter=",", encoding=None), texts, oversize)
    said = {place.shown: note for (_, note), place in zip(sheets, places, strict=True) if note}
    pairs = zip(books, sheets, strict=True)
    others = {n: None for book, (own, note) in pairs if note for n in _others(book, own.name)}
    return [_saying(table, said, numbers.pointed, tuple(others)) for table in tables]


def _others(workbook: Any, own: str) -> list[str]:
    """The other sheets of a workbook, in its order."""
    return [name for name in workbook.sheet_names if name != own]


def _saying(
    table: RawTable, notes: Mapping[str, str], pointed: Collection[int], others: tuple[str, ...]
) -> CsvTable:
    """A table of texts with what was guessed of the workbooks behind it, and what these store as numbers."""
    assert isinstance(table, CsvTable)
    said = (notes[place.shown] for place in table.places if place.shown in notes)
    stored = (name for at, name in enumerate(table.schema) if at in pointed)
    return replace(table, said=tuple(said), stored=frozenset(stored), other_sheets=others)


def _stored(workbook: Any, sheet: Any, rows: pl.DataFrame, place: Place) -> pl.DataFrame | None:
    """Which cells of a sheet are stored numbers; None where a text among them could not be read otherwise."""
    return (
        pl.DataFrame(_loaded(workbook, sheet.name, place, "boolean"))
        if are_in_doubt(rows)
        else None
    )


def _opened(place: Place) -> Any:
    """The workbook. Raises InputError where it is none, or the package is missing."""
    fastexcel = imported("fastexcel", EXTRA, "a workbook is read", place.shown, f", {_SAVE}.")
    try:
        return fastexcel.read_excel(_bytes(place) if place.is_gzip else place.path)
    except (fastexcel.FastExcelError, pl.exceptions.PanicException) as error:
        raise InputError(_unreadable(place)) from error


def _bytes(place: Place) -> bytes:
    with damage_as_input_error(place), opened(place) as file:
        return file.read()


def _sheet_of(workbook: Any, named: str | None, place: Place) -> tuple[Any, str]:
    """The sheet that is meant, and what is said of it where it was not named."""
    names = list(workbook.sheet_names)
    if named is not None:
        if named not in names:
            raise InputError(_no_such_sheet(place, named, names))
        return _loaded(workbook, named, place), ""
    sheets = (_loaded(workbook, name, place) for name in names)
    shown = next((sheet for sheet in sheets if sheet.visible == "visible"), None)
    if shown is None:
        raise InputError(_unreadable(place))
    others = len(names) - 1
    note = f"{place.shown}: of {len(names)} sheets the first one is read: {visible(shown.name)}"
    return shown, note if others else ""


def _loaded(workbook: Any, name: str, place: Place, dtype: str = "string") -> Any:
    """A sheet with every cell as text, and all rows from the first one of the sheet."""
    try:
        return workbook.load_sheet(
            name, header_row=None, skip_rows=0, dtypes=dtype, skip_whitespace_tail_rows=True
        )
    except (ValueError, LookupError, RuntimeError) as error:
        raise InputError(_unreadable(place)) from error


def _as_text(rows: pl.DataFrame, sheet: Any, place: Place) -> Place:
    """The place of a text of the rows; breaks within a cell are blanks, so that a row is a line."""
    if rows.is_empty():
        what = f"the sheet {visible(sheet.name)} is empty"
        raise NothingThere(
            place.shown, what, "It needs a header and rows; or name another: `sheet:`"
        )
    copy = scratch_file(".csv")
    in_lines = pl.all().str.replace_all(r"[\r\n]+", " ")
    rows.select(in_lines).write_csv(copy, include_header=False)
    origin = place.origin or str(Path(place.path).resolve())
    return replace(
        place, path=str(copy), origin=origin, is_gzip=False, head=b"", tail=b"", has_floats=True
    )


def _unreadable(place: Place) -> Problem:
    what = "the workbook cannot be read: it is damaged, needs a password, or holds no sheet"
    return Problem(what, place.shown, f"Open it, and save it once more as .xlsx, {_SAVE}.")


def _no_such_sheet(place: Place, named: str, names: Sequence[str]) -> Problem:
    close = nearest(named, names)
    mend = f"Nearest: {visible(close)}. " if close else ""
    what = f"the workbook has no sheet {visible(named)}"
    return Problem(what, place.shown, f"{mend}Its sheets: {listed([visible(n) for n in names])}")


EXCEL: Final = Reader(
    kind="excel",
    called="Workbooks",
    suffixes=(".xlsx",),
    is_scanned_far=False,
    takes=lambda source: False,  # it is told by its bytes
    claims=_claims,
    check=lambda places: None,  # it is read whole when it is opened
    oversize=lambda places: frozenset(),
    tables=_tables,
    explain_opening=lambda place: None,
)
