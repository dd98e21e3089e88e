"""Tables of files that are read into columns of text first: a private file of Parquet for each.

Cells keep the characters that stand in the file, so that ids, money and dates are read as those of CSV.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, Self

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.sources.files.place import Place
from segmentation.sources.files.scratch import scratch_file
from segmentation.sources.partitioned import keys_of, partitioned, with_partition
from segmentation.sources.reader import FILE, RECORD, RawRow, TableOfFiles, samples_of
from segmentation.sources.stored import StoredTable, sample_of

_AT_ONCE: Final = 1 << 16
Cells = Mapping[str, str | None]


@dataclass(frozen=True)
class Converted:
    """One file, and its rows as columns of text at `path`."""

    place: Place
    path: str
    columns: tuple[str, ...]
    rows: int


def converted(place: Place, rows: Iterable[Cells]) -> Converted:
    """The rows of a file, written down: a column that a row lacks is missing there."""
    columns: dict[str, None] = {}
    parts, number = [], 0
    source = iter(rows)
    while some := list(islice(source, _AT_ONCE)):
        columns |= dict.fromkeys(name for row in some for name in row)
        frame = pl.DataFrame(
            {name: [row.get(name) for row in some] for name in columns},
            schema=dict.fromkeys(columns, pl.String()),
        )
        parts.append(scratch_file(".parquet"))
        frame.write_parquet(parts[-1], compression="lz4")
        number += len(some)
    path = str(_joined(parts)) if parts else ""
    return Converted(with_partition(place, columns), path, tuple(columns), number)


def _joined(parts: Sequence[object]) -> object:
    if len(parts) == 1:
        return parts[0]
    path = scratch_file(".parquet")
    frames = [pl.scan_parquet(str(part), glob=False) for part in parts]
    pl.concat(frames, how="diagonal").sink_parquet(path, compression="lz4")
    return path


@dataclass(frozen=True)
class ConvertedTable(TableOfFiles, StoredTable):
    """Files of one kind with the same columns."""

    files: tuple[Converted, ...]

    @classmethod
    def of(cls, files: Sequence[Converted]) -> Self:
        """The table of files with the same columns."""
        columns = (*files[0].columns, *keys_of(files[0].place))
        schema = dict.fromkeys(columns, pl.String())
        sample = sample_of(_rows([files[0], files[-1]][: len(files)]), schema)
        return cls(tuple(one.place for one in files), schema, sample, frozenset(), tuple(files))

    @property
    def is_scanned_in_parts(self) -> bool:
        """Its columns lie apart, on this machine."""
        return True

    @property
    def no_rows(self) -> str:
        """It holds nothing."""
        return "the file has no rows"

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """All cells as text."""
        return _rows(self.files, with_records=with_records, with_files=with_files)

    def rows_counted(self) -> int | None:
        """The rows that were found in the files."""
        return sum(one.rows for one in self.files)

    def each_file(self) -> Sequence[Self]:
        """The same table file by file."""
        return [replace(self, places=(one.place,), files=(one,)) for one in self.files]

    def sampled(self) -> Self:
        """Its first and last rows."""
        return replace(self, sample=sample_of(self.scan(), self.schema))

    def together(self, others: Sequence[Self]) -> Self:
        """Their files."""
        files = tuple(file for one in others for file in one.files)
        places = tuple(file.place for file in files)
        return replace(self, places=places, files=files, sample=samples_of(others))

    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """Each row with the line on which it begins, as it stands there."""
        if not records:
            return
        [file] = self.files
        lines = self.lines(file.place, records)
        for (record, row), (line, raw) in zip(super().located(records), lines, strict=True):
            yield record, replace(row, line=line, raw=raw or row.raw)

    @abstractmethod
    def lines(self, place: Place, records: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The line of each of some rows of a file, and its text there; "" where it has none."""

    def with_text(self, text: str) -> str:
        """The first file: the sample does not say which one a text is of."""
        return self.places[0].shown

    def with_oversize(self, column: str) -> Sequence[str]:
        """None: what is too large was refused when it was opened."""
        return ()

    def explained(self, error: BaseException) -> Problem:
        """It was read when it was opened."""
        what = "the file cannot be read"
        return Problem(what, self.called, "Write or copy the file once more.")

    def shown(self) -> Mapping[str, str]:
        """It is scanned from the columns of text."""
        return {one.path: one.place.shown for one in self.files}


def _rows(
    files: Sequence[Converted], *, with_records: bool = False, with_files: bool = False
) -> pl.LazyFrame:
    rows = pl.scan_parquet(
        [one.path for one in files],
        glob=False,
        row_index_name=RECORD if with_records else None,
        include_file_paths=FILE if with_files or keys_of(files[0].place) else None,
    )
    return partitioned(rows, {one.path: one.place for one in files}, with_files=with_files)


def alike(files: Iterable[Converted]) -> list[list[Converted]]:
    """Files with the same columns, together."""
    found: dict[object, list[Converted]] = {}
    for one in files:
        found.setdefault((frozenset(one.columns), keys_of(one.place)), []).append(one)
    return list(found.values())
