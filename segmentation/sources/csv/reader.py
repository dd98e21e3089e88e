"""The reader of text with one row per line: CSV, whatever its delimiter, encoding or packing.

Wherever text comes from (a file, a pipe, a store, the web), it is read from a file of this machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.sources import Source
from segmentation.sources.csv.dialect import CsvFile, examine
from segmentation.sources.csv.encodings import NotUtf8
from segmentation.sources.csv.headers import NoHeader
from segmentation.sources.csv.lines import csv_cells
from segmentation.sources.csv.no_text import no_text
from segmentation.sources.csv.titles import without_titles
from segmentation.sources.csv.undelimited import undelimited
from segmentation.sources.files.place import Place
from segmentation.sources.partitioned import keys_of, partitioned, with_partition
from segmentation.sources.reader import (
    FILE,
    RECORD,
    OddRows,
    RawRow,
    RawTable,
    Reader,
    TableOfFiles,
    samples_of,
)

SPARE: Final = "\0spare"
"""What all rows have behind their last column: nothing. No file has a column of the name."""


@dataclass(frozen=True)
class CsvTable(TableOfFiles):
    """CSV files with the same header and dialect; every cell is text."""

    files: tuple[CsvFile, ...]
    said: tuple[str, ...] = ()
    stored: frozenset[str] = frozenset()
    other_sheets: tuple[str, ...] = ()
    """Those of the workbooks that the texts were made of, where none was named and there are others."""

    @property
    def pointed(self) -> frozenset[str]:
        """The columns whose numbers were stored as such, in the workbook that the text was made of."""
        return self.stored

    @property
    def notes(self) -> tuple[str, ...]:
        """What was guessed of the file that the text was made of."""
        return self.said

    @property
    def is_scanned_in_parts(self) -> bool:
        """All bytes of a text are read, whatever is asked."""
        return False

    @property
    def can_hold_quoted_blanks(self) -> bool:
        """`""` is an empty text to Polars, and nothing to us."""
        return any(file.anatomy.has_quotes for file in self.files)

    @property
    def no_rows(self) -> str:
        """It was read as far as its header."""
        return "the file has a header and no rows"

    @property
    def texts(self) -> tuple[CsvFile, ...]:
        """Its files."""
        return self.files

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """All cells as text.

        The schema is given in full, so nothing is inferred from a sample (Hillstrom's `spend` reads
        `0` for 217 lines before its first `29.99`), and a header's blank names do no harm.
        """
        first = self.files[0]
        has_files = with_files or bool(keys_of(first.place))
        record = RECORD if with_records else None
        rows = _scan(self.files, record=record, file=FILE if has_files else None)
        rows = rows.drop(SPARE) if first.has_spare else rows
        by_path = {file.path: file.place for file in self.files}
        return partitioned(rows, by_path, with_files=with_files)

    def rows_counted(self) -> int | None:
        """The rows in the bytes of the files."""
        return sum(file.anatomy.records for file in self.files)

    def odd_rows(self) -> OddRows:
        """Those of a file that stands alone because it has such."""
        if len(self.files) != 1:
            return OddRows()
        anatomy = self.files[0].anatomy
        blank = anatomy.ragged[anatomy.cells == 0].tolist()
        return OddRows(blank, anatomy.ragged[anatomy.cells > 0].tolist())

    def each_file(self) -> Sequence[CsvTable]:
        """The same table file by file."""
        return [replace(self, places=(file.place,), files=(file,)) for file in self.files]

    def sampled(self) -> CsvTable:
        """A file has its own."""
        return _table(self.files)

    def together(self, others: Sequence[CsvTable]) -> CsvTable:
        """Their files."""
        found = _table([file for one in others for file in one.files])
        return replace(found, sample=samples_of(others))

    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """Each row with the line on which it begins."""
        [file] = self.files
        for record, line, raw, cells in csv_cells(file, records) if records else ():
            by_name = dict(zip(file.header, cells, strict=False))
            yield record, RawRow(file.place.shown, line, raw, by_name, len(cells), len(file.header))

    def with_text(self, text: str) -> str:
        """The file whose sample has a text; the first one where none has."""
        files = (f.place.shown for f in self.files if any(text in row for row in f.sample))
        return next(files, self.places[0].shown)

    def with_oversize(self, column: str) -> Sequence[str]:
        """None: a row that is too long for any file of text is refused when it is opened."""
        return ()

    def undelimited(self, table: str) -> Problem | None:
        """A header in which other signs than the delimiter part the names."""
        return undelimited(self.files[0], table) if len(self.schema) == 1 else None

    def explained(self, error: BaseException) -> Problem:
        """Damage: its rows were counted when it was opened."""
        [file] = self.files
        said = error.strerror if isinstance(error, OSError) else None
        what = f"the file is damaged ({said or 'a row cannot be read'})"
        return Problem(what, file.place.shown, "Write or copy the file once more.")

    def shown(self) -> Mapping[str, str]:
        """A file that had to be rewritten is scanned from its copy."""
        return {file.path: file.place.shown for file in self.files}


def _scan(files: Sequence[CsvFile], *, record: str | None, file: str | None) -> pl.LazyFrame:
    """All cells as text, that behind the last column among them where rows have one."""
    first = files[0]
    is_ragged = any(len(one.anatomy.ragged) or one.has_spare for one in files)
    columns = (*first.header, *([SPARE] if first.has_spare else ()))
    return pl.scan_csv(
        [one.path for one in files],
        has_header=False,
        skip_rows=1,
        schema=dict.fromkeys(columns, pl.String()),
        separator=first.delimiter,
        quote_char='"' if first.anatomy.has_quotes else None,
        row_index_name=record,
        include_file_paths=file,
        glob=False,
        extra_columns="ignore" if is_ragged else "raise",
        missing_columns="insert" if is_ragged else "raise",
    )


def _claims(place: Place) -> bool:
    """Text is what nothing else is."""
    problem = no_text(place)
    if problem is not None:
        raise InputError(problem)
    return True


def _tables(source: Source, places: Sequence[Place], oversize: frozenset[str]) -> list[RawTable]:
    """A file with ragged rows stands alone, as the numbers of its rows are its own."""
    alike: dict[object, list[CsvFile]] = {}
    for place in places:
        try:
            file = _without_strays(_examined(place, source))
        except NotUtf8 as error:
            raise error.among(places) from error
        file = replace(file, place=with_partition(place, file.header))
        dialect = (
            keys_of(file.place),
            file.header,
            file.delimiter,
            file.anatomy.has_quotes,
            file.has_spare,
        )
        key: object = place.path if len(file.anatomy.ragged) else dialect
        alike.setdefault(key, []).append(file)
    return [_table(files) for files in alike.values()]


def _examined(place: Place, source: Source) -> CsvFile:
    try:
        return examine(place, source)
    except NoHeader:
        problem = without_titles(place, source)
        if problem is None:
            raise
        raise InputError(problem) from None


def _without_strays(file: CsvFile) -> CsvFile:
    """The file, rows among the ragged ones that have something where all others have a blank cell."""
    if not file.has_spare:
        return file
    rows = _scan([file], record=RECORD, file=None)
    filled = rows.filter(pl.col(SPARE).fill_null("") != "").select(RECORD).collect()[RECORD]
    return replace(file, anatomy=file.anatomy.with_ragged(filled, len(file.header) + 1))


def _table(files: Sequence[CsvFile]) -> CsvTable:
    header = files[0].header
    rows = [row for file in files for row in file.sample]
    cells = zip(*rows, strict=True) if rows else ((),) * len(header)
    sample = {n: [c or None for c in column] for n, column in zip(header, cells, strict=True)}
    places = tuple(file.place for file in files)
    sample |= {key: [dict(p.partition)[key] for p in places] for key in keys_of(places[0])}
    texts = dict.fromkeys(sample, pl.String())
    return CsvTable(places, texts, sample, frozenset(), tuple(files))


CSV = Reader(
    kind="csv",
    called="CSV",
    suffixes=(".csv", ".csv.gz"),
    is_scanned_far=False,
    takes=lambda source: False,  # it is told by its bytes
    claims=_claims,
    check=lambda places: None,  # its bytes are counted when it is opened
    oversize=lambda places: frozenset(),
    tables=_tables,
    explain_opening=lambda place: None,
)
