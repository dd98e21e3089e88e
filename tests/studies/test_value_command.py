"""`segment value` as people and programs see it, on the sample data, on CDNOW and Online Retail II."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, timedelta

import polars as pl
import pytest
from harness import Segment

BARE = "version: 1\n"
FIGURES = ("capture_top10", "capture_top10_naive", "capture_top10_perfect", "gini", "total_bias")


def warnings(done) -> list[str]:
    return [n["text"] for n in done.said if n["level"] == "warn"]


def shares(found: dict) -> dict[str, float]:
    return {name: found[name] for name in FIGURES}


@pytest.fixture
def cdnow(tmp_path, cdnow_master) -> str:
    renamed = cdnow_master.rename({"ordered_on": "ordered_at"})
    renamed.write_csv(tmp_path / "cdnow.csv")
    (tmp_path / "bare.yaml").write_text(BARE)
    return "cdnow.csv"


def test_cdnow_master_backtest_captures_60_percent_with_a_gini_of_76(segment: Segment, cdnow):
    done = segment(
        "value",
        cdnow,
        "-c",
        "bare.yaml",
        "--backtest",
        "--cutoff",
        "1998-03-31",
        "--horizon",
        "91d",
        "--json",
    )
    assert done.exit_code == 0, done.err
    found = done.result
    assert found["capture_top10"] >= 0.60
    assert found["gini"] >= 0.76
    assert shares(found) == pytest.approx(
        {
            "capture_top10": 0.613,
            "capture_top10_naive": 0.584,
            "capture_top10_perfect": 0.929,
            "gini": 0.776,
            "total_bias": 0.107,
        },
        abs=2e-3,
    )
    assert [row["decile"] for row in found["deciles"]] == list(range(1, 11))
    assert (found["cutoff"], found["until"], found["horizon_days"]) == (
        "1998-03-31",
        "1998-06-30",
        91,
    )
    assert warnings(done) == []


def test_online_retail_ii_misses_a_fourth_quarter_it_has_never_seen_and_says_so(
    segment: Segment, retail, tmp_path
):
    (tmp_path / "bare.yaml").write_text(BARE)
    done = segment("value", retail, "-c", "bare.yaml", "--backtest", "--horizon", "91d", "--json")
    found = done.result
    assert shares(found) == pytest.approx(
        {
            "capture_top10": 0.516,
            "capture_top10_naive": 0.474,
            "capture_top10_perfect": 0.646,
            "gini": 0.725,
            "total_bias": -0.313,
        },
        abs=5e-3,
    )
    said = " ".join(warnings(done))
    assert "below the actual one: trust the ranking, not totals" in said
    assert "has not seen: a seasonal business will differ" in said


def lines_of(customers: dict[str, list[int]], end: date = date(2026, 11, 20)) -> str:
    rows = [f"{c},{end - timedelta(d)},10" for c, days in customers.items() for d in days]
    return "\n".join(["customer_id,ordered_at,amount", *rows]) + "\n"


@pytest.fixture
def shop(segment: Segment):
    """`segment value shop.csv ARGUMENTS` over some customers' days before 2026-11-20."""

    def run(customers: dict[str, list[int]], *arguments: str):
        files = {"shop.csv": lines_of(customers), "bare.yaml": BARE}
        return segment("value", "shop.csv", "-c", "bare.yaml", *arguments, files=files)

    return run


def test_a_ranking_no_better_than_spend_by_longevity_is_said(shop):
    # whoever bought most per day so far goes on, and who has just begun stays away
    steady = {f"s{i}": list(range(0, 200, 20)) for i in range(10)}
    lapsed = {f"l{i}": list(range(95, 120, 3)) for i in range(90)}
    done = shop(steady | lapsed, "--backtest", "--horizon", "90d", "--json")
    found = done.result
    worse = found["capture_top10"] <= found["capture_top10_naive"]
    assert worse == any("ranks no better than spend ÷ longevity" in w for w in warnings(done))


