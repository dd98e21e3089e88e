"""A history is what runs of its dates give: sizes, labels, spend and concentration of each."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import month_ends
import polars as pl
import pytest
from harness import Segment

SIZES = ("matched", "suppressed", "outranked", "capped", "control", "exported")
SHARES = ("share_of_customers", "share_of_spend")


def audiences(found: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    names = ("persona", *SIZES, *SHARES)
    return {one["name"]: {name: one[name] for name in names} for one in found}


def labels(found: Mapping[str, Any]) -> dict[tuple[str, str | None], tuple[int, float]]:
    return {
        (one["dimension"], one["label"]): (one["customers"], one["spend"])
        for one in found["labels"]
        if one["customers"]
    }


def labels_of(customers: pl.DataFrame, dimensions: Sequence[str]) -> dict[Any, tuple[int, float]]:
    return {
        (name, label): (number, float(spend))
        for name in dimensions
        for label, number, spend in customers.group_by(name)
        .agg(pl.len(), pl.col("monetary").sum())
        .iter_rows()
    }


def top(spent: Sequence[Decimal], share: float) -> float | None:
    """The part of all spend that a share of customers made; of the last one in proportion."""
    whole = int(len(spent) * share)
    rest = Decimal(len(spent) * share - whole) * spent[whole] if whole < len(spent) else Decimal(0)
    total = sum(spent)
    return float((sum(spent[:whole]) + rest) / total) if total > 0 else None


def fewest(spent: Sequence[Decimal]) -> int | None:
    """The fewest customers who made 80 % of all spend."""
    total, made = sum(spent), Decimal(0)
    for number, one in enumerate(spent, 1):
        made += one
        if made >= total * Decimal("0.8"):
            return number if total > 0 else None
    return None


def is_what_a_run_gives(
    segment: Segment, one: Mapping[str, Any], dimensions: Sequence[str]
) -> None:
    """Hold one date of a history against the run of that date."""
    day = one["as_of"]
    run = segment("run", "--as-of", day, "--out", f"runs/{day}", "--json")
    if not one["customers"]:
        assert "no customer has an order" in run.err
        assert (one["audiences"], one["labels"], one["spend"]) == ([], [], 0)
        return
    assert run.exit_code == 0, run.err
    customers = pl.read_parquet(run.folder / run.result["folder"] / "customers.parquet")
    spent = sorted(customers["monetary"], reverse=True)
    assert (one["customers"], one["spend"]) == (customers.height, float(sum(spent))), day
    assert audiences(one["audiences"]) == audiences(run.result["personas"]), day
    assert labels(one) == labels_of(customers, dimensions), day
    shares = {share: top(spent, float(share)) for share in one["concentration"]["top"]}
    assert one["concentration"]["top"] == pytest.approx(shares, abs=1e-6), day
    assert one["concentration"]["customers_for_80"] == fewest(spent), day


SHOPS: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "ids are texts": ({}, {}),
    "ids are integers, in Parquet": ({"kind": "parquet", "integers": True}, {"kind": "parquet"}),
    "everyone": ({"integers": True}, {"base": "everyone"}),
    "a time zone": ({"zoned": True}, {"timezone": "Pacific/Auckland"}),
}
EVERY: Mapping[str, tuple[str, int, list[str]]] = {
    "months": ("month", 7, []),
    "weeks": ("week", 6, []),
    "weeks up to the first of a month": ("week", 2, ["--as-of", "2024-05-01"]),
    "quarters": ("quarter", 2, []),
}
DIMENSIONS = ("lifecycle", "shopper", "plan", "rhythm", "window", "basket", "scores")


@pytest.mark.deep
@pytest.mark.sampled(every=19)
@pytest.mark.parametrize(("every", "last", "options"), EVERY.values(), ids=EVERY)
@pytest.mark.parametrize(("shop", "rules"), SHOPS.values(), ids=SHOPS)
def test_each_date_is_what_a_run_of_that_day_gives(
    segment: Segment,
    shop: dict[str, Any],
    rules: dict[str, Any],
    every: str,
    last: int,
    options: list[str],
) -> None:
    files = {**month_ends.files(last, **shop), "personas.yaml": month_ends.rules(**rules)}
    asked = ("history", "--every", every, "--last", last, *options, "--json")
    found = segment(*asked, files=files)
    assert found.exit_code == 0, found.err
    dates = found.result["dates"]
    assert [one["ends_period"] for one in dates] == [True] * last + [False]
    for one in dates:
        is_what_a_run_gives(segment, one, DIMENSIONS)


@pytest.mark.deep
@pytest.mark.parametrize("last", [pytest.param(2, id="two"), pytest.param(12, id="a year")])
def test_each_month_of_the_sample_is_what_a_run_of_that_day_gives(
    segment: Segment, sample: Path, last: int
) -> None:
    found = segment("history", "--last", last, "--json")
    assert found.exit_code == 0, found.err
    dimensions = {one["dimension"] for one in found.result["dates"][0]["labels"]}
    assert len(dimensions) == 9
    for one in found.result["dates"]:
        is_what_a_run_gives(segment, one, [*dimensions])


MODELS = """version: 1
sources: {transactions: t.csv, customers: c.csv}
base: everyone
dimensions:
  tier: {from: predicted_value}
  stage: {from: cadence}
  breaks: {from: monetary, method: jenks, labels: [a, b, c]}
