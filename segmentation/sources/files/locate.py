"""From a path as the user wrote it to the files behind it, on this machine or elsewhere."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from segmentation.messages.errors import InputError, Problem, listed, nearest, visible
from segmentation.rules.source_paths import STANDARD_INPUT, VARIABLE, secret_in
from segmentation.rules.source_schemes import refused
from segmentation.sources.files.globbing import (
    MOST_ENTRIES,
    fixed_start,
    in_any_case,
    matches,
    would_match,
)
from segmentation.sources.files.lakes import is_delta, refuse_loose
from segmentation.sources.files.partitions import is_partition, partition_of
from segmentation.sources.files.pipes import plain
from segmentation.sources.files.place import (
    Endings,
    NothingThere,
    Place,
    copy_of,
    place_of,
    unreadable,
)
from segmentation.sources.files.scratch import scratch_file


def _in_a_store(written: str, real: str, endings: Endings) -> tuple[Place, ...]:
    from segmentation.sources.files.objects import find

    return find(written, real, endings)


def _on_the_web(written: str, real: str, endings: Endings) -> tuple[Place, ...]:
    from segmentation.sources.files.web import find

    return (find(written, real),)


#: how an address begins -> how its files are found: by modules that are loaded only where one is named
_ELSEWHERE: Final[Mapping[tuple[str, ...], Callable[[str, str, Endings], tuple[Place, ...]]]] = {
    ("s3://", "gs://", "az://", "abfss://"): _in_a_store,
    ("https://", "http://"): _on_the_web,
}


def locate(
    written: str, endings: Endings, stdin: BinaryIO | None = None, real: str | None = None
) -> tuple[Place, ...]:
    """The files behind one `path` of the sources, in name order; at least one.

    Messages call them as the path is `written`; `real` is where that leads, if elsewhere.
    """
    real = written if real is None else real
    if real == STANDARD_INPUT:
        copy = _buffered(stdin or _standard_input())
        return (copy_of("standard input", copy, STANDARD_INPUT),)
    _refuse_schemes(written, real)
    refuse_secrets(written)
    for schemes, find in _ELSEWHERE.items():
        if real.lower().startswith(schemes):
            scheme, _, rest = real.partition("://")
            return find(written, f"{scheme.lower()}://{rest}", endings)
    path = _path(real)
    is_folder, is_there = _looked_at(written, path)
    if is_folder and is_delta(path, written):
        return (Place(written, str(path), is_folder=True),)
    if is_folder:
        files = _folder_files(written, path, endings)
        refuse_loose(files, lambda folder: str(Path(written, os.path.relpath(folder, path))))
        return _with_content([partial(_within, written, path, file) for file in files])
    if is_there:
        refuse_loose([path], partial(_shown_above, written, path))
        return (_named(written, path),)
    if glob.has_magic(real):
        files = _matches(written, path, real)
        if not files:
            raise NothingThere(written, "no file matches", _advice(written, path))
        refuse_loose(files, lambda folder: _shown(folder, written, real))
        start = fixed_start(path)
        shown = [(_shown(file, written, real), file) for file in files]
        return _with_content([partial(_in_partition, *one, start) for one in shown])
    raise NothingThere(written, "there is no such file", _advice(written, path))


def _with_content(files: Sequence[Callable[[], Place]]) -> tuple[Place, ...]:
    """The files in which anything stands; the first one knows the others. Raises NothingThere where all are empty."""
    places: list[Place] = []
    empty: list[NothingThere] = []
    for look_at in files:
        try:
            places.append(look_at())
        except NothingThere as error:
            empty.append(error)
    if not places:
        raise empty[0]
    names = tuple(str(error.problem.where) for error in empty)
    return (replace(places[0], empty_beside=names), *places[1:])


def _within(written: str, folder: Path, file: Path) -> Place:
    """A file of a folder that is read."""
    return _in_partition(str(Path(written, file.relative_to(folder))), file, folder)


def _in_partition(shown: str, file: Path, start: Path) -> Place:
    """A file, with what the names of the folders say that lead to it from a start."""
    return replace(place_of(shown, file), partition=partition_of(file.relative_to(start).parts))


def _refuse_schemes(written: str, real: str) -> None:
    """Raise InputError for an address that is not read; what stands in it may be secret."""
    other = refused(real)
    if other is not None:
        what, mend = other
        shown = written if VARIABLE in written else written.partition("://")[0] + "://…"
        raise InputError(Problem(what, shown, mend))


def refuse_secrets(written: str) -> None:
    """Raise InputError for an address with a password in it: messages and manifest would show it."""
    wrong = secret_in(written)
    if wrong:
        mend = "Name the address in the rules, and what is secret in it as a variable: ${NAME}"
        raise InputError(Problem(wrong, written.partition("://")[0] + "://…", mend))


def is_elsewhere(real: str) -> bool:
    """Whether a path leads to no file or folder of this machine."""
    return real == STANDARD_INPUT or any(real.lower().startswith(schemes) for schemes in _ELSEWHERE)


def would_find(real: str, endings: Endings, file: Path) -> bool:
    """Whether a path of the sources leads to a file of this machine, or would once the file is there.

    Raises InputError where nobody may look.
    """
    if real == STANDARD_INPUT:
        return _comes_from(file)
    if is_elsewhere(real):
        return False
    source, target = _path(real), Path(os.path.realpath(file))
    is_folder, is_there = _looked_at(real, source)
    if is_folder:
        if is_delta(source, real):
            return target.is_relative_to(os.path.realpath(source))
        read = (source / name for name in _listing(source, source) if _is_read(name, endings))
        is_new = _is_read(target.name, endings) and not target.name.startswith(".")
        return (is_new and _is_below(target, source)) or target in _real(read)
    if is_there or not glob.has_magic(real):
        return target in _real([source])
    try:
        is_new = would_match(real, source, target)
    except OSError as error:
        raise InputError(unreadable(real, error)) from error
    return is_new or target in _real(_matches(real, source, real))


def _is_below(file: Path, folder: Path) -> bool:
    """Whether a file is in a folder, or in folders of it that are called by values."""
    [real] = _real([folder])
    return file.is_relative_to(real) and all(map(is_partition, file.relative_to(real).parts[:-1]))


def _comes_from(file: Path) -> bool:
    """Whether standard input is read from a file of this name: `< FILE`."""
    try:
        return os.path.samestat(os.fstat(sys.__stdin__.fileno()), os.stat(file))  # type: ignore[union-attr]  # caught below
    except (AttributeError, OSError, ValueError):  # closed, or no file is there
        return False


def _is_read(name: str, endings: Endings) -> bool:
    """Whether a file of a folder is read, by its name."""
    return name.lower().endswith(endings.read)


def _real(files: Iterable[Path]) -> set[Path]:
    return {Path(os.path.realpath(file)) for file in files}


def _path(real: str) -> Path:
    """A path of this machine: `~` is spelt out, but for somebody whom nobody knows."""
    return Path(os.path.expanduser(real.replace("\0", "")))  # Path's own raises then


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


def _shown_above(written: str, path: Path, folder: Path) -> str:
    """A folder above a file, as the file's path is written."""
    names = Path(written).parents
    level = len(path.parts) - len(folder.parts) - 1
    return str(names[level]) if level < len(names) else written


