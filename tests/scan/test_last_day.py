"""The day of a run that names none is the last with a row that can be used, whatever the files hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from harness import Segment
from hypothesis import given
from hypothesis import strategies as st

from segmentation.measures.questions import _merge
from segmentation.scan import measuring

BOUGHT = [("a", "2024-03-01", 5.0), ("a", "2024-03-28", 5.0), ("b", "2024-03-20", 5.0)]
#: rows after those above, and the day of the run
LATER = {
    "none": ([], "2024-03-28"),
    "no amount": ([("b", "2024-03-31", None)], "2024-03-28"),
    "no customer": ([(None, "2024-03-31", 1.0)], "2024-03-28"),
    "in the future": ([("b", "2099-01-01", 1.0)], "2024-03-28"),
    "in the future, and one that counts": (
        [("b", "2099-01-01", 1.0), ("b", "2024-04-02", 1.0)],
        "2024-04-02",
    ),
    "impossible": ([("b", "9999-12-31", 1.0)], "2024-03-28"),
}
RULES = """version: 1
sources: {transactions: %s}
features:
  orders_7d: {count: orders, within: 7d}
  lines_7d: {count: lines, within: 7d}
  spend_30d: {sum: amount, within: 30d}
personas:
  recent: {match: {did: {event: purchase, within: 7d}}}
  %s
"""
MANY = "\n  ".join(
    f"n{n}: {{match: {{did: {{event: purchase, within: {n}d}}}}}}" for n in range(1, 9)
)


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("more", ["", MANY], ids=["one question", "questions looked up"])
@pytest.mark.parametrize(("later", "day"), LATER.values(), ids=LATER)
def test_windows_end_on_the_last_day_that_counts(
    segment: Segment,
    tmp_path: Path,
    later: Sequence[tuple[str | None, str, float | None]],
    day: str,
    more: str,
    form: str,
) -> None:
    names = ["customer_id", "ordered_at", "amount"]
    rows = pl.DataFrame([*BOUGHT, *later], schema=names, orient="row")
    held = rows.with_columns(pl.col("ordered_at").str.to_datetime())
    getattr(held, f"write_{form}")(tmp_path / f"t.{form}")
    rules = {"personas.yaml": RULES % (f"t.{form}", more)}
    found = segment("run", "--out", "found", files=rules)
    told = segment("run", "--out", "told", "--as-of", day, files=rules)
    assert (found.exit_code, told.exit_code) == (0, 0), (found.err, told.err)
    customers = [
        pl.read_parquet(tmp_path / out / day / "customers.parquet") for out in ("found", "told")
    ]
    assert customers[0].equals(customers[1])
    assert customers[0].height == 2


def test_files_of_parquet_are_scanned_again_only_if_the_last_day_has_no_usable_row(
    segment: Segment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = []
    real = measuring.scanned
    monkeypatch.setattr(measuring, "scanned", lambda *a: scans.append(a) or real(*a))
    for later, number in ((LATER["in the future"][0], 1), (LATER["no amount"][0], 2)):
        scans.clear()
        names = ["customer_id", "ordered_at", "amount"]
        rows = pl.DataFrame([*BOUGHT, *later], schema=names, orient="row")
        rows.with_columns(pl.col("ordered_at").str.to_datetime()).write_parquet(
            tmp_path / "t.parquet"
        )
        rules = {"personas.yaml": RULES % ("t.parquet", "")}
        assert segment("run", files=rules).exit_code == 0
        assert len(scans) == number


WORDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**63 - 1)), max_size=30)


@given(WORDS)
def test_bits_of_several_words_of_one_customer_all_count(words: list[tuple[int, int]]) -> None:
    held = np.array([0, 1, 2**62, 0])
    expected = held.copy()
    for customer, word in words:
        expected[customer] |= word
    columns = np.array(words, dtype=np.int64).reshape(-1, 2)
    _merge(held, columns[:, 0], columns[:, 1])
    assert held.tolist() == expected.tolist()
