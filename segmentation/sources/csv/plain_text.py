"""Texts as everything after this expects them: in UTF-8, rows ended by a newline, the header first.

What is written so already is read where it is. Of any other a copy is made, once: decoded, with
newlines for carriage returns, without the lines above its header, with a header where it has none.
Blank lines above a header are no header, and say nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, counted
from segmentation.rules.delimiters import DELIMITERS, outside_quotes, parting, sign_above
from segmentation.rules.sources import Source
from segmentation.sources.csv.encodings import (
    NotUtf8,
    contradicted,
    encoding_of,
    marked,
    unknown_encoding,
    without_mark,
    wrong_encoding,
)
from segmentation.sources.csv.raw import BOM, HEAD, LONGEST_ROW, damage_as_input_error, opened
from segmentation.sources.files.place import Place
from segmentation.sources.files.scratch import scratch_file

_STEP: Final = 1 << 20
_MARK: Final = "\ufeff"
_BLANK: Final = f' \r{DELIMITERS}"'  # of cells that hold nothing, in quotes or not


@dataclass(frozen=True)
class Text:
    """A text with a header: how it begins, whether that is all, and what its first line says."""

    place: Place
    head: str
    is_whole: bool
    delimiter: str | None
    """What parts its cells, where the file itself says so above its header."""


def plain_text(place: Place, source: Source) -> Text:
    """The file itself, or a copy of it. Raises InputError for what is no text."""
    encoding = encoding_of(place, source.encoding)
    with damage_as_input_error(place), _decoding(place, encoding):
        head, is_whole = _head(place, encoding)
        returns = _has_old_line_ends(head)
        lines = head.splitlines() if returns else head.split("\n")
        sign = sign_above(next(iter(lines[source.skip_lines :]), ""))
        skipped = source.skip_lines + bool(sign)
        skipped += 0 if source.header else _blank_ones(lines[skipped:])
        if not (encoding or returns or skipped or source.header):
            return Text(place, head, is_whole, None)
        header, delimiter = _added(source, lines[skipped:], sign)
        copy = _copied(place, encoding, returns=returns, skipped=skipped, header=header)
    found = replace(place, path=str(copy), is_gzip=False, lines_before=skipped - header.count("\n"))
    head, is_whole = _head(found, None)
    if not head:
        raise InputError(_nothing_left(place, skipped))
    return Text(found, head, is_whole, delimiter)


def _blank_ones(lines: Sequence[str]) -> int:
    """How many blank lines stand above the first that is not; none where all are.

    >>> _blank_ones(["", ";;;", "id;date"]), _blank_ones(["id"]), _blank_ones(["", ""])
    (2, 0, 0)
    """
    return next((number for number, line in enumerate(lines) if line.strip(_BLANK)), 0)


def _added(source: Source, lines: Sequence[str], sign: str | None) -> tuple[str, str | None]:
    """The line of the declared header, if there is one, and what parts its cells."""
    delimiter = source.delimiter or sign
    if not source.header:
        return "", delimiter
    delimiter = delimiter or parting(lines, len(source.header))
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(source.header)
    return line.getvalue(), delimiter


def _has_old_line_ends(head: str) -> bool:
    """Whether rows end with a carriage return alone, all of those that are seen.

    >>> _has_old_line_ends('a,b\\r1,"x\\ny"\\r'), _has_old_line_ends("a,b\\r\\n1,2\\r\\n")
    (True, False)
    """
    if "\r" not in head:
        return False
    rows = outside_quotes(head)
    return "\n" not in rows and "\r" in rows.rstrip("\r")


def _head(place: Place, encoding: str | None) -> tuple[str, bool]:
    """How a text begins, and whether that is all of it."""
    with opened(place) as file:
        if encoding is None:
            found = file.read(HEAD)
            return _utf8(place, found), len(found) < HEAD
        with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
            read = text.read(HEAD)
    return read.removeprefix(_MARK), len(read) < HEAD


def _utf8(place: Place, head: bytes) -> str:
    name = marked(head)
    if name is not None:
        raise InputError(contradicted(place, name))
    if head.startswith(b"\x1f\x8b"):
        raise InputError(_packed_twice(place))
    wide = without_mark(head, place) if b"\0" in head[:64] else None
    if wide is not None:
        raise InputError(wide)
    try:
        return head.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3 and len(head) == HEAD:  # a letter cut in two
            return head[: error.start].removeprefix(BOM).decode("utf-8")
        raise NotUtf8(place, head.count(b"\n", 0, error.start) + 1) from error


@contextmanager
def _decoding(place: Place, encoding: str | None) -> Iterator[None]:
    """Turns what a declared encoding raises into an InputError."""
    if encoding is None:
        yield
        return
    try:
        yield
    except LookupError as error:
        raise InputError(unknown_encoding(place, encoding)) from error
    except UnicodeError as error:
        raise InputError(wrong_encoding(place, encoding)) from error


def _copied(
    place: Place, encoding: str | None, *, returns: bool, skipped: int, header: str
) -> Path:
    """A copy in UTF-8; bytes that are none stay as they are, for the audit to find."""
    copy = scratch_file(".csv")
    errors = "surrogateescape" if encoding is None else "strict"
    with (
        opened(place) as packed,
        io.TextIOWrapper(
            packed,
            encoding=encoding or "utf-8",
            errors=errors,
            newline=None if returns else "\n",
        ) as source,
        copy.open("w", encoding="utf-8", errors=errors, newline="") as target,
    ):
        for _ in range(skipped):
            source.readline(LONGEST_ROW)
        target.write(header)
        text = source.read(_STEP).removeprefix(_MARK)
        while text:
            target.write(text)
            text = source.read(_STEP)
    return copy


def _nothing_left(place: Place, skipped: int) -> Problem:
    what = f"nothing is left of the file after {counted(skipped, 'line')} above its header"
    return Problem(what, place.shown, "Is `skip_lines` right? It needs a header and rows.")


def _packed_twice(place: Place) -> Problem:
    return Problem("the file is gzipped twice", place.shown, "Unpack it once: gunzip FILE.gz")
