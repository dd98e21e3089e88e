"""The names of a text's columns, by its header; and the delimiter that ends all rows but not the header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.messages.privacy import is_row_of_data, told_headers
from segmentation.pattern import pattern
from segmentation.sources.files.place import Place

_LETTER: Final = pattern(r"[^\W\d_]")


class NoHeader(InputError):
    """A first line that cannot be a header: it may stand further down."""


@dataclass(frozen=True)
class Width:
    """The names of a header, and whether rows have a blank cell more, which no name is for."""

    names: tuple[str, ...]
    has_spare: bool = False

    @property
    def cells(self) -> int:
        """How many cells rows have."""
        return len(self.names) + self.has_spare

    def fits(self, row: Sequence[str]) -> bool:
        """Whether a row has as many cells as it should; the blank one may be missing."""
        own = len(self.names)
        return len(row) == own or (self.has_spare and len(row) == own + 1 and not row[-1])


def width_of(header: Sequence[str], rows: Sequence[Sequence[str]], place: Place) -> Width:
    """The names of a header, its rows looked at: all may have a delimiter more at their end, or less.

    Raises NoHeader for what is none.
    """
    if _has_fewer(header, rows):
        return Width(named(header[:-1], place))
    return Width(named(header, place), _has_spare(len(header), rows))


def _has_fewer(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the header ends with a delimiter that no row has."""
    is_open = len(header) > 1 and not header[-1].strip()
    return is_open and bool(rows) and all(len(row) in (0, len(header) - 1) for row in rows)


def _has_spare(width: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether each row ends with a delimiter that the header has not."""
    filled = [row for row in rows if row]
    return bool(filled) and all(len(row) == width + 1 and not row[-1] for row in filled)


def names_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether each of several rows has a cell more than the header, and no two begin alike: R writes names of rows so."""
    firsts = [row[0].strip() for row in rows if row]
    is_wider = all(len(row) in (0, len(header) + 1) for row in rows)
    return is_wider and len({*firsts} - {""}) == len(firsts) > 1


def named(header: Sequence[str], place: Place) -> tuple[str, ...]:
    """The header's names, blank ones called column_1 and so on.

    Numbers that repeat in a first row of data are called so, too: whoever maps columns says what it is.
    """
    if not any(name.strip() for name in header):
        raise NoHeader(Problem("the first line is blank", place.shown, "It must be the header."))
    names = tuple(name.strip() or f"column_{i}" for i, name in enumerate(header, 1))
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated and is_row_of_data(names) and not any(_LETTER.search(n) for n in repeated):
        return tuple(f"column_{i}" if n in repeated else n for i, n in enumerate(names, 1))
    if repeated:
        what = f"the header names {told_headers(repeated, of=names)} twice"
        are_trimmed = any(name.strip() in repeated and name != name.strip() for name in header)
        also = "; blanks around it do not count" if are_trimmed else ""
        mend = f"Every column needs a name of its own{also}."
        raise NoHeader(Problem(what, place.shown, mend))
    return names
