"""Folders that are called by a value of a column, as Hive and Spark write them: `month=2023-01`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

Partition = tuple[tuple[str, str | None], ...]
"""Columns, each with the value that all rows of a file have."""

_MISSING: Final = "__HIVE_DEFAULT_PARTITION__"


def is_partition(name: str) -> bool:
    """Whether a folder is called so.

    >>> is_partition("month=2023-01"), is_partition("2023"), is_partition("=x"), is_partition("_a=b")
    (True, False, False, False)
    """
    column, equals, _ = name.partition("=")
    return bool(equals and column) and not column.startswith(("_", "."))


def partition_of(parts: Sequence[str]) -> Partition:
    """What the folders say that lead to a file; the last part is the file itself.

    >>> partition_of(("shop=K%C3%B6ln", "month=__HIVE_DEFAULT_PARTITION__", "a=b.parquet"))
    (('shop', 'Köln'), ('month', None))
    """
    pairs = (part.partition("=")[::2] for part in parts[:-1] if is_partition(part))
    found = {unquote(column): None if v == _MISSING else unquote(v) for column, v in pairs}
    return tuple(found.items())
