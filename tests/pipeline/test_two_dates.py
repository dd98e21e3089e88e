"""What was known and where we look from are two dates: rows end at one, ages count from the other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from harness import Segment

from segmentation.pipeline.compute import compute
from segmentation.rules.reading.reader import read_rules
from segmentation.scan.prepare import Request

SHOP = "customer_id,ordered_at,amount\na,2024-01-01,10\na,2024-01-05,10\nb,2024-01-08,20\n"
RULES = """
version: 1
sources: {transactions: shop.csv}
personas:
  fresh: {match: {recency_days: {at_most: 5}}}
  week: {match: {did: {event: purchase, within: 7d}}}
"""
DAY = date.fromisoformat


@pytest.mark.parametrize(
    ("as_of", "known_until", "expected"),
    [
        pytest.param(
            "2024-01-10", None, ("2024-01-10", [("a", 5, 2), ("b", 2, 1)], 0), id="one date"
        ),
        pytest.param(
            "2024-01-10", "2024-01-06", ("2024-01-06", [("a", 5, 2)], 1), id="the feed is late"
        ),
        pytest.param(
            "2024-01-10", "2024-01-03", ("2024-01-03", [("a", 9, 1)], 2), id="it is later still"
        ),
        pytest.param(
            "2024-01-06",
            "2024-01-10",
            ("2024-01-06", [("a", 1, 2)], 1),
            id="nothing looks past as_of",
        ),
        pytest.param(
            None, "2024-01-06", ("2024-01-05", [("a", 0, 2)], 1), id="as_of is the last day known"
        ),
        pytest.param(
            None, None, ("2024-01-08", [("a", 3, 2), ("b", 0, 1)], 0), id="as_of is the last day"
        ),
    ],
)
def test_rows_end_where_knowledge_ends(
    tmp_path: Path,
    as_of: str | None,
    known_until: str | None,
    expected: tuple[str, list[tuple[str, int, int]], int],
) -> None:
    (tmp_path / "shop.csv").write_text(SHOP)
    (tmp_path / "personas.yaml").write_text(RULES)
    request = Request(
        read_rules(tmp_path / "personas.yaml"),
        today=DAY("2024-02-01"),
        as_of=as_of and DAY(as_of),
        known_until=known_until and DAY(known_until),
    )
    outcome = compute(request)
    known, customers, later = expected
    assert outcome.known_until == DAY(known)
    assert outcome.customers.select("customer_id", "recency_days", "frequency").rows() == customers
    assert outcome.inputs[0].rows_set_aside.get("after as_of", 0) == later


@pytest.mark.parametrize(
    ("given", "as_of", "customers", "later"),
    [
        ([], "2024-01-08", [("a", 3, 2), ("b", 0, 1)], {}),
        (["--as-of", "2024-01-06"], "2024-01-06", [("a", 1, 2)], {"after as_of": 1}),
    ],
    ids=["the last day", "nothing looks past as_of"],
)
def test_rows_of_a_run_end_where_knowledge_ends(
    segment: Segment,
    given: list[str],
    as_of: str,
    customers: list[tuple[str, int, int]],
    later: dict[str, int],
) -> None:
    result = segment("run", *given, files={"shop.csv": SHOP, "personas.yaml": RULES})
    assert (result.exit_code, result.manifest["as_of"]) == (0, as_of)
    assert result.customers.select("customer_id", "recency_days", "frequency").rows() == customers
    assert result.manifest["inputs"][0]["rows_set_aside"] == later
