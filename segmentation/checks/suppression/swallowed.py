"""Rows that a quoted cell swallowed: a quote that opens at `"Ann` closes at the next stray one.

What lies between is one cell for every reader of CSV, and the rows in it are lost: their "no" as
well as that of the row they stand in, whose last cells are another's. Many cells have lines of their
own, so a line is taken for a row only if it has as many cells, and a customer's id where it belongs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.facts import SourceFacts
from segmentation.checks.suppression.ragged import read_id
from segmentation.checks.suppression.rejected import of_what_is_read
from segmentation.dataclass import dataclass
from segmentation.messages.errors import Location, agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.lines import cells_in, long_rows
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.tables import Portion

MEND: Final = 'Close the quote in the line where it opens; a quote inside a cell is written twice: "19"" monitor".'


@dataclass(frozen=True)
class Swallowed:
    """The rows that a file's quoted cells swallowed: on which line the first begins, whose they are."""

    shown: str
    line: int
    rows: int
    ids: frozenset[str]

    def notice(self) -> Notice:
        """A warning that their customers are suppressed."""
        these = counted(len(self.ids), "customer")
        text = (
            f"suppress reads this file, and what looks like {counted(self.rows, 'row')} of it "
            f"{agreeing(self.rows, 'stands', 'stand')} in a quoted cell: the {these} named there "
            f"{agreeing(len(self.ids), 'is', 'are')} suppressed"
        )
        return notice(
            "rows-in-quotes",
            text,
            where=Location(self.shown, self.line),
            mend=MEND,
            level="warn",
            is_of_suppression=True,
        )


@dataclass(frozen=True)
class _Row:
    """What may be a row: its cells, and the id where it should stand."""

    cells: tuple[str, ...]
    own: str


def swallowed(case: Case) -> Iterator[Swallowed]:
    """What quoted cells swallowed in each CSV file that suppression reads, but for products."""
    known = {*case.audience} if any(_quoted(s) for s in case.sources) else set()
    for source in case.sources:
        for part, file in _quoted(source):
            found = _of_file(case, source, part, file, known)
            if found is not None:
                yield found


def _quoted(source: SourceFacts) -> list[tuple[Portion, CsvFile]]:
    """The files in which a cell may hold lines."""
    if source.table == "products":
        return []
    files = [(part, file) for part in source.parts for file in part.raw.texts]
    return [(p, f) for p, f in files if f.anatomy.has_quotes and not f.lines_match_records]


def _of_file(
    case: Case, source: SourceFacts, part: Portion, file: CsvFile, known: Collection[str]
) -> Swallowed | None:
    first, rows = 0, 0
    ids: set[str] = set()
    with long_cells():
        for line, raw in long_rows(file):
            hosts, others = _rows(part, file, raw)
            lost = [
                row for row in of_what_is_read(case.reading, source, others) if row.own in known
            ]
            if lost:
                first, rows = first or line, rows + len(lost)
                ids |= {row.own for row in (*hosts, *lost) if row.own in known}
    return Swallowed(file.place.shown, first, rows, frozenset(ids)) if rows else None


def _rows(part: Portion, file: CsvFile, raw: str) -> tuple[list[_Row], list[_Row]]:
    """A row that runs over several lines, as it is parsed and as its first line has it; and those of
    its further lines that look like rows.

    None does where the last one has other cells: what is left of the row stands there. Of a row that
    is ragged they all may be rows.
    """
    place, width = file.header.index(part.recipe.source("customer_id")), len(file.header)
    shape = part.recipe.shapes["customer_id"]
    parsed = cells_in(file, raw)
    start, *lines = (line.replace('"', "").split(file.delimiter) for line in raw.split("\n"))
    is_ragged = len(parsed) != width
    further = [line for line in lines if is_ragged or len(line) == width]
    is_swallow = is_ragged or len(lines[-1]) == width

    def told(rows: Iterable[Sequence[str]]) -> list[_Row]:
        return [
            _Row(tuple(cells), read_id(cells[place], shape)) for cells in rows if place < len(cells)
        ]

    return told([parsed, start]), told(further if is_swallow else ())
