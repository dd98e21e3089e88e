"""A kind of dimension is one file and one line: a fifth one, defined here, does all that the four do."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import polars as pl
import pytest
from harness import Segment

from segmentation.messages.errors import Problem
from segmentation.messages.notices import Notice
from segmentation.publish.record import differences, read_record
from segmentation.rules import dimensions
from segmentation.rules.conditions import EVERYONE, Compare, Condition
from segmentation.rules.conditions import Path as Place
from segmentation.rules.dimensions.context import Base, Behind, Customer, Names, OnRank, Solver
from segmentation.rules.dimensions.kind import ASPECTS, CUT_ASPECTS, Asked, Dimension, OwnCut
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.schema.document import json_schema
from segmentation.rules.schema.fragments import Schema, of

REPO = Path(__file__).resolve().parents[2]


# -- the file of a fifth kind: on which side of the mean ------------------------------------------


@dataclass(frozen=True)
class Mean(OwnCut):
    """The mean of a feature over the buyers who have it."""

    feature: str

    @property
    def name(self) -> str:
        return f"{self.feature} mean"

    @property
    def features(self) -> tuple[str, ...]:
        return (self.feature,)

    def fit(self, base: Base) -> Any:
        return {"mean": base.numbers(self.feature).mean()}

    def admits(self, value: Any) -> bool:
        return isinstance(value, dict) and isinstance(value.get("mean"), float)


@dataclass(frozen=True)
class Sides(Dimension):
    """`{sides: typical_gap_days}`: above, or not above, the mean of all."""

    word: ClassVar = "sides"
    form: ClassVar = "two sides of a mean"
    gives: ClassVar = "on which side of the mean"

    feature: str
    path: Place
    labels: tuple[str, ...] = ("above", "below")

    @classmethod
    def is_written(cls, value: Any) -> bool:
        return isinstance(value, dict) and "sides" in value

    @classmethod
    def parse(cls, value: Any, path: Place, parser: Parser, *, base: str) -> Sides:
        parser.unknown_keys(value, path, ("sides",))
        return Sides(value["sides"], path)

    @classmethod
    def schema(cls) -> Mapping[str, Schema]:
        return {"sides": of({"sides": {"type": "string"}}, "sides")}

    def in_words(self) -> str:
        return f"sides of {self.feature}"

    def conditions(self) -> Iterator[Condition]:
        return iter(())

    def crosses(self) -> tuple[str, ...]:
        return ()

    def reads(self) -> tuple[str, ...]:
        return (self.feature,)

    def ranks(self) -> str | None:
        return None

    def behind(self, wanted: frozenset[str]) -> Iterator[Behind]:
        yield OnRank(self.feature, self.path)

    def check(self, name: str, names: Names) -> Iterator[Problem]:
        if not names.is_known(self.feature):
            yield names.unknown(self.feature, (*self.path, "sides"), f'dimension "{name}"')

    def meaning(self, label: str) -> Condition:
        known = Compare(self.feature, "missing", value=False)
        return known if label == "above" else EVERYONE

    def claims(self) -> Iterator[tuple[Place, Condition, Condition]]:
        return iter(())

    def unreachable(self, name: str, solver: Solver) -> Iterator[Notice]:
        return iter(())

    def cuts(self, name: str) -> tuple[Asked, ...]:
        return (Mean(self.feature),)

    def expr(self, name: str, customer: Customer) -> pl.Expr:
        mean = customer.held(customer.cut(Mean(self.feature))["mean"], self.feature)
        above = customer.number(self.feature) > mean
        return pl.when(above).then(pl.lit("above")).otherwise(pl.lit("below"))


@pytest.fixture(autouse=True)
def fifth(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line."""
    monkeypatch.setattr(dimensions, "KINDS", (*dimensions.KINDS, Sides))


# -- what it does with nothing else ---------------------------------------------------------------

LINES = """customer_id,ordered_at,amount
often,2026-01-01,5
often,2026-01-03,5
rare,2026-01-01,5
rare,2026-01-11,5
once,2026-01-04,5
"""
RULES = """version: 1
sources: {transactions: t.csv}
dimensions:
  pace: {sides: typical_gap_days}
  both: {grid: [pace, size], columns: [all], rows: {above: [slow], below: [other]}}
  size: [{all: otherwise}]
personas:
  slow: {match: {pace: above}}
  other: {match: {both: other}}
"""
FILES = {"t.csv": LINES, "personas.yaml": RULES}


def test_a_run_fits_it_writes_its_cut_and_is_a_record(segment: Segment) -> None:
    done = segment("run", files=FILES)
    assert done.exit_code == 0, done.err
    found = done.customers.sort("customer_id").select("customer_id", "pace", "both")
    assert found.rows() == [
        ("often", "below", "other"),
        ("once", "below", "other"),
        ("rare", "above", "slow"),
    ]
    assert (done.ids("slow"), done.ids("other")) == (["rare"], ["often", "once"])
    stored = json.loads((done.run / "cuts.json").read_text())
    assert stored["values"]["typical_gap_days mean"] == {"mean": 6.0}
    assert differences(read_record(done.run)) == ()


