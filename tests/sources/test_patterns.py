"""Nothing that a pattern matches is passed over, and a pattern visits a bounded number of entries."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import Segment
from lines import ROWS, RULES, csv

from segmentation.sources.files import globbing


def no_entry(folder: Path, monkeypatch) -> None:
    """A folder that may not be opened: tests may run as root, whom nothing stops."""
    folder.mkdir()
    scandir = os.scandir

    def refusing(path):
        if Path(path) == folder.relative_to(Path.cwd()):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)


#: what lies beside a readable file, by name; the pattern; and what is said
NO_FILES: dict[str, tuple[str, Callable[[Path, Any], None], str, str]] = {
    "a link that leads nowhere": ("in/b.csv", lambda p, _: p.symlink_to("gone"), "in/*.csv", "No such file"),
    "a link to itself": ("in/b.csv", lambda p, _: p.symlink_to("b.csv"), "in/*.csv", "symbolic links"),
    "a pipe": ("in/b.csv", lambda p, _: os.mkfifo(p), "in/*.csv", "this is a pipe, not a file"),
    "a folder": ("in/b.csv", lambda p, _: p.mkdir(), "in/*.csv", "this is a folder, not a file"),
    "a folder that is walked": ("in/b.csv", lambda p, _: p.mkdir(), "in/**/*.csv", "this is a folder, not a file"),
    "a link in a day's folder": ("in/d/a.csv", lambda p, _: (p.parent.mkdir(), p.symlink_to("gone")), "in/*/a.csv",
                                 "No such file"),
    "a day's folder that leads nowhere": ("in/d", lambda p, _: p.symlink_to("gone"), "in/*/a.csv", "No such file"),
    "a folder that leads nowhere, any depth": ("in/d", lambda p, _: p.symlink_to("gone"), "in/**/*.csv", "No such file"),
    "a day's folder without rights": ("in/d", no_entry, "in/*/*.csv", "Permission denied"),
    "a folder without rights, any depth": ("in/d", no_entry, "in/**/*.csv", "Permission denied"),
}  # fmt: skip
TABLES = {
    "transactions": csv(),
    "customers": b"customer_id,city\nc1,Oslo\n",
    "products": b"product_id,size\np,1\n",
    "events": b"customer_id,occurred_at,event\nc1,2024-01-01,login\n",
}


@pytest.mark.sampled
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", NO_FILES)
def test_nothing_that_a_pattern_matches_is_passed_over(
    segment: Segment, tmp_path, monkeypatch, name: str, kind: str
) -> None:
    path, make, pattern, said = NO_FILES[kind]
    good = "in/1/a.csv" if pattern in ("in/*/a.csv", "in/*/*.csv") else "in/a.csv"
    sources = (
        f"{{transactions: t.csv, {name}: '{pattern}'}}"
        if name != "transactions"
        else f"{{{name}: '{pattern}'}}"
    )
    files = {
        "personas.yaml": f"version: 1\nsources: {sources}\npersonas: {{everyone: {{match: {{}}}}}}\n",
        "t.csv": csv(),
        good: TABLES[name],
    }
    whole = segment("run", "--dry-run", files=files)
    assert whole.exit_code == 0, whole.err
    make(tmp_path / path, monkeypatch)
    result = segment("run", "--dry-run")
    assert (result.exit_code, result.err.startswith(f"{path}: "), said in result.err) == (
        3,
        True,
        True,
    ), result.err


def test_a_folder_that_is_walked_may_be_called_as_a_file_is(segment: Segment) -> None:
    """As Spark names its own."""
    files = {"personas.yaml": RULES, "in/sales.csv/part-0.csv": csv(), "in/readme.txt": "x"}
    result = segment("run", "in/**/*.csv", "--json", files=files)
    assert result.result["inputs"][0]["rows_read"] == ROWS


def test_a_name_that_is_too_long_is_no_bug(segment: Segment) -> None:
    result = segment("run", "a" * 300, files={"personas.yaml": RULES})
    assert (result.exit_code, "the file cannot be read (File name too long)" in result.err) == (
        3,
        True,
    )


def test_a_pattern_visits_a_bounded_number_of_entries(
    segment: Segment, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(globbing, "MOST_ENTRIES", 5)
    files = {f"d{i}/x.csv": csv() for i in range(6)}
    result = segment("run", "**/*.csv", files={"personas.yaml": RULES, **files})
    assert (result.exit_code, result.err) == (
        3,
        "**/*.csv: the pattern visits more than 5 files and folders\n"
        "  Begin it further down: sales/2026/**/*.csv\n",
    )


def test_a_pattern_matches_a_bounded_number_of_files(segment: Segment, monkeypatch) -> None:
    monkeypatch.setattr(globbing, "MOST_FILES", 5)
    files = {f"d/{i}.csv": csv() for i in range(6)}
    result = segment("run", "d/*.csv", files={"personas.yaml": RULES, **files})
    assert result.err.startswith("d/*.csv: the pattern matches more than 5 files\n")


def test_a_folder_that_links_to_its_parent_is_walked_once(segment: Segment, tmp_path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "up").symlink_to("..")
    result = segment(
        "run", "**/*.csv", "--json", files={"personas.yaml": RULES, "a/b/x.csv": csv()}
    )
    assert result.result["inputs"][0]["rows_read"] == ROWS
