"""The tables of keys: one statement for the parser, the JSON Schema and the defaults."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.file import DEFINED, FILE
from segmentation.rules.reading.keys import Form, Key, Keys, Required
from segmentation.rules.reading.sources import SOURCE
from segmentation.rules.reading.value import VALUE
from segmentation.rules.schema.document import json_schema
from segmentation.rules.sources import Source
from segmentation.rules.value_settings import ValueRules
from segmentation.rules.yaml import Document

SCHEMA = json_schema()
TABLES = [*DEFINED, FILE]


def nothing_read() -> Parser:
    return Parser(Document("p.yaml", {}, {(): (1, 1)}, {}))


def definition(keys: Keys[Any]) -> Any:
    return SCHEMA if keys is FILE else SCHEMA["definitions"][keys.definition]


@pytest.mark.parametrize("keys", TABLES, ids=lambda keys: keys.definition)
def test_every_key_is_completed_with_its_description_and_default(keys: Keys[Any]) -> None:
    properties = definition(keys)["properties"]
    assert list(properties) == list(keys.names)
    for key in keys.keys:
        assert properties[key.name]["description"] == key.description != ""
        assert ("default" in properties[key.name]) != isinstance(key.default, Required)


def test_every_mapping_of_the_file_has_its_keys_in_the_order_of_the_documents() -> None:
    assert {keys.definition: " ".join(keys.names) for keys in TABLES} == {
        "File": "version sources timezone base new_arrival_days value features dimensions personas "
        "suppress waterfall columns safe_csv notices",
        "Sources": "transactions customers products events",
        "Source": "path columns event date_format delimiter decimal encoding values quiet_for",
        "ValueFile": "model horizon seasonal",
        "PersonaFile": "title match for_each most columns safe_csv",
    }


@pytest.mark.parametrize("keys", TABLES, ids=lambda keys: keys.definition)
def test_a_default_written_out_says_what_leaving_it_out_says(keys: Keys[Any]) -> None:
    least = {"version": 1, "path": "a.csv"}
    given = {name: least[name] for name in keys.names if name in least}
    written = {k.name: k.default for k in keys.keys if not isinstance(k.default, Required)}
    parser = nothing_read()
    assert keys.read(written | given, (), parser) == keys.read(given, (), parser)
    assert parser.problems == []


def test_a_source_of_the_command_line_has_the_defaults_of_one_in_the_file() -> None:
    parser = nothing_read()
    assert SOURCE.read({"path": "a.csv"}, (), parser) == Source(path="a.csv", folder=Path())


def test_rules_that_say_nothing_of_value_have_its_defaults() -> None:
    parser = nothing_read()
    assert VALUE.read({}, (), parser) == ValueRules()


@pytest.mark.parametrize("record", [Form, Key, Keys, Required], ids=lambda record: record.__name__)
def test_no_aspect_of_a_key_can_be_forgotten(record: Any) -> None:
    fields = dataclasses.fields(record)
    for forgotten in fields:
        with pytest.raises(TypeError, match=forgotten.name):
            record(**{f.name: () for f in fields if f is not forgotten})
