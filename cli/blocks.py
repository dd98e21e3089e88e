"""A wide table as blocks that a terminal can hold: the same rows, and as many columns as fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from segmentation.dataclass import dataclass

WIDTH: Final = 80
GAP: Final = "  "
NARROW: Final = 10  # a longer name is broken where it has a sign or a blank
_PIECE: Final = re.compile(r"[^_\- ]*[_\- ]?")


@dataclass(frozen=True)
class Column:
    """One column: its name, and a cell for each row."""

    name: str
    cells: Sequence[str]

    @property
    def head(self) -> list[str]:
        """The name in lines."""
        return broken(self.name)

    @property
    def width(self) -> int:
        """How wide it is."""
        return max(map(len, (*self.head, *self.cells)))


@dataclass(frozen=True)
class Group:
    """Columns that belong together, under some lines that say what they are."""

    said: Sequence[str]
    columns: Sequence[Column]

    @property
    def width(self) -> int:
        """How wide it is."""
        inside = sum(c.width for c in self.columns) + len(GAP) * (len(self.columns) - 1)
        return max([inside, *map(len, self.said)])


def blocks(rows: Column, units: Sequence[Sequence[Group]]) -> str:
    """The rows' names and all groups as blocks of at the most WIDTH; a unit stays in one if it can."""
    return "\n\n".join(_block(rows, groups) for groups in _packed(rows, units))


def broken(name: str) -> list[str]:
    """A name in lines, broken where it has a sign or a blank.

    >>> broken("lapsed_shoe_buyers"), broken("at risk"), broken("unbreakable_x")
    (['lapsed_', 'shoe_', 'buyers'], ['at risk'], ['unbreakable_', 'x'])
    """
    lines = [""]
    for piece in filter(None, _PIECE.findall(name)):
        if lines[-1] and len((lines[-1] + piece).rstrip()) > NARROW:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _packed(rows: Column, units: Sequence[Sequence[Group]]) -> Iterator[list[Group]]:
    """The groups of each block."""
    room = WIDTH - rows.width
    block: list[Group] = []
    for unit in units:
        pieces = [unit] if _width(unit) <= room else [[one] for g in unit for one in _cut(g, room)]
        for piece in pieces:
            if block and _width([*block, *piece]) > room:
                yield block
                block = []
            block += piece
    if block:
        yield block


def _width(groups: Sequence[Group]) -> int:
    return sum(len(GAP) + g.width for g in groups)


def _cut(group: Group, room: int) -> Iterator[Group]:
    """A group in parts that fit."""
    part: list[Column] = []
    for column in group.columns:
        if part and len(GAP) + Group(group.said, [*part, column]).width > room:
            yield Group(group.said, part)
            part = []
        part.append(column)
    yield Group(group.said, part)


def _block(rows: Column, groups: Sequence[Group]) -> str:
    height = max(len(c.head) for g in groups for c in g.columns)
    said = max(len(g.said) for g in groups)
    lines = [_line(" " * rows.width, _said(groups, i)) for i in range(said)]
    for i in range(height):
        name = rows.name if i == height - 1 else ""
        lines.append(_line(name.ljust(rows.width), [_head(g, i - height) for g in groups]))
    for i, name in enumerate(rows.cells):
        lines.append(_line(name.ljust(rows.width), [_cells(g, i) for g in groups]))
    return "\n".join(lines)


def _line(first: str, parts: Sequence[str]) -> str:
    return GAP.join([first, *parts]).rstrip()


def _said(groups: Sequence[Group], i: int) -> list[str]:
    """A line of what is said of the groups; what the group before says too is said once."""
    texts = [(g.said[i] if i < len(g.said) else "") for g in groups]
    before = ["", *texts[:-1]]
    shown = ["" if text == last else text for text, last in zip(texts, before, strict=True)]
    return [text.ljust(g.width) for text, g in zip(shown, groups, strict=True)]


def _head(group: Group, from_end: int) -> str:
    names = [(c.head[from_end] if -from_end <= len(c.head) else "") for c in group.columns]
    return _joined(group, names)


def _cells(group: Group, row: int) -> str:
    return _joined(group, [c.cells[row] for c in group.columns])


def _joined(group: Group, texts: Sequence[str]) -> str:
    """Texts under each other, to the right; a group that is wider than its columns ends with blanks."""
    placed = [t.rjust(c.width) for t, c in zip(texts, group.columns, strict=True)]
    return GAP.join(placed).ljust(group.width)
