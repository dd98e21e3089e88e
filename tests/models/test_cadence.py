"""Cadence by hand: gaps, what is learnt from returns, and the stage that follows."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from segmentation.customers.cuts import Cuts
from segmentation.customers.labels import CustomerRow
from segmentation.models import cadence
from segmentation.models.cadence import FALLBACK, FIELDS, PRIOR, Cadence
from segmentation.rules.dimensions.lifecycle import PROSPECT, STAGES, Lifecycle
from segmentation.rules.value_settings import ValueRules

START = date(2026, 1, 1)
LEARNT = Cadence(math.log(31), 2.0, 4.0, 40.0, 200.0, gaps=100, returns=60, notes=())


def histories(*gaps: list[int] | None) -> pl.Series:
    """Order days from the gaps between them; None for a customer without an order."""
    made = [
        None if g is None else [START + timedelta(int(d)) for d in np.cumsum([0, *g])] for g in gaps
    ]
    return pl.Series("_order_days", made, dtype=pl.List(pl.Date))


def shrunk(own: list[int], mean: float) -> float:
    """The formula, written out."""
    return math.expm1((sum(math.log(1 + g) for g in own) + PRIOR * mean) / (len(own) + PRIOR))


def described(
    gaps: list[list[int] | None], recency: list[int | None], learnt: Cadence
) -> pl.DataFrame:
    days = histories(*gaps)
    recency_days = pl.Series("recency_days", recency, dtype=pl.Int64)
    fields = cadence.apply(days, recency_days, learnt)
    return pl.DataFrame([days, recency_days, fields.alias("_cadence")])


def stages(customers: pl.DataFrame, lifecycle: Lifecycle, learnt: Cadence) -> list[str]:
    """The stage of each customer as a run with this cadence gives it."""
    cuts = Cuts(START, 1, {"cadence": learnt.to_json()})
    row = CustomerRow(lambda condition: pl.lit(True), lambda name: "number", cuts, ValueRules())
    return customers.select(lifecycle.expr("stage", row)).to_series().to_list()


def test_expected_gap_is_the_own_gaps_shrunk_to_the_mean_of_all():
    found = described([[10, 20], [], [3]], [5, 7, 0], LEARNT)["_cadence"].struct
    assert found.field("expected_gap_days").to_list() == pytest.approx(
        [shrunk([10, 20], math.log(31)), 30.0, shrunk([3], math.log(31))], rel=1e-9
    )
    assert found.field("overdue_ratio").to_list() == pytest.approx(
        [5 / shrunk([10, 20], math.log(31)), 7 / 30, 0.0], rel=1e-9
    )


def test_last_ratio_is_the_last_gap_over_what_had_been_expected_before_it():
    found = described([[10, 90], [45], []], [0, 0, 0], LEARNT)["_cadence"].struct
    assert found.field("last_ratio").to_list() == [
        pytest.approx(90 / shrunk([10], math.log(31))),
        pytest.approx(1.5),
        None,
    ]
    assert found.field("last_gap_days").to_list() == [90.0, 45.0, None]


def test_thresholds_are_order_statistics_of_the_ratios_at_which_past_orders_came():
    own = [[10, g] for g in range(1, 41)]
    learnt = cadence.fit(histories(*own, [], None))
    mean = (40 * math.log(11) + sum(math.log(1 + g) for g in range(1, 41))) / 80
    ratios = [g / shrunk([10], mean) for g in range(1, 41)]
    assert (learnt.gaps, learnt.returns, learnt.notes) == (80, 40, ())
    assert learnt.mean_log_gap == pytest.approx(mean, rel=1e-9)
    assert (learnt.late_ratio, learnt.lost_ratio) == pytest.approx(
        (ratios[31], ratios[37]), rel=1e-9
    )
    assert (learnt.late_days, learnt.lost_days) == (10.0, 10.0)


def test_few_returns_take_the_fallback_and_say_so():
    learnt = cadence.fit(histories([10, 20], [5]))
    assert (learnt.late_ratio, learnt.lost_ratio) == FALLBACK
    assert "only 2 customers came back" in learnt.notes[0]


def test_without_any_return_nothing_is_learnt_and_it_is_said():
    learnt = cadence.fit(histories([], []))
    assert learnt.mean_log_gap is None
    assert "nobody has ordered on two days" in learnt.notes[0]
    fields = described([[], None], [3, None], learnt)["_cadence"]
    assert fields.struct.field("overdue_ratio").to_list() == [None, None]


def test_a_cadence_survives_json():
    assert Cadence.from_json(LEARNT.to_json()) == LEARNT


def test_the_fit_does_not_depend_on_the_order_of_customers_to_the_last_bit():
    random = np.random.default_rng(3)
    own = [list(map(int, random.integers(1, 300, random.integers(0, 9)))) for _ in range(500)]
    assert cadence.fit(histories(*own)) == cadence.fit(histories(*own[::-1]))


def test_every_customer_alone_gets_what_it_gets_in_the_crowd_to_the_last_bit():
    random = np.random.default_rng(4)
    own = [list(map(int, random.integers(1, 300, random.integers(0, 9)))) for _ in range(60)]
    recency = pl.Series("recency_days", random.integers(0, 400, 60))
    days = histories(*own)
    whole = cadence.apply(days, recency, LEARNT)
    parts = [cadence.apply(days.slice(i, 1), recency.slice(i, 1), LEARNT) for i in range(60)]
    assert pl.concat(parts).equals(whole)
    assert whole.dtype == FIELDS


STAGED = [
    pytest.param([], 40, "new", id="one order, in time"),
    pytest.param([], 41, "at_risk", id="one order, late"),
    pytest.param([], 200, "at_risk", id="one order, at the edge"),
    pytest.param([], 201, "churned", id="one order, gone"),
    pytest.param([30], 59, "active", id="in time for this customer"),
    pytest.param([30], 61, "at_risk", id="late for this customer"),
    pytest.param([30], 119, "at_risk", id="not given up yet"),
    pytest.param([30], 121, "churned", id="gone for this customer"),
    pytest.param([200], 0, "active", id="a long first gap"),
    pytest.param([201], 0, "returned", id="back after a one-time buyer's lapse"),
    pytest.param([30, 119], 0, "active", id="late, but no lapse"),
    pytest.param([30, 121], 0, "returned", id="back after a lapse"),
    pytest.param([30, 121, 30], 0, "active", id="back for good"),
    pytest.param([30, 121], 400, "churned", id="back once, and gone again"),
    pytest.param(None, None, PROSPECT, id="never ordered"),
]


@pytest.mark.parametrize(("gaps", "recency", "expected"), STAGED)
def test_the_stage_follows_from_lateness(gaps, recency, expected):
    customers = described([gaps], [recency], LEARNT)
    assert stages(customers, Lifecycle((*STAGES, PROSPECT)), LEARNT) == [expected]


def test_everybody_is_new_where_nobody_ever_came_back():
    learnt = cadence.fit(histories([], []))
    customers = described([[], []], [3, 900], learnt)
    assert stages(customers, Lifecycle(), learnt) == ["new", "new"]
