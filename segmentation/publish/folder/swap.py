"""The swap of an old run for a new one: links that move one at a time, and move back on failure."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from segmentation.messages.errors import OutputError, Problem
from segmentation.publish.folder.disk import sync
from segmentation.publish.folder.failures import ELSEWHERE
from segmentation.publish.folder.layout import LATEST, PARTIAL, RUNS, target_of, version_at
from segmentation.publish.folder.runs import gives_way


def swap_in(out: Path, name: str, version: str) -> str:
    """Publish: the dated link first, `latest` last. Returns the version that was replaced."""
    runs, place, latest = out / RUNS, out / name, out / LATEST
    os.rename(runs / f"{version}{PARTIAL}", runs / version)
    sync(runs)
    is_copy = place.is_dir() and not place.is_symlink()
    replaced = f"{name}.{secrets.token_hex(8)}" if is_copy else version_at(place)
    before = {latest: target_of(latest), place: f"{RUNS}/{replaced}" if replaced else ""}
    # Both links are made before either is moved, so that a full disk is met before the swap.
    dated, newest = _link(runs, f"{RUNS}/{version}"), _link(runs, name)
    try:
        if is_copy:
            os.rename(dated, runs / replaced)
            _exchange(runs / replaced, place)
        else:
            os.replace(dated, place)
        sync(out)
        if before[latest] <= name or not latest.exists() or gives_way(latest, place):
            os.replace(newest, latest)
        sync(out)
    except BaseException:
        _restore(runs, before)
        raise
    return replaced


def _link(runs: Path, target: str) -> Path:
    """A link that waits in .runs to be moved to its place."""
    link = runs / f"link.{secrets.token_hex(8)}{PARTIAL}"
    os.symlink(target, link)
    return link


def _restore(runs: Path, before: Mapping[Path, str]) -> None:
    """Let links lead where they led before; what was not a link and still is none is left."""
    for place, target in before.items():
        if target and place.is_symlink() and target_of(place) != target:
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
        raise OutputError(Problem(what, str(place), f"move it away, {ELSEWHERE}"))
