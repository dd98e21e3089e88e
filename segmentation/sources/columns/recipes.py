"""How files that are alike become canonical: its mapping, and what its sample says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from segmentation.errors import InputError, Problem
from segmentation.rules.sources import Source
from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.canonical import Recipe
from segmentation.sources.columns.dates import Shapes
from segmentation.sources.columns.detect import (
    AmbiguousDate,
    DateColumn,
    decimal_of,
    shapes_declared,
    shapes_detected,
)
from segmentation.sources.columns.id_shapes import shapes_of
from segmentation.sources.columns.ids import Ids
from segmentation.sources.columns.mapping import Columns, Request, assign
from segmentation.sources.columns.mixed_dates import told
from segmentation.sources.columns.numbers import Decimal, is_number
from segmentation.sources.parquet.oversize import MEND, TOO_LARGE
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import is_text

MOST_DATES = 1000
MOMENTS = ("ordered_at", "occurred_at", "launched_at")


@dataclass(frozen=True)
class Order:
    """How a table is to be read, for all its sources alike."""

    table: str
    cutoff: date | None
    timezone: str
    needs: Collection[str] | None
    ids: Ids
    compares_products: bool = True  # else nobody sees how product ids are written
    oversize: frozenset[str] = frozenset()  # columns that are not read, as a cell is too large


def recipes_of(
    source: Source, tables: Sequence[RawTable], order: Order, notes: list[str]
) -> list[Recipe]:
    """The recipe of each table of a source; what was guessed goes to `notes`."""
    mapped = [(raw, _mapped(source, raw, order, notes)) for raw in tables]
    try:
        recipes = [_recipe(source, raw, columns, order, notes) for raw, columns in mapped]
    except AmbiguousDate as found:
        columns_of = [_texts(found.name, raw, columns, order) for raw, columns in mapped]
        columns = [column for column in columns_of if column is not None]
        raise InputError(told(found, columns, source)) from None
    shapes = shapes_of(order.table, mapped, order.ids, notes)
    return [replace(recipe, shapes=shapes) for recipe in recipes]


def _mapped(source: Source, raw: RawTable, order: Order, notes: list[str]) -> Columns:
    shown = raw.called
    columns = assign(
        Request(
            table=order.table,
            shown=shown,
            header=tuple(raw.schema),
            declared=source.columns,
            needs=order.needs,
            has_constant_event=source.event is not None,
        )
    )
    notes += columns.notes
    _refuse_oversize(columns, raw)
    _refuse_nested(columns, raw, shown)
    _refuse_no_numbers(order.table, columns, raw, shown)
    return columns


def _recipe(
    source: Source, raw: RawTable, columns: Columns, order: Order, notes: list[str]
) -> Recipe:
    """A recipe without the shapes of its ids, which all tables of the source share."""
    return Recipe(
        table=order.table,
        columns=columns,
        schema=raw.schema,
        dates=_dates(source, raw, columns, order, notes),
        decimal=source.decimal or _decimal(raw, columns, order, notes),
        shapes={},
        ids=order.ids,
        timezone=order.timezone,
        cutoff=order.cutoff,
        event=source.event,
        wanted=order.needs,
        is_quoted=raw.can_hold_quoted_blanks,
        compares_products=order.compares_products,
        oversize=order.oversize,
    )


def _dates(
    source: Source, raw: RawTable, columns: Columns, order: Order, notes: list[str]
) -> Mapping[str, Shapes]:
    found: dict[str, Shapes] = {}
    for name in MOMENTS:
        if name not in columns.canonical or _is_spared(name, order):
            continue
        texts = _texts(name, raw, columns, order)
        if texts is None:
            found[name] = ()
            continue
        _refuse_other_types(texts)
        if source.date_format and (name != "launched_at" or order.table == "products"):
            found[name] = shapes_declared(texts, source.date_format)
        else:
            found[name] = shapes_detected(texts, notes)
    return found


def _texts(name: str, raw: RawTable, columns: Columns, order: Order) -> DateColumn | None:
    """A column of dates that are written as text; None where they are stored, or there is none."""
    if name not in columns.canonical:
        return None
    column = columns.canonical[name][0]
    if isinstance(raw.schema[column], (pl.Date, pl.Datetime)):
        return None
    sample = _some_of(raw.sample.get(column, ()))
    return DateColumn(order.table, name, column, sample, raw)


def _some_of(texts: Sequence[str | None]) -> list[str]:
    """Distinct texts from all over the sample, few enough to try every date format on."""
    distinct = list(dict.fromkeys(text for text in texts if text and text.strip()))
    return distinct[:: max(1, len(distinct) // MOST_DATES)]


def _is_spared(name: str, order: Order) -> bool:
    return name == "launched_at" and order.needs is not None and name not in order.needs


def _refuse_other_types(texts: DateColumn) -> None:
    dtype = texts.dtype
    if dtype.is_integer() or dtype in (pl.String, pl.Categorical, pl.Enum):
        return
    what = f"{texts.name}: the column {texts.column} holds {dtype}, not dates"
    raise InputError(Problem(what, texts.shown, "Store dates, timestamps or text."))


def _refuse_oversize(columns: Columns, raw: RawTable) -> None:
    """A column that always is read has no cell that takes memory without bound."""
    wrong = [(name, column) for name, found in columns.canonical.items() for column in found
             if column in raw.oversize]  # fmt: skip
    files = {column: raw.with_oversize(column) for _, column in wrong}
    if wrong:
        raise InputError(*(Problem(f"{name}: the column {column} {TOO_LARGE}", shown, MEND)
                           for shown in raw.shown().values() for name, column in wrong
                           if shown in files[column]))  # fmt: skip


def _refuse_nested(columns: Columns, raw: RawTable, shown: str) -> None:
    """A canonical column holds one value per row; lists and structs are for other columns."""
    read = [(name, column) for name, found in columns.canonical.items() for column in found]
    nested = [(n, c) for n, c in read if raw.schema[c].is_nested() or raw.schema[c] == pl.Object]
    mend = "Store one text or number per row."
    if nested:
        raise InputError(*(Problem(f"{name}: the column {column} holds {raw.schema[column]}", shown, mend)
                           for name, column in nested))  # fmt: skip


def _refuse_no_numbers(table: str, columns: Columns, raw: RawTable, shown: str) -> None:
    """A day as a number is the days since 1970, a yes is 1: never what an amount means."""
    numbers = {"transactions": NUMBERS, "products": ("cost",)}.get(table, ())
    read = [(name, column) for name in numbers for column in columns.canonical.get(name, ())]
    wrong = [(n, c) for n, c in read if not is_number(raw.schema[c])]
    mend = "Store numbers, or map another column: see `columns:` under sources."
    if wrong:
        raise InputError(*(Problem(f"{n}: the column {c} holds {raw.schema[c]}, not numbers", shown, mend)
                           for n, c in wrong))  # fmt: skip


def _decimal(raw: RawTable, columns: Columns, order: Order, notes: list[str]) -> Decimal:
    numbers = [c for name in NUMBERS for c in columns.canonical.get(name, ())]
    texts = [c for c in numbers if is_text(raw.schema[c])]
    sample = [cell for column in texts for cell in raw.sample.get(column, ())]
    return decimal_of(order.table, sample, raw.with_text, notes)
