"""Lines above the header: a title, a period, a blank line. How many they are is tried before it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from segmentation.messages.errors import InputError, Problem, agreeing, counted
from segmentation.messages.privacy import is_row_of_data
from segmentation.pattern import pattern
from segmentation.rules.delimiters import delimiter_of
from segmentation.rules.sources import Source
from segmentation.sources.csv.dialect import CsvFile, examine
from segmentation.sources.csv.plain_text import plain_text
from segmentation.sources.csv.rows import RowReader, lines_in
from segmentation.sources.files.place import Place

_LOOKED_AT: Final = 50
_LEAST: Final = 3  # cells of a header that follows lines with fewer
#: one cell, which may be in quotes, and nothing behind it
_HEADING: Final = pattern(
    "|".join(rf'(?:"[^"]*"|[^"{s}]+){s}{{2,}}\s*' for s in (",", ";", r"\t", r"\|"))
)
_RULED: Final = pattern(r"[-=+|\s]*-[-=+|\s]*")

Knows = Callable[[Sequence[str]], bool]
"""Whether names are those of a header; asked of each line."""


def titles(place: Place, source: Source, knows: Knows, tried: Callable[[CsvFile], bool]) -> str:
    """The `skip_lines` that a file needs, as it is written; "" where it needs none or another one.

    `tried` says whether the file can be used then.
    """
    text = plain_text(place, replace(source, skip_lines=0, header=()))
    above = text.place.lines_before
    now = source.skip_lines or above
    lines = enumerate(_lines(text.head, source), above)
    within = range(above + 1, above + _lines_of_first_row(text.head, source))
    below = {n: pair for n, pair in lines if n and n != now and n not in within}
    known = [number for number, (names, _) in below.items() if knows(names)]
    wide = [number for number, pair in below.items() if _is_first_wide(*pair)]
    wide.sort(key=lambda number: -len(below[number][0]))  # a summary has fewer columns than rows
    for number in dict.fromkeys((*known, *wide)):
        if _can_be_used(place, replace(source, skip_lines=number), tried):
            return f"skip_lines: {number}"
    return ""


def titled(place: Place, lines: str, table: str) -> Problem:
    """A file whose header is not in its first line; `lines` is what `titles` gives."""
    number = int(lines.partition(" ")[2])
    stand = agreeing(number, "stands", "stand")
    what = f"the header is not in the first line: {counted(number, 'line')} {stand} above it"
    where = f"sources: {{{table}: {{path: …, {lines}}}}}" if table else f"`{lines}`"
    return Problem(what, place.shown, f"Say so: {where}")


def without_titles(place: Place, source: Source) -> Problem | None:
    """The same of a file whose first line can be no header, of whatever table."""
    found = "" if source.header else titles(place, source, lambda names: False, lambda file: True)
    return titled(place, found, "") if found else None


def _lines(head: str, source: Source) -> list[tuple[list[str], list[str]]]:
    """The cells of each of the first lines, and of the line below it that is no rule of dashes."""
    lines = head.split("\n")[: _LOOKED_AT + 1]
    signs = [source.delimiter or delimiter_of(line) for line in lines]
    belows = [_below(lines, number) for number in range(len(lines))]
    pairs = zip(lines, belows, signs, strict=True)
    return [(_cells(line, sign), _cells(below, sign)) for line, below, sign in pairs][:_LOOKED_AT]


def _lines_of_first_row(head: str, source: Source) -> int:
    """How many lines the first row takes: a name in quotes may go over several."""
    sign = source.delimiter or delimiter_of(head.partition("\n")[0])
    rows = RowReader(lines_in(head), sign)
    next(rows, None)
    return rows.lines


def _below(lines: Sequence[str], number: int) -> str:
    """The next line that is no rule of dashes, and does not name alone whom the rows below it are of."""
    below = (line for line in lines[number + 1 :] if not _RULED.fullmatch(line))
    return next((line for line in below if not _HEADING.fullmatch(line)), "")


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of a line; in a list with a frame, a delimiter stands before the first of them, too."""
    found = [cell.strip() for cell in next(RowReader(lines_in(line), delimiter), [])]
    is_framed = len(found) > _LEAST and not (found[0] or found[-1])
    return found[1:-1] if is_framed else found


def _is_first_wide(names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a line has only names (the first may be blank), and the next one as many cells with data among them."""
    are_names = len(names) > _LEAST - bool(names[:1] != [""]) and all(names[1:])
    are_names = are_names and len(set(names)) == len(names)
    is_data = is_row_of_data(row) and not is_row_of_data(names)
    return are_names and is_data and len(row) == len(names)


def _can_be_used(place: Place, source: Source, tried: Callable[[CsvFile], bool]) -> bool:
    try:
        file = examine(place, source)
        return bool(file.sample) and tried(file)
    except InputError:
        return False
