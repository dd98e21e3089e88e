"""One dtype per kind, whatever rules stand beside it, whatever the data are and however they came."""

from __future__ import annotations

import functools
import io
import itertools
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from harness import Segment

DAYS = 90
MOMENT = datetime.fromisoformat("2024-01-01T09:00")
PARTS: dict[str, str] = {
    "named": "{match: {frequency: {at_least: 1}}}",
    "looked": "{match: {did: {event: browse, where: {page: [home, shop]}, within: 30d}}}",
    "counted": "{match: {did: {event: browse, times: {at_least: 2}}}}",
    "bought": "{match: {did: {event: purchase, where: {department: Shoes}, times: 1}}}",
    "not_bought": "{match: {did_not: {event: purchase, where: {department: Hats}, within: 60d}}}",
    "share_of_orders": "{match: {share: {of: orders, where: {department: Shoes}, at_least: 0.2}}}",
    "share_of_items": "{match: {share: {of: items, where: {discounted: true}, at_most: 0.9}}}",
    "share_of_spend": "{match: {share: {of: spend, where: {department: Hats}, at_most: 1}}}",
    "scored": "{match: {r_score: 5, rfm: {missing: false}}}",
    "ranked": "{match: {monetary: {top_percent: 40}}}",
    "favourite": "{match: {top_department: Shoes, top_department_share: {at_least: 0.1}}}",
    "several": "{match: {departments: {at_least: 2}}, columns: [department_share.Hats]}",
    "valued": "{match: {p_alive: {at_least: 0.1}, expected_orders: {at_least: 0}}}",
    "late": "{match: {overdue_ratio: {at_least: 0}, typical_gap_days: {at_least: 1}}}",
    "after": "{match: {did: {event: purchase, after: {event: browse, within: 7d}}}}",
    "of_people": "{match: {age: {at_least: 30}, vip: true, joined: {at_least: 2020-01-01}, city: Rome}}",
    "figures": "{match: {own_count: {at_least: 0}, own_sum: {at_least: 0}, own_first: Shoes}}",
    "more": "{match: {own_units: {at_least: 0}, own_mean: {at_least: 0}, own_last: {missing: false}, "
    "own_max: {at_least: 0}, own_distinct: {at_least: 0}, own_since: {at_least: 0}, size: {at_most: 9}}}",
    "labels": "{match: {stage: {is_not: active}, tier: {is_not: t1}, rung: {is_not: some}}}",
}
RULES = """
version: 1
sources:
  transactions: lines.EXT
  customers: people.EXT
  events: events.EXT
suppress: [{did: {event: complaint}}]
"""
FEATURES = """
features:
  own_count: {count: orders, within: 45d}
  own_sum: {sum: amount, where: {department: Hats}}
  own_units: {sum: quantity}
  own_mean: {mean: amount}
  own_first: {first: department}
  own_last: {last: department}
  own_max: {max: quantity}
  own_distinct: {distinct: department, within: 60d}
  own_since: {days_since: {event: browse}}
"""
DIMENSIONS = """
dimensions:
  rung: [{some: {frequency: {at_most: 2}}}, {more: otherwise}]
  tier: {from: monetary}
  stage: {from: cadence}
"""


def shop(*, text_ids: bool) -> dict[str, pl.DataFrame]:
    """Sixty customers, with what a shop has: the same for every rule set."""
    chance = random.Random(7)
    ids = [f"c{i}" if text_ids else str(i) for i in range(1, 61)]
    lines = [
        {
            "customer_id": who,
            "order_id": str(n),
            "ordered_at": MOMENT + timedelta(days=chance.randrange(DAYS)),
            "amount": chance.choice([5.5, 10.25, 20.0, -3.0]),
            "quantity": chance.randrange(1, 4),
            "department": chance.choice(["Shoes", "Hats", "Bags"]),
            "discount": chance.choice([0.0, 1.5]),
        }
        for n, who in enumerate(chance.choices(ids, k=300))
    ]
    events = [
        {
            "customer_id": who,
            "occurred_at": MOMENT + timedelta(days=chance.randrange(DAYS)),
            "event": chance.choice(["browse", "browse", "login", "complaint"]),
            "page": chance.choice(["home", "shop"]),
        }
        for who in chance.choices(ids, k=200)
    ]
    people = [
        {
            "customer_id": who,
            "age": chance.randrange(20, 60),
            "size": chance.choice([0.3, 1.5, 2.0]),
            "vip": chance.choice([True, False]),
            "joined": date(2021, 1, 1),
            "city": chance.choice(["Rome", "Oslo"]),
        }
        for who in ids
    ]
    frames = {
        "lines": pl.DataFrame(lines),
        "events": pl.DataFrame(events),
        "people": pl.DataFrame(people),
    }
    if not text_ids:
        frames = {
            n: f.with_columns(pl.col("customer_id").cast(pl.Int64)) for n, f in frames.items()
        }
    return frames


