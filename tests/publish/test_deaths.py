"""Errors, interrupts and death at any step leave the old run or the new one."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl
import pytest
from publishing import (
    DAY,
    EARLIER,
    LATER,
    STARTS,
    content,
    failing,
    fill,
    publish_and_die,
    publish_run,
    publish_with,
    seen,
    tree,
    versions,
)

from segmentation.messages.errors import InputError, Locked, OutputError
from segmentation.publish import folder as publish
from segmentation.publish.folder import Folder, publication

RAISED = [
    KeyboardInterrupt(),
    SystemExit(1),
    InputError("a bug in a feed"),
    FileNotFoundError(2, "no"),
    pl.exceptions.ComputeError("No such file (os error 2)"),
    ZeroDivisionError(),
]


@pytest.mark.parametrize("existing", [False, True], ids=["first-run", "second-run"])
@pytest.mark.parametrize("raised", RAISED, ids=lambda e: type(e).__name__)
def test_an_error_in_the_block_passes_unchanged_and_changes_nothing(
    tmp_path: Path, raised: BaseException, existing: bool
) -> None:
    if existing:
        publish_run(tmp_path / "a/out", DAY, "old")
    before = tree(tmp_path)

    def fail(folder: Folder) -> None:
        folder.open_binary("half.csv").write(b"half")
        raise raised

    with pytest.raises(type(raised)) as caught:
        publish_with(tmp_path / "a/out", fail)
    assert caught.value is raised
    assert tree(tmp_path) == before


def interrupt() -> None:
    raise KeyboardInterrupt


def no_space() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.sampled
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fail", [interrupt, no_space], ids=["interrupt", "no-space"])
@pytest.mark.parametrize("start", STARTS, ids=lambda s: s.__name__)
def test_a_failure_at_any_step_leaves_the_old_run_or_the_new_one(
    tmp_path: Path, start: Callable[[Path], None], fail: Callable[[], None], after: bool
) -> None:
    at, reached = 0, True
    while reached:
        out = tmp_path / str(at := at + 1)
        start(out)
        old = seen(out)
        with failing(at, fail, after=after) as calls, suppress(KeyboardInterrupt, OutputError):
            publish_run(out)
        reached = len(calls) >= at
        assert seen(out) in (old, ("new", "new")), (at, calls)
        publish_run(out, DAY, "newest")
        assert seen(out) == ("newest", "newest")
        assert {p.name for p in out.iterdir()} <= {".runs", DAY, EARLIER, "latest"}
        assert versions(out) <= 3
    assert at > 15


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the child only calls the system
@pytest.mark.parametrize(
    "start",
    [STARTS[0], *(pytest.param(s, marks=pytest.mark.deep) for s in STARTS[1:])],
    ids=lambda s: s.__name__,
)
def test_death_at_any_step_leaves_the_old_run_or_the_new_one(
    tmp_path: Path, start: Callable[[Path], None]
) -> None:
    at, status = 0, 9
    while status:
        out = tmp_path / str(at := at + 1)
        start(out)
        old = seen(out)
        status = publish_and_die(out, at)
        assert status in (0, 9)
        dated, latest = seen(out)
        assert dated in (old[0], "new"), at
        assert latest in (old[1], "new"), at
        publish_run(out, DAY, "newest")
        assert seen(out) == ("newest", "newest")
        assert versions(out) <= 3
        assert not [p for p in tree(out) if "partial" in p or "lock" in p]
    assert at > 15


VICTIM = """
import sys, time
from pathlib import Path
from segmentation.publish.folder import publication
with publication(Path(sys.argv[1]), sys.argv[2]) as folder:
    for name in ("personas/vip.csv", "manifest.json"):
        file = folder.open_binary(name)
        file.write(b'{"content": "half')
        file.flush()
    print("writing", flush=True)
    time.sleep(600)
"""


@contextmanager
def another_run(out: Path) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of writing."""
    command = [sys.executable, "-c", VICTIM, str(out), DAY]
    root = Path(publish.__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_killed_run_leaves_the_old_one_and_the_next_cleans_up(tmp_path: Path) -> None:
    publish_run(tmp_path, DAY, "old")
    with another_run(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (content(tmp_path / "latest"), versions(tmp_path)) == ("old", 2)
    with publication(tmp_path, LATER) as folder:
        assert versions(tmp_path) == 2  # the dead run's folder has gone, this one has come
        fill(folder, "new")
    assert seen(tmp_path) == ("old", "new")


def test_a_second_run_is_told_that_another_one_writes(tmp_path: Path) -> None:
    with another_run(tmp_path), pytest.raises(Locked) as caught:
        publish_run(tmp_path, LATER)
    assert caught.value.exit_code == 75
    assert str(caught.value) == (
        f"another run is writing to {tmp_path}\n"
        "  wait until it has ended, or write elsewhere: --out DIR"
    )


def test_a_lock_that_its_holder_removed_is_no_lock(tmp_path: Path) -> None:
    """Between opening and locking the file, the holder may remove it and another make it anew."""
    real, raced = fcntl.flock, threading.Event()

    def flock(descriptor: int, operation: int) -> None:
        if not raced.is_set():
            raced.set()
            os.unlink(tmp_path / ".segment.lock")
        real(descriptor, operation)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", flock)
        with publication(tmp_path, DAY) as folder:
            with pytest.raises(Locked), publication(tmp_path, DAY):
                pass
            fill(folder, "new")
    assert content(tmp_path / "latest") == "new"
