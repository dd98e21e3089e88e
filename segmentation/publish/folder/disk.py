"""Private folders, files that survive a crash, and removal: what the steps do on the disk."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder (0700) unless it is there."""
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
        os.chmod(folder, 0o700)  # whatever the umask took away


def sync(path: Path, mode: int | None = None) -> None:
    """Put a file or folder onto the disk, with these rights if any are given."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a link, or a folder as far as that is possible."""
    if path.is_symlink():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
