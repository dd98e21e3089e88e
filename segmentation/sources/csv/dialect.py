"""How a CSV file is written: delimiter, header, a sample of its rows; and what it physically is."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.messages.privacy import told_headers
from segmentation.rules.delimiters import delimiter_of, outside_quotes
from segmentation.sources.csv.quotes import (
    number_of_lines,
    refuse_broken_quotes,
    requoted,
    too_long,
)
from segmentation.sources.csv.raw import BOM, StrayQuote, damage_as_input_error, not_utf8, opened
from segmentation.sources.csv.rows import RowReader, lines_in
from segmentation.sources.files.place import Place
from segmentation.sources.files.scratch import scratch_file

if TYPE_CHECKING:
    from segmentation.sources.csv.audit import Anatomy

HEAD = 256 << 10
SAMPLED = 1000
ELSEWHERE = 64 << 10
#: what a file in another encoding begins with; that of UTF-32 begins with that of UTF-16
_MARKS = {
    (b"\xff\xfe\0\0", b"\0\0\xfe\xff"): "utf-32",
    (b"\xff\xfe", b"\xfe\xff"): "utf-16",
}


@dataclass(frozen=True)
class CsvFile:
    """One CSV file, ready to be scanned: `path` is a rewritten copy when the original needs one."""

    place: Place
    text: Place  # the original, or its copy in UTF-8: what line numbers count
    path: str
    delimiter: str
    header: tuple[str, ...]
    header_lines: int
    sample: tuple[tuple[str, ...], ...]
    anatomy: Anatomy

    @property
    def lines_match_records(self) -> bool:
        """Whether every row is one line, so that its number says where it is."""
        return self.anatomy.lines == self.anatomy.records


def examine(place: Place, delimiter: str | None, encoding: str | None) -> CsvFile:
    """Read a CSV file's header and sample and count its rows."""
    source = _in_utf8(place, encoding)
    with damage_as_input_error(source), opened(source) as file:
        head = file.read(HEAD)
    text, is_whole = _decoded(head, source), len(head) < HEAD
    header = text.split("\n", 1)[0]
    if "\r" in outside_quotes(header).rstrip("\r"):
        raise InputError(_old_line_ends(place))
    if "\n" not in text and not is_whole:
        raise InputError(_long_header(place))
    delimiter = delimiter or delimiter_of(header)
    rows, header_lines = _parsed(text, delimiter, is_whole=is_whole)
    names = _named(rows[0] if rows else (), place)
    anatomy, scanned = _audited(source, delimiter, len(names))
    sample = [row for row in rows[1:] if len(row) == len(names)]
    sample += (
        []
        if is_whole or anatomy.has_quotes or source.is_gzip
        else _later(source, delimiter, len(names))
    )
    return CsvFile(
        place=place,
        text=source,
        path=scanned,
        delimiter=delimiter,
        header=names,
        header_lines=header_lines,
        sample=tuple(tuple(row) for row in sample),
        anatomy=replace(anatomy, lines=anatomy.lines + 1 - header_lines),
    )


