"""A run's folder: built beside its place, made durable, and swapped in as one step.

    out/
      .segment.lock                    held while a run writes here
      .runs/2026-11-21.<token>/        the files; `.partial` is added until they are complete
      2026-11-21 -> .runs/2026-11-21.<token>
      latest -> 2026-11-21

A folder cannot be replaced by a rename unless it is empty, but a link can. So a dated name is a
link, and a reader sees the old run or the new one, whenever anything dies. The version that was
just replaced stays until the next run has been published, for readers that are inside it.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from segmentation.errors import Locked, OutputError, Problem

RUNS = ".runs"
LOCK = ".segment.lock"
LATEST = "latest"
MANIFEST = "manifest.json"
PARTIAL = ".partial"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_VERSION = re.compile(rf"{_NAME.pattern}\.[0-9a-f]{{16}}(?:\{PARTIAL})?")
_ELSEWHERE = "or write elsewhere: --out DIR"


@dataclass(frozen=True)
class Folder:
    """A run that is being written: private files in a private folder, unseen until published."""

    path: Path
    _opened: list[BinaryIO] = field(default_factory=list, repr=False)

    def open_binary(self, relative: str) -> BinaryIO:
        """A new file (0600) to write to; makes its parent folders (0700), never overwrites."""
        target = self._inside(relative)
        with _reported(self.path.parent.parent):
            for parent in reversed(target.relative_to(self.path).parents[:-1]):
                _make_private(self.path / parent)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            descriptor = os.open(target, flags, 0o600)
            os.fchmod(descriptor, 0o600)  # whatever the umask took away
        self._opened.append(file := os.fdopen(descriptor, "wb"))
        return file

    def sha256(self, relative: str) -> str:
        """The SHA-256 of a file written so far, in hexadecimal."""
        with self._flushed(relative).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def size(self, relative: str) -> int:
        """The bytes of a file written so far."""
        return self._flushed(relative).stat().st_size

    def _flushed(self, relative: str) -> Path:
        for file in self._opened:
            if not file.closed:
                file.flush()
        return self._inside(relative)

    def _inside(self, relative: str) -> Path:
        parts = relative.split("/")
        if "\0" in relative or any(part in ("", ".", "..") for part in parts):
            what = f"{relative!r} is not a file name inside the run's folder"
            raise OutputError(Problem(what, str(self.path), "use a plain relative path"))
        return self.path / PurePosixPath(relative)

    def _close(self) -> None:
        while self._opened:
            self._opened.pop().close()


@contextmanager
def publication(out: Path, name: str) -> Iterator[Folder]:
    """A folder to write a run into; leaving the block publishes it as `out/name`, or not at all.

    The block writes `manifest.json` among its files. `out/latest` follows unless it already leads
    to a later name, so filling in an old date does not move it. If the block raises, nothing has
    changed. Raises Locked while another run writes to `out`, OutputError if `out` cannot be
    written or the disk fills up, in the block too.
    """
    if not _NAME.fullmatch(name) or name == LATEST:
        raise ValueError(f"not the name of a run: {name!r}")
    with _locked(out):
        with _reported(out):
            _check_place(out, name)
            _sweep_unfinished(out)
        version = f"{name}.{secrets.token_hex(8)}"
        folder = Folder(out / RUNS / f"{version}{PARTIAL}")
        try:
            with _reported(out):
                _make_private(folder.path)
            with _full_disk_reported(out):
                yield folder
            with _reported(out):
                _seal(folder)
                replaced = _swap(out, name, version)
        except BaseException:
            _abandon(out, name, folder)
            raise
        _sweep_replaced(out, keep=replaced)


# --- the lock -----------------------------------------------------------------------------------


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold out/.segment.lock; Locked if another run does."""
    with _reported(out):
        made = _make_folders(out)
        descriptor = _lock(out)
    try:
        with _reported(out):
            _make_private(out / RUNS)
        yield
    finally:
        try:
            _unmake(out, made)
        finally:
            os.close(descriptor)


def _unmake(out: Path, made: list[Path]) -> None:
    """Remove the lock's file while it is still held, and the new folders that hold no run."""
    with suppress(OSError):
        os.unlink(out / LOCK)
    with suppress(OSError):
        for folder in (out / RUNS, *made):
            os.rmdir(folder)


