"""Whether a run may be published here: what is in the way, and who else could change it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from segmentation.messages.errors import OutputError, Problem, RulesError
from segmentation.publish.folder.failures import ELSEWHERE
from segmentation.publish.folder.layout import LATEST, MANIFEST, NAME, RUNS, target_of, version_at


def check_place(out: Path, name: str) -> None:
    """Refuse, before any work is done, what could not be swapped or trusted after it."""
    _check_private(out)
    if not _is_ours(out / name):
        what = "is in the way and was not made by segment"
        raise OutputError(Problem(what, str(out / name), f"move it away, {ELSEWHERE}"))
    latest = out / LATEST
    if os.path.lexists(latest) and not (latest.is_symlink() and NAME.fullmatch(target_of(latest))):
        what = 'is not a link to a run in its folder, which "latest" must be'
        raise OutputError(Problem(what, str(latest), f"move it away, {ELSEWHERE}"))


def refuse_run(out: Path) -> None:
    """Raise RulesError for a place inside a run: what was published stays as it was."""
    real = out.resolve()
    if real.name == RUNS or any(map(_has_our_manifest, (real, *real.parents))):
        what = f"--out is a folder that holds runs, and {out} is inside of a run"
        raise RulesError(
            Problem(what, mend="Publish into the folder above it, or elsewhere: --out DIR.")
        )


def _check_private(out: Path) -> None:
    """Refuse folders in which somebody else could exchange our files for theirs."""
    here, runs = os.stat(out), os.lstat(out / RUNS)
    shared = here.st_mode & stat.S_IWOTH and not here.st_mode & stat.S_ISVTX
    if shared and here.st_uid != os.geteuid():
        mend = f"take that right away (chmod o-w), {ELSEWHERE}"
        raise OutputError(Problem("may be written to by everybody", str(out), mend))
    if not stat.S_ISDIR(runs.st_mode) or runs.st_uid != os.geteuid():
        mend = f"move it away, {ELSEWHERE}"
        raise OutputError(Problem("is not a folder of yours", str(out / RUNS), mend))


def _is_ours(place: Path) -> bool:
    """Whether a dated name is free, a link of ours, or a copied run with our manifest."""
    if place.is_symlink():
        return version_at(place) != ""
    if not place.exists():
        return True
    return _has_our_manifest(place)


def _has_our_manifest(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and {"version", "tool", "as_of"} <= manifest.keys()
