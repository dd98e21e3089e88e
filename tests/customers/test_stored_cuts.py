"""Cuts of a former run (`--cuts`): whatever JSON stands there is used as `fit` would give it, or refused."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
import yaml
from drawing import drawn
from harness import Segment
from hypothesis import given
from hypothesis import strategies as st

from segmentation.customers.cuts import (
    Cuts,
    CutSpec,
    Percentile,
    Quintiles,
    Value,
    Values,
    held,
    is_cut,
)
from segmentation.customers.labels import CustomerRow
from segmentation.models.fitted import CadenceFit, ValueFit
from segmentation.rules.catalogue import Kind
from segmentation.rules.dimensions.tiers import Thresholds, Tiers
from segmentation.rules.value_settings import ValueRules

KINDS: Final[dict[str, Kind]] = {
    "monetary": "money",
    "frequency": "number",
    "first_order_on": "date",
    "country": "text",
    "_value": "number",
    "_cadence": "number",
}
VALUE_MODEL: Final = {
    "model": "mbg",
    "r": 0.5,
    "alpha": 20.0,
    "a": 0.4,
    "b": 1.5,
    "p": 3.0,
    "q": 4.0,
    "v": 50.0,
    "base_value": 25.5,
    "log_likelihood": -100.5,
    "customers": 9,
    "triples": 8,
    "horizon_days": 180,
    "penalised": True,
    "on_bound": ["r"],
    "notes": ["few"],
    "seasonal_index": None,
}
LEARNT: Final = {
    "mean_log_gap": 2.5,
    "late_ratio": 3,
    "lost_ratio": 6.0,
    "late_days": 20.0,
    "lost_days": 90.0,
    "gaps": 40,
    "returns": 30,
    "notes": [],
}
NOTHING_LEARNT: Final = {
    "mean_log_gap": None,
    "late_ratio": None,
    "lost_ratio": None,
    "late_days": None,
    "lost_days": None,
    "gaps": 0,
    "returns": 0,
    "notes": ["nobody"],
}


def tiers(method: Any, *shares: float, labels: str = "abc") -> Thresholds:
    return Thresholds("tier", Tiers("monetary", method, shares, tuple(labels)))


LARGE: Final = "9999999999999.9995"  # money that no float is
#: each kind of cut, with values that a run may have written
SOUND: Final[dict[str, tuple[CutSpec, list[Value]]]] = {
    "a percentage of money": (
        Percentile("monetary", 20.0, top=True),
        [12.5, -3, 0, LARGE, f"-{LARGE}", None],
    ),
    "a percentage of days": (Percentile("first_order_on", 20.0, top=False), ["2026-01-01", None]),
    "quintiles": (
        Quintiles("monetary"),
        [[1, 2.5, 2.5, 9], [-3, -2, -1, 0], [1, 2.5, 9e8, LARGE], None],
    ),
    "quintiles of days": (Quintiles("first_order_on"), [["2026-01-01"] * 4]),
    "values of for_each": (Values("country"), [[], ["DE", "NO"]]),
    "tiers": (
        tiers("cumulative", 50.0, 30.0, 20.0),
        [{"at_least": [5.5, 5.5]}, {"at_least": [LARGE, 5.5]}, {"at_least": []}],
    ),
    "tiers by breaks": (
        tiers("jenks"),
        [{"at_least": [7], "customers": [1, 2, 0], "notes": ["few"]}],
    ),
    "the value model": (
        ValueFit(ValueRules()),
        [VALUE_MODEL, VALUE_MODEL | {"seasonal_index": 1.5}],
    ),
    "the cadence": (CadenceFit(), [LEARNT, NOTHING_LEARNT]),
}
NO_VALUES: Final[list[Any]] = [
    True, 7, -1.5, "x", "", "2026-13-01", [], [1], [[1, 2, 3, 4]], ["a", "a"], [None] * 4, {}, {"x": 1},
    {"at_least": None}, {"at_least": "ab"}, {"at_least": [None, 1]}, {"at_least": [True, False]},
    float("nan"), float("inf"), 2**53, 10**400, [1, 2, 3], [1, 2, 3, 4, 5], [4, 3, 2, 1],
    [1, 2, 3, float("nan")], [1, 2, 3, True], ["2026-01-01", "2026-01-02", "2026-01-03", 4],
    {"at_least": [1]}, {"at_least": [3, 2, 1]}, {"at_least": [1, 2]}, {"at_least": [float("nan"), 1]},
    "9999999999999.99", "1e400", "99999999999999999.9995", [LARGE, 1, 2, 3], {"at_least": [1, LARGE]},
    {"at_least": [float("inf"), 1]}, {"at_least": [2, 1], "notes": 5}, {"at_least": [2, 1], "notes": [5]},
]  # fmt: skip
#: what of these a kind of cut does hold
TAKEN: Final[dict[str, list[Any]]] = {
    "a percentage of money": [7, -1.5],
    "values of for_each": [[]],
    "tiers by breaks": [{"at_least": [1]}],
}
EVERY: Final = pytest.mark.parametrize("what", SOUND)


@EVERY
def test_what_a_run_may_write_is_taken(what: str) -> None:
    spec, values = SOUND[what]
    assert [v for v in values if not is_cut(spec, v, KINDS.__getitem__)] == []


@EVERY
def test_what_no_run_writes_there_is_refused(what: str) -> None:
    spec = SOUND[what][0]
    others = [
        v
        for other, values in SOUND.values()
        if type(other) is not type(spec)
        for v in values
        if v is not None
    ]
    taken = [v for v in (*NO_VALUES, *others) if is_cut(spec, v, KINDS.__getitem__)]
    assert taken == TAKEN.get(what, [])


NO_NUMBERS: Final = [True, -1, "x", [1], {"x": 1}, float("nan"), float("inf"), 10**400]
NO_COUNTS: Final = [None, True, -1, 0.5, "x", [1], float("nan"), float("inf")]
NO_TEXTS: Final = [None, True, 7, "few", [7], {"x": 1}]
WRONG_PARTS: Final[dict[str, dict[str, list[Any]]]] = {
    "the value model": {
        **{letter: [None, 0, *NO_NUMBERS] for letter in ("r", "alpha", "a", "b", "p", "q", "v")},
        "base_value": [None, *NO_NUMBERS],
        "log_likelihood": ["x", True, float("nan")],
        **dict.fromkeys(("customers", "triples", "horizon_days"), NO_COUNTS),
        **dict.fromkeys(("on_bound", "notes"), NO_TEXTS),
        "penalised": [None, 0, "x"],
        "model": [None, 7, "x", ["mbg"]],
        "seasonal_index": [0, *NO_NUMBERS],
    },
    "the cadence": {
        **{
            key: [None, *NO_NUMBERS]
            for key in ("mean_log_gap", "late_ratio", "lost_ratio", "late_days", "lost_days")
        },
        **dict.fromkeys(("gaps", "returns"), NO_COUNTS),
        "notes": NO_TEXTS,
        "strange": [1],
    },
}


@pytest.mark.parametrize("what", WRONG_PARTS)
def test_a_model_of_which_one_part_is_wrong_is_refused(what: str) -> None:
    spec, [sound, *_] = SOUND[what]
    changed = [{key: v} for key, wrong in WRONG_PARTS[what].items() for v in wrong]
    assert [c for c in changed if is_cut(spec, sound | c, KINDS.__getitem__)] == []
    lacking = [{k: v for k, v in sound.items() if k != key} for key in sound]
    optional = {"seasonal_index"} if what == "the value model" else set()
    taken = [sound.keys() - one.keys() for one in lacking if is_cut(spec, one, KINDS.__getitem__)]
    assert taken == [{key} for key in optional]


# -- through the command --------------------------------------------------------------------------

RULES = """version: 1
sources: {transactions: t.csv, customers: c.csv}
dimensions:
  shopper: [{top: {monetary: {top_percent: 20}}}, {new: {first_order_on: {top_percent: 10}}}, {rest: otherwise}]
  tier: {from: monetary, shares: [50, 30, 20]}
  breaks: {from: monetary, method: jenks, labels: [a, b, c]}
  stage: {from: cadence}
