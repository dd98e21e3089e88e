"""Cells of a sheet that hold an error (#N/A): the engine gives nothing there, and nothing is no answer.

So they are looked for in the sheet's own XML, and stand in its text as they stand in a CSV that a
spreadsheet writes. Only workbooks of XML (.xlsx) are looked into: others have no text to look at.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import unescape
from typing import Final
from zipfile import BadZipFile, ZipFile

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern

_ERROR: Final = b't="e"'
#: a cell with anything in it, and its place, its kind and its value
_CELL: Final = pattern(r"<(?:\w+:)?c\b([^>]*[^/])>(.*?)</(?:\w+:)?c>")
_PLACE: Final = pattern(r'\br="([A-Z]+)([0-9]+)"')
_VALUE: Final = pattern(r"<(?:\w+:)?v[^>]*>([^<]*)</")
_SHEET: Final = pattern(r"<(?:\w+:)?sheet\b([^>]*)/?>")
_RELATION: Final = pattern(r"<(?:\w+:)?Relationship\b([^>]*)/?>")
_ATTRIBUTE: Final = pattern(r'([\w:]+)="([^"]*)"')


@dataclass(frozen=True)
class _Cell:
    """One cell of a sheet: its row and column from 0, and its error, if it holds one."""

    row: int
    column: int
    error: str


def with_errors(rows: pl.DataFrame, book: str | bytes, sheet: str) -> pl.DataFrame:
    """The rows of a sheet, with what its errors are in the cells that hold one."""
    cells = list(_cells(book, sheet))
    first = min((cell.column for cell in cells), default=0)  # where the engine begins to read
    errors: dict[int, dict[int, str]] = {}
    for cell in cells:
        if cell.error and cell.row < rows.height and cell.column - first < rows.width:
            errors.setdefault(cell.column - first, {})[cell.row] = cell.error
    return rows.with_columns(
        rows.to_series(at).scatter([*found], [*found.values()]) for at, found in errors.items()
    )


def _cells(book: str | bytes, sheet: str) -> Iterator[_Cell]:
    """The cells of a sheet in which something stands; none where no error is among them."""
    text = _xml(book, sheet)
    if _ERROR not in text:
        return
    for attributes, inside in _CELL.findall(text.decode("utf-8", "replace")):
        place, value = _PLACE.search(attributes), _VALUE.search(inside)
        if place and inside:
            is_error = value is not None and _attributes(attributes).get("t") == "e"
            error = value[1] if is_error and value is not None else ""
            yield _Cell(int(place[2]) - 1, _number(place[1]) - 1, error)


def _xml(book: str | bytes, sheet: str) -> bytes:
    """The XML of a sheet; empty where the workbook has none."""
    try:
        with ZipFile(io.BytesIO(book) if isinstance(book, bytes) else book) as parts:
            names = {*parts.namelist()}
            return parts.read(_part(parts, sheet)) if "xl/workbook.xml" in names else b""
    except (BadZipFile, KeyError, OSError):
        return b""


def _part(parts: ZipFile, sheet: str) -> str:
    """The name of the part that holds a sheet. Raises KeyError without such."""
    sheets = [_attributes(one) for one in _SHEET.findall(_read(parts, "xl/workbook.xml"))]
    relations = _RELATION.findall(_read(parts, "xl/_rels/workbook.xml.rels"))
    targets = {one["Id"]: one["Target"] for one in map(_attributes, relations)}
    key = {unescape(one["name"]): one["r:id"] for one in sheets}[sheet]
    target = targets[key]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _read(parts: ZipFile, name: str) -> str:
    return parts.read(name).decode("utf-8", "replace")


def _attributes(text: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text))


def _number(letters: str) -> int:
    """The number of a column from 1.

    >>> _number("A"), _number("AB")
    (1, 28)
    """
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found
