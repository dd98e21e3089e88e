"""Patterns like `sales/**/*.csv`, walked with a bound: `/**` would visit a whole disk.

As in the shell, `*`, `?` and `[…]` match names within one folder, `**` any number of folders, and
names that begin with a dot only match a pattern that does. A folder is walked once, however many
links lead to it. Nothing that may be meant is passed over: whatever matches by name is found, be it a
file or not, and a folder on the way that cannot be looked into is an error.
"""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from segmentation.messages.errors import InputError, Problem

MOST_ENTRIES = 200_000  # visited; a folder of so many takes half a second
MOST_FILES = 10_000
_ENDING: Final = re.compile(r"(\.[A-Za-z]+)+$")


def matches(written: str, pattern: Path) -> list[Path]:
    """What a pattern matches by name; files, as a rule, but also whatever else is called so.

    Raises InputError beyond either bound, OSError where the way there cannot be looked at.
    """
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
            raise InputError(beyond(f"matches more than {MOST_FILES:,} files", written))
    parents = {parent for file in files for parent in file.parents} if walk.folders else set()
    return sorted(files | (walk.folders - parents))


def would_match(written: str, pattern: Path, file: Path) -> bool:
    """Whether a pattern would match a file if it were there, in a folder that is: by its name.

    Raises as `matches` does.
    """
    *parts, last = pattern.parts
    parts, last = ([*parts, last], "*") if last == "**" else (parts, last)
    is_shown = last.startswith(".") or not file.name.startswith(".")
    if not is_shown or not fnmatchcase(file.name, last):
        return False
    start, parts = (Path(parts[0]), parts[1:]) if pattern.is_absolute() else (Path(), parts)
    real = os.path.realpath(file.parent)
    folders = _Walk(written).folders_of(start, tuple(parts))
    return any(os.path.realpath(folder) == real for folder in folders)


def in_any_case(pattern: str) -> str:
    """The pattern, but for the case of its ending: `in/*.csv` as `in/*.[cC][sS][vV]`."""
    ending = _ENDING.search(pattern)
    start = ending.start() if ending else len(pattern)
    letters = (f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in pattern[start:])
    return pattern[:start] + "".join(letters)


class _Walk:
    """One walk over folders; it counts the entries that it visits.

    `folders` are those that `**` walks and whose name matches what follows it: no harm if a file in
    them does too.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self.visited = 0
        self.walked: set[tuple[int, int, int]] = set()
        self.folders: set[Path] = set()

    def files(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
        """What is below a folder and matches the parts of a pattern."""
        if not parts:
            return
        part, rest = parts[0], parts[1:]
        if part == "**":
            yield from self._any_depth(folder, rest or ("*",))
        elif glob.has_magic(part):
            yield from self._matching(folder, part, rest)
        else:
            yield from self._reached(folder / part, rest)

    def folders_of(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
        """The folders below a folder that match the parts of a pattern."""
        if not is_folder(folder):
            return
        if not parts:
            yield folder
            return
        part, rest = parts[0], parts[1:]
        if part == "**":
            if self._is_new(folder, len(rest)):
                yield from self.folders_of(folder, rest)
                for entry in self._entries(folder):
                    if not entry.name.startswith("."):
                        yield from self.folders_of(folder / entry.name, parts)
        elif glob.has_magic(part):
            for path in self._matching(folder, part, ()):
                yield from self.folders_of(path, rest)
        else:
            yield from self.folders_of(folder / part, rest)

    def _is_new(self, folder: Path, left: int) -> bool:
        """Whether a folder was not walked yet with so many parts left."""
        found = os.stat(folder)
        key = (found.st_dev, found.st_ino, left)
        if key in self.walked:
            return False
        self.walked.add(key)
        return True

    def _any_depth(self, folder: Path, rest: tuple[str, ...]) -> Iterator[Path]:
        """The rest of the pattern here, and in every folder below that is not hidden."""
        if not is_folder(folder):
            return
        if not self._is_new(folder, len(rest)):
            return
        for path in self.files(folder, rest):
            if len(rest) > 1 or not is_folder(path):
                yield path
            elif rest != ("*",):
                self.folders.add(path)
        for entry in self._entries(folder):
            path = folder / entry.name
            is_link = entry.is_symlink()
            if not entry.name.startswith(".") and (is_folder(path) if is_link else entry.is_dir()):
                yield from self._any_depth(path, rest)

    def _matching(self, folder: Path, part: str, rest: tuple[str, ...]) -> Iterator[Path]:
        for entry in self._entries(folder):
            is_shown = part.startswith(".") or not entry.name.startswith(".")
            if is_shown and fnmatchcase(entry.name, part):
                yield from self._reached(folder / entry.name, rest)

    def _reached(self, path: Path, rest: tuple[str, ...]) -> Iterator[Path]:
        if rest and is_folder(path):
            yield from self.files(path, rest)
        elif not rest and _is_there(path):
            yield path

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """What is in a folder, in the order of names."""
        found = []
        with os.scandir(folder) as entries:
            for entry in entries:
                self.visited += 1
                if self.visited > MOST_ENTRIES:
                    what = f"visits more than {MOST_ENTRIES:,} files and folders"
                    raise InputError(beyond(what, self.written))
                found.append(entry)
        return sorted(found, key=lambda entry: entry.name)


def is_folder(path: Path) -> bool:
    """Whether this is a folder. Raises OSError where it may be one: a link that leads nowhere, say."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        if _is_there(path):
            raise
        return False


def _is_there(path: Path) -> bool:
    """Whether something has this name. Raises OSError where that may not be asked."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def beyond(what: str, written: str) -> Problem:
    """A pattern that finds too much, or looks at too much on its way."""
    return Problem(f"the pattern {what}", written, "Begin it further down: sales/2026/**/*.csv")
