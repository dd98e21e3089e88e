"""Files with quotes where none belong: read slowly, and rewritten so that Polars can read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from segmentation.messages.errors import InputError, Location, Problem
from segmentation.sources.csv.encodings import NotUtf8, wrong_line
from segmentation.sources.csv.raw import LONGEST_ROW, STEP, damage_as_input_error, opened
from segmentation.sources.csv.rows import RowReader, lines_of
from segmentation.sources.files.place import Place
from segmentation.sources.files.scratch import scratch_file


def refuse_broken_quotes(place: Place, delimiter: str) -> None:
    """Raise with the line at which a quoted cell opens that does not close as it should.

    Raises too for a line that is too long to be one, and for what is not UTF-8. Stops at the first.
    """
    with damage_as_input_error(place), long_cells(), opened(place) as source:
        lines = _Lines(source, place)
        file = io.TextIOWrapper(lines, encoding="utf-8-sig", newline="\n")  # type: ignore[type-var]  # it needs no more than read1
        rows = RowReader(file, delimiter, is_strict=True)
        line = 1
        try:
            for _ in rows:
                line = rows.lines + 1
        except csv.Error as error:
            is_long = str(error).startswith("field larger")
            raise InputError((_long_quote if is_long else _broken_quote)(place.at(line))) from error
        except UnicodeDecodeError as error:
            raise NotUtf8(place, wrong_line(place)) from error


class _Lines(io.BufferedIOBase):
    """The bytes of a file, until a line is longer than any row: then an InputError."""

    def __init__(self, source: IO[bytes], place: Place) -> None:
        self.source, self.place = source, place
        self.lines, self.length = 1, 0

    def readable(self) -> bool:
        return True

    def read1(self, size: int | None = -1, /) -> bytes:
        chunk = self.source.read(STEP)
        end = chunk.rfind(b"\n")
        self.lines += chunk.count(b"\n")
        self.length = self.length + len(chunk) if end < 0 else len(chunk) - end
        if self.length > LONGEST_ROW:
            raise InputError(too_long(self.place.at(self.lines)))
        return chunk


def too_long(where: Location) -> Problem:
    """A row longer than any may be."""
    return Problem(
        f"this line is longer than {LONGEST_ROW >> 20} MB: a file without line ends, or no CSV",
        where,
        "Every row needs a line of its own. Save the file with ordinary line ends (LF or CRLF).",
    )


def _long_quote(where: Location) -> Problem:
    return Problem(
        "a quoted cell opens in this row and does not close within the longest row, "
        f"{LONGEST_ROW >> 20} MB",
        where,
        'Close it, or shorten it. A quote inside a cell is written twice: "19"" monitor".',
    )


def _broken_quote(where: Location) -> Problem:
    return Problem(
        "a quoted cell opens in this row and does not close as it should",
        where,
        'Write a quote inside a cell twice and the whole cell in quotes: "19"" monitor".',
    )


@contextmanager
def long_cells() -> Iterator[None]:
    """Lets the csv module read cells beyond its limit of 128 KB, in files found to be sound."""
    limit = csv.field_size_limit(LONGEST_ROW)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def requoted(place: Place, delimiter: str) -> str:
    """The path of a copy in which every cell that holds a quote is quoted as it should be."""
    copy = scratch_file(".csv")
    with (
        long_cells(),
        lines_of(place) as source,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        # with this line end a cell that ends with a carriage return is quoted, in every Python
        writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
        writer.writerows(RowReader(source, delimiter))
    return str(copy)


def number_of_lines(place: Place) -> int:
    """Physical lines, the header's first one not counted."""
    with opened(place) as file:
        return sum(1 for _ in file) - 1
