"""Two-digit years of customers: birthdays are of the past, ends of subscriptions may lie ahead."""

from __future__ import annotations

import polars as pl
import pytest
from harness import Segment

RULES = """
version: 1
sources: {{transactions: o.csv, customers: c.csv}}
personas: {{everyone: {{match: {{day: {{{bound}}}}}, columns: [day]}}}}
"""
ORDERS = "customer_id,ordered_at,amount\n" + "".join(f"{n},2026-01-10,10\n" for n in range(1, 5))
SAID = "the two-digit years of day are of the past"
#: cells of customers 1, 2, …; a bound -> who meets it, the day of customer 1, whether it is said
ROWS = {
    "a birthday, after a day": (["02/13/62"], "at_least: 2000-01-01", [], "1962-02-13", True),
    "a birthday, before a day": (["13.02.62"], "at_most: 1975-01-01", ["1"], "1962-02-13", True),
    "birthdays of all ages": (
        ["13.02.62", "14.03.05", "15.04.31", "16.05.88"],
        "at_most: 1975-01-01",
        ["1", "3"],
        "1962-02-13",
        True,
    ),
    "one who is very old": (
        ["13.02.31", "14.03.75"],
        "at_most: 1950-01-01",
        ["1"],
        "1931-02-13",
        True,
    ),
    "ends of subscriptions": (
        ["31.12.27", "28.02.26", "13.01.25"],
        "at_least: 2026-02-01",
        ["1", "2"],
        "2027-12-31",
        False,
    ),
    "one end that never comes": (
        ["31.12.27", "28.02.26", "13.01.25", "31.12.50"],
        "at_least: 2026-02-01",
        ["1", "2", "4"],
        "2027-12-31",
        False,
    ),
    "some years of four digits": (
        ["13.02.62", "14.03.1963", "15.04.64", "16.05.2030"],
        "at_most: 1975-01-01",
        ["1", "2", "3"],
        "1962-02-13",
        True,
    ),
    "years of four digits": (
        ["31.12.2062", "14.03.1963"],
        "at_least: 2026-02-01",
        ["1"],
        "2062-12-31",
        False,
    ),
}


@pytest.mark.parametrize(("cells", "bound", "ids", "first", "is_said"), ROWS.values(), ids=ROWS)
def test_two_digit_years_of_customers_are_of_the_century_that_is_meant(
    segment: Segment, cells: list[str], bound: str, ids: list[str], first: str, is_said: bool
) -> None:
    customers = "customer_id,day\n" + "".join(f"{n},{cell}\n" for n, cell in enumerate(cells, 1))
    files = {"o.csv": ORDERS, "c.csv": customers, "personas.yaml": RULES.format(bound=bound)}
    done = segment("run", "--as-of", "2026-01-31", files=files)
    assert done.exit_code == 0, done.err
    assert done.ids("everyone") == ids
    days = dict(done.customers.select("customer_id", pl.col("day").cast(pl.String)).iter_rows())
    assert days["1"] == first
    assert (SAID in done.err) is is_said
