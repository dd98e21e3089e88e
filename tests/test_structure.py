"""The shape of the project: packages, layers, the wheel, exported names, and doctests."""

from __future__ import annotations

import ast
import doctest
import functools
import importlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text())
SETUPTOOLS = PROJECT["tool"]["setuptools"]


def python_folders(top: str) -> set[str]:
    return {str(p.parent.relative_to(REPO)) for p in (REPO / top).rglob("*.py")}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((REPO / folder).rglob("*.py"))


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imported(path: Path) -> Iterator[str]:
    """The modules a file imports, relative ones with their dots."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_the_package_list_is_the_tree() -> None:
    mapped = SETUPTOOLS["package-dir"]
    assert mapped == {"segmentation.cli": "cli", "segmentation.starter": "sample_data"}
    folders = {mapped.get(name, name.replace(".", "/")) for name in SETUPTOOLS["packages"]}
    assert folders == python_folders("segmentation") | {"cli", "sample_data"}


def test_every_folder_of_the_engine_is_a_package() -> None:
    lacking = [f for f in python_folders("segmentation") if not (REPO / f / "__init__.py").exists()]
    assert lacking == []


def test_imports_follow_the_data_flow(tmp_path: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--cache-dir", str(tmp_path)],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_nobody_imports_the_command_line() -> None:
    found = {
        f"{path.relative_to(REPO)} imports {name}"
        for path in sources("segmentation", "tests", "sample_data", "benchmarks")
        for name in imported(path)
        if name.split(".")[0] == "cli" or name.startswith("segmentation.cli")
    }
    assert found == set()


def test_the_command_line_imports_itself_relatively() -> None:
    names = {name for path in sources("cli") for name in imported(path)}
    assert not {n for n in names if n.split(".")[0] == "cli" or n.startswith("segmentation.cli")}


def test_personas_yaml_has_one_parser_and_that_is_not_pydantic() -> None:
    found = {
        str(path.relative_to(REPO))
        for path in sources("segmentation", "cli")
        for name in imported(path)
        if name.split(".")[0] == "pydantic"
    }
    assert found == set()
    assert not [d for d in PROJECT["project"]["dependencies"] if d.startswith("pydantic")]


def test_the_engine_prints_nothing_and_one_module_reads_the_clock() -> None:
    banned = {"print", "input", "datetime.now", "date.today", "time.time"}
    found = {
        f"{path.relative_to(REPO)}:{node.lineno}: {ast.unparse(node.func)}"
        for path in sources("segmentation")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in banned
    }
    allowed = {f for f in found if f.startswith("segmentation/system/clock.py:")}
    assert found - allowed == set()


#: dataclasses with state of their own, and why
CHANGING = {
    "rules/reading/shapes.py:Shapes": "a parser collects all mistakes",
    "rules/reading/rows.py:RowsParser": "the same parser",
    "rules/reading/measures.py:MeasureParser": "the same parser",
    "rules/reading/comparisons.py:ComparisonParser": "the same parser",
    "rules/reading/conditions.py:Parser": "the same parser",
    "rules/yaml/builder.py:_Open": "a container of YAML that is being read",
    "rules/yaml/builder.py:Builder": "what has been read of the YAML so far",
    "rules/comparisons.py:_Walk": "a walk over the rules knows where it has been",
    "rules/lint/solve.py:Patience": "steps that the lint has left",
    "rules/lint/solve.py:_Followed": "what the lint has followed",
    "rules/lint/search.py:Known": "what the search has worked out",
    "rules/lint/search.py:Search": "the search itself",
    "rules/lint/state.py:State": "a state of the search",
}


def test_dataclasses_are_defined_by_ours() -> None:
    """The standard library's takes half a millisecond for each class, at every start."""
    theirs = {
        str(path.relative_to(REPO))
        for path in sources("segmentation", "cli")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
        if "dataclass" in {name.name for name in node.names}
    }
    assert theirs == {"segmentation/dataclass.py"}


