"""The command line as tests see it: the installed `segment`, its exit code, stdout and stderr.

`segment` runs the console script's entry point in this process (fast: most tests); `shell` starts
the script itself (for signals, imports, standard input and whatever else only a process shows).
"""

from __future__ import annotations

import functools
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path

import drawing
import polars as pl
import pytest
import typer.main
from harness import PATIENCE, Result, Segment, Shell
from hypothesis import settings

# A commit passes or fails, today as tomorrow: the same examples each time. New ones are drawn by
# `pytest -m 'deep or not deep' --hypothesis-profile=fresh`.
settings.register_profile("repeatable", derandomize=True, deadline=None)  # tests time nothing
settings.register_profile("fresh", print_blob=True, deadline=None)

# pytest rewrites assertions of tests only; helpers that assert are named before they are imported
pytest.register_assert_rewrite("four_customers", "pasting", "publishing", "suppression")

OF_RUNS = 29  # of how many rows of a table that run the command plain pytest runs one
OF_FILES = 7  # and of how many that read files
WHOLE = 3  # how many tests of a module that runs the command it runs in any case
OF_OTHERS = 3  # and of how many others one
REPO = Path(__file__).resolve().parents[1]
DATA = REPO.parent / "shared" / "data"
RETAIL = "online_retail_ii/year_2009_2010.parquet"
QUIET = {"COLUMNS": "80", "NO_COLOR": "1", "TZ": "UTC"}
NOISY = (
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "FORCE_COLOR",
    "SEGMENT_DEBUG",
    "SEGMENT_CONFIG",
    "SEGMENT_OUT",
    "SEGMENT_AS_OF",
    "SEGMENT_SHOW_VALUES",
)


def pytest_configure(config: pytest.Config) -> None:
    """Plain pytest draws a part of the examples of each property, `-m deep` all of them."""
    drawing.is_deep = config.option.markexpr != "not deep"
    if (
        not drawing.is_deep
    ):  # workers keep all cores busy; `-m deep` runs with the threads that users have
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
    settings.register_profile(
        "repeatable", settings.get_profile("repeatable"), max_examples=drawing.many(100)
    )
    settings.load_profile(config.option.hypothesis_profile or "repeatable")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Plain pytest is a sample that takes two minutes; what it leaves out is deep.

    Of tables it runs each `OF_RUNS`th row where a row runs the command, each `OF_FILES`th where one reads files,
    or as `sampled(every=5)` says; a number that shares no factor with a table's columns meets all of them.
    Of what is left of a module that runs the command it runs the first `WHOLE` tests and each `OF_OTHERS`th other.
    Properties are deep, too: there they draw all of their examples.
    """
    for item in items:
        if drawing.is_deep and getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.deep)
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for rows in tables.values():
        every = _every(rows)
        for number, item in enumerate(rows):
            if number % every:
                item.add_marker(pytest.mark.deep)
    left: dict[str, list[pytest.Item]] = {}
    for item in items:
        if _uses(item, "segment") and not item.get_closest_marker("deep"):
            left.setdefault(item.nodeid.partition("::")[0], []).append(item)
    for tests in left.values():
        for number, item in enumerate(tests[WHOLE:], 1):
            if number % OF_OTHERS:
                item.add_marker(pytest.mark.deep)


def _every(rows: Sequence[pytest.Item]) -> int:
    """Of how many rows of a table plain pytest runs one."""
    sampled = rows[0].get_closest_marker("sampled")
    if sampled is not None:
        every: int = sampled.kwargs.get("every", OF_RUNS)
        return every
    if len(rows) > 1 and _uses(rows[0], "segment"):
        return OF_RUNS
    return OF_FILES if _uses(rows[0], "tmp_path") else 1


def _uses(item: pytest.Item, fixture: str) -> bool:
    return fixture in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported lives as long as the tests do: the collector need not walk it each time."""
    gc.collect()
    gc.freeze()


