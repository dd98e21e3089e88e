"""The reader of frames: what Python hands over, as a Parquet file of the same rows would be read.

A LazyFrame stays lazy: it is computed anew whenever rows of it are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.sources import Source
from segmentation.sources.files.content import Content
from segmentation.sources.files.place import Place
from segmentation.sources.frames.content import content_of
from segmentation.sources.frames.given import FAILS
from segmentation.sources.reader import FILE, RECORD, RawTable, Reader
from segmentation.sources.settings import IN_FRAME, Settings
from segmentation.sources.stored import StoredTable, sample_of


@dataclass(frozen=True)
class FrameTable(StoredTable):
    """One frame; `name` is what messages and the manifest call it."""

    name: str
    rows: pl.LazyFrame = field(compare=False)

    @property
    def is_scanned_in_parts(self) -> bool:
        """What it costs to compute a frame is not known: once is enough."""
        return False

    @property
    def no_rows(self) -> str:
        """Columns are no header."""
        return "the frame has no rows"

    @property
    def contents(self) -> tuple[Content, ...]:
        """Its columns, and rows from all over it."""
        return (content_of(self.name, self.rows, self.schema),)

    def scan(self, *, with_records: bool = False, with_files: bool = False) -> pl.LazyFrame:
        """All columns as they are."""
        rows = self.rows.with_row_index(RECORD) if with_records else self.rows
        return rows.with_columns(pl.lit(self.name).alias(FILE)) if with_files else rows

    def each_file(self) -> Sequence[FrameTable]:
        """Itself: there is one frame to a table."""
        return [self]

    def sampled(self) -> FrameTable:
        """Itself."""
        return self

    def together(self, others: Sequence[FrameTable]) -> FrameTable:
        """Itself: there is one frame to a table."""
        return self

    def with_text(self, text: str) -> str:
        """The frame."""
        return self.name

    def with_oversize(self, column: str) -> Sequence[str]:
        """None: whoever holds a frame has room for its cells."""
        return ()

    @property
    def settings(self) -> Settings:
        """No rules know of a frame: its columns have the names and types that they are given."""
        return IN_FRAME

    @property
    def raises(self) -> tuple[type[BaseException], ...]:
        """Anything: functions of Python may be part of its plan."""
        return FAILS

    def explained(self, error: BaseException) -> Problem:
        """The plan of a LazyFrame fails."""
        return _not_computed(self.name, error)

    def shown(self) -> Mapping[str, str]:
        """A frame has no other name than its own."""
        return {self.name: self.name}


def _not_computed(name: str, error: BaseException) -> Problem:
    what = f"the frame cannot be computed ({type(error).__name__})"
    return Problem(what, name, "Compute it yourself to see why: frame.collect().")


def _tables(source: Source, places: Sequence[Place], oversize: frozenset[str]) -> list[RawTable]:
    assert source.frame is not None  # or it would be of another kind
    try:
        rows = source.frame
        schema = dict(rows.collect_schema())
        sample = sample_of(rows, schema)
    except FAILS as error:
        raise InputError(_not_computed(source.path, error)) from error
    return [FrameTable((), schema, sample, frozenset(), source.path, rows)]


FRAMES: Final = Reader(
    kind="frame",
    called="Frames",
    suffixes=(),
    is_scanned_far=False,
    takes=lambda source: source.frame is not None,
    claims=lambda place: False,
    check=lambda places: None,  # there is no file that could be damaged
    oversize=lambda places: frozenset(),
    tables=_tables,
    explain_opening=lambda place: None,
)
