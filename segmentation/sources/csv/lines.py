"""Rows of a CSV file found again by their number: the line on which each begins, its text, its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.raw import opened
from segmentation.sources.csv.rows import RowReader, cells_of, lines_of


def csv_cells(
    file: CsvFile, records: Sequence[int]
) -> Iterator[tuple[int, int, str, Sequence[str]]]:
    """Some rows of a CSV file, in file order: number, first line, text, and all of its cells."""
    lines = _plain_lines if file.lines_match_records else _walked_lines
    for record, line, raw in lines(file, records):
        yield record, line + file.text.lines_before, raw, cells_in(file, raw)


def cells_in(file: CsvFile, row: str) -> list[str]:
    """The cells of the text of one row, without the blank one that is no column's."""
    cells = cells_of(row, file.delimiter)
    is_spared = file.has_spare and len(cells) == len(file.header) + 1 and not cells[-1]
    return cells[:-1] if is_spared else cells


def _plain_lines(file: CsvFile, records: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Every line is a row, so a row's line follows from its number."""
    wanted = iter(records)
    record = next(wanted)
    with opened(file.text) as source:
        for number, line in enumerate(source, -file.header_lines):
            if number == record:
                yield record, record + file.header_lines + 1, _decoded(line)
                if (record := next(wanted, -1)) < 0:
                    return


def _walked_lines(file: CsvFile, records: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Rows run over several lines, so the file is walked row by row."""
    wanted = set(records)
    is_sound = file.path == file.text.path
    rows = _rows_by_quotes(file) if is_sound else _rows_by_csv(file)
    for record, (line, raw) in enumerate(rows, -1):
        if record in wanted:
            yield record, line, raw


def long_rows(file: CsvFile) -> Iterator[tuple[int, str]]:
    """First line and text of the rows that run over several lines, the header left out."""
    is_sound = file.path == file.text.path
    text = file.text if is_sound else replace(file.text, path=file.path, is_gzip=False)
    first, row = 0, b""
    with opened(text) as source:
        for number, line in enumerate(source, 1):
            is_turn = line.count(b'"') % 2 == 1  # quotes open here, or close
            first = first or (number if is_turn else 0)
            if first:
                row += line
            if first and is_turn and number > first:
                if first > file.header_lines:
                    yield first + file.text.lines_before, _decoded(row)
                first, row = 0, b""


def _rows_by_quotes(file: CsvFile) -> Iterator[tuple[int, str]]:
    """First line and text of every row: it ends where its quotes are even in number."""
    with opened(file.text) as source:
        first, row = 1, b""
        for number, line in enumerate(source, 1):
            row += line
            if row.count(b'"') % 2 == 0:
                yield first, _decoded(row)
                first, row = number + 1, b""


def _rows_by_csv(file: CsvFile) -> Iterator[tuple[int, str]]:
    """First line and text of every row of a file that has quotes inside unquoted cells."""
    with lines_of(file.text) as source:
        seen: list[str] = []
        rows = RowReader(_kept(source, seen), file.delimiter)
        line = 1
        for _ in rows:
            yield line, "".join(seen).rstrip("\r\n")
            line = rows.lines + 1
            seen.clear()


def _kept(lines: Iterable[str], seen: list[str]) -> Iterator[str]:
    """The lines, each remembered in `seen` as it passes."""
    for line in lines:
        seen.append(line)
        yield line


def _decoded(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode("utf-8", "replace")