#: a process makes its commands once; so does this one, though it calls the entry point often
made_once = functools.cache(typer.main.get_command)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which neither colours, width nor CI change a byte."""
    for name in NOISY:
        monkeypatch.delenv(name, raising=False)
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def segment(
    tmp_path: Path,
    clean_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Segment:
    """Runs `segment ARGUMENTS` in tmp_path, in this process, through the entry point."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(typer.main, "get_command", made_once)
    [script] = entry_points(group="console_scripts", name="segment")
    main = script.load()

    def run(*arguments: object, files: Mapping[str, str | bytes] | None = None) -> Result:
        write(tmp_path, files or {})
        monkeypatch.setattr(sys, "argv", ["segment", *map(str, arguments)])
        capsys.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
        printed = capsys.readouterr()
        assert isinstance(code, int), code
        return Result(code, printed.out, printed.err, tmp_path)

    return run


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Runs the installed script `segment ARGUMENTS` as a process of its own, in tmp_path."""

    def run(
        *arguments: object,
        files: Mapping[str, str | bytes] | None = None,
        stdin: bytes = b"",
        stdin_from: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Result:
        write(tmp_path, files or {})
        with open(tmp_path / stdin_from if stdin_from else os.devnull, "rb") as file:
            done = subprocess.run(
                [str(script_path()), *map(str, arguments)],
                cwd=tmp_path,
                **({"stdin": file} if stdin_from else {"input": stdin}),
                env=environment(env),
                capture_output=True,
                check=False,
                timeout=PATIENCE,
            )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode(), tmp_path)

    return run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden", action="store_true", help="rewrite golden files instead of comparing"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the file of that name in tests/golden, byte for byte."""

    def check(name: str, text: str) -> None:
        file = Path(__file__).with_name("golden") / name
        if request.config.getoption("--golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        assert text == file.read_text()

    return check


@pytest.fixture(scope="session")
def script() -> Path:
    """The installed console script."""
    return script_path()


@pytest.fixture(scope="session")
def quiet_environment() -> dict[str, str]:
    """The variables for a process that a test starts itself."""
    return environment()


def script_path() -> Path:
    """The console script beside this Python."""
    return Path(sys.executable).with_name("segment")


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables a started process sees."""
    kept = {k: v for k, v in os.environ.items() if k not in NOISY}
    return {**kept, **QUIET, **(more or {})}


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Files by their path inside a folder; text is UTF-8."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The repository's root."""
    return REPO


@pytest.fixture(scope="session")
def data() -> Callable[[str], Path]:
    """A real data file by its path under ../shared/data; skips where that folder is absent."""

    def path(name: str) -> Path:
        if not (DATA / name).exists():
            pytest.skip(f"the real data are not here: {DATA / name}")
        return DATA / name

    return path


@pytest.fixture(scope="session")
def retail(data: Callable[[str], Path]) -> Path:
    """Online Retail II, first year."""
    return data(RETAIL)


@pytest.fixture(scope="session")
def cdnow_sample(data: Callable[[str], Path]) -> pl.DataFrame:
    """CDNOW's 1/10 sample: one row per purchase, customer_id, ordered_on, amount."""
    return _purchases(data("cdnow/CDNOW_sample.txt"), id_column=1)


@pytest.fixture(scope="session")
def cdnow_master(data: Callable[[str], Path]) -> pl.DataFrame:
    """All 69,659 purchases of CDNOW's 23,570 customers."""
    return _purchases(data("cdnow/CDNOW_master.txt"), id_column=0, header=1)


def _purchases(file: Path, *, id_column: int, header: int = 0) -> pl.DataFrame:
    rows = [line.split() for line in file.read_text().splitlines()[header:]]
    columns = {
        "customer_id": [int(row[id_column]) for row in rows],
        "ordered_on": [row[-3] for row in rows],
        "amount": [float(row[-1]) for row in rows],
    }
    return pl.DataFrame(columns).with_columns(pl.col("ordered_on").str.to_date("%Y%m%d"))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A folder with the shipped personas.yaml and a link to sample_data."""
    (tmp_path / "personas.yaml").write_bytes((REPO / "personas.yaml").read_bytes())
    (tmp_path / "sample_data").symlink_to(REPO / "sample_data")
    return tmp_path