def test_nothing_bought_after_the_cutoff_leaves_the_shares_null(shop):
    found = shop(
        {f"c{i}": [100 + i, 200] for i in range(40)} | {"z": [0]},
        "--backtest",
        "--horizon",
        "90d",
        "--json",
    ).result
    assert found["actual_total"] == 0
    assert set(shares(found).values()) == {None}


WRONG = [
    pytest.param(["--cutoff", "2026-01-01"], 2, "--cutoff goes with --backtest", id="no backtest"),
    pytest.param(
        ["--backtest", "--cutoff", "soon"], 2, "--cutoff soon: this is not a date", id="no date"
    ),
    pytest.param(["--horizon", "90"], 2, "is not a horizon", id="no horizon"),
    pytest.param(
        ["--seasonal", "--horizon", "2y"], 2, "at the most 364 days", id="season beyond a year"
    ),
    pytest.param(
        ["--csv", "no/such/x.csv"],
        3,
        "no/such/x.csv: this file cannot be written: No such file",
        id="nowhere to write",
    ),
]


@pytest.mark.parametrize(("arguments", "exit_code", "message"), WRONG)
def test_wrong_use_says_what_is_wrong(shop, arguments, exit_code, message):
    done = shop({"a": [30, 0], "b": [10]}, *arguments)
    assert message in done.err
    assert done.exit_code == exit_code


# orders on 2026-10-21, 2026-11-10 and 2026-11-20
NO_BACKTEST = {
    "no cutoff, history too short": (
        "",
        "there are 31 days of history, 2026-10-21 to 2026-11-20: nobody had ordered by 2026-05-24, the "
        "horizon of 180 days before their end\n  Give --horizon 10d, for example.\n",
    ),
    "before everything": (
        "--cutoff 1996-01-01 --horizon 20d",
        "nobody had ordered by the cutoff 1996-01-01: the first order is "
        "of 2026-10-21\n  Give a --cutoff from 2026-10-21 to 2026-10-31.\n",
    ),
    "before everything, history too short": (
        "--cutoff 1996-01-01",
        "nobody had ordered by the cutoff 1996-01-01: the first order is of 2026-10-21\n"
        "  Give --horizon 10d and no --cutoff, for example.\n",
    ),
    "a late cutoff": (
        "--cutoff 2026-11-19 --horizon 20d",
        "the data end on 2026-11-20, 1 day after the cutoff: the horizon has "
        "20\n  Give a --cutoff from 2026-10-21 to 2026-10-31, or --horizon 1d or less.\n",
    ),
    "a late cutoff, history too short": (
        "--cutoff 2026-11-10",
        "the data end on 2026-11-20, 10 days after the cutoff: the horizon has 180\n"
        "  Give --horizon 10d or less.\n",
    ),
    "the last day": (
        "--cutoff 2026-11-20 --horizon 30d",
        "nothing comes after the cutoff 2026-11-20: the data end on 2026-11-20\n"
        "  Give --cutoff 2026-10-21.\n",
    ),
    "the last day, history too short": (
        "--cutoff 2026-11-20",
        "nothing comes after the cutoff 2026-11-20: the data end on 2026-11-20\n"
        "  Give --horizon 10d and no --cutoff, for example.\n",
    ),
    "the end of time": (
        "--cutoff 9999-12-31 --horizon 20d",
        "nothing comes after the cutoff 9999-12-31: the data end on "
        "2026-11-20\n  Give a --cutoff from 2026-10-21 to 2026-10-31.\n",
    ),
}


def advised(err: str, asked: list[str]) -> list[list[str]]:
    """The options of every call that a message advises; what it does not name stays as it was."""
    kept = dict(zip(asked[::2], asked[1::2], strict=True))
    mend = err.splitlines()[1]
    if "and no --cutoff" in mend:
        kept.pop("--cutoff")
    days = re.findall(r"\d{4}-\d{2}-\d{2}", mend)
    horizons = re.findall(r"\d+d", mend)
    calls = [{**kept, "--cutoff": d} for d in days] + [{**kept, "--horizon": h} for h in horizons]
    return [[word for pair in call.items() for word in pair] for call in calls]


