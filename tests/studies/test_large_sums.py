"""Sums of money over customers who have almost what 64 bits hold: every part is what Python's integers say.

Two dozen customers have 1.9e15 in all; 64 bits of 1/10,000 end at 9.2e14.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from harness import Segment

from segmentation.rules.value_settings import YEAR

DAYS = 480  # with an order of each
CUSTOMERS = [f"c{i:02}" for i in range(24)]
AMOUNTS = {who: 199_999_999_999 - 3_000_000_001 * i for i, who in enumerate(CUSTOMERS)}
SPENT = {who: DAYS * (amount + Fraction(1, 4)) for who, amount in AMOUNTS.items()}
RULES = """
version: 1
sources: {transactions: t.csv}
dimensions:
  tier: {from: monetary, shares: [50, 30, 20]}
  worth: {from: predicted_value, shares: [50, 30, 20]}
personas:
  half: {match: {monetary: {top_percent: 50}}}
"""
Shares = list[float | None]


def _lines() -> str:
    first = date(2022, 1, 1)
    rows = [
        f"{who},{first + timedelta(day + i)},{amount}.25"
        for i, (who, amount) in enumerate(AMOUNTS.items())
        for day in range(DAYS)
    ]
    return "\n".join(["customer_id,ordered_at,amount", *rows, ""])


def _part(spends: list[Fraction], of: Fraction) -> float:
    return round(float(sum(spends) / of), 6)


ALL = sum(SPENT.values(), start=Fraction(0))
RANKED = sorted(SPENT.values(), reverse=True)
HALF = _part(RANKED[:12], ALL)


def _tiers() -> Shares:
    """The fewest who hold 50 %, then 80 %, and the rest."""
    reached = [sum(RANKED[: n + 1]) for n in range(len(RANKED))]
    first, second = (
        next(n for n, sum_ in enumerate(reached, 1) if sum_ >= ALL * part)
        for part in (Fraction(1, 2), Fraction(4, 5))
    )
    return [
        _part(RANKED[:first], ALL),
        _part(RANKED[first:second], ALL),
        _part(RANKED[second:], ALL),
    ]


def _top() -> Shares:
    """The spend of 1, 5, 10 and 20 % of the customers, of the last one in proportion."""
    found = []
    for share in (Fraction(1, 100), Fraction(5, 100), Fraction(10, 100), Fraction(20, 100)):
        whole = math.floor(share * len(RANKED))
        rest = RANKED[whole] * (share * len(RANKED) - whole)
        found.append(_part([*RANKED[:whole], rest], ALL))
    return found


def _of_concentration(one: Any) -> list[Any]:
    return [*one["top"].values(), one["customers_for_80"]]


CONCENTRATION = [*_top(), next(n for n in range(24) if sum(RANKED[:n]) >= ALL * Fraction(4, 5))]
Read = Callable[[Any], object]
LAST = ["history", "--last", "1"]
#: what it is -> the command, where it says that, and what it is
SUMS: Mapping[str, tuple[list[str], Read, object]] = {
    "an audience of a run": (
        ["run"],
        lambda found: [one["share_of_spend"] for one in found["personas"]],
        [HALF],
    ),
    "concentration of value": (
        ["value"],
        lambda found: _of_concentration(found["concentration"]),
        CONCENTRATION,
    ),
    "the sum in history": (LAST, lambda found: found["dates"][-1]["spend"], float(ALL)),
    "concentration in history": (
        LAST,
        lambda found: _of_concentration(found["dates"][-1]["concentration"]),
        CONCENTRATION,
    ),
    "an audience in history": (
        LAST,
        lambda found: [one["share_of_spend"] for one in found["dates"][-1]["audiences"]],
        [HALF],
    ),
    "labels in history": (
        [*LAST, "--dimension", "tier"],
        lambda found: [one["share_of_spend"] for one in found["dates"][-1]["labels"]],
        _tiers(),
    ),
}


@pytest.mark.parametrize("case", SUMS)
def test_sums_of_money_over_all_customers_are_exact(segment: Segment, case: str) -> None:
    command, read, expected = SUMS[case]
    result = segment(*command, "--json", files={"t.csv": _lines(), "personas.yaml": RULES})
    assert result.exit_code == 0, result.err
    assert read(result.result) == expected


def test_tiers_of_value_have_the_spend_of_their_customers(segment: Segment) -> None:
    files = {"t.csv": _lines(), "personas.yaml": RULES}
    tiers = segment("run", "--columns", "worth", files=files).customers
    found = segment("value", "--json").result["tiers"]
    spent = {
        label: [
            SPENT[who] for who, at in tiers.select("customer_id", "worth").rows() if at == label
        ]
        for label in tiers["worth"].unique()
    }
    shares = {one["tier"]: one["share_of_spend"] for one in found if one["customers"]}
    assert shares == {label: _part(spends, ALL) for label, spends in spent.items()}


def test_the_season_is_told_of_all_spend(segment: Segment) -> None:
    """A year ago all had an order each day; the later one begins, the fewer days it misses at the end."""
    files = {"t.csv": _lines(), "personas.yaml": RULES}
    model = segment("value", "--seasonal", "--json", files=files).result["model"]
    days = {who: YEAR - (len(CUSTOMERS) - 1 - i) for i, who in enumerate(CUSTOMERS)}
    year = sum(SPENT[who] * days[who] for who in CUSTOMERS)
    assert model["seasonal_index"] == pytest.approx(float(YEAR * ALL / year), rel=1e-12)
