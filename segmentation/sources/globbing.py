"""Patterns like `sales/**/*.csv`, walked with a bound: `/**` would visit a whole disk.

As in the shell, `*`, `?` and `[…]` match names within one folder, `**` any number of folders, and
names that begin with a dot only match a pattern that does. A folder is walked once, however many
links lead to it.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from segmentation.errors import InputError, Problem

MOST_ENTRIES = 200_000  # visited; a folder of so many takes half a second
MOST_FILES = 10_000


def matches(written: str, pattern: Path) -> list[Path]:
    """The files that a pattern matches, by name. Raises InputError beyond either bound."""
    walk = _Walk(written)
    first, *rest = pattern.parts or (".",)
    if pattern.is_absolute():
        found = walk.files(Path(first), tuple(rest))
    else:
        found = walk.files(Path(), (first, *rest))
    files = set()
    for file in found:
        files.add(file)
        if len(files) > MOST_FILES:
            raise InputError(_beyond(f"matches more than {MOST_FILES:,} files", written))
    return sorted(files)


class _Walk:
    """One walk over folders; it counts the entries that it visits."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.visited = 0
        self.walked: set[tuple[int, int, int]] = set()

    def files(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
        """The files below a folder that match the parts of a pattern."""
        if not parts:
            return
        part, rest = parts[0], parts[1:]
        if part == "**":
            yield from self._any_depth(folder, rest)
        elif glob.has_magic(part):
            yield from self._matching(folder, part, rest)
        else:
            yield from self._reached(folder / part, rest)

    def _any_depth(self, folder: Path, rest: tuple[str, ...]) -> Iterator[Path]:
        """The rest of the pattern here, and in every folder below that is not hidden."""
        try:
            found = os.stat(folder)
        except OSError:
            return
        key = (found.st_dev, found.st_ino, len(rest))
        if key in self.walked:
            return
        self.walked.add(key)
        yield from self.files(folder, rest or ("*",))
        for entry in self._entries(folder):
            if not entry.name.startswith(".") and _is_folder(entry):
                yield from self._any_depth(folder / entry.name, rest)

    def _matching(self, folder: Path, part: str, rest: tuple[str, ...]) -> Iterator[Path]:
        for entry in self._entries(folder):
            is_shown = part.startswith(".") or not entry.name.startswith(".")
            if is_shown and fnmatchcase(entry.name, part):
                yield from self._reached(folder / entry.name, rest)

    def _reached(self, path: Path, rest: tuple[str, ...]) -> Iterator[Path]:
        if rest:
            yield from self.files(path, rest)
        elif os.path.isfile(path):
            yield path

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """What is in a folder; nothing where it cannot be opened, as in the shell."""
        found = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self.visited += 1
                    if self.visited > MOST_ENTRIES:
                        what = f"visits more than {MOST_ENTRIES:,} files and folders"
                        raise InputError(_beyond(what, self.written))
                    found.append(entry)
        except OSError:
            return []
        return sorted(found, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link whose end may not be looked at
        return False


def _beyond(what: str, written: str) -> Problem:
    return Problem(f"the pattern {what}", written, "Begin it further down: sales/2026/**/*.csv")
