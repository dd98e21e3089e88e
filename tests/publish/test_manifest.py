"""manifest.json: its JSON Schema holds for every kind of run, and what it says is so."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import jsonschema
import pytest
from harness import Segment
from shop import TWO_ORDERS

REPO = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((REPO / "docs/manifest.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

RUNS: dict[str, list[str]] = {
    "whole": [],
    "some personas": ["--persona", "gift_givers"],
    "files that lack what rules need": ["sample_data/transactions.csv"],
    "parquet": ["--format", "parquet"],
    "jsonl, another day": ["--format", "jsonl", "--as-of", "2026-11-15"],
}


@pytest.mark.sampled
@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_every_run_has_the_shape_of_the_schema(
    segment: Segment, sample: Path, arguments: list[str]
) -> None:
    manifest = segment("run", *arguments).manifest
    assert [e.message for e in VALIDATOR.iter_errors(manifest)] == []


@pytest.mark.deep
def test_a_run_after_another_has_it_too(segment: Segment, sample: Path) -> None:
    segment("run", "--as-of", "2026-11-15")
    manifest = segment("run").manifest
    assert manifest["previous"].startswith("2026-11-15-")
    assert [e.message for e in VALIDATOR.iter_errors(manifest)] == []


def test_the_smallest_run_has_it_too(segment: Segment) -> None:
    files = {
        "s.csv": "customer_id,ordered_at,amount\na,2024-01-01,10\n",
        "personas.yaml": "version: 1\nsources: {transactions: s.csv}\npersonas: {a: {}}\n",
    }
    manifest = segment("run", files=files).manifest
    assert [e.message for e in VALIDATOR.iter_errors(manifest)] == []


def test_the_schema_is_one_and_refuses_what_is_none(segment: Segment, sample: Path) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    manifest = segment("run").manifest
    for key in manifest:
        assert not VALIDATOR.is_valid({k: v for k, v in manifest.items() if k != key}), key
    assert not VALIDATOR.is_valid({**manifest, "more": 1})


def test_what_it_says_of_files_is_so(segment: Segment, sample: Path) -> None:
    result = segment("run")
    for persona in result.manifest["personas"]:
        content = (result.run / persona["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == persona["sha256"]
    rules = (result.run / "rules.yaml").read_bytes()
    assert hashlib.sha256(rules).hexdigest() == result.manifest["rules"]["sha256"]
    columns = [c["name"] for c in result.manifest["columns"]]
    assert ["customer_id", *columns] == result.customers.columns
    for each in result.manifest["suppress"]:
        assert (result.customers["suppressed_by"] == each["by"]).sum() == each["customers"]


RULES = "version: 1\nsources: {transactions: s.csv}\npersonas: {a: {match: {monetary: {at_least: 15}}}}\n"


def ran(
    segment: Segment, *arguments: str, shop: str = TWO_ORDERS, rules: str = RULES
) -> tuple[str, str]:
    manifest = segment("run", *arguments, files={"s.csv": shop, "personas.yaml": rules}).manifest
    return manifest["run_id"], manifest["inputs"][0]["fingerprint"]


def test_the_same_run_has_the_same_id_and_another_has_another(segment: Segment) -> None:
    once = ran(segment)
    assert ran(segment) == once
    assert ran(segment, "--config", "./personas.yaml") == once
    others = [
        ran(segment, shop=TWO_ORDERS.replace(",20\n", ",21\n")),
        ran(segment, shop=TWO_ORDERS.replace("\nb", "\nc")),
        ran(segment, rules=RULES + "# a word\n"),
        ran(segment, "--columns", "frequency"),
        ran(segment, "--format", "parquet"),
    ]
    assert len({once[0], *(run_id for run_id, _ in others)}) == 6
    assert [fingerprint == once[1] for _, fingerprint in others] == [False, False, True, True, True]


@pytest.mark.parametrize("size", [0, 100, 40_000])
def test_a_fingerprint_is_of_contents_whatever_the_files_are_called(
    segment: Segment, size: int, tmp_path: Path
) -> None:
    more = "".join(f"x{i},2024-01-01,1.0{i % 10}\n" for i in range(size))
    rules = RULES.replace("s.csv", "part_*.csv")
    files = {
        "part_1.csv": TWO_ORDERS,
        "part_2.csv": TWO_ORDERS.splitlines()[0] + "\nz,2024-01-02,5\n" + more,
    }
    first = segment("run", files={**files, "personas.yaml": rules}).manifest["inputs"][0][
        "fingerprint"
    ]
    assert first.split("-")[0] == str(sum(len(f) for f in files.values()))
    for name in ("part_1.csv", "part_2.csv"):
        Path(name).rename(name.replace("part_", "part_x"))
    assert segment("run").manifest["inputs"][0]["fingerprint"] == first
    changed = files["part_2.csv"].replace("z,2024-01-02,5", "z,2024-01-02,6")
    second = segment("run", files={"part_x2.csv": changed}).manifest["inputs"][0]["fingerprint"]
    assert second != first
