"""What parts the cells and the rows of a text, and how many cells its rows have."""

from __future__ import annotations

import numpy as np

from segmentation.dataclass import dataclass
from segmentation.sources.csv.bitmaps import (
    Bitmap,
    Bytes,
    Ints,
    after,
    before,
    bitmap,
    number,
    positions,
    within_quotes,
)
from segmentation.sources.csv.raw import StrayQuote

NEWLINE, RETURN, QUOTE = 10, 13, 34
_COUNTED = 256
"""So many separators, and one byte counts them as none."""


@dataclass(frozen=True)
class Marks:
    """The separators and the line ends of some whole rows, without those that stand within quotes."""

    separators: Bitmap
    ends: Bitmap
    lines: int
    """Line ends, also those within quotes, and the end of the text where it has no other."""

    is_ended: bool
    """Whether the last row has a line end."""


def marks_of(codes: Bytes, separator: int, *, has_quotes: bool) -> Marks:
    """The marks of a text of whole rows. Raises StrayQuote where quotes do not stand as they should."""
    separators, ends = bitmap(codes, separator), bitmap(codes, NEWLINE)
    is_ended = bool(codes[-1] == NEWLINE)
    lines = number(ends) + (not is_ended)
    if not has_quotes:
        return Marks(separators, ends, lines, is_ended)
    quotes = bitmap(codes, QUOTE)
    inside = within_quotes(quotes)
    if number(quotes) % 2 or not _are_sound(codes, quotes, inside, separators, ends):
        raise StrayQuote
    return Marks(separators & ~inside, ends & ~inside, lines, is_ended)


def _are_sound(
    codes: Bytes, quotes: Bitmap, inside: Bitmap, separators: Bitmap, ends: Bitmap
) -> bool:
    """Whether quotes only open a cell, close one, or stand doubled within one.

    `inside` are the bytes within quotes; separators and line ends are all that there are.
    """
    first, final = np.zeros_like(ends), np.zeros_like(ends)
    first[0] = 1
    final[-1] = 1 << (len(codes) - 1) % 64
    border = separators | ends | quotes
    opens_within = quotes & inside & ~after(border) & ~first
    border |= bitmap(codes, RETURN) & (before(ends) | final)
    closes_within = quotes & ~inside & ~before(border) & ~final
    return not (opens_within.any() or closes_within.any())


def alike_rows(marks: Marks, width: int) -> int:
    """The number of rows if each has `width` cells, and the last one an end; 0 if one has not.

    It is proved by an equation for each row: before its end stand as many separators as all rows so
    far should have. They are counted modulo 256, and that is enough: a row whose separators are
    `width` - 1 modulo 256 has at least so many, and if one had more, then so had all rows together.

    >>> def alike(text):
    ...     codes = np.frombuffer(text, dtype=np.uint8)
    ...     return alike_rows(marks_of(codes, ord(","), has_quotes=False), 2)
    >>> alike(b"1,2\\n3,4\\n"), alike(b"1\\n3,4,5\\n"), alike(b"1,2\\n3")
    (2, 0, 0)
    """
    separators, ends = marks.separators, marks.ends
    each, spare = np.bitwise_count(ends), np.bitwise_count(separators)
    rows, more = int(each.sum(dtype=np.int64)), width - 1
    if not marks.is_ended or more >= _COUNTED or int(spare.sum(dtype=np.int64)) != rows * more:
        return 0
    spare -= each * np.uint8(more)
    earlier = np.cumsum(spare, dtype=np.uint8) - spare  # of the row in which a word begins
    for nth in range(1, int(each.max()) + 1):  # the nth line end of every word that has so many
        others = ends - np.uint64(1)
        found = np.bitwise_count((ends ^ others) & separators) + earlier
        if not ((found == nth * more % _COUNTED) | (ends == 0)).all():
            return 0
        ends = ends & others
    return rows


def odd_rows(codes: Bytes, marks: Marks, width: int) -> tuple[int, Ints, Ints]:
    """Number of rows; which of them have not `width` cells; and how many those have (blank: 0)."""
    at = positions(marks.separators | marks.ends)
    is_end = codes[at] == NEWLINE
    if not marks.is_ended:
        at, is_end = np.append(at, len(codes)), np.append(is_end, True)
    ends = np.flatnonzero(is_end)
    cells = np.diff(ends, prepend=-1)
    odd = np.flatnonzero(cells != width)
    stops = at[ends]
    begins = np.concatenate(([0], stops[:-1] + 1))
    lengths = (stops - begins)[odd]
    first = codes[np.minimum(begins[odd], len(codes) - 1)]
    is_blank = (lengths == 0) | ((lengths == 1) & (first == RETURN))
    return len(ends), odd, np.where(is_blank, 0, cells[odd])
