"""The ids of ragged rows: rows with too few or too many cells, whose cells may have moved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from segmentation.rules.delimiters import DELIMITERS
from segmentation.sources.columns.canonical import Reason
from segmentation.sources.columns.ids import DOT_ZERO, Shape
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.lines import csv_cells
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.csv.raw import opened
from segmentation.sources.tables import Portion

_KINDS: Final = {
    re.compile(r"\d+"): "9",
    re.compile(r"[^\W\d_a-z]+"): "A",
    re.compile(r"[^\W\d_A-Z]+"): "a",
}


@dataclass(frozen=True)
class RaggedRow:
    """One ragged row: its file, its cells, and the ids that may be its customer's.

    `own` is the id where it should stand: "" when that cell is blank, None when there is no such
    cell or it is cut off. `moved` are those that would stand there if cells were lost or added
    before it; `is_trusted` says that `own` is an id also when nobody here has it: no column is before
    it, and it looks like no cell of another. `cut` are those that would stand there if cells that ran
    together, as in `8;2026-11-21`, were cut apart.
    """

    shown: str
    cells: tuple[str, ...]
    own: str | None
    moved: tuple[str, ...]
    is_trusted: bool
    cut: tuple[str, ...] = ()

    def ids(self, known: Collection[str]) -> tuple[str, ...] | None:
        """The customers that the row may be of, None when unknown; none where all cells are blank.

        Any cell is trusted that names a known customer. A row without an id is no row of nobody: cells
        that moved leave a blank where it should stand.
        """
        if not any(cell.strip() for cell in self.cells):
            return ()
        found = tuple(i for i in dict.fromkeys((self.own, *self.moved, *self.cut)) if i in known)
        if not found and self.own and self.is_trusted and not self.cut:
            return (self.own,)
        return found or None  # type: ignore[return-value]  # None is no known customer


def ragged_rows(part: Portion) -> Iterator[RaggedRow]:
    """The ragged rows of a part: a file that has such is always a part for itself."""
    records = part.ragged.get(Reason.RAGGED, [])
    if not records:
        return
    [file] = part.raw.texts
    key = "product_id" if part.recipe.table == "products" else "customer_id"
    place, shape = file.header.index(part.recipe.source(key)), part.recipe.shapes[key]
    signs = not_in_ids(row[place] for row in file.sample)
    elsewhere = _looks_elsewhere(file, place)
    with long_cells():
        for record, _, _, cells in csv_cells(file, records):
            texts = [read_id(cell, shape) for cell in cells]
            is_cut = len(cells) == place + 1 and _is_cut_off(file, record)
            own = None if is_cut or place >= len(cells) else texts[place]
            moved = _moved(texts, place, len(file.header))
            is_trusted = place == 0 and _look(own or "") not in elsewhere
            ends = is_cut and place == len(file.header) - 1
            apart = () if ends else _apart(cells, place, len(file.header), signs)
            cut = tuple(read_id(cell, shape) for cell in apart)
            yield RaggedRow(file.place.shown, tuple(cells), own, moved, is_trusted, cut)


def _looks_elsewhere(file: CsvFile, place: int) -> frozenset[str]:
    """What cells of other columns look like, and no id does."""
    columns = [{*cells} for cells in zip(*file.sample, strict=True)]
    looks = [{_look(cell) for cell in cells} for cells in columns]
    ids = looks[place : place + 1]
    return frozenset().union(*looks).difference(*ids)


def _look(cell: str) -> str:
    """A cell as its kinds of signs: `A9` for C00123, `a` for yes, `9-9-9` for a day."""
    for kind, sign in _KINDS.items():
        cell = kind.sub(sign, cell.strip())
    return cell


def _moved(texts: Sequence[str], place: int, width: int) -> tuple[str, ...]:
    """The cells between where the id should stand and where it would if cells came or went."""
    low, high = sorted((place, place + len(texts) - width))
    return tuple(text for text in texts[max(0, low) : high + 1] if text)


def not_in_ids(ids: Iterable[str]) -> str:
    """The delimiters that some ids of a column have none of: in another one, cells ran together."""
    found = "".join(ids)
    return "".join(sign for sign in DELIMITERS if sign not in found)


def first_of(text: str, signs: str) -> tuple[str, ...]:
    """What an id would be if cells ran together in it: what stands before each of these signs."""
    return tuple(text.partition(sign)[0] for sign in signs if sign in text)


def _apart(cells: Sequence[str], place: int, width: int, signs: str) -> tuple[str, ...]:
    """The cells where the id should stand if a row of too few is cut at a sign, one for each sign.

    The first one needs no count; any other stands there only if the row is whole then.
    """
    if len(cells) >= width:
        return ()
    if place == 0:
        return first_of(cells[0], signs) if cells else ()
    rows = ([part for cell in cells for part in cell.split(sign)] for sign in signs)
    return tuple(row[place] for row in rows if len(row) == width)


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