def _named(written: str, path: Path) -> Place:
    """A file, or a copy of what comes through a pipe that has this name."""
    try:
        file = plain(written, path)
    except OSError as error:
        raise InputError(unreadable(written, error)) from error
    return place_of(written, path) if file == path else copy_of(written, file, str(path))


def _standard_input() -> BinaryIO:
    if sys.stdin is None:  # closed by whoever started us
        raise InputError(Problem("standard input is closed", "standard input", "Name a file."))
    return sys.stdin.buffer


def refuse_repeats(places: Iterable[Place]) -> None:
    """Raise when one file would be read twice, under one name or two."""
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(real_of(place), []).append(place)
    repeated = [same[0].shown for same in found.values() if len(same) > 1]
    if repeated:
        raise InputError(*(_twice(shown) for shown in repeated))


def real_of(place: Place) -> str:
    """What tells a file from all others, under whatever name it is reached."""
    return place.origin or (place.path if place.is_remote else os.path.realpath(place.path))


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


def _folder_files(written: str, folder: Path, endings: Endings) -> list[Path]:
    names = sorted(_listing(Path(written), folder))
    files = [folder / name for name in names if _is_read(name, endings)]
    parts = [folder / name for name in names if is_partition(name) and (folder / name).is_dir()]
    if files and parts:
        raise InputError(_both(written, files, parts))
    files = files or sorted(f for part in parts for f in _partition_files(written, part, endings))
    if files:
        return files
    found = f"It holds {_told(names)}." if names else "It is empty."
    raise NothingThere(written, f"the folder has no {endings} file", found)


def _partition_files(written: str, folder: Path, endings: Endings) -> Iterator[Path]:
    """The files below a folder whose name is a column's value, in folders of such names as well."""
    for name in _listing(Path(written), folder):
        path = folder / name
        if is_partition(name) and path.is_dir():
            yield from _partition_files(written, path, endings)
        elif _is_read(name, endings) and not name.startswith("_"):
            yield path


def _both(written: str, files: Sequence[Path], parts: Sequence[Path]) -> Problem:
    what = f"the folder holds files ({visible(files[0].name)}) and folders of values ({visible(parts[0].name)})"
    mend = (
        f"Name which are meant: {visible(f'{written}/{files[0].name}')} or {visible(written)}/*=*/*"
    )
    return Problem(what, written, mend)


def passed_over(real: str, endings: Endings) -> list[str]:
    """What a folder of the sources holds beside the files that are read of it: names, sorted.

    Hidden files are not among them, nor folders without a file; nothing where it is no folder.
    """
    folder = _path(real)
    if is_elsewhere(real) or not folder.is_dir() or is_delta(folder, real):
        return []
    names = sorted(_listing(folder, folder))
    left = [name for name in names if not (_is_read(name, endings) or is_partition(name))]
    return [n for n in left if not (folder / n).is_dir() or _listing(folder / n, folder / n)]


def in_another_case(written: str, real: str) -> list[str]:
    """The files that a pattern of the sources would match if its ending were in another case."""
    path = _path(real)
    if is_elsewhere(real) or not glob.has_magic(real) or path.exists():
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
