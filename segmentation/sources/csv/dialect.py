"""How a CSV file is written: delimiter, header, a sample of its rows; and what it physically is."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.delimiters import delimiter_of, outside_quotes
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.csv.escapes import doubled, has_escapes, unescaped
from segmentation.sources.csv.headers import Width, names_rows, width_of
from segmentation.sources.csv.plain_text import Text, plain_text
from segmentation.sources.csv.quotes import (
    number_of_lines,
    refuse_broken_quotes,
    requoted,
    too_long,
)
from segmentation.sources.csv.raw import HEAD, StrayQuote
from segmentation.sources.csv.rows import RowReader, lines_in
from segmentation.sources.files.place import Place

if TYPE_CHECKING:
    from segmentation.sources.csv.audit import Anatomy

SAMPLED = 1000
ELSEWHERE = 64 << 10


@dataclass(frozen=True)
class CsvFile:
    """One CSV file, ready to be scanned: `path` is a rewritten copy when the original needs one."""

    place: Place
    text: Place  # the original, or its copy in UTF-8: what line numbers count
    path: str
    delimiter: str
    header: tuple[str, ...]
    has_spare: bool  # all rows have a blank cell more, behind the last one
    header_lines: int
    sample: tuple[tuple[str, ...], ...]
    anatomy: Anatomy

    @property
    def lines_match_records(self) -> bool:
        """Whether every row is one line, so that its number says where it is."""
        return self.anatomy.lines == self.anatomy.records

    @property
    def has_ragged_rows(self) -> bool:
        """Whether rows have too few or too many cells."""
        return bool(self.anatomy.cells.any())


def examine(place: Place, source: Source) -> CsvFile:
    """Read a CSV file's header and sample and count its rows."""
    text = plain_text(place, source)
    header = text.head.split("\n", 1)[0]
    if "\r" in outside_quotes(header).rstrip("\r"):
        raise InputError(_mixed_line_ends(place))
    if "\n" not in text.head and not text.is_whole:
        raise InputError(_long_header(place))
    delimiter = source.delimiter or text.delimiter or delimiter_of(header)
    try:
        found = _as_written(place, text, delimiter)
    except StrayQuote:
        return _as_escaped(place, text, delimiter) or _as_requoted(place, text, delimiter)
    if found.anatomy.has_quotes and found.has_ragged_rows:
        found = _as_escaped(place, text, delimiter) or found
    if found.has_ragged_rows and not found.sample and not source.header:
        _refuse_row_names(found, text, source)
    return found


def _as_written(place: Place, text: Text, delimiter: str) -> CsvFile:
    """Read by RFC 4180. Raises StrayQuote where quotes stand elsewhere."""
    rows, header_lines = _parsed(text, delimiter)
    width = width_of(rows[0] if rows else (), rows[1:], place)
    anatomy = _counted(text.place, delimiter, width)
    is_sampled = text.is_whole or anatomy.has_quotes or text.place.is_gzip
    sample = rows[1:] if is_sampled else rows[1:] + _later(text.place, delimiter)
    own = len(width.names)
    return CsvFile(
        place=place,
        text=text.place,
        path=text.place.path,
        delimiter=delimiter,
        header=width.names,
        has_spare=width.has_spare,
        header_lines=header_lines,
        sample=tuple(tuple(row[:own]) for row in sample if width.fits(row)),
        anatomy=replace(anatomy, lines=anatomy.lines + 1 - header_lines),
    )


def _refuse_row_names(file: CsvFile, text: Text, source: Source) -> None:
    """Raise InputError where a header lacks the name of the first cells, and a name more would do."""
    rows, lines = _parsed(text, file.delimiter)
    if not names_rows(file.header, rows[1:]):
        return
    name = next(n for n in ("row", "row_name", "name_of_row") if n not in file.header)
    skipped, header = file.text.lines_before + lines, (name, *file.header)
    full = replace(source, skip_lines=skipped, header=header, delimiter=file.delimiter)
    if not examine(file.place, full).has_ragged_rows:
        raise InputError(_row_names(full, file.place))