personas:
  each: {match: {shopper: top, m_score: 5, tier: t1, breaks: a, stage: new}, for_each: country}
  worth: {match: {p_alive: {at_least: 0.5}}}
"""
FILES = {
    "personas.yaml": RULES,
    "t.csv": "customer_id,ordered_at,amount\n"
    + "".join(
        f"c{c},2026-0{m}-{10 + c},{5 + c * m}.25\n" for c in range(9) for m in range(1, 2 + c % 4)
    ),
    "c.csv": "customer_id,country\n"
    + "".join(f"c{c},{'DE' if c % 2 else 'NO'}\n" for c in range(9)),
}
STORED: Final = {
    "monetary top 20 %",
    "first_order_on top 10 %",
    "monetary quintiles",
    "country values",
    "monetary tiers cumulative 50/30/20",
    "monetary tiers jenks 3",
    "value",
    "cadence",
    "recency_days quintiles",
    "frequency quintiles",
}


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """What the first run of this module wrote."""
    return {}


@pytest.mark.parametrize("name", sorted(STORED - {"recency_days quintiles", "frequency quintiles"}))
def test_a_wrong_stored_cut_ends_the_run_at_its_name(
    segment: Segment, kept: dict[str, Any], name: str
) -> None:
    if not kept:
        assert segment("run", "-q", files=FILES).exit_code in (0, 1)
        kept |= json.loads((segment("run", "-q", files=FILES).run / "cuts.json").read_text())
    assert {*kept["values"], "value"} == STORED
    wrong = copy.deepcopy(kept)
    (wrong if name == "value" else wrong["values"])[name] = {"at_least": 7}
    done = segment("run", "--cuts", "x.json", files={**FILES, "x.json": json.dumps(wrong)})
    assert (done.exit_code, done.out) == (3, "")
    place = "x.json: this is not" if name in ("value", "cadence") else f'--cuts: "{name}" is not'
    assert done.err.startswith(place)
    assert "  Give the cuts.json that `segment run` wrote." in done.err


AT_A_SHARE: Final = "customer_id,ordered_at,amount\na,2026-01-01,0.35\nb,2026-01-01,1.40\n"
LARGE_SUMS: Final = "customer_id,ordered_at,amount\n" + "".join(
    f"c{c},2026-01-0{day},199999999999.999{9 - c}\n" for c in range(10) for day in range(1, 6)
)
#: orders, a tier's shares -> who is in the first tier, its edge in cuts.json
EXACT: Final = {
    "a sum that is exactly a share": (AT_A_SHARE, [80, 20], {"b"}, 1.4),
    "sums that differ by less than floats": (
        LARGE_SUMS,
        [20, 80],
        {"c0", "c1"},
        999999999999.999,
    ),
}


@pytest.mark.parametrize(("lines", "shares", "first", "edge"), EXACT.values(), ids=EXACT)
def test_money_is_cut_as_the_whole_numbers_that_it_is_held_in(
    segment: Segment, lines: str, shares: list[int], first: set[str], edge: float
) -> None:
    """Fitted, and with the same cuts read back; a share of ten customers is a fifth as well."""
    rules = (
        "version: 1\nsources: {transactions: t.csv}\n"
        f"dimensions: {{tier: {{from: monetary, shares: {shares}, labels: [t1, t2]}}}}\n"
        "columns: [m_score]\n"
        "personas: {first: {match: {tier: t1, monetary: {top_percent: 20}}}, "
        "last: {match: {monetary: {bottom_percent: 20}}}}\n"
    )
    files = {"personas.yaml": rules, "t.csv": lines}
    done = segment("run", "-q", files=files)
    written = (done.run / "cuts.json").read_text()
    cut = json.loads(written)["values"][f"monetary tiers cumulative {shares[0]}/{shares[1]}"]
    assert cut["at_least"] == [edge]
    again = segment("run", "-q", "--cuts", "x.json", files={**files, "x.json": written})
    for run in (done, again):
        assert run.exit_code == 0, run.err
        of, folder = run.customers, run.run / "personas"
        assert {*of.filter(pl.col("tier") == "t1")["customer_id"]} == first
        assert {*pl.read_csv(folder / "first.csv")["customer_id"]} == first
        assert pl.read_csv(folder / "last.csv").height == len(first)
        assert of["m_score"].value_counts()["count"].max() == len(first)


BIG: Final = 2**53  # the first whole number that is a float's neighbour
CARDS: Final = [BIG + 1, BIG, 5, 6]
INF: Final = float("inf")
WHOLE: Final = pl.Decimal(38, 0)
HALVES: Final = "{method: quantiles, shares: [25, 75]}"
#: the column x of four customers, the tiers that are cut from it (none: a percentage is), who is best, the cut
NUMBERED: Final[dict[str, tuple[pl.Series, str, str, Any]]] = {
    "texts that are next to each other": (pl.Series(CARDS).cast(pl.String), "", "a", BIG + 1),
    "decimals": (pl.Series(CARDS).cast(WHOLE), "", "a", BIG + 1),
    "decimals of few digits": (pl.Series([7, 6, 5, 4]).cast(pl.Decimal(9, 0)), "", "a", 7),
    "128 bits": (pl.Series([10**30 + 1, 10**30, 1, 2], dtype=pl.Int128), "", "a", 10**30 + 1),
    "texts, among them no end": (pl.Series(["inf", "3", "2", "1"]), "", "b", 3.0),
    "floats, among them no end": (pl.Series([INF, 3.0, 2.0, -INF]), "", "ab", 3.0),
    "texts with parts": (pl.Series(["9007199254740994", "2.5", "1", "x"]), "", "a", BIG + 2.0),
    "tiers of texts": (pl.Series(CARDS).cast(pl.String), HALVES, "a", [BIG + 1]),
    "tiers of decimals": (pl.Series(CARDS).cast(WHOLE), HALVES, "a", [BIG + 1]),
    "tiers of whole numbers": (pl.Series(CARDS), HALVES, "a", [BIG + 1]),
    "tiers of floats": (pl.Series([2.0**60, 2.0**59, 1.5, 1.0]), HALVES, "a", [2.0**60]),
    "tiers, among them no end": (pl.Series([INF, 3.0, 2.0, -INF]), HALVES, "ab", [3.0]),
    "a sum that is exactly a share": (pl.Series([45, 55, 0, 0]), "{shares: [55, 45]}", "b", [55]),
    "parts of 128 bits": (
        pl.Series([10**30, 1, 1, 1], dtype=pl.Int128),
        "{method: jenks, labels: [t1, t2]}",
        "a",
        [10**30],
    ),
}


@pytest.mark.parametrize("case", NUMBERED)
def test_numbers_are_ranked_exactly_and_a_cut_can_be_read_again(
    segment: Segment, tmp_path: Path, case: str
) -> None:
    values, tiers_of_x, best, cut = NUMBERED[case]
    pl.DataFrame({"customer_id": [*"abcd"], "x": values}).write_parquet(tmp_path / "c.parquet")
    tier = {"from": "x", **yaml.safe_load(tiers_of_x or "{}")}
    match = {"tier": "t1"} if tiers_of_x else {"x": {"top_percent": 25}}
    rules = {
        "version": 1,
        "sources": {"transactions": "t.csv", "customers": "c.parquet"},
        "dimensions": {"tier": tier} if tiers_of_x else {},
        "personas": {"p": {"match": match}},
    }
    files = {
        "t.csv": "customer_id,ordered_at,amount\n" + "".join(f"{c},2026-01-01,1\n" for c in "abcd"),
        "c.parquet": (tmp_path / "c.parquet").read_bytes(),
        "personas.yaml": yaml.safe_dump(rules),
    }
    first = segment("run", "-q", files=files)
    assert first.exit_code == 0, first.err
    written = (first.run / "cuts.json").read_text()
    [value] = [v for name, v in json.loads(written)["values"].items() if name.startswith("x ")]
    assert (value["at_least"] if tiers_of_x else value) == cut
    again = segment("run", "-q", "--cuts", "x.json", files={**files, "x.json": written})
    for run in (first, again):
        assert run.exit_code == 0, run.err
        assert {*pl.read_csv(run.run / "personas/p.csv")["customer_id"]} == {*best}


# -- a property -----------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["at_least", "notes"]), inner)
    ),
)


@EVERY
@drawn(60)
@given(data=st.data())
def test_any_json_is_refused_or_held_as_the_column_is(what: str, data: st.DataObject) -> None:
    spec, values = SOUND[what]
    value = data.draw(st.sampled_from(values) | JSON)
    if isinstance(value, dict) and data.draw(st.booleans()):
        value = value | {data.draw(st.sampled_from(sorted(value) or ["x"])): data.draw(JSON)}
    if not is_cut(spec, value, KINDS.__getitem__):
        return
    if isinstance(spec, Thresholds):
        row = CustomerRow(
            lambda _: pl.lit(value=True),
            KINDS.__getitem__,
            Cuts(date(2026, 1, 1), 1, {spec.name: value}),
            ValueRules(),
        )
        customers = pl.DataFrame({"monetary": [-(10**17), 0, 55_000, None, 10**17]})
        labels = customers.select(spec.tiers.expr("tier", row).alias("tier"))["tier"].to_list()
        assert set(labels) <= set(spec.tiers.labels)
    elif isinstance(spec, Percentile | Quintiles) and value is not None:
        bounds = value if isinstance(value, list) else [value]
        wanted = date if KINDS[spec.feature] == "date" else int
        assert {type(held(bound, KINDS[spec.feature])) for bound in bounds} == {wanted}
