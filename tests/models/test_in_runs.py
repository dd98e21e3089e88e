"""Predicted value, tiers and lifecycle inside a run: edges, reuse of cuts, order, splits, bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars import selectors
from polars.testing import assert_frame_equal

from segmentation.customers.cuts import Cuts
from segmentation.customers.describe import Book, describe
from segmentation.pipeline.compute import compute
from segmentation.publish.outcome import Outcome
from segmentation.rules.reading.reader import read_rules
from segmentation.scan.prepare import Request

RULES = """
version: 1
sources: {transactions: lines*.csv}
dimensions:
  value_tier: {from: predicted_value, shares: [50, 30, 15, 5]}
  lifecycle: {from: cadence}
columns: [order_days, repeat_order_value, p_alive, expected_orders, expected_order_value,
          predicted_value, p_buy, expected_gap_days, overdue_ratio]
"""
FEATURES = ("p_alive", "expected_orders", "expected_order_value", "predicted_value", "p_buy")
END = date(2026, 11, 20)
Lines = list[tuple[str, date, float]]


@dataclass(frozen=True)
class Shop:
    """A folder with lines.csv and personas.yaml, computed on demand."""

    folder: Path

    def run(
        self,
        lines: Lines,
        rules: str = "",
        *,
        cuts: Path | None = None,
        parts: int = 1,
        dimension: str = "",
    ) -> Outcome:
        for old in self.folder.glob("lines*.csv"):
            old.unlink()
        for part in range(parts):
            rows = [f"{c},{d},{a}" for c, d, a in lines[part::parts]]
            text = "\n".join(["customer_id,ordered_at,amount", *rows])
            (self.folder / f"lines{part}.csv").write_text(text + "\n")
        path = self.folder / "personas.yaml"
        text = RULES.replace("lines*", str(self.folder / "lines*")) + rules
        path.write_text(text.replace("dimensions:\n", f"dimensions:\n{dimension}"))
        return compute(Request(read_rules(path), END, END, cuts=cuts))


def said_by(outcome: Outcome) -> list[str]:
    return [n.text for n in outcome.notices]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def lines_of(customers: int, *, seed: int = 5, days: int = 600) -> Lines:
    """Customers who buy at their own pace, some until they stop."""
    random = np.random.default_rng(seed)
    lines: Lines = []
    for i in range(customers):
        day, stays = int(random.integers(0, days)), random.random(60) > 0.25
        pace, price = random.gamma(1.0, 40) + 2, random.gamma(6, 8) + 5
        for goes_on in stays:
            if day > days:
                break
            bought = END - timedelta(days - day)
            lines.append((f"c{i:04}", bought, round(price * random.gamma(9, 1 / 9), 2)))
            if not goes_on:
                break
            day += max(int(random.exponential(pace)), 1)
    return lines


def on(customer: str, *days_ago: int, amount: float = 20.0) -> Lines:
    return [(customer, END - timedelta(d), amount) for d in days_ago]


def everyone(customers: int, *days_ago: int) -> Lines:
    return [line for i in range(customers) for line in on(f"c{i}", *days_ago)]


MANY = lines_of(450)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One run of MANY for the tests that only look at it."""
    return Shop(tmp_path_factory.mktemp("many")).run(MANY)


@pytest.fixture
def stored(many: Outcome, tmp_path: Path) -> Path:
    """Its cuts.json."""
    path = tmp_path / "cuts.json"
    path.write_text(many.cuts.to_json())
    return path