personas:
  slipping: {match: {stage: [at_risk, churned]}}
  likely: {match: {p_buy: {at_least: 0.5}}}
"""


@pytest.mark.deep
def test_models_are_fitted_to_the_customers_of_each_date(segment: Segment) -> None:
    """Before anybody had ordered, too: with base: everyone there are customers then."""
    files = {**month_ends.files(3), "personas.yaml": MODELS}
    found = segment("history", "--every", "quarter", "--last", 3, "--json", files=files)
    assert found.exit_code == 0, found.err
    dates = found.result["dates"]
    assert [one["spend"] > 0 for one in dates] == [False, True, True, True]
    assert dates[0]["customers"] > 0
    for one in dates:
        is_what_a_run_gives(segment, one, ("tier", "stage", "breaks"))


def lines_of(rows: Sequence[tuple[object, ...]]) -> bytes:
    """A Parquet file, so that ids of orders are numbers."""
    names = ("customer_id", "order_id", "ordered_at", "department", "amount")
    file = io.BytesIO()
    lines = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    lines.with_columns(pl.col("ordered_at").str.to_date()).write_parquet(file)
    return file.getvalue()


LARGEST = """version: 1
sources: {transactions: t.parquet}
features: {largest: {max: amount, of: orders}}
dimensions: {size: [{huge: {largest: {at_least: 1000000}}}, {small: otherwise}]}
"""
TOP = """version: 1
sources: {transactions: t.parquet}
dimensions: {likes: [{i: {top_department: i}}, {others: otherwise}]}
"""
GROWING: Mapping[str, tuple[str, bytes, Sequence[str]]] = {
    "orders of more, after sums that are large": (
        LARGEST,
        lines_of(
            [
                *(
                    (f"c{c}", c * 1_000_003, "2024-01-05", "a", 9999.0)
                    for c in range(50)
                    for _ in range(200)
                ),
                *((f"d{c}", 8_000_000_000 + c * 7, "2024-03-05", "a", 5.0) for c in range(50)),
            ]
        ),
        ["size"],
    ),
    "a department that comes after the date": (
        TOP,
        lines_of(
            [
                *((f"c{i}", i, "2024-01-05", d, 1.0 + i) for i, d in enumerate("hgfedcba")),
                *((f"c{i}", 20 + i, "2024-02-05", "i", 50.0) for i in range(4)),
            ]
        ),
        ["likes"],
    ),
}


@pytest.mark.parametrize("last", [1, 4])
@pytest.mark.parametrize(("rules", "lines", "dimensions"), GROWING.values(), ids=GROWING)
def test_what_comes_later_does_not_change_what_was(
    segment: Segment, rules: str, lines: bytes, dimensions: Sequence[str], last: int
) -> None:
    files = {"t.parquet": lines, "personas.yaml": rules}
    found = segment("history", "--last", last, "--json", files=files)
    assert found.exit_code == 0, found.err
    for one in found.result["dates"]:
        is_what_a_run_gives(segment, one, dimensions)