@pytest.mark.parametrize(("options", "message"), NO_BACKTEST.values(), ids=NO_BACKTEST)
def test_a_backtest_that_cannot_be_says_which_could(shop, options, message):
    customers, asked = {"a": [30, 0], "b": [10]}, options.split()
    done = shop(customers, "--backtest", *asked)
    assert (done.err, done.exit_code) == (message, 3)
    calls = advised(done.err, asked)
    assert calls
    for call in calls:
        assert shop(customers, "--backtest", *call).exit_code == 0, call


def test_orders_of_one_day_cannot_be_backtested(shop):
    done = shop({"a": [0], "b": [0]}, "--backtest", "--horizon", "1d")
    assert done.err.endswith("  A backtest needs orders on two days at the least.\n")
    assert done.exit_code == 3


def test_one_day_is_no_days(shop):
    customers = {"a": [30, 0], "b": [10]}
    assert "over the next 1 day:" in shop(customers, "--horizon", "1d").out
    assert "predicted for the 1 day to" in shop(customers, "--backtest", "--horizon", "1d").out


BAD = ["x,2026-11-01,ten", "x,soon,1", "x,2026-11-01,", "x,2026-11-01,1,2"]
SAID = [
    "shop.csv:4: amount is not a number",
    "shop.csv:5: date does not fit ISO 8601",
    "shop.csv:6: amount is missing",
]


@pytest.mark.parametrize(
    "bad", [pytest.param(1, id="one"), pytest.param(3, id="three"), pytest.param(4, id="more")]
)
@pytest.mark.parametrize(
    "options",
    [pytest.param([], id="plane"), pytest.param(["--backtest", "--horizon", "9d"], id="backtest")],
)
def test_rejected_rows_are_shown_up_to_three(segment: Segment, bad, options):
    good = "customer_id,ordered_at,amount\na,2026-10-01,5\na,2026-11-02,5\n"
    more = "".join(f"b,2026-11-1{i},3\n" for i in range(6))
    files = {"shop.csv": good + "\n".join(BAD[:bad]) + f"\n{more}", "bare.yaml": BARE}
    done = segment("value", "shop.csv", "-c", "bare.yaml", *options, files=files)
    assert done.exit_code == 0
    shown = "; ".join(SAID[:bad]) + ("; …" if bad > 3 else "")
    assert done.err.startswith(
        f"shop.csv: warning: {bad} of {8 + bad} rows rejected (segment run writes them to rejects.csv): {shown}\n"
        "  Mend the export.\n"
    )


STRICT = {
    "rejected rows": (["x,soon,1"], "", 1),
    "nothing of that kind": ([], "", 0),
    "rejected rows, and the rules do not mind": (
        ["x,soon,1"],
        "notices: {rows-rejected: info}\n",
        0,
    ),
    "a note that the rules mind": ([], "notices: {without-order: warn}\n", 1),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("bad", "rules", "code"), STRICT.values(), ids=STRICT)
@pytest.mark.parametrize(
    "options",
    [pytest.param([], id="plane"), pytest.param(["--backtest", "--horizon", "9d"], id="backtest")],
)
def test_strict_writes_nothing_where_there_is_a_warning(
    segment: Segment, options, bad, rules, code
):
    mind = "notices: {model-fit: info, backtest-bias: info, backtest-season: info, backtest-ranking: info"
    rules = rules.replace("notices: {", f"{mind}, ") or f"{mind}}}\n"
    good = [
        "a,2026-10-01,5",
        "a,2026-11-02,5",
        "n,2026-10-01,-5",
        *(f"b,2026-11-1{i},3" for i in range(6)),
    ]
    lines = "\n".join(["customer_id,ordered_at,amount", *good, *bad, ""])
    call = ("value", "shop.csv", "-c", "bare.yaml", *options, "--csv", "out.csv", "--json")
    lax = segment(*call, files={"shop.csv": lines, "bare.yaml": BARE + rules})
    assert (lax.exit_code, (lax.folder / "out.csv").exists()) == (0, True), lax.err
    (lax.folder / "out.csv").unlink()
    done = segment(*call, "--strict")
    assert (done.exit_code, done.json["ok"]) == (code, code == 0), done.err
    assert (done.folder / "out.csv").exists() == (code == 0)


