"""The Python API: `sg.run(rules)` gives frames, and is what the command does."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment
from polars.testing import assert_frame_equal

import segmentation as sg

RULES = """\
version: 1
sources: {transactions: {path: t.csv}}
personas:
  top: {match: {monetary: {at_least: 10}}, columns: [frequency]}
  nobody: {match: {monetary: {at_least: 1000}}}
"""
ORDERS = """\
customer_id,order_id,ordered_at,amount
a,1,2026-01-05,12.50
é,2,2026-01-06,3
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rules and two customers, in which we stand."""
    (tmp_path / "personas.yaml").write_text(RULES)
    (tmp_path / "t.csv").write_text(ORDERS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_two_lines_lead_to_a_frame(shop: Path) -> None:
    run = sg.run("personas.yaml")
    assert run.customers["customer_id"].to_list() == ["a", "é"]
    assert run.audience("top").to_dicts() == [
        {"customer_id": "a", "monetary": 12.5, "frequency": 1}
    ]
    assert files(shop) == {"personas.yaml", "t.csv"}


def test_an_audience_without_anybody_has_its_columns() -> None:
    found = sg.run("personas.yaml").audience("nobody")
    assert (found.height, found.columns) == (0, ["customer_id", "monetary"])


def test_a_run_says_in_a_line_what_it_is(shop: Path) -> None:
    assert repr(sg.run("personas.yaml")) == (
        "<run as of 2026-01-06: 2 customers, 2 audiences, nothing written>"
    )
    assert repr(sg.run("personas.yaml", out="runs")).endswith("written to runs/2026-01-06>")


def test_its_summary_is_a_row_per_audience() -> None:
    found = sg.run("personas.yaml").summary
    assert found.select("name", "matched", "exported", "share_of_customers").rows() == [
        ("top", 1, 1, 0.5),
        ("nobody", 0, 0, 0.0),
    ]


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_frames_are_what_is_published(shop: Path, form: str) -> None:
    run = sg.run("personas.yaml", out="runs", form=form)
    assert run.folder == "runs/2026-01-06"
    assert_frame_equal(pl.read_parquet(f"{run.folder}/customers.parquet"), run.customers)
    if form == "parquet":
        assert_frame_equal(
            pl.read_parquet(f"{run.folder}/personas/top.parquet"), run.audience("top")
        )
    assert (shop / "runs/latest/personas" / f"top.{form}").exists()


def test_what_the_command_writes_is_what_the_call_writes(segment: Segment) -> None:  # type: ignore[no-untyped-def]
    assert segment("run", "--out", "by_command").exit_code == 0
    sg.run("personas.yaml", out="by_call")
    for name in ("personas/top.csv", "customers.parquet", "cuts.json", "allocation.parquet"):
        paths = [Path(out) / "latest" / name for out in ("by_command", "by_call")]
        assert paths[0].read_bytes() == paths[1].read_bytes(), name


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        (None, date(2026, 1, 6)),
        ("2026-01-05", date(2026, 1, 5)),
        (date(2026, 1, 5), date(2026, 1, 5)),
        (datetime.fromisoformat("2026-01-05T23:59"), date(2026, 1, 5)),
        ("today", date(2026, 3, 1)),
    ],
)
@pytest.mark.parametrize(
    "today", [date(2026, 3, 1), datetime.fromisoformat("2026-03-01T12:00"), "2026-03-01"]
)
def test_the_day_is_a_date_its_text_or_today(
    as_of: date | str | None, day: date, today: date | str
) -> None:
    assert sg.run("personas.yaml", as_of=as_of, today=today).as_of == day


#: one thing as it may be handed over -> the columns of the audience "top" and how many audiences there are
FORMS: dict[str, tuple[dict[str, Any], list[str], int]] = {
    "a name of a persona": ({"personas": "top"}, [], 1),
    "a list of names": ({"personas": ["top"]}, [], 1),
    "None for all": ({"personas": None, "columns": None, "sources": None, "cuts": None}, [], 2),
    "a name of a column": ({"columns": "recency_days"}, ["recency_days"], 2),
    "a tuple of names": ({"columns": ("recency_days",)}, ["recency_days"], 2),
}


@pytest.mark.parametrize("name", FORMS)
def test_an_argument_is_taken_in_the_forms_in_which_it_is_written(name: str) -> None:
    arguments, columns, audiences = FORMS[name]
    run = sg.run("personas.yaml", **arguments)
    assert run.audience("top").columns == ["customer_id", "monetary", "frequency", *columns]
    assert run.summary.height == audiences


def test_who_changes_the_frame_of_a_run_does_not_change_the_run() -> None:
    run = sg.run("personas.yaml")
    run.customers.insert_column(0, pl.lit(1).alias("mine"))
    run.audience("top").insert_column(0, pl.lit(1).alias("mine"))
    assert run.customers.columns[0] == run.audience("top").columns[0] == "customer_id"


@pytest.mark.parametrize(("out", "codes"), [(None, set()), ("runs", {"formula-guard"})])
def test_of_formulas_is_warned_where_a_spreadsheet_may_open_them(
    shop: Path, out: str | None, codes: set[str]
) -> None:
    (shop / "t.csv").write_text(ORDERS.replace("\na,", "\n=a,"))
    run = sg.run("personas.yaml", out=out)
    assert {n.code for n in run.notices} & {"formula-guard"} == codes


def test_rules_that_were_read_are_rules() -> None:
    assert sg.run(sg.read_rules(Path("personas.yaml"))).audience("top").height == 1


def test_a_dry_run_writes_nothing_and_looks_at_the_folder(shop: Path) -> None:
    sg.run("personas.yaml", out="runs", dry_run=True)
    assert not (shop / "runs").exists()
    sg.run("personas.yaml", out="runs")
    with pytest.raises(sg.RulesError):
        sg.run("personas.yaml", out="runs/2026-01-06", dry_run=True)


@pytest.mark.parametrize("stdin", [None, io.StringIO("")], ids=["none", "of text only"])
def test_it_works_without_standard_input(monkeypatch: pytest.MonkeyPatch, stdin: object) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    assert sg.run("personas.yaml").customers.height == 2


DAY = "Write it as 2026-11-21, or today."
TABLE = 'Say of which table it is: sources={"transactions": …}.'


def given(**arguments: Any) -> sg.RunResult:
    """A run with arguments of whatever type."""
    return sg.run("personas.yaml", **arguments)


AWARE = "Give a datetime with a time zone, such as datetime.now(UTC), or None."


class Failing:
    """What has a path, and cannot say it."""

    def __fspath__(self) -> str:
        raise ValueError


WRONG: dict[str, tuple[Callable[[], object], str, str]] = {
    "an audience": (
        lambda: sg.run("personas.yaml").audience("tpo"),
        'there is no audience "tpo"',
        'Did you mean "top"?',
    ),
    "an audience unlike any": (
        lambda: sg.run("personas.yaml").audience("x"),
        'there is no audience "x"',
        "One of: top, nobody.",
    ),
    "a format": (
        lambda: sg.run("personas.yaml", form="xml"),
        "--format xml: there is no such format",
        "One of: csv, parquet, jsonl.",
    ),
    "a day": (
        lambda: sg.run("personas.yaml", as_of="2026-13-01"),
        "--as-of 2026-13-01: this is not a date",
        DAY,
    ),
    "a day as a number": (
        lambda: given(as_of=20261120),
        "--as-of: what is of the type int is not a date",
        DAY,
    ),
    "today as a number": (
        lambda: given(today=20261120),
        "today: what is of the type int is not a date",
        DAY,
    ),
    "today in words": (lambda: given(today="soon"), "today soon: this is not a date", DAY),
    "an audience of None": (
        lambda: sg.run("personas.yaml").audience(None),  # type: ignore[arg-type]
        'there is no audience "None"',
        "One of: top, nobody.",
    ),
    "a format of None": (
        lambda: given(form=["csv"]),
        "--format ['csv']: there is no such format",
        "One of: csv, parquet, jsonl.",
    ),
    "sources as a frame": (
        lambda: given(sources=pl.DataFrame({"a": [1]})),
        "sources cannot be of the type DataFrame",
        TABLE,
    ),
    "sources as a list": (lambda: given(sources=[1]), "sources cannot be of the type list", TABLE),
    "names as a number": (
        lambda: given(personas=7),
        "personas cannot be of the type int",
        "Give a name, or a list of names.",
    ),
    "a name as a number": (
        lambda: given(columns=["city", 7]),
        "columns: a name cannot be of the type int",
        "Give a name, or a list of names.",
    ),
    "rules of None": (
        lambda: sg.run(None),  # type: ignore[arg-type]
        "rules cannot be of the type NoneType",
        "Give the path of a file, or sg.read_rules(path).",
    ),
    "rules with a NUL": (
        lambda: sg.run("a\0b"),
        "rules: no path has a NUL in it",
        "Give another path.",
    ),
    "rules with a NUL that are read": (
        lambda: sg.read_rules(Path("a\0b")),
        "there is no such file",
        "segment init DIR writes a starter",
    ),
    "rules that are no text": (
        lambda: sg.run("\ud800.yaml"),
        "rules: no path has half a letter in it (U+D800)",
        "Give another path.",
    ),
    "rules whose path fails": (
        lambda: sg.run(Failing()),  # type: ignore[arg-type]
        "rules: its __fspath__ fails (ValueError)",
        "Give the path of a file, or sg.read_rules(path).",
    ),
    "a source with a NUL": (
        lambda: given(sources={"transactions": "t.csv\0"}),
        "sources: transactions: no path has a NUL in it",
        "Give another path.",
    ),
    "a folder that is no text": (
        lambda: given(out="\ud800"),
        "out: no path has half a letter in it (U+D800)",
        "Give another path.",
    ),
    "names that cannot be listed": (
        lambda: given(personas=(1 // zero for zero in (0,))),
        "personas: what is listed cannot be read (ZeroDivisionError)",
        "Give a name, or a list of names.",
    ),
    "a start without a time zone": (
        lambda: given(started_at=datetime.fromisoformat("2026-01-01T10:00:00")),
        "started_at has no time zone",
        AWARE,
    ),
    "a day as a start": (
        lambda: given(started_at=date(2026, 1, 1)),
        "started_at cannot be of the type date",
        AWARE,
    ),
    "a text as a start": (
        lambda: given(started_at="2026-01-01"),
        "started_at cannot be of the type str",
        AWARE,
    ),
    "a folder as a number": (
        lambda: given(out=7),
        "out cannot be of the type int",
        "Give a path, or None.",
    ),
    "cuts as a number": (
        lambda: given(cuts=7),
        "cuts cannot be of the type int",
        "Give a path, or None.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_an_error_of_ours(name: str) -> None:
    call, what, mend = WRONG[name]
    with pytest.raises(sg.RulesError) as caught:
        call()
    [problem] = caught.value.problems
    assert (problem.what, problem.mend) == (what, mend)


def test_whatever_has_a_path_is_a_source(shop: Path) -> None:
    with os.scandir(shop) as entries:
        [orders] = [entry for entry in entries if entry.name == "t.csv"]
    assert sg.run("personas.yaml", sources={"transactions": [orders]}).customers.height == 2


def test_a_missing_file_of_rules_is_an_error_of_ours() -> None:
    with pytest.raises(sg.SegmentationError):
        sg.run("nowhere.yaml")
