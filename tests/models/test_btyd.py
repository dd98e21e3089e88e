"""The order model against published tables, finite differences and 50-digit arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import mpmath
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from segmentation.models.value import btyd
from segmentation.models.value.btyd import OrderModel
from segmentation.models.value.forecast import orders_if_alive, p_alive, p_order_if_alive
from segmentation.models.value.triples import Triples, compress

PUBLISHED = [
    pytest.param("bg", (0.2426, 4.4136, 0.7929, 2.4259), -9582.43, id="BG/NBD"),
    pytest.param("mbg", (0.5248, 6.183, 0.8914, 1.614), -9582.13, id="MBG/NBD"),
]
BG_CDNOW = OrderModel("bg", 0.2426, 4.4136, 0.7929, 2.4259)


@pytest.fixture(scope="module")
def cdnow(weeks) -> Triples:
    return compress(weeks.x, weeks.t_x, weeks.T, step=0.01)


@pytest.mark.parametrize(("name", "parameters", "log_likelihood"), PUBLISHED)
def test_cdnow_parameters_and_log_likelihood_are_the_published_ones(
    cdnow, name, parameters, log_likelihood
):
    found = btyd.fit(cdnow, name, penalty=0)
    model = found.model
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx(parameters, rel=1e-3)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert (found.on_bound, found.penalised, found.converged) == ((), False, True)


def test_cdnow_is_fitted_freely_when_the_data_decide(cdnow):
    assert btyd.fit(cdnow, "mbg") == btyd.fit(cdnow, "mbg", penalty=0)


def test_only_alpha_changes_with_the_unit_of_time(weeks):
    days = compress(weeks.x, weeks.t_x * 7, weeks.T * 7)
    in_days = btyd.fit(days)
    in_weeks = btyd.fit(replace(days, t_x=days.t_x / 7, T=days.T / 7))
    week, day = in_weeks.model, in_days.model
    assert (day.r, day.alpha / 7, day.a, day.b) == pytest.approx(
        (week.r, week.alpha, week.a, week.b), rel=1e-6
    )
    assert in_days.log_likelihood == pytest.approx(
        in_weeks.log_likelihood - weeks.x.sum() * np.log(7), abs=1e-6
    )


def test_fader_hardie_customer_one_buys_1_226_times_in_39_weeks():
    alive = p_alive(2, 30.43, 38.86, BG_CDNOW)
    orders = orders_if_alive(2, 38.86, 39, BG_CDNOW) * alive
    assert (float(orders), float(alive)) == pytest.approx((1.226, 0.7266), abs=5e-4)


@pytest.mark.parametrize("name", ["mbg", "bg"])
@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param((0.5, 6.0, 0.9, 1.6), id="near the optimum"),
        pytest.param((2.0, 1.0, 0.1, 8.0), id="few leave"),
        pytest.param((0.05, 60.0, 5.0, 0.2), id="most leave"),
    ],
)
def test_gradient_equals_central_differences(cdnow, name, parameters):
    def value(logs):
        return btyd.log_likelihood(OrderModel(name, *np.exp(logs)), cdnow)[0]

    step, logs = 1e-5, np.log(parameters)
    central = [(value(logs + d) - value(logs - d)) / (2 * step) for d in step * np.eye(4)]
    gradient = btyd.log_likelihood(OrderModel(name, *parameters), cdnow)[1]
    np.testing.assert_allclose(gradient, central, rtol=1e-6)


def exact_orders(model: OrderModel, x: float, T: float, horizon: float) -> mpmath.mpf:
    """Fader, Hardie and Lee's closed form as printed, in 60 digits, given alive."""
    with mpmath.workdps(60):
        r, alpha, a, b = (mpmath.mpf(v) for v in (model.r, model.alpha, model.a, model.b))
        k = x + (model.name == "mbg")
        share = (alpha + T) / (alpha + T + horizon)
        series = mpmath.hyp2f1(r + x, b + k, a + b + k - 1, 1 - share)
        return (a + b + k - 1) / (a - 1) * (1 - share ** (r + x) * series)


@pytest.mark.parametrize("name", ["mbg", "bg"])
def test_conditional_expectation_equals_mpmath_up_to_2000_orders(name):
    random = np.random.default_rng(1)
    low, high = np.log([0.05, 1.0, 0.03, 0.05]), np.log([10.0, 300.0, 20.0, 50.0])
    for _ in range(400):
        model = OrderModel(name, *np.exp(random.uniform(low, high)))
        x = float(random.choice([0, 1, 2, 5, 20, 100, 400, 1000, 2000]))
        T = x + float(random.integers(1, 1500))
        horizon = float(random.choice([1, 30, 180, 365, 2000]))
        found = float(orders_if_alive(x, T, horizon, model))
        assert found == pytest.approx(float(exact_orders(model, x, T, horizon)), rel=1e-9), model


