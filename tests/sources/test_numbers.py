"""Numbers as they are read: halves go away from zero, and what is too large is rejected, to the digit."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from segmentation.messages.errors import InputError
from segmentation.rules.number_format import POINT, NumberFormat
from segmentation.sources.columns.contents import BELOW
from segmentation.sources.columns.numbers import complaint

#: what a cell says -> integers of 1/10,000; what lies half way between two of them, as it is written
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
    "5.35115": 53512,
    "-5.35115": -53512,
}


def test_halves_are_rounded_away_from_zero(reading) -> None:
    rows = "".join(f"a,2024-01-01,{text}\n" for text in HALVES)
    found = reading(f"customer_id,ordered_at,amount\n{rows}").rows["amount"]
    assert found.to_list() == [*HALVES.values()]


def test_halves_in_parquet_are_rounded_alike(reading) -> None:
    rows = {"customer_id": "a", "ordered_at": "2024-01-01", "amount": [*map(float, HALVES)]}
    assert reading(pl.DataFrame(rows), "t.parquet").rows["amount"].to_list() == [*HALVES.values()]


def test_halves_of_decimals_in_parquet_are_rounded_alike(reading) -> None:
    amounts = pl.Series([*map(Decimal, HALVES)], dtype=pl.Decimal(30, 5))
    rows = {"customer_id": "a", "ordered_at": "2024-01-01", "amount": amounts}
    assert reading(pl.DataFrame(rows), "t.parquet").rows["amount"].to_list() == [*HALVES.values()]


def test_texts_of_more_digits_than_floats_have_are_exact(reading) -> None:
    long = {"0.00004999999999999999999999": 0, "99999999999.99994999999": 999999999999999}
    rows = "".join(f"a,2024-01-01,{text}\n" for text in long)
    found = reading(f"customer_id,ordered_at,amount\n{rows}").rows["amount"]
    assert found.to_list() == [*long.values()]


def test_halves_of_decimal_commas_are_rounded_alike(reading) -> None:
    rows = "".join(f"a;2024-01-01;{text.replace('.', ',')}\n" for text in HALVES)
    found = reading(f"customer_id;ordered_at;amount\n{rows}").rows["amount"]
    assert found.to_list() == [*HALVES.values()]


def test_halves_of_quantity_times_price_are_rounded_away_from_zero(reading) -> None:
    rows = "a,2024-01-01,0.5,0.0001\na,2024-01-01,-0.5,0.0001\na,2024-01-01,2.5,0.0001\n"
    found = reading(f"customer_id,ordered_at,quantity,unit_price\n{rows}").rows["amount"]
    assert found.to_list() == [1, -1, 3]


@pytest.mark.parametrize("dtype", [pl.Float16, pl.Float32, pl.Float64])
def test_floats_of_fewer_bits_are_read_as_they_are_written(reading, dtype) -> None:
    """Of 16 bits there are three digits."""
    written = [
        "0.3",
        "12.3",
        "-0.07",
        None,
        "nan",
        "inf",
        *(["1.00005", "0.35115"] * (dtype != pl.Float16)),
    ]
    amounts = pl.Series([None if text is None else float(text) for text in written]).cast(dtype)
    frame = pl.DataFrame({"customer_id": "a", "ordered_at": "2024-01-01", "amount": amounts})
    found = reading(frame, "t.parquet")
    more = [] if dtype == pl.Float16 else [10_001, 3_512]
    assert found.rows["amount"].to_list() == [3_000, 123_000, -700, *more]
    assert found.count.rows_rejected == 3


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


# -- the decimal sign -----------------------------------------------------------------------------

COMMA = "transactions: numbers have a decimal comma"
#: columns and one row -> what is read, amounts, whether a decimal comma is said (None: it stops)
SIGNS = {
    "amounts tell, a read column has none": (
        "amount;discount",
        "2,50;1",
        {"discount"},
        [25_000],
        True,
    ),
    "amounts tell against a read column": ("amount;cost", "2,50;1.5", {"cost"}, [], True),
    "amounts tell, and nothing else is read": ("amount;cost", "2.50;1,5", set(), [25_000], False),
    "what amounts are made of tells": (
        "quantity;unit_price;cost",
        "2;1,5;1.5",
        set(),
        [30_000],
        True,
    ),
    "amounts have no sign, an unread column a comma": (
        "amount;cost",
        "2;1,5",
        set(),
        [20_000],
        False,
    ),
    "amounts have no sign, a read column a comma": (
        "amount;cost",
        "2;1,5",
        {"cost"},
        [20_000],
        True,
    ),
    "amounts can be both, a read column tells": (
        "amount;cost",
        "1,234;1,5",
        {"cost"},
        [12_340],
        True,
    ),
    "amounts can be both, an unread column would tell": (
        "amount;cost",
        "1,234;1,5",
        set(),
        [],
        None,
    ),
    "amounts can be both, and so can what is read": (
        "amount;cost",
        "1,234;1,234",
        {"cost"},
        [],
        None,
    ),
}


@pytest.mark.parametrize(("head", "row", "needs", "amounts", "is_said"), SIGNS.values(), ids=SIGNS)
def test_columns_that_are_read_tell_the_decimal_sign(
    reading, head: str, row: str, needs: set[str], amounts: list[int], is_said: bool | None
) -> None:
    content = f"customer_id;ordered_at;{head}\na;2024-01-01;{row}\n"
    if is_said is None:
        with pytest.raises(InputError, match="reads as"):
            reading(content, needs=needs)
        return
    found = reading(content, needs=needs)
    assert found.rows["amount"].to_list() == amounts
    assert (COMMA in found.notes) is is_said


@pytest.mark.parametrize(("needs", "said"), [(set(), 0), ({"cost"}, 1)], ids=["unread", "read"])
def test_nothing_is_said_of_the_sign_of_a_column_that_is_not_read(
    reading, needs: set[str], said: int
) -> None:
    found = reading("product_id;cost\np;2,5\n", table="products", needs=needs)
    assert [*found.notes].count("products: numbers have a decimal comma") == said


NO_NUMBER = "amount is not a number"
TOO_LARGE = "amount is larger than 200,000,000,000"
#: a cell -> why it gives no number, under a decimal point and under a decimal comma
COMPLAINTS = {
    "1.234,50": (NO_NUMBER, None),
    "1,234.50": (None, NO_NUMBER),
    "0.50": (None, NO_NUMBER),
    "300000000000": (TOO_LARGE, TOO_LARGE),
    "300000000000.5": (TOO_LARGE, NO_NUMBER),
    "1e999": (TOO_LARGE, TOO_LARGE),
    "-inf": (NO_NUMBER, NO_NUMBER),
    "nan": (NO_NUMBER, NO_NUMBER),
    "1_000": (NO_NUMBER, NO_NUMBER),
    "\uff11\uff12": (NO_NUMBER, NO_NUMBER),
    " ": ("amount is missing", "amount is missing"),
}


@pytest.mark.parametrize("cell", COMPLAINTS)
def test_a_cell_that_gives_no_number_is_told_by_what_is_wrong(cell: str) -> None:
    point, comma = COMPLAINTS[cell]
    assert point is None or complaint("amount", cell, POINT) == point
    assert comma is None or complaint("amount", cell, NumberFormat(",")) == comma


def test_a_point_among_decimal_commas_is_told_in_rejects(reading) -> None:
    rows = "".join(f"a;2024-01-01;{cell}\n" for cell in ("2,5", "3,5", "1.234", "0.50"))
    found = reading(f"customer_id;ordered_at;amount\n{rows}", source={"decimal": ","})
    assert found.rows["amount"].to_list() == [25000, 35000, 12340000]
    assert found.rejects["reason"].to_list() == [NO_NUMBER]


#: texts, and whether their sign says that they are below zero
SIGNS = {
    **dict.fromkeys(
        ("-5", "- 5", "(5)", "5-", "5- ", "− 5", "-5 EUR", "10.00- EUR", "x-2", "1- Stk", "$-5", "-$5"), True
    ),
    **dict.fromkeys(
        ("€ -12,10", "€- 12", "-€ 12", "€ (5)", "(€ 5)", "EUR -10", "EUR −10", "EUR-10", "EUR (10)", "-EUR 5"), True
    ),
    **dict.fromkeys(("kr -10", "Kr. -10", "zł -5", "-zł 5", "Kč -5", "R$ -5", "CHF -1'200.00"), True),
    **dict.fromkeys(
        ("5", "5,-", "EUR 5,-", "€ 5,-", "CHF 12.-", "12.- CHF", "5,- €", "0.00", "kr 10", "Kr. 10,-"), False
    ),
    **dict.fromkeys(("12-34", "A-12", "SKU-12", "2026-01-02", "10-20 EUR", "+5"), False),
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_below"), SIGNS.items(), ids=SIGNS)
def test_a_sign_says_that_a_number_is_below_zero_wherever_it_stands(
    text: str, is_below: bool
) -> None:
    assert pl.Series([text]).str.contains(BELOW).to_list() == [is_below]
