"""The column by which the newest of several rows of one id is told: `latest_by: updated_at` of a source.

Moments and days are compared as such, in whatever format dates have; whole numbers, such as versions
or seconds since 1970, as numbers. What is neither is older than anything that is.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.columns.date_parsing import Clock
from segmentation.sources.columns.dates import Shapes, moments
from segmentation.sources.stored import as_text

LATEST: Final = "__latest"
"""The column of canonical rows that is compared, as Int64."""

WHOLE: Final = r"^\s*-?[0-9]{1,18}(\.0+)?\s*$"


@dataclass(frozen=True)
class Latest:
    """A column that tells which row is newest, and how its texts are written; without shapes it holds numbers."""

    column: str
    shapes: Shapes
    is_number: bool = False

    def compared(self, dtype: pl.DataType, timezone: str) -> pl.Expr:
        """Its cells as Int64; null where one is neither a date nor a whole number."""
        if not self.is_number:
            return moments(self.column, dtype, self.shapes, Clock.of(timezone)).to_physical()
        text = as_text(self.column, dtype).str.strip_chars()
        whole = text.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
        return pl.when(text.str.contains(WHOLE)).then(whole)