@pytest.mark.parametrize("a", [1.0, 1.0 + 1e-12, 1.0 - 1e-7, 1.0 + 4e-6])
def test_the_hole_at_a_equal_to_one_is_closed(a):
    model = OrderModel("mbg", 0.5, 40.0, a, 1.6)
    beside = [
        float(exact_orders(OrderModel("mbg", 0.5, 40.0, a + d, 1.6), 3, 200, 180))
        for d in (-1e-4, 1e-4)
    ]
    assert float(orders_if_alive(3, 200, 180, model)) == pytest.approx(np.mean(beside), rel=1e-7)


def test_the_hole_at_a_plus_b_equal_to_one_is_closed_for_bg_one_time_buyers():
    near = [
        float(orders_if_alive(0, 200, 180, OrderModel("bg", 0.5, 40.0, 0.4, b)))
        for b in (0.6, 0.6001)
    ]
    assert near[0] == pytest.approx(near[1], rel=1e-3)


def test_expectation_stays_finite_and_plausible_in_every_corner_of_the_search():
    ends = [(np.exp(low), np.exp(high)) for low, high in btyd.BOUNDS]
    corners = np.array(np.meshgrid(*ends)).reshape(4, -1).T
    x, T = np.array([0.0, 1.0, 50.0, 1000.0]), np.array([1.0, 3.0, 900.0, 1500.0])
    for name in ("mbg", "bg"):
        for r, alpha, a, b in corners:
            model = OrderModel(name, r, alpha * 1500, a, b)
            orders = orders_if_alive(x, T, 180, model)
            most = (model.r + x) * 180 / (model.alpha + T)  # never leaving
            assert np.isfinite(orders).all(), model
            assert (orders >= -1e-9).all(), model
            assert (orders <= most * (1 + 1e-6) + 1e-9).all(), model


def test_bg_calls_every_one_time_buyer_alive_and_mbg_does_not():
    assert p_alive(0, 0, 38.86, BG_CDNOW) == 1.0
    assert 0 < p_alive(0, 0, 38.86, OrderModel("mbg", 0.5248, 6.183, 0.8914, 1.614)) < 0.5


def test_p_buy_is_a_probability_below_p_alive_and_below_expected_orders():
    x, last, age = np.array([0.0, 1, 5, 2000]), np.array([0.0, 3, 90, 3000]), np.full(4, 3000.0)
    model = OrderModel("mbg", 0.6, 60.0, 0.7, 1.4)
    alive = p_alive(x, last, age, model)
    buy = p_order_if_alive(x, age, 180, model) * alive
    assert (buy > 0).all()
    assert (buy <= alive).all()
    assert (buy <= orders_if_alive(x, age, 180, model) * alive).all()


def test_compression_is_the_same_for_any_order_of_rows_and_loses_nobody(weeks):
    shuffled = np.random.default_rng(2).permutation(len(weeks.x))
    one = compress(weeks.x, weeks.t_x, weeks.T, step=0.01)
    two = compress(weeks.x[shuffled], weeks.t_x[shuffled], weeks.T[shuffled], step=0.01)
    for name in ("x", "t_x", "T", "weight"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.customers == 2357
    assert float((one.weight * one.x).sum()) == weeks.x.sum()


def test_compression_to_weeks_merges_neighbouring_days_and_keeps_a_week_at_least():
    found = compress([0, 0, 1, 1], [0, 0, 6, 8], [1, 9, 30, 28], step=7)
    columns = [found.x.tolist(), found.t_x.tolist(), found.T.tolist(), found.weight.tolist()]
    assert columns == [[0, 1], [0, 7], [7, 28], [2, 2]]


def test_times_in_seconds_are_refused():
    with pytest.raises(ValueError, match="seconds"):
        compress([5], [10**13], [10**13])


def test_cdnow_sample_gives_all_2357_rows_of_the_published_summary(cdnow_sample, cdnow_summary):
    order_days = (
        cdnow_sample.filter(pl.col("ordered_on") <= date(1997, 9, 30))
        .group_by("customer_id", "ordered_on")
        .agg(pl.col("amount").sum())
        .sort("customer_id", "ordered_on")
    )
    on = pl.col("ordered_on")
    repeat_spend = pl.col("amount").slice(1)
    histories = (
        order_days.group_by(pl.col("customer_id").alias("ID"), maintain_order=True)
        .agg(
            (pl.len().cast(pl.Int64) - 1).alias("x"),
            ((on.last() - on.first()).dt.total_days() / 7).alias("t_x"),
            ((date(1997, 9, 30) - on.first()).dt.total_days() / 7).alias("T"),
            repeat_spend.mean().fill_null(0.0).alias("zbar"),
        )
        .with_columns(pl.col("t_x", "T", "zbar"))
    )
    assert histories.height == 2357
    published = cdnow_summary.with_columns(pl.col("t_x", "T", "zbar").cast(pl.Float64))
    assert_frame_equal(histories, published, abs_tol=0.00501, rel_tol=0)
