"""One envelope for every command, whether it does what was asked or not; docs/json holds its schemas."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from harness import Segment

SALES = "customer_id,ordered_at,amount\na,2024-01-01,5\nb,2024-01-02,6\nb,2024-02-02,6\n"
CRM = "customer_id,opted_out\na,perhaps\nb,no\n"
RULES = (
    "version: 1\nsources: {transactions: t.csv}\npersonas: {p: {match: {frequency: 1}}, q: {}}\n"
)
STOPPED = """version: 1
sources: {transactions: t.csv, customers: crm.csv}
personas: {p: {}}
suppress: [{opted_out: true}]
"""
CASES = """
cases:
  - {name: one, orders: [{days_ago: 3, amount: 1}], expect: p}
  - {name: two, orders: [{days_ago: 3, amount: 1}], not: p}
"""
FILES = {
    "t.csv": SALES,
    "crm.csv": CRM,
    "personas.yaml": RULES,
    "wrong.yaml": "version: 1\npersonas: {p: 3}\n",
    "misspelt.yaml": RULES.replace("frequency", "freqency"),
    "stopped.yaml": STOPPED,
    "impossible.yaml": RULES.replace("frequency: 1", "r_score: 6"),
    "p.test.yaml": CASES,
    "fine.test.yaml": "\n".join(CASES.splitlines()[:-1]) + "\n",
}

#: command line -> exit code, codes of the notices that say why
LINES: dict[str, tuple[int, set[str]]] = {
    "run": (0, set()),
    "run -n": (0, set()),
    "run --persona p --out other": (0, set()),
    "run -c stopped.yaml": (3, {"unreadable-value"}),
    "run -c wrong.yaml": (2, {"rules"}),
    "run --strict -c misspelt.yaml": (2, {"rules"}),
    "run nowhere.csv": (3, {"input"}),
    "run --out t.csv": (3, {"output"}),
    "run --nonsense": (2, {"usage"}),
    "run --config": (2, {"usage"}),
    "validate": (0, set()),
    "validate -c impossible.yaml": (2, {"impossible-persona"}),
    "validate -c misspelt.yaml": (2, {"rules"}),
    "validate -c wrong.yaml": (2, {"rules"}),
    "validate -c nowhere.yaml": (2, {"rules"}),
    "validate surplus": (2, {"usage"}),
    "test fine.test.yaml": (0, set()),
    "test p.test.yaml": (1, {"failed-case"}),
    "test nowhere.test.yaml": (2, {"rules"}),
    "test --nonsense": (2, {"usage"}),
    "value": (0, set()),
    "value --strict": (1, {"model-fit"}),
    "value --horizon 30d --backtest": (0, set()),
    "value --cutoff 2024-01-01": (2, {"rules"}),
    "value --csv": (2, {"usage"}),
    "history": (0, set()),
    "history --every week --last 3 --persona q": (0, set()),
    "history --every day": (2, {"rules"}),
    "history --last 1 --csv nowhere/h.csv": (3, {"output"}),
    "features": (0, set()),
    "features surplus": (2, {"usage"}),
    "schema": (0, set()),
    "schema run": (0, set()),
    "schema nonsense": (2, {"rules"}),
    "init new": (0, set()),
    "init .": (3, {"output"}),
    "init": (2, {"usage"}),
}


def schema(repo: Path, name: str) -> Any:
    """One of the schemas that the documents hold."""
    return json.loads((repo / f"docs/json/{name}.schema.json").read_text())


def commands(segment: Segment) -> set[str]:
    """The names of all commands, as --help lists them below the options."""
    groups = segment("--help").out.partition("\nOptions:\n")[2].partition("\n\n")[2]
    return set(re.findall(r"^  (\w+)", groups, re.MULTILINE))


@pytest.mark.parametrize("line", LINES)
def test_a_command_prints_its_envelope(segment: Segment, repo: Path, line: str) -> None:
    code, reasons = LINES[line]
    command, *options = line.split()
    done = segment(command, "--json", *options, files=FILES)
    body = done.json
    assert (done.exit_code, body["exit_code"], body["ok"]) == (code, code, code == 0), done.err
    assert body["command"] == line.split(maxsplit=1)[0]
    assert {n["code"] for n in body["notices"] if n["level"] == "error"} == reasons
    jsonschema.validate(body, schema(repo, body["command"]))
    jsonschema.validate(body, schema(repo, "envelope"))


@pytest.mark.parametrize("line", ["", "nonsense", "--nonsense", "--version=3"])
def test_a_line_that_names_no_command_has_an_envelope_without_one(
    segment: Segment, repo: Path, line: str
) -> None:
    done = segment(*line.split(), "--json")
    jsonschema.validate(done.json, schema(repo, "envelope"))
    assert (done.exit_code, done.json["command"], done.json["result"]) == (2, None, None)
    assert [n["code"] for n in done.said] == ["usage"]


def test_json_after_two_dashes_is_the_name_of_a_file(segment: Segment) -> None:
    done = segment("run", "--", "--json", files={"--json": SALES, "personas.yaml": RULES})
    assert (done.exit_code, done.out.splitlines()[0]) == (0, "2 customers as of 2024-02-02")


def test_every_command_has_a_schema_and_is_tried_with_both_ends(
    segment: Segment, repo: Path
) -> None:
    every = commands(segment)
    names = {p.name.removesuffix(".schema.json") for p in (repo / "docs/json").iterdir()}
    assert names == {*every, "envelope"}
    ends = {(line.split()[0], code == 0) for line, (code, _) in LINES.items()}
    assert ends == {(name, end) for name in every for end in (True, False)}


def objects(value: Any) -> list[Any]:
    """Every schema of an object in a schema."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict) and "properties" in value else []
    return [*own, *(one for each in inner for one in objects(each))]


