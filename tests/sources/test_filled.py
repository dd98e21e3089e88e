"""`fill_down` of a source: a blank cell is the one above it, as long as the columns named before it say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

HEAD = "Order,Customer,Date,Item,Total\n"

#: rows of a file, the columns that are filled -> its customers, orders and amounts
FILLED: dict[str, tuple[str, tuple[str, ...], list[tuple[str, str, int]]]] = {
    "one column": (
        "1,Ann,2026-01-05,Cup,1\n2,,2026-01-05,Cup,2\n",
        ("Customer",),
        [("Ann", "1", 1), ("Ann", "2", 2)],
    ),
    "as long as the order is the same": (
        "1,Ann,2026-01-05,Cup,1\n2,,2026-01-05,Cup,2\n1,,2026-01-05,Cup,3\n",
        ("Order", "Customer"),
        [("Ann", "1", 1), ("Ann", "1", 3)],
    ),
    "blanks in a cell": (
        "1,Ann,2026-01-05,Cup,1\n  , ,2026-01-05,Cup,2\n",
        ("Order", "Customer"),
        [("Ann", "1", 1), ("Ann", "1", 2)],
    ),
    "nothing above": (
        ",,2026-01-05,Cup,1\n2,Bob,2026-01-05,Cup,2\n",
        ("Order", "Customer"),
        [("Bob", "2", 2)],
    ),
    "lines without anything": (
        "1,Ann,2026-01-05,Cup,1\n\n,,,,\n,,,Pot,2\n",
        ("Order", "Customer", "Date"),
        [("Ann", "1", 1), ("Ann", "1", 2)],
    ),
    "below a row that is broken": (
        "1,Ann,2026-01-05,Cup,1\n2,Bob,2026-01-05\n,,,Pot,2\n3,Cem,2026-01-05,Cup,3\n",
        ("Order", "Customer", "Date"),
        [("Ann", "1", 1), ("Cem", "3", 3)],
    ),
}


@pytest.mark.parametrize(("lines", "columns", "expected"), FILLED.values(), ids=FILLED)
def test_a_blank_cell_is_the_one_above_it(
    reading: Callable[..., Any], lines: str, columns: tuple[str, ...], expected: list[Any]
) -> None:
    found = reading(HEAD + lines, source={"fill_down": columns})
    rows = found.rows.select("customer_id", "order_id", pl.col("amount") // 10_000)
    assert [tuple(map(str, row)) for row in rows.rows()] == [tuple(map(str, r)) for r in expected]
