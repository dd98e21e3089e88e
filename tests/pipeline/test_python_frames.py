"""`sources=` of a run: frames stand in the place of files, and nothing else differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment
from polars.testing import assert_frame_equal

import segmentation as sg

RULES = """\
version: 1
sources:
  transactions: t.csv
  customers: c.csv
  events: e.csv
  products: p.csv
personas:
  top: {match: {monetary: {at_least: 10}}, columns: [frequency, city]}
  readers: {match: {did: {event: click}}}
  shoes: {match: {share: {of: spend, where: {department: Shoes}, at_least: 0.5}}}
suppress: [{did: {event: opt_out}}]
"""
TABLES = {
    "transactions": pl.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d", None],
            "order_id": [1, 2, 3, 4, 5],
            "ordered_at": ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-07", "2026-01-07"],
            "product_id": ["1", "2", "1", "9", "1"],
            "amount": ["12.50", "30", "3", "5", "1"],
        }
    ),
    "customers": pl.DataFrame(
        {"customer_id": ["a", "b", "c", "d"], "city": ["Bonn", None, "Köln", "Ulm"]}
    ),
    "events": pl.DataFrame(
        {
            "customer_id": ["a", "c", "b", "d"],
            "occurred_at": ["2026-01-02", "2026-01-03", "2026-01-04", "soon"],
            "event": ["click", "click", "opt_out", "click"],
        }
    ),
    "products": pl.DataFrame({"product_id": ["1", "2"], "department": ["Shoes", "Hats"]}),
}


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rules and their files, in which we stand."""
    (tmp_path / "personas.yaml").write_text(RULES)
    for name, rows in TABLES.items():
        rows.write_csv(tmp_path / f"{name[0]}.csv")
        rows.write_parquet(tmp_path / f"{name[0]}.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


WAYS: dict[str, Callable[[str], Any]] = {
    "frame": lambda name: TABLES[name],
    "lazy frame": lambda name: pl.scan_parquet(f"{name[0]}.parquet"),
    "Parquet": lambda name: Path(f"{name[0]}.parquet"),
    "CSV": lambda name: f"{name[0]}.csv",
    "tuple": lambda name: (f"{name[0]}.csv",),
}


@dataclass(frozen=True)
class Ran:
    """What a run gave, the names of its sources made equal."""

    run: sg.RunResult
    way: str

    def words(self, text: str) -> str:
        """A text in which files and frames are called by their table, and a file's row by its line."""
        for name in TABLES:
            for form in (f"frame {name}", f"{name[0]}.csv", f"{name[0]}.parquet"):
                text = text.replace(form, f"<{name}>")
        return text

    @property
    def notices(self) -> list[tuple[str, str, str]]:
        return [(n.code, n.level, self.words(f"{n.where}: {n.text}")) for n in self.run.notices]

    @property
    def inputs(self) -> list[dict[str, Any]]:
        manifest = json.loads(Path(f"{self.run.folder}/manifest.json").read_text())
        return [
            one | {"path": self.words(one["path"]), "fingerprint": None}
            for one in manifest["inputs"]
        ]

    @property
    def rejects(self) -> pl.DataFrame:
        found = pl.read_csv(f"{self.run.folder}/rejects.csv")
        has_header = self.way in ("CSV", "tuple")
        return found.select("table", pl.col("line") - int(has_header), "reason")


def ran(way: str) -> Ran:
    sources = {name: WAYS[way](name) for name in TABLES}
    return Ran(sg.run("personas.yaml", sources=sources, out=way, as_of="2026-01-10"), way)


@pytest.mark.parametrize("way", WAYS)
def test_frames_and_files_of_the_same_rows_are_the_same_run(way: str) -> None:
    here, file = ran(way), ran("Parquet")
    assert_frame_equal(here.run.customers, file.run.customers)
    assert_frame_equal(here.run.summary, file.run.summary)
    for name in ("top", "readers", "shoes"):
        assert_frame_equal(here.run.audience(name), file.run.audience(name))
    assert here.run.audience("top")["customer_id"].to_list() == ["a"]  # b opted out
    assert here.notices == file.notices
    assert here.inputs == file.inputs
    assert (
        here.rejects.rows() == file.rejects.rows() == [("events", 4, "date does not fit ISO 8601")]
    )


def test_the_manifest_says_what_was_read_and_tells_frames_apart(shop: Path) -> None:
    def input_of(customers: pl.DataFrame) -> dict[str, Any]:
        run = sg.run("personas.yaml", sources={"customers": customers}, out="runs")
        found: list[dict[str, Any]] = json.loads(Path(f"{run.folder}/manifest.json").read_text())[
            "inputs"
        ]
        [one] = [one for one in found if one["table"] == "customers"]
        return one

    first = input_of(TABLES["customers"])
    assert first["path"] == "frame customers"
    assert input_of(TABLES["customers"].clone()) == first
    moved = TABLES["customers"].with_columns(city=pl.lit("Ulm"))
    assert input_of(moved)["fingerprint"] != first["fingerprint"]


def test_a_table_replaces_itself_and_transactions_replace_all() -> None:
    one = sg.run("personas.yaml", sources={"customers": TABLES["customers"]})
    assert [i.path for i in one.outcome.inputs] == ["t.csv", "frame customers", "p.csv", "e.csv"]
    other = sg.run("personas.yaml", sources={"transactions": TABLES["transactions"]})
    assert [i.path for i in other.outcome.inputs] == ["frame transactions"]


def test_no_sources_leave_those_of_the_rules() -> None:
    run = sg.run("personas.yaml", sources={})
    assert [i.path for i in run.outcome.inputs] == ["t.csv", "c.csv", "p.csv", "e.csv"]


def test_files_that_are_given_are_what_the_command_line_names(segment: Segment) -> None:  # type: ignore[no-untyped-def]
    assert segment("run", "t.parquet", "--customers", "c.csv", "--out", "by_command").exit_code == 0
    sg.run(
        "personas.yaml",
        sources={"transactions": "t.parquet", "customers": ["c.csv"]},
        out="by_call",
    )
    for name in ("personas/top.csv", "customers.parquet", "cuts.json", "allocation.parquet"):
        paths = [Path(out) / "latest" / name for out in ("by_command", "by_call")]
        assert paths[0].read_bytes() == paths[1].read_bytes(), name


def test_what_suppresses_is_looked_at_in_frames_too() -> None:
    events = TABLES["events"].clear()
    with pytest.raises(sg.InputError) as caught:
        sg.run("personas.yaml", sources={"events": [TABLES["events"], events]})
    assert "frame events 2" in str(caught.value)
    assert "there is no usable row in them (it has none)" in str(caught.value)


def test_a_rejected_row_of_a_frame_suppresses_whom_it_names() -> None:
    undated = pl.col("occurred_at") == "soon"
    events = TABLES["events"].with_columns(
        event=pl.when(undated).then(pl.lit("opt_out")).otherwise("event")
    )
    run = sg.run("personas.yaml", sources={"events": events})
    assert run.customers.filter(pl.col("customer_id") == "d")["suppressed_by"].to_list() == [
        "rejected rows of frame events"
    ]


def test_a_folder_that_is_called_like_a_frame_is_not_looked_into(shop: Path) -> None:
    (shop / "frame events").mkdir()
    (shop / "frame events/other.txt").write_text("")
    run = sg.run("personas.yaml", sources={"events": TABLES["events"]})
    assert "files-not-read" not in {n.code for n in run.notices}


CUSTOMERS = TABLES["customers"]
LACKING: dict[str, tuple[str, Any, str]] = {
    "a column of events": (
        "personas: {p: {match: {did: {event: click, where: {store: x}}}}}",
        CUSTOMERS,
        "Rename YOUR_COLUMN to store in the frame of events.",
    ),
    "a column that suppress names": (
        "suppress: [{opted: true}]",
        CUSTOMERS,
        "Rename the column that is meant in the frame of customers, or remove the rule.",
    ),
    "a column with a twin": (
        "suppress: [{city: Ulm}]",
        CUSTOMERS.with_columns(City="city"),
        "Rename or remove the others in the frame.",
    ),
    "a column that another frame has": (
        "suppress: [{city: Ulm}]",
        [CUSTOMERS.head(2), CUSTOMERS.tail(2).drop("city")],
        "Add the column to the frame, or rename the one that is meant.",
    ),
}


@pytest.mark.parametrize("name", LACKING)
def test_how_to_mend_what_a_frame_lacks_is_to_change_the_frame(name: str, shop: Path) -> None:
    rules, customers, mend = LACKING[name]
    (shop / "r.yaml").write_text(f"version: 1\nsources: {{transactions: t.csv}}\n{rules}\n")
    with pytest.raises(sg.SegmentationError) as caught:
        sg.run("r.yaml", sources={"customers": customers, "events": TABLES["events"]})
    assert mend in str(caught.value)
    assert "`columns:" not in str(caught.value)


def test_a_column_that_is_asked_for_and_lacks_is_to_be_renamed_in_the_frame() -> None:
    with pytest.raises(sg.RulesError) as caught:
        sg.run("personas.yaml", sources={"customers": CUSTOMERS}, columns="opted")
    mend = "Rename the column that is meant in the frame of customers."
    assert caught.value.problems[0].mend == mend


WRONG = {
    "a table": (
        {"transaction": "t.csv"},
        sg.RulesError,
        "sources: there is no table 'transaction'",
        "Did you mean transactions?",
    ),
    "a table unlike any": (
        {"x": "t.csv"},
        sg.RulesError,
        "sources: there is no table 'x'",
        "One of: transactions, customers, products, events.",
    ),
    "a type": (
        {"events": 7},
        sg.RulesError,
        "sources: events cannot be of the type int",
        "Give a path, a Polars DataFrame or LazyFrame, a table with __arrow_c_stream__ (pandas, pyarrow, "
        "DuckDB), or a list of these.",
    ),
    "a type in a list": (
        {"events": ["e.csv", None]},
        sg.RulesError,
        "sources: events cannot be of the type NoneType",
        None,
    ),
    "no name": (
        {"events": ""},
        sg.RulesError,
        "a file's name in sources is empty or not UTF-8",
        "Give the file another name.",
    ),
    "a frame twice": (
        {"events": [TABLES["events"]] * 2},
        sg.InputError,
        "the frame is listed twice",
        "List every frame once.",
    ),
    "an empty list": (
        {"events": []},
        sg.InputError,
        "sources: events is an empty list: no file matches, and there is no frame",
        "Look at what fills the list; leave events out to read those of the rules.",
    ),
    "no columns": (
        {"events": pl.DataFrame()},
        sg.InputError,
        "no column for customer_id, occurred_at, event",
        None,
    ),
}


def test_how_to_sign_for_what_stopped_a_run_is_part_of_the_error() -> None:
    with pytest.raises(sg.SegmentationError) as caught:
        sg.run("personas.yaml", sources={"events": TABLES["events"].clear()}, strict=True)
    error = caught.value
    assert "sign for it in the rules" in error.problems[0].mend
    assert error.doors.startswith("To sign for what is meant")
    assert str(error).endswith(f"\n{error.doors}")


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_sources_is_an_error_of_ours(name: str) -> None:
    sources, kind, what, mend = WRONG[name]
    with pytest.raises(kind) as caught:
        sg.run("personas.yaml", sources=sources)  # type: ignore[arg-type]  # that is what is tested
    assert caught.value.problems[0].what == what
    assert mend in (None, caught.value.problems[0].mend)
