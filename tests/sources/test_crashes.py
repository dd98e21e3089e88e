"""A panic or a crash of the engine is one message that names the files, never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from harness import PATIENCE, Segment
from lines import PLAIN, RULES, csv

from segmentation.scan import measuring
from segmentation.system import crash_notes


class Panic:
    """Stands for `input_count`: raises what the Rust code of Polars raises, which is no Exception."""

    def __call__(self, *_: object, **__: object) -> None:
        raise pl.exceptions.PanicException("c001 has anna@example.com")


def test_a_panic_that_no_file_explains_is_a_bug_of_ours(segment: Segment, monkeypatch) -> None:
    monkeypatch.setattr(measuring, "input_count", Panic())
    files = {"personas.yaml": RULES, "t.csv": csv()}
    result = segment("run", "t.csv", "--json", files=files)
    assert (result.exit_code, result.json["exit_code"]) == (70, 70)
    assert result.err.startswith("this is a bug of segment: PanicException in ")
    assert "anna" not in result.err + result.out


CRASHES = {
    "abort": "ctypes.CDLL(None).abort()",
    "segmentation fault": "ctypes.string_at(8)",
    "bus error": "mapped[5000]",
}
CRASHING = """
import ctypes, importlib.abc, mmap, sys, threading
from segmentation.cli import main

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "segmentation.pipeline.job":
            sys.meta_path.remove(self)
            import segmentation.scan.measuring
            segmentation.scan.measuring.input_count = crash

def crash(*_, **__):
    thread = threading.Thread(target=crash_now)
    thread.start()
    thread.join()

def crash_now():
    file = open("mapped", "w+b")
    file.truncate(8192)
    mapped = mmap.mmap(file.fileno(), 8192)
    file.truncate(0)
    {crash}

sys.meta_path.insert(0, Finder())
main.main()
"""


@pytest.mark.sampled
@pytest.mark.parametrize("crash", CRASHES)
def test_a_crash_of_the_engine_ends_with_3_and_names_the_files(
    tmp_path: Path, quiet_environment: dict[str, str], crash: str
) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    (tmp_path / "crash.py").write_text(CRASHING.replace("{crash}", CRASHES[crash]))
    done = subprocess.run(
        [sys.executable, "crash.py", "run", "-", "--json"],
        cwd=tmp_path,
        capture_output=True,
        input=csv(),
        env={**quiet_environment, "TMPDIR": str(tmp_path)},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 3, done.stderr.decode()
    said = json.loads(done.stdout)
    [problem] = said["notices"]
    assert (said["command"], problem["file"]) == ("run", "standard input")
    assert problem["text"].startswith("the engine crashed (SIG")
    assert done.stderr.decode() == (
        f"standard input: {problem['text']}\n"
        "  Nothing was published. Write or copy them once more; if it stays so, it is a bug.\n"
    )
    assert [p.name for p in tmp_path.glob("segment-*")] == []  # the copy of standard input


def test_after_a_crash_the_file_that_cannot_be_read_alone_is_named() -> None:
    """What the new process does with the notes of the old one."""
    code = (
        "from segmentation.cli.crashes import _why\n"
        "import sys, json\n"
        "print([p.where for p in _why('SIGABRT', json.loads(sys.argv[1])).problems])"
    )
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"crash-{os.getpid()}"
    folder.mkdir()
    (folder / "fine.parquet").write_bytes(PLAIN)
    (folder / "bad.parquet").write_bytes(PLAIN[:6000] + PLAIN[6500:])
    notes = [
        {"kind": "reads", "path": str(folder / n), "shown": n}
        for n in ("fine.parquet", "bad.parquet")
    ]
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, json.dumps(notes)], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "['bad.parquet']"


def test_notes_for_a_crash_are_read_as_they_were_written(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(crash_notes, "_SHEET", [])
    crash_notes.note("reads", "nobody.csv")
    with (tmp_path / "notes").open("w+b") as file:
        crash_notes.keep_notes_in(file.fileno())
        crash_notes.note("reads", "/a\n.csv", "a\n.csv")
        crash_notes.note("reads", "/a\n.csv", "a\n.csv")
        assert crash_notes.notes_in(file.fileno()) == [
            {"kind": "reads", "path": "/a\n.csv", "shown": "a\n.csv"}
        ]


def test_signals_still_end_a_run_that_explains_crashes(tmp_path, script, quiet_environment) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    with subprocess.Popen(
        [str(script), "run", "-"],
        cwd=tmp_path,
        env=quiet_environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(bytes(1 << 20))
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, b"segment: interrupted, nothing was published\n")