def test_customers_without_an_order_are_counted(segment: Segment):
    lines = "customer_id,ordered_at,amount\na,2026-10-01,5\na,2026-11-02,5\nb,2026-11-02,-5\nc,2026-11-02,0\n"
    files = {"shop.csv": lines, "bare.yaml": BARE}
    done = segment("value", "shop.csv", "-c", "bare.yaml", "--json", files=files)
    assert [n["text"] for n in done.said if n["level"] == "info"] == [
        "2 customers without an order left out"
    ]


def test_a_backtest_of_standard_input_is_refused(segment: Segment):
    done = segment("value", "-", "-c", "bare.yaml", "--backtest", files={"bare.yaml": BARE})
    assert done.exit_code == 2
    assert "several times" in done.err


def test_the_plane_holds_everybody_once_and_its_shares_add_up(segment: Segment, sample):
    found = segment("value", "--json").result
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
    found = shop(buyers, "--json").result["concentration"]
    assert found["top"] == {"0.01": 0.12, "0.05": 0.6, "0.1": 0.82, "0.2": 0.84}
    assert (found["customers_for_80"], found["share_for_80"]) == (2, 0.1)


def test_all_first_purchases_on_one_day_make_one_row_of_the_plane(shop):
    found = shop({f"c{i}": [200, *range(i, 200, 20 + i)] for i in range(60)}, "--json").result
    assert {cell["longevity_days"]["up_to"] for cell in found["plane"]} == {None}


def test_one_customer_has_a_plane_too(shop):
    done = shop({"only": [50, 0]})
    assert done.exit_code == 0
    assert "1 customer cannot show a pattern" in done.err
    assert "1 customer as of 2026-11-20" in done.out


def test_csv_holds_the_plane_or_the_deciles(segment: Segment, sample):
    segment("value", "--csv", "plane.csv", "-q")
    segment("value", "--backtest", "--csv", "deciles.csv", "-q")
    plane = list(csv.DictReader((sample / "plane.csv").read_text().splitlines()))
    assert list(plane[0]) == [
        "longevity_days_from",
        "longevity_days_to",
        "recency_days_from",
        "recency_days_to",
        "customers",
        "mean_predicted_value",
        "share_t1",
        "share_t2",
        "share_t3",
        "share_t4",
    ]
    assert len(plane) == 25
    deciles = pl.read_csv(sample / "deciles.csv")
    assert deciles.columns == ["decile", "customers", "predicted", "actual"]


def test_the_report_is_the_same_bytes_twice(segment: Segment, sample):
    one, two = (segment("value", "--json").out for _ in range(2))
    assert one == two
    assert json.loads(one)["result"]["model"]["horizon_days"] == 180


def test_people_see_the_plane_the_tiers_and_the_concentration(segment: Segment, sample):
    shown = segment("value", "--as-of", "2026-11-20").out
    for part in (
        "Mean predicted value by days since the first order",
        "Share in t1",
        "tier  customers",
        "Spend so far of the top customers: 1 % → ",
        "80 % of spend is made by",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("shop", "arguments"),
    [
        pytest.param("cdnow.csv", ["--cutoff", "1998-03-31", "--horizon", "91d"], id="CDNOW"),
        pytest.param("retail.parquet", ["--horizon", "91d"], id="Online Retail II"),
    ],
)
def test_the_backtests_that_the_docs_show_are_what_comes_out(
    segment: Segment, cdnow, retail, repo, tmp_path, shop, arguments
):
    (tmp_path / "retail.parquet").symlink_to(retail)
    done = segment("value", shop, "-c", "bare.yaml", "--backtest", *arguments)
    said = [line for line in done.err.splitlines() if not line.startswith("note: transactions:")]
    shown = "\n".join([*said, done.out])
    assert shown in (repo / "docs" / "value.md").read_text()
