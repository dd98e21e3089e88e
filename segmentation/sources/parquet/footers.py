"""The footer of a Parquet file: what it says of each column in each row group.

Field numbers from github.com/apache/parquet-format, parquet.thrift.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from segmentation.sources.parquet.thrift import Fields, Reader

_ROW_GROUPS, _COLUMNS, _META = 4, 1, 3  # of the footer, of a row group, of a column in it
_COMPRESSED, _DATA_AT, _DICTIONARY_AT = 7, 9, 11  # of a column's metadata
_END: Final = 8  # the footer's length and PAR1
NO_THRIFT: Final = (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError)
"""What is raised for bytes that are no such footer, or no page's header."""


def row_groups(path: str) -> Iterator[list[Fields]]:
    """The metadata of the columns of each row group, read one group after the other."""
    reader, number = Reader(_footer(path)), 0
    while head := reader.value(3):
        number = number + (head >> 4) if head >> 4 else reader.value(5)
        if number != _ROW_GROUPS:
            reader.value(head & 15)
            continue
        for _ in range(reader.list_head()[0]):
            yield [column[_META] for column in reader.struct()[_COLUMNS]]
        return


def _footer(path: str) -> bytes:
    with open(path, "rb") as file:
        size = file.seek(-_END, os.SEEK_END)
        length = int.from_bytes(file.read(4), "little")
        if length > size:
            raise ValueError("a footer longer than its file")
        file.seek(size - length)
        return file.read(length)


def chunk_of(column: Fields) -> tuple[int, int]:
    """The bytes of a column in a row group: where they begin and end."""
    begin = min(column[_DATA_AT], column.get(_DICTIONARY_AT) or column[_DATA_AT])
    return begin, begin + column[_COMPRESSED]
