"""A run is a record: from its own files alone every label, flag and fate re-evaluates.

The rules of RANDOM are drawn from everything that a condition can compare, over data with ties,
gaps, missing values, and columns in all types that Parquet has.
"""

from __future__ import annotations

import io
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from harness import Segment, Shell
from polars.testing import assert_frame_equal
from shop import TWO_ORDERS

from segmentation.customers.reasons import OneCustomer, decided
from segmentation.messages.errors import InputError
from segmentation.publish.record import differences, evaluated, read_record, suppress_rule

MOMENT = datetime.fromisoformat("2024-01-01T09:00")
SEEDS = range(40)
SHARES = ("return_share", "top_department_share", "p_alive")
FIGURES = (
    *SHARES,
    "frequency",
    "recency_days",
    "monetary",
    "average_order_value",
    "typical_gap_days",
    "overdue_ratio",
    "predicted_value",
    "own_sum",
    "own_mean",
    "own_days",
    "age",
    "size",
    "big",
    "code",
)
TEXTS = {
    "city": ["Rome", "Oslo", "007", "2024-01-01", "no", ""],
    "top_department": ["Shoes", "Hats"],
    "own_last": ["Bags", "Shoes"],
    "tag": ["a", "b"],
    "rfm": ["555", "111"],
}
DATES = ("first_order_on", "last_order_on", "joined", "seen")
FLAGS = ("vip", "consent")
PLAIN_DIMENSIONS = {
    "stage": ["new", "active", "churned"],
    "tier": ["t1", "t4"],
    "rung": ["some", "more"],
    "crossing": ["x", "y", "z"],
    "worth": ["gold", "rest"],
}
#: what suppression can ask without a doubt of these data, which would stop the run
SUPPRESS: list[dict[str, Any]] = [
    {"vip": True},
    {"frequency": {"at_least": 4}},
    {"did": {"event": "login", "within": "7d"}},
    {"rung": "more"},
    {"not": [{"monetary": {"at_least": 20}}]},
    {"monetary": {"bottom_percent": 10}},
    {"any": [{"size": {"missing": True}}, {"tier": "t1"}]},
    {"persona": "p0"},
    {"stage": "churned"},
    {"share": {"of": "spend", "where": {"department": "Hats"}, "at_least": 0.6}},
]
FIXED = """
version: 1
base: {base}
notices: {{unseen-value: warn, unreadable-value: warn, near-value: warn}}  # rules at random
sources: {{transactions: lines.parquet, customers: people.parquet, events: events.parquet}}
features:
  own_sum: {{sum: amount, where: {{department: Hats}}}}
  own_mean: {{mean: amount, within: 60d}}
  own_last: {{last: department}}
  own_days: {{days_since: joined}}
  audience: {{count: lines}}
dimensions:
  rung: [{{some: {{frequency: {{at_most: 2}}}}}}, {{more: otherwise}}]
  tier: {{from: monetary}}
  worth: {{from: predicted_value, shares: [30, 70], labels: [gold, rest]}}
  stage: {{from: cadence}}
  crossing:
    grid: [rung, half]
    rows: {{some: [x, y], more: [y, z]}}
    columns: [low, high]
  half: [{{low: {{monetary: {{bottom_percent: 50}}}}}}, {{high: otherwise}}]
"""


def figure(chance: random.Random) -> dict[str, Any]:
    name = chance.choice(FIGURES)
    number = chance.choice([0, 0.3, 1] if name in SHARES else [0, 0.3, 1, 2, 5.5, 20, 40, 1e6])
    return {
        name: chance.choice(
            [
                {"at_least": number},
                {"less_than": number},
                {"between": [0, number]},
                {"is": number},
                {"is_not": number},
                {"missing": True},
                {"top_percent": chance.choice([5, 33.3, 50])},
                {"bottom_percent": 20, "among": {"frequency": {"at_least": chance.choice([1, 2])}}},
            ]
        )
    }


def text(chance: random.Random) -> dict[str, Any]:
    name = chance.choice(tuple(TEXTS))
    value = chance.choice(TEXTS[name])
    sorted_by = {"at_least": "2023-06-01"} if name in ("city", "tag") else {"starts_with": "R"}
    return {
        name: chance.choice(
            [
                value,
                TEXTS[name],
                {"is_not": value},
                {"contains": "o"},
                {"starts_with": "S"},
                {"missing": False},
                sorted_by,
            ]
        )
    }