def narrow(frame: pl.DataFrame) -> pl.DataFrame:
    """The same in the small types that other programs write."""
    made = {
        "age": pl.Int8(),
        "size": pl.Float32(),
        "quantity": pl.Int16(),
        "city": pl.Categorical(),
        "department": pl.Categorical(),
        "page": pl.Categorical(),
    }
    return frame.with_columns(pl.col(n).cast(t) for n, t in made.items() if n in frame.columns)


def written(form: str, *, text_ids: bool) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, frame in shop(text_ids=text_ids).items():
        buffer = io.BytesIO()
        if form == "csv":
            frame.write_csv(buffer)
        elif form == "narrow":
            narrow(frame).write_parquet(buffer)
        else:
            frame.write_parquet(buffer)
        files[f"{name}.{'csv' if form == 'csv' else 'parquet'}"] = buffer.getvalue()
    return files


def rule_sets() -> list[tuple[str, ...]]:
    """Each alone, all but each, all, and some at random."""
    names, chance = tuple(PARTS), random.Random(3)
    rest = [tuple(n for n in names if n != left) for left in names]
    some = [tuple(n for n in names if chance.random() < 0.4) or names[:1] for _ in range(8)]
    return [names, *((n,) for n in names), *rest[::6], *some]


def schema(
    segment: Segment, chosen: tuple[str, ...], ext: str, files: dict[str, bytes]
) -> dict[str, Any]:
    rules = RULES.replace("EXT", ext)
    rules += FEATURES if {"figures", "more"}.intersection(chosen) else ""
    rules += DIMENSIONS if "labels" in chosen else ""
    rules += "personas:\n" + "".join(f"  {n}: {PARTS[n]}\n" for n in chosen)
    result = segment("run", "-q", files={**files, "personas.yaml": rules.encode()})
    assert result.exit_code == 0, result.err
    return dict(result.customers.schema)


FORMS = [
    pytest.param(
        form, ids, id=f"{form}-{'texts' if ids else 'whole numbers'}", marks=pytest.mark.deep
    )
    for form in ("csv", "parquet", "narrow")
    for ids in (False, True)
]


@pytest.mark.parametrize(("form", "text_ids"), FORMS)
def test_no_rule_changes_the_dtype_of_anothers_column(
    segment: Segment, form: str, text_ids: bool
) -> None:
    files = written(form, text_ids=text_ids)
    found: dict[str, set[Any]] = defaultdict(set)
    for chosen in rule_sets():
        for name, dtype in schema(
            segment, chosen, "csv" if form == "csv" else "parquet", files
        ).items():
            found[name].add(dtype)
    assert {name: types for name, types in found.items() if len(types) > 1} == {}
    dtypes = {t for types in found.values() for t in types}
    assert dtypes <= {
        pl.Int64(),
        pl.Float64(),
        pl.Decimal(18, 4),
        pl.Date(),
        pl.String(),
        pl.Boolean(),
    }


@pytest.mark.deep
def test_files_and_ids_of_other_types_change_no_dtype_but_of_the_files_own_columns(
    segment: Segment,
) -> None:
    everything, found = tuple(PARTS), []
    for form, text_ids in itertools.product(("csv", "parquet", "narrow"), (False, True)):
        files = written(form, text_ids=text_ids)
        ext = "csv" if form == "csv" else "parquet"
        read = schema(segment, everything, ext, files)
        found.append({n: t for n, t in read.items() if n not in ("age", "size", "vip", "joined")})
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("dense", [True, False])
def test_a_fast_path_changes_no_dtype(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, dense: bool
) -> None:
    from segmentation.scan import described, measuring

    monkeypatch.setattr(described, "measure", functools.partial(measuring.measure, dense=dense))
    found = schema(segment, tuple(PARTS), "csv", written("csv", text_ids=False))
    assert found["frequency"] == found["own_count"] == found["departments"] == pl.Int64
    assert found["top_department"] == found["own_first"] == pl.String
