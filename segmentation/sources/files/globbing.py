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
    found = walk.files(*_parted(pattern))
    files = set()
    for file in found:
        files.add(file)
        if len(files) > MOST_FILES:
            raise InputError(beyond(f"matches more than {MOST_FILES:,} files", written))
    parents = {parent for file in files for parent in file.parents} if walk.found else set()
    return sorted(files | (walk.found - parents))


def would_match(written: str, pattern: Path, file: Path) -> bool:
    """Whether a pattern would match a file if it were there, in a folder that is: by its name.

    Raises as `matches` does.
    """
    start, way, last = _parted(pattern)
    if not _names(last, file.name):
        return False
    real = os.path.realpath(file.parent)
    folders = _Walk(written).folders(start, way)
    return any(os.path.realpath(folder) == real for folder in folders)


def _parted(pattern: Path) -> tuple[Path, tuple[str, ...], str]:
    """Where a pattern begins, the parts that folders match, and the one that files match."""
    parts = pattern.parts or (".",)
    start, parts = (Path(parts[0]), parts[1:]) if pattern.is_absolute() else (Path(), parts)
    return (start, parts, "*") if parts[-1:] in ((), ("**",)) else (start, parts[:-1], parts[-1])


def fixed_start(pattern: Path) -> Path:
    """The folders of a pattern that are named, before anything that matches several.

    >>> str(fixed_start(Path("sales/2026/**/*.csv"))), str(fixed_start(Path("*.csv")))
    ('sales/2026', '.')
    """
    parts = pattern.parts
    plain = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return Path(*parts[:plain])


def _names(part: str, name: str) -> bool:
    """Whether a part of a pattern matches a name; one that begins with a dot only if it does, too."""
    return (part.startswith(".") or not name.startswith(".")) and fnmatchcase(name, part)


def in_any_case(pattern: str) -> str:
    """The pattern, but for the case of its ending: `in/*.csv` as `in/*.[cC][sS][vV]`."""
    ending = _ENDING.search(pattern)
    start = ending.start() if ending else len(pattern)
    letters = (f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in pattern[start:])
    return pattern[:start] + "".join(letters)


class _Walk:
    """One walk over folders; it counts the entries that it visits.

    `found` are the folders that `**` walks and whose name matches what follows it: no harm if a file in
    them does too.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self.visited = 0
        self.walked: set[tuple[int, int, int]] = set()
        self.found: set[Path] = set()

    def files(self, start: Path, way: tuple[str, ...], last: str) -> Iterator[Path]:
        """What is called like the last part, in the folders that match the others."""
        is_deep = way[-1:] == ("**",)
        for folder in self.folders(start, way):
            for path in self._called(folder, last):
                if not is_deep or not is_folder(path):
                    yield path
                elif last != "*":
                    self.found.add(path)

    def folders(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
        """The folders below a folder that match the parts of a pattern."""
        if not is_folder(folder):
            return
        if not parts:
            yield folder
            return
        part, rest = parts[0], parts[1:]
        if part != "**":
            for path in self._called(folder, part):
                yield from self.folders(path, rest)
        elif self._is_new(folder, len(rest)):
            yield from self.folders(folder, rest)
            for entry in self._entries(folder):
                path = folder / entry.name
                is_link = entry.is_symlink()
                if not entry.name.startswith(".") and (
                    is_folder(path) if is_link else entry.is_dir()
                ):
                    yield from self.folders(path, parts)

    def _is_new(self, folder: Path, left: int) -> bool:
        """Whether a folder was not walked yet with so many parts left."""
        found = os.stat(folder)
        key = (found.st_dev, found.st_ino, left)
        is_new = key not in self.walked
        self.walked.add(key)
        return is_new

    def _called(self, folder: Path, part: str) -> Iterator[Path]:
        """What is in a folder, and called like a part of a pattern."""
        if glob.has_magic(part):
            yield from (folder / e.name for e in self._entries(folder) if _names(part, e.name))
        elif _is_there(folder / part):
            yield folder / part

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
