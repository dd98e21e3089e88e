"""How a column of customers is held: one dtype per kind, whatever the data, the rules or the path.

The same count is a UInt32 where bits are added up and an Int64 where rows are counted; which of
them it is depends on the rules beside it. Nobody who reads two runs should have to know that.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from segmentation.rules.catalogue import Kind
from segmentation.sources.columns.numbers import widened

#: whole numbers that may not fit 64 bits with a sign; a file that has them keeps them
_BEYOND = (pl.UInt64, pl.Int128, pl.UInt128)


def dtype_of(kind: Kind, found: pl.DataType) -> pl.DataType:
    """The dtype of a kind. Numbers are whole or not, and dates have a time of day or not.

    >>> dtype_of("number", pl.UInt32()), dtype_of("number", pl.Float32()), dtype_of("money", pl.Int32())
    (Int64, Float64, Int64)
    """
    if kind == "number":
        return _number(found)
    if kind == "date":
        return pl.Datetime("us", found.time_zone) if isinstance(found, pl.Datetime) else pl.Date()
    plain: dict[Kind, pl.DataType] = {
        "money": pl.Int64(),
        "share": pl.Float64(),
        "text": pl.String(),
        "flag": pl.Boolean(),
    }
    return plain[kind]


def _number(found: pl.DataType) -> pl.DataType:
    if not found.is_integer():
        return pl.Float64()
    return found if found in _BEYOND else pl.Int64()


def as_kinds(customers: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
    """The customers with these columns in the dtypes of their kinds; what is nested stays."""
    plain = {n: t for n, t in customers.schema.items() if n in kinds and not t.is_nested()}
    wanted = {name: dtype_of(kinds[name], found) for name, found in plain.items()}
    return customers.with_columns(
        _cast(name, plain[name], dtype) for name, dtype in wanted.items() if dtype != plain[name]
    )


def _cast(name: str, found: pl.DataType, dtype: pl.DataType) -> pl.Expr:
    """The column in another dtype."""
    column = pl.col(name)
    return widened(column, found) if dtype == pl.Float64 else column.cast(dtype)
