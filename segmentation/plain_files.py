"""Small files that are read whole (rules, tests, cuts): a pipe or a device never makes us wait."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def plain_bytes(path: Path, most: int = -1) -> bytes:
    """What a file holds, at the most so many bytes; OSError for what is no plain file.

    Opened without waiting, for a pipe that nobody writes into would not open.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            what = (
                "a folder"
                if stat.S_ISDIR(mode)
                else "a pipe"
                if stat.S_ISFIFO(mode)
                else "a device"
            )
            raise OSError(errno.EINVAL, f"it is {what}, not a file")
        return file.read(most)