def is_frozen(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and any(
        word.arg == "frozen" and ast.unparse(word.value) == "True" for word in decorator.keywords
    )


def test_what_is_equally_common_comes_in_one_order() -> None:
    """`Counter.most_common` leaves equals as they came, out of a set in the order of the hash seed."""
    assert [p.name for p in sources("segmentation") if ".most_common(" in p.read_text()] == []


def test_what_is_passed_around_is_frozen() -> None:
    changing = {
        f"{path.relative_to(REPO / 'segmentation')}:{node.name}"
        for path in sources("segmentation")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("dataclass") and not is_frozen(decorator)
    }
    assert changing == CHANGING.keys()


MOST_SKIPS = 44


def skips(path: Path) -> Iterator[tuple[int, bool]]:
    """The lines on which the formatter is switched off, and whether a literal table ends there."""
    lines = path.read_text().splitlines()
    off = [n for n, line in enumerate(lines, 1) if line.rstrip().endswith("# fmt: " + "skip")]
    if not off:
        return
    ends: set[int | None] = set()
    for node in parsed(path).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            ends.add(node.end_lineno)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            ends |= {d.end_lineno for d in node.decorator_list if "parametrize" in ast.unparse(d)}
    yield from ((n, n in ends) for n in off)


def test_the_formatter_is_off_for_a_few_literal_tables_only() -> None:
    tops = ("segmentation", "cli", "tests", "docs", "benchmarks", "sample_data")
    found = [(p.name, n, ok) for p in sources(*tops) for n, ok in skips(p)]
    assert [one for one in found if not one[-1]] == []
    assert len(found) < MOST_SKIPS


#: the steps that nobody takes alone
STEPS = {
    ("segmentation.scan.measuring", "measure"),
    ("segmentation.scan.measuring", "measure_at"),
    ("segmentation.customers.describe", "fit_cuts"),
}


def test_one_function_goes_from_rules_to_described_customers() -> None:
    taken = {
        (str(path.relative_to(REPO / "segmentation")), step)
        for path in sources("segmentation")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        for step in STEPS & {(node.module or "", name.name) for name in node.names}
    }
    assert taken == {("scan/described.py", step) for step in STEPS}


IDENTIFYING = (
    "measures",
    "models",
    "customers/describe.py",
    "customers/cuts.py",
    "customers/graph.py",
    "customers/labels.py",
    "audiences",
    "scan/measuring.py",
    "scan/prepare.py",
)


def test_no_words_where_things_are_told_apart() -> None:
    """What identifies measures, parts, cuts and columns never sees a rule in words."""
    places = [REPO / "segmentation" / name for name in IDENTIFYING]
    modules = [m for p in places for m in (sorted(p.rglob("*.py")) if p.is_dir() else [p])]
    worded = {
        f"{path.relative_to(REPO)} calls {ast.unparse(node.func)}"
        for path in modules
        if "rules.prose" in path.read_text()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("describe", "prose")
    }
    assert worded == set()


EXPORTED = """
import sys
import segmentation
assert "polars" not in sys.modules, "import segmentation must be light"
for name in segmentation.__all__:
    getattr(segmentation, name)
print(*segmentation.__all__)
"""


def test_the_exported_names() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EXPORTED], capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.split() == [
        "VERSION",
        "CheckFailed",
        "InputError",
        "Location",
        "Locked",
        "OutputError",
        "Problem",
        "RulesError",
        "RunResult",
        "SegmentationError",
        "read_rules",
        "run",
    ]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names inside a wheel built from a copy of the tree, without network."""
    setuptools = pytest.importorskip("setuptools", minversion="77", reason="builds the wheel")
    assert setuptools
    copy = tmp_path_factory.mktemp("source")
    for name in ("segmentation", "cli", "sample_data"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPO / name, copy / name, ignore=ignored)
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(REPO / name, copy)
    (copy / "README.md").write_text("only its name matters here")
    build = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    [file] = (copy / "dist").glob("*.whl")
    return zipfile.ZipFile(file).namelist()


def test_the_wheel_holds_only_the_package(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"segmentation"}


def test_the_wheel_holds_every_module_the_help_and_the_starter(wheel: list[str]) -> None:
    modules = {str(p.relative_to(REPO)) for p in sources("segmentation")}
    modules |= {f"segmentation/{p.relative_to(REPO)}" for p in sources("cli")}
    starter = {f"segmentation/starter/{p.name}" for p in (REPO / "sample_data").glob("*.csv")}
    helped = {f"segmentation/cli/help/{p.name}" for p in (REPO / "cli/help").iterdir()}
    wanted = (
        modules | helped | starter | {"segmentation/py.typed", "segmentation/starter/personas.yaml"}
    )
    assert wanted - set(wheel) == set()


MODULES = [
    str(p.relative_to(REPO).with_suffix("")).replace("/", ".").removesuffix(".__init__")
    for p in sources("segmentation")
    if ">>> " in p.read_text()
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
