"""The lock of an output folder: one run at a time, and no empty folders after one that failed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from segmentation.messages.errors import Locked, OutputError, Problem
from segmentation.publish.folder.disk import make_private, sync
from segmentation.publish.folder.failures import ELSEWHERE, reported
from segmentation.publish.folder.layout import LOCK, RUNS
from segmentation.publish.folder.signals import deferred


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold out/.segment.lock; Locked if another run does."""
    made: list[Path] = []
    descriptor = None
    try:
        with deferred(), reported(out):
            made = _make_folders(out)
            descriptor = _lock(out)
        with reported(out):
            make_private(out / RUNS)
        yield
    finally:
        if descriptor is not None:
            with deferred():
                _unlock(out, made, descriptor)


def _unlock(out: Path, made: list[Path], descriptor: int) -> None:
    try:
        _unmake(out, made)
    finally:
        os.close(descriptor)


def _unmake(out: Path, made: list[Path]) -> None:
    """Remove the lock's file while it is still held, and the new folders that hold no run."""
    with suppress(OSError):
        os.unlink(out / LOCK)
    with suppress(OSError):
        for folder in (out / RUNS, *made):
            os.rmdir(folder)


def _lock(out: Path) -> int:
    """The descriptor of the lock, held; tries again if its last holder removed the file."""
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(out / LOCK, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_open_here(descriptor, out / LOCK):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            mend = f"wait until it has ended, {ELSEWHERE}"
            raise Locked(Problem(f"another run is writing to {out}", mend=mend)) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_open_here(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    return False


def _make_folders(out: Path) -> list[Path]:
    """Make `out` and its missing parents (0700); returns what was made, innermost first."""
    missing = []
    while not os.path.lexists(out):
        missing.append(out)
        out = out.parent
    if not out.is_dir():
        mend = f"move it away, {ELSEWHERE}"
        raise OutputError(Problem("is not a folder, and one is needed here", str(out), mend))
    for folder in reversed(missing):
        make_private(folder)
        with suppress(PermissionError):  # a parent that may be written to but not read
            sync(folder.parent)
    return missing
