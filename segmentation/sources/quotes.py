"""Files with quotes where none belong: read slowly, and rewritten so that Polars can read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

from segmentation.errors import InputError, Problem
from segmentation.sources.audit import LONGEST_ROW, damage_as_input_error, not_utf8, opened
from segmentation.sources.locate import Place
from segmentation.sources.scratch import scratch_file


def refuse_broken_quotes(place: Place, delimiter: str) -> None:
    """Raise with the line at which a quoted cell opens that does not close as it should."""
    _refuse_other_encodings(place)
    with io.TextIOWrapper(opened(place), encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            for _ in reader:
                line = reader.line_num + 1
        except csv.Error as error:
            raise InputError(_broken_quote(place.shown, line)) from error


def _refuse_other_encodings(place: Place) -> None:
    with damage_as_input_error(place), opened(place) as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise InputError(not_utf8(place.shown, number)) from error


def _broken_quote(shown: str, line: int) -> Problem:
    return Problem(
        "a quoted cell opens in this row and does not close as it should",
        f"{shown}:{line}",
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
        io.TextIOWrapper(opened(place), encoding="utf-8-sig", newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
        writer.writerows(csv.reader(source, delimiter=delimiter))
    return str(copy)


def lines_of(place: Place) -> int:
    """Physical lines, the header's first one not counted."""
    with opened(place) as file:
        return sum(1 for _ in file) - 1
