"""Columns of Parquet with cells so large that a run would need unbounded memory for them.

600 MB of one letter are 20 KB in the file. How long the longest cell is nobody says, but every page's
header says how many bytes it has and of how many values: a page is unpacked whole, and writers end one
at about 1 MB, so only cells that are large themselves make a large page of few values.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

from segmentation.sources.files.place import Place
from segmentation.sources.parquet.footers import NO_THRIFT, chunk_of, row_groups
from segmentation.sources.parquet.thrift import Fields, Reader

LARGEST_PAGE: Final = 64 << 20
"""Pages up to here are no harm, whatever is in them."""

LONGEST_MEAN: Final = 64 << 10
"""Bytes per value; a writer that makes one page of a whole row group has far fewer."""

TOO_LARGE: Final = f"has cells too large to be read (a page of more than {LARGEST_PAGE >> 20} MB)"
MEND: Final = "Is it the right column? Shorten what it holds, and write the file once more."
_TYPE, _PATH, _UNPACKED = 1, 3, 6  # of a column's metadata
_TEXTS: Final = (6, 7)  # byte arrays, and those of one length
_PAGE_UNPACKED, _PAGE_SIZE = 2, 3  # of a page's header
_KINDS: Final = frozenset(
    {5, 7, 8}
)  # the header of a data page, of a dictionary, of a data page of version 2
_VALUES: Final = 1  # of each of these
#: bytes; most headers are small, but they may hold the smallest and largest value
_HEADERS: Final = (1 << 10, 1 << 20)


def oversize_columns(places: Iterable[Place]) -> frozenset[str]:
    """The columns of Parquet files of this machine that have such a page."""
    local = (place for place in places if not place.is_remote)
    return frozenset(name for place in local for name in _columns(place))


def _columns(place: Place) -> frozenset[str]:
    """Those of one file; what cannot be parsed is for Polars."""
    try:
        return frozenset(
            column[_PATH][0].decode()
            for group in row_groups(place.path)
            for column in group
            if column[_TYPE] in _TEXTS and column[_UNPACKED] > LARGEST_PAGE
            if any(
                size > LARGEST_PAGE and size > LONGEST_MEAN * values
                for size, values in _pages(place.path, column)
            )
        )
    except NO_THRIFT:
        return frozenset()


def _pages(path: str, column: Fields) -> Iterator[tuple[int, int]]:
    """The unpacked bytes and the values of each page of a column in a row group."""
    at, end = chunk_of(column)
    with open(path, "rb") as file:
        while 0 <= at < end:
            header, length = _header(file.fileno(), at)
            for kind in header.keys() & _KINDS:
                yield header[_PAGE_UNPACKED], header[kind][_VALUES]
            at += length + max(0, header[_PAGE_SIZE])  # of a damaged file it may lead back


def _header(descriptor: int, at: int) -> tuple[Fields, int]:
    """A page's header, and how many bytes it takes. Raises one of NO_THRIFT."""
    for size in _HEADERS:
        reader = Reader(os.pread(descriptor, size, at))
        try:
            return reader.struct(), reader.at
        except (ValueError, IndexError):
            if size == _HEADERS[-1]:
                raise
    raise AssertionError  # the last size returns or raises
