"""What tests of publication share: runs of two files, what readers see of them, and ways to die."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from segmentation.publish import folder as publish
from segmentation.publish.folder import Folder, publication

DAY, EARLIER, LATER = "2026-11-21", "2026-11-14", "2026-11-28"


def fill(folder: Folder, content: str) -> None:
    for relative in ("personas/vip.csv", "manifest.json"):
        with folder.open_binary(relative) as file:
            manifest = {"version": 1, "tool": "segment", "as_of": DAY, "content": content}
            file.write(json.dumps(manifest).encode())


def publish_run(out: Path, name: str = DAY, content: str = "new") -> None:
    with publication(out, name) as folder:
        fill(folder, content)


def publish_with(out: Path, write: Callable[[Folder], object]) -> None:
    """Publish a run to which `write` adds something."""
    with publication(out, DAY) as folder:
        fill(folder, "new")
        write(folder)


def content(place: Path) -> str:
    """What both files of a run say; an assertion fails if they differ."""
    vip, manifest = (
        json.loads((place / file).read_bytes())["content"]
        for file in ("personas/vip.csv", "manifest.json")
    )
    assert vip == manifest
    return str(manifest)


def tree(out: Path) -> list[str]:
    """Everything under a folder; the random part of names as T, links with their targets."""
    found = []
    for path in sorted(out.rglob("*")):
        shown = str(path.relative_to(out))
        shown += f" -> {os.readlink(path)}" if path.is_symlink() else ""
        found.append(re.sub(r"\.[0-9a-f]{16}", ".T", shown))
    return found


def modes(out: Path) -> set[str]:
    """The kinds and modes of a folder and all it holds, links aside."""
    found = (p for p in (out, *out.rglob("*")) if not p.is_symlink())
    return {
        f"{'folder' if p.is_dir() else 'file'} {stat.S_IMODE(p.stat().st_mode):#o}" for p in found
    }


def versions(out: Path) -> int:
    return len(list((out / ".runs").iterdir()))


STEPS = (
    "mkdir",
    "chmod",
    "open",
    "fchmod",
    "fsync",
    "rename",
    "replace",
    "symlink",
    "unlink",
    "rmdir",
)


@contextmanager
def failing(at: int, fail: Callable[[], Any], *, after: bool) -> Iterator[list[str]]:
    """Call `fail` before or after the system call number `at`; yields the calls made."""
    calls: list[str] = []

    def spied(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            mine = len(calls) == at
            if mine and not after:
                fail()
            result = call(*args, **kwargs)
            if mine and after:
                fail()
            return result

        return step

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, spied(name, getattr(os, name)))
        patch.setattr(publish.swap, "_exchange", spied("exchange", publish.swap._exchange))
        yield calls


def old_link(out: Path) -> None:
    publish_run(out, DAY, "old")


def old_copy(out: Path) -> None:
    publish_run(out, DAY, "old")
    os.rename((out / DAY).resolve(), out / "copy")
    (out / DAY).unlink()
    os.rename(out / "copy", out / DAY)


def old_other_day(out: Path) -> None:
    publish_run(out, EARLIER, "old")


def nothing(out: Path) -> None:
    out.mkdir()


STARTS = [nothing, old_other_day, old_link, old_copy]


def seen(out: Path) -> tuple[str, str]:
    """What readers of the dated name and of `latest` see."""
    places = (out / DAY, out / "latest")
    return tuple(content(p) if os.path.lexists(p) else "" for p in places)  # type: ignore[return-value]


def publish_and_die(out: Path, at: int, *, after: bool = False) -> int:
    """Publish in a child that dies at system call number `at`: 9, or 0 if it got through."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        with failing(at, lambda: os._exit(9), after=after):
            publish_run(out)
        os._exit(0)
    finally:
        os._exit(1)
