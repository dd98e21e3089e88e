"""A mistake in a YAML text, where it stands, and how the text is shown in a message."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

Keys: TypeAlias = tuple[str | int, ...]  # of mappings and lists, from the top down to a value
Position: TypeAlias = tuple[int, int]  # line and column, from 1


class Fault(NamedTuple):
    """One mistake at a position; sorts by where it stands in the file."""

    at: Position
    what: str
    mend: str


def position_of(mark: Any) -> Position:
    """The position of one of PyYAML's marks; the start of the file if there is none."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def position_at(text: str, index: int) -> Position:
    """The position of the character text[index]."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def excerpt(text: str) -> str:
    """Text from the file, short and without control characters, for a message."""
    short = text if len(text) <= 40 else f"{text[:39]}…"
    return short if short.isprintable() else ascii(short)[1:-1]
