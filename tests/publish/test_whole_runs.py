"""Whole runs only: what leaves out a persona or a rule never takes the place of what does not."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from harness import Segment, Shell
from shop import CONSENTS, THREE_ORDERS

PEOPLE = f"{CONSENTS}c,yes\n"
RULES = """
version: 1
sources: {transactions: shop.csv, customers: people.csv}
personas:
  rich: {match: {monetary: {at_least: 20}}}
  known: {match: {consent: {missing: false}}}
suppress: [{consent: {is_not: "yes"}}]
waterfall: [rich, known]
"""
FILES = {"shop.csv": THREE_ORDERS, "people.csv": PEOPLE, "personas.yaml": RULES}
PARTIAL = {
    "some personas": (["--persona", "known"], "--persona known"),
    "files without consent": (["shop.csv"], 'left out: persona "known", suppress rule 1'),
    "files without consent, quietly": (
        ["shop.csv", "-q"],
        'left out: persona "known", suppress rule 1',
    ),
}


def published(result: Any) -> dict[str, str]:
    """Where each link of the folder leads, and which files `latest` has."""
    folder = result.folder / "audiences"
    links = {p.name: os.readlink(p) for p in folder.iterdir() if p.is_symlink()}
    return {**links, "files": " ".join(sorted(p.name for p in (result.run / "personas").iterdir()))}


@pytest.mark.parametrize(("arguments", "why"), PARTIAL.values(), ids=PARTIAL)
def test_a_partial_run_does_not_take_the_place_of_a_complete_one(
    segment: Segment, arguments: list[str], why: str
) -> None:
    before = published(segment("run", files=FILES))
    refused = segment("run", *arguments)
    assert refused.exit_code == 2
    assert refused.err.splitlines()[-2:] == [
        f"this run would be partial ({why}), and audiences holds complete runs (2024-01-03)",
        "  Look at it with --dry-run, or publish it elsewhere: --out DIR. Whoever reads this folder "
        "expects every persona, and suppression.",
    ]
    assert published(refused) == before


@pytest.mark.parametrize(("arguments", "why"), PARTIAL.values(), ids=PARTIAL)
def test_the_ways_out_work(segment: Segment, arguments: list[str], why: str) -> None:
    segment("run", files=FILES)
    assert segment("run", *arguments, "--dry-run").exit_code == 0
    elsewhere = segment("run", *arguments, "--out", "mine")
    assert elsewhere.exit_code == 0
    manifest = json.loads((elsewhere.folder / "mine/latest/manifest.json").read_text())
    assert manifest["complete"] is False
    assert elsewhere.manifest["complete"] is True


def test_some_personas_are_refused_before_any_file_is_opened(segment: Segment) -> None:
    segment("run", files=FILES)
    (Path.cwd() / "shop.csv").unlink()
    assert segment("run", "--persona", "known").exit_code == 2


@pytest.mark.parametrize("more", [[], ["-q"]], ids=["loud", "quiet"])
def test_files_that_leave_suppression_out_say_so_even_quietly(
    segment: Segment, more: list[str]
) -> None:
    segment("run", "--dry-run", files=FILES)
    result = segment("run", "shop.csv", "--out", "fresh", *more)
    assert result.exit_code == 0
    assert (
        "warning: no suppress rule could be applied, nobody is suppressed: do not send"
        in result.err
    )
    assert bool(result.out) == (not more)
    whole = segment("run", "--out", "whole", *more)
    assert (whole.exit_code, "suppress" in whole.err) == (0, False)


def test_a_run_of_another_day_is_protected_as_well(segment: Segment) -> None:
    segment("run", files=FILES)
    assert segment("run", "--as-of", "2024-01-02", "--persona", "rich").exit_code == 2
    assert segment("run", "--as-of", "2024-01-09", "--persona", "rich").exit_code == 2


@pytest.mark.parametrize("day", ["2024-01-02", "2024-01-03", "2024-01-09"])
def test_a_complete_run_takes_the_place_of_partial_ones(segment: Segment, day: str) -> None:
    first = segment("run", "--persona", "rich", files=FILES)
    assert first.exit_code == 0
    assert published(first)["files"] == "rich.csv"
    whole = segment("run", "--as-of", day)
    assert whole.exit_code == 0, whole.err
    assert published(whole)["latest"] == day
    assert published(whole)["files"] == "known.csv rich.csv"
    assert "latest stays" not in whole.err
    assert segment("run", "--persona", "rich").exit_code == 2


def test_a_copied_run_counts(segment: Segment, tmp_path: Path) -> None:
    run = segment("run", files=FILES).run.resolve()
    day = tmp_path / "copy/2024-01-03"
    day.parent.mkdir()
    run.rename(day)
    assert segment("run", "--persona", "rich", "--out", "copy").exit_code == 2


def lost(folder: Path) -> None:
    (folder / "latest/manifest.json").unlink()


def broken(folder: Path) -> None:
    (folder / "latest/manifest.json").write_text('{"version": 2, "complete": fal')


def no_object(folder: Path) -> None:
    (folder / "latest/manifest.json").write_text("[]")


def renamed(folder: Path) -> None:
    (folder / "2024-01-03").rename(folder / "prod")
    (folder / "latest").unlink()
    (folder / "latest").symlink_to("prod")


def without_latest(folder: Path) -> None:
    (folder / "latest").unlink()


@pytest.mark.sampled
@pytest.mark.parametrize("damage", [lost, broken, no_object, renamed, without_latest])
def test_what_cannot_be_told_to_be_partial_is_complete(segment: Segment, damage: Any) -> None:
    """A manifest that is lost is no permission, and a run may stand under any name."""
    folder = segment("run", files=FILES).folder / "audiences"
    damage(folder)
    before = sorted(p.name for p in folder.iterdir())
    for arguments in (["--persona", "rich"], ["shop.csv"]):
        refused = segment("run", *arguments)
        assert refused.exit_code == 2, refused.err
        assert "holds complete runs" in refused.err
    assert sorted(p.name for p in folder.iterdir()) == before
    assert segment("run").exit_code == 0


@pytest.mark.parametrize("place", ["latest", "2024-01-03", "latest/personas", ".runs"])
@pytest.mark.parametrize("arguments", [[], ["--persona", "rich"]], ids=["complete", "partial"])
def test_no_run_is_published_inside_of_a_run(
    segment: Segment, place: str, arguments: list[str]
) -> None:
    folder = segment("run", files=FILES).folder / "audiences"
    before = sorted(folder.rglob("*"))
    refused = segment("run", *arguments, "--out", f"audiences/{place}")
    assert refused.exit_code == 2
    assert "is inside of a run" in refused.err
    assert sorted(folder.rglob("*")) == before


def test_a_foreign_manifest_is_no_run(segment: Segment) -> None:
    files = {**FILES, "web/manifest.json": '{"name": "shop"}', "2023-01-01/manifest.txt": ""}
    assert segment("run", "--persona", "rich", "--out", ".", files=files).exit_code == 0


def test_a_copy_under_an_earlier_name_is_not_the_previous_run(segment: Segment) -> None:
    first = segment("run", files=FILES)
    shutil.copytree(first.run, first.folder / "audiences/2023-12-31")
    assert segment("run").manifest["previous"] is None
    later = segment("run", "--as-of", "2024-01-09")
    assert (
        later.manifest["previous"]
        == json.loads(Path("audiences/2024-01-03/manifest.json").read_text())["run_id"]
    )


def test_runs_before_version_2_count_as_complete(segment: Segment, tmp_path: Path) -> None:
    old = tmp_path / "audiences/2024-01-01"
    old.mkdir(parents=True)
    (old / "manifest.json").write_text('{"version": 1, "tool": {}, "as_of": "2024-01-01"}')
    assert segment("run", "--persona", "rich", files=FILES).exit_code == 2
    assert segment("run").manifest["previous"] is None


def test_files_that_lack_nothing_give_a_complete_run(segment: Segment) -> None:
    files = {
        **FILES,
        "personas.yaml": "version: 1\npersonas: {rich: {match: {monetary: {at_least: 20}}}}\n",
    }
    assert segment("run", "shop.csv", files=files).manifest["complete"] is True


def test_a_run_that_became_partial_late_is_refused_at_the_last_moment(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment("run", files=FILES)
    first = "segmentation.publish.destination.complete_run"
    monkeypatch.setattr(first, lambda out: None)  # as if it came later
    assert segment("run", "--persona", "rich").exit_code == 2


def test_previous_is_the_newest_complete_run_of_an_earlier_day(segment: Segment) -> None:
    def previous(day: str, *more: str) -> tuple[str | None, str]:
        manifest = segment("run", "--as-of", day, *more, files=FILES).manifest
        run = json.loads(Path(f"audiences/{day}/manifest.json").read_text())
        assert manifest["version"] == 2
        return run["previous"], run["run_id"]

    none, first = previous("2024-01-01")
    before, third = previous("2024-01-03")
    between, second = previous("2024-01-02")
    again, third_again = previous("2024-01-03")
    assert none is None
    assert before == between == first
    assert again == second
    assert {r[:11] for r in (first, second, third, third_again)} == {
        "2024-01-01-",
        "2024-01-02-",
        "2024-01-03-",
    }


def test_a_rerun_of_the_day_keeps_its_baseline_and_its_bytes(segment: Segment) -> None:
    def bytes_of(day: str) -> dict[str, bytes]:
        segment("run", "--as-of", day, files=FILES)
        files = {p.name: p.read_bytes() for p in Path(f"audiences/{day}").rglob("*") if p.is_file()}
        manifest = json.loads(files.pop("manifest.json"))
        kept = {k: v for k, v in manifest.items() if k not in ("started_at", "duration_seconds")}
        return {**files, "manifest": json.dumps(kept).encode()}

    bytes_of("2024-01-02")
    once = bytes_of("2024-01-03")
    for name in ("shop.csv", "people.csv"):  # the same bytes, written again
        Path(name).unlink()
    assert bytes_of("2024-01-03") == once


@pytest.mark.parametrize(
    "out", ["s3://bucket/runs", "https://shop.example/x", "gs://b", "file:///tmp/x", "S3://b"]
)
@pytest.mark.parametrize("more", [[], ["--dry-run"]], ids=["run", "dry run"])
def test_an_address_is_no_folder(segment: Segment, out: str, more: list[str]) -> None:
    result = segment("run", "--out", out, *more, files=FILES)
    assert result.exit_code == 2
    assert result.err.startswith(f"--out is a folder of this machine, not an address: {out}\n")
    assert not [p for p in Path.cwd().iterdir() if ":" in p.name]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["init"], "DIR is a folder"),
        (["value", "shop.csv", "--csv"], "--csv is a file"),
        (["history", "shop.csv", "--csv"], "--csv is a file"),
        (["test", "--junit"], "--junit is a file"),
    ],
    ids=["init", "value", "history", "test"],
)
def test_an_address_is_no_place_for_any_command(
    segment: Segment, arguments: list[str], named: str
) -> None:
    result = segment(*arguments, "s3://bucket/x.csv", files=FILES)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(f"{named} of this machine, not an address: s3://bucket/x.csv\n")
    assert not [p for p in Path.cwd().iterdir() if ":" in p.name]


def test_an_address_from_the_environment_is_refused_too(shell: Shell) -> None:
    result = shell("run", files=FILES, env={"SEGMENT_OUT": "s3://bucket/runs"})
    assert result.exit_code == 2