def test_the_schemas_allow_no_key_besides_and_want_all_of_them(repo: Path) -> None:
    for path in (repo / "docs/json").iterdir():
        schema = json.loads(path.read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        for one in objects({k: v for k, v in schema.items() if k != "properties"} | {"_": schema}):
            if one.get("type") == "object":
                assert one["additionalProperties"] is False
                assert one["required"] == list(one["properties"])


@pytest.mark.parametrize("name", ["a:1:2", "two\nlines", "ä,b %3A"])
def test_a_place_is_a_file_a_line_and_a_column_whatever_the_file_is_called(
    segment: Segment, name: str
) -> None:
    done = segment(
        "validate", "-c", name, "--json", files={name: "version: 1\npersonas:\n  p: 3\n"}
    )
    [said] = done.said
    assert (said["file"], said["line"], said["column"]) == (name, 3, 6)


#: what is given -> a file, its place that --json tells of the first notice, and of what code it is
PLACES: dict[str, tuple[dict[str, bytes], str, tuple[str, int | None, int | None]]] = {
    "a line that is not UTF-8": (
        {"t.csv": SALES.encode() + b"\xff,2024-01-01,5\n"},
        "run t.csv",
        ("t.csv", 5, None),
    ),
    "a quote that does not close": (
        {"t.csv": SALES.encode() + b'a,"2024-01-01,5\n'},
        "run t.csv",
        ("t.csv", 5, None),
    ),
    "a quote that closes too early": (
        {"t.csv": SALES.encode() + b'a,"x"y,5\n'},
        "run t.csv",
        ("t.csv", 5, None),
    ),
    "no such file, its name looks like a place": ({}, "run y:3:4", ("y:3:4", None, None)),
    "no such rules, their name looks like a place": (
        {},
        "validate -c y:3:4",
        ("y:3:4", None, None),
    ),
    "a broken file whose name looks like a place": (
        {"y:3:4": SALES.encode() + b"\xff,2024-01-01,5\n"},
        "run y:3:4",
        ("y:3:4", 5, None),
    ),
}


@pytest.mark.parametrize(("given", "line", "place"), PLACES.values(), ids=PLACES)
def test_a_place_is_carried_never_read_out_of_a_name(
    segment: Segment,
    given: dict[str, bytes],
    line: str,
    place: tuple[str, int | None, int | None],
) -> None:
    done = segment(*line.split(), "--json", files={"personas.yaml": RULES, **given})
    [said] = [one for one in done.said if one["level"] == "error"]
    assert (said["file"], said["line"], said["column"]) == place, done.err
    shown = ":".join(str(part) for part in place if part is not None)
    assert done.err.startswith(f"{shown}: ")


def test_doors_stand_in_the_result_of_what_notices_stopped(segment: Segment) -> None:
    done = segment("run", "-c", "stopped.yaml", "--json", files=FILES)
    assert done.result["doors"].startswith("To sign for what is meant")
    assert done.result["doors"] in done.err
