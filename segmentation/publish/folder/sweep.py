"""Tidying: what a dead, a failed or a replaced run left behind is removed, nothing else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from segmentation.publish.folder.disk import remove
from segmentation.publish.folder.folder import Folder, drop
from segmentation.publish.folder.layout import MANIFEST, PARTIAL, version_at, versions_in


def abandon(out: Path, name: str, folder: Folder) -> None:
    """Remove an unfinished run; what is already published stays."""
    drop(folder)
    with suppress(OSError):
        sweep_unfinished(out)
        version = folder.path.name.removesuffix(PARTIAL)
        if version_at(out / name) != version:
            remove(folder.path.with_name(version))


def sweep_unfinished(out: Path) -> None:
    """Remove what a run left that died while it was writing; the lock says that none is alive."""
    for entry in versions_in(out):
        if entry.name.endswith(PARTIAL) or entry.is_symlink():
            remove(entry)


def sweep_replaced(out: Path, *, keep: str) -> None:
    """Remove complete versions to which no link leads, except the one just replaced."""
    with suppress(OSError):
        sweep_unfinished(out)
        linked = {version_at(place) for place in out.iterdir()} | {keep}
        for entry in versions_in(out):
            if entry.name not in linked and (entry / MANIFEST).is_file():
                remove(entry)
