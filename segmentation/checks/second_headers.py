"""A header within a file whose columns stand in another order: two exports that were put together.

The row itself is rejected, as its cells are no values; what follows would be read by the first header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.messages.errors import Location
from segmentation.messages.notices import Notice, notice
from segmentation.scan.prepare import opened
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.csv.rows import cells_of

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation

_NO_LETTER: Final = r"[^\p{L}\p{N}]"
MEND: Final = "Cut the file in two at this line, and read both: the rows below have their cells in the order of this header."


def in_another_order(run: AfterAllocation) -> Iterator[Notice]:
    """An error for each file in which a row names all columns in another order than the header."""
    for file in _files(run) if run.rejected.height else ():
        rows = run.rejected.filter(pl.col("file") == file.place.shown)
        line = _line(rows, file)
        if line is not None:
            text = "this row is a header whose columns stand in another order than those of the first line"
            yield notice("second-header", text, where=Location(file.place.shown, line), mend=MEND)


def _files(run: AfterAllocation) -> Iterator[CsvFile]:
    tallies = (tally for table in opened(run.measured.tables) for tally in table.tallies)
    return (file for tally in tallies for part in tally.parts for file in part.raw.texts)


def _line(rejected: pl.DataFrame, file: CsvFile) -> int | None:
    """The line of the first rejected row that names the columns in another order; None without one."""
    names = _plain(file.header)
    letters = pl.col("raw").str.replace_all(_NO_LETTER, "").str.len_chars()
    may_be = rejected.filter(letters == sum(map(len, names)))
    with long_cells():
        for line, raw in may_be.select("line", "raw").iter_rows():
            found = _plain(cells_of(raw, file.delimiter))
            if found != names and sorted(found) == sorted(names):
                return int(line)
    return None


def _plain(cells: Sequence[str]) -> list[str]:
    return [squeezed(cell) for cell in cells]