def _lock(out: Path) -> int:
    """The descriptor of the lock, held; tries again if its last holder removed the file."""
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(out / LOCK, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_open_here(descriptor, out / LOCK):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            mend = f"wait until it has ended, {_ELSEWHERE}"
            raise Locked(Problem(f"another run is writing to {out}", mend=mend)) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_open_here(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    return False


def _make_folders(out: Path) -> list[Path]:
    """Make `out` and its missing parents (0700); returns what was made, innermost first."""
    missing = []
    while not os.path.lexists(out):
        missing.append(out)
        out = out.parent
    if not out.is_dir():
        mend = f"move it away, {_ELSEWHERE}"
        raise OutputError(Problem("is not a folder, and one is needed here", str(out), mend))
    for folder in reversed(missing):
        _make_private(folder)
        with suppress(PermissionError):  # a parent that may be written to but not read
            _sync(folder.parent)
    return missing


def _make_private(folder: Path) -> None:
    """Make a folder (0700) unless it is there."""
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
        os.chmod(folder, 0o700)  # whatever the umask took away


# --- the steps ----------------------------------------------------------------------------------


def _check_place(out: Path, name: str) -> None:
    """Refuse, before any work is done, what could not be swapped or trusted after it."""
    _check_private(out)
    if not _is_ours(out / name):
        what = "is in the way and was not made by segment"
        raise OutputError(Problem(what, str(out / name), f"move it away, {_ELSEWHERE}"))
    latest = out / LATEST
    if os.path.lexists(latest) and not (latest.is_symlink() and _NAME.fullmatch(_target(latest))):
        what = 'is not a link to a run in its folder, which "latest" must be'
        raise OutputError(Problem(what, str(latest), f"move it away, {_ELSEWHERE}"))


def _check_private(out: Path) -> None:
    """Refuse folders in which somebody else could exchange our files for theirs."""
    here, runs = os.stat(out), os.lstat(out / RUNS)
    shared = here.st_mode & stat.S_IWOTH and not here.st_mode & stat.S_ISVTX
    if shared and here.st_uid != os.geteuid():
        mend = f"take that right away (chmod o-w), {_ELSEWHERE}"
        raise OutputError(Problem("may be written to by everybody", str(out), mend))
    if not stat.S_ISDIR(runs.st_mode) or runs.st_uid != os.geteuid():
        mend = f"move it away, {_ELSEWHERE}"
        raise OutputError(Problem("is not a folder of yours", str(out / RUNS), mend))


def _is_ours(place: Path) -> bool:
    """Whether a dated name is free, a link of ours, or a copied run with our manifest."""
    if place.is_symlink():
        return _version(place) != ""
    if not place.exists():
        return True
    try:
        manifest = json.loads((place / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and {"version", "tool", "as_of"} <= manifest.keys()


def _seal(folder: Folder) -> None:
    """Close the files, make modes private, and put everything onto the disk."""
    folder._close()
    if not (folder.path / MANIFEST).is_file():
        raise RuntimeError(f"a run without {MANIFEST} cannot be published")
    for parent, _, files in os.walk(folder.path, topdown=False):
        for file in files:
            _sync(Path(parent, file), 0o600)
        _sync(Path(parent), 0o700)


def _sync(path: Path, mode: int | None = None) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap(out: Path, name: str, version: str) -> str:
    """Publish: the dated link first, `latest` last. Returns the version that was replaced."""
    runs, place, latest = out / RUNS, out / name, out / LATEST
    os.rename(runs / f"{version}{PARTIAL}", runs / version)
    _sync(runs)
    is_copy = place.is_dir() and not place.is_symlink()
    replaced = f"{name}.{secrets.token_hex(8)}" if is_copy else _version(place)
    before = {latest: _target(latest), place: f"{RUNS}/{replaced}" if replaced else ""}
    # Both links are made before either is moved, so that a full disk is met before the swap.
    dated, newest = _link(runs, f"{RUNS}/{version}"), _link(runs, name)
    try:
        if is_copy:
            os.rename(dated, runs / replaced)
            _exchange(runs / replaced, place)
        else:
            os.replace(dated, place)
        _sync(out)
        if before[latest] <= name or not latest.exists():
            os.replace(newest, latest)
    except BaseException:
        _restore(runs, before)
        raise
    _sync(out)
    return replaced


def _link(runs: Path, target: str) -> Path:
    """A link that waits in .runs to be moved to its place."""
    link = runs / f"link.{secrets.token_hex(8)}{PARTIAL}"
    os.symlink(target, link)
    return link


def _restore(runs: Path, before: Mapping[Path, str]) -> None:
    """Let links lead where they led before; what was not a link and still is none is left."""
    for place, target in before.items():
        if target and place.is_symlink() and _target(place) != target:
            os.replace(_link(runs, target), place)
        elif not target and place.is_symlink():
            os.unlink(place)


def _exchange(link: Path, place: Path) -> None:
    """Swap a link and a folder in one step (Linux only: renameat2 with RENAME_EXCHANGE)."""
    here, exchange = -100, 2  # AT_FDCWD of <fcntl.h>, RENAME_EXCHANGE of <stdio.h>
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None or call(here, os.fsencode(link), here, os.fsencode(place), exchange):
        said = os.strerror(ctypes.get_errno() or errno.ENOSYS).lower()
        what = f"is a folder, and this system cannot swap it for a link ({said})"
        raise OutputError(Problem(what, str(place), f"move it away, {_ELSEWHERE}"))


# --- tidying ------------------------------------------------------------------------------------


def _abandon(out: Path, name: str, folder: Folder) -> None:
    """Remove an unfinished run; what is already published stays."""
    for file in folder._opened:
        with suppress(OSError):
            file.close()
    with suppress(OSError):
        _sweep_unfinished(out)
        version = folder.path.name.removesuffix(PARTIAL)
        if _version(out / name) != version:
            _remove(folder.path.with_name(version))


def _sweep_unfinished(out: Path) -> None:
    """Remove what a run left that died while it was writing; the lock says that none is alive."""
    for entry in _versions(out):
        if entry.name.endswith(PARTIAL) or entry.is_symlink():
            _remove(entry)


def _sweep_replaced(out: Path, *, keep: str) -> None:
    """Remove complete versions to which no link leads, except the one just replaced."""
    with suppress(OSError):
        _sweep_unfinished(out)
        linked = {_version(place) for place in out.iterdir()} | {keep}
        for entry in _versions(out):
            if entry.name not in linked and (entry / MANIFEST).is_file():
                _remove(entry)


def _versions(out: Path) -> list[Path]:
    return [entry for entry in (out / RUNS).iterdir() if _VERSION.fullmatch(entry.name)]


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


def _target(link: Path) -> str:
    """Where a link leads, as it is written; empty if there is none."""
    return os.readlink(link).rstrip("/") if link.is_symlink() else ""


def _version(place: Path) -> str:
    """The version in .runs to which a dated name leads, or an empty string."""
    folder, _, version = _target(place).rpartition("/")
    return version if folder == RUNS and _VERSION.fullmatch(version) else ""


# --- what the system says -----------------------------------------------------------------------

_SPACE = f"free some space, {_ELSEWHERE}"
_RIGHTS = f"give yourself the right to write there, {_ELSEWHERE}"
_FULL = {
    errno.ENOSPC: ("the disk is full; nothing was published", _SPACE),
    errno.EDQUOT: ("your disk quota is used up; nothing was published", _SPACE),
    errno.EFBIG: ("a file grew larger than is allowed; nothing was published", "raise ulimit -f"),
}
_SAID = _FULL | {
    errno.EACCES: ("may not be written to", _RIGHTS),
    errno.EPERM: ("may not be written to", _RIGHTS),
    errno.EROFS: ("is on a read-only disk", f"make it writable, {_ELSEWHERE}"),
}
_OS_ERROR = re.compile(r"\(os error (\d+)\)")


@contextmanager
def _reported(out: Path) -> Iterator[None]:
    """Turn the system's errors about our own files into an OutputError."""
    try:
        yield
    except OSError as error:
        raise _output_error(error.errno, error.strerror or str(error), out) from error


@contextmanager
def _full_disk_reported(out: Path) -> Iterator[None]:
    """Turn a full disk into an OutputError, however it is raised; let other errors pass.

    Polars says it as an OSError without errno, or as a ComputeError ("… (os error 28)").
    """
    try:
        yield
    except Exception as error:
        said = _OS_ERROR.search(str(error))
        code = getattr(error, "errno", None) or (int(said[1]) if said else None)
        if code not in _FULL:
            raise
        raise _output_error(code, str(error), out) from error


def _output_error(code: int | None, said: str, out: Path) -> OutputError:
    unknown = (f"cannot be written: {said.lower()}", "write elsewhere: --out DIR")
    what, mend = _SAID.get(code or 0, unknown)
    return OutputError(Problem(what, str(out), mend))