def _in_utf8(place: Place, encoding: str | None) -> Place:
    """The place itself, or one of a copy in UTF-8 when another encoding is declared."""
    if encoding is None or encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        return place
    copy = scratch_file(".csv")
    try:
        with (
            damage_as_input_error(place),
            opened(place) as packed,
            io.TextIOWrapper(packed, encoding=encoding, newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            while text := source.read(1 << 20):
                target.write(text)
    except LookupError as error:
        raise InputError(_unknown_encoding(place, encoding)) from error
    except UnicodeError as error:
        raise InputError(_wrong_encoding(place, encoding)) from error
    return replace(place, path=str(copy), is_gzip=False)


def _decoded(head: bytes, place: Place) -> str:
    for marks, encoding in _MARKS.items():
        if head.startswith(marks):
            raise InputError(_marked(place, encoding))
    if head.startswith(b"\x1f\x8b"):
        raise InputError(_packed_twice(place))
    try:
        return head.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3 and len(head) == HEAD:  # a letter cut in two
            return head[: error.start].removeprefix(BOM).decode("utf-8")
        line = head.count(b"\n", 0, error.start) + 1
        raise InputError(not_utf8(place.shown, line)) from error


def _parsed(text: str, delimiter: str, *, is_whole: bool) -> tuple[list[list[str]], int]:
    """The first rows, header included, and how many lines the header takes."""
    reader = RowReader(lines_in(text), delimiter)
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
    cut = not is_whole and len(rows) <= SAMPLED
    return rows[:-1] if cut and len(rows) > 1 else rows, header_lines


def _named(header: Sequence[str], place: Place) -> tuple[str, ...]:
    """The header's names, blank ones called column_1 and so on."""
    if not any(name.strip() for name in header):
        raise InputError(Problem("the first line is blank", place.shown, "It must be the header."))
    names = tuple(name.strip() or f"column_{i}" for i, name in enumerate(header, 1))
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        what = f"the header names {told_headers(repeated, of=names)} twice"
        are_trimmed = any(name.strip() in repeated and name != name.strip() for name in header)
        also = "; blanks around it do not count" if are_trimmed else ""
        mend = f"Every column needs a name of its own{also}."
        raise InputError(Problem(what, place.shown, mend))
    return names


def _audited(place: Place, delimiter: str, width: int) -> tuple[Anatomy, str]:
    """The anatomy, and the path to scan: of a copy when quotes stand inside unquoted cells."""
    from segmentation.sources.csv.audit import audit

    try:
        return audit(place, delimiter, width), place.path
    except StrayQuote:
        refuse_broken_quotes(place, delimiter)
        copy = requoted(place, delimiter)
        lines = number_of_lines(place)
        try:
            anatomy = audit(replace(place, path=copy, is_gzip=False), delimiter, width)
        except StrayQuote:  # a row that the second quotes made longer than any may be
            raise InputError(too_long(place.shown, 1)) from None
        return replace(anatomy, lines=lines), copy


def _later(place: Place, delimiter: str, width: int) -> list[list[str]]:
    """Some rows from the middle and the end of a file without quotes."""
    size = os.path.getsize(place.path)
    rows: list[list[str]] = []
    with open(place.path, "rb") as file:
        for start in (size // 2, size - ELSEWHERE):
            file.seek(max(0, start))
            lines = file.read(ELSEWHERE).split(b"\n")[1:-1][:SAMPLED]
            rows += [line.decode("utf-8", "replace").strip("\r").split(delimiter) for line in lines]
    return [row for row in rows if len(row) == width]


def _unknown_encoding(place: Place, encoding: str) -> Problem:
    return Problem(
        f'there is no encoding called "{encoding}"',
        place.shown,
        "Common ones: latin-1, windows-1252, utf-16.",
    )


def _wrong_encoding(place: Place, encoding: str) -> Problem:
    return Problem(f"the file is not {encoding}", place.shown, "Try another `encoding:`.")


def _marked(place: Place, encoding: str) -> Problem:
    what = f"the file is {encoding.upper()}, not UTF-8"
    return Problem(what, place.shown, f"Say so: `encoding: {encoding}`.")


def _packed_twice(place: Place) -> Problem:
    return Problem("the file is gzipped twice", place.shown, "Unpack it once: gunzip FILE.gz")


def _long_header(place: Place) -> Problem:
    return Problem(
        f"the first line is longer than {HEAD >> 10} KB: a file without line ends, or no CSV",
        place.shown,
        "The first line must be the header. Save the file with ordinary line ends (LF or CRLF).",
    )


def _old_line_ends(place: Place) -> Problem:
    return Problem(
        "lines end with a carriage return alone",
        place.shown,
        "Save the file with ordinary line ends (LF or CRLF).",
    )
