"""The tables of keys: one statement for the parser, the JSON Schema and the defaults."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, get_args

import pytest

from segmentation.messages.errors import RulesError
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.file import DEFINED, FILE
from segmentation.rules.reading.keys import Form, Key, Keys, Required
from segmentation.rules.reading.reader import read_rules
from segmentation.rules.reading.sources import SOURCE
from segmentation.rules.reading.sources import TABLES as TABLES_OF_DATA
from segmentation.rules.reading.value import VALUE
from segmentation.rules.schema.document import json_schema
from segmentation.rules.sources import Source, TableName
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
        "Source": "path columns event date_format delimiter decimal number rates rejects fill_down join where missing ids latest_by encoding "
        "skip_lines header sheet values quiet_for",
        "Join": "path key optional columns where decimal delimiter encoding skip_lines header sheet",
        "Number": "decimal thousands currency zero",
        "ValueFile": "model horizon seasonal",
        "PersonaFile": "title match for_each most columns safe_csv",
    }


@pytest.mark.parametrize("keys", TABLES, ids=lambda keys: keys.definition)
def test_a_default_written_out_says_what_leaving_it_out_says(keys: Keys[Any]) -> None:
    least = {"version": 1, "path": "a.csv", "key": "id"}
    given = {name: least[name] for name in keys.names if name in least}
    written = {k.name: k.default for k in keys.keys if not isinstance(k.default, Required)}
    parser = nothing_read()
    assert keys.read(written | given, (), parser) == keys.read(given, (), parser)
    assert parser.problems == []


def test_a_source_of_the_command_line_has_the_defaults_of_one_in_the_file() -> None:
    parser = nothing_read()
    assert SOURCE.read({"path": "a.csv"}, (), parser) == Source(path="a.csv", folder=Path())


def test_every_table_has_its_key() -> None:
    assert TABLES_OF_DATA.names == get_args(TableName)


def test_rules_that_say_nothing_of_value_have_its_defaults() -> None:
    parser = nothing_read()
    assert VALUE.read({}, (), parser) == ValueRules()


@pytest.mark.parametrize("record", [Form, Key, Keys, Required], ids=lambda record: record.__name__)
def test_no_aspect_of_a_key_can_be_forgotten(record: Any) -> None:
    fields = dataclasses.fields(record)
    for forgotten in fields:
        with pytest.raises(TypeError, match=forgotten.name):
            record(**{f.name: () for f in fields if f is not forgotten})


# -- what is said of a mistake --------------------------------------------------------------------

MISTAKES: list[tuple[str, tuple[str, ...]]] = [
    ('sources: a.csv', ('2:10: sources: expected a mapping, not "a.csv"',)),
    ('sources: {transactions: 5}', ('2:25: sources.transactions: expected a path, or a mapping with a path, not 5',)),
    ("sources: {transactions: [a.csv, '']}", ('2:33: sources.transactions.1.path: expected a path, not ""',)),
    ('sources: {transactions: {path: 5}}', ('2:32: sources.transactions.path: expected a path, not 5',)),
    ('sources: {transactions: {path: a, columns: {a: true}}}', ('2:48: sources.transactions.columns.a: expected a column\'s name, or how it is made, not true\n  Such as Total, Total - Tax, [Date, Time], {constant: web}.',)),
    ('sources: {transactions: {path: a, columns: {a: {per_order: 5}}}}', ('2:60: sources.transactions.columns.a.per_order: expected a text, not 5',)),
    ('sources: {transactions: {path: a, columns: {a: {constant: b, per_order: c}}}}', ('2:48: sources.transactions.columns.a: expected a column\'s name, or how it is made, not a mapping\n  Such as Total, Total - Tax, [Date, Time], {constant: web}.',)),
    ('sources: {transactions: {path: a, columns: {a: [b]}}}', ('2:48: sources.transactions.columns.a: expected a list of 2 or more, not a list of 1',)),
    ("sources: {transactions: {path: a, delimiter: ';;'}}", ('2:46: sources.transactions.delimiter: expected one character, not ";;"',)),
    ("sources: {transactions: {path: a, delimiter: '§'}}", ('2:46: "§" cannot be a delimiter: one is a character of ASCII, and no quote or line end\n  Convert the file first: a comma between the cells, and quotes around a cell that has one.',)),
    ("sources: {transactions: {path: a, decimal: ';'}}", ('2:44: sources.transactions.decimal: expected "." or ",", not ";"',)),
    ('sources: {transactions: {path: a, values: {c: []}}}', ('2:47: sources.transactions.values.c: expected a list of 1 or more, not a list of 0',)),
    ('sources: {transactions: {path: a, values: {c: [1, x, [2]]}}}', ('2:54: sources.transactions.values.c.2: expected a text, not a list of 1',)),
    ('sources: {transactions: {path: a, quiet_for: 5 d}}', ('2:46: "5 d" is not a length of time\n  Write a whole number and a unit without a space: 12h, 30d, 2w, 3mo or 1y.',)),
    ('sources: {products: [a, {path: a, quiet_for: 5d}]}', ('2:35: quiet_for is for feeds whose rows have days: transactions and events\n  Leave it out here.',)),
    ('sources: {transactions: {path: a, rates: {EUR: 1, USD: 0}}}', ('2:56: sources.transactions.rates.USD: expected a number above 0, not 0',)),
    ('sources: {transactions: {path: a, rates: {USD: -0.92}}}', ('2:48: sources.transactions.rates.USD: expected a number above 0, not -0.92',)),
    ("sources: {transactions: {path: a, rates: {USD: '0.92'}}}", ('2:48: sources.transactions.rates.USD: expected a number above 0, not "0.92"',)),
    ('sources: {transactions: {path: a, rates: {USD: .inf}}}', ("2:48: .inf is not a number here\n  leave the bound out, or quote it: '.inf'",)),
    ('sources: {transactions: {path: a, rates: {USD: true}}}', ('2:48: sources.transactions.rates.USD: expected a number above 0, not true',)),
    ('sources: {transactions: {path: a, rates: [USD]}}', ('2:42: sources.transactions.rates: expected a mapping, not a list of 1\n  Write name: value, without dashes or brackets.',)),
    ("sources: {transactions: {path: a, rates: {USD: 1, ' usd': 2}}}", ('2:42: one currency has several rates\n  Write each once, in capitals or not: {EUR: 1, USD: 0.92}.',)),
    ("sources: {transactions: {path: a, rates: {' ': 1}}}", ('2:42: a currency has no code\n  Write each once, in capitals or not: {EUR: 1, USD: 0.92}.',)),
    ('sources: {customers: {path: a, rates: {USD: 1}}}', ("2:32: rates convert money, which transactions and products have\n  Leave them out here; a number of this table's own is converted before it comes.",)),
    ('sources: {events: [a, {path: a, rates: {USD: 1}}]}', ("2:33: rates convert money, which transactions and products have\n  Leave them out here; a number of this table's own is converted before it comes.",)),
    ('sources: {transactions: {path: a, latest_by: b}}', ('2:35: latest_by chooses among rows of one customer or product, and here every row counts\n  Leave it out here, or choose rows with a where.',)),
    ('sources: {events: [a, {path: a, latest_by: b}]}', ('2:33: latest_by chooses among rows of one customer or product, and here every row counts\n  Leave it out here, or choose rows with a where.',)),
    ('sources: {customers: {path: a, latest_by: 5}}', ('2:43: sources.customers.latest_by: expected the name of a column, not 5',)),
    ('sources: {products: {path: a, latest_by: b}}', ()),
    ('sources: {products: {path: a, rates: {USD: 1, EUR: 1.08}}}', ()),
    ("sources: {transactions: '${A'}", ('2:25: ${ is not closed by }\n  Write ${NAME}, ${NAME:-default}, or $${ for the two signs themselves.',)),
    ('sources: {transactions: {path: a, event: }}', ()),
    ('timezone: [UTC]', ('2:11: timezone: expected a text, not a list of 1',)),
    ('base: ', ('2:6: base: expected "buyers" or "everyone", not nothing',)),
    ('new_arrival_days: 3651', ('2:19: new_arrival_days: expected a whole number from 0 to 3650, not 3651',)),
    ('new_arrival_days: 1.0', ()),
    ('value: mbg', ('2:8: value: expected a mapping, not "mbg"',)),
    ('value: {horizon: 12h}', ('2:18: value.horizon: "12h" is not a horizon; write 1 day to 10 years, like 180d, 26w or 6mo',)),
    ('value: {seasonal: yes}', ('2:19: value.seasonal: expected true or false, not "yes"',)),
    ('value: {seasonal: true, horizon: 2y}', ('2:8: value: a seasonal index needs a horizon of at the most 364 days',)),
    ('value: {hrizon: 90d}', ('2:9: "hrizon" is not known here\n  Nearest: horizon. There are: model, horizon, seasonal.',)),
    ('features: 5', ('2:11: features: expected a mapping, not 5',)),
    ('dimensions: []', ('2:13: dimensions: expected a mapping, not a list of 0\n  Write name: value, without dashes or brackets.',)),
    ('features: [[f]]', ('2:11: features: expected a mapping, not a list of 1\n  Write name: value, without dashes or brackets.',)),
    ('personas: [5, {p: {}}, [[]]]', ('2:11: personas: expected a mapping, not a list of 3\n  Write name: value, without dashes or brackets.',)),
    ('personas: [{a: {match: {frequency: 1}}}]\nwaterfall: [a]\nsuppress: [{persona: a}]', ('2:11: personas: expected a mapping, not a list of 1\n  Write name: value, without dashes or brackets.',)),
    ('personas: {p: }', ('2:14: personas.p: expected a mapping, not nothing',)),
    ('personas: {p: {title: }}', ('2:22: personas.p.title: expected a text, not nothing',)),
    ('personas: {p: {for_each: top_department, most: 0}}', ('2:48: personas.p.most: expected a whole number from 1 to 2000, not 0',)),
    ('personas: {p: {columns: [frequency, 5, [b]]}}', ('2:37: personas.p.columns.1: expected a text, not 5', '2:40: personas.p.columns.2: expected a text, not a list of 1')),
    ('personas: {p: {frequency: 2}}', ('2:16: "frequency" is not known here\n  What customers meet stands under match. There are: title, match, for_each, most, columns, safe_csv.',)),
    ('personas: {p: {titel: x}}', ('2:16: "titel" is not known here\n  Nearest: title. There are: title, match, for_each, most, columns, safe_csv.',)),
    ('personas: {p: {safe_csv: }}', ()),
    ('personas: {p: {safe_csv: 1}}', ('2:26: personas.p.safe_csv: expected true or false, not 1',)),
    ('suppress: {gender: male}', ('2:11: suppress: expected a list, not a mapping\n  Begin each with "- ", or put all in brackets: [{…}, {…}].',)),
    ('waterfall: [5]', ('2:13: waterfall.0: expected a text, not 5',)),
    ('vip: {match: {frequency: 2}}', ('2:1: "vip" is not known here\n  A persona stands under personas, a feature under features. There are: version, sources, timezone, base, new_arrival_days, value, features, dimensions, personas, suppress, waterfall, columns, safe_csv, notices.',)),
    ('safe_csv: yes', ('2:11: safe_csv: expected true or false, not "yes"',)),
    ('notices: {unseen-value: true}', ('2:25: a notice is set to one of: off, info, warn, error; not to true',)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_a_mistake_is_told_with_its_place(
    line: str, expected: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "personas.yaml"
    path.write_text(f"version: 1\n{line}\n")
    told: tuple[str, ...] = ()
    try:
        read_rules(path)
    except RulesError as error:
        told = tuple(str(p).removeprefix(f"{path}:") for p in error.problems)
    assert told == expected
