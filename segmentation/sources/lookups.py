"""Files that are joined to a source: read when it is opened, and written down with one row for each key.

Keys are compared as text, trimmed; e-mail addresses in small letters. Rows that are equal collapse;
different ones of one key are refused, so that no join ever multiplies rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, agreeing, counted, listed
from segmentation.messages.privacy import ids_after, nearest_header, told_headers
from segmentation.rules.conditions import fields
from segmentation.rules.sources import Join, Source
from segmentation.sources.columns.asked import columns_with, is_bound_of_numbers, is_of_days
from segmentation.sources.columns.chosen import Written, chosen
from segmentation.sources.columns.detect import AmbiguousDate
from segmentation.sources.columns.detect_numbers import Numbers, own_formats
from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.ids import in_small_letters
from segmentation.sources.columns.missing import without
from segmentation.sources.columns.mixed_dates import told
from segmentation.sources.columns.sampled import days_of
from segmentation.sources.failures import opening
from segmentation.sources.files.content import Content
from segmentation.sources.files.place import Place
from segmentation.sources.files.scratch import scratch_file
from segmentation.sources.reader import RECORD, Partner, RawTable, Reader
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be, is_text
from segmentation.sources.where_words import Files, WhereWord, where_words

COUNTS: Final = "\0counts"
"""Whether a row of a lookup is one that its `where` chose."""


def key_name(number: int) -> str:
    """The column of a lookup that holds a part of its key, as `key_text` has it."""
    return f"\0key {number}"


def key_text(column: str, dtype: pl.DataType) -> pl.Expr:
    """A part of a key as it is compared; null where it says nothing."""
    text = as_text(column, dtype).str.strip_chars()
    if dtype.is_float():  # 17.0 is 17 where another file has no decimals
        text = text.str.strip_suffix(".0")
    return in_small_letters(without(pl.when(text != "").then(text), ()))


@dataclass(frozen=True)
class Lookup:
    """Joined files, as one row for each key at `path`: its columns under the names that the source gives."""

    key: tuple[tuple[str, str], ...]
    partner: Partner
    path: Path
    columns: Mapping[str, pl.DataType]
    raws: tuple[RawTable, ...]
    notes: tuple[str, ...]
    """What became of rows that join nothing, a sentence each."""

    pointed: frozenset[str] = frozenset()
    """Its columns whose numbers are stored as such."""

    def rows(self) -> pl.LazyFrame:
        """One row for each key: its parts, COUNTS, and the columns."""
        return pl.scan_parquet(self.path, glob=False)

    @property
    def places(self) -> tuple[Place, ...]:
        """The files behind it."""
        return tuple(place for raw in self.raws for place in raw.places)

    @property
    def contents(self) -> tuple[Content, ...]:
        """What they hold."""
        return tuple(content for raw in self.raws for content in raw.contents)


def lookup_of(join: Join, reader: Reader, places: Sequence[Place], beside: Source) -> Lookup:
    """What is to be joined to a source, read whole. Raises InputError where it cannot be, or a key has several rows."""
    with opening([(reader, places)]):
        reader.check(places)
        raws = reader.tables(join.source, places, reader.oversize(places))
    problems = [problem for raw in raws for problem in _unknown(join, raw)]
    if problems:
        raise InputError(*dict.fromkeys(problems))
    read = scratch_file(".parquet")
    with opening([(reader, places)], raws):
        written = [_written(join, raw, beside) for raw in raws]
        rows = [_rows(join, raw, one.found) for raw, one in zip(raws, written, strict=True)]
        found = pl.concat(rows, how="diagonal_relaxed")
        found.sink_parquet(read, compression="lz4")
    keys = [key_name(i) for i, _ in enumerate(join.key)]
    path, collapsed = _one_per_key(read, keys, join)
    columns = {n: t for n, t in pl.read_parquet_schema(path).items() if n not in (*keys, COUNTS)}
    ours = tuple(name for name, _ in join.key)
    words = _words(join, raws, [one.found for one in written])
    optional = join.is_optional
    partner = Partner(
        join.source.path,
        join.name,
        ours,
        _where(join),
        path,
        is_optional=optional,
        decimal=join.source.decimal,
        words=words,
    )
    said = dict.fromkeys(note for one in written for note in one.notes)
    notes = (*said, *_notes(join, raws, read, keys), *_collapsed(join, collapsed))
    ours_of = {str(theirs): name for name, theirs in join.source.columns.items()}
    pointed = frozenset(ours_of.get(name, name) for raw in raws for name in raw.pointed)
    return Lookup(join.key, partner, path, columns, tuple(raws), notes, pointed)


def _notes(join: Join, raws: Sequence[RawTable], read: Path, keys: Sequence[str]) -> Iterator[str]:
    """A sentence for rows of joined files that have too few or too many cells, or no key."""
    ragged = sum(len(raw.odd_rows().ragged) for raw in raws)
    is_without = pl.any_horizontal(pl.col(keys).is_null())
    without_key = pl.scan_parquet(read, glob=False).select(is_without.sum()).collect().item()
    for number, what in ((ragged, "too few or too many cells"), (without_key, "no key")):
        if number:
            has = agreeing(number, "has", "have")
            yield f"{counted(number, 'row')} of {join.source.path} {has} {what} and {agreeing(number, 'joins', 'join')} nothing"


def _collapsed(join: Join, rows: int) -> Iterator[str]:
    """A sentence for rows of joined files that are equal to others: two of them may be two refunds."""
    if rows:
        yield (
            f"{counted(rows, 'row')} of {join.source.path} {agreeing(rows, 'is', 'are')} equal to another, "
            "and one of each is joined: what they say counts once"
        )


def _words(
    join: Join, raws: Sequence[RawTable], written: Sequence[Written]
) -> tuple[WhereWord, ...]:
    """What the `where` of a join names that its rows do not have, or spell otherwise."""
    if join.source.where is None:
        return ()
    files = [Files(*pair) for pair in zip(raws, written, strict=True)]
    return tuple(where_words(join.source.where, files))


def _where(join: Join) -> tuple[str, ...]:
    return () if join.source.where is None else tuple(map(str, fields(join.source.where)))


def _unknown(join: Join, raw: RawTable) -> Iterator[Problem]:
    """A problem for each column that is named and that the file has not."""
    named = {
        "the key": [theirs for _, theirs in join.key],
        "where": _where(join),
        "columns": [str(theirs) for theirs in join.source.columns.values()],
    }
    for what, names in named.items():
        for name in (n for n in names if n not in raw.schema):
            near = nearest_header(name, [*raw.schema])
            yield Problem(
                f'join: {what} names the column "{name}", which the file does not have',
                raw.called,
                f"{near}Its columns: {told_headers([*raw.schema])}",
            )


def _written(join: Join, raw: RawTable, beside: Source) -> Guess[Written]:
    """How the columns are written that the `where` of a join compares. Raises InputError where that is open.

    What the source that it is joined to declares holds where the file does not tell.
    """
    source, shown = replace(join.source, date_format=beside.date_format), join.source.path
    asked = columns_with(source.where, is_bound_of_numbers)
    own = {c: raw.sample.get(c, ()) for c in asked if is_text(raw.schema[c])}
    form, numbers = beside.number_format, Numbers({}, frozenset(), own)
    declared = replace(form, decimal=source.decimal)
    found = own_formats(shown, numbers, raw=raw, form=form, declared=declared)
    try:
        days = days_of(shown, columns_with(source.where, is_of_days), raw, source)
    except AmbiguousDate as ambiguous:
        raise InputError(told(ambiguous, [ambiguous.column], source)) from None
    shapes = {column: shapes for column, shapes in days.found.items() if shapes}
    return Guess(Written(form, found.found, shapes), (*found.notes, *days.notes))


def _rows(join: Join, raw: RawTable, written: Written) -> pl.LazyFrame:
    """The rows of some files with their keys, under the names that the source gives."""
    odd = raw.odd_rows()
    left_out = [*odd.blank, *odd.ragged]
    rows = raw.scan(with_records=bool(left_out))
    if left_out:
        rows = rows.filter(~pl.col(RECORD).is_in(pl.Series(left_out, dtype=pl.UInt32).implode()))
    where = join.source.where
    counts = pl.lit(value=True) if where is None else chosen(where, raw.schema, written)
    keys = {
        key_name(i): key_text(theirs, raw.schema[theirs]) for i, (_, theirs) in enumerate(join.key)
    }
    ours = {str(theirs): name for name, theirs in join.source.columns.items()}
    kept = [n for n, t in raw.schema.items() if can_be(t, "compared") and n not in raw.oversize]
    cells = {ours.get(name, name): pl.col(name) for name in kept}
    return rows.select(**keys, **{COUNTS: counts}, **cells)


def _one_per_key(path: Path, keys: Sequence[str], join: Join) -> tuple[Path, int]:
    """The rows that have a key, one for each, and how many others are equal to one; of rows that `where` sets aside the key
    alone."""
    rows = pl.scan_parquet(path, glob=False).filter(pl.all_horizontal(pl.col(keys).is_not_null()))
    chosen_rows = rows.filter(COUNTS)
    if _repeated(chosen_rows, keys).is_empty():
        distinct, collapsed = chosen_rows, 0
    else:
        renamed = {str(theirs): name for name, theirs in join.source.columns.items()}
        of_key = {renamed.get(theirs, theirs) for _, theirs in join.key}  # alike, as it is compared
        told = [name for name in chosen_rows.collect_schema() if name not in of_key]
        distinct = chosen_rows.unique(told, keep="first", maintain_order=True)
        repeated = _repeated(distinct, keys)
        if not repeated.is_empty():
            raise InputError(_of_several_rows(join, repeated))
        collapsed = _height(chosen_rows) - _height(distinct)
    if join.source.where is not None:
        aside = rows.filter(~pl.col(COUNTS)).select(*keys, COUNTS).unique()
        others = aside.join(distinct.select(keys), on=keys, how="anti")
        distinct = pl.concat([distinct, others], how="diagonal")
    found = scratch_file(".parquet")
    distinct.sink_parquet(found, compression="lz4")
    return found, collapsed


def _height(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect(engine="streaming").item())


def _repeated(rows: pl.LazyFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The keys that stand in several rows."""
    found = rows.group_by(keys).len().filter(pl.col("len") > 1).select(keys)
    return found.collect(engine="streaming")


def _of_several_rows(join: Join, repeated: pl.DataFrame) -> Problem:
    names = listed([theirs for _, theirs in join.key])
    ids = sorted(" ".join(row) for row in repeated.iter_rows())
    has = agreeing(len(ids), "has", "have")
    return Problem(
        f"join: {counted(len(ids), 'key')} ({names}) {has} several rows that differ{ids_after(ids)}",
        join.source.path,
        "A joined file needs one row for each key; equal rows collapse by themselves. "
        "Choose among them by a `where` of the join, or name more columns under key. Where its rows are what "
        "is bought, turn it round: make it the source, and join the other.",
    )
