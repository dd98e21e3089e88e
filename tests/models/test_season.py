"""The seasonal index at its edges: which days are a year ago, and how much history is a whole year.

A year is 364 days, whole weeks. With a horizon of 28 days, what was spent 336 to 363 days ago is
compared with what was spent 0 to 363 days ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from segmentation.pipeline.compute import compute
from segmentation.rules.reading.reader import read_rules
from segmentation.scan.prepare import Request

AS_OF = date(2026, 11, 20)
RULES = """version: 1
sources: {{transactions: {path}}}
value: {{horizon: 28d, seasonal: true}}
columns: [predicted_value]
"""


def season(tmp_path: Path, spent: Mapping[int, float]) -> Any:
    """The stored model of customers who spend so much on the day so many days ago."""
    rows = "".join(
        f"c{i},{AS_OF - timedelta(days)},{amount}\n"
        for i, (days, amount) in enumerate(spent.items())
    )
    (tmp_path / "t.csv").write_text(f"customer_id,ordered_at,amount\n{rows}")
    path = tmp_path / "personas.yaml"
    path.write_text(RULES.format(path=tmp_path / "t.csv"))
    return compute(Request(read_rules(path), AS_OF, AS_OF)).cuts.values["value"]


@pytest.mark.parametrize(("oldest", "is_used"), [(362, False), (363, True), (364, True)])
def test_364_days_of_history_are_a_year(tmp_path: Path, oldest: int, is_used: bool) -> None:
    found = season(tmp_path, {0: 100, 350: 100, oldest: 100})
    assert (found["seasonal_index"] != 1.0) == is_used
    said = [note for note in found["notes"] if note.startswith("Season:")]
    told = "multiplied by" if is_used else f"{oldest + 1} days of history show no whole year"
    assert [told in note for note in said] == [True]


#: days ago of one order of 100 beside 100 today and 100 on day 350 -> (a year ago, last year)
DAYS = {
    335: (100, 300),
    336: (200, 300),
    363: (200, 300),
    364: (100, 200),
    365: (100, 200),
    400: (100, 200),
}


@pytest.mark.parametrize(("days", "spent"), DAYS.items())
def test_what_is_a_year_ago_is_told_to_the_day(
    tmp_path: Path, days: int, spent: tuple[int, int]
) -> None:
    ago, last = spent
    found = season(tmp_path, {0: 100, 350: 100, days: 100, 500: 0.01})
    assert found["seasonal_index"] == pytest.approx(ago / (last * 28 / 364))
