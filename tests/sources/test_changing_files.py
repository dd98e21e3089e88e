"""A file that changes while it is read is one clear message; one that does not is none."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import Segment
from lines import PLAIN, RULES, csv

from segmentation.pipeline import compute as pipeline
from segmentation.scan import measuring


def append(file: Path) -> None:
    with file.open("ab") as open_file:
        open_file.write(b"c001,2024-01-01,5,Men\n")


def replace(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)


def rewrite(file: Path) -> None:
    content = file.read_bytes()
    time.sleep(0.02)
    file.write_bytes(content)


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "appended to": (append, "the file changed while it was read: it had "),
    "written anew": (rewrite, "the file changed while it was read"),
    "replaced": (replace, "the file was replaced by another while it was read"),
    "removed": (Path.unlink, "the file was removed or renamed while it was read"),
    "cut off": (
        lambda file: os.truncate(file, 5000),
        "the file changed while it was read: it had ",
    ),
}
STEPS = {
    "while its rows are read": (measuring, "planning.plan"),
    "while rules are matched": (pipeline, "allocate"),
    "while rejected rows are looked for": (pipeline, "rejected_rows"),
}


@pytest.mark.sampled
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_a_file_that_changes_is_one_clear_message(
    segment: Segment, monkeypatch, tmp_path, name: str, change: str, step: str
) -> None:
    how, said = CHANGES[change]
    module, function = STEPS[step]
    holder = module if "." not in function else getattr(module, function.split(".")[0])
    real = getattr(holder, function.split(".")[-1])

    def after_change(*given: object, **named: object) -> object:
        if (tmp_path / name).exists() and not changed:
            changed.append(name)
            how(tmp_path / name)
        return real(*given, **named)

    changed: list[str] = []
    monkeypatch.setattr(holder, function.split(".")[-1], after_change)
    content = csv() if name == "t.csv" else PLAIN
    result = segment("run", name, "--json", files={"personas.yaml": RULES, name: content})
    [problem] = result.said
    assert (result.exit_code, problem["file"]) == (3, name)
    assert problem["text"].startswith(said)
    assert not (result.folder / "audiences" / "latest").exists()


def test_a_file_that_is_only_read_and_linked_to_is_no_change(segment: Segment, tmp_path) -> None:
    (tmp_path / "real.csv").write_bytes(csv())
    (tmp_path / "t.csv").symlink_to("real.csv")
    assert segment("run", "t.csv", files={"personas.yaml": RULES}).exit_code == 0
