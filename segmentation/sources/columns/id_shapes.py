"""The shape of a source's id columns: guessed from samples, or what all of its rows say.

All files of a source share the shape of a column, so how its rows are cut into files decides
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import polars as pl

from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.id_marks import MARKED, is_marked, unmarked
from segmentation.sources.columns.ids import (
    DIGITS,
    DOT_ZERO,
    ID_COLUMNS,
    Ids,
    Shape,
    is_email,
    shape_of,
)
from segmentation.sources.columns.mapping import Columns
from segmentation.sources.columns.missing import Missing, is_nobody, without, words_of
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text

Read = Sequence[tuple[RawTable, Columns]]  # the tables of a source, and how each is mapped


MARKS: Final = 'marks around ids (an apostrophe, ="…", mailto:, signs without width) are taken off'
EMAILS: Final = "ids of e-mail shape are compared trimmed and in small letters"


def shapes_of(
    table: str, read: Read, ids: Ids, wanted: Collection[str] | None, missing: Missing
) -> Guess[Mapping[str, Shape]]:
    """The shape of every id column that a source has and that is needed (None: all)."""
    asked = [n for n in ID_COLUMNS if wanted is None or n in wanted]
    names = [n for n in asked if any(n in columns.canonical for _, columns in read)]
    shapes = {name: _shape(name, read, ids, missing) for name in names}
    taken_off = {c for n in names if shapes[n].endswith(".0") for _, c in _columns(n, read)}
    notes = (f"{table}: {column} loses its .0 (17850.0 is 17850)" for column in sorted(taken_off))
    return Guess(shapes, tuple(notes))


def are_emails(read: Read, wanted: Collection[str] | None) -> bool:
    """Whether some sampled ids of customers are e-mail addresses."""
    columns = _columns("customer_id", read) if wanted is None or "customer_id" in wanted else ()
    sampled = {text for raw, column in columns for text in raw.sample.get(column, ())}
    return any(text is not None and "@" in text and is_email(_bare(text)) for text in sampled)


def _bare(text: str) -> str:
    return pl.select(unmarked(pl.lit(text))).item() if is_marked(text) else text


def name_nobody(read: Read, wanted: Collection[str] | None) -> bool:
    """Whether some sampled ids are words for nobody."""
    names = [name for name in ID_COLUMNS if wanted is None or name in wanted]
    columns = (one for name in names for one in _columns(name, read))
    sampled = {text for raw, column in columns for text in raw.sample.get(column, ())}
    return any(text is not None and is_nobody(text, ()) for text in sampled)


def are_marked(read: Read, ids: Ids, wanted: Collection[str] | None) -> bool:
    """Whether marks stand around some ids: sampled ones, or any once ids are read as text."""
    names = [name for name in ID_COLUMNS if wanted is None or name in wanted]
    every = [one for name in names for one in _columns(name, read)]
    if ids == "text":
        return _are_any_marked(every)
    sampled = {text for raw, column in every for text in raw.sample.get(column, ())}
    return any(text is not None and is_marked(text) for text in sampled)


def _are_any_marked(columns: Sequence[tuple[RawTable, str]]) -> bool:
    texts = [
        raw.scan().select(as_text(column, raw.schema[column]).str.contains(MARKED).any())
        for raw, column in columns
        if not raw.schema[column].is_numeric()
    ]
    return any(one.item() for one in pl.collect_all(texts, engine="streaming"))


def sampled_shapes(read: Read, ids: Ids, missing: Missing) -> Mapping[str, Shape]:
    """The shapes that samples alone suggest, no row read for it."""
    names = [n for n in ID_COLUMNS if any(n in columns.canonical for _, columns in read)]
    return {name: "text" if ids == "text" else _shape(name, read, ids, missing) for name in names}


def _shape(name: str, read: Read, ids: Ids, missing: Missing) -> Shape:
    if ids == "text":
        return _of_all_rows(name, read, missing)
    sample: set[str] = set()
    for raw, column in _columns(name, read):
        words = words_of(missing, name, column)
        texts = {*raw.sample.get(column, ())}
        sample |= {text for text in texts if text is not None and not is_nobody(text, words)}
    return _shape_of(frozenset(sample), "text" if name == "product_id" else ids)


_shape_of = lru_cache(maxsize=8)(shape_of)  # drafts of recipes and recipes ask for the same


def _columns(name: str, read: Read) -> Iterator[tuple[RawTable, str]]:
    """The tables that have an id, each with the column it is read from."""
    return (
        (raw, column) for raw, columns in read for column in columns.canonical.get(name, ())[:1]
    )


def _of_all_rows(name: str, read: Read, missing: Missing) -> Shape:
    """`text without .0` when all ids are digits and one has it; numbers are digits anyway."""
    texts = [
        raw.scan().select(_filled(column, raw.schema[column], words_of(missing, name, column)))
        for raw, column in _columns(name, read)
        if not raw.schema[column].is_numeric()
    ]
    said = (
        pl.col("id").str.contains(DIGITS).all().alias("are_digits"),
        pl.col("id").str.contains(DOT_ZERO).any().alias("has_dot_zero"),
    )
    found = pl.collect_all([text.select(said) for text in texts], engine="streaming")
    are_digits = all(one["are_digits"].item() for one in found)
    return (
        "text without .0" if are_digits and any(f["has_dot_zero"].item() for f in found) else "text"
    )


def _filled(column: str, dtype: pl.DataType, words: Collection[str]) -> pl.Expr:
    """The texts of a column without white space around them, those that say nothing left out."""
    text = without(as_text(column, dtype), words).str.strip_chars()
    return text.filter(text != "").alias("id")
