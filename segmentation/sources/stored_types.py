"""What the cells of a stored type can be read as: one table, in which every type has its row.

A type that has none (an extension, one that Polars learns later) can be read as nothing, so nothing
is done to its cells that might fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import polars as pl

Use = Literal["text", "number", "date", "mapped", "compared"]
"""`text`: also an id. `mapped`: a name of the user's own for it, under `columns:`. `compared`: what
rules do with columns that have no meaning here."""

_WHOLE: Final = (
    *(pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128),
    *(pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.UInt128),
)
_TYPES: Final[Mapping[tuple[type[pl.DataType], ...], tuple[Use, ...]]] = {
    (pl.String, pl.Categorical, pl.Enum): ("text", "number", "date", "mapped", "compared"),
    (pl.Binary,): ("text", "number", "date", "mapped"),
    _WHOLE: ("text", "number", "date", "mapped", "compared"),  # 20261120 is a day
    (pl.Float16, pl.Float32, pl.Float64, pl.Decimal): (
        "text",
        "number",
        "date",
        "mapped",
        "compared",
    ),
    (pl.Boolean, pl.Time): ("text", "mapped", "compared"),
    (pl.Date, pl.Datetime): ("text", "date", "mapped", "compared"),
    (pl.Null,): ("text", "number", "date", "mapped", "compared"),  # all are missing
    (pl.Duration,): ("mapped",),
    (pl.List, pl.Array, pl.Struct, pl.Map, pl.Object): (),
}
_USES: Final = {kind: frozenset(uses) for kinds, uses in _TYPES.items() for kind in kinds}
_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum, pl.Binary)


def can_be(dtype: pl.DataType, use: Use) -> bool:
    """Whether cells of a type can be read as something.

    >>> can_be(pl.Int64(), "date"), can_be(pl.Boolean(), "number"), can_be(pl.Duration(), "text")
    (True, False, False)
    """
    return use in _USES.get(dtype.base_type(), ())


def is_text(dtype: pl.DataType) -> bool:
    """Whether cells are texts, however they are stored: also as categories, or as plain bytes."""
    return dtype.base_type() in _TEXTS
