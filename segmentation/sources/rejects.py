"""The rows that were rejected, found again in a second pass: file, line, reason and raw text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import polars as pl

from segmentation.sources.columns import dates
from segmentation.sources.columns import numbers as fixedpoint
from segmentation.sources.columns.canonical import CODE, RECORD, Reason, Recipe, canonical
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.csv.raw import opened
from segmentation.sources.scan import Group
from segmentation.sources.tables import Part, Tally

SCHEMA = {
    "table": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "reason": pl.String,
    "raw": pl.String,
}
_COLUMN = {
    Reason.MOMENT: ("ordered_at", "occurred_at"),
    Reason.AMOUNT: ("amount",),
    Reason.QUANTITY: ("quantity",),
    Reason.UNIT_PRICE: ("unit_price",),
    Reason.DISCOUNT: ("discount",),
    Reason.COST: ("cost",),
    Reason.EVENT: ("event",),
    Reason.LAUNCHED: ("launched_at",),
}
_DATES = (Reason.MOMENT, Reason.LAUNCHED)


@dataclass(frozen=True)
class _Row:
    """One rejected row as its file has it; `cells` by column, for CSV all of them as text."""

    file: str
    line: int
    raw: str
    cells: Mapping[str, str | None]
    width: int


def rejects(table: str, tally: Tally, limit: int | None = 100_000) -> pl.DataFrame:
    """One row per rejected row of a source, in file order, at most `limit`.

    `line` is the physical line on which the row begins, from 1; for Parquet the number of the row.
    """
    with long_cells():
        found = islice(_rejected(tally), limit)
        rows = [(table, row.file, row.line, reason, row.raw) for reason, row in found]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rejected(tally: Tally) -> Iterator[tuple[str, _Row]]:
    for part in tally.parts:
        for group in _single_files(part.group):
            reasons = _reasons(group, part)
            for record, row in _rows(group, list(reasons)):
                yield _words(reasons[record], row, part.recipe), row


def rejected_lines(part: Part, shown: str) -> Iterator[int]:
    """The lines on which the rejected rows of one file of a part begin."""
    with long_cells():
        for group in _single_files(part.group):
            if group.places[0].shown == shown:
                yield from (row.line for _, row in _rows(group, list(_reasons(group, part))))


def _single_files(group: Group) -> list[Group]:
    return [
        replace(group, places=(place,), csv=group.csv[number : number + 1])
        for number, place in enumerate(group.places)
    ]


def _reasons(group: Group, part: Part) -> dict[int, Reason]:
    """Record number -> reason, in record order."""
    raw = group.scan(with_records=True)
    coded = canonical(raw, part.recipe, part.ragged, keep=[RECORD]).select(RECORD, CODE)
    rejected = coded.filter(pl.col(CODE) >= Reason.RAGGED).collect(engine="streaming")
    return {record: Reason(code) for record, code in rejected.sort(RECORD).iter_rows()}


def _rows(group: Group, records: Sequence[int]) -> Iterator[tuple[int, _Row]]:
    if not records:
        return iter(())
    return _csv_rows(group.csv[0], records) if group.csv else _stored_rows(group, records)


def _csv_rows(file: CsvFile, records: Sequence[int]) -> Iterator[tuple[int, _Row]]:
    for record, line, raw, cells in csv_cells(file, records):
        by_name = dict(zip(file.header, cells, strict=False))
        yield record, _Row(file.place.shown, line, raw, by_name, len(cells))


def csv_cells(
    file: CsvFile, records: Sequence[int]
) -> Iterator[tuple[int, int, str, Sequence[str]]]:
    """Some rows of a CSV file, in file order: number, first line, text, and all of its cells."""
    lines = _plain_lines if file.lines_match_records else _walked_lines
    for record, line, raw in lines(file, records):
        cells = next(csv.reader(io.StringIO(raw, newline=""), delimiter=file.delimiter), [])
        yield record, line, raw, cells


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
                    yield first, _decoded(row)
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
    with io.TextIOWrapper(opened(file.text), encoding="utf-8-sig", newline="") as source:
        seen: list[str] = []
        reader = csv.reader(_kept(source, seen), delimiter=file.delimiter)
        line = 1
        for _ in reader:
            yield line, "".join(seen).rstrip("\r\n")
            line = reader.line_num + 1
            seen.clear()


def _kept(lines: io.TextIOWrapper, seen: list[str]) -> Iterator[str]:
    """The lines, each remembered in `seen` as it passes."""
    for line in lines:
        seen.append(line)
        yield line


def _decoded(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode("utf-8", "replace")


def _stored_rows(group: Group, records: Sequence[int]) -> Iterator[tuple[int, _Row]]:
    """Rows of a Parquet file (or of a remote one), rendered as JSON."""
    place = group.places[0]
    first = 1 if place.kind == "parquet" else 2
    chosen = pl.col(RECORD).is_in(pl.lit(pl.Series(records, dtype=pl.UInt32)).implode())
    sayable = [dates.possible(n, t).alias(n) for n, t in group.schema.items() if t.is_temporal()]
    scan = group.scan(with_records=True).filter(chosen).with_columns(sayable)
    rows = scan.collect(engine="streaming")
    for row in rows.sort(RECORD).iter_rows(named=True):
        record = row.pop(RECORD)
        raw = json.dumps(row, default=str, ensure_ascii=False)
        cells = {name: None if value is None else str(value) for name, value in row.items()}
        yield record, _Row(place.shown, record + first, raw, cells, len(row))


def _words(reason: Reason, row: _Row, recipe: Recipe) -> str:
    """The reason in words, from the cells themselves."""
    if reason is Reason.RAGGED:
        cells = "1 cell" if row.width == 1 else f"{row.width} cells"
        return f"row has {cells}, the header has {len(recipe.schema)}"
    name = next(name for name in (*_COLUMN[reason], "quantity") if recipe.has(name))
    texts = [row.cells.get(column) for column in recipe.columns.canonical[name]]
    if reason in _DATES:
        return dates.complaint(_spoken(name), texts[0], recipe.dates[name] or dates.ISO)
    if reason is Reason.EVENT:
        return "event is missing"
    if reason is Reason.AMOUNT and name != "amount":
        return f"quantity x unit_price is larger than {fixedpoint.LARGEST:,}"
    return _number_words(name, texts, recipe)


def _spoken(name: str) -> str:
    return "date" if name in _COLUMN[Reason.MOMENT] else name


def _number_words(name: str, texts: Sequence[str | None], recipe: Recipe) -> str:
    """Of several columns that are added up, the one that gives no number is to blame."""
    if len(texts) == 1:
        return fixedpoint.complaint(name, texts[0], recipe.decimal)
    values = [pl.Series([text], dtype=pl.String) for text in texts]
    numbers = [fixedpoint.parse_numbers(value, recipe.decimal).item() for value in values]
    bad = [text for text, value in zip(texts, numbers, strict=True) if value is None and text]
    return fixedpoint.complaint(name, [*bad, *texts][0], recipe.decimal)
