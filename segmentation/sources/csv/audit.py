"""What a CSV file physically is, found in one fast pass over its bytes before Polars parses it.

Polars pads rows that are too short, whatever it is told, cuts those that are too long where not all
columns are asked for, and reads a quote that never closes as one huge cell. Nothing may be lost
silently, so the bytes are counted first: rows, cells in every row, quotes, encoding.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from functools import partial
from itertools import accumulate, pairwise

import numpy as np

from segmentation.dataclass import dataclass
from segmentation.sources.csv.bitmaps import (
    Bitmap,
    Bytes,
    Ints,
    bitmap,
    first,
    last,
    number,
    within_quotes,
)
from segmentation.sources.csv.encodings import NotUtf8
from segmentation.sources.csv.marks import NEWLINE, QUOTE, alike_rows, marks_of, odd_rows
from segmentation.sources.csv.raw import (
    LONGEST_ROW,
    STEP,
    StrayQuote,
    damage_as_input_error,
    opened,
)
from segmentation.sources.files.place import Place

MARGIN = 16 << 10
"""Read beyond a step, so that its last row ends within one read."""

PROBE = 4 << 10

_NONE: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Block:
    """Some whole rows: how many, and which are ragged (index within the block, cells)."""

    records: int = 0
    lines: int = 0
    ragged: Ints = field(default_factory=lambda: _NONE)
    cells: Ints = field(default_factory=lambda: _NONE)  # 0: a blank line


@dataclass(frozen=True)
class Anatomy:
    """A whole file, header not counted: `ragged` are row numbers from 0, `cells` their widths."""

    records: int
    lines: int
    has_quotes: bool
    ragged: Ints
    cells: Ints

    def with_ragged(self, records: Iterable[int], cells: int) -> Anatomy:
        """The same, and some more rows that are ragged, each with so many cells."""
        found = dict(zip(self.ragged.tolist(), self.cells.tolist(), strict=True))
        found = dict(sorted({**dict.fromkeys(records, cells), **found}.items()))
        every = [np.array([*part], dtype=np.int64) for part in (found.keys(), found.values())]
        return replace(self, ragged=every[0], cells=every[1])


@dataclass(frozen=True)
class Layout:
    """What a file's bytes are counted by."""

    place: Place
    separator: int
    width: int


@dataclass(frozen=True)
class _Rows:
    """Whole rows, from one byte of what was read to another: nothing is copied."""

    chunk: bytes
    begin: int
    end: int

    @property
    def codes(self) -> Bytes:
        return _codes(self.chunk)[self.begin : self.end]

    @property
    def has_quotes(self) -> bool:
        return self.chunk.find(b'"', self.begin, self.end) >= 0


def audit(place: Place, delimiter: str, width: int) -> Anatomy:
    """Count rows and find ragged ones; raises InputError for damage, StrayQuote when unsure."""
    layout = Layout(place, ord(delimiter), width)
    with damage_as_input_error(place):
        return _of_packed(layout) if place.is_gzip else _of_plain(layout)


def _joined(blocks: Sequence[Block], *, has_quotes: bool) -> Anatomy:
    starts = list(accumulate((block.records for block in blocks), initial=0))
    ragged = [block.ragged + start for block, start in zip(blocks, starts, strict=False)]
    return Anatomy(
        records=starts[-1] - 1,
        lines=sum(block.lines for block in blocks) - 1,
        has_quotes=has_quotes,
        ragged=np.concatenate([_NONE, *ragged]) - 1,
        cells=np.concatenate([_NONE, *(block.cells for block in blocks)]),
    )


def _of_plain(layout: Layout) -> Anatomy:
    """Steps of the file side by side, once as if it had no quotes, and again if it has."""
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        starts = range(0, os.path.getsize(layout.place.path), STEP)
        try:
            blocks = list(pool.map(partial(_unquoted_step, layout), starts))
        except _HasQuotes:
            pool.shutdown(cancel_futures=True)
        else:
            return _joined(blocks, has_quotes=False)
    return _of_quoted(layout, starts)


def _of_quoted(layout: Layout, starts: Sequence[int]) -> Anatomy:
    """Whether a step begins within quotes follows from the number of quotes in all before it."""
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        quotes = pool.map(partial(_quotes, layout.place.path), starts)
        bounds = pairwise(accumulate(quotes, initial=0))
        blocks = list(pool.map(partial(_quoted_step, layout), starts, bounds))
    return _joined(blocks, has_quotes=True)


class _HasQuotes(Exception):
    """The file turned out to have quotes, so line ends may stand within cells."""


def _unquoted_step(layout: Layout, start: int) -> Block:
    rows = _rows_from(layout.place.path, start, is_quoted=None)
    if rows.has_quotes:
        raise _HasQuotes
    return _block(rows, layout, start)


