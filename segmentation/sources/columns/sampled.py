"""The texts of a table by which formats are told: those of its sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from segmentation.rules.sources import Source
from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.date_numbers import count_of
from segmentation.sources.columns.dates import ISO, Shapes, parse_moments, texts_of
from segmentation.sources.columns.detect import DateColumn, shapes_of_own
from segmentation.sources.columns.detect_numbers import Numbers
from segmentation.sources.columns.formulas import columns_of
from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.mapped import (
    Mapped,
    Order,
    source_of,
)
from segmentation.sources.columns.mapping import (
    Columns,
)
from segmentation.sources.columns.units import units_of, without
from segmentation.sources.reader import RawTable
from segmentation.sources.stored_types import can_be, is_text

MOST_DATES = 1000


def dates_in(name: str, raw: RawTable, columns: Columns, order: Order) -> DateColumn | None:
    """A column of dates that are written as text; None where they are stored, or there is none."""
    column = source_of(name, columns)
    if column is None or _is_stored(raw.schema[column]):
        return None
    return DateColumn(order.table, name, column, some_dates(column, raw), raw)


def days_of(
    table: str, columns: Iterable[str], raw: RawTable, source: Source
) -> Guess[Mapping[str, Shapes]]:
    """How columns are written that are compared with days; none for those that are stored so, or are no dates."""
    asked = [c for c in columns if c in raw.schema and c not in raw.oversize]
    texts = [c for c in asked if can_be(raw.schema[c], "date") and not _is_stored(raw.schema[c])]
    found = {
        c: _of_days(DateColumn(table, c, c, some_dates(c, raw), raw), source.date_format)
        for c in texts
    }
    notes = (note for one in found.values() for note in one.notes)
    return Guess({c: one.found for c, one in found.items()}, tuple(notes))


def _of_days(column: DateColumn, declared: str | None) -> Guess[Shapes]:
    """The formats of a column that `where` compares with days: a second one is read beside the first."""
    guess = shapes_of_own(column, declared)
    texts = pl.Series(column.sample, dtype=pl.String)
    rest = texts.filter(parse_moments(texts, guess.found or ISO).is_null())
    if rest.is_empty() or declared or any(count_of(shape) for shape in guess.found[:1]):
        return guess
    more = shapes_of_own(replace(column, sample=rest.to_list()), None)
    if any(count_of(shape) for shape in more.found[:1]):
        return guess
    return Guess((*guess.found, *more.found), (*guess.notes, *more.notes))


def _is_stored(dtype: pl.DataType) -> bool:
    return isinstance(dtype, (pl.Date, pl.Datetime))


def some_dates(column: str, raw: RawTable) -> list[str]:
    """Some texts of a column; numbers with a point are not sampled before one is a date."""
    dtype = raw.schema[column]
    if not dtype.is_float() and not dtype.is_decimal():
        return _some_of(raw.sample.get(column, ()))
    texts = raw.scan().select(texts_of(column, dtype).alias("text")).drop_nulls()
    return _some_of(texts.head(MOST_DATES).collect()["text"].to_list())


def _some_of(texts: Sequence[str | None]) -> list[str]:
    """Distinct texts from all over the sample, few enough to try every date format on."""
    distinct = list(dict.fromkeys(text for text in texts if text and text.strip()))
    return distinct[:: max(1, len(distinct) // MOST_DATES)]


def numbers_in(read: Mapped, order: Order, own: Iterable[str] = ()) -> Numbers:
    """The sampled texts of each column of numbers that is read; `own` are those of no meaning."""
    wanted = order.wanted(read)
    meant = {name: _texts_of(read, name) for name in NUMBERS if wanted is None or name in wanted}
    may_have_units = {*counted(read.columns)}
    meant = {
        name: {c: _bare(texts) if c in may_have_units else texts for c, texts in columns.items()}
        for name, columns in meant.items()
    }
    known = {column for columns in meant.values() for column in columns}
    weights = ("quantity", "unit_price") if read.columns.per_order else ()
    others = (*own, *(c for name in weights for c in read.columns.canonical.get(name, ())))
    return Numbers(meant, read.always_read, _texts(read, (c for c in others if c not in known)))


def counted(columns: Columns) -> tuple[str, ...]:
    """The file's columns beside whose numbers a unit may stand: quantities, and what an amount is made of."""
    formula = columns.formulas.get("amount")
    made = () if formula is None else columns_of(formula)
    return tuple(dict.fromkeys((*columns.canonical.get("quantity", ()), *made)))


def _bare(texts: Sequence[str | None]) -> Sequence[str | None]:
    """Texts without the unit that stands beside all of them."""
    words = units_of(texts).words
    return without(pl.Series(texts, dtype=pl.String), words).to_list() if words else texts


def _texts_of(read: Mapped, name: str) -> dict[str, Sequence[str | None]]:
    """The sampled texts of a canonical column, by the file's columns."""
    return _texts(read, read.columns.canonical.get(name, ()))


def _texts(read: Mapped, columns: Iterable[str]) -> dict[str, Sequence[str | None]]:
    texts = (c for c in columns if c in read.raw.schema and is_text(read.raw.schema[c]))
    return {column: read.raw.sample.get(column, ()) for column in texts}
