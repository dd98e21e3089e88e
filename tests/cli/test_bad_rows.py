"""Bad rows are set aside, with line and reason, and the run goes on."""

from __future__ import annotations

import polars as pl
import pytest
from bad_input import GOOD, HEAD, table
from harness import Segment, Shell
from shop import EVERYONE

ROWS: dict[str, tuple[str, list[tuple[int, str, str]]]] = {
    "ragged rows": (
        table("a,1,2024-01-01,5", "b,2,2024-01-02", "c,3,2024-01-02,5,9", "", "d,4,2024-01-03,1"),
        [
            (3, "row has 3 cells, the header has 4", "b,2,2024-01-02"),
            (4, "row has 5 cells, the header has 4", "c,3,2024-01-02,5,9"),
        ],
    ),
    "amounts": (
        table(
            'a,1,2024-01-01,"12,34.50"',
            "b,2,2024-01-01,1e309",
            "c,3,2024-01-01,NaN",
            "d,4,2024-01-01,inf",
            "e,5,2024-01-01,",
            "f,6,2024-01-01,€5 each",
            "g,7,2024-01-01,5.00",
            "h,8,2024-01-01,2e11",
            "i,9,2024-01-01,200000000000.01",
            "g,8,2024-01-01,-1e2",
        ),
        [
            (2, "amount is not a number", 'a,1,2024-01-01,"12,34.50"'),
            (3, "amount is larger than 200,000,000,000", "b,2,2024-01-01,1e309"),
            (4, "amount is not a number", "c,3,2024-01-01,NaN"),
            (5, "amount is not a number", "d,4,2024-01-01,inf"),
            (6, "amount is missing", "e,5,2024-01-01,"),
            (7, "amount is not a number", "f,6,2024-01-01,€5 each"),
            (10, "amount is larger than 200,000,000,000", "i,9,2024-01-01,200000000000.01"),
        ],
    ),
    "dates": (
        table(
            "a,1,2024-01-01,5", "b,2,2024-02-30,5", "c,3,,5", "d,4,0001-01-01,5", "e,5,tomorrow,5"
        ),
        [
            (3, "date does not fit ISO 8601", "b,2,2024-02-30,5"),
            (4, "date is missing", "c,3,,5"),
            (
                5,
                "date is a placeholder; where it means none: missing: [0001-01-01]",
                "d,4,0001-01-01,5",
            ),
            (6, "date does not fit ISO 8601", "e,5,tomorrow,5"),
        ],
    ),
    "a cell over two lines": (
        table("a,1,2024-01-01,5", '"b\nb",2,2024-01-01,x', "c,3,2024-01-01,y"),
        [
            (3, "amount is not a number", '"b\nb",2,2024-01-01,x'),
            (5, "amount is not a number", "c,3,2024-01-01,y"),
        ],
    ),
    "price": (
        table(
            "a,2024-01-01,2,x",
            "b,2024-01-01,2,1.50",
            "c,2024-01-01,1e9,1e9",
            head="customer_id,ordered_at,quantity,unit_price",
        ),
        [
            (2, "unit_price is not a number", "a,2024-01-01,2,x"),
            (4, "quantity x unit_price is larger than 200,000,000,000", "c,2024-01-01,1e9,1e9"),
        ],
    ),
}


@pytest.mark.parametrize(("transactions", "rejected"), ROWS.values(), ids=ROWS)
def test_a_bad_row_is_kept_with_line_and_reason(
    segment: Segment, transactions: str, rejected: list[tuple[int, str, str]]
) -> None:
    result = segment("run", "t.csv", files={"t.csv": transactions, "personas.yaml": EVERYONE})
    found = pl.read_csv(result.run / "rejects.csv")
    assert found.select("line", "reason", "raw").rows() == rejected
    assert found["file"].unique().to_list() == ["t.csv"]
    [counts] = result.manifest["inputs"]
    aside = sum(counts["rows_set_aside"].values())
    assert counts["rows_read"] == counts["rows_used"] + counts["rows_rejected"] + aside
    assert counts["rows_rejected"] == len(rejected)
    said = f"{len(rejected)} of {counts['rows_read']} rows are rejected, see rejects.csv"
    notes = {
        "ragged rows": ["t.csv: note: 1 of 5 rows are set aside: blank line"],
        "price": [
            "note: transactions: amount is quantity × unit_price, for no column is named amount",
            "t.csv: note: no column tells orders: all that a customer buys on a day is one order",
            "  Where one tells them: segment run t.csv --map order_id='<column>'",
        ],
    }
    expected = [
        *next((n for k, n in notes.items() if ROWS[k][0] == transactions), []),
        f"t.csv: warning: {said}",
    ]
    assert (result.exit_code, result.err.splitlines()) == (0, expected)


UNHARMED = {
    "one row": (table("a,1,2024-01-01,5"), ["a"]),
    "one row without line end": (f"{HEAD}\na,1,2024-01-01,5", ["a"]),
    "a byte-order mark": (f"\ufeff{GOOD}", ["a", "b"]),
    "Windows lines": (GOOD.replace("\n", "\r\n"), ["a", "b"]),
    "tabs": (GOOD.replace(",", "\t"), ["a", "b"]),
    "blanks around ids": (table(" a ,1,2024-01-01,5"), ["a"]),
    "leading zeros": (table("007,1,2024-01-01,5", "8,1,2024-01-01,5"), ["007", "8"]),
    "an id that no integer holds": (
        table("99999999999999999999,1,2024-01-01,5"),
        ["99999999999999999999"],
    ),
    "ids that turn into text late": (
        table(*(f"{i},1,2024-01-01,5" for i in range(1, 1500)), "X1,1,2024-01-01,5"),
        sorted([*map(str, range(1, 1500)), "X1"]),
    ),
    "a quote inside a cell": (table('5" pipe,1,2024-01-01,5'), ['5" pipe']),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("transactions", "ids"), UNHARMED.values(), ids=UNHARMED)
def test_what_only_looks_bad_is_read(segment: Segment, transactions: str, ids: list[str]) -> None:
    result = segment("run", "t.csv", files={"t.csv": transactions, "personas.yaml": EVERYONE})
    assert (result.exit_code, result.err) == (0, "")
    assert result.customers["customer_id"].to_list() == ids


def test_ids_with_a_point_in_one_file_and_without_in_the_next_are_the_same(
    segment: Segment,
) -> None:
    """Of two exports by pandas, the one that has gaps in the column writes 17850 as 17850.0."""
    files = {
        "d/1.csv": table("17850.0,1,2024-01-01,5", ",2,2024-01-01,5", "9.0,3,2024-01-01,5"),
        "d/2.csv": table("17850,4,2024-01-02,7", "007,5,2024-01-02,7"),
        "personas.yaml": EVERYONE,
    }
    found = segment("run", "d", files=files).customers
    assert found.select("customer_id", "frequency").rows() == [("007", 1), ("17850", 2), ("9", 1)]


@pytest.mark.deep
def test_standard_input_may_turn_into_text_late(shell: Shell) -> None:
    """Ids are sampled as integers first, and then the table is read a second time."""
    lines = table(*(f"{i},1,2024-01-01,5" for i in range(1, 1500)), "X1,1,2024-01-01,5")
    result = shell("run", "-", "--dry-run", files={"personas.yaml": EVERYONE}, stdin=lines.encode())
    assert (result.exit_code, result.err) == (0, "")
    assert result.out.startswith("1,500 customers as of 2024-01-01\n")
