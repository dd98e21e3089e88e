"""`segment value` as people and programs see it, on the sample data, on CDNOW and Online Retail II."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta

import polars as pl
import pytest

BARE = "version: 1\n"
FIGURES = ("capture_top10", "capture_top10_naive", "capture_top10_perfect", "gini", "total_bias")


def shares(found: dict) -> dict[str, float]:
    return {name: found[name] for name in FIGURES}


@pytest.fixture
def cdnow(tmp_path, cdnow_master) -> str:
    renamed = cdnow_master.rename({"ordered_on": "ordered_at"})
    renamed.write_csv(tmp_path / "cdnow.csv")
    (tmp_path / "bare.yaml").write_text(BARE)
    return "cdnow.csv"


def test_cdnow_master_backtest_captures_60_percent_with_a_gini_of_76(segment, cdnow):
    done = segment("value", cdnow, "-c", "bare.yaml", "--backtest", "--cutoff", "1998-03-31",
                   "--horizon", "91d", "--json")  # fmt: skip
    assert done.exit_code == 0, done.err
    found = done.json
    assert found["capture_top10"] >= 0.60
    assert found["gini"] >= 0.76
    assert shares(found) == pytest.approx(
        {"capture_top10": 0.613, "capture_top10_naive": 0.584, "capture_top10_perfect": 0.929,
         "gini": 0.776, "total_bias": 0.107}, abs=2e-3)  # fmt: skip
    assert [row["decile"] for row in found["deciles"]] == list(range(1, 11))
    assert (found["cutoff"], found["until"], found["horizon_days"]) == (
        "1998-03-31",
        "1998-06-30",
        91,
    )
    assert found["warnings"] == []


def test_online_retail_ii_misses_a_fourth_quarter_it_has_never_seen_and_says_so(
    segment, retail, tmp_path
):
    (tmp_path / "bare.yaml").write_text(BARE)
    found = segment(
        "value", retail, "-c", "bare.yaml", "--backtest", "--horizon", "91d", "--json"
    ).json
    assert shares(found) == pytest.approx(
        {"capture_top10": 0.516, "capture_top10_naive": 0.474, "capture_top10_perfect": 0.646,
         "gini": 0.725, "total_bias": -0.313}, abs=5e-3)  # fmt: skip
    said = " ".join(found["warnings"])
    assert "below the actual one: trust the ranking, not totals" in said
    assert "has not seen: a seasonal business will differ" in said


def lines_of(customers: dict[str, list[int]], end: date = date(2026, 11, 20)) -> str:
    rows = [f"{c},{end - timedelta(d)},10" for c, days in customers.items() for d in days]
    return "\n".join(["customer_id,ordered_at,amount", *rows]) + "\n"


@pytest.fixture
def shop(segment):
    """`segment value shop.csv ARGUMENTS` over some customers' days before 2026-11-20."""

    def run(customers: dict[str, list[int]], *arguments: str):
        files = {"shop.csv": lines_of(customers), "bare.yaml": BARE}
        return segment("value", "shop.csv", "-c", "bare.yaml", *arguments, files=files)

    return run


def test_a_ranking_no_better_than_spend_by_longevity_is_said(shop):
    # whoever bought most per day so far goes on, and who has just begun stays away
    steady = {f"s{i}": list(range(0, 200, 20)) for i in range(10)}
    lapsed = {f"l{i}": list(range(95, 120, 3)) for i in range(90)}
    found = shop(steady | lapsed, "--backtest", "--horizon", "90d", "--json").json
    worse = found["capture_top10"] <= found["capture_top10_naive"]
    assert worse == any("ranks no better than spend ÷ longevity" in w for w in found["warnings"])


def test_nothing_bought_after_the_cutoff_leaves_the_shares_null(shop):
    found = shop({f"c{i}": [100 + i, 200] for i in range(40)} | {"z": [0]}, "--backtest", "--horizon", "90d",
                 "--json").json  # fmt: skip
    assert found["actual_total"] == 0
    assert set(shares(found).values()) == {None}


WRONG = [
    pytest.param(["--cutoff", "2026-01-01"], 2, "--cutoff goes with --backtest", id="no backtest"),
    pytest.param(["--backtest", "--cutoff", "soon"], 2, "--cutoff soon: this is not a date", id="no date"),
    pytest.param(["--horizon", "90"], 2, "is not a horizon", id="no horizon"),
    pytest.param(["--seasonal", "--horizon", "2y"], 2, "at the most 364 days", id="season beyond a year"),
    pytest.param(["--backtest"], 3, "there are 31 days of history", id="history too short"),
    pytest.param(["--backtest", "--horizon", "20d", "--cutoff", "2026-11-10"], 3,
                 "10 days after the cutoff: the horizon has 20", id="cutoff too late"),
    pytest.param(["--csv", "no/such/x.csv"], 3, "no/such/x.csv: this file cannot be written: No such file", id="nowhere to write"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "exit_code", "message"), WRONG)
