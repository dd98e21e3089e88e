"""Guesses from a sample: date format, decimal sign, shape of ids. Each one is noted or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from segmentation.errors import InputError, Problem
from segmentation.sources import dates
from segmentation.sources.dates import ISO
from segmentation.sources.fixedpoint import Decimal, sampled_decimal
from segmentation.sources.ids import Ids, Shape, shape_of
from segmentation.sources.mapping import Columns


def shapes_of(
    table: str,
    sample: Mapping[str, Sequence[str | None]],
    columns: Columns,
    ids: Ids,
    notes: list[str],
) -> Mapping[str, Shape]:
    """The shape of every id column."""
    shapes: dict[str, Shape] = {}
    for name in ("customer_id", "order_id", "product_id"):
        for column in columns.canonical.get(name, ()):
            as_text: Ids = "text" if name == "product_id" else ids
            shapes[name] = shape_of(sample.get(column, ()), as_text)
            if shapes[name].endswith(".0"):
                notes.append(f"{table}: {column} loses its .0 (17850.0 is 17850)")
    return shapes


def decimal_of(table: str, sample: Sequence[str | None], shown: str, notes: list[str]) -> Decimal:
    """The decimal sign of a file's numbers."""
    found = sampled_decimal(sample)
    if found is None:
        raise InputError(_ambiguous_number(next(t for t in sample if t and "," in t), shown))
    if found == ",":
        notes.append(f"{table}: numbers have a decimal comma")
    return found


def _ambiguous_number(text: str, shown: str) -> Problem:
    thousands = text.replace(",", "")
    return Problem(
        f'the number "{text}" reads as {thousands} or as {text.replace(",", ".")}',
        shown,
        "Say which: `decimal: ','` when the comma marks decimals; else remove the commas.",
    )


def format_of(
    table: str,
    name: str,
    column: str,
    sample: Sequence[str],
    raw: pl.LazyFrame,
    shown: str,
    notes: list[str],
) -> str:
    """ISO or the one format that a column's texts have; reads the column if the sample fits two."""
    if not sample or dates.fitting(pl.Series(sample), ISO) == len(sample):
        return dates.iso_shape(sample) if sample else ISO
    found = dates.candidates(sample)
    if not found:
        raise InputError(_no_format(name, column, sample[0], shown))
    if len(found) > 1:
        found = _that_fit_most(found, column, raw)
    if len(found) > 1:
        raise InputError(_ambiguous_date(name, column, sample[0], found, shown))
    if found[0] == ISO:
        return dates.iso_shape(sample)
    notes.append(f"{table}: {name} is read as {found[0]}")
    return found[0]


def _that_fit_most(found: Sequence[str], column: str, raw: pl.LazyFrame) -> list[str]:
    """Those of the formats that fit most of the whole column."""
    text = pl.col(column).cast(pl.String)
    fits = {
        shape: dates.moments(column, pl.String(), shape, "UTC").count().alias(shape)
        for shape in found
    }
    counted = raw.select(text).select(*fits.values()).collect(engine="streaming").row(0, named=True)
    most = max(counted.values())
    return [shape for shape in found if counted[shape] == most]


def _no_format(name: str, column: str, text: str, shown: str) -> Problem:
    return Problem(
        f'{name}: the date "{text}" in the column {column} has no known format',
        shown,
        "Write it as `date_format:`, for instance '%d.%m.%Y %H:%M'.",
    )


def _ambiguous_date(
    name: str, column: str, text: str, found: Sequence[str], shown: str
) -> Problem:
    readings = " or ".join(_reading(text, shape) for shape in found)
    return Problem(
        f'{name}: the date "{text}" in the column {column} reads as {readings}',
        shown,
        "Say which: " + " or ".join(f"`date_format: '{shape}'`" for shape in found),
    )


def _reading(text: str, shape: str) -> str:
    day = dates.parse_moments(pl.Series([text.strip()]), shape).item()
    return f"{day:%-d %B %Y} ({shape})" if day else shape
