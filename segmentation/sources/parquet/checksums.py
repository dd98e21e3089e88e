"""Parquet pages against the checksums that their writer put there: Spark does, Polars does not.

Polars does not look at them, and a page with a wrong byte is often read without an error, as other
values. Files without checksums are seen to have none from their first row group, at no cost.
Source: github.com/apache/parquet-format, README.md, "Checksumming"; field numbers from its
parquet.thrift.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from segmentation.messages.errors import InputError, Problem
from segmentation.sources.files.place import Place
from segmentation.sources.parquet.footers import NO_THRIFT, chunk_of, row_groups
from segmentation.sources.parquet.thrift import Reader

_PAGE_SIZE, _CRC = 3, 4  # of a page's header
_HEADER: Final = 64 << 10  # a page's header may hold the smallest and the largest value
Chunk = tuple[int, int]
"""The bytes of one column in one row group: where they begin and end."""


class _WrongPage(Exception):
    """A page that is not what its checksum or its header says."""


def check_pages(places: Sequence[Place]) -> None:
    """Raise InputError that names the files of this machine with a page whose checksum is wrong."""
    wrong = [p for p in places if not p.is_remote and not _is_sound(p.path)]
    if wrong:
        raise InputError(*(_wrong_page(p.shown) for p in wrong))


def _wrong_page(shown: str) -> Problem:
    """A file that differs from its checksums; the door is for a writer that computes others."""
    what = "the Parquet file is damaged: a page of it is not what its checksum says"
    mend = "Write or copy the file once more; if it stays so, write it without checksums."
    return Problem(what, shown, mend)


def _is_sound(path: str) -> bool:
    """Whether all pages that have a checksum agree with it; what cannot be parsed is for Polars.

    Where none agrees, all are taken for damaged: a sector of zeros may lie over every column.
    """
    try:
        groups = ([chunk_of(column) for column in group] for group in row_groups(path))
        first = next(groups, [])
        if not any(_has_checksum(path, chunk) for chunk in first):
            return True
        chunks = [*first, *(chunk for group in groups for chunk in group)]
    except NO_THRIFT:
        return True
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return all(pool.map(lambda chunk: _agrees(path, chunk), chunks))


def _has_checksum(path: str, chunk: Chunk) -> bool:
    try:
        return _CRC in Reader(_bytes(path, (chunk[0], min(chunk[1], chunk[0] + _HEADER)))).struct()
    except NO_THRIFT:
        return False


def _bytes(path: str, chunk: Chunk) -> bytes:
    """The bytes of a column. Raises ValueError where the file has none there."""
    begin, end = chunk
    with open(path, "rb") as file:
        if not 0 <= begin <= end <= file.seek(0, os.SEEK_END):
            raise ValueError("beyond the file")
        file.seek(begin)
        return file.read(end - begin)


def _agrees(path: str, chunk: Chunk) -> bool:
    """Whether the pages of a column fill its bytes, each as its checksum says."""
    try:
        data, at = _bytes(path, chunk), 0
        while at < len(data):
            at = _page_end(data, at)
    except (*NO_THRIFT, _WrongPage):
        return False
    return at == len(data)


def _page_end(data: bytes, at: int) -> int:
    """Where the page ends that begins at a byte. Raises _WrongPage when its checksum is another."""
    reader = Reader(data, at)
    header = reader.struct()
    end: int = reader.at + header[_PAGE_SIZE]
    if not reader.at <= end <= len(data):
        raise _WrongPage
    crc = header.get(_CRC)
    if crc is not None and zlib.crc32(memoryview(data)[reader.at : end]) != crc & 0xFFFFFFFF:
        raise _WrongPage
    return end
