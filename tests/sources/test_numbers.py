"""Numbers as they are read: halves go away from zero, and what is too large is rejected, to the digit."""

from __future__ import annotations

import polars as pl
import pytest

#: what a cell says -> integers of 1/10,000; each is exactly half way between two of them as a float
HALVES = {
    "0.00005": 1,
    "-0.00005": -1,
    "0.00025": 3,
    "-0.00025": -3,
    "2.00005": 20001,
    "10.12345": 101235,
    "-10.12345": -101235,
    "0.00004": 0,
    "0.00006": 1,
}


def test_halves_are_rounded_away_from_zero(reading) -> None:
    rows = "".join(f"a,2024-01-01,{text}\n" for text in HALVES)
    found = reading(f"customer_id,ordered_at,amount\n{rows}").rows["amount"]
    assert found.to_list() == [*HALVES.values()]


def test_halves_in_parquet_are_rounded_alike(reading) -> None:
    rows = {"customer_id": "a", "ordered_at": "2024-01-01", "amount": [*map(float, HALVES)]}
    assert reading(pl.DataFrame(rows), "t.parquet").rows["amount"].to_list() == [*HALVES.values()]


def test_halves_of_decimal_commas_are_rounded_alike(reading) -> None:
    rows = "".join(f"a;2024-01-01;{text.replace('.', ',')}\n" for text in HALVES)
    found = reading(f"customer_id;ordered_at;amount\n{rows}").rows["amount"]
    assert found.to_list() == [*HALVES.values()]


def test_halves_of_quantity_times_price_are_rounded_away_from_zero(reading) -> None:
    rows = "a,2024-01-01,0.5,0.0001\na,2024-01-01,-0.5,0.0001\na,2024-01-01,2.5,0.0001\n"
    found = reading(f"customer_id,ordered_at,quantity,unit_price\n{rows}").rows["amount"]
    assert found.to_list() == [1, -1, 3]


MOST = 200_000_000_000
ENDS = {
    f"{MOST}": MOST * 10_000,
    f"-{MOST}": -MOST * 10_000,
    f"{MOST - 1}": (MOST - 1) * 10_000,
    f"{MOST + 1}": None,
    f"-{MOST + 1}": None,
    f"{MOST}.5": None,
}


@pytest.mark.parametrize("kind", ["csv", "floats", "integers"])
def test_the_largest_amount_is_read_and_one_more_is_rejected(reading, kind: str) -> None:
    ends = {text: held for text, held in ENDS.items() if kind != "integers" or "." not in text}
    if kind == "csv":
        rows = "".join(f"a,2024-01-01,{text}\n" for text in ends)
        found = reading(f"customer_id,ordered_at,amount\n{rows}")
    else:
        amounts = [int(text) if kind == "integers" else float(text) for text in ends]
        frame = pl.DataFrame({"customer_id": "a", "ordered_at": "2024-01-01", "amount": amounts})
        found = reading(frame, "t.parquet")
    assert found.rows["amount"].to_list() == [held for held in ends.values() if held is not None]
    assert found.count.rows_rejected == [*ends.values()].count(None)