def _counted(place: Place, delimiter: str, width: Width) -> Anatomy:
    from segmentation.sources.csv.audit import audit

    anatomy = audit(place, delimiter, width.cells)
    is_odd = anatomy.ragged >= 0  # the header may have a delimiter more, or less
    if width.has_spare:
        is_odd &= anatomy.cells != len(width.names)  # what is read of such a row is there
    return replace(anatomy, ragged=anatomy.ragged[is_odd], cells=anatomy.cells[is_odd])


def _as_escaped(place: Place, text: Text, delimiter: str) -> CsvFile | None:
    """Read with backslashes before quotes; None where not every row is whole then."""
    if not has_escapes(text.place):
        return None
    copy = replace(text.place, path=unescaped(text.place), is_gzip=False)
    try:
        found = _as_written(place, replace(text, place=copy, head=doubled(text.head)), delimiter)
    except StrayQuote:
        return None
    return None if found.has_ragged_rows else found


def _as_requoted(place: Place, text: Text, delimiter: str) -> CsvFile:
    """Read with quotes inside unquoted cells, of a copy in which all are where they should be."""
    refuse_broken_quotes(text.place, delimiter)
    copy = replace(text.place, path=requoted(text.place, delimiter), is_gzip=False)
    try:
        found = _as_written(place, replace(text, place=copy), delimiter)
    except StrayQuote:  # a row that the second quotes made longer than any may be
        raise InputError(too_long(text.place.at(1))) from None
    lines = number_of_lines(text.place) + 1 - found.header_lines
    return replace(found, text=text.place, anatomy=replace(found.anatomy, lines=lines))


def _parsed(text: Text, delimiter: str) -> tuple[list[list[str]], int]:
    """The first rows, header included, and how many lines the header takes."""
    reader = RowReader(lines_in(text.head), delimiter)
    rows: list[list[str]] = []
    header_lines = 1
    try:
        for row in reader:
            header_lines = reader.lines if not rows else header_lines
            rows.append(row)
            if len(rows) > SAMPLED:
                break
    except csv.Error:  # a cell larger than csv's limit; the audit judges the file
        pass
    cut = not text.is_whole and len(rows) <= SAMPLED
    return rows[:-1] if cut and len(rows) > 1 else rows, header_lines


def _later(place: Place, delimiter: str) -> list[list[str]]:
    """Some rows from the middle and the end of a file without quotes."""
    size = os.path.getsize(place.path)
    rows: list[list[str]] = []
    with open(place.path, "rb") as file:
        for start in (size // 2, size - ELSEWHERE):
            file.seek(max(0, start))
            lines = file.read(ELSEWHERE).split(b"\n")[1:-1][:SAMPLED]
            rows += [line.decode("utf-8", "replace").strip("\r").split(delimiter) for line in lines]
    return rows


def _row_names(full: Source, place: Place) -> Problem:
    """`full` says how the file can be read."""
    keys = [f"`skip_lines: {full.skip_lines}`", f"`header: {flow(list(full.header))}`"]
    keys += ["`delimiter: ' '`"] if full.delimiter == " " else []
    return Problem(
        "every row has a cell more than the header has names: the first may be the name of its row",
        place.shown,
        f"Then say so under sources: {', '.join(keys)}",
    )


def _long_header(place: Place) -> Problem:
    return Problem(
        f"the first line is longer than {HEAD >> 10} KB: a file without line ends, or no CSV",
        place.shown,
        "The first line must be the header. Save the file with ordinary line ends (LF or CRLF).",
    )


def _mixed_line_ends(place: Place) -> Problem:
    return Problem(
        "some lines end with a carriage return alone, others with a newline",
        place.shown,
        "Save the file with ordinary line ends (LF or CRLF).",
    )