def day(chance: random.Random) -> dict[str, Any]:
    bound = chance.choice(["2023-01-01", "2024-02-01", "2024-03-01"])
    name = chance.choice(DATES)
    return {
        name: chance.choice(
            [{"at_least": bound}, {"less_than": bound}, {"missing": True}, {"top_percent": 25}]
        )
    }


def flag(chance: random.Random) -> dict[str, Any]:
    return {chance.choice(FLAGS): chance.choice([True, False, {"is_not": True}, {"missing": True}])}


def label(chance: random.Random) -> dict[str, Any]:
    name = chance.choice(tuple(PLAIN_DIMENSIONS))
    return {
        name: chance.choice(
            [
                PLAIN_DIMENSIONS[name][0],
                PLAIN_DIMENSIONS[name],
                {"is_not": PLAIN_DIMENSIONS[name][1]},
            ]
        )
    }


def happened(chance: random.Random) -> dict[str, Any]:
    event = chance.choice(["browse", "login", "purchase"])
    rows: dict[str, Any] = {"event": event, "within": chance.choice(["7d", "30d", "2mo"])}
    if event == "purchase":
        rows["where"] = {"department": chance.choice(["Shoes", ["Hats", "Bags"], "Hats, Bags"])}
    elif chance.random() < 0.5:
        rows["where"] = {"page": chance.choice(["home", 1, "1", ["1"], True])}
    return chance.choice(
        [
            {"did": rows},
            {"did_not": rows},
            {"did": {**rows, "times": {"at_least": 2}}},
            {"did": {"event": "login", "after": {"event": event, "within": "20d"}}},
            {
                "share": {
                    "of": chance.choice(["orders", "spend", "items"]),
                    "where": {"department": "Hats"},
                    chance.choice(["at_least", "at_most"]): 0.5,
                }
            },
        ]
    )


def condition(chance: random.Random, depth: int = 2) -> dict[str, Any]:
    if depth and chance.random() < 0.5:
        parts = [condition(chance, depth - 1) for _ in range(chance.choice([1, 2, 3]))]
        return {chance.choice(["all", "any", "not"]): parts}
    return chance.choice([figure, figure, text, day, flag, label, happened, happened])(chance)


def random_rules(seed: int) -> str:
    chance = random.Random(seed)
    names = [f"p{i}" for i in range(chance.choice([2, 4, 8]))]
    personas: dict[str, Any] = {n: {"match": condition(chance)} for n in names}
    personas[names[-1]]["match"] = {"any": [{"persona": names[0]}, condition(chance, 0)]}
    if chance.random() < 0.5:
        personas["each"] = {
            "for_each": chance.choice(["city", "tier", "top_department", "tag"]),
            "match": condition(chance, 1),
        }
        personas["each"] |= {"most": 1 + seed % 3} if seed % 2 else {}
    body = {
        "personas": personas,
        "suppress": chance.sample(SUPPRESS, chance.choice([0, 1, 3])),
        "waterfall": chance.sample(list(personas), chance.choice([0, 2, len(personas)])),
    }
    return FIXED.format(base=chance.choice(["buyers", "everyone"])) + yaml.safe_dump(
        body, sort_keys=False
    )


