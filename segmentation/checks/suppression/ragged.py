"""Whose ragged rows are: rows with too few or too many cells, whose cells may have moved.

What became of such a row nobody knows: a cell was lost or added, rows ran together or were torn apart.
So it names its customer only where no other can be meant, by what the columns of its file look like:

- with too few cells, if the cell where the id may stand looks like none of the columns that may have
  moved there, and is no part of a longer id;
- with too many, if all cells but the last ones look like their columns, or else if one cell alone may be
  an id, and no other one ends (or begins) with an id that ran together with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from segmentation.checks.suppression.looks import Looks, looks_of
from segmentation.dataclass import dataclass
from segmentation.rules.delimiters import DELIMITERS
from segmentation.sources.columns.ids import DOT_ZERO, Shape
from segmentation.sources.columns.reasons import Reason
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.lines import csv_cells
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.csv.raw import opened
from segmentation.sources.tables import Portion


@dataclass(frozen=True)
class Known:
    """The ids of customers, how long the `longest` is, and texts that are a part of a longer one."""

    ids: Collection[str]
    parts: frozenset[str]
    longest: int


@dataclass(frozen=True)
class RaggedCell:
    """One cell of a ragged row: its `text` read as an id, and what it looks like in its file.

    `is_like_id` is said of the signs of ids, `is_nearly_id` of the runs of their signs. `is_in_place`: it
    looks like its column. `is_other`: it looks like another column that may have moved there;
    `may_be_other` says so of runs of signs, and of a column that holds nothing.
    """

    text: str
    is_like_id: bool
    is_nearly_id: bool
    is_in_place: bool
    is_other: bool
    may_be_other: bool


@dataclass(frozen=True)
class Reading:
    """The cells of a ragged row as they stand, or (`is_apart`) cut apart at a sign that no id has.

    `place` is where the id stands in a row of `width` cells.
    """

    cells: tuple[RaggedCell, ...]
    place: int
    width: int
    is_apart: bool = False

    @property
    def window(self) -> range:
        """Where the id may stand: between its place and where it would be if all cells moved."""
        low, high = sorted((self.place, self.place + len(self.cells) - self.width))
        return range(max(0, low), min(high + 1, len(self.cells)))

    def named(self, known: Known) -> frozenset[str]:
        """The customers named where the id may stand."""
        return frozenset(self.cells[i].text for i in self.window).intersection(known.ids)

    def stranger(self) -> str | None:
        """An id that stands first, as it should, whoever has it."""
        has_id = not self.is_apart and self.place == 0 and bool(self.cells)
        return self.cells[0].text if has_id and self.cells[0].is_like_id else None

    def is_told(self, known: Known) -> bool:
        """Whether nobody else can be meant than who is named, or the stranger."""
        if len(self.cells) < self.width:
            return self._has_its_id(known)
        if len(self.cells) > self.width:
            return self._ends_in_more(known) or self._has_one_id(known)
        return self._is_id(self.place, known)

    def _is_id(self, i: int, known: Known) -> bool:
        return self.cells[i].text in known.ids or (i == 0 and self.stranger() is not None)

    def _has_its_id(self, known: Known) -> bool:
        """Of too few cells: one can be the id alone, and none has another id in it."""
        found = [i for i in self.window if self._is_id(i, known) and not self.cells[i].may_be_other]
        edges = {len(self.cells) - 1, 0 if self.place else -1}  # a line may have ended within these
        rest = (cell for i, cell in enumerate(self.cells) if i not in self.window)
        return (
            bool(found)
            and not any(self.cells[i].text in known.parts for i in edges.intersection(found))
            and not any(self._holds_id(cell, known) and not cell.is_other for cell in rest)
        )

    def _ends_in_more(self, known: Known) -> bool:
        """Of too many cells: the first ones look like their columns, and no id is in the others."""
        row, more = self.cells[: self.width], self.cells[self.width :]
        is_row = all(c.is_in_place for i, c in enumerate(row) if i != self.place)
        is_blank = not any(cell.text for cell in more)
        is_alone = is_blank or not self._ran_together(row[self.place], known, self.place)
        return (
            is_row
            and is_alone
            and self._is_id(self.place, known)
            and not any(self._holds_id(cell, known) for cell in more)
        )

    def _has_one_id(self, known: Known) -> bool:
        """Of too many cells: one alone has an id in it, and is one."""
        held = [i for i, cell in enumerate(self.cells) if self._may_hold_id(cell, known)]
        if len(held) != 1 or held[0] not in self.window:
            return False
        cell = self.cells[held[0]]
        return cell.text in known.ids and not self._ran_together(cell, known, held[0])

    def _may_hold_id(self, cell: RaggedCell, known: Known) -> bool:
        is_told_apart = cell.is_other and not cell.is_nearly_id
        return self._holds_id(cell, known) and not is_told_apart

    def _holds_id(self, cell: RaggedCell, known: Known) -> bool:
        return cell.text in known.ids or self._ran_together(cell, known)

    def _ran_together(self, cell: RaggedCell, known: Known, at: int = -1) -> bool:
        """Whether an id may have run together with the cell at the other end of its row.

        `at` is where the cell stands, if that is known: nothing runs into the first one from before.
        """
        text, lengths = cell.text, range(1, min(len(cell.text), known.longest + 1))
        ends = self.place == 0 and at != 0 and any(text[-n:] in known.ids for n in lengths)
        begins = self.place == self.width - 1 and any(text[:n] in known.ids for n in lengths)
        return ends or begins


@dataclass(frozen=True)
class RaggedRow:
    """One ragged row: its file, its cells, and how they may be read."""

    shown: str
    cells: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def edges(self) -> frozenset[str]:
        """What may be a part of an id, as the row ends or begins with it."""
        rows = [[cell.text for cell in reading.cells] for reading in self.readings]
        return frozenset(text for row in rows if row for text in (row[0], row[-1]))

    def is_told(self, known: Known) -> bool:
        """Whether nobody else can be meant than `ids` says. A row of blank cells is of nobody."""
        is_blank = not any(cell.strip() for cell in self.cells)
        return is_blank or any(reading.is_told(known) for reading in self.readings)

    def ids(self, known: Known) -> frozenset[str]:
        """The customers that the row may be of: where it is not told of whom, any that it names."""
        found = frozenset[str]().union(*(reading.named(known) for reading in self.readings))
        if not self.is_told(known):
            cells = (cell.text for reading in self.readings for cell in reading.cells)
            return found | frozenset(cells).intersection(known.ids)
        strangers = (reading.stranger() for reading in self.readings)
        return found or frozenset(one for one in strangers if one)


def known_to(rows: Iterable[RaggedRow], ids: Collection[str]) -> Known:
    """The ids of customers, and which texts at the edges of some rows are a part of one."""
    edges = frozenset[str]().union(*(row.edges for row in rows)) - {""}
    lengths = sorted({len(text) for text in edges})
    parts = (
        part
        for one in ids
        for length in lengths
        if length < len(one)
        for part in (one[:length], one[-length:])
    )
    return Known(ids, edges.intersection(parts), max(map(len, ids), default=0))


def ragged_rows(part: Portion) -> Iterator[RaggedRow]:
    """The ragged rows of a part: a file that has such is always a part for itself."""
    records = part.ragged.get(Reason.RAGGED, [])
    if not records:
        return
    [file] = part.raw.texts
    with long_cells():
        rows = [(record, cells) for record, _, _, cells in csv_cells(file, records)]
    signs = not_in_ids(row[_place(part, file)] for row in file.sample)
    readings = [(record, cells, _apart(cells, signs, len(file.header))) for record, cells in rows]
    every = {cell for _, cells, apart in readings for row in (cells, *apart) for cell in row}
    looks = looks_of(part, file, every)
    for record, cells, apart in readings:
        own = _reading(cells, part, file, looks, is_cut=_is_cut_off(file, record))
        others = (_reading(row, part, file, looks, is_apart=True) for row in apart)
        yield RaggedRow(file.place.shown, tuple(cells), (own, *others))


def _place(part: Portion, file: CsvFile) -> int:
    return file.header.index(part.recipe.source("customer_id"))


def _reading(
    cells: Sequence[str],
    part: Portion,
    file: CsvFile,
    looks: Looks,
    *,
    is_apart: bool = False,
    is_cut: bool = False,
) -> Reading:
    """Some cells as a row of a file. `is_cut`: its last cell may be cut off, and is nobody's id."""
    place, width, shape = _place(part, file), len(file.header), part.recipe.shapes["customer_id"]
    moved = len(cells) - width

    def cell(i: int, raw: str) -> RaggedCell:
        exact, rough = looks.exact.get(raw, frozenset()), looks.rough.get(raw, frozenset())
        others = {*range(min(i, i - moved), max(i, i - moved) + 1)} - {place}
        return RaggedCell(
            text=read_id(raw, shape),
            is_like_id=place in exact and not (is_cut and i == len(cells) - 1),
            is_nearly_id=place in rough,
            is_in_place=not raw.strip() or i in exact,
            is_other=not others.isdisjoint(exact),
            may_be_other=not others.isdisjoint(rough | looks.blank),
        )

    return Reading(tuple(cell(i, raw) for i, raw in enumerate(cells)), place, width, is_apart)


