"""What each file says of each day: the same rows say the same, in any order, and no others do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from segmentation.measures.partials import Partials
from segmentation.measures.plan import plan
from segmentation.measures.rows import Tables
from segmentation.rules.measures import Measure
from segmentation.rules.sources import Source
from segmentation.scan import deliveries
from segmentation.scan.deliveries import Deliveries
from segmentation.scan.scanning import scanned
from segmentation.sources import read

HEAD = "customer_id,ordered_at,amount\n"
ROWS = [
    "a,2024-01-01,5",
    "b,2024-01-01,7.25",
    "a,2024-01-02,5",
    "c,2024-01-02,-3",
    "a,2024-01-02,5",
]
OTHERS = {
    "in another order": (ROWS[::-1], True),
    "a row twice": ([*ROWS, ROWS[0]], False),
    "a row less": (ROWS[1:], False),
    "another amount": (["a,2024-01-01,5.01", *ROWS[1:]], False),
    "two amounts that changed places": (["b,2024-01-01,5", "a,2024-01-01,7.25", *ROWS[2:]], False),
    "another customer": (["d,2024-01-01,5", *ROWS[1:]], False),
    "a row that is rejected": ([*ROWS, "a,2024-01-01,free"], True),
}


def days_of(*files: Sequence[str]) -> pl.DataFrame:
    """What each file says of each day, by the file's name."""
    for i, rows in enumerate(files):
        Path(f"t{i}.csv").write_text(HEAD + "\n".join(rows) + "\n")
    table = read("transactions", [Source(path="t*.csv")], cutoff=date(2025, 1, 1))
    wanted = {"n": Measure("count")}
    partials = Partials(plan(Tables(table), wanted, as_of=None, new_arrival_days=30))
    seen = Deliveries(partials.plan.rows["transactions"])
    list(scanned(table, partials, [seen]))
    return seen.days.with_columns(pl.col("file").str.split("/").list.last())


def of(days: pl.DataFrame, file: str) -> pl.DataFrame:
    return days.filter(pl.col("file") == file).drop("file")


@pytest.fixture(params=["arrays", "groups"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    if request.param == "groups":
        monkeypatch.setattr(deliveries, "_MOST_CELLS", 0)


@pytest.mark.parametrize(("other", "is_same"), OTHERS.values(), ids=OTHERS)
def test_two_files_agree_if_they_brought_the_same_rows(other: Sequence[str], is_same: bool) -> None:
    days = days_of(ROWS, other)
    assert of(days, "t0.csv").equals(of(days, "t1.csv")) == is_same


def test_rows_and_amounts_of_a_day_are_added_up() -> None:
    found = days_of(ROWS).select("table", "day", "rows", "amount")
    expected = {
        "table": ["transactions"] * 2,
        "day": [date(2024, 1, 1), date(2024, 1, 2)],
        "rows": [2, 3],
        "amount": [122_500, 70_000],
    }
    assert_frame_equal(found, pl.DataFrame(expected, schema_overrides={"amount": pl.Int128}))


def test_enormous_amounts_and_days_far_apart_are_added_up() -> None:
    rows = [f"a,{year}-01-01,199000000000" for year in (1901, 2024) for _ in range(5000)]
    found = days_of(rows)
    assert found["amount"].to_list() == [5000 * 199_000_000_000 * 10_000] * 2
