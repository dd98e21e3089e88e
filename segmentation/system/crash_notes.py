"""What a process notes for the case that it crashes: what it reads, publishes, and has to remove.

A crash of the engine (a corrupt page may abort the whole process) runs no `finally`. Whoever
started the process reads the notes then. Without a file for them nothing is noted.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final, Literal

Kind = Literal["reads", "removes", "published"]
_SHEET: Final[list[int]] = []  # at the most one descriptor: of the process, not of a call


def keep_notes_in(descriptor: int) -> None:
    """From now on this process notes into an open file."""
    _SHEET[:] = [descriptor]


def note(kind: Kind, path: Path | str, shown: str = "") -> None:
    """One more thing to know after a crash; `shown` is how messages call the file."""
    for descriptor in _SHEET:
        line = json.dumps(
            {"kind": kind, "path": os.path.abspath(path), "shown": shown or str(path)}
        )
        os.write(descriptor, line.encode() + b"\n")


def notes_in(descriptor: int) -> list[dict[str, str]]:
    """What was noted, each once: kind, path and shown."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return [json.loads(line) for line in dict.fromkeys(file) if line.endswith(b"\n")]
