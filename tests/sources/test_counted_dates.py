"""Dates that count seconds, milliseconds or Excel's days: each number is read in the unit in which it is a day."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from harness import Segment

#: cells of ordered_at, each 2025-01-… -> the days, one a customer
MIXED = {
    "a second among milliseconds": (
        ["1735689600000", "1735776000000", "1736000000"],
        ["2025-01-01", "2025-01-02", "2025-01-04"],
    ),
    "milliseconds among seconds": (
        ["1735689600", "1735776000", "1736000000000"],
        ["2025-01-01", "2025-01-02", "2025-01-04"],
    ),
    "a day of Excel among seconds": (
        ["1735689600", "1735776000", "45661"],
        ["2025-01-01", "2025-01-02", "2025-01-04"],
    ),
    "as many of each": (
        ["1735689600", "1735776000000", "45661.5", "1736000000000000"],
        ["2025-01-01", "2025-01-02", "2025-01-04", "2025-01-04"],
    ),
}


@pytest.mark.parametrize(("cells", "days"), MIXED.values(), ids=MIXED)
def test_numbers_of_several_units_are_the_days_that_they_mean(
    reading, cells: list[str], days: list[str]
) -> None:
    rows = "".join(f"{n},{cell},10\n" for n, cell in enumerate(cells))
    found = reading(f"customer_id,ordered_at,amount\n{rows}")
    assert found.rows["ordered_on"].cast(pl.String).to_list() == days
    assert found.count.rows_rejected == 0
    [note] = [n for n in found.notes if "are read as" in n]
    assert " and " in note


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64])
def test_stored_numbers_likewise(reading, dtype) -> None:
    numbers = pl.Series([1_735_689_600_000, 1_735_776_000, 45661, None], dtype=dtype)
    frame = pl.DataFrame({"customer_id": "a", "ordered_at": numbers, "amount": 1})
    found = reading(frame, "t.parquet")
    days = found.rows["ordered_on"].cast(pl.String).to_list()
    assert days == ["2025-01-01", "2025-01-02", "2025-01-04"]
    assert found.count.rows_rejected == 1


def test_another_unit_may_begin_late(reading) -> None:
    rows = [f"a,{1_735_689_600_000 + n},1\n" for n in range(3000)]
    rows[1500:1510] = ["a,1736000000,1\n"] * 10
    found = reading("customer_id,ordered_at,amount\n" + "".join(rows))
    assert found.rows["ordered_on"].dt.year().unique().to_list() == [2025]
    assert len(found.rows) == 3000


def test_what_is_no_plausible_day_in_any_unit_is_rejected(reading) -> None:
    rows = "".join(f"a,{n},1\n" for n in ("1735689600", "1735776000", "1735776", "86400"))
    found = reading(f"customer_id,ordered_at,amount\n{rows}")
    assert (len(found.rows), found.count.rows_rejected) == (2, 2)


def test_a_declared_unit_reads_every_number(reading) -> None:
    rows = "a,86400,1\na,1735776000,1\n"
    declared = {"date_format": "seconds since 1970"}
    found = reading(f"customer_id,ordered_at,amount\n{rows}", source=declared)
    assert found.rows["ordered_on"].dt.year().to_list() == [1970, 2025]


COMPLAINED = """
version: 1
sources: {{transactions: o.csv, events: {{path: {path}, event: complaint}}}}
personas: {{everyone: {{}}}}
suppress: [{{did: {{event: complaint, within: 90d}}}}]
"""
ORDERS = "customer_id,ordered_at,amount\n" + "".join(f"{n},2025-01-10,10\n" for n in (1, 2, 3))
FIRST, SECOND = "1,1735689600\n", "3,1735689600000\n"
EVENTS = {
    "one file": ("e.csv", {"e.csv": f"customer_id,occurred_at\n{FIRST}{SECOND}"}),
    "two files": (
        "e/*.csv",
        {
            "e/a.csv": f"customer_id,occurred_at\n{FIRST}",
            "e/b.csv": f"customer_id,occurred_at\n{SECOND}",
        },
    ),
}


@pytest.mark.parametrize(("path", "files"), EVENTS.values(), ids=EVENTS)
def test_complaints_of_both_units_suppress(
    segment: Segment, path: str, files: dict[str, str]
) -> None:
    Path("e").mkdir(exist_ok=True)
    rules = COMPLAINED.format(path=path)
    done = segment(
        "run", "--as-of", "2025-01-31", files={"o.csv": ORDERS, "personas.yaml": rules, **files}
    )
    assert done.exit_code == 0, done.err
    assert done.ids("everyone") == ["2"]


SIGNED_UP = """
version: 1
sources: {transactions: o.csv, customers: c.csv}
personas: {everyone: {match: {signup: {at_least: 2025-01-01}}}}
"""


def test_columns_of_customers_likewise(segment: Segment) -> None:
    """A number that is no plausible day in any unit is one of the unit of most: who was born in 1975."""
    customers = "customer_id,signup\n1,1735689600000\n2,157766400\n3,1736000000\n4,1735776000\n5,1735776001\n"
    files = {"o.csv": ORDERS, "c.csv": customers, "personas.yaml": SIGNED_UP}
    done = segment("run", "--as-of", "2025-01-31", files=files)
    assert done.exit_code == 0, done.err
    assert done.ids("everyone") == ["1", "3"]
    signup = dict(done.customers.select("customer_id", "signup").iter_rows())
    assert signup["2"] == "1975-01-01"
