"""Fitting, storing and applying a ValueModel: edges, invariants, round trips."""

from __future__ import annotations

import json

import numpy as np
import pytest
from drawing import drawn
from hypothesis import given
from hypothesis import strategies as st

from segmentation.models.value import ValueModel, fit, score
from segmentation.models.value.scoring import FEATURES

HORIZON = 180


def made_up(customers: int, *, seed: int = 7, days: int = 730):
    """Customers of MBG/NBD with r .8, alpha 60, a .6, b 2: x, t_x, T, mean_value."""
    random = np.random.default_rng(seed)
    age = random.integers(1, days + 1, customers).astype(float)
    rate, leave = random.gamma(0.8, 1 / 60, customers), random.beta(0.6, 2.0, customers)
    x, now, last = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = np.flatnonzero(random.random(customers) >= leave)
    while len(here):
        now[here] += random.exponential(1.0, len(here)) / rate[here]
        here = here[now[here] < age[here]]
        x[here] += np.floor(now[here]) > last[here]
        last[here] = np.floor(now[here])
        here = here[random.random(len(here)) >= leave[here]]
    mean_value = random.gamma(6.2 * (x + 1)) / ((x + 1) * random.gamma(3.7, 1 / 15.4, customers))
    return x, last, age, mean_value


def columns(*rows):
    return tuple(np.array(column, dtype=float) for column in zip(*rows, strict=True))


BASE = made_up(5_000)
MODEL = fit(*BASE, horizon_days=HORIZON)


def same(one, two) -> bool:
    return all(one[name].tobytes() == two[name].tobytes() for name in FEATURES)


def test_a_fit_recovers_the_parameters_that_made_the_customers():
    model = fit(*made_up(100_000), horizon_days=HORIZON).orders
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.8, 60, 0.6, 2.0), rel=0.1)


def test_predicted_value_is_expected_orders_times_expected_order_value():
    found = score(*BASE, MODEL)
    np.testing.assert_array_equal(
        found["predicted_value"], found["expected_orders"] * found["expected_order_value"]
    )


@pytest.mark.parametrize("model", ["mbg", "bg"])
def test_a_model_survives_json_exactly_and_scores_the_same(model):
    fitted = fit(*BASE, horizon_days=HORIZON, model=model)
    loaded = ValueModel.from_json(json.loads(json.dumps(fitted.to_json())))
    assert loaded == fitted
    assert same(score(*BASE, loaded), score(*BASE, fitted))


def test_cuts_name_every_parameter_by_its_letter():
    letters = {"r", "alpha", "a", "b", "p", "q", "v"}
    about = {"model", "log_likelihood", "customers", "triples", "horizon_days"}
    assert letters | about <= MODEL.to_json().keys()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"model": "pareto"}, 'not "mbg" or "bg"', id="unknown model"),
        pytest.param({"alpha": None}, "alpha is None", id="half a model"),
        pytest.param({"a": -1.0}, "a is -1.0", id="negative"),
        pytest.param({"q": "3"}, "q is '3'", id="text"),
    ],
)
def test_a_stored_model_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        ValueModel.from_json({**MODEL.to_json(), **change})


def test_a_stored_model_with_a_key_missing_is_refused():
    stored = {key: value for key, value in MODEL.to_json().items() if key != "horizon_days"}
    with pytest.raises(ValueError, match="lacks horizon_days"):
        ValueModel.from_json(stored)


def test_the_same_customers_in_any_order_give_the_same_model_to_the_last_bit():
    shuffled = np.random.default_rng(1).permutation(len(BASE[0]))
    assert fit(*(column[shuffled] for column in BASE), horizon_days=HORIZON) == MODEL


def test_a_large_base_in_any_order_gives_the_same_model_to_the_last_bit(monkeypatch):
    monkeypatch.setattr("segmentation.models.value.fitting.EXACT_UP_TO", 100)
    monkeypatch.setattr("segmentation.models.value.gamma_gamma.EXACT_UP_TO", 100)
    one = fit(*BASE, horizon_days=HORIZON)
    two = fit(*(column[::-1] for column in BASE), horizon_days=HORIZON)
    assert one == two
    assert one.triples < MODEL.triples


