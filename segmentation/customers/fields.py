"""Models' answers of several fields, side by side: `_cadence` as `_cadence.gaps` and so on.

A label that is read off a model's answer can be told again from a file only if the answer is in
it; other programs read plain columns more easily than nested ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from segmentation.comparing.comparisons import kind_of
from segmentation.rules.catalogue import Kind

FIELD: Final = "."


def unnested(customers: pl.DataFrame, names: Iterable[str]) -> dict[str, Kind]:
    """The plain columns of these columns' fields, where those are nested, and their kinds."""
    found: dict[str, Kind] = {}
    for name in names:
        dtype = customers.schema.get(name)
        if isinstance(dtype, pl.Struct):
            found |= {
                f"{name}{FIELD}{f.name}": kind_of(pl.Series(dtype=f.dtype).dtype)
                for f in dtype.fields
            }
    return found


def with_fields(customers: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """The customers with these plain columns taken out of the nested ones that they name."""
    parts = ((name, *name.split(FIELD, 1)) for name in names)
    return customers.with_columns(
        pl.col(whole).struct.field(field).alias(name) for name, whole, field in parts
    )


def nested(customers: pl.DataFrame) -> pl.DataFrame:
    """The customers with nested columns made of plain ones; the inverse of `with_fields`."""
    wholes: dict[str, list[pl.Expr]] = {}
    for name in customers.columns:
        whole, dot, field = name.partition(FIELD)
        if dot and whole.startswith("_"):
            wholes.setdefault(whole, []).append(pl.col(name).alias(field))
    return customers.with_columns(pl.struct(f).alias(whole) for whole, f in wholes.items())