EDGES = [
    pytest.param(
        [line for i in range(400) for line in on(f"c{i}", i % 300)],
        [
            "value: Orders: none of 400 customers has ordered on a second day",
            "no customer has a predicted_value above zero, so everybody is in t4",
            "cadence: nobody has ordered on two days",
        ],
        id="nobody repeats",
    ),
    pytest.param(
        on("only", 90, 60, 30),
        ["value: Orders: 1 customer cannot show a pattern"],
        id="one customer",
    ),
    pytest.param(
        everyone(400, 200) + everyone(90, 100) + everyone(60, 20),
        ["nobody is in"],
        id="all first purchases on one day",
    ),
    pytest.param(
        [line for i in range(500) for line in on(f"c{i}", 300, 300 - i % 290)],
        [],
        id="everybody repeats",
    ),
    pytest.param(
        MANY + [(c, d, -2 * a) for c, d, a in MANY if c < "c0040"] + on("free", 10, 4, amount=0),
        [],
        id="zero and negative spend",
    ),
    pytest.param(
        MANY + [("daily", END - timedelta(d), 3.0) for d in range(3000)],
        [],
        id="x in the thousands",
    ),
    pytest.param(
        [(c, d, a) for c, d, a in MANY if d > END - timedelta(60)],
        ["Horizon: 180 days are more than the"],
        id="horizon longer than history",
    ),
    pytest.param(
        lines_of(120),
        ["120 customers are too few (fewer than 300) to tell how soon customers leave for good"],
        id="fewer than 300",
    ),
    pytest.param(
        [line for i in range(400) for line in on(f"c{i}", *range(0, 200, 5 + i % 20))],
        [
            "do not tell clearly how soon customers leave for good, so that estimate is held back from extremes "
            "(the free fit ran"
        ],
        id="a fit that hits a bound",
    ),
    pytest.param(everyone(350, 100, 10), ["value_tier"], id="heavy ties leave tiers empty"),
]


@pytest.mark.parametrize(("lines", "warnings"), EDGES)
def test_odd_bases_are_scored_or_left_missing_and_what_was_done_is_said(shop, lines, warnings):
    found = shop.run(lines)
    for said in warnings:
        assert any(
            said in w or said in w.replace("predicted_value tiers", "value_tier")
            for w in said_by(found)
        ), (said, said_by(found))
    for name in FEATURES:
        values = found.customers[name]
        assert values.is_finite().all(), name  # missing is not finite, and not false
        assert (values.drop_nulls() >= 0).all(), name
    assert found.customers["lifecycle"].null_count() == 0
    assert found.customers["value_tier"].is_in(["t1", "t2", "t3", "t4"]).all()
    assert Cuts.from_json(found.cuts.to_json()) == found.cuts


def test_a_base_without_repeats_scores_as_missing_and_everybody_is_new(shop):
    found = shop.run([line for i in range(40) for line in on(f"c{i}", i)]).customers
    assert found["predicted_value"].null_count() == 40
    assert set(found["value_tier"]) == {"t4"}
    assert set(found["lifecycle"]) == {"new"}


def test_the_most_valuable_tier_brings_its_share_and_is_called_t1(many):
    customers = many.customers
    by_tier = (
        customers.group_by("value_tier").agg(pl.col("predicted_value").sum()).sort("value_tier")
    )
    shares = (by_tier["predicted_value"] / customers["predicted_value"].sum()).to_list()
    assert shares == pytest.approx([0.50, 0.30, 0.15, 0.05], abs=0.01)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(
            "  by: {from: predicted_value, method: quantiles, shares: [10, 90]}", id="quantiles"
        ),
        pytest.param("  by: {from: predicted_value, method: jenks, labels: [a, b, c]}", id="jenks"),
        pytest.param("  by: {from: monetary, labels: [gold, silver, bronze, tin]}", id="of money"),
        pytest.param("  by: {from: p_buy, method: quantiles, shares: [50, 50]}", id="of a share"),
    ],
)
def test_tiers_of_any_number_rank_its_values(shop, rules):
    found = shop.run(MANY, dimension=f"{rules}\n")
    feature = next(f for f in ("predicted_value", "monetary", "p_buy") if f in rules)
    edges = found.customers.group_by("by").agg(
        pl.col(feature).min().alias("low"), pl.col(feature).max().alias("high")
    )
    ranked = edges.sort("low", descending=True)
    assert (ranked["low"].head(-1).to_numpy() > ranked["high"].tail(-1).to_numpy()).all()
    assert ranked["by"].to_list() == list(found.request.rules.dimensions["by"].labels)


