"""Nothing that a user can name is without a word in the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from doctools import generated, shop

from segmentation.messages.errors import SegmentationError
from segmentation.rules.catalogue import CATALOGUE, DERIVED_COLUMNS
from segmentation.rules.dimensions.lifecycle import STAGES
from segmentation.rules.dimensions.tiers import METHODS
from segmentation.rules.operators import OPERATORS
from segmentation.rules.reading.aggregations import AGGREGATIONS
from segmentation.rules.reading.conditions import WORDS
from segmentation.rules.reading.rows import ROW_KEYS
from segmentation.sources.columns.aliases import ALIASES


def page(name: str) -> str:
    return (shop.REPO / "docs" / name).read_text()


def words(*names: str) -> set[str]:
    """What stands in backticks on some pages; of `count: orders` also `count`."""
    found = {w for name in names for w in re.findall(r"`([^`\n]+)`", page(name))}
    return found | {w.partition(":")[0] for w in found}


def schema_keys(value: Any) -> Iterator[str]:
    """Every key that the JSON Schema knows."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get("properties"), dict):
        yield from value["properties"]
    for one in inner:
        yield from schema_keys(one)


def schema() -> Any:
    printed, _ = shop.run("segment schema", shop.REPO)
    return json.loads(printed)


RULES = ("rules.md", "inputs.md", "notices.md")
NAMES: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "features": (set(CATALOGUE.names()), ("features.md",)),
    "operators": (set(OPERATORS), ("rules.md",)),
    "aggregates": (set(AGGREGATIONS), ("rules.md",)),
    "words of conditions": ({*WORDS, *ROW_KEYS, "times", "among"}, ("rules.md",)),
    "derived columns": (set(DERIVED_COLUMNS), ("rules.md",)),
    "stages and methods": ({*STAGES, *METHODS}, ("rules.md",)),
    "canonical columns": ({c for columns in ALIASES.values() for c in columns}, ("inputs.md",)),
}


@pytest.mark.parametrize(("names", "pages"), NAMES.values(), ids=NAMES)
def test_every_name_is_documented(names: set[str], pages: tuple[str, ...]) -> None:
    assert sorted(names - words(*pages)) == []


def test_every_key_of_the_rules_is_documented() -> None:
    known = words(*RULES, "features.md")
    assert sorted(set(schema_keys(schema())) - known) == []


def test_every_command_is_documented() -> None:
    assert len(generated.commands()) > 0
    assert [c for c in generated.commands() if f"## segment {c}\n" not in page("cli.md")] == []


def test_every_way_out_is_documented() -> None:
    rows = re.findall(r"^\| (\d+) \|", page("exit-codes.md"), re.MULTILINE)
    errors = {e.exit_code for e in SegmentationError.__subclasses__()}
    assert {int(code) for code in rows} == {0, 70, 130} | errors


@pytest.fixture(scope="module")
def sample_run() -> tuple[dict[str, Any], dict[str, Any]]:
    """manifest.json and cuts.json of the sample run."""
    with shop.clone() as folder:
        printed, code = shop.run("segment run -q", folder)
        assert code == 0, printed
        latest = folder / "audiences/latest"
        manifest = json.loads((latest / "manifest.json").read_text())
        cuts = json.loads((latest / "cuts.json").read_text())
    return manifest, cuts


@pytest.mark.deep
def test_every_key_of_what_a_run_writes_is_documented(
    sample_run: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    manifest, cuts = sample_run
    keys = {*manifest, *manifest["inputs"][0], *manifest["personas"][0], *cuts}
    assert sorted(keys - words("output.md")) == []


def test_every_key_of_json_is_documented() -> None:
    for schema in (shop.REPO / "docs/json").iterdir():
        assert sorted(set(schema_keys(json.loads(schema.read_text()))) - words("json.md")) == []


@pytest.mark.deep
def test_every_column_of_customers_is_in_the_glossary() -> None:
    assert sorted(set(generated.sample_columns()) - words("glossary.md")) == []


def test_every_column_of_customers_has_one_meaning_in_the_glossary() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", page("glossary.md"), re.MULTILINE)
    assert sorted({r for r in rows if rows.count(r) > 1}) == []


@pytest.mark.deep
def test_every_heading_of_a_runs_table_is_in_the_glossary() -> None:
    with shop.clone() as folder:
        printed, _ = shop.run("segment run --dry-run", folder)
    [head] = re.findall(r"^persona  .*$", printed, re.MULTILINE)
    table = page("glossary.md").partition("## The table of a run\n")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| ([\w ]+) \|", table, re.MULTILINE)
    assert ["heading", *re.split(r"  +", head)] == explained
