"""Whether any customer has what a measure asks for."""

from __future__ import annotations

import polars as pl


def found_somebody(values: pl.Series) -> bool:
    """Whether a measure holds for any customer: true, not 0, or a value that is not missing."""
    present = values.drop_nulls()
    if present.dtype == pl.Boolean:
        return bool(present.any())
    return bool((present != 0).any()) if present.dtype.is_numeric() else len(present) > 0
