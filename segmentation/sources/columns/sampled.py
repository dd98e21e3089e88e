"""The texts of a table by which formats are told: those of its sample."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.dates import (
    texts_of,
)
from segmentation.sources.columns.detect import (
    DateColumn,
)
from segmentation.sources.columns.mapped import (
    Mapped,
    Order,
    source_of,
)
from segmentation.sources.columns.mapping import (
    Columns,
)
from segmentation.sources.reader import RawTable
from segmentation.sources.stored_types import is_text

MOST_DATES = 1000


def dates_in(name: str, raw: RawTable, columns: Columns, order: Order) -> DateColumn | None:
    """A column of dates that are written as text; None where they are stored, or there is none."""
    column = source_of(name, columns)
    if column is None or isinstance(raw.schema[column], (pl.Date, pl.Datetime)):
        return None
    return DateColumn(order.table, name, column, some_dates(column, raw), raw)


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


def numbers_in(read: Mapped, order: Order) -> dict[str, list[str | None]]:
    """The sampled texts of each column of numbers that is read."""
    wanted = order.wanted(read)
    return {name: _texts_of(read, name) for name in NUMBERS if wanted is None or name in wanted}


def _texts_of(read: Mapped, name: str) -> list[str | None]:
    """The sampled texts of a column."""
    columns = read.columns.canonical.get(name, ())
    texts = (c for c in columns if is_text(read.raw.schema[c]))
    return [cell for column in texts for cell in read.raw.sample.get(column, ())]