def not_in_ids(ids: Iterable[str]) -> str:
    """The delimiters that some ids of a column have none of: in another one, cells ran together."""
    found = "".join(ids)
    return "".join(sign for sign in DELIMITERS if sign not in found)


def first_of(text: str, signs: str) -> tuple[str, ...]:
    """What an id would be if cells ran together in it: what stands before each of these signs."""
    return tuple(text.partition(sign)[0] for sign in signs if sign in text)


def _apart(cells: Sequence[str], signs: str, width: int) -> list[list[str]]:
    """A row of too few cells cut apart, once for each sign that is in it."""
    if len(cells) >= width:
        return []
    rows = ([part for cell in cells for part in cell.split(sign)] for sign in signs)
    return [row for row in rows if len(row) > len(cells)]


def read_id(cell: str, shape: Shape) -> str:
    """A cell read as all ids of its column are."""
    return cell.strip() if shape == "text" else re.sub(DOT_ZERO, r"\1", cell.strip())


def _is_cut_off(file: CsvFile, record: int) -> bool:
    """Whether a row is the file's last, and its line does not end."""
    if record != file.anatomy.records - 1:
        return False
    last = b"\n"
    with opened(file.text) as source:
        while block := source.read(1 << 20):
            last = block[-1:]
    return last != b"\n"
