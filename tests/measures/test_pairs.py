"""Sums and yeses of pairs of customer and grain are exact, whatever the numbers are."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

import numpy as np
import polars as pl
import pytest
from drawing import drawn
from hypothesis import given
from hypothesis import strategies as st

from segmentation.measures import pairs as module
from segmentation.measures.folds import ANY, SUM
from segmentation.measures.grains import CUSTOMER, GRAIN
from segmentation.measures.pairs import Pairs
from segmentation.measures.parts import Part
from segmentation.rules.measures import Measure

Row = tuple[int, int, int]  # customer, grain, value
FAR = 1 << 40


def part(*, is_sum: bool) -> Part:
    fold = SUM if is_sum else ANY
    return Part("p", "p", "k", "v", Measure("count"), frozenset(), None, fold, grain="g")


def held(
    rows: Sequence[Row], *, is_sum: bool, at_once: int, settles: bool = False
) -> dict[tuple[int, int], object]:
    """What pairs hold of rows that come so many at a time, and what they hold when sent elsewhere.

    With `settles` they are added up after each time: sums are held, to which wider pairs come.
    """
    here, there = Pairs(part(is_sum=is_sum)), Pairs(part(is_sum=is_sum))
    with mock.patch.object(module, "MOST_WAITING", 4):
        for i in range(0, len(rows), at_once):
            columns = np.array(rows[i : i + at_once], np.int64).T
            here.take(columns[0], columns[1], columns[2] if is_sum else None)
            if settles:
                here.settle()
        found = here.held()
        for sent in (
            found,
            pl.DataFrame(schema={CUSTOMER: pl.Int64, GRAIN: pl.Int64, "p": pl.Int64}),
        ):
            if sent is not None:
                there.add(sent.with_columns(pl.col("p").cast(pl.Int64 if is_sum else pl.Boolean)))
    told = [
        {} if f is None else {(c, g): v for c, g, v in f.iter_rows()} for f in (found, there.held())
    ]
    assert told[0] == told[1]
    return told[0]


def expected(rows: Sequence[Row], *, is_sum: bool) -> dict[tuple[int, int], object]:
    made: dict[tuple[int, int], int] = {}
    for customer, grain, value in rows:
        made[customer, grain] = made.get((customer, grain), 0) + value
    return {**made} if is_sum else dict.fromkeys(made, True)


ROWS: dict[str, list[Row]] = {
    "none": [],
    "one": [(0, 0, 0)],
    "the same pair again and again": [(3, 5, i) for i in range(30)],
    "sums of 0": [(1, 1, 7), (1, 1, -7), (2, 2, 0)],
    "days before 1970": [(0, -25_567, 1), (0, -1, 2), (0, 0, 3), (1, -25_567, 4)],
    "grains too far from 0": [(0, FAR, 1), (0, -FAR, 2), (0, 1, 3), (0, FAR, 4), (1, 1, 5)],
    "numbers that leave no room for a pair": [(5, 9, 1 << 61), (5, 9, -(1 << 61)), (6, 9, 1)],
    "numbers that leave none after a while": [(i % 3, i % 5, 1 << (2 * i)) for i in range(30)],
    "many that are large and alike": [(0, 0, (1 << 58) + i) for i in range(24)],
    "negative and alike": [(0, i % 2, -(1 << 58)) for i in range(20)],
    "all bits of an integer": [((1 << 31) - 1, g, 1) for g in (0, (1 << 33) - 1, 7)],
    "one customer whose grains fill it": [(0, g, 1) for g in (0, (1 << 62) - 1, (1 << 63) - 1)],
    "grains at both ends": [(i, g, 3) for i, g in enumerate((-(1 << 63), (1 << 63) - 1, 0))],
    "grains at the lower end": [(1, -(1 << 63) + i, i) for i in range(9)],
    "grains that go down": [(i % 2, -i * 1000, i) for i in range(40)],
    "cents, then less": [(i % 3, 1, 100 * i if i < 20 else i) for i in range(40)],
    "customers of 31 bits": [((1 << 31) - 1 - i % 2, i % 7, i) for i in range(40)],
    "sums that grow, then customers": [(i // 30, 1, 9_999) for i in range(60)] + [(9_999, 1, 1)],
    "sums that grow, then grains": [(0, 1, 9_999)] * 60 + [(0, FAR, 1), (0, -FAR, 2)],
    "sums that grow, then parts of cents": [(0, 1, 999_900)] * 40 + [(1 << 20, 1, 1)] * 3,
    "sums that shrink, then customers": [(0, 1, -9_999)] * 60 + [(1 << 31, 1, 1)],
}


@pytest.mark.parametrize("settles", [False, True], ids=["at the end", "each time"])
@pytest.mark.parametrize("at_once", [1, 3, 20, 100])
@pytest.mark.parametrize("is_sum", [True, False], ids=["sums", "yeses"])
@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_pairs_hold_what_a_dictionary_holds(
    rows: list[Row], is_sum: bool, at_once: int, settles: bool
) -> None:
    found = held(rows, is_sum=is_sum, at_once=at_once, settles=settles)
    assert found == expected(rows, is_sum=is_sum)


GRAINS = st.one_of(st.integers(-3, 40), st.sampled_from([FAR, -FAR, (1 << 31) - 1, -(1 << 31)]))
VALUES = st.one_of(st.integers(-9, 9), st.integers(-(1 << 50), 1 << 50))


CUSTOMERS = st.one_of(st.integers(0, 5), st.sampled_from([1 << 10, 1 << 20, (1 << 31) - 1]))


@drawn(100)
@given(
    st.lists(st.tuples(CUSTOMERS, GRAINS, VALUES), max_size=40),
    st.booleans(),
    st.integers(1, 20),
    st.booleans(),
)
def test_any_pairs_do(rows: list[Row], is_sum: bool, at_once: int, settles: bool) -> None:
    found = held(rows, is_sum=is_sum, at_once=at_once, settles=settles)
    assert found == expected(rows, is_sum=is_sum)
