"""Schema and parser agree on whole files, apart from what a schema cannot say."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from drawing import drawn
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from segmentation.messages.errors import RulesError
from segmentation.rules.checking.names import check_names
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.schema.document import json_schema
from segmentation.rules.yaml import Document, loads

VALIDATOR = jsonschema.Draft7Validator(json_schema())
COLUMNS = ("gender", "country", "age", "member")

#: what `segment validate` says of a file that the schema takes, and an example of each
BEYOND_A_SCHEMA = {
    "is not a time zone": "{version: 1, timezone: Paris}",
    "is not a horizon": "{version: 1, value: {horizon: 99y}}",
    "a seasonal index needs a horizon": "{version: 1, value: {horizon: 2y, seasonal: true}}",
    "${ is not closed by }": "{version: 1, sources: {events: '${DATA'}}",
    "is not a variable": "{version: 1, sources: {events: '${1}'}}",
    "which does not exist": "{version: 1, columns: [montary]}",
    "which is not a persona": "{version: 1, waterfall: [vip]}",
    "is already the name of": "{version: 1, features: {frequency: {count: orders}}}",
    "this goes in a circle": "{version: 1, personas: {a: {match: {persona: a}}}}",
    "for_each goes over labels": "{version: 1, personas: {a: {for_each: frequency}}}",
    "has no label": "{version: 1, dimensions: {d: [{a: otherwise}]}, personas: {p: {match: {d: b}}}}",
    "otherwise is the last rung": "{version: 1, dimensions: {d: [{a: otherwise}, {b: otherwise}]}}",
    "the last rung must be": "{version: 1, dimensions: {d: [{a: otherwise}, {b: {frequency: 1}}]}}",
    "which is not a dimension": "{version: 1, dimensions: {d: {grid: [x, y], columns: [a], rows: {r: [b]}}}}",
    "percentages above 0 that add up": "{version: 1, dimensions: {d: {from: monetary, shares: [50, 20]}}}",
    "labels for": "{version: 1, dimensions: {d: {from: monetary, shares: [50, 50], labels: [a, b, c]}}}",
}


def fits(data: Any) -> bool:
    return bool(VALIDATOR.is_valid(data))


def said(data: Any) -> list[str]:
    """What `segment validate` says of data that it refuses."""
    try:
        rules = parse_rules(Document("p.yaml", data, {(): (1, 1)}, {}))
        check_names(rules, attributes=COLUMNS)
    except RulesError as error:
        return [problem.what for problem in error.problems]
    return []


@pytest.mark.parametrize(("words", "text"), BEYOND_A_SCHEMA.items(), ids=BEYOND_A_SCHEMA)
def test_what_a_schema_cannot_say_is_said_by_validate(words: str, text: str) -> None:
    data = loads(text, "p.yaml").data
    assert fits(data)
    assert any(words in what for what in said(data))


# --- random files: mostly right, with a mistake here and there ----------------------------------

WRONG = [None, 5, -1, 1.5, True, "a", "", [], {}, [5], ["a", "a"], {"a": 5}, {"a": "b"}, {"A": {}}]


def one(*right: Any, near: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """One of these values, once in a while something else or what is nearly right."""
    wrong = [*WRONG, *near * 3]
    return st.sampled_from([*right] * (20 * len(wrong) // len(right)) + wrong)


def mapping(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Some of these keys, once in a while a strange one."""
    found = st.fixed_dictionaries({}, optional=keys)
    strange = found.map(lambda value: {**value, "strange": 1})
    return st.integers(0, 30).flatmap(lambda n: found if n else strange)


SOURCE = mapping(
    columns=one({"amount": "Netto"}),
    event=one("login", None),
    date_format=one("%d.%m.%Y"),
    delimiter=one(";", near=(";;",)),
    decimal=one(",", near=(";",)),
    encoding=one("latin-1", None),
    fill_down=one(["order"], [], near=(["a", "a"], [""])),
    latest_by=one("updated_at", None, near=("", 5)),
    rates=one({"EUR": 1, "USD": 0.92}, {}, near=({"EUR": 0}, {"EUR": "1"}, {"EUR": None})),
    values=one({"size": [42, "L"]}, near=({"size": []}, {"size": [True]})),
)
FEED = st.fixed_dictionaries({}, optional={"quiet_for": one("7d", "12h", near=("7 d",))})
PATH = st.fixed_dictionaries({"path": one("a.csv", "s3://a/b", "${DATA}/a.csv", near=("${DATA",))})


def table(*entry: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One source or some: a path, or a mapping of these parts together."""
    source = st.tuples(*entry).map(lambda parts: {k: v for part in parts for k, v in part.items()})
    return st.one_of(source, st.lists(source | one("a.csv"), max_size=2), one("a.csv"))


PERSONA = mapping(
    title=one("Title"),
    columns=one(["frequency"], []),
    safe_csv=one(True, False, None),
    match=one(
        {}, {"frequency": {"at_least": 2}}, {"gender": "male"}, near=({"persona": "p"}, {"f": {}})
    ),
    for_each=one("country", "top_department", None),
    most=one(None, near=(3,)),
) | mapping(for_each=one("country"), most=one(1, 2000, 3.0, near=(0, 2001, "3"))).map(
    lambda value: {"for_each": "country", **value}
)
FILES = mapping(
    sources=mapping(
        transactions=table(PATH, SOURCE, FEED),
        customers=table(PATH, SOURCE),
        products=table(PATH, SOURCE) | table(PATH, FEED),
        events=table(PATH, SOURCE, FEED) | table(SOURCE),
    ),
    timezone=one("UTC", "Europe/Paris"),
    base=one("buyers", "everyone", near=("buyer",)),
    new_arrival_days=one(0, 30, 3650, 7.0, near=(3651, "30", 30.5)),
    safe_csv=one(True, False, near=("yes",)),
    value=mapping(
        model=one("mbg", "bg"),
        horizon=one("180d", "26w", near=("12h", "2y", "0d", "9999y")),
        seasonal=one(True, False, near=("yes",)),
    ),
    features=one(
        {"f": {"count": "orders"}}, near=({"did": {"count": "orders"}}, {"f": {"count": "cats"}})
    ),
    dimensions=one(
        {"d": [{"a": {"frequency": 1}}, {"b": "otherwise"}]}, near=({"con": [{"b": "otherwise"}]},)
    ),
    personas=st.fixed_dictionaries({"p": PERSONA}, optional={"q": PERSONA}),
    suppress=one([{"gender": "male"}], [], near=([{"gender": {"is": []}}], [{}])),
    waterfall=one(["p"], [], near=(["p", "p"], ["VIP"])),
    columns=one(["gender"], ["frequency", "gender"]),
    notices=one(
        {"unseen-value": "off"},
        {"unseen-value": False},
        near=({"unseen-value": "loud"}, {"unsen-value": "off"}),
    ),
)
VERSION = st.sampled_from(
    [{"version": 1}] * 60 + [{"version": 1.0}, {"version": 2}, {"version": True}, {}]
)
GRACE = drawn(500, without=list(HealthCheck))


@pytest.mark.deep
@GRACE
@given(VERSION, FILES)
def test_schema_and_parser_agree_on_whole_files(version: Any, keys: dict[str, Any]) -> None:
    data = version | keys
    mistakes = said(data)
    if fits(data):
        assert [w for w in mistakes if not any(beyond in w for beyond in BEYOND_A_SCHEMA)] == []
    else:
        assert mistakes != []
