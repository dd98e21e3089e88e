"""The JSON Schema says what `segment validate` says, as far as a schema can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from drawing import drawn
from harness import Segment
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from segmentation.messages.errors import RulesError
from segmentation.messages.notices import CODES
from segmentation.rules.catalogue import CATALOGUE
from segmentation.rules.checking.names import check_names
from segmentation.rules.operators import OPERATORS
from segmentation.rules.reading.comparisons import MODIFIERS
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.schema.document import json_schema
from segmentation.rules.yaml import Document, load, loads

SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
ROOT = Path(__file__).parents[2]
EXAMPLES = [
    p
    for p in (
        ROOT / "personas.yaml",
        ROOT / "sample_data/personas.yaml",
        ROOT / "benchmarks/personas.yaml",
        *sorted((ROOT / "docs").rglob("personas*.yaml")),
    )
    if p.exists()
]
COLUMNS = ("gender", "country", "age", "member")


def parses(data: Any) -> bool:
    """Whether `segment validate` takes the data (names of features aside)."""
    try:
        check_names(parse_rules(Document("p.yaml", data, {(): (1, 1)}, {})), attributes=COLUMNS)
    except RulesError:
        return False
    return True


def fits(data: Any) -> bool:
    return bool(VALIDATOR.is_valid(data))


def test_the_schema_is_a_valid_draft_07() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_command_prints_the_schema(segment: Segment) -> None:
    assert json.loads(segment("schema").out) == SCHEMA


@pytest.mark.parametrize("path", EXAMPLES, ids=[str(p.relative_to(ROOT)) for p in EXAMPLES])
def test_every_example_fits(path: Path) -> None:
    assert [e.message for e in VALIDATOR.iter_errors(load(path).data)] == []


@pytest.mark.parametrize("level", ["off", "false", "'off'", "info", "warn", "error"])
def test_every_code_takes_every_level(level: str) -> None:
    data = loads(
        f"version: 1\nnotices: {{{', '.join(f'{c}: {level}' for c in CODES)}}}\n", "p.yaml"
    ).data
    assert (fits(data), parses(data)) == (True, True)


def test_every_feature_is_completed_with_its_meaning_and_unit() -> None:
    completed = SCHEMA["definitions"]["condition"]["properties"]
    for feature in CATALOGUE:
        assert completed[feature.name]["description"].startswith(feature.meaning)
        assert feature.unit in completed[feature.name]["description"]


def test_every_operator_is_completed() -> None:
    tests = SCHEMA["definitions"]["compared_any"]["anyOf"][-1]
    assert set(tests["properties"]) == {*OPERATORS, *MODIFIERS}


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(SCHEMA)
    named = {part.split('"')[0] for part in text.split("#/definitions/")[1:]}
    assert named == set(SCHEMA["definitions"])
    assert "$defs" not in text


# --- mistakes that both refuse ------------------------------------------------------------------

IN_MATCH = [
    "churned", "[1]", "{frequency: {atleast: 2}}", "{frequency: {}}", "{frequency: often}", "{frequency: true}",
    "{frequency: {at_least: many}}", "{recency_days: {between: [1]}}", "{recency_days: {contains: 1}}",
    "{discount_share: 30}", "{discount_share: {at_least: 30}}", "{department_share.A: {at_most: 1.5}}",
    "{monetary: {top_percent: 0}}", "{monetary: {top_percent: 101}}", "{monetary: {top_percent: ten}}",
    "{monetary: {at_least: 5, among: {frequency: 1}}}", "{top_department: {top_percent: 5}}",
    "{top_department: {at_least: 5}}", "{top_department: true}", "{first_order_on: 5}", "{first_order_on: {at_least: spring}}",
    "{age: {at_least: old}}", "{age: {between: [1, 2026-01-01]}}", "{age: {missing: maybe}}", "{age: {none_of: 3}}",
    "{gender: []}", "{gender: }", "{gender: [[male]]}", "{country: {contains: ''}}", "{country: {is: []}}",
    "{country: {contains: []}}", "{country: {ends_with: [a, 5]}}", "{country: {contains: a, ignore_case: yes please}}",
    "{country: {is: a, ignore_case: true}}", "{country: {contains: a, is: b, ignore_case: true}}", "{country: {ignore_case: true}}",
    "{all: []}", "{any: {}}", "{not: {}}", "{not: 3}", "{all: [3]}", "{persona: []}", "{persona: 5}", "{did: []}",
    "{did: {within: 3d}}", "{did: {event: ''}}", "{did: {event: a, within: 60 days}}", "{did: {event: a, within: -3d}}",
    "{did: {event: a, within: 60}}", "{did: {event: a, whitin: 3d}}", "{did: {event: a, times: 0}}", "{did: {event: a, times: two}}",
    "{did: {event: a, within: 3d, between: [9d, 3d]}}", "{did: {event: a, between: [3d]}}", "{did: {event: a, between: [3d, 3d]}}",
    "{did: {event: a, after: b, since: c}}", "{did: {event: a, after: {within: 3d}}}", "{did: {event: a, after: 3}}",
    "{did: {event: a, where: {}}}", "{did: {event: a, where: {did: b}}}", "{did: {event: a, where: {persona: p}}}",
    "{did: {event: a, where: {amount: {top_percent: 5}}}}", "{did: {event: a, where: {amount: {more: 5}}}}",
    "{share: []}", "{share: {of: orders, at_least: 0.3}}", "{share: {of: orders, where: {a: 1}}}",
    "{share: {of: customers, where: {a: 1}, at_least: 0.3}}", "{share: {of: orders, where: {a: 1}, at_least: 30}}",
    "{share: {of: orders, where: {a: 1}, at_least: 0.3, event: e}}", "{share: {where: {a: 1}, at_least: 0.3}}",
]  # fmt: skip
IN_FEATURES = [
    "orders",
    "{count: customers}",
    "{count: orders, sum: amount}",
    "{where: {a: 1}}",
    "{count: events}",
    "{sum: 5}",
    "{sum: {event: a}}",
    "{sum: ''}",
    "{days_since: ''}",
    "{last: {event: a, column: ''}}",
    "{count: {event: a}, within: 3d}",
    "{days_since: d, within: 3d}",
    "{days_until: {event: a}}",
    "{share: spend}",
    "{count: orders, event: login}",
    "{count: lines, lines: sold}",
    "{mean: amount, of: baskets}",
    "{sum: amount, of: orders}",
    "{first: a, of: lines}",
    "{last: a, of: lines}",
    "{distinct: a, of: items}",
    "{min: amount, of: items}",
    "{max: amount, of: events}",
    "{mean: amount, of: events}",
    "{mean: a, event: survey, of: lines}",
    "{count: {within: 3d}}",
    "{median: amount}",
    "{count: orders, of: lines}",
    "{count: orders, within: 3 d}",
]
IN_DIMENSIONS = [
    "churned",
    "[]",
    "[{a: {frequency: 1}}]",
    "[{a: {frequency: 1}, b: otherwise}]",
    "[otherwise]",
    "[{a: later}]",
    "[{a: {}}, {b: otherwise}]",
    "{grid: [x], columns: [a], rows: {r: [b]}}",
    "{grid: [x, y], columns: [a]}",
    "{grid: [x, y], columns: [a, a], rows: {r: [b, c]}}",
    "{grid: [x, y], columns: [a], rows: {r: [true]}}",
    "{grid: [x, y], columns: [a], rows: {r: [b]}, extra: 1}",
    "{from: 3}",
    "{from: cadence, shares: [50, 50]}",
    "{from: monetary, method: magic}",
    "{from: monetary, shares: [100]}",
    "{from: monetary, labels: [a]}",
    "{from: monetary, labels: [a, a]}",
    "{from: monetary, shares: [-10, 110]}",
]
IN_THE_FILE = [
    "personas: {}", "version: 2", "{version: 1, persona: {}}", "{version: 1, base: buyer}", "{version: 1, new_arrival_days: -1}",
    "{version: 1, new_arrival_days: '30'}", "{version: 1, new_arrival_days: 30.5}", "{version: 1, columns: gender}",
    "{version: 1, suppress: {gender: male}}", "{version: 1, suppress: [{}]}", "{version: 1, waterfall: [VIP]}",
    "{version: 1, personas: [p]}", "{version: 1, personas: {VIP: {}}}", "{version: 1, personas: {../x: {}}}",
    "{version: 1, personas: {all: {}}}", "{version: 1, personas: {con: {}}}", "{version: 1, personas: {p: {mach: {}}}}",
    "{version: 1, personas: {p: {for_each: [a]}}}", "{version: 1, personas: {p: {most: 3}}}",
    "{version: 1, personas: {p: {for_each: a, most: 0}}}", "{version: 1, personas: {p: {for_each: a, most: '3'}}}",
    "{version: 1, personas: {p: {for_each: a, most: 2001}}}",
    "{version: 1, personas: {p: {match: }}}", "{version: 1, personas: }",
    "{version: 1, sources: {orders: a.csv}}", "{version: 1, sources: {events: {event: a}}}", "{version: 1, sources: {events: ''}}",
    "{version: 1, sources: {events: [{path: a, decimal: ';'}]}}", "{version: 1, sources: {events: [{path: a, delimiter: '||'}]}}",
    "{version: 1, sources: {events: [{path: a, delimiter: '€'}]}}", "{version: 1, sources: {events: [{path: a, delimiter: '\"'}]}}",
    "{version: 1, sources: {events: [{path: a, values: [b]}]}}", "{version: 1, sources: {events: [{path: a, values: {c: b}}]}}",
    "{version: 1, sources: {events: [{path: a, values: {c: []}}]}}", "{version: 1, sources: {events: [{path: a, values: {c: [true]}}]}}",
    "{version: 1, value: {model: magic}}", "{version: 1, value: {horizon: 3}}",
    "{version: 1, notices: [unseen-value]}", "{version: 1, notices: {unsen-value: off}}", "{version: 1, notices: {unseen-value: ignore}}",
    "{version: 1, notices: {unseen-value: true}}", "{version: 1, notices: {unseen-value: 0}}", "{version: 1, notices: {unseen-value: }}",
]  # fmt: skip
MISTAKES = [
    *(f"{{version: 1, personas: {{p: {{match: {m}}}}}}}" for m in IN_MATCH),
    *(f"{{version: 1, suppress: [{m}]}}" for m in IN_MATCH),
    *(f"{{version: 1, features: {{f: {m}}}}}" for m in IN_FEATURES),
    *(f"{{version: 1, dimensions: {{d: {m}}}}}" for m in IN_DIMENSIONS),
    *IN_THE_FILE,
]


@pytest.mark.parametrize("text", MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_one_for_the_schema_and_the_parser(text: str) -> None:
    data = loads(text, "p.yaml").data
    assert (fits(data), parses(data)) == (False, False), text


# --- and whatever else a file may hold ----------------------------------------------------------

SCALARS: st.SearchStrategy[Any] = st.sampled_from(
    [1, 0.5, 30, True, "a", "2026-01-01", None, [], ["a"], [1, 2], {}]
)
OPERATIONS = st.dictionaries(
    st.sampled_from([*OPERATORS, "ignore_case", "atleast"]), SCALARS, max_size=3
)
COMPARED = st.dictionaries(
    st.sampled_from(
        [
            "frequency",
            "monetary",
            "discount_share",
            "top_department",
            "first_order_on",
            "margin_share",
            "age",
            "gender",
        ]
    ),
    SCALARS | OPERATIONS,
    max_size=2,
)
ROW = st.dictionaries(
    st.sampled_from(["amount", "discounted", "did"]), SCALARS | OPERATIONS, max_size=2
)
CHOSEN = {
    "event": st.sampled_from(["login", "purchase", "", 5]),
    "where": ROW,
    "within": st.sampled_from(["30d", "30 days", "-3d", 30]),
    "between": st.sampled_from([["90d", "30d"], ["3d"], "3d"]),
    "after": st.sampled_from(["send", {"event": "send"}, {}]),
    "since": st.sampled_from(["send", {"event": "send", "within": "1w"}]),
    "times": st.sampled_from([0, 2, {"at_most": 2}, {}, "2"]),
    "of": st.sampled_from(["orders", "events", "spend", None]),
    "at_least": st.sampled_from([0.3, 30, "a"]),
    "count": st.sampled_from(["orders", "events", {"event": "login"}, 5]),
    "share": st.sampled_from(["spend", "events"]),
    "sum": st.sampled_from(["amount", {"event": "login", "column": "c"}, {"event": "login"}]),
    "days_until": st.sampled_from(["ends_on", {"event": "login"}]),
    "lines": st.sampled_from(["all", "sold"]),
}


def some(*keys: str) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={k: CHOSEN[k] for k in keys})


WORDS = st.one_of(
    some("event", "where", "within", "between", "after", "since", "times").map(
        lambda v: {"did": v}
    ),
    some("event", "within", "times").map(lambda v: {"did_not": [v]}),
    some("of", "where", "at_least", "within", "event").map(lambda v: {"share": v}),
)
CONDITIONS = st.recursive(
    COMPARED | WORDS,
    lambda inner: st.one_of(
        *(st.lists(inner, max_size=2).map(lambda v, w=w: {w: v}) for w in ("all", "any", "not")),
        inner.map(lambda v: {"not": v}),
        inner.map(lambda v: {"any": v}),
    ),
    max_leaves=4,
)
OWN = some("count", "sum", "share", "days_until", "event", "where", "within", "lines", "of")
GRACE = drawn(500, without=list(HealthCheck))


@GRACE
@given(CONDITIONS)
def test_schema_and_parser_agree_on_conditions(condition: Any) -> None:
    data = {"version": 1, "suppress": [condition]}
    assert fits(data) == parses(data)


@pytest.mark.deep
@GRACE
@given(OWN)
def test_schema_and_parser_agree_on_features(feature: Any) -> None:
    data = {"version": 1, "features": {"f": feature}}
    assert fits(data) == parses(data)
