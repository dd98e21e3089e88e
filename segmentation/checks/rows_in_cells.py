"""Rows that a quoted cell swallowed: a quote that opens in one row and closes in a later one.

What lies between is one cell for every reader of CSV, and all rows in it are lost. Many cells have
lines of their own, so a line counts as a row only if it has as many cells, and the cells that say
whose it is and when look like those of the file; in a table without days, if all of its cells do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from segmentation.checks.suppression.swallowed import MEND
from segmentation.dataclass import dataclass
from segmentation.messages.errors import Location, agreeing, counted
from segmentation.messages.notices import Door, Level, Notice, notice
from segmentation.rules.sources import TIME
from segmentation.scan.prepare import opened
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.lines import long_rows
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.tables import Portion
from segmentation.sources.unique import KEY

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

CODE: Final = "rows-in-quotes"
_RUNS: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_FEWEST: Final = 2  # columns, where all cells of a row have to look like theirs


def rows_in_cells(run: AfterScan) -> Iterator[Notice]:
    """A notice for each file in which quoted cells hold what looks like whole rows of it: an error where
    amounts are lost.

    Of other files that suppression reads, it was told already whom such rows suppress.
    """
    told = {*_files_told(run.closed.notices)}
    for table in opened(run.measured.tables):
        for tally in table.tallies:
            for part in tally.parts:
                for file in _with_long_cells(part):
                    has_amounts, shown = table.name == "transactions", file.place.shown
                    is_known = shown in told and not has_amounts
                    lost = _Lost() if is_known else _lost(table.name, part, file)
                    if lost.rows:
                        yield _notice(shown, lost, "error" if has_amounts else "warn")


def _files_told(notices: Iterable[Notice]) -> Iterator[str]:
    for one in notices:
        if one.code == CODE and isinstance(one.where, Location):
            yield one.where.file


def _with_long_cells(part: Portion) -> list[CsvFile]:
    """The files in which a cell holds the end of a line."""
    files = part.raw.texts
    return [f for f in files if f.anatomy.has_quotes and not f.lines_match_records]


@dataclass(frozen=True)
class _Lost:
    """How many rows stand in cells of other rows, and the line on which the first such cell opens."""

    rows: int = 0
    line: int = 0


def _lost(table: str, part: Portion, file: CsvFile) -> _Lost:
    looks = _looks(table, part, file)
    rows, first = 0, 0
    with long_cells():
        for line, raw in long_rows(file) if looks else ():
            found = sum(_is_row(text, file, looks) for text in raw.split("\n")[1:])
            rows, first = rows + found, first or (line if found else 0)
    return _Lost(rows, first)


def _looks(table: str, part: Portion, file: CsvFile) -> Mapping[int, Collection[str]]:
    """What cells must look like by their place; empty where too little tells a row."""
    canonical = part.recipe.columns.canonical
    names = (KEY.get(table, "customer_id"), *TIME.get(table, ())[:1])
    columns = [c for name in names for c in canonical.get(name, ()) if c in file.header]
    if table not in TIME:
        columns = list(file.header) if len(file.header) >= _FEWEST else []
    places = [file.header.index(column) for column in columns]
    return {place: {_look(row[place]) for row in file.sample} for place in places}


def _is_row(text: str, file: CsvFile, looks: Mapping[int, Collection[str]]) -> bool:
    """Whether a line looks like a row; a quote within its id is where the cell ends that it stands in."""
    written = text.rstrip("\r").split(file.delimiter)
    if len(written) != len(file.header):
        return False
    own = written[next(iter(looks))].strip()
    if not own or '"' in (own[1:-1] if own[0] == own[-1] == '"' else own):
        return False
    return all(_look(written[place].replace('"', "")) in known for place, known in looks.items())


def _look(cell: str) -> str:
    """A cell with one sign for each run of digits or letters.

    >>> _look("2025-01-03"), _look(" C17")
    ('9-9-9', 'a9')
    """
    return _RUNS.sub(lambda run: "9" if run[0][0].isdecimal() else "a", cell.strip())


def _notice(shown: str, lost: _Lost, level: Level) -> Notice:
    rows = lost.rows
    text = (
        f"what looks like {counted(rows, 'row')} of this file {agreeing(rows, 'stands', 'stand')} "
        f"in a quoted cell, and {agreeing(rows, 'is', 'are')} not read"
    )
    door = Door("If they are no rows")
    place = Location(shown, lost.line)
    return notice(CODE, text, where=place, mend=MEND, door=door, level=level)
