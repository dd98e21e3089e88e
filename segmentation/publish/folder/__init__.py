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

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from segmentation.publish.folder.disk import make_private
from segmentation.publish.folder.failures import full_disk_reported, reported
from segmentation.publish.folder.folder import Folder, seal
from segmentation.publish.folder.layout import LATEST, NAME, PARTIAL, RUNS
from segmentation.publish.folder.lock import locked
from segmentation.publish.folder.place import check_place
from segmentation.publish.folder.signals import deferred
from segmentation.publish.folder.swap import swap_in
from segmentation.publish.folder.sweep import abandon, sweep_replaced, sweep_unfinished
from segmentation.system.crash_notes import note

__all__ = ["Folder", "publication"]


@contextmanager
def publication(
    out: Path, name: str, *, published: Callable[[], None] = lambda: None
) -> Iterator[Folder]:
    """A folder to write a run into; leaving the block publishes it as `out/name`, or not at all.

    The block writes `manifest.json` among its files. `out/latest` follows unless it already leads
    to a later name, so filling in an old date does not move it. If the block raises, nothing has
    changed. Raises Locked while another run writes to `out`, OutputError if `out` cannot be
    written or the disk fills up, in the block too.

    Signals wait while links are moved, and `published` is called as soon as they lead to the run:
    whatever happens later, it stands.
    """
    if not NAME.fullmatch(name) or name == LATEST:
        raise ValueError(f"not the name of a run: {name!r}")
    if out.is_symlink() and out.is_dir():
        out = out.resolve()  # to a larger disk, say; links inside are ours or refused
    with locked(out):
        with reported(out):
            check_place(out, name)
            sweep_unfinished(out)
        version = f"{name}.{secrets.token_hex(8)}"
        folder = Folder(out / RUNS / f"{version}{PARTIAL}")
        note("removes", folder.path)
        try:
            with reported(out):
                make_private(folder.path)
            with full_disk_reported(out):
                yield folder
            with reported(out):
                seal(folder)
            with deferred():
                with reported(out):
                    replaced = swap_in(out, name, version)
                note("published", out / name)
                published()
                sweep_replaced(out, keep=replaced)
        except BaseException:
            with deferred():
                abandon(out, name, folder)
            raise
