"""The plans of benchmarks/plans: segment and the SQL by hand give the same customers and audiences."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
#: each plan, and few lines as they are in the set that it is made for
TINY = {
    "shares": ("20m", []),
    "windows": ("20m", []),
    "own": ("20m", []),
    "departments-30": ("20m-30", ["--departments", "30"]),
    "departments-3000": ("20m-3000", ["--departments", "3000", "--skewed"]),
}
#: what segment writes whatever the rules; the rivals do not
ALWAYS = {
    *("first_order_on", "last_order_on", "r_score", "f_score", "m_score", "rfm"),
    *("top_department_share", "audience", "suppressed_by"),
}


def python(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, BENCHMARKS / script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def generated(folder: Path, *options: str, lines: int = 2000) -> Path:
    done = python("generate.py", folder, "--lines", str(lines), "--customers", "120", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_every_plan_is_known_and_said_twice() -> None:
    found = {p.name for p in (BENCHMARKS / "plans").iterdir()}
    assert found == {f"{name}.{kind}" for name in TINY for kind in ("yaml", "sql")}


@pytest.mark.deep
@pytest.mark.parametrize("name", TINY)
def test_the_sql_by_hand_says_what_the_plan_says(name: str, tmp_path: Path) -> None:
    named, options = TINY[name]
    generated(tmp_path / named, *options)
    done = python("run.py", "--plan", name, "--data", tmp_path, "--exact")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    _, title, verdict, alone = done.stdout.replace("\n\n", "\n").splitlines()
    assert title == f"{named}, plan {name}"
    assert verdict.startswith("segment and duckdb: equal, ")
    assert {*alone.removeprefix("  not compared: ").split(", ")} <= ALWAYS


@pytest.mark.deep
def test_contenders_take_turns_and_are_compared_by_their_audiences(tmp_path: Path) -> None:
    generated(tmp_path / "20m")
    beside = Path(sys.executable).with_name("segment")
    both = ["--segment", f"old={beside}", "--segment", f"new={beside}", "--baseline", "old"]
    done = python("run.py", "--plan", "own", "--data", tmp_path, "--runs", "1", *both)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows] == ["| contender", "| old", "| new", "| duckdb"]
    assert rows[1][7:] == ["1.00 (1.00–1.00)", "1.00 (1.00–1.00)", "1.00 |"]
    assert "\nold, new, duckdb: 6 audiences, the same sizes\n" in done.stdout


Output = Callable[[str, dict[str, list[object]]], Path]


@pytest.fixture
def wrote(tmp_path: Path) -> Output:
    """Writes what a contender would: these customers, of whom some are in the audience vip."""

    def written(vip: str, customers: dict[str, list[object]]) -> Path:
        out = tmp_path / str(len(list(tmp_path.iterdir())))
        (out / "personas").mkdir(parents=True)
        (out / "personas" / "vip.csv").write_text("\n".join(["customer_id", *vip]) + "\n")
        pl.DataFrame(customers).write_parquet(out / "customers.parquet")
        return out

    return written


OURS: dict[str, list[object]] = {"customer_id": ["1", "2"], "spend": [0.3, None], "rfm": ["5", "5"]}
LOST = "1 customers are only in one of the two, such as 2"
OTHERS: dict[str, tuple[str, dict[str, list[object]], list[str]]] = {
    "rounding": ("21", {"customer_id": [2, 1], "spend": [None, 0.1 + 0.2]}, []),
    "value": (
        "12",
        {"customer_id": [1, 2], "spend": [0.31, 0.0]},
        ["spend: 2 differ, such as customer 1: [0.3, 0.31]"],
    ),
    "customer": ("12", {"customer_id": [1], "spend": [0.3]}, [LOST]),
    "member": (
        "1",
        {"customer_id": [1, 2], "spend": [0.3, None]},
        ["audience vip has other members"],
    ),
    "order": ("12", {n: v[::-1] for n, v in OURS.items()}, ["not the same bits in the same order"]),
    "bits": (
        "12",
        OURS | {"spend": [0.1 + 0.2, None]},
        ["not the same bits in the same order"],
    ),
}


@pytest.mark.parametrize(("vip", "theirs", "differences"), OTHERS.values(), ids=OTHERS)
def test_a_difference_between_two_contenders_is_told(
    wrote: Output,
    monkeypatch: pytest.MonkeyPatch,
    vip: str,
    theirs: dict[str, list[object]],
    differences: list[str],
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    exact = importlib.import_module("exact")
    found = exact.compared(wrote("12", OURS), wrote(vip, theirs))
    assert found.differences == differences
    assert found.only_one_has == ([] if "rfm" in theirs else ["rfm"])