def shop() -> dict[str, bytes]:
    chance = random.Random(7)
    ids = [str(i) for i in range(1, 41)]
    lines = pl.DataFrame(
        [
            {
                "customer_id": who,
                "order_id": n,
                "ordered_at": MOMENT + timedelta(days=chance.randrange(90)),
                "amount": chance.choice([5.5, 10.25, 20.0, 40.0, -3.0]),
                "quantity": chance.randrange(1, 4),
                "department": chance.choice(["Shoes", "Hats", "Bags", "Hats, Bags", None]),
            }
            for n, who in enumerate(chance.choices(ids[:36], k=160))
        ]
    )
    events = pl.DataFrame(
        [
            {
                "customer_id": who,
                "occurred_at": MOMENT
                + timedelta(days=chance.randrange(90), hours=chance.randrange(12)),
                "event": chance.choice(["browse", "login"]),
                "page": chance.choice(["home", "1", "true", None]),
            }
            for who in chance.choices(ids, k=120)
        ]
    )
    people = pl.DataFrame(
        [
            {
                "customer_id": who,
                "age": chance.choice([20, 40, None]),
                "size": chance.choice([0.3, 1.5, float("nan")]),
                "big": chance.choice([2**63 + 5, 1]),
                "code": chance.choice([1, 300]),
                "vip": chance.choice([True, False, None]),
                "joined": chance.choice([date(2022, 1, 1), date(2024, 2, 1), None]),
                "seen": MOMENT + timedelta(days=int(who)),
                "city": chance.choice(TEXTS["city"]),
                "tag": chance.choice(["a", "b", None]),
                "consent": chance.choice(["yes", "no", "Yes ", "1", "true"]),
            }
            for who in ids
        ],
        schema_overrides={
            "age": pl.Int8,
            "size": pl.Float32,
            "big": pl.UInt64,
            "code": pl.Int16,
            "seen": pl.Datetime("ns", "Europe/Berlin"),
            "tag": pl.Categorical,
        },
    )
    files = {}
    for name, frame in {"lines": lines, "events": events, "people": people}.items():
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        files[f"{name}.parquet"] = buffer.getvalue()
    return files


@pytest.mark.parametrize(
    "seed", [s if s < 8 else pytest.param(s, marks=pytest.mark.deep) for s in SEEDS]
)
def test_random_rules_re_evaluate_to_what_was_published(segment: Segment, seed: int) -> None:
    result = segment("run", files={**shop(), "personas.yaml": random_rules(seed)})
    assert result.exit_code == 0, result.err
    assert differences(read_record(result.run)) == ()


@pytest.mark.deep
def test_every_persona_and_dimension_of_the_sample_re_evaluates(
    segment: Segment, sample: Path
) -> None:
    result = segment("run")
    record = read_record(result.run)
    assert len(record.personas) == 16
    assert len(record.dimensions) == 9
    again = evaluated(record)
    for name in (*record.personas, *record.dimensions):
        assert again.customers[name].to_list() == result.customers[name].to_list(), name
    assert_frame_equal(again.allocation.matches, pl.read_parquet(result.run / "allocation.parquet"))
    assert again.allocation.winners.to_list() == result.customers["audience"].to_list()
    assert again.allocation.suppressed_by.to_list() == result.customers["suppressed_by"].to_list()


def test_what_decided_can_be_said_from_the_record(segment: Segment, sample: Path) -> None:
    """In the words of `segment test`, and from the run's own files."""
    record = read_record(segment("run").run)
    [at] = [i for i, c in enumerate(record.customers["customer_id"]) if c == "C00109"]
    row = OneCustomer(record.customers[at], record.book, record.cuts, {})
    assert decided(record.rules.personas["lapsed_shoe_buyers"].match, row) == [
        "lifecycle is churned: it is churned (frequency 20, longevity_days 715, recency_days 234)",
        "shopper is top: it is top (monetary 4068.13)",
        "recency_days ≤ 270: it is 234",
        "did browse where collection is running-latest, within 30d: it happened",
        "did login, within 7d: it happened",
        "did purchase where collection is running-latest, within 30d, but it did not happen",
        "share of orders where department is Footwear ≥ 0.3: it is 0.6",
    ]
    suppressors = [suppress_rule(record, label) for label in record.suppressors]
    assert [s is not None and row.holds(s) for s in suppressors] == [False, False]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--persona", "vip_nurturing"], id="some personas"),
        pytest.param(["sample_data/transactions.csv"], id="files that lack what rules need"),
        pytest.param(
            ["--as-of", "2026-11-15", "--columns", "margin"], id="another day, more columns"
        ),
    ],
)
def test_other_runs_are_records_too(segment: Segment, sample: Path, arguments: list[str]) -> None:
    result = segment("run", *arguments)
    assert result.exit_code == 0, result.err
    assert differences(read_record(result.run)) == ()


def test_the_rules_are_the_very_text_that_ran(segment: Segment) -> None:
    rules = b"\xef\xbb\xbf# caf\xc3\xa9\r\nversion: 1\r\nsources: {transactions: shop.csv}\r\npersonas: {a: {}}\r\n"
    result = segment("run", files={"personas.yaml": rules, "shop.csv": TWO_ORDERS})
    assert (result.run / "rules.yaml").read_bytes() == rules


