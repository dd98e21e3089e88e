"""Columns of no meaning of their own keep their digits in sums and means, and what is left out is said.

The oracle is DuckDB, which adds up decimals of 38 digits; its sums become the nearest floats.
"""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from fractions import Fraction

import duckdb
import polars as pl
import pytest
from harness import Segment

from segmentation.measures.own_numbers import addends, total

FEATURES = """
features:
  added: {sum: tax}
  mean: {mean: tax}
  of_orders: {mean: tax, of: orders}
  of_items: {mean: tax, of: items}
  largest_order: {max: tax, of: orders}
  smallest_order: {min: tax, of: orders}
  price_of_items: {mean: unit_price, of: items}
  amount_of_items: {mean: amount, of: items}
"""
NAMES = "added,mean,of_orders,of_items,largest_order,smallest_order,price_of_items,amount_of_items"
SUMS = (0, 4, 5)  # of NAMES: nothing is divided
PERSONAS = "personas: {p: {match: {frequency: {at_least: 1}}}}\n"
HEAD = "customer_id,order_id,ordered_at,quantity,unit_price,amount,tax"
ORACLE = """
WITH lines AS (
  SELECT *, tax::DECIMAL(38, 14) AS t, quantity::DECIMAL(18, 4) AS q, round(unit_price::DECIMAL(18, 5), 4) AS p,
    amount::DECIMAL(18, 4) AS a FROM read_csv('t.csv', all_varchar = true)
), orders AS (SELECT customer_id, order_id, sum(t) AS t FROM lines GROUP BY ALL)
SELECT customer_id, sum(t), count(t), count(DISTINCT order_id), sum(t * q::INT), sum(q), sum(p * q), sum(a * q),
  (SELECT max(t) FROM orders AS o WHERE o.customer_id = l.customer_id),
  (SELECT min(t) FROM orders AS o WHERE o.customer_id = l.customer_id)
FROM lines AS l GROUP BY customer_id
"""
_dice = random.Random(11)
#: the cells of a column: each customer has some of a kind
KINDS: Mapping[str, list[str]] = {
    "money": [f"{_dice.randrange(10**7) / 100:.2f}" for _ in range(60)],
    "beyond 9.2e14": ["1e15", "1000000000000000", "-1e15", "1e15"],
    "tiny": ["0.00001", "0.00002", "-0.000000000003", ""],
    "many digits": ["123456789012345.6789", "1.5"],
    "large and tiny": ["5000000000000000", "0.00001"],
    "fifteen digits": [f"{_dice.randrange(10**15) / 10**9:.9f}" for _ in range(60)],
    "what cancels out": ["12.34567", "-12.345"],
    "thousandths of cents": ["0.12345", "0.00005", "0.33333", "12345.67891"],
    "sevenths": [f"{Fraction(n, 7).numerator / 7:.8f}" for n in range(1, 40)],
    "whole numbers": ["900719925474099", "1"],
}


def _rows() -> list[tuple[str, ...]]:
    """Each cell is a line; two lines of three are of one order, and have one to three units."""
    return [
        (
            kind,
            f"{n}-{i // 2}",
            f"2024-01-{1 + i // 2 % 28:02}",
            str(1 + i % 3),
            "0.0005",
            f"{i + 1}.25",
            cell,
        )
        for n, (kind, cells) in enumerate(KINDS.items())
        for i, cell in enumerate(cells)
    ]


def _expected(segment_folder: str) -> dict[str, tuple[float, ...]]:
    found = {}
    for who, added, known, orders, weighted, units, price, amount, most, least in duckdb.sql(
        ORACLE
    ).fetchall():
        blank = sum(1 + i % 3 for i, cell in enumerate(KINDS[who]) if not cell)
        exact = (
            added,
            Fraction(added) / known,
            Fraction(added) / orders,
            Fraction(weighted) / (int(units) - blank),
            most,
            least,
            Fraction(price) / Fraction(units),
            Fraction(amount) / Fraction(units),
        )
        found[who] = tuple(map(float, exact))
    return found


def _written(rows: list[tuple[str, ...]], stored: str) -> bytes:
    if stored == "csv":
        return "\n".join([HEAD, *(",".join(row) for row in rows), ""]).encode()
    frame = pl.DataFrame(rows, schema=HEAD.split(","), orient="row")
    file = io.BytesIO()
    numbers = pl.col("tax").replace("", None).cast(pl.Float64)
    frame.with_columns(numbers).write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("stored", ["csv", "parquet"])