def test_rows_in_any_order_and_files_split_anyhow_give_the_same_customers_and_cuts(shop, many):
    one = many
    shuffled = [MANY[i] for i in np.random.default_rng(0).permutation(len(MANY))]
    for other in (shop.run(shuffled), shop.run(shuffled, parts=5)):
        assert other.cuts.to_json() == one.cuts.to_json()
        assert_frame_equal(other.customers, one.customers, check_exact=True)


def test_describing_slices_is_slicing_the_description_to_the_last_bit(many):
    found = many
    book = Book(found.request.rules, {})
    names = (*FEATURES, "value_tier", "lifecycle", "overdue_ratio")
    nodes = [node for name in names if (node := book.node(name)) is not None]
    measured = found.customers.select(
        "customer_id",
        "frequency",
        "_order_days",
        "order_days",
        "first_order_on",
        "last_order_on",
        "_bought",
        "_returned",
    )
    parts = [describe(book, nodes, measured.slice(i, 97), found.cuts) for i in range(0, 450, 97)]
    assert_frame_equal(
        pl.concat(parts).select(names), found.customers.select(names), check_exact=True
    )


def test_cuts_of_a_former_run_score_the_same_customers_the_same(shop, many, stored):
    again = shop.run(MANY, cuts=stored)
    assert_frame_equal(again.customers, many.customers, check_exact=True)
    assert again.cuts == many.cuts
    assert not [w for w in said_by(again) if "fitted anew" in w]


def test_frozen_cuts_score_a_customer_alone_as_in_the_crowd(shop, many, stored):
    some = [line for line in MANY if line[0] in ("c0003", "c0400")]
    few = shop.run(some, cuts=stored).customers.select(
        "customer_id", *FEATURES, "value_tier", "lifecycle"
    )
    crowd = many.customers.filter(pl.col("customer_id").is_in(["c0003", "c0400"]))
    assert_frame_equal(few, crowd.select(few.columns), check_exact=True)


@pytest.mark.parametrize(
    ("asked", "key", "value"),
    [
        ("horizon: 90d", "horizon_days", 90),
        ("model: bg", "model", "bg"),
        ("seasonal: true", "seasonal_index", pytest.approx(1.0, abs=0.9)),
    ],
)
def test_a_stored_model_that_answers_another_question_is_fitted_anew_and_it_is_said(
    shop, stored, asked, key, value
):
    found = shop.run(MANY, f"value: {{{asked}}}\n", cuts=stored)
    assert found.cuts.values["value"][key] == value
    assert any("fitted anew" in w and "value" in w for w in said_by(found))


def test_cuts_json_carries_the_model_under_value(many):
    stored = json.loads(many.cuts.to_json())
    wanted = {
        "model",
        "r",
        "alpha",
        "a",
        "b",
        "p",
        "q",
        "v",
        "log_likelihood",
        "customers",
        "triples",
        "horizon_days",
        "on_bound",
        "penalised",
        "notes",
    }
    assert wanted <= stored["value"].keys()
    assert "value" not in stored["values"]
    assert (stored["value"]["model"], stored["value"]["customers"]) == ("mbg", 450)


def test_nothing_is_fitted_that_no_rule_or_column_asks_for(tmp_path):
    (tmp_path / "lines.csv").write_text("customer_id,ordered_at,amount\na,2026-01-01,5\n")
    path = tmp_path / "plain.yaml"
    path.write_text(f"version: 1\nsources: {{transactions: {tmp_path}/lines.csv}}\n")
    values = compute(Request(read_rules(path), END, END)).cuts.values
    assert not {"value", "cadence"} & values.keys()


def test_same_day_orders_are_one_and_repeat_value_is_the_mean_after_the_first_day(shop):
    lines = [
        *on("a", 30, 30, 10, amount=5),
        *on("a", 0, amount=11),
        *on("b", 3, 3, amount=9),
        *on("a", 20, amount=-4),
    ]
    found = shop.run(lines).customers.select("customer_id", "order_days", "repeat_order_value")
    expected = {"customer_id": ["a", "b"], "order_days": [3, 1], "repeat_order_value": [8.0, None]}
    assert_frame_equal(found, pl.DataFrame(expected))


