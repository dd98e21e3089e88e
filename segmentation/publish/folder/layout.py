"""What an output folder holds: the names in it, and where its links lead."""

from __future__ import annotations

import os
import re
from pathlib import Path

RUNS = ".runs"
LOCK = ".segment.lock"
LATEST = "latest"
MANIFEST = "manifest.json"
PARTIAL = ".partial"

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_VERSION = re.compile(rf"{NAME.pattern}\.[0-9a-f]{{16}}(?:\{PARTIAL})?")


def target_of(link: Path) -> str:
    """Where a link leads, as it is written; empty if there is none."""
    return os.readlink(link).rstrip("/") if link.is_symlink() else ""


def version_at(place: Path) -> str:
    """The version in .runs to which a dated name leads, or an empty string."""
    folder, _, version = target_of(place).rpartition("/")
    return version if folder == RUNS and _VERSION.fullmatch(version) else ""


def versions_in(out: Path) -> list[Path]:
    """Everything in out/.runs that is named like a version: folders, and links in the making."""
    return [entry for entry in (out / RUNS).iterdir() if _VERSION.fullmatch(entry.name)]
