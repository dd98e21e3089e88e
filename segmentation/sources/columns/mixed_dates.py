"""Dates that can be read in two ways: which files of a source hold them, and how to say which.

A source has one `date_format`. Where its other files are written in another one, naming it would
reject their rows: so each file is looked at, and the mend is a source for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, agreeing, counted, listed
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns import dates
from segmentation.sources.columns.date_parsing import BY_UTC
from segmentation.sources.columns.detect import AmbiguousDate, DateColumn
from segmentation.sources.reader import FILE

MOST_ENTRIES: Final = 6  # of a list that is worth pasting
_SAMPLED: Final = 1000


@dataclass(frozen=True)
class _File:
    """One file, and the formats that its dates may have.

    Several where nothing tells them apart, none where either reads them alike or there are no dates.
    """

    shown: str
    formats: tuple[str, ...]


def told(error: AmbiguousDate, columns: Sequence[DateColumn], source: Source) -> Problem:
    """What is ambiguous, in which file. `columns` are those of all tables of the source."""
    files = sorted((f for c in columns for f in _files(c, error.found)), key=lambda f: f.shown)
    ambiguous = [f for f in files if len(f.formats) > 1]
    others = [f for f in files if len(f.formats) == 1]
    if not others:
        more = counted(len(ambiguous) - 1, "more file")
        also = f" (and so in {more})" if len(ambiguous) > 1 else ""
        return Problem(
            error.what + also, (ambiguous or files)[0].shown, _say_which(error, columns[0])
        )
    what = error.what if ambiguous else f"{error.name}: these files differ in how they write dates"
    where = ambiguous[0].shown if ambiguous else source.path
    return Problem(f"{what}; {_as_written(others)}", where, _apart(error, source, files))


def _say_which(error: AmbiguousDate, column: DateColumn) -> str:
    return column.origin.settings.one_of_formats(column.column, error.found)


def _as_written(files: Sequence[_File]) -> str:
    """How files are written, those of one format together."""
    formats: dict[str, list[str]] = {}
    for file in files:
        formats.setdefault(file.formats[0], []).append(file.shown)
    return ", ".join(
        f"{listed(shown, 3)} {agreeing(len(shown), 'has', 'have')} {form}"
        for form, shown in formats.items()
    )


def _apart(error: AmbiguousDate, source: Source, files: Sequence[_File]) -> str:
    """A source for each file; where the decided ones are all alike, perhaps the others are, too."""
    decided = {f.formats[0] for f in files if len(f.formats) == 1}
    alike = [one for one in error.found if decided == {one}]
    first = f"If all are written so: `date_format: '{alike[0]}'`. Else read" if alike else "Read"
    if len(files) > MOST_ENTRIES:
        return (
            f"{first} the files of each format as a source of their own, from a folder of their own, each with "
            f"its `date_format` (ISO, or {' or '.join(map(repr, error.found))})."
        )
    entries = [_entry(source, file, alike) for file in files]
    head = (
        f"{first} each as a source of its own; under `{error.table}:`, in the place of {source.path} (new files must "
        "be added there):"
    )
    return "\n  ".join((head, *entries))


def _entry(source: Source, file: _File, likely: Sequence[str]) -> str:
    """A source of one file as a line of YAML."""
    formats = [*dict.fromkeys((*likely, *file.formats))] if len(file.formats) > 1 else file.formats
    own = replace(source, path=file.shown).entry()
    if formats:
        own["date_format"] = formats[0]
    others = " or ".join(f"'{one}'" for one in formats[1:])
    return f"- {flow(own)}" + (f"  # or {others}" if others else "")


# -- what each file holds -------------------------------------------------------------------------


def _files(column: DateColumn, found: Sequence[str]) -> Iterator[_File]:
    """Every file of a column, and the formats of its dates."""
    text = column.text.str.strip_chars()
    moments = {
        shape: dates.moments(column.column, column.dtype, (shape,), BY_UTC) for shape in found
    }
    first, *others = moments.values()
    facts = (
        column.origin.scan(with_files=True)
        .group_by(FILE)
        .agg(
            (text != "").sum().alias("dates"),
            pl.any_horizontal([first != other for other in others]).any().alias("differs"),
            *(moment.count().alias(shape) for shape, moment in moments.items()),
        )
    )
    by_file = {fact[FILE]: fact for fact in facts.collect(engine="streaming").iter_rows(named=True)}
    for path, shown in column.origin.shown().items():
        fact = by_file.get(path, {"dates": 0})
        yield _File(shown, _formats(column, path, fact, found) if fact["dates"] else ())


def _formats(
    column: DateColumn, path: str, fact: Mapping[str, Any], found: Sequence[str]
) -> tuple[str, ...]:
    most = max(fact[shape] for shape in found)
    if not most:
        return (_other_format(column, path),)
    best = tuple(shape for shape in found if fact[shape] == most)
    return best if len(best) == 1 or fact["differs"] else ()


def _other_format(column: DateColumn, path: str) -> str:
    """The format of a file that none of the two fits: ISO where nothing else is known."""
    rows = column.origin.scan(with_files=True).filter(pl.col(FILE) == path)
    texts = rows.select(column.text.str.strip_chars()).drop_nulls()
    sample = [t for t in texts.head(_SAMPLED).collect().to_series().to_list() if t]
    if dates.fitting(pl.Series(sample, dtype=pl.String), dates.ISO):
        return "ISO"
    return next(iter(dates.candidates(sample)), "ISO")