def test_sums_and_means_of_own_columns_are_those_of_decimals(segment: Segment, stored: str) -> None:
    rows = _rows()
    _dice.shuffle(rows)
    rules = f"version: 1\nsources: {{transactions: t.{stored}}}\n{FEATURES}{PERSONAS}"
    files = {
        "t.csv": _written(rows, "csv"),
        f"t.{stored}": _written(rows, stored),
        "personas.yaml": rules,
    }
    done = segment("run", "--columns", NAMES, files=files)
    assert done.exit_code == 0, done.err
    found = {
        who: tuple(values)
        for who, *values in done.customers.select("customer_id", *NAMES.split(",")).rows()
    }
    for who, expected in _expected(".").items():
        assert found[who] == pytest.approx(expected, rel=1e-15), who
        assert [found[who][i] for i in SUMS] == [expected[i] for i in SUMS], who
    assert "not-added-up" not in done.err


#: cells -> what a sum of the customer is, and what is said of cells that it leaves out
LEFT_OUT: Mapping[str, tuple[list[str], str, float, str]] = {
    "too large": (
        ["1", "1e300", "-1e19"],
        "{sum: tax}",
        1,
        "2 of 3 lines (66.7 %) have a number beyond 9e18 (2)",
    ),
    "too small": (
        ["1", "1e-13"],
        "{sum: tax}",
        1,
        "1 of 2 lines (50 %) has a number below 1e-12 (1)",
    ),
    "of a mean": (
        ["3", "1e300"],
        "{mean: tax}",
        3,
        "1 of 2 lines (50 %) has a number beyond 9e18 (1)",
    ),
    "of orders": (
        ["3", "1e300"],
        "{max: tax, of: orders}",
        3,
        "1 of 2 lines (50 %) has a number beyond 9e18 (1)",
    ),
    "nothing": (["3", "", "0", "N/A", "null"], "{sum: tax}", 3, ""),
    "of rows that are not chosen": (["3", "abc"], "{sum: tax, where: {order_id: o0}}", 3, ""),
    "of an extreme": (["3", "1e300"], "{min: tax}", 3, ""),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_cells_that_are_left_out_of_a_sum_are_counted_and_said(segment: Segment, case: str) -> None:
    cells, measure, value, said = LEFT_OUT[case]
    lines = [f"a,o{i},2024-01-01,5,{cell}" for i, cell in enumerate(cells)]
    rules = (
        f"version: 1\nsources: {{transactions: t.csv}}\nfeatures:\n  mine: {measure}\n{PERSONAS}"
    )
    files = {
        "t.csv": "\n".join(["customer_id,order_id,ordered_at,amount,tax", *lines, ""]),
        "personas.yaml": rules,
    }
    done = segment("run", "--columns", "mine", files=files)
    assert done.exit_code == 0, done.err
    assert float(done.customers["mine"].item()) == value
    told = [n for n in done.manifest["notices"] if n["code"] == "not-added-up"]
    assert [n["text"] for n in told] == ([f"tax is added up, and {said}"] if said else [])


SUPPRESSED = {
    "too large": ("1e300", "a number beyond 9e18 (1)", "not-added-up"),
    "a word": ("abc", "aaa (1)", "unreadable-value"),
}


@pytest.mark.parametrize(("cell", "told", "code"), SUPPRESSED.values(), ids=SUPPRESSED)
def test_suppression_does_not_hang_on_a_sum_that_leaves_cells_out(
    segment: Segment, cell: str, told: str, code: str
) -> None:
    rules = f"version: 1\nsources: {{transactions: t.csv}}\nfeatures: {{owed: {{sum: tax}}}}\nsuppress: [{{owed: {{at_least: 100}}}}]\n{PERSONAS}"
    lines = f"customer_id,ordered_at,amount,tax\na,2024-01-01,5,{cell}\nb,2024-01-01,5,200\n"
    done = segment("run", "--json", files={"t.csv": lines, "personas.yaml": rules})
    assert done.exit_code == 3
    assert [n["code"] for n in done.said if n["level"] == "error"] == [code]
    assert told in done.out
    signed = segment(
        "run",
        "--json",
        files={"t.csv": lines, "personas.yaml": f"{rules}notices: {{{code}: warn}}\n"},
    )
    assert signed.exit_code == 0, signed.err


def test_the_order_of_rows_and_of_sums_changes_nothing() -> None:
    """Ten thousand numbers of nine places; floats of them add up to different sums in different orders."""
    numbers = [_dice.randrange(10**15) / 10**9 for _ in range(10_000)]
    sums = set()
    for _ in range(3):
        _dice.shuffle(numbers)
        found = addends(pl.col("n"))
        parts = [found.on_scale, found.large, found.rest]
        frame = pl.DataFrame({"n": numbers}).select(
            total(*(part.sum().cast(pl.Int64) for part in parts))
        )
        sums.add(frame.item())
    assert sums == {float(sum(Fraction(f"{number:.9f}") for number in numbers))}
