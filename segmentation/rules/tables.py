"""Tables of records by their names, in which no record hides another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class Named(Protocol):
    """A record with a name."""

    @property
    def name(self) -> str:
        """What it is called."""


Row = TypeVar("Row", bound=Named)


def by_name(rows: Iterable[Row]) -> Mapping[str, Row]:
    """The rows by their names, in their order. Raises TypeError where two have one name."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.name in found:
            raise TypeError(f"two rows of a table are called {row.name}")
        found[row.name] = row
    return found
