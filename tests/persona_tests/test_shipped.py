"""The persona tests in this repository hold, and they notice when a rule changes."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from harness import Segment

from segmentation.persona_tests import prove

REPO = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
RULES = yaml.safe_load((REPO / "personas.yaml").read_text())
TESTED = ("lapsed_shoe_buyers", "gift_givers", "early_adopters", "club_renewal", "high_margin")
# A purchase in the last 30 days makes its buyer active: this one follows from `churned`.
IMPLIED = ("lapsed_shoe_buyers", "did_not")
CONDITIONS = [
    (persona, key)
    for persona in (
        *TESTED,
        "vip_nurturing",
        "vip_reactivation",
        "core_active",
        "core_reactivation",
        "potential_vips",
        "new_customers",
    )
    for key in RULES["personas"][persona]["match"]
]


def failed(config: Path, *files: Path) -> list[str]:
    """The names of the cases that fail."""
    return [v.case.name for v in prove(config, files) if not v.passed]


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.yaml")), ids=lambda p: p.name)
def test_case_of_the_rule_language_holds(path: Path) -> None:
    assert failed(path.with_name(path.name.replace(".test.yaml", ".yaml")), path) == []


def test_cases_of_the_shipped_personas_hold(segment: Segment, sample: Path) -> None:
    (sample / "personas.test.yaml").symlink_to(REPO / "personas.test.yaml")
    result = segment("test")
    assert (result.exit_code, result.err) == (0, "")
    assert result.out.startswith("personas.test.yaml\n  pass  left in July")
    assert result.out.endswith(" passed, 0 failed\n")


def changed(tmp_path: Path, rules: dict[str, Any]) -> Path:
    """The shipped rules after a change, beside no data."""
    config = tmp_path / "personas.yaml"
    rules = {
        **rules,
        "sources": dict.fromkeys(("transactions", "customers", "events"), "unused.csv"),
    }
    config.write_text(yaml.safe_dump(rules, sort_keys=False))
    return config


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("persona", "key"),
    [pytest.param(p, k, id=f"{p} without {k}") for p, k in CONDITIONS if (p, k) != IMPLIED],
)
def test_a_condition_that_is_dropped_fails_a_case(tmp_path: Path, persona: str, key: str) -> None:
    match = {k: v for k, v in RULES["personas"][persona]["match"].items() if k != key}
    personas = {**RULES["personas"], persona: {"match": match}}
    assert failed(changed(tmp_path, {**RULES, "personas": personas}), REPO / "personas.test.yaml")


@pytest.mark.parametrize("rule", [0, 1])
def test_a_suppress_rule_that_is_dropped_fails_a_case(tmp_path: Path, rule: int) -> None:
    suppress = [s for i, s in enumerate(RULES["suppress"]) if i != rule]
    assert failed(changed(tmp_path, {**RULES, "suppress": suppress}), REPO / "personas.test.yaml")


def test_a_waterfall_in_another_order_fails_a_case(tmp_path: Path) -> None:
    rules = {**RULES, "waterfall": RULES["waterfall"][::-1]}
    assert failed(changed(tmp_path, rules), REPO / "personas.test.yaml")


# -- a test plays what a run computes -------------------------------------------------------------


def rows(table: str) -> list[dict[str, str]]:
    with (REPO / "sample_data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_cases(flags: pl.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    """Customers of sample_data as cases that expect what a run said of them."""
    products = {p["product_id"]: p for p in rows("products")}
    orders: dict[str, dict[str, Any]] = defaultdict(dict)
    for line in rows("transactions"):
        day, clock = line["ordered_at"].split("T")
        order = orders[line["customer_id"]].setdefault(
            line["order_id"], {"on": day, "at": clock, "lines": []}
        )
        product = products[line["product_id"]]
        text = {k: product[k] for k in ("department", "collection", "launched_at") if product[k]}
        numbers = {k: float(line[k]) for k in ("amount", "discount", "quantity")}
        order["lines"].append({**text, **numbers, "cost": float(product["cost"])})
    events = defaultdict(list)
    for table, event in {
        "browse": "",
        "campaign_sends": "campaign_send",
        "complaints": "complaint",
        "campaign_responses": "campaign_response",
    }.items():
        for row in rows(table):
            day, clock = row["occurred_at"].split("T")
            product = products.get(row.get("product_id", ""), {})
            known = {
                k: v for k, v in {**row, **product}.items() if k in ("campaign", "collection") and v
            }
            events[row["customer_id"]].append(
                {"event": event or row["event"], "on": day, "at": clock, **known}
            )
    attributes = {c.pop("customer_id"): c for c in rows("customers")}
    attributes = {i: {k: v for k, v in c.items() if k != "email"} for i, c in attributes.items()}
    return [
        {
            "name": customer["customer_id"],
            "customer": attributes[customer["customer_id"]],
            "orders": list(orders[customer["customer_id"]].values()),
            "events": [e for e in events[customer["customer_id"]] if e["event"] != "campaign_send"],
            "expect": [n for n in names if customer[n]],
            "not": [n for n in names if not customer[n]],
            "features": {
                n: customer[n] for n in ("lifecycle", "shopper", "value_tier", "frequency")
            },
        }
        for customer in flags.iter_rows(named=True)
    ]


@pytest.mark.deep
def test_customers_of_the_sample_land_where_a_run_puts_them(segment: Segment, sample: Path) -> None:
    names = list(RULES["personas"])
    run = segment("run", "--quiet")
    assert run.exit_code == 0, run.err
    some = pl.concat([run.customers.filter(pl.col(n)).head(6) for n in names]).unique("customer_id")
    cases = as_cases(some.sort("customer_id"), names)
    file = {"as_of": "2026-11-20", "cuts": "audiences/latest/cuts.json", "cases": cases}
    # PyYAML writes whole floats as 1.0 and quotes dates, which is what the loader takes.
    (sample / "real.test.yaml").write_text(yaml.safe_dump(file, allow_unicode=True))
    result = segment("test", "real.test.yaml", "--json")
    assert [c for c in result.result["cases"] if not c["ok"]] == []
    assert result.result["passed"] == len(cases) > 40
