"""Files of one source that are written in other ways than those beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

import polars as pl

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources.columns.dates import (
    Shapes,
    parse_moments,
    readable,
)
from segmentation.sources.columns.detect import (
    AmbiguousDate,
    DateColumn,
    shapes_detected,
)
from segmentation.sources.columns.detect_latest import name_of
from segmentation.sources.columns.detect_numbers import Evidence, evidence
from segmentation.sources.columns.failing import joined
from segmentation.sources.columns.mapped import (
    Mapped,
    Order,
    dates_of,
)
from segmentation.sources.columns.sampled import dates_in, numbers_in
from segmentation.sources.reader import RawTable


def told_apart(source: Source, read: Sequence[Mapped], order: Order) -> list[Mapped]:
    """The tables of a source with what earlier guesses could not read in their samples.

    Files that are written in another way than those beside them are tables of their own.
    """
    return [part for one in read for part in _by_format(source, _with_failing(one, order), order)]


def _with_failing(one: Mapped, order: Order) -> Mapped:
    texts = failing_of(one.raw, order)
    if not texts:
        return one
    sample = {name: [*cells, *texts.get(name, ())] for name, cells in one.raw.sample.items()}
    return replace(one, raw=replace(one.raw, sample=sample))


def failing_of(raw: RawTable, order: Order) -> Mapping[str, tuple[str, ...]]:
    """The texts of the columns of a table's files that earlier guesses could not read."""
    each = (order.failing.get(file, {}) for file in raw.shown().values())
    return reduce(joined, each, {})


def _by_format(source: Source, one: Mapped, order: Order) -> list[Mapped]:
    files = one.raw.each_file()
    if len(files) < 2 or not _is_mixed(source, one, order):
        return [one]
    apart: dict[object, list[RawTable]] = {}
    for raw in files:
        alone = _with_failing(replace(one, raw=raw.sampled()), order)
        written = (_evidence(source, alone, order).decimal, *_days_of(source, alone, order))
        apart.setdefault(written, []).append(alone.raw)
    return [replace(one, raw=raws[0].together(raws)) for raws in apart.values()]


def _is_mixed(source: Source, one: Mapped, order: Order) -> bool:
    """Whether the samples of files that are alike are written in several ways."""
    if not source.number_format.decimal and _evidence(source, one, order).is_mixed:
        return True
    columns = () if source.date_format else _date_columns(one, order)
    return any(_is_mixed_date(column) for column in columns)


def _is_mixed_date(column: DateColumn) -> bool:
    try:
        shapes = shapes_detected(column).found
    except (AmbiguousDate, InputError):
        return False  # that is told of all files together
    texts = pl.Series(column.sample, dtype=pl.String)
    other = texts.filter(parse_moments(texts, shapes).is_null())
    return not other.is_empty() and bool(readable(other).any())  # all formats there are wait for it


def _date_columns(one: Mapped, order: Order) -> list[DateColumn]:
    names = [name for name in dates_of(order.table) if name in one.columns.canonical]
    names += [name_of(one.columns)] if one.columns.latest is not None else []
    found = (dates_in(name, one.raw, one.columns, order) for name in names)
    return [column for column in found if column is not None]


def _days_of(source: Source, one: Mapped, order: Order) -> list[Shapes | None]:
    """How each column of dates of a file is written; None where nothing tells."""
    found: list[Shapes | None] = []
    for column in () if source.date_format else _date_columns(one, order):
        try:
            found.append(shapes_detected(column).found)
        except (AmbiguousDate, InputError):
            found.append(None)
    return found


def _evidence(source: Source, one: Mapped, order: Order) -> Evidence:
    """What the numbers that are read say of their decimal sign."""
    return evidence(numbers_in(one, order).of_file(one.raw), source.number_format)
