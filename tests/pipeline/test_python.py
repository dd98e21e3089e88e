"""The Python API: `sg.run(rules)` gives frames, and is what the command does."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path

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
        ("today", date(2026, 3, 1)),
    ],
)
def test_the_day_is_a_date_its_text_or_today(as_of: date | str | None, day: date) -> None:
    assert sg.run("personas.yaml", as_of=as_of, today=date(2026, 3, 1)).as_of == day


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


WRONG = {
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
        "Write it as 2026-11-21, or today.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_an_error_of_ours(name: str) -> None:
    call, what, mend = WRONG[name]
    with pytest.raises(sg.RulesError) as caught:
        call()
    [problem] = caught.value.problems
    assert (problem.what, problem.mend) == (what, mend)


def test_a_missing_file_of_rules_is_an_error_of_ours() -> None:
    with pytest.raises(sg.SegmentationError):
        sg.run("nowhere.yaml")