def test_wrong_use_says_what_is_wrong(shop, arguments, exit_code, message):
    done = shop({"a": [30, 0], "b": [10]}, *arguments)
    assert message in done.err
    assert done.exit_code == exit_code


def test_a_backtest_of_standard_input_is_refused(segment):
    done = segment("value", "-", "-c", "bare.yaml", "--backtest", files={"bare.yaml": BARE})
    assert done.exit_code == 2
    assert "several times" in done.err


def test_the_plane_holds_everybody_once_and_its_shares_add_up(segment, sample):
    found = segment("value", "--json").json
    assert sum(cell["customers"] for cell in found["plane"]) == found["customers"]
    for cell in found["plane"]:
        total = sum(share or 0 for share in cell["tiers"].values())
        assert total == pytest.approx(1.0 if cell["customers"] else 0.0, abs=1e-5)
    assert sum(tier["customers"] for tier in found["tiers"]) == found["customers"]
    assert sum(tier["share_of_predicted"] for tier in found["tiers"]) == pytest.approx(
        1.0, abs=1e-5
    )


def test_concentration_is_the_share_of_spend_of_the_biggest_spenders(shop):
    buyers = {f"c{i}": [5] for i in range(18)} | {
        "big": list(range(60)),
        "mid": list(range(22)),
    }
    found = shop(buyers, "--json").json["concentration"]
    assert found["top"] == {"0.01": 0.12, "0.05": 0.6, "0.1": 0.82, "0.2": 0.84}
    assert (found["customers_for_80"], found["share_for_80"]) == (2, 0.1)


def test_all_first_purchases_on_one_day_make_one_row_of_the_plane(shop):
    found = shop({f"c{i}": [200, *range(i, 200, 20 + i)] for i in range(60)}, "--json").json
    assert {cell["longevity_days"]["up_to"] for cell in found["plane"]} == {None}


def test_one_customer_has_a_plane_too(shop):
    done = shop({"only": [50, 0]})
    assert done.exit_code == 0
    assert "1 customer cannot show a pattern" in done.err
    assert "1 customer as of 2026-11-20" in done.out


def test_csv_holds_the_plane_or_the_deciles(segment, sample):
    segment("value", "--csv", "plane.csv", "-q")
    segment("value", "--backtest", "--csv", "deciles.csv", "-q")
    plane = list(csv.DictReader((sample / "plane.csv").read_text().splitlines()))
    assert list(plane[0]) == [
        "longevity_days_from", "longevity_days_to", "recency_days_from", "recency_days_to", "customers",
        "mean_predicted_value", "share_t1", "share_t2", "share_t3", "share_t4"]  # fmt: skip
    assert len(plane) == 25
    deciles = pl.read_csv(sample / "deciles.csv")
    assert deciles.columns == ["decile", "customers", "predicted", "actual"]


def test_the_report_is_the_same_bytes_twice(segment, sample):
    one, two = (segment("value", "--json").out for _ in range(2))
    assert one == two
    assert json.loads(one)["model"]["horizon_days"] == 180


def test_people_see_the_plane_the_tiers_and_the_concentration(segment, sample):
    shown = segment("value", "--as-of", "2026-11-20").out
    for part in ("Mean predicted value by days since the first order", "Share in t1", "tier  customers",
                 "Spend so far of the top customers: 1 % → ", "80 % of spend is made by"):  # fmt: skip
        assert part in shown


@pytest.mark.parametrize(
    ("shop", "arguments"),
    [
        pytest.param("cdnow.csv", ["--cutoff", "1998-03-31", "--horizon", "91d"], id="CDNOW"),
        pytest.param("retail.parquet", ["--horizon", "91d"], id="Online Retail II"),
    ],
)
def test_the_backtests_that_the_docs_show_are_what_comes_out(
    segment, cdnow, retail, repo, tmp_path, shop, arguments
):
    (tmp_path / "retail.parquet").symlink_to(retail)
    done = segment("value", shop, "-c", "bare.yaml", "--backtest", *arguments)
    said = [line for line in done.err.splitlines() if not line.startswith("note:")]
    shown = "\n".join([*said, done.out])
    assert shown in (repo / "docs" / "value.md").read_text()
