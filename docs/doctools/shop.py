"""A folder as a reader of the documents has it, and commands that run in it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from importlib.metadata import entry_points
from pathlib import Path
from unittest import mock

REPO = Path(__file__).resolve().parents[2]
QUIET = {"COLUMNS": "80", "NO_COLOR": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
NOISY = (
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "FORCE_COLOR",
    "SEGMENT_DEBUG",
    "SEGMENT_CONFIG",
    "SEGMENT_OUT",
    "SEGMENT_AS_OF",
)
_SHELL = re.compile(r"[|&;<>$*`\n]")
#: what differs between two runs: when the run began and how long it took
_TIMES = (
    (re.compile(r'("started_at": )"[^"]+"'), r'\1"2026-11-21T06:00:00+00:00"'),
    (re.compile(r'("duration_seconds": )[0-9.]+'), r"\g<1>0.5"),
)


@contextlib.contextmanager
def clone() -> Iterator[Path]:
    """A folder with the rules, their tests and the sample data, like a clone of the project."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("personas.yaml", "personas.test.yaml", ".pre-commit-hooks.yaml"):
            shutil.copy(REPO / file, folder)
        (folder / "sample_data").mkdir()
        for csv in (REPO / "sample_data").glob("*.csv"):
            shutil.copy(csv, folder / "sample_data")
        yield folder


def run(command: str, folder: Path) -> tuple[str, int]:
    """What a command prints (both streams, times made equal) and its exit code."""
    is_plain = command.startswith("segment ") and not _SHELL.search(command)
    printed, code = _in_process(command, folder) if is_plain else _in_shell(command, folder)
    for times, fixed in _TIMES:
        printed = times.sub(fixed, printed)
    return printed, code


def _in_process(command: str, folder: Path) -> tuple[str, int]:
    """Through the entry point: the same as the script, without starting Python again."""
    printed, code = io.StringIO(), 0
    called = mock.patch.object(sys, "argv", shlex.split(command))
    with chdir(folder), _quiet(), called, redirect_stdout(printed), redirect_stderr(printed):
        try:
            _main()()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0
    return printed.getvalue(), code


def _main() -> Callable[[], None]:
    [script] = entry_points(group="console_scripts", name="segment")
    main: Callable[[], None] = script.load()
    return main


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """An environment in which neither colours, width nor CI change a byte."""
    with mock.patch.dict(os.environ, QUIET):
        for name in NOISY:
            os.environ.pop(name, None)
        yield


def _in_shell(command: str, folder: Path) -> tuple[str, int]:
    with _quiet():
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={**os.environ, "PATH": path},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
        )
    return done.stdout, done.returncode
