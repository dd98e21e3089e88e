"""What is asked of every kind of source: a `Reader` tells its files and opens them as `RawTable`s.

A kind (text, Parquet, frames, later workbooks or a database) is one module with one `Reader`, and one
line in `readers`. A reader without an aspect is a TypeError when it is imported, and so is a
table of it. What reads through these two never asks which kind it has before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.rules.sources import Source
from segmentation.sources.files.content import Content, content_of
from segmentation.sources.files.place import Place
from segmentation.sources.settings import IN_RULES, Settings

if TYPE_CHECKING:
    from segmentation.rules.number_format import Decimal
    from segmentation.sources.csv.dialect import CsvFile
    from segmentation.sources.where_words import WhereWord

RECORD: Final = "\0record"
"""The number of a raw row, from 0, over all files of its table. No file has a column of the name."""

FILE: Final = "\0file"
"""The file of a raw row, as `RawTable.shown` knows it. No file has a column of the name."""


PARTNER: Final = "\0partner"
"""Of a raw row that other files are joined to: 0 where each that is not optional has its partner, n where the nth of them has
none (n from 1), -n where that is set aside. No file has a column of the name."""


@dataclass(frozen=True)
class Partner:
    """Files that are joined to a table: how people know them, by which columns, and what chose among their rows.

    `name` is that of the file without its ending, `columns` are what it brings, as the table has them.
    """

    shown: str
    name: str
    key: tuple[str, ...]
    where: tuple[str, ...]
    path: Path
    """Where it is written down, with one row for each key."""

    is_optional: bool = False
    """Whether rows without a partner stay."""

    columns: frozenset[str] = frozenset()
    decimal: Decimal | None = None
    """What its numbers are declared to have before their decimals."""

    words: tuple[WhereWord, ...] = ()
    """What its `where` names that its rows do not have, or spell otherwise."""


@dataclass(frozen=True)
class OddRows:
    """The numbers of rows that are blank, and of those with too few or too many cells."""

    blank: Sequence[int] = ()
    ragged: Sequence[int] = ()


@dataclass(frozen=True)
class RawRow:
    """One row as its file has it, found again: `cells` by column as text, `width` of them in all."""

    file: str
    line: int  # the physical line on which it begins, or its number; from 1
    raw: str
    cells: Mapping[str, str | None]
    width: int
    names: int
    """The columns of its file: of a row of text that is whole, as many as cells."""


@dataclass(frozen=True)
class RawTable(ABC):
    """Files of one source that are scanned alike: they have one header or schema, and one dialect."""

    places: tuple[Place, ...]
    """The files behind it; none where it is made of something else."""

    schema: Mapping[str, pl.DataType]
    sample: Mapping[str, Sequence[str | None]]
    """The first and last values, of text and integer columns."""

    oversize: frozenset[str]
    """Columns with cells too large to be read: no scan has them, nor has the sample."""

    @property
    def readable(self) -> Mapping[str, pl.DataType]:
        """The columns that are not left unread for a cell that is too large."""
        return {name: dtype for name, dtype in self.schema.items() if name not in self.oversize}

    @property
    @abstractmethod
    def is_scanned_in_parts(self) -> bool:
        """Whether a scan reads only the columns and days it needs, so that two cost no more than one."""

    @property
    @abstractmethod
    def can_hold_quoted_blanks(self) -> bool:
        """Whether a blank text may stand where nothing is meant."""

    @property
    @abstractmethod
    def no_rows(self) -> str:
        """What is wrong with a file of this kind that has no rows, in words."""

    @property
    @abstractmethod
    def texts(self) -> tuple[CsvFile, ...]:
        """The files of lines in which cells and rows can run together; none in other kinds."""

    @property
    @abstractmethod
    def contents(self) -> tuple[Content, ...]:
        """What tells it from others by what it holds, for the fingerprint of its source."""

    @abstractmethod
    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """The raw rows, beside them RECORD and FILE."""

    def counting(self, counts: pl.Expr | None) -> pl.LazyFrame:
        """The raw rows that count; all where nothing chooses."""
        return self.scan() if counts is None else self.scan().filter(counts)

    @abstractmethod
    def rows_counted(self) -> int | None:
        """How many rows there are, known apart from any scan; None where only a scan tells."""

    @abstractmethod
    def odd_rows(self) -> OddRows:
        """The rows that are no rows of this table, although a scan has them."""

    @abstractmethod
    def each_file(self) -> Sequence[Self]:
        """The same table file by file."""

    @abstractmethod
    def sampled(self) -> Self:
        """A table of one file, with a sample of that file alone."""

    @abstractmethod
    def together(self, others: Sequence[Self]) -> Self:
        """One table of several of `each_file`, itself among them; their samples together."""

    @abstractmethod
    def located(self, records: Sequence[int]) -> Iterator[tuple[int, RawRow]]:
        """Some rows of a table of one file, in its order; each with its number."""

    @abstractmethod
    def with_text(self, text: str) -> str:
        """The file whose sample has a text, as people know it; the first one where none is known."""

    @abstractmethod
    def with_oversize(self, column: str) -> Sequence[str]:
        """The files in which cells of a column are too large, as people know them."""

    @property
    @abstractmethod
    def settings(self) -> Settings:
        """How it is told what it does not say itself: which column is which, what a comma means."""

    @abstractmethod
    def undelimited(self, table: str) -> Problem | None:
        """Why its one column is probably several, or its one row many; None where it is as it seems."""

    @abstractmethod
    def explained(self, error: BaseException) -> Problem:
        """Why a scan of a table of one file fails. Never the words of Polars: they may hold a cell."""

    @property
    @abstractmethod
    def raises(self) -> tuple[type[BaseException], ...]:
        """What a scan of it can raise by its own fault, beside what Polars raises on files."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was guessed when it was opened, a sentence each."""
        return ()

    @property
    def pointed(self) -> frozenset[str]:
        """Columns of texts whose numbers are stored as such: they have a decimal point."""
        return frozenset()

    @property
    def partners(self) -> tuple[Partner, ...]:
        """What is joined to it; where there is anything, scans have PARTNER."""
        return ()

    @property
    def called(self) -> str:
        """The first of its files, as people know it."""
        return next(iter(self.shown().values()))

    def shown(self) -> Mapping[str, str]:
        """What FILE says -> the file as people know it."""
        return {place.path: place.shown for place in self.places}


