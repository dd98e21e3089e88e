"""Rows of one order or day that differ in what a measure reads, and measures that read the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from harness import Segment

LINES = "customer_id,order_id,ordered_at,amount,department"
DAYS = "customer_id,ordered_at,amount,department"
MOMENTS = [
    "1,1001,2026-01-05T09:00:00,10,A",
    "1,1001,2026-01-05T10:00:00,10,B",
    "1,1001,2026-01-05T11:00:00,10,C",
    "2,1002,2026-01-05T11:00:00,10,A",
    "2,1002,2026-01-05T10:00:00,10,B",
    "2,1002,2026-01-05T09:00:00,10,C",
]
ORDERS = [
    "7,1,2026-01-05,10,A",
    "7,2,2026-01-06,10,B",
    "8,3,2026-01-07,10,A",
    "8,4,2026-01-08,10,C",
    "8,5,2026-01-08,10,C",
    "9,6,2026-01-09,10,C",
    "9,6,2026-01-09,-3,C",
]
EARLY = [
    "7,1970-01-05,10,A",
    "7,1970-01-06,10,B",
    "8,1970-01-07,10,A",
    "8,1970-01-10,10,C",
    "8,1970-01-12,10,C",
    "9,1970-01-09,10,C",
    "9,1970-01-09,-3,C",
]
OF_ORDERS = {
    "d": "{distinct: order_id}",
    "da": "{distinct: order_id, lines: all}",
    "o": "{count: orders}",
}
#: the lines, features, and what each is of the customers by id
ROWS: Mapping[str, tuple[str, Sequence[str], Mapping[str, str], Mapping[str, Sequence[object]]]] = {
    "an order of several moments": (
        LINES,
        MOMENTS,
        {"f": "{first: department}", "l": "{last: department}"},
        {"f": ["A", "C"], "l": ["C", "A"]},
    ),
    "a day of several moments": (
        LINES.replace("order_id,", ""),
        [m.replace(",1001", "").replace(",1002", "") for m in MOMENTS],
        {"f": "{first: department}", "l": "{last: department}"},
        {"f": ["A", "C"], "l": ["C", "A"]},
    ),
    "orders, and how many different ones": (
        LINES,
        ORDERS,
        OF_ORDERS,
        {"d": [2, 3, 1], "da": [2, 3, 1], "o": [2, 3, 1]},
    ),
    "days near 1970, and how many different ones": (
        DAYS,
        EARLY,
        {"d": "{distinct: ordered_on}"},
        {"d": [2, 3, 1], "order_days": [2, 3, 1], "typical_gap_days": [1, 2.5, None]},
    ),
    "the extreme of a flag": (
        "customer_id,ordered_at,amount,discount",
        ["1,2026-01-01,5,0", "1,2026-01-02,5,1", "2,2026-01-02,5,0"],
        {"most": "{max: discounted}", "least": "{min: discounted}"},
        {"most": [True, False], "least": [False, False]},
    ),
}


@pytest.mark.parametrize(("head", "lines", "features", "expected"), ROWS.values(), ids=ROWS)
def test_each_measure_has_its_own(
    segment: Segment,
    tmp_path: Path,
    head: str,
    lines: Sequence[str],
    features: Mapping[str, str],
    expected: Mapping[str, Sequence[object]],
) -> None:
    named = "".join(f"  {name}: {feature}\n" for name, feature in features.items())
    rules = f"version: 1\nsources: {{transactions: t.csv}}\nfeatures:\n{named}"
    rules += f"personas: {{p: {{columns: [{', '.join(expected)}]}}}}\n"
    files = {"personas.yaml": rules, "t.csv": "\n".join([head, *lines, ""])}
    result = segment("run", files=files)
    assert result.exit_code == 0, result.err
    found = pl.read_parquet(tmp_path / "audiences" / "latest" / "customers.parquet")
    assert found.sort("customer_id").select(*expected).to_dict(as_series=False) == expected


@pytest.mark.parametrize("first", [1, 7, 8, 9, 13, 63])
def test_departments_that_come_later_find_room(
    segment: Segment, tmp_path: Path, first: int
) -> None:
    """A block of so many departments is widened when another source brings more."""
    files = {
        "personas.yaml": "version: 1\nsources: {transactions: [a.csv, b.csv]}\npersonas: {p: {}}\n"
    }
    early = [f"{1 + i % 3},2026-01-01,5,d{i:02}" for i in range(first)]
    later = [f"{1 + i % 3},2026-01-02,6,e{i:02}" for i in range(3)]
    files |= {"a.csv": "\n".join([DAYS, *early, ""]), "b.csv": "\n".join([DAYS, *later, ""])}
    result = segment("run", files=files)
    assert result.exit_code == 0, result.err
    found = pl.read_parquet(tmp_path / "audiences" / "latest" / "customers.parquet")
    own = found.sort("customer_id").select("departments", "top_department").rows()
    assert own == [((first - i + 2) // 3 + 1, f"e{i:02}") for i in range(3)]
