"""The files of a run that is being written: private, inside their folder, never overwritten."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import OutputError, Problem
from segmentation.publish.folder.disk import make_private, sync
from segmentation.publish.folder.failures import reported
from segmentation.publish.folder.layout import MANIFEST

SYNCED_AT_ONCE: Final = 16  # a disk makes many files durable in the time of one


@dataclass(frozen=True)
class Folder:
    """A run that is being written: private files in a private folder, unseen until published."""

    path: Path
    _opened: list[BinaryIO] = field(default_factory=list, repr=False)

    def open_binary(self, relative: str) -> BinaryIO:
        """A new file (0600) to write to; makes its parent folders (0700), never overwrites."""
        target = self._inside(relative)
        with reported(self.path.parent.parent):
            for parent in reversed(target.relative_to(self.path).parents[:-1]):
                make_private(self.path / parent)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            descriptor = os.open(target, flags, 0o600)
            os.fchmod(descriptor, 0o600)  # whatever the umask took away
        self._opened.append(file := os.fdopen(descriptor, "wb"))
        return file

    def sha256(self, relative: str) -> str:
        """The SHA-256 of a file that was written and closed, in hexadecimal."""
        with self._inside(relative).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _inside(self, relative: str) -> Path:
        parts = relative.split("/")
        if "\0" in relative or any(part in ("", ".", "..") for part in parts):
            what = f"{relative!r} is not a file name inside the run's folder"
            raise OutputError(Problem(what, str(self.path), "use a plain relative path"))
        return self.path / PurePosixPath(relative)

    def _close(self) -> None:
        while self._opened:
            self._opened.pop().close()


def seal(folder: Folder) -> None:
    """Close the files, make modes private, and put everything onto the disk."""
    folder._close()
    if not (folder.path / MANIFEST).is_file():
        raise RuntimeError(f"a run without {MANIFEST} cannot be published")
    walked = [(Path(parent), files) for parent, _, files in os.walk(folder.path, topdown=False)]
    written = [parent / file for parent, files in walked for file in files]
    with ThreadPoolExecutor(SYNCED_AT_ONCE) as pool:
        for _ in pool.map(partial(sync, mode=0o600), written):
            pass  # the first that fails raises here
    for parent, _ in walked:
        sync(parent, 0o700)


def drop(folder: Folder) -> None:
    """Close the files of a run that will not be published, whatever the system says to that."""
    for file in folder._opened:
        with suppress(OSError):
            file.close()
