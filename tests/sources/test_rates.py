"""Amounts of several currencies in one: `rates` of a source, multiplied exactly and then rounded."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from drawing import drawn
from harness import Segment
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

HEAD = "order_id,customer_id,ordered_at,currency,amount\n"
RULES = """
version: 1
sources: {{transactions: {{path: t.csv, rejects: {{at_most: 100%}}, {keys}}}}}
personas: {{everyone: {{columns: [frequency, monetary{more}]}}}}
"""
RATES = "rates: {EUR: 1, USD: 0.92, JPY: 0.0061}"

Files = Mapping[str, str | bytes]


def lines(*rows: str, head: str = HEAD) -> dict[str, str | bytes]:
    return {"t.csv": head + "".join(f"{row}\n" for row in rows)}


def spend_of(segment: Segment, files: Files, keys: str) -> dict[str, str]:
    """What each customer spent, as the run published it."""
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys=keys, more="")})
    assert (done.exit_code, "error" in done.err) == (0, False), done.err
    found = done.customers.sort("customer_id").select("customer_id", "monetary")
    return {str(name): f"{worth:.4f}" for name, worth in found.iter_rows()}


#: files, the keys of the source -> what customers 1 and 2 spent
CONVERTED: dict[str, tuple[Files, str, list[str]]] = {
    "by the column currency": (
        lines("A,1,2026-01-01,EUR,10", "B,1,2026-01-02,USD,10", "C,2,2026-01-02,JPY,1000"),
        RATES,
        ["19.2000", "6.1000"],
    ),
    "whatever its capitals and blanks": (
        lines("A,1,2026-01-01,eur ,10", "B,1,2026-01-02, Usd,10", "C,2,2026-01-02,jPy,1000"),
        "rates: {' eur': 1, usd: 0.92, JPY: 0.0061}",
        ["19.2000", "6.1000"],
    ),
    "by a sign in the column": (
        lines("A,1,2026-01-01,€,10", "B,1,2026-01-02,$,10", "C,2,2026-01-02,¥,1000"),
        RATES,
        ["19.2000", "6.1000"],
    ),
    "by an alias": (
        lines(
            "A,1,2026-01-01,EUR,10",
            "B,2,2026-01-02,USD,10",
            head=HEAD.replace("currency", "Currency Code"),
        ),
        RATES,
        ["10.0000", "9.2000"],
    ),
    "by a column that is named": (
        lines(
            "A,1,2026-01-01,EUR,10", "B,2,2026-01-02,USD,10", head=HEAD.replace("currency", "cur")
        ),
        f"columns: {{currency: cur}}, {RATES}",
        ["10.0000", "9.2000"],
    ),
    "by one word for the file": (
        lines("A,1,2026-01-01,,10", "B,2,2026-01-02,,20", head=HEAD.replace("currency", "note")),
        f"columns: {{currency: {{constant: USD}}}}, {RATES}",
        ["9.2000", "18.4000"],
    ),
    "by what stands beside amounts": (
        lines(
            "A,1,2026-01-01,€10",
            "B,1,2026-01-02,US$ 10",
            'C,2,2026-01-02,"1,000.00 JPY"',
            head="order_id,customer_id,ordered_at,amount\n",
        ),
        RATES,
        ["19.2000", "6.1000"],
    ),
    "by both, which agree": (
        lines("A,1,2026-01-01,EUR,€10", "B,2,2026-01-02,USD,$10"),
        RATES,
        ["10.0000", "9.2000"],
    ),
    "by a column that is joined": (
        {
            **lines(
                "A,1,2026-01-01,,10", "B,2,2026-01-02,,10", head=HEAD.replace("currency", "note")
            ),
            "o.csv": "order_id,currency\nA,EUR\nB,USD\n",
        },
        f"join: {{path: o.csv, key: order_id}}, {RATES}",
        ["10.0000", "9.2000"],
    ),
    "of rows that where chooses": (
        lines("A,1,2026-01-01,EUR,10", "B,1,2026-01-01,SEK,99", "C,2,2026-01-02,USD,10"),
        f"where: {{currency: {{none_of: [SEK]}}}}, {RATES}",
        ["10.0000", "9.2000"],
    ),
    "before the amount is rounded": (
        lines("A,1,2026-01-01,USD,0.00005435", "B,2,2026-01-02,USD,1.00005434"),
        RATES,
        ["0.0001", "0.9200"],
    ),
    "of returns": (
        lines("A,1,2026-01-01,USD,10", "B,1,2026-01-02,USD,-2.5", "C,2,2026-01-02,EUR,1"),
        RATES,
        ["6.9000", "1.0000"],
    ),
    "of a formula, once": (
        lines(
            "A,1,2026-01-01,USD,10,2.50",
            "B,2,2026-01-02,EUR,0.00005,0",
            head="order_id,customer_id,ordered_at,currency,Total,Refund\n",
        ),
        f"columns: {{amount: Total - Refund}}, {RATES}",
        ["6.9000", "0.0001"],
    ),
    "of quantity and price, once": (
        lines(
            "A,1,2026-01-01,USD,100000,0.00123",
            "B,2,2026-01-02,JPY,3,1000",
            head="order_id,customer_id,ordered_at,currency,quantity,unit_price\n",
        ),
        RATES,
        ["113.1600", "18.3000"],
    ),
    "of an order, whose first line tells": (
        lines("A,1,2026-01-01,USD,10", "A,,,,", "A,,,,", "B,2,2026-01-02,EUR,7"),
        f"columns: {{amount: {{per_order: amount}}}}, {RATES}",
        ["9.2000", "7.0000"],
    ),
    "with a decimal comma": (
        lines(
            "A;1;2026-01-01;USD;1.000,50", "B;2;2026-01-02;EUR;0,25", head=HEAD.replace(",", ";")
        ),
        RATES,
        ["920.4600", "0.2500"],
    ),
    "too large for one currency, not for another": (
        lines("A,1,2026-01-01,VND,500000000000", "B,2,2026-01-02,EUR,1"),
        "rates: {EUR: 1, VND: 3.5e-5}",
        ["17500000.0000", "1.0000"],
    ),
}


@pytest.mark.parametrize(("files", "keys", "spent"), CONVERTED.values(), ids=CONVERTED)
def test_amounts_are_converted(segment: Segment, files: Files, keys: str, spent: list[str]) -> None:
    assert spend_of(segment, files, keys) == dict(zip("12", spent, strict=True))


#: rows, keys -> why the last of them is rejected
WITHOUT = {
    "no rate": (
        lines("A,1,2026-01-01,EUR,1", "B,2,2026-01-02,SEK,9"),
        RATES,
        "there is no rate for SEK",
    ),
    "no code": (
        lines("A,1,2026-01-01,EUR,1", "B,2,2026-01-02,Ann Lee,9"),
        RATES,
        "there is no rate for its currency",
    ),
    "blank": (lines("A,1,2026-01-01,EUR,1", "B,2,2026-01-02, ,9"), RATES, "currency is missing"),
    "a word for nothing": (
        lines("A,1,2026-01-01,EUR,1", "B,2,2026-01-02,NULL,9"),
        RATES,
        "currency is missing",
    ),
    "a declared word for nothing": (
        lines("A,1,2026-01-01,EUR,1", "B,2,2026-01-02,USD,9"),
        f"missing: {{currency: [USD]}}, {RATES}",
        "currency is missing",
    ),
    "another beside the amount": (
        lines("A,1,2026-01-01,EUR,€1", "B,2,2026-01-02,USD,€9"),
        RATES,
        "its currency is another than that beside its amounts",
    ),
    "nothing beside the amount": (
        lines(
            "A,1,2026-01-01,€1", "B,2,2026-01-02,9", head="order_id,customer_id,ordered_at,amount\n"
        ),
        RATES,
        "no currency with a rate stands beside its amounts, or two stand there",
    ),
    "a dollar that may be anybody's": (
        lines("A,1,2026-01-01,USD,1", "B,2,2026-01-02,$,9"),
        "rates: {USD: 1, CAD: 0.7}",
        "there is no rate for $",
    ),
    "an order without": (
        lines("A,1,2026-01-01,EUR,1", "B,2,2026-01-02,,9"),
        f"columns: {{amount: {{per_order: amount}}}}, {RATES}",
        "the currency of its order is missing",
    ),
}


@pytest.mark.parametrize(("files", "keys", "reason"), WITHOUT.values(), ids=WITHOUT)
def test_a_row_whose_currency_has_no_rate_is_rejected(
    segment: Segment, files: Files, keys: str, reason: str
) -> None:
    assert spend_of(segment, files, keys) == {"1": "1.0000"}
    rejected = pl.read_csv("audiences/latest/rejects.csv")
    assert rejected.select("line", "reason").rows() == [(3, reason)]


def test_too_many_rows_without_a_rate_stop_the_run(segment: Segment) -> None:
    rows = [f"o{n},{n},2026-01-01,{'SEK' if n % 20 == 0 else 'EUR'},1" for n in range(200)]
    rules = RULES.format(keys=RATES, more="").replace("rejects: {at_most: 100%}, ", "")
    done = segment("run", files={**lines(*rows), "personas.yaml": rules})
    assert done.exit_code == 3
    assert "10 of 200 rows are rejected" in done.err
    assert "t.csv:2: there is no rate for SEK" in done.err


#: what a file without a currency is told
UNKNOWN = {
    "no column": (
        "order_id,customer_id,ordered_at,amount\n",
        "A,1,2026-01-01,10",
        "t.csv: no column for currency",
        "columns: {currency: {constant: EUR}}",
    ),
    "one that its name tells nearly": (
        "order_id,customer_id,ordered_at,amount,Ccy\n",
        "A,1,2026-01-01,10,USD",
        "t.csv: no column for currency",
        "columns: {currency: Ccy}",
    ),
}


@pytest.mark.parametrize(("head", "row", "said", "mend"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_file_without_a_currency_is_told_what_to_write(
    segment: Segment, head: str, row: str, said: str, mend: str
) -> None:
    rules = RULES.format(keys=RATES, more="")
    done = segment("run", files={**lines(row, head=head), "personas.yaml": rules})
    assert (done.exit_code, said in done.err, mend in done.err) == (3, True, True), done.err
    followed = RULES.format(keys=f"{mend}, {RATES}", more="")
    assert segment("run", files={"personas.yaml": followed}).exit_code == 0


def test_of_two_columns_of_currencies_one_has_to_be_named(segment: Segment) -> None:
    head = "order_id,customer_id,ordered_at,amount,shop currency,currency code\n"
    files = lines("A,1,2026-01-01,10,USD,EUR", head=head)
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys=RATES, more="")})
    assert done.exit_code == 3
    assert 'currency could be read from "shop currency" or "currency code"' in done.err
    assert spend_of(segment, files, f"columns: {{currency: shop currency}}, {RATES}") == {
        "1": "9.2000"
    }


def test_an_order_in_two_currencies_stops_the_run(segment: Segment) -> None:
    keys = f"columns: {{amount: {{per_order: amount}}}}, {RATES}"
    files = lines("A,1,2026-01-01,USD,10", "A,1,2026-01-01,EUR,10")
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys=keys, more="")})
    assert done.exit_code == 3
    assert "1 order has lines with different values of what is per order" in done.err


@pytest.mark.deep
def test_all_that_is_money_is_converted_and_nothing_else(segment: Segment) -> None:
    head = (
        "order_id,customer_id,ordered_at,currency,amount,quantity,unit_price,discount,cost,points\n"
    )
    files = lines("A,1,2026-01-01,USD,10,2,5,1,3,100", head=head)
    rules = RULES.format(keys=RATES, more=", off, price, worth, items, points, margin") + (
        "features: {off: {sum: discount}, price: {max: unit_price}, worth: {sum: cost}, items: {sum: quantity}, points: {sum: points}}\n"
    )
    done = segment("run", files={**files, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    names = ("monetary", "off", "price", "worth", "items", "points", "margin")
    found = done.customers.select(names).row(0)
    assert [float(value) for value in found] == [9.2, 0.92, 4.6, 2.76, 2, 100, 3.68]


def test_products_have_a_cost_to_convert(segment: Segment) -> None:
    files = {
        **lines(
            "A,1,2026-01-01,EUR,10,p",
            "B,2,2026-01-01,EUR,10,q",
            head=HEAD.replace("\n", ",product_id\n"),
        ),
        "p.csv": "product_id,currency,cost\np,USD,5\nq,EUR,5\nr,SEK,5\ns,SEK,\n",
    }
    rules = RULES.format(keys="", more=", margin").replace(
        "{transactions",
        f"{{products: {{path: p.csv, rejects: {{at_most: 100%}}, {RATES}}}, transactions",
    )
    done = segment("run", files={**files, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert [float(m) for m in done.customers.sort("customer_id")["margin"]] == [5.4, 5.0]
    [products] = [one for one in done.manifest["inputs"] if one["table"] == "products"]
    assert (products["rows_used"], products["rows_rejected"]) == (3, 1)


def test_a_source_in_one_currency_stands_beside_one_in_several(segment: Segment) -> None:
    files = {
        **lines("A,1,2026-01-01,USD,10", "B,1,2026-01-01,EUR,10"),
        "u.csv": "order_id,customer_id,ordered_at,amount\nC,2,2026-01-01,3\n",
    }
    rules = (
        RULES.format(keys=RATES, more="")
        .replace("transactions: {", "transactions: [u.csv, {")
        .replace("}}\npersonas", "}]}\npersonas")
    )
    done = segment("run", files={**files, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert [float(m) for m in done.customers.sort("customer_id")["monetary"]] == [19.2, 3]


#: how Parquet and frames may hold the amounts 10.12345678 and 1234567.89
STORED = {
    "floats": pl.Series([10.12345678, 1234567.89]),
    "decimals": pl.Series([Decimal("10.12345678"), Decimal("1234567.89")], dtype=pl.Decimal(30, 8)),
    "texts": pl.Series(["10.12345678", "1234567.89"]),
    "categories": pl.Series(["10.12345678", "1,234,567.89"], dtype=pl.Categorical),
}


@pytest.mark.parametrize("amounts", STORED.values(), ids=STORED)
def test_stored_numbers_are_converted_as_they_are_written(
    reading: Callable[..., Any], amounts: pl.Series
) -> None:
    frame = pl.DataFrame(
        {
            "customer_id": [1, 2],
            "ordered_at": ["2026-01-01"] * 2,
            "currency": ["USD", "EUR"],
            "amount": amounts,
        }
    )
    found = reading(frame, "t.parquet", source={"rates": {"USD": 0.92, "EUR": 1.0738}})
    assert found.rows["amount"].to_list() == [93136, 13256790003]  # 9.3135802376 and 1325679.000282


# -- exactly --------------------------------------------------------------------------------------


def rounded(product: Decimal) -> int:
    return int((product * 10_000).to_integral_value(ROUND_HALF_UP))


NUMBERS = st.decimals(-99_999, 99_999, places=4) | st.decimals(-9, 9, places=9)
#: of so many digits that products lie in the middle of 1/10,000, or right beside it
RATE = st.integers(1, 20_000).map(lambda n: n / 10_000) | st.sampled_from(
    [0.5, 1.00005, 1e-5, 15.585]
)


@drawn(24, without=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NUMBERS, NUMBERS, RATE), min_size=1, max_size=30))
def test_a_product_is_rounded_as_if_it_were_worked_out_on_paper(
    reading: Callable[..., Any], rows: list[tuple[Decimal, Decimal, float]]
) -> None:
    rates = {f"C{n}": rate for n, (_, _, rate) in enumerate(rows)}
    text = "customer_id,ordered_at,currency,one,other\n" + "".join(
        f"1,2026-01-01,C{n},{one:f},{other:f}\n" for n, (one, other, _) in enumerate(rows)
    )
    source = {"rates": rates, "columns": {"amount": "one - other", "discount": "one * other"}}
    found = reading(text, source=source)
    expected = [rounded((one - other) * Decimal(str(rate))) for one, other, rate in rows]
    assert found.rows["amount"].to_list() == expected
    of_products = [rounded(one * other * Decimal(str(rate))) for one, other, rate in rows]
    assert found.rows["discount"].to_list() == of_products


def test_sums_under_rates_are_those_of_duckdb(segment: Segment, tmp_path: Path) -> None:
    """Some hundred rows of five currencies, of which many products lie in the middle of 1/10,000."""
    draw = random.Random(10)
    rates = {"EUR": "1", "USD": "0.925", "GBP": "1.15625", "JPY": "0.00625", "CHF": "1.0625"}
    text = HEAD
    for n in range(600):
        amount = f"{draw.randint(-50_000, 9_999_999) / 1000:.{draw.randint(0, 4)}f}"
        text += f"o{n},{draw.randint(1, 40)},2026-01-01,{draw.choice(list(rates))},{amount}\n"
    keys = "rates: {" + ", ".join(f"{code}: {rate}" for code, rate in rates.items()) + "}"
    spent = spend_of(segment, {"t.csv": text}, keys)
    values = ", ".join(f"('{code}', {rate}::DECIMAL(12, 8))" for code, rate in rates.items())
    oracle = duckdb.sql(f"""
        SELECT customer_id::VARCHAR, sum(round(amount::DECIMAL(18, 4) * rate, 4))::DECIMAL(20, 4)::VARCHAR
        FROM read_csv('{tmp_path / "t.csv"}', all_varchar = true) t
        JOIN (VALUES {values}) AS r(code, rate) ON t.currency = r.code
        GROUP BY ALL HAVING count(*) FILTER (amount::DOUBLE > 0) > 0
    """).fetchall()
    assert spent == dict(sorted(oracle))
