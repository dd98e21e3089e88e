"""Headers that are none: lines that stand above one, a first row of data, or names that nothing parts.

Asked only where a table lacks what it needs. What is advised was tried on the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from segmentation.messages.errors import InputError, Problem
from segmentation.messages.privacy import is_row_of_data
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.aliases import ALIASES, squeezed
from segmentation.sources.columns.likely import likely_names
from segmentation.sources.csv.dialect import CsvFile, examine
from segmentation.sources.csv.titles import titled, titles
from segmentation.sources.reader import RawTable

Fits = Callable[[Sequence[str]], bool]
"""Whether a table with columns of these names has all that it needs."""


def misread(raw: RawTable, source: Source, table: str, fits: Fits) -> Problem | None:
    """Why the names of a table are probably no header, and what to write; None where they may be one."""
    if raw.texts and not source.header:
        [file, *_] = raw.texts
        skipped = _skipped(file, source, table, fits)
        if skipped is not None:
            return skipped
        is_said = source.skip_lines > 0 and _is_header(file, source, table)
        lines = "" if is_said else _titles_of(file, source, table, fits)
        if lines:
            return titled(file.place, lines, table)
        if is_row_of_data(file.header) and not _knows_any(file.header, source, table):
            return _headless(file, source, table, fits)
    return raw.undelimited(table)


def _skipped(file: CsvFile, source: Source, table: str, fits: Fits) -> Problem | None:
    """What is wrong where the lines that are skipped hold the header; None where they do not."""
    for number in reversed(range(source.skip_lines)):  # blank lines above a header are passed over
        above = replace(source, skip_lines=number)
        if _fits(file, above, fits):
            what = f"skip_lines: {source.skip_lines} skips the header of this file, which is in line {number + 1}"
            return Problem(what, file.place.shown, _mend_of_skipped(file, above, source, table))
    return None


def _mend_of_skipped(file: CsvFile, above: Source, source: Source, table: str) -> str:
    """What to write: of a source of this file alone the number, else a source of its own for such files."""
    if file.place.shown == source.path:
        return f"Say so: sources: {{{table}: {{path: …, skip_lines: {above.skip_lines}}}}}"
    keys = f", skip_lines: {above.skip_lines}" if above.skip_lines else ""
    apart = f"{{path: {flow(file.place.shown)}{keys}}}"
    return (
        "Read the files that have fewer lines above the header as a source of their own: "
        f"sources: {{{table}: [{{path: …, skip_lines: {source.skip_lines}}}, {apart}]}}"
    )


def _fits(file: CsvFile, source: Source, fits: Fits) -> bool:
    try:
        return fits(examine(file.place, source).header)
    except InputError:
        return False


def _titles_of(file: CsvFile, source: Source, table: str, fits: Fits) -> str:
    return titles(file.place, source, fits, lambda found: _is_header(found, source, table))


def _is_header(file: CsvFile, source: Source, table: str) -> bool:
    """Whether the first row of a file is no data."""
    return not is_row_of_data(file.header) or _knows_any(file.header, source, table)


def _knows_any(names: Sequence[str], source: Source, table: str) -> bool:
    meant = {squeezed(name) for name in ALIASES[table]}.union(*ALIASES[table].values())
    return any(squeezed(name) in meant or name in source.columns.values() for name in names)


def _headless(file: CsvFile, source: Source, table: str, fits: Fits) -> Problem:
    what = "the file has no header: its first line is a row of data"
    is_whole = not any(name.startswith("column_") for name in file.header)  # nothing was renamed
    first = (file.header,) if is_whole or not file.sample else ()
    names = likely_names(table, (*first, *file.sample))
    if not (fits(names) and _can_be_read(file, replace(source, header=names))):
        mend = f"Name its columns, in their order: sources: {{{table}: {{path: …, header: [NAME, …]}}}}"
        return Problem(what, file.place.shown, mend)
    mend = (
        "Name its columns, in their order. By what they hold they may be (check which is which): "
        f"sources: {{{table}: {{path: …, header: {flow(names)}}}}}"
    )
    return Problem(what, file.place.shown, mend)


def _can_be_read(file: CsvFile, source: Source) -> bool:
    try:
        return examine(file.place, source).header == source.header
    except InputError:
        return False
