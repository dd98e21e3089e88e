"""One file of a source: how messages call it, where its bytes are, and what is there instead of one."""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Location, Problem
from segmentation.rules.sources import Source
from segmentation.sources.files.fingerprints import Seen, fingerprint_of
from segmentation.sources.files.packed import ZIP, unpacked
from segmentation.sources.files.partitions import Partition
from segmentation.sources.files.pipes import refuse_devices
from segmentation.system.crash_notes import note

_GZIP = b"\x1f\x8b"
_FIRST = 512
_FIRST_OF_TEXT = 8
#: what workbooks begin with; other archives are unpacked before anybody asks
_ARCHIVES = (ZIP, b"\xd0\xcf\x11\xe0")
#: how text in UTF-16 begins, and some in UTF-8
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r")


EMPTY: Final = ("the file is empty", "It needs a header and rows.")
NO_OBJECTS: Final = ("the file holds no row", "It needs objects with fields.")


class NothingThere(InputError):
    """No file, or an empty one, where a source says that there is one."""

    source: Source | None = None  # whose path it is, once that is known

    def __init__(self, shown: str, what: str, mend: str) -> None:
        super().__init__(Problem(what, shown, mend))
        [self.problem] = self.problems


@dataclass(frozen=True)
class Place:
    """One file: how to show it, where its bytes are, and how they begin and end.

    `path` is a file of this machine, be it a private copy, or an address where the file stays.
    """

    shown: str
    path: str
    origin: str = ""
    """Where it came from, which tells two files apart; empty where that is `path`."""

    is_gzip: bool = False
    head: bytes = b""
    """The first bytes of what it holds: unpacked, where it is gzip."""

    tail: bytes = b""
    seen: Seen | None = None
    """What it was when it was opened; None where nobody can change it: a copy, or far away."""

    partition: Partition = ()
    """Columns whose one value the names of its folders say."""

    is_folder: bool = False
    """Whether it is one table of several files, which only their log makes one."""

    lines_before: int = 0
    """Of a copy: how many lines of the original, left out in it, stood above its own first one."""

    has_floats: bool = False
    """Whether numbers in it were floats before they became texts, as those of a workbook are."""

    empty_beside: tuple[str, ...] = ()
    """Of the first file of a path: the names of those beside it that hold not one byte."""

    version: str | None = None
    """What its store says of a file that stays there; None for all that is on this machine."""

    @property
    def is_remote(self) -> bool:
        """Whether the bytes stay where they are, far away."""
        return self.version is not None

    def at(self, line: int) -> Location:
        """A line of the text that is at `path`, as it is numbered in the file itself."""
        return Location(self.shown, line + self.lines_before)

    @property
    def is_archive(self) -> bool:
        """Whether it begins as workbooks do."""
        return self.head.startswith(_ARCHIVES)

    @property
    def is_text(self) -> bool:
        """Whether it begins as text does."""
        head = self.head[:_FIRST_OF_TEXT]
        has_controls = len(head.translate(None, _CONTROLS)) < len(head)
        return not has_controls or self.head.startswith(_MARKS)


@dataclass(frozen=True)
class Endings:
    """What the names of files end with, as the kinds of files say: in small letters."""

    read: tuple[str, ...]
    """What is read of a folder."""

    scanned_far: tuple[str, ...]
    """What is not fetched from a store, but scanned where it lies."""

    def __str__(self) -> str:
        """Those that are read, in words.

        >>> str(Endings(read=(".csv", ".csv.gz", ".parquet"), scanned_far=(".parquet",)))
        '*.csv (also .gz) or *.parquet'
        """
        packed = {one.removesuffix(".gz") for one in self.read if one.endswith(".gz")}
        plain = (one for one in self.read if one.removesuffix(".gz") == one)
        *first, last = (f"*{one}{' (also .gz)' * (one in packed)}" for one in plain)
        return f"{', '.join(first)} or {last}" if first else last


def place_of(shown: str, path: Path) -> Place:
    """A file of this machine, looked at. Raises NothingThere for an empty one, and InputError."""
    try:
        refuse_devices(shown, os.stat(path).st_mode)
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            head = file.read(_FIRST)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 4))
            tail = file.read(4)
    except OSError as error:
        raise InputError(unreadable(shown, error)) from error
    fingerprint = fingerprint_of(found)
    seen = Seen(shown, str(path), fingerprint)
    inside = unpacked(shown, path, head, fingerprint)
    if inside is not None:
        note("reads", path, shown)
        return replace(place_of(shown, inside), origin=os.path.realpath(path), seen=seen)
    is_gzip = head.startswith(_GZIP)
    head = _unpacked(path, head) if is_gzip else head
    is_whole = is_gzip or size <= _FIRST
    nothing = EMPTY if size == 0 else _nothing_in(head) if is_whole else None
    if nothing is not None:
        raise NothingThere(shown, *nothing)
    note("reads", path, shown)
    return Place(shown, str(path), is_gzip=is_gzip, head=head, tail=tail, seen=seen)


def _nothing_in(head: bytes) -> tuple[str, str] | None:
    """What to say of a file that holds no more than a mark, blanks and line ends, or a list of nothing; None else.

    >>> _nothing_in(b"\\xef\\xbb\\xbf\\r\\n")[0], _nothing_in(b"[ ]")[0], _nothing_in(b"\\nid")
    ('the file is empty', 'the file holds no row', None)
    """
    if len(head) >= _FIRST:
        return None
    mark = next((one for one in _MARKS if head.startswith(one)), b"")
    wide = b"\0" if mark in _MARKS[:2] else b""
    signs = head.removeprefix(mark).translate(None, b" \t\r\n" + wide)
    return {b"": EMPTY, b"[]": NO_OBJECTS}.get(signs)


def _unpacked(path: Path, head: bytes) -> bytes:
    """The first bytes in a gzip file; its own where it is damaged, which whoever reads it will tell."""
    try:
        with gzip.open(path) as file:
            return file.read(_FIRST)
    except (OSError, EOFError, zlib.error):
        return head


def copy_of(shown: str, path: Path, origin: str) -> Place:
    """A private copy of what came from elsewhere: nobody writes to it, so it need not be watched."""
    return replace(place_of(shown, path), origin=origin, seen=None)


def unreadable(shown: str, error: OSError) -> Problem:
    """A file that the system does not let us read, or what is no file."""
    if isinstance(error, IsADirectoryError):
        mend = "Move it elsewhere, or name a pattern that does not match it."
        return Problem("this is a folder, not a file", shown, mend)
    reason = error.strerror or str(error)
    return Problem(f"the file cannot be read ({reason})", shown, "Check the path and its rights.")
