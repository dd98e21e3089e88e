"""The one table of a study as a CSV file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import polars as pl

from segmentation.messages.errors import OutputError, Problem
from segmentation.publish import formats
from segmentation.system.plain_files import write_private


class HasRows(Protocol):
    """A result with one table."""

    def rows(self) -> Sequence[Mapping[str, object]]:
        """The table, one mapping per row."""


def write_csv(result: HasRows, path: Path) -> None:
    """The table of a result, private, whole or not at all, safe for a spreadsheet. Raises OutputError.

    Money comes as decimals and is written as in the files of audiences.
    """
    rows = io.BytesIO()
    formats.write_table(pl.DataFrame(result.rows(), infer_schema_length=None), rows)
    try:
        write_private(path, rows.getvalue())
    except OSError as error:
        raise OutputError(
            Problem(
                f"this file cannot be written: {error.strerror or error}",
                str(path),
                "Name a file in a folder that exists.",
            )
        ) from None
