"""How rows are ordered, and how they are cut into files, changes nothing of who is suppressed."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from drawing import drawn
from hypothesis import given
from hypothesis import strategies as st

from segmentation.messages.errors import SegmentationError
from segmentation.pipeline.compute import compute
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.yaml import loads
from segmentation.scan.prepare import Request

AS_OF = date(2026, 3, 10)
MET = "1,2026-03-01,complaint"  # every file has a row that meets, so that each can stand alone
IDS = ("1", "2", "2.0", "002", "3", "c3", " 4", "4.0", "x", "", "5.0")
DAYS = ("2026-03-01", "2026-03-09", "?", "2025-01-01")
ROWS = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(DAYS), st.sampled_from(("complaint", "login"))),
    max_size=12,
).map(lambda rows: [",".join(row) for row in rows])
RULES = """\
version: 1
sources: {transactions: "<folder>/t.csv", events: "<folder>/in/*.csv"}
personas: {p: {}}
suppress: [{did: {event: complaint, within: 30d}}]
"""


def outcome(files: Sequence[Sequence[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """Who is left, and what the run stops for: the kinds of ids, and everything else."""
    with tempfile.TemporaryDirectory() as folder:
        orders = "".join(f"{i},2026-03-10,5\n" for i in range(1, 6))
        Path(folder, "t.csv").write_text("customer_id,ordered_at,amount\n" + orders)
        Path(folder, "in").mkdir()
        for number, rows in enumerate(files):
            text = "\n".join(["customer_id,occurred_at,event", MET, *rows, ""])
            Path(folder, "in", f"{number}.csv").write_text(text)
        rules = parse_rules(loads(RULES.replace("<folder>", folder), "personas.yaml"))
        try:
            found = compute(Request(rules, date(2026, 4, 1), AS_OF))
        except SegmentationError as error:
            kinds = {
                k
                for k in ("would without", "nor whom", "none of them")
                for p in error.problems
                if k in p.what
            }
            return frozenset(), frozenset(kinds)
        [audience] = found.audiences
        return frozenset(found.customers.filter(audience.exported)["customer_id"]), frozenset()


@pytest.mark.deep
@drawn(25)
@given(ROWS, st.integers(0, 99))
def test_shuffling_rows_changes_nothing(rows: list[str], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert outcome([shuffled]) == outcome([rows])


@pytest.mark.deep
@drawn(25)
@given(ROWS, st.integers(1, 4), st.integers(0, 99))
def test_splitting_files_changes_nothing(rows: list[str], parts: int, seed: int) -> None:
    chosen = random.Random(seed)
    files: list[list[str]] = [[] for _ in range(parts)]
    for row in rows:
        chosen.choice(files).append(row)
    assert outcome(files) == outcome([rows])