def _quoted_step(layout: Layout, start: int, quotes: tuple[int, int]) -> Block:
    before, after = (number % 2 == 1 for number in quotes)
    return _block(_rows_from(layout.place.path, start, is_quoted=(before, after)), layout, start)


def _quotes(path: str, start: int) -> int:
    return number(bitmap(_codes(_read(path, start, STEP)), QUOTE))


def _read(path: str, start: int, size: int) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return os.pread(file.fileno(), size, start)


def _rows_from(path: str, start: int, *, is_quoted: tuple[bool, bool] | None) -> _Rows:
    """The rows that begin in the step at `start`, the last one to its end.

    `is_quoted` says whether the step and the next one begin within quotes; None: no quotes at all.
    """
    before = min(start, 1)  # a row begins at `start` when the byte before ends one
    at_start, at_end = is_quoted or (None, None)
    margin = MARGIN
    while True:
        size = before + STEP + margin
        chunk = _read(path, start - before, size)
        begin = _row_begin(chunk, before, is_quoted=at_start) if before else 0
        if before and not 0 < begin < STEP + before:
            return _Rows(chunk, 0, 0)  # a row that began earlier goes on beyond this step
        end = _row_begin(chunk, STEP + before, is_quoted=at_end)
        if end or len(chunk) < size:
            return _Rows(chunk, begin, end or len(chunk))
        if margin >= LONGEST_ROW:  # a quote that never closes, most likely
            raise StrayQuote
        margin = min(margin * 8, LONGEST_ROW)


def _row_begin(chunk: bytes, at: int, *, is_quoted: bool | None) -> int:
    """Where the first row at or after a place begins; 0 when none does in this chunk."""
    if is_quoted is None:
        return chunk.find(b"\n", at - 1) + 1
    for window in (PROBE, len(chunk)):
        codes = _codes(chunk[at - 1 : at - 1 + window])
        opened = is_quoted != (len(codes) > 0 and codes[0] == QUOTE)
        end = first(_line_ends(codes, opened=opened))
        if end >= 0:
            return at + end
    return 0


def _line_ends(codes: Bytes, *, opened: bool = False) -> Bitmap:
    """Those that end a row."""
    return bitmap(codes, NEWLINE) & ~within_quotes(bitmap(codes, QUOTE), opened=opened)


def _of_packed(layout: Layout) -> Anatomy:
    """Block after block; the row that a block ends in is carried over to the next."""
    blocks: list[Block] = []
    has_quotes, carried, line = False, b"", 1
    with opened(layout.place) as file:
        while chunk := file.read(STEP):
            chunk = carried + chunk
            has_quotes = has_quotes or b'"' in chunk
            end = _end_of_rows(chunk)
            blocks.append(_block(_Rows(chunk, 0, end), layout, line=line))
            line += blocks[-1].lines
            carried = chunk[end:]
            if len(carried) > LONGEST_ROW:
                raise StrayQuote
    blocks.append(_block(_Rows(carried, 0, len(carried)), layout, line=line))
    return _joined(blocks, has_quotes=has_quotes)


def _end_of_rows(chunk: bytes) -> int:
    """Where the last whole row ends: after a newline that an even number of quotes precedes."""
    if b'"' not in chunk:
        return chunk.rfind(b"\n") + 1
    return last(_line_ends(_codes(chunk))) + 1


def _codes(chunk: bytes) -> Bytes:
    return np.frombuffer(chunk, dtype=np.uint8)


def _block(rows: _Rows, layout: Layout, start: int = 0, line: int = 0) -> Block:
    """The count of whole rows that begin at byte `start`, or at a known `line`."""
    if rows.begin == rows.end:
        return Block()
    if not rows.chunk.isascii():
        _refuse_other_encodings(rows.chunk[rows.begin : rows.end], layout.place, start, line)
    marks = marks_of(rows.codes, layout.separator, has_quotes=rows.has_quotes)
    if records := alike_rows(marks, layout.width):
        return Block(records, marks.lines)
    records, ragged, cells = odd_rows(rows.codes, marks, layout.width)
    return Block(records, marks.lines, ragged, cells)


def _refuse_other_encodings(rows: bytes, place: Place, start: int, line: int) -> None:
    try:
        rows.decode("utf-8")
    except UnicodeDecodeError as error:
        line = line or _line_at(place.path, start)
        raise NotUtf8(place, line + rows.count(b"\n", 0, error.start)) from error


def _line_at(path: str, start: int) -> int:
    """The number of the first line that begins at a byte or after it."""
    with open(path, "rb") as file:
        head = file.read(start)
    return head.count(b"\n") + 1 + (bool(head) and not head.endswith(b"\n"))
