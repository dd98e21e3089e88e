"""What is no plain file: pipes are read into one first, devices and sockets are refused.

A pipe gives its bytes once, and files are read several times. Opening one that nobody writes into
would wait for ever, so it is opened without waiting: no writer is an error at once.
"""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path

from segmentation.messages.errors import InputError, Problem
from segmentation.sources.files.scratch import scratch_file
from segmentation.system.plain_files import chunks_of_pipe


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
            target.writelines(chunks_of_pipe(descriptor))
    except OSError as error:
        mend = "Start the writer first: segment run <(zcat sales.csv.gz), or zcat … | segment run -"
        raise InputError(Problem(str(error.strerror), shown, mend)) from error
    finally:
        os.close(descriptor)
    return copy