TEXTS = selectors.enum().cast(pl.String)  # there is no prospect among customers who all buy


def test_people_without_an_order_get_no_prediction_but_a_label(shop, many):
    returned = [("ghost", END - timedelta(3), -5.0)]
    found = shop.run(MANY + returned, "base: everyone\n").customers
    ghost = found.filter(pl.col("customer_id") == "ghost")
    assert ghost.select(*FEATURES, "overdue_ratio").null_count().sum_horizontal().item() == 6
    assert ghost.select("value_tier", "lifecycle").row(0) == ("t4", "prospect")
    buyers = found.filter(pl.col("customer_id") != "ghost").with_columns(TEXTS)
    others = many.customers.select(buyers.columns).with_columns(TEXTS)
    assert_frame_equal(buyers, others, check_exact=True)


def test_a_seasonal_index_scales_value_by_the_same_days_a_year_ago_and_is_said(shop, many):
    plain, season = many, shop.run(MANY, "value: {seasonal: true}\n")
    index = season.cuts.values["value"]["seasonal_index"]
    days = pl.Series([(END - d).days for _, d, _ in MANY])
    spent = pl.Series([a for *_, a in MANY])
    ago = spent.filter((days < 364) & (days >= 364 - 180)).sum()
    assert index == pytest.approx(ago / (spent.filter(days < 364).sum() * 180 / 364))
    assert any(f"multiplied by {index:.3f}" in w for w in said_by(season))
    expected = plain.customers["predicted_value"] * index
    assert season.customers["predicted_value"].to_list() == pytest.approx(expected.to_list())


def test_a_seasonal_index_without_a_year_of_history_is_not_used_and_that_is_said(shop):
    found = shop.run(lines_of(400, days=200), "value: {seasonal: true}\n")
    assert found.cuts.values["value"]["seasonal_index"] == 1.0
    assert any("show no whole year: no season used" in w for w in said_by(found))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"value": {"model": "mbg"}}, id="a model without parameters"),
        pytest.param({"values": {"cadence": {"gaps": 3}}}, id="half a cadence"),
    ],
)
def test_stored_models_that_cannot_be_are_refused(many, change):
    stored = json.loads(many.cuts.to_json())
    with pytest.raises((ValueError, KeyError, TypeError)):
        Cuts.from_json(json.dumps({**stored, **change}))


def test_cdnow_sample_through_the_pipeline_gives_all_2357_rows_of_the_published_summary(
    tmp_path, cdnow_sample, cdnow_summary
):
    # eight customers bought one free CD and nothing else: 0.00 is no order here, so it costs 0.0001
    paid = pl.col("amount").clip(lower_bound=0.0001)
    cdnow_sample.select("customer_id", pl.col("ordered_on").alias("ordered_at"), paid).write_csv(
        tmp_path / "cdnow.csv"
    )
    path = tmp_path / "personas.yaml"
    path.write_text(
        f"version: 1\nsources: {{transactions: {tmp_path}/cdnow.csv}}\n"
        "columns: [order_days, repeat_order_value]\n"
    )
    found = compute(Request(read_rules(path), END, date(1997, 9, 30))).customers
    longevity, recency = pl.col("longevity_days"), pl.col("recency_days")
    weeks = found.select(
        pl.col("customer_id").cast(pl.Int64).alias("ID"),
        (pl.col("order_days") - 1).alias("x"),
        ((longevity - recency) / 7).alias("t_x"),
        (longevity / 7).alias("T"),
        pl.col("repeat_order_value").fill_null(0.0).alias("zbar"),
    ).sort("ID")
    assert weeks.height == 2357
    assert_frame_equal(
        weeks,
        cdnow_summary.select(weeks.columns).sort("ID"),
        check_dtypes=False,
        rel_tol=0,
        abs_tol=0.00501,
    )
