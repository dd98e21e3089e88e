"""The rows of a text one by one, by the csv module, ended where Polars and the audit end them.

A row ends with `\\n` or `\\r\\n` outside quotes. To the csv module a `\\r` alone ends one, too, so that it
never gets to see one: what stands for it is a sign that no text in UTF-8 can hold.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from segmentation.sources.csv.raw import opened
from segmentation.sources.files.place import Place

_RETURN = "\udc0d"


class RowReader(Iterator[list[str]]):
    """The rows of some lines, of which each ends with `\\n` but perhaps the last.

    >>> list(RowReader(["1,x\\ry\\r\\n", '2,"a\\n', 'b"\\n'], ","))
    [['1', 'x\\ry'], ['2', 'a\\nb']]
    """

    def __init__(self, lines: Iterable[str], delimiter: str, *, is_strict: bool = False) -> None:
        self._has_returns = False
        told = map(self._told, lines)
        self._reader = csv.reader(told, delimiter=delimiter, strict=is_strict)

    @property
    def lines(self) -> int:
        """How many lines were read so far."""
        return self._reader.line_num

    def __next__(self) -> list[str]:
        row = next(self._reader)
        return [cell.replace(_RETURN, "\r") for cell in row] if self._has_returns else row

    def _told(self, line: str) -> str:
        if "\r" not in line:
            return line
        text = line.removesuffix("\n").removesuffix("\r")
        self._has_returns |= "\r" in text
        return text.replace("\r", _RETURN) + line[len(text) :]


def lines_in(text: str) -> Iterator[str]:
    """The lines of a text."""
    return io.StringIO(text, newline="\n")


def lines_of(place: Place) -> io.TextIOWrapper:
    """The lines of a file in UTF-8."""
    return io.TextIOWrapper(opened(place), encoding="utf-8-sig", newline="\n")


def cells_of(row: str, delimiter: str) -> list[str]:
    """The cells of the text of one row; none where it is blank."""
    return next(RowReader(lines_in(row), delimiter), [])