@drawn(60)
@given(start=st.integers(0, 4_999), size=st.integers(0, 70), stride=st.integers(1, 5))
def test_scores_of_a_slice_are_the_slice_of_the_scores_to_the_last_bit(start, size, stride):
    part = slice(start, start + size * stride, stride)
    whole = score(*BASE, MODEL)
    assert same(
        score(*(column[part] for column in BASE), MODEL), {n: whole[n][part] for n in FEATURES}
    )


@pytest.mark.parametrize("model", ["mbg", "bg"])
def test_every_customer_alone_scores_as_in_the_crowd_to_the_last_bit(model):
    fitted = fit(*BASE, horizon_days=HORIZON, model=model)
    whole = score(*BASE, fitted)
    for row in range(400):
        alone = score(*(column[row : row + 1] for column in BASE), fitted)
        assert same(alone, {name: whole[name][row : row + 1] for name in FEATURES})


def test_scoring_in_chunks_changes_nothing(monkeypatch):
    whole = score(*BASE, MODEL)
    monkeypatch.setattr("segmentation.models.value.scoring.CHUNK", 37)
    assert same(score(*BASE, MODEL), whole)


def test_customers_without_orders_score_as_missing():
    rows = columns((np.nan, np.nan, np.nan, np.nan), (1, 20, 90, 30.0))
    found = score(*rows, MODEL)
    for name in FEATURES:
        assert np.isnan(found[name]).tolist() == [True, False], name


def test_an_empty_base_scores_as_nothing():
    none = (np.array([]),) * 4
    assert all(len(values) == 0 for values in score(*none, MODEL).values())


UNFITTABLE = [
    pytest.param((), "0 customers cannot show a pattern", id="nobody"),
    pytest.param(((3, 20, 90, 25.0),), "1 customer cannot show a pattern", id="one customer"),
    pytest.param(((0, 0, 90, 25.0),) * 400, "none of 400 customers", id="nobody repeats"),
    pytest.param(((0, 0, 1, 25.0), (0, 0, 0, 9.0)), "none of 2 customers", id="first day of trade"),
]


@pytest.mark.parametrize(("rows", "reason"), UNFITTABLE)
def test_a_base_that_cannot_be_forecast_says_why_and_scores_as_missing(rows, reason):
    base = columns(*rows) if rows else (np.array([]),) * 4
    model = fit(*base, horizon_days=HORIZON)
    assert (model.orders, model.log_likelihood) == (None, None)
    assert reason in model.notes[0]
    assert ValueModel.from_json(json.loads(json.dumps(model.to_json()))) == model
    found = score(*base, model)
    assert np.isnan(found["predicted_value"]).all()
    assert not np.isnan(found["expected_order_value"]).any()


def repeaters(customers: int):
    x, t_x, T, mean_value = made_up(customers * 4, seed=9)
    keep = np.flatnonzero(x > 0)[:customers]
    return x[keep], t_x[keep], T[keep], mean_value[keep]


def one_day(customers: int):
    random = np.random.default_rng(10)
    x = random.integers(0, 5, customers).astype(float)
    t_x = np.where(x > 0, random.integers(5, 201, customers), 0.0)
    return x, t_x, np.full(customers, 200.0), random.gamma(5, 4, customers)