def samples_of(tables: Sequence[RawTable]) -> Mapping[str, Sequence[str | None]]:
    """The samples of tables with the same columns together."""
    names = dict.fromkeys(name for one in tables for name in one.sample)
    return {name: [cell for one in tables for cell in one.sample.get(name, ())] for name in names}


@dataclass(frozen=True)
class TableOfFiles(RawTable):
    """What holds of all tables that lie in files."""

    @property
    def contents(self) -> tuple[Content, ...]:
        """The bytes of its files."""
        return tuple(content_of(place) for place in self.places)

    @property
    def raises(self) -> tuple[type[BaseException], ...]:
        """Nothing: there is no code in a file."""
        return ()

    @property
    def settings(self) -> Settings:
        """The rules say how files are to be read."""
        return IN_RULES


@dataclass(frozen=True)
class Reader:
    """One kind of source, with all that is asked of it before there is a table."""

    kind: str
    called: str
    """The kind in a message."""

    suffixes: tuple[str, ...]
    """The endings of its files, in small letters: a folder of sources gives these."""

    is_scanned_far: bool
    """Whether its files are read where they lie in an object store, not from a copy."""

    takes: Callable[[Source], bool]
    """Whether a source is of this kind by what it says, so that no file is looked for."""

    claims: Callable[[Place], bool]
    """Whether a file is of this kind, by its first bytes. Raises InputError for one that is damaged."""

    check: Callable[[Sequence[Place]], None]
    """Raises InputError for damage that no scan would see."""

    oversize: Callable[[Sequence[Place]], frozenset[str]]
    """The columns with cells so large that a run would need unbounded memory for them."""

    tables: Callable[[Source, Sequence[Place], frozenset[str]], list[RawTable]]
    """Files of one source, those that are alike together; at least one table. Raises InputError."""

    explain_opening: Callable[[Place], Problem | None]
    """Why a file cannot be opened where Polars said so; None where `tables` itself says it all."""
