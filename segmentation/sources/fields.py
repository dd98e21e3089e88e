"""Fields of structs as columns beside them: `customer.id` of a column `customer`, however deep."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from segmentation.dataclass import dataclass


@dataclass(frozen=True)
class Field:
    """One field: the column that it is in, its name there, and that of its own column."""

    struct: str
    name: str
    column: str


def fields_of(
    schema: Mapping[str, pl.DataType], left: Collection[str] = ()
) -> Mapping[Field, pl.DataType]:
    """The fields of a file's structs with their types, outer ones first; but for columns that are `left`.

    >>> inner = pl.Struct({"id": pl.Int64(), "at": pl.Struct({"zip": pl.String()})})
    >>> [field.column for field in fields_of({"who": inner, "who.id": pl.String()})]
    ['who.at', 'who.at.zip']
    """
    found: dict[Field, pl.DataType] = {}
    waiting = [(name, dtype) for name, dtype in schema.items() if name not in left]
    while waiting:
        struct, dtype = waiting.pop(0)
        if isinstance(dtype, pl.Struct):
            inner = pl.Schema({f"{struct}.{field.name}": field.dtype for field in dtype.fields})
            own = [(name, kind) for name, kind in inner.items() if name not in schema]
            found |= {Field(struct, n.removeprefix(f"{struct}."), n): kind for n, kind in own}
            waiting += own
    return found


def with_fields(rows: pl.LazyFrame, fields: Sequence[Field]) -> pl.LazyFrame:
    """The rows with a column for each field."""
    for field in fields:
        rows = rows.with_columns(pl.col(field.struct).struct.field(field.name).alias(field.column))
    return rows


def are_apart(name: str, schema: Mapping[str, pl.DataType]) -> bool:
    """Whether the fields of a column are columns themselves: what is meant is one of them.

    >>> are_apart("who", {"who": pl.Struct({"id": pl.Int64()}), "who.id": pl.Int64()})
    True
    """
    dtype = schema[name]
    return isinstance(dtype, pl.Struct) and any(f"{name}.{f.name}" in schema for f in dtype.fields)
