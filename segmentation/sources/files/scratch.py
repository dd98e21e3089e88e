"""Private temporary files that live as long as the process: scans are lazy and need them late."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from segmentation.system.crash_notes import note


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="segment-")  # 0700, removed when Python ends
    note("removes", folder.name)
    return folder


def scratch_file(suffix: str) -> Path:
    """The path of a new empty file (0600) that is removed when the process ends."""
    with tempfile.NamedTemporaryFile(dir=_folder().name, suffix=suffix, delete=False) as file:
        return Path(file.name)
