"""Tiers: what each method cuts, ties, and what is left empty."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segmentation.models.value import tiers

SHARES = (50, 30, 15, 5)
QUARTERS = (25, 25, 25, 25)
METHODS = [
    partial(tiers.cumulative_shares, shares=SHARES),
    partial(tiers.quantiles, shares=QUARTERS),
    partial(tiers.jenks_log, tiers=4),
]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([40, 20, 15, 10, 5, 4, 3, 2, 1], (20.0, 10.0, 3.0), id="who crosses is above"),
        pytest.param([1] * 8, (1.0, 1.0, 1.0), id="all tied: all in tier 1"),
        pytest.param([96, 1, 1, 1, 1], (96.0, 96.0, 96.0), id="one customer is everything"),
        pytest.param([50, 30, 15, 5, 0, np.nan], (50.0, 30.0, 15.0), id="exact, zero, missing"),
        pytest.param([0, 0, np.nan], (), id="nothing to divide"),
        pytest.param([], (), id="nobody"),
        pytest.param([0, -3], (), id="whole numbers, nothing positive"),
        pytest.param([2**61] * 3 + [2**60], (2**61, 2**61, 2**60), id="a total beyond 64 bits"),
        pytest.param([10**17, 10**17 - 1, 5], (10**17 - 1,) * 3, id="beyond floats"),
    ],
)
def test_cumulative_shares_cut_50_30_15_5_percent_of_the_value(values, expected):
    assert tiers.cumulative_shares(values, SHARES) == expected


SPLITS = [(80, 20), (55, 45), (50, 30, 15, 5), (33.3, 33.3, 33.4), (0.1, 99.9), (57, 43)]


@given(
    values=st.lists(st.integers(0, 100) | st.integers(0, 2**62), min_size=1, max_size=30)
    | st.lists(st.floats(0, 100) | st.floats(0, 1e300), min_size=1, max_size=30),
    shares=st.sampled_from(SPLITS),
)
@example([14_000, 3_500], (80, 20))
@example([57, 43], (57, 43))
@example([55.0, 45.0], (55, 45))
def test_a_sum_of_numbers_that_is_exactly_a_share_ends_its_tier(values, shares):
    ranked = sorted((value for value in values if value > 0), reverse=True)
    if not ranked:
        return
    ends = [
        Fraction(str(sum(map(Decimal, map(str, shares[:i]))))) / 100 for i in range(1, len(shares))
    ]
    reached = [*itertools.accumulate(map(Fraction, ranked))]
    expected = [
        next(
            value
            for value, total in zip(ranked, reached, strict=True)
            if total >= reached[-1] * end
        )
        for end in ends
    ]
    assert tiers.cumulative_shares(values, shares) == tuple(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([8, 7, 6, 5, 4, 3, 2, 1], (7.0, 5.0, 3.0), id="quarters"),
        pytest.param([9, 1, 1, 1, 1, 1, 1, 1], (1.0, 1.0, 1.0), id="ties stay together"),
        pytest.param([0, 0, 0], (), id="nothing to divide"),
    ],
)
def test_quantiles_cut_shares_of_the_customers(values, expected):
    assert tiers.quantiles(values, QUARTERS) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([1000, 900, 100, 90, 10, 9, 1, 1.1], (900.0, 90.0, 9.0), id="decades"),
        pytest.param([7, 7, 2, 2, 0], (7.0,), id="two values make two tiers"),
        pytest.param([5, 5], (), id="one value makes one tier"),
        pytest.param([0, -3], (), id="nothing positive"),
    ],
)
def test_jenks_cuts_at_the_natural_breaks_of_the_logarithm(values, expected):
    assert tiers.jenks_log(values, 4) == expected


def test_jenks_is_exact_against_every_possible_split():
    logs = np.sort(np.random.default_rng(4).normal(3, 1, 18))
    best = min(
        (
            sum(float(((part - part.mean()) ** 2).sum()) for part in np.split(logs, [i, j, k])),
            (i, j, k),
        )
        for i in range(1, 16)
        for j in range(i + 1, 17)
        for k in range(j + 1, 18)
    )[1]
    found = tiers.jenks_log(np.exp(logs), 4)
    assert found == pytest.approx([np.exp(logs[i]) for i in reversed(best)])


def test_jenks_on_bins_cuts_close_to_where_the_exact_one_does(monkeypatch):
    values = np.exp(np.random.default_rng(5).normal(3, 1.2, 1_500))
    binned = tiers.jenks_log(values, 4)
    monkeypatch.setattr(tiers, "BINS", 2_000)
    assert binned == pytest.approx(tiers.jenks_log(values, 4), rel=0.03)


@pytest.mark.parametrize("shares", [[50, 30], [100], [120, -20], [0, 100]])
def test_shares_must_be_positive_and_add_to_100(shares):
    for method in (tiers.cumulative_shares, tiers.quantiles):
        with pytest.raises(ValueError, match="adding to 100"):
            method([1, 2, 3], shares)


@pytest.mark.parametrize("method", METHODS)
@given(
    values=st.lists(st.floats(0, 1e9) | st.just(float("nan")), max_size=40), seed=st.integers(0, 9)
)
def test_thresholds_descend_and_do_not_depend_on_the_order_of_rows(method, values, seed):
    found = method(values)
    assert list(found) == sorted(found, reverse=True)
    shuffled = np.random.default_rng(seed).permutation(np.array(values, dtype=float))
    assert method(shuffled) == found


@given(values=st.lists(st.integers(1, 50), min_size=1, max_size=60))
def test_the_top_tiers_carry_at_least_their_share_of_the_value(values):
    value = np.array(values, dtype=float)
    edges = tiers.cumulative_shares(value, SHARES)
    carried = [value[value >= edge].sum() / value.sum() for edge in edges]
    assert (np.array(carried) >= np.array([0.5, 0.8, 0.95]) - 1e-12).all()