@pytest.mark.deep
def test_rules_from_a_pipe_are_kept_as_well(shell: Shell, tmp_path: Path) -> None:
    rules = b"version: 1\nsources: {transactions: shop.csv}\npersonas: {a: {}}\n"
    result = shell("run", "--config", "/dev/stdin", stdin=rules, files={"shop.csv": TWO_ORDERS})
    assert result.exit_code == 0, result.err
    assert (result.run / "rules.yaml").read_bytes() == rules
    assert differences(read_record(result.run)) == ()


REFERRING = """
version: 1
sources: {transactions: shop.csv}
dimensions: {size: [{s: {monetary: {less_than: 15}}}, {l: otherwise}]}
personas:
  p: {match: {monetary: {at_least: 15}}}
  q: {for_each: size, match: {frequency: 1}}
  r: {match: {persona: p}}
  s: {for_each: size, match: {not: {persona: q}}}
  t: {match: {any: [{persona: r}, {persona: q}]}}
waterfall: [q, t]
"""


@pytest.mark.parametrize("asked", [["r"], ["s"], ["t"], ["r", "s"], ["p", "q"], ["q"], ["s", "t"]])
def test_a_persona_that_others_refer_to_is_no_audience(segment: Segment, asked: list[str]) -> None:
    """With --persona its flag is in the record, and it has no matches of its own."""
    files = {"personas.yaml": REFERRING, "shop.csv": TWO_ORDERS}
    result = segment("run", *(f"--persona={name}" for name in asked), files=files)
    assert result.exit_code == 0, result.err
    record = read_record(result.run)
    assert differences(record) == ()
    assert {*asked} <= {*record.asked}


@pytest.mark.parametrize(
    ("column", "wrong", "said"),
    [
        ("rich", pl.Series([True, True]), "rich is not what its rule gives"),
        ("size", pl.Series(["l", "l"]), "size is not what its rule gives"),
        (
            "monetary",
            pl.Series([10, 10]).cast(pl.Decimal(18, 4)),
            "rich is not what its rule gives",
        ),
        ("suppressed_by", pl.Series([None, "a bad row"]), None),
    ],
)
def test_what_was_changed_afterwards_is_seen(
    segment: Segment, column: str, wrong: pl.Series, said: str | None
) -> None:
    rules = """
version: 1
sources: {transactions: shop.csv}
dimensions: {size: [{s: {monetary: {less_than: 15}}}, {l: otherwise}]}
personas: {rich: {match: {monetary: {at_least: 15}}}}
suppress: [{monetary: {at_least: 100}}]
"""
    result = segment("run", files={"personas.yaml": rules, "shop.csv": TWO_ORDERS})
    file = result.run / "customers.parquet"
    result.customers.with_columns(wrong.alias(column)).write_parquet(file)
    found = differences(read_record(result.run))
    assert (said in found) if said else (found == ())


def test_rules_that_were_changed_afterwards_are_seen(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: shop.csv}\npersonas: {rich: {match: {monetary: {at_least: 15}}}}\n"
    result = segment("run", files={"personas.yaml": rules, "shop.csv": TWO_ORDERS})
    (result.run / "rules.yaml").write_text(rules.replace("15", "10"))
    found = differences(read_record(result.run))
    assert found[0] == "rich is not what its rule gives"
    assert "rules.yaml is not the text that ran" in found


@pytest.mark.parametrize("manifest", ["", "[]", '{"version": 1, "tool": "", "as_of": ""}'])
def test_what_is_no_record_is_said(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(InputError):
        read_record(tmp_path)


@pytest.mark.parametrize("name", ["a[1]", "all*", "who?", "{a,b}"])
def test_a_folder_may_have_a_name_that_reads_as_a_pattern(segment: Segment, name: str) -> None:
    sales = "customer_id,ordered_at,amount\na,2024-01-01,5\n"
    result = segment("run", "t.csv", "--out", f"./{name}", files={"t.csv": sales})
    assert result.exit_code == 0, result.err
    assert differences(read_record(result.folder / name / "latest")) == ()