def heavy_ties(customers: int):
    rows = [(0, 0, 300, 20.0)] * (customers * 3 // 4) + [(2, 100, 300, 20.0)] * (customers // 4)
    return columns(*rows)


def thousands(customers: int):
    random = np.random.default_rng(11)
    T = random.integers(3_000, 6_000, customers).astype(float)
    x = np.floor(T * random.uniform(0.3, 0.9, customers))
    return x, np.maximum(T - random.integers(0, 40, customers), x), T, random.gamma(5, 4, customers)


@pytest.mark.parametrize("model", ["mbg", "bg"])
@pytest.mark.parametrize(
    "base",
    [
        pytest.param(repeaters(1_000), id="everybody repeats"),
        pytest.param(one_day(300), id="all first purchases on one day"),
        pytest.param(heavy_ties(800), id="heavy ties"),
        pytest.param(thousands(600), id="x in the thousands"),
        pytest.param(columns((1, 10, 40, 5.0), (0, 0, 40, 5.0)), id="two customers"),
        pytest.param(columns(*[(1, 10, 40, 5.0)] * 50), id="fifty twins"),
        pytest.param(columns(*[(9, 9, 9, 5.0)] * 50), id="fifty daily buyers"),
    ],
)
def test_odd_bases_give_finite_scores_in_range(base, model):
    fitted = fit(*base, horizon_days=HORIZON, model=model)
    found = score(*base, fitted)
    assert all(np.isfinite(found[name]).all() for name in FEATURES), fitted
    assert all((found[name] >= 0).all() for name in FEATURES), fitted
    assert (found["p_alive"] <= 1).all()
    assert (found["p_buy"] <= found["p_alive"]).all()
    for letter in fitted.on_bound:
        assert any(letter in note for note in fitted.notes), fitted


def test_a_free_fit_on_a_bound_is_fitted_again_with_a_penalty_and_says_so():
    fitted = fit(*thousands(600), horizon_days=HORIZON)
    assert fitted.penalised
    assert any("the free fit ran" in note and "penalty" in note for note in fitted.notes)


@pytest.mark.parametrize(
    ("customers", "penalised"),
    [pytest.param(299, True, id="299"), pytest.param(5_000, False, id="5000")],
)
def test_fewer_than_300_customers_are_fitted_with_a_stated_penalty(customers, penalised):
    fitted = fit(*(column[:customers] for column in BASE), horizon_days=HORIZON)
    assert fitted.penalised is penalised
    assert any("penalty" in note for note in fitted.notes) is penalised


def test_zero_negative_and_unknown_spend_leaves_orders_alone_and_values_finite():
    x, t_x, T, mean_value = BASE
    spend = mean_value.copy()
    spend[0::5], spend[1::5], spend[2::5] = 0.0, -30.0, np.nan
    fitted = fit(x, t_x, T, spend, horizon_days=HORIZON)
    assert fitted.orders == MODEL.orders
    found = score(x, t_x, T, spend, fitted)
    assert (found["predicted_value"] >= 0).all()


def test_without_any_positive_spend_the_value_is_zero_and_the_reason_is_given():
    x, t_x, T, mean_value = BASE
    fitted = fit(x, t_x, T, -mean_value, horizon_days=HORIZON)
    assert (fitted.spend, fitted.base_value) == (None, 0.0)
    assert any(note.startswith("Spend:") for note in fitted.notes)
    assert (score(x, t_x, T, -mean_value, fitted)["predicted_value"] == 0).all()


def test_too_little_repeat_spend_makes_every_order_worth_the_mean_order():
    base = columns((1, 10, 40, 6.0), (0, 0, 40, 3.0), (0, 0, 30, 9.0))
    fitted = fit(*base, horizon_days=30)
    assert fitted.base_value == 6.0
    assert score(*base, fitted)["expected_order_value"].tolist() == [6.0, 6.0, 6.0]


def test_a_horizon_longer_than_the_history_is_said():
    assert any(n.startswith("Horizon:") for n in fit(*BASE, horizon_days=800).notes)
    assert not any(n.startswith("Horizon:") for n in MODEL.notes)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param((-1, 0, 9, 1.0), "1 customers have missing or impossible", id="negative x"),
        pytest.param((1, 20, 9, 1.0), "impossible", id="last order after the end"),
        pytest.param((1, np.nan, 9, 1.0), "missing", id="missing time"),
        pytest.param((1, 2, 9, np.inf), "finite", id="infinite spend"),
    ],
)
def test_impossible_customers_are_refused(row, message):
    with pytest.raises(ValueError, match=message):
        fit(*columns(row, (0, 0, 5, 1.0)), horizon_days=HORIZON)