def test_its_cut_is_taken_from_a_former_run_and_checked(segment: Segment) -> None:
    written = {"version": 1, "as_of": "2026-01-11", "customers": 3}
    low = written | {"values": {"typical_gap_days mean": {"mean": 1.5}}}
    wrong = written | {"values": {"typical_gap_days mean": {"mean": "6"}}}
    cuts = {"low.json": json.dumps(low), "wrong.json": json.dumps(wrong)}
    done = segment("run", "--cuts", "low.json", files=FILES | cuts)
    assert (done.exit_code, done.ids("slow")) == (0, ["often", "rare"])
    refused = segment("run", "--cuts", "wrong.json")
    assert refused.exit_code == 3
    assert '--cuts: "typical_gap_days mean" is not what a run writes there' in refused.err


REFUSED = [
    pytest.param("{sides: typical_gap_day}", "Nearest: typical_gap_days", id="a name"),
    pytest.param("{sides: monetary, shares: 2}", '"shares" is not known here', id="a key"),
    pytest.param(
        "7",
        "a dimension is a list of rungs, a grid, fitted `from` something, or two sides of a mean",
        id="a form that no kind has",
    ),
]


@pytest.mark.parametrize(("written", "said"), REFUSED)
def test_what_cannot_be_meant_is_refused_at_its_line(
    segment: Segment, written: str, said: str
) -> None:
    rules = f"version: 1\nsources: {{transactions: t.csv}}\ndimensions:\n  pace: {written}\n"
    done = segment("validate", files={"t.csv": LINES, "personas.yaml": rules})
    assert done.exit_code == 2
    assert "personas.yaml:4:" in done.err
    assert said in " ".join(done.err.split())


def test_lint_knows_what_its_labels_mean(segment: Segment) -> None:
    more = "  never: {match: {both: slow, typical_gap_days: {missing: true}}}\n"
    more += "  maybe: {match: {both: other, typical_gap_days: {missing: true}}}\n"
    done = segment("validate", files=FILES | {"personas.yaml": RULES + more})
    assert done.exit_code == 2
    assert 'persona "never"' in done.err
    assert "maybe" not in done.err


def test_the_schema_takes_it_beside_the_others() -> None:
    validator = jsonschema.Draft7Validator(json_schema())
    written = [{"sides": "monetary"}, {"sides": 1}, {"sides": "monetary", "shares": 2}]
    fits = [validator.is_valid({"version": 1, "dimensions": {"d": one}}) for one in written]
    assert fits == [True, False, False]


# -- nobody else knows a kind, and no kind lacks an aspect ----------------------------------------


def without(kind: type, aspect: str) -> dict[str, Any]:
    """The body of a class but for one aspect."""
    said = {k: v for k, v in inspect.get_annotations(kind).items() if k != aspect}
    kept = {k: v for k, v in vars(kind).items() if k not in (aspect, "__dict__", "__weakref__")}
    return kept | {"__annotations__": said}


@pytest.mark.parametrize(
    ("kind", "of", "aspect"),
    [
        *(pytest.param(Sides, Dimension, a, id=a) for a in sorted(ASPECTS)),
        *(pytest.param(Mean, OwnCut, a, id=f"cut {a}") for a in sorted(CUT_ASPECTS)),
    ],
)
def test_a_kind_that_lacks_an_aspect_does_not_import(kind: type, of: type, aspect: str) -> None:
    assert type("Whole", (of,), without(kind, ""))
    with pytest.raises(TypeError, match=f"Lame lacks what every {of.__name__} has: {aspect}$"):
        type("Lame", (of,), without(kind, aspect))


PACKAGE = "segmentation.rules.dimensions"
SHARED = {"__init__", "context", "kind"}
FOLDER = REPO / PACKAGE.replace(".", "/")
FILES_OF_KINDS = {p.stem for p in FOLDER.glob("*.py")} - SHARED
CLASSES = {
    node.name
    for file in FILES_OF_KINDS
    for node in ast.parse((FOLDER / f"{file}.py").read_text()).body
    if isinstance(node, ast.ClassDef)
}


def test_every_file_of_a_kind_has_its_line() -> None:
    lines = {k.__module__.removeprefix(f"{PACKAGE}.") for k in dimensions.KINDS if k is not Sides}
    assert lines == FILES_OF_KINDS


def kinds_named(path: Path) -> Iterator[str]:
    """The files and classes of kinds that a module imports or reaches for, by whatever way."""
    files = tuple(f"{PACKAGE}.{file}" for file in FILES_OF_KINDS)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (n.name for n in node.names if n.name.startswith(files))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            if node.module in files:
                yield node.module
            yield from (n.name for n in node.names if n.name in CLASSES | FILES_OF_KINDS)
        elif isinstance(node, ast.Attribute) and node.attr in CLASSES:
            yield ast.unparse(node)


def test_no_module_outside_names_a_kind() -> None:
    modules = [p for top in ("segmentation", "cli", "docs") for p in (REPO / top).rglob("*.py")]
    outside = [p for p in modules if FOLDER not in p.parents and "dimensions" in p.read_text()]
    found = {f"{p.relative_to(REPO)}: {name}" for p in outside for name in kinds_named(p)}
    assert found == set()
    assert set(kinds_named(FOLDER / "__init__.py")) >= {"Ladder", "Grid", "Lifecycle", "Tiers"}
