"""Thrift's compact protocol, as much as the footer and the page headers of Parquet need.

A struct becomes a mapping of field number to value, a list a list. Anything that is not such
bytes raises ValueError or IndexError; a length beyond the bytes that are there is one of these.
Source: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Fields = dict[int, Any]
_TRUE, _STRUCT, _LONG = 1, 12, 15
_DEEPEST: Final = 32


class Reader:
    """Reads values from `data`, from the byte `at` on."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at
        self.depth = 0

    def struct(self) -> Fields:
        """All fields of a struct."""
        fields: Fields = {}
        number = 0
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("nested too deeply")
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            fields[number] = self.value(head & 15)
        self.depth -= 1
        return fields

    def list_head(self) -> tuple[int, int]:
        """How many elements a list has, and their type."""
        head = self._byte()
        size = head >> 4
        return (self._varint() if size == _LONG else size), head & 15

    def value(self, kind: int) -> Any:
        """One value of a type that the protocol numbers; booleans of fields are their type."""
        if kind not in _READ:
            raise ValueError(f"there is no type {kind}")
        return _READ[kind](self)

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        found, shift = 0, 0
        while (byte := self._byte()) & 0x80:
            found |= (byte & 0x7F) << shift
            shift += 7
        return found | byte << shift

    def _integer(self) -> int:
        found = self._varint()
        return (found >> 1) ^ -(found & 1)

    def _bytes(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self.data):
            raise ValueError("longer than its data")
        return self.data[self.at - size : self.at]

    def _list(self) -> list[Any]:
        size, kind = self.list_head()
        if size > len(self.data):
            raise ValueError("longer than its data")
        if kind in (_TRUE, _TRUE + 1):
            return [self._byte() == _TRUE for _ in range(size)]
        return [self.value(kind) for _ in range(size)]


_READ: Final[Mapping[int, Callable[[Reader], Any]]] = {
    1: lambda reader: True,
    2: lambda reader: False,
    3: Reader._byte,
    4: Reader._integer,
    5: Reader._integer,
    6: Reader._integer,
    7: lambda reader: reader._bytes(8),
    8: lambda reader: reader._bytes(reader._varint()),
    9: Reader._list,
    10: Reader._list,
    _STRUCT: Reader.struct,
}
