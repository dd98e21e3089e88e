"""What is no plain file: pipes are read into one first, devices and sockets are refused.

A pipe gives its bytes once, and files are read several times. Opening one that nobody writes into
would wait for ever, so it is opened without waiting: no writer is an error at once.
"""

from __future__ import annotations

import os
import select
import stat
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from segmentation.errors import InputError, Problem
from segmentation.sources.scratch import scratch_file

SILENCE_SECONDS = 60.0  # a writer that is slower than this hangs, more likely than not
_STEP = 1 << 20


def plain(shown: str, path: Path) -> Path:
    """The path itself, or of a copy of what comes through a pipe. Raises InputError, OSError."""
    mode = os.stat(path).st_mode
    if stat.S_ISFIFO(mode):
        return _copied(shown, path)
    refuse_devices(shown, mode)
    return path


def refuse_devices(shown: str, mode: int) -> None:
    """Raise InputError for what is neither a file nor a folder: reading it may never end."""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return
    what = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    raise InputError(Problem(f"this is {what}, not a file", shown, "Name a CSV or Parquet file."))


@cache
def _copied(shown: str, path: Path) -> Path:
    """A private copy of all that a pipe gives; made once, as tables are sometimes read again."""
    copy = scratch_file(".pipe")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with copy.open("wb") as target:
            target.writelines(_chunks(shown, descriptor))
    finally:
        os.close(descriptor)
    if not copy.stat().st_size:
        raise InputError(Problem(
            "nothing came through this pipe, or nobody writes into it", shown,
            "Start the writer first: segment run <(zcat sales.csv.gz), or zcat … | segment run -",
        ))  # fmt: skip
    return copy


def _chunks(shown: str, descriptor: int) -> Iterator[bytes]:
    """What comes, until the last writer closes the pipe."""
    while True:
        try:
            chunk = os.read(descriptor, _STEP)
        except BlockingIOError:
            _wait(shown, descriptor)
            continue
        if not chunk:
            return
        yield chunk


def _wait(shown: str, descriptor: int) -> None:
    if not select.select([descriptor], [], [], SILENCE_SECONDS)[0]:
        what = f"nothing came through this pipe for {SILENCE_SECONDS:.0f} seconds"
        raise InputError(Problem(what, shown, "Does its writer hang? Write a file first."))
