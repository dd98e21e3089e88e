"""The spend model against the published fit and its own promises."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.models.value import gamma_gamma
from segmentation.models.value.gamma_gamma import SpendModel, expected_order_value

CDNOW = SpendModel(p=6.25, q=3.74, v=15.45)


@pytest.fixture(scope="module")
def repeat_spend(weeks):
    repeat = weeks.x > 0
    return weeks.x[repeat], weeks.mean_value[repeat]


def made_up(customers: int, seed: int = 3):
    random = np.random.default_rng(seed)
    orders = random.integers(2, 9, customers).astype(float)
    level = random.gamma(3.7, 1 / 15.4, customers)
    return orders, random.gamma(6.2 * orders) / (orders * level)


def test_cdnow_parameters_are_the_published_ones_for_946_customers(repeat_spend):
    found = gamma_gamma.fit(*repeat_spend)
    assert found.customers == 946
    assert (found.model.p, found.model.q, found.model.v) == pytest.approx(
        (6.25, 3.7446, 15.4477), rel=1e-3
    )
    assert (found.on_bound, found.penalised, found.notes) == ((), False, ())


def test_gradient_equals_central_differences(repeat_spend):
    spends = gamma_gamma.compress(*repeat_spend)

    def value(logs):
        return gamma_gamma.log_likelihood(SpendModel(*np.exp(logs)), spends)[0]

    step, logs = 1e-5, np.log([4.0, 2.0, 25.0])
    central = [(value(logs + d) - value(logs - d)) / (2 * step) for d in step * np.eye(3)]
    gradient = gamma_gamma.log_likelihood(SpendModel(4.0, 2.0, 25.0), spends)[1]
    np.testing.assert_allclose(gradient, central, rtol=1e-6)


def test_the_fit_does_not_depend_on_the_order_of_customers(repeat_spend):
    orders, mean_value = repeat_spend
    shuffled = np.random.default_rng(5).permutation(len(orders))
    assert gamma_gamma.fit(orders, mean_value) == gamma_gamma.fit(
        orders[shuffled], mean_value[shuffled]
    )


def test_binning_a_large_base_moves_no_parameter_by_a_thousandth(monkeypatch):
    orders, mean_value = made_up(30_000)
    exact = gamma_gamma.fit(orders, mean_value).model
    monkeypatch.setattr(gamma_gamma, "EXACT_UP_TO", 1_000)
    binned = gamma_gamma.fit(orders, mean_value).model
    assert (binned.p, binned.q, binned.v) == pytest.approx((exact.p, exact.q, exact.v), rel=1e-3)


def test_a_change_of_currency_scales_v_alone():
    orders, mean_value = made_up(2_000)
    euros = gamma_gamma.fit(orders, mean_value).model
    rupiah = gamma_gamma.fit(orders, mean_value * 19_000).model
    assert (rupiah.p, rupiah.q, rupiah.v / 19_000) == pytest.approx(
        (euros.p, euros.q, euros.v), rel=1e-6
    )


@pytest.mark.parametrize(
    ("orders", "mean_value", "expected"),
    [
        pytest.param(1, 35.0, 6.25 * 50.45 / 8.99, id="one order is shrunk"),
        pytest.param(0, 0.0, 6.25 * 15.45 / 2.74, id="no order: the mean of the base"),
        pytest.param(5, np.nan, 6.25 * 15.45 / 2.74, id="unknown mean: the mean of the base"),
        pytest.param(2, 0.0, 6.25 * 15.45 / 15.24, id="free orders pull it down"),
        pytest.param(2, -40.0, 6.25 * 15.45 / 15.24, id="a negative mean counts as zero"),
        pytest.param(5_000, 80.0, 80.0, id="many orders: the own mean"),
    ],
)
def test_expected_order_value_is_the_own_mean_shrunk_to_the_base(orders, mean_value, expected):
    found = float(expected_order_value(orders, mean_value, CDNOW))
    assert found == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(
    ("orders", "mean_value", "reason"),
    [
        pytest.param([], [], "too few (0)", id="nobody"),
        pytest.param([2.0] * 29, [10.0] * 29, "too few (29)", id="29 customers"),
        pytest.param([2.0] * 200, np.linspace(0.002, 1, 200) ** -2, "too wildly", id="q below 1"),
    ],
)
def test_a_base_that_cannot_be_modelled_gives_the_reason(orders, mean_value, reason):
    found = gamma_gamma.fit(orders, mean_value)
    assert found.model is None
    assert reason in found.notes[0]


@pytest.mark.parametrize("seed", range(8))
def test_few_customers_are_fitted_with_a_stated_penalty_and_off_the_bounds(seed):
    found = gamma_gamma.fit(*made_up(40, seed))
    assert (found.on_bound, found.penalised) == ((), True)
    assert "penalty" in found.notes[0]


def test_equal_spend_everywhere_ends_on_a_bound_and_still_expects_that_spend():
    found = gamma_gamma.fit(np.full(400, 3.0), np.full(400, 25.0))
    assert found.on_bound
    assert found.on_bound[0] in found.notes[0]
    assert float(expected_order_value(3, 25.0, found.model)) == pytest.approx(25.0, rel=1e-2)
