"""The measures of a backtest, by hand on small bases and on CDNOW."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from segmentation.models.value import backtest, fit, score
from segmentation.models.value.backtest import Decile

CUTOFF, HORIZON = date(1998, 3, 31), 91


def history(purchases: pl.DataFrame, cutoff: date) -> pl.DataFrame:
    """customer_id, x, t_x, T, spend as known at the end of the cutoff day."""
    on = pl.col("ordered_on")
    return (
        purchases.filter(on <= cutoff)
        .group_by("customer_id")
        .agg(
            (on.n_unique() - 1).cast(pl.Float64).alias("x"),
            (on.max() - on.min()).dt.total_days().cast(pl.Float64).alias("t_x"),
            (cutoff - on.min()).dt.total_days().cast(pl.Float64).alias("T"),
            pl.col("amount").sum().alias("spend"),
        )
        .sort("customer_id")
    )


def brought(purchases: pl.DataFrame, customers: pl.DataFrame, after: date) -> np.ndarray:
    """What each customer spent in the horizon after a day."""
    window = pl.col("ordered_on").is_between(after, after + timedelta(HORIZON), closed="right")
    spend = purchases.filter(window).group_by("customer_id").agg(pl.col("amount").sum())
    known = customers.select("customer_id").join(
        spend, on="customer_id", how="left", maintain_order="left"
    )
    return known["amount"].fill_null(0.0).to_numpy()


@pytest.fixture(scope="module")
def past(cdnow_master):
    return history(cdnow_master, CUTOFF)


@pytest.fixture(scope="module")
def actual(cdnow_master, past):
    return brought(cdnow_master, past, CUTOFF)


def predicted(past: pl.DataFrame, model: str) -> np.ndarray:
    x, t_x, T, spend = (past[name].to_numpy() for name in ("x", "t_x", "T", "spend"))
    fitted = fit(x, t_x, T, spend / (x + 1), horizon_days=HORIZON, model=model)
    return score(x, t_x, T, spend / (x + 1), fitted)["predicted_value"]


@pytest.mark.parametrize("model", ["mbg", "bg"])
def test_cdnow_master_backtest_captures_60_percent_with_a_gini_of_76(past, actual, model):
    values = predicted(past, model)
    assert backtest.capture_top10(values, actual) >= 0.60
    assert backtest.gini(values, actual) >= 0.76
    assert abs(backtest.total_bias(values, actual)) < 0.20
    assert backtest.capture_top10_perfect(actual) == pytest.approx(0.930, abs=5e-4)


def test_cdnow_master_naive_rate_and_grid_rank_worse_than_the_model(cdnow_master, past, actual):
    naive = backtest.naive_rate(past["spend"].to_numpy(), past["T"].to_numpy(), HORIZON)
    before = history(cdnow_master, CUTOFF - timedelta(HORIZON))
    grid = backtest.fit_grid(
        before["T"],
        before["T"] - before["t_x"],
        brought(cdnow_master, before, CUTOFF - timedelta(HORIZON)),
    )
    plane = backtest.predict_grid(past["T"], past["T"] - past["t_x"], grid)
    captured = [
        backtest.capture_top10(said, actual) for said in (predicted(past, "mbg"), naive, plane)
    ]
    assert captured == pytest.approx([0.613, 0.585, 0.388], abs=2e-3)


def test_perfect_foresight_has_a_gini_of_one_and_the_reverse_minus_one():
    value = np.array([0.0, 0.0, 1.0, 5.0, 14.0])
    assert backtest.gini(value, value) == pytest.approx(1.0)
    assert backtest.gini(-value, value) == pytest.approx(-1.0)


def test_a_prediction_that_is_the_same_for_all_captures_what_chance_does():
    value = np.arange(20.0)
    assert backtest.capture_top10(np.ones(20), value) == pytest.approx(0.1)
    assert backtest.gini(np.ones(20), value) == pytest.approx(0.0, abs=1e-12)


def test_capture_counts_a_tenth_of_the_customers_even_when_that_is_a_fraction():
    assert backtest.capture([3, 2, 1, 0, 0], [8, 2, 0, 0, 0], 0.1) == pytest.approx(0.4)


def test_total_bias_is_the_excess_over_the_actual_total():
    assert backtest.total_bias([60, 60], [70, 30]) == pytest.approx(0.2)


def test_deciles_are_means_by_tenth_and_ties_share_their_actual_value():
    said = [5, 5, 4, 4, 3, 3, 2, 2, 1, 1] * 2
    came = [10, 0, 8, 0, 6, 0, 4, 0, 2, 0] * 2
    found = backtest.deciles(said, came)
    assert found[:3] == (Decile(1, 2, 5.0, 5.0), Decile(2, 2, 5.0, 5.0), Decile(3, 2, 4.0, 4.0))
    assert sum(row.customers for row in found) == 20


def test_no_measure_depends_on_the_order_of_customers(past, actual):
    values = np.round(predicted(past, "mbg"))  # many ties
    rows = np.random.default_rng(0).permutation(len(values))
    for measure in (backtest.capture_top10, backtest.gini, backtest.total_bias, backtest.deciles):
        assert measure(values, actual) == measure(values[rows], actual[rows]), measure


def test_nothing_bought_afterwards_leaves_every_share_unknown():
    for measure in (backtest.capture_top10, backtest.gini, backtest.total_bias):
        assert np.isnan(measure([1.0, 2.0], [0.0, 0.0])), measure
        assert np.isnan(measure([], [])), measure


def test_naive_rate_is_spend_per_day_so_far_times_the_horizon():
    assert backtest.naive_rate([30, 7], [60, 0], 10).tolist() == [5.0, 70.0]


def test_grid_predicts_the_mean_of_the_cell_and_elsewhere_the_mean_of_all():
    grid = backtest.fit_grid([1, 1, 9, 9], [0, 0, 8, 8], [2, 4, 0, 2], bands=2)
    assert backtest.predict_grid([1, 9, 1], [0, 8, 8], grid).tolist() == [3.0, 1.0, 2.0]


def test_a_grid_learnt_on_nobody_predicts_nothing():
    grid = backtest.fit_grid([], [], [])
    assert np.isnan(backtest.predict_grid([5.0], [2.0], grid)).all()
    assert np.isnan(backtest.capture_top10(backtest.predict_grid([5.0], [2.0], grid), [3.0]))
