"""Whether a file is still the one that was opened: nothing is published from files that change.

A file is read several times (its ends, its rows, those that are rejected once more), so a file
that is written to meanwhile gives rows that never stood beside each other.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem


@dataclass(frozen=True)
class Fingerprint:
    """What the system says of one local file; it stays the same while nobody writes to the file.

    Both times are in nanoseconds since 1970. A rename into its place changes `inode`.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int


@dataclass(frozen=True)
class Seen:
    """A local file as it was when it was first opened: how to show it, where it is, what it was."""

    shown: str
    path: str
    fingerprint: Fingerprint


def fingerprint_of(found: os.stat_result) -> Fingerprint:
    """The fingerprint in what the system says of a file."""
    return Fingerprint(
        found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev
    )


def changes(files: Iterable[Seen]) -> Iterator[Problem]:
    """A problem for each file that is not what it was when it was first opened."""
    for file in files:
        try:
            now = fingerprint_of(os.stat(file.path))
        except OSError:
            yield _problem("the file was removed or renamed while it was read", file)
            continue
        if now != file.fingerprint:
            yield _problem(_change(file.fingerprint, now), file)


def _change(before: Fingerprint, now: Fingerprint) -> str:
    if (now.inode, now.device) != (before.inode, before.device):
        return "the file was replaced by another while it was read"
    if now.size != before.size:
        return (
            f"the file changed while it was read: it had {before.size:,} bytes and has {now.size:,}"
        )
    return "the file changed while it was read"


def _problem(what: str, file: Seen) -> Problem:
    mend = (
        "Nothing is published. Run again when it is complete; whoever writes it should write beside "
        "it and rename."
    )
    return Problem(what, file.shown, mend)
