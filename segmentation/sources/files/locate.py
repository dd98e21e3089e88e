"""From a path as the user wrote it to the files behind it, and what kind each one is."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

from segmentation.errors import InputError, Problem, listed, nearest, visible
from segmentation.rules.source_paths import STANDARD_INPUT, VARIABLE
from segmentation.rules.sources import Source
from segmentation.sources.files.fingerprints import Seen, fingerprint_of
from segmentation.sources.files.globbing import MOST_ENTRIES, in_any_case, matches
from segmentation.sources.files.pipes import plain, refuse_devices
from segmentation.sources.files.scratch import scratch_file

Kind = Literal["csv", "parquet"]
REMOTE = ("s3://", "gs://", "az://", "abfss://")
SUFFIXES = (".csv", ".csv.gz", ".parquet")


class NothingThere(InputError):
    """No file, or an empty one, where a source says that there is one."""

    source: Source | None = None  # whose path it is, once that is known

    def __init__(self, shown: str, what: str, mend: str) -> None:
        super().__init__(Problem(what, shown, mend))
        [self.problem] = self.problems


@dataclass(frozen=True)
class Place:
    """One file: how to show it, where it is, what it holds."""

    shown: str
    path: str
    kind: Kind
    is_gzip: bool = False
    is_remote: bool = False
    seen: Seen | None = None
    """What it was when it was opened; None where nobody can change it: a copy, or far away."""


def locate(
    written: str, stdin: BinaryIO | None = None, real: str | None = None
) -> tuple[Place, ...]:
    """The files behind one `path` of the sources, in name order; at least one.

    Messages call them as the path is `written`; `real` is where that leads, if elsewhere.
    """
    real = written if real is None else real
    if real == STANDARD_INPUT:
        return (_copy_of("standard input", _buffered(stdin or _standard_input())),)
    if real.startswith(REMOTE):
        kind: Kind = "parquet" if ".parquet" in real else "csv"
        return (Place(written, real, kind, is_remote=True),)
    path = Path(real.replace("\0", "")).expanduser()
    is_folder, is_there = _looked_at(written, path)
    if is_folder:
        files = _folder_files(written, path)
        return _of_one_kind(written, [_identify(str(Path(written, f.name)), f) for f in files])
    if is_there:
        return (_named(written, path),)
    if glob.has_magic(real):
        files = _matches(written, path, real)
        if not files:
            raise NothingThere(written, "no file matches", _advice(written, path))
        return _of_one_kind(written, [_identify(_shown(f, written, real), f) for f in files])
    raise NothingThere(written, "there is no such file", _advice(written, path))


def _looked_at(written: str, path: Path) -> tuple[bool, bool]:
    """Whether a path is a folder, and whether anything is there."""
    try:
        return path.is_dir(), path.exists()
    except OSError as error:  # a name too long, a place without rights
        raise InputError(unreadable(written, error)) from error


def _shown(file: Path, written: str, real: str) -> str:
    """A file that a pattern found, as the pattern is written: no variable is spelt out."""
    if written == real:
        return str(file)
    if VARIABLE not in written:
        return str(file.relative_to(real.removesuffix(written)))
    folder, _, pattern = written.rpartition("/")
    return written if VARIABLE in pattern else f"{folder}/{file.name}"


def _named(written: str, path: Path) -> Place:
    """A file, or a copy of what comes through a pipe that has this name."""
    try:
        file = plain(written, path)
    except OSError as error:
        raise InputError(unreadable(written, error)) from error
    return _identify(written, path) if file == path else _copy_of(written, file)


def _copy_of(shown: str, path: Path) -> Place:
    """A private copy: nobody writes to it, so it need not be watched."""
    return replace(_identify(shown, path), seen=None)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:  # closed by whoever started us
        raise InputError(Problem("standard input is closed", "standard input", "Name a file."))
    return sys.stdin.buffer


def refuse_repeats(places: Iterable[Place]) -> None:
    """Raise when one file would be read twice, under one name or two."""
    found: dict[str, list[Place]] = {}
    for place in places:
        real = place.path if place.is_remote else os.path.realpath(place.path)
        found.setdefault(real, []).append(place)
    repeated = [same[0].shown for same in found.values() if len(same) > 1]
    if repeated:
        raise InputError(*(_twice(shown) for shown in repeated))


def _twice(shown: str) -> Problem:
    return Problem("the file is listed twice", shown, "List every file once; globs may overlap.")


@cache
def _buffered(stdin: BinaryIO) -> Path:
    """A copy of standard input: it can be read once, and a table is sometimes read twice."""
    try:
        path = scratch_file(".stdin")
        with path.open("wb") as file:
            shutil.copyfileobj(stdin, file, 1 << 20)
    except OSError as error:
        raise InputError(unreadable("standard input", error)) from error
    return path


def _folder_files(written: str, folder: Path) -> list[Path]:
    names = sorted(_listing(Path(written), folder))
    files = [folder / name for name in names if name.lower().endswith(SUFFIXES)]
    if files:
        return files
    found = f"It holds {_told(names)}." if names else "It is empty."
    raise NothingThere(written, "the folder has no *.csv, *.csv.gz or *.parquet file", found)


def passed_over(real: str) -> list[str]:
    """What a folder of the sources holds beside the files that are read of it: names, sorted.

    Hidden files are not among them, nor folders without a file; nothing where it is no folder.
    """
    folder = Path(real).expanduser()
    if real.startswith(REMOTE) or real == STANDARD_INPUT or not folder.is_dir():
        return []
    names = sorted(_listing(folder, folder))
    left = [name for name in names if not name.lower().endswith(SUFFIXES)]
    return [n for n in left if not (folder / n).is_dir() or _listing(folder / n, folder / n)]


def in_another_case(written: str, real: str) -> list[str]:
    """The files that a pattern of the sources would match if its ending were in another case."""
    path = Path(real).expanduser()
    if real.startswith(REMOTE) or not glob.has_magic(real) or path.exists():
        return []
    found = set(_matches(written, Path(in_any_case(str(path))), real))
    return [_shown(f, written, real) for f in sorted(found - {*_matches(written, path, real)})]


def _matches(written: str, path: Path, real: str) -> list[Path]:
    """What a pattern matches; a folder on the way that cannot be looked into is an error."""
    try:
        return matches(written, path)
    except OSError as error:
        shown = written if VARIABLE in written else _shown(Path(error.filename), written, real)
        raise InputError(unreadable(shown, error)) from error


def _advice(written: str, path: Path) -> str:
    """What is there instead, in the words of the path: no variable is spelt out."""
    folder, shown = path.parent, Path(written).parent
    if not folder.is_dir():
        return f"The folder {visible(str(shown))} does not exist ({_start(written, path)})."
    if VARIABLE in Path(written).name:  # what is like it would give it away
        return f"In {shown} is none of that name: {_start(written, path)}"
    names = _listing(shown, folder)
    close = nearest(path.name, names)
    if close:
        return f"Nearest: {visible(str(shown / close))}"
    return f"The folder {shown} holds {_told(sorted(names))}." if names else "The folder is empty."


def _told(names: Sequence[str]) -> str:
    return listed([visible(name) for name in names])


def _start(written: str, path: Path) -> str:
    """Where a relative path starts from."""
    if VARIABLE in written:
        return "what do its variables say?"
    here = str(path).removesuffix(str(Path(written))) or Path.cwd()
    return (
        f"the current folder is {visible(str(here))}"
        if here == Path.cwd()
        else f"paths of the rules start from {visible(str(here))}"
    )


def _listing(shown: Path, folder: Path) -> list[str]:
    try:
        entries = islice(folder.iterdir(), MOST_ENTRIES)
        return [entry.name for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        raise InputError(unreadable(str(shown), error)) from error


def _identify(shown: str, path: Path) -> Place:
    try:
        refuse_devices(shown, os.stat(path).st_mode)
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            head = file.read(8)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 4))
            tail = file.read(4)
    except OSError as error:
        raise InputError(unreadable(shown, error)) from error
    if size == 0:
        raise NothingThere(shown, "the file is empty", "It needs a header and rows.")
    seen = Seen(shown, str(path), fingerprint_of(found))
    return replace(_by_magic(shown, path, head, tail), seen=seen)


def _by_magic(shown: str, path: Path, head: bytes, tail: bytes) -> Place:
    if head.startswith(b"PAR1"):
        if tail != b"PAR1":
            raise InputError(damaged_parquet(shown))
        return Place(shown, str(path), "parquet")
    if head.startswith(b"\x1f\x8b"):
        return Place(shown, str(path), "csv", is_gzip=True)
    if path.suffix.lower() == ".parquet":
        raise InputError(damaged_parquet(shown))
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd", b"BZh")):
        raise InputError(
            Problem(
                "the file is a workbook or an archive, not CSV or Parquet",
                shown,
                "Save it as CSV (gzip is fine) or Parquet.",
            )
        )
    return Place(shown, str(path), "csv")


def _of_one_kind(written: str, places: list[Place]) -> tuple[Place, ...]:
    kinds = Counter(place.kind for place in places)
    if len(kinds) > 1:
        counted = " and ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
        mend = f"It has {counted} files: name one kind, for instance {visible(_only(written))}"
        raise InputError(Problem("CSV and Parquet files are mixed", written, mend))
    return tuple(places)


def _only(written: str) -> str:
    folder = Path(written).parent if glob.has_magic(written) else written
    return str(Path(folder) / "*.parquet")


def unspelt(text: str, place: Place) -> str:
    """What a library says of a file, without the variables that its path is made of."""
    if VARIABLE in place.shown:
        return "details are left out, for the path holds variables"
    return text.replace(place.path, place.shown)


def damaged_parquet(shown: str) -> Problem:
    """A Parquet file whose ends or footer are not as they should be."""
    return Problem(
        "the Parquet file is damaged or cut off", shown, "Write or copy the file once more."
    )


def unreadable(shown: str, error: OSError) -> Problem:
    """A file that the system does not let us read, or what is no file."""
    if isinstance(error, IsADirectoryError):
        mend = "Move it elsewhere, or name a pattern that does not match it."
        return Problem("this is a folder, not a file", shown, mend)
    reason = error.strerror or str(error)
    return Problem(f"the file cannot be read ({reason})", shown, "Check the path and its rights.")
