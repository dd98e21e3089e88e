"""The runs that a folder holds: which are complete, and which came before a date.

A run counts under whatever name it stands there (dated, renamed, copied), and one whose manifest
is lost or broken counts as complete: nobody can say any more that something was left out of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from segmentation.dataclass import dataclass
from segmentation.publish.folder.layout import MANIFEST, NAME, version_at


@dataclass(frozen=True)
class Published:
    """One run in its place: the name there, and what its manifest says; nothing if it is broken."""

    name: str
    manifest: dict[str, Any]

    @property
    def is_complete(self) -> bool:
        """Whether every persona and every rule was in it; runs before version 2 did not say."""
        return self.manifest.get("complete", True) is not False

    @property
    def as_of(self) -> str:
        """The date it looks from, or an empty text."""
        return str(self.manifest.get("as_of", ""))


def runs_in(out: Path) -> Iterator[Published]:
    """The runs of a folder, dated names first and of these the latest; others are passed over."""
    named = sorted(filter(NAME.fullmatch, _names(out)), reverse=True)
    for name in sorted(named, key=_is_day, reverse=True):
        run = _run_at(out / name)
        if run is not None:
            yield run


def complete_run(out: Path) -> str | None:
    """The name of the newest complete run, or None where no run is."""
    return next((run.name for run in runs_in(out) if run.is_complete), None)


def previous_run(out: Path, name: str) -> str | None:
    """The run_id of the newest complete run of an earlier date that is a record, or None.

    The date is the manifest's: a run that was copied under another name stays of its own day.
    """
    earlier = [run for run in runs_in(out) if _is_day(run.as_of) and run.as_of < name]
    records = [run for run in earlier if run.is_complete and _is_text(run.manifest.get("run_id"))]
    newest = max(records, key=lambda run: (run.as_of, run.name == run.as_of), default=None)
    return None if newest is None else str(newest.manifest["run_id"])


def gives_way(latest: Path, place: Path) -> bool:
    """Whether `latest` leads to a run that is not complete, and the one at `place` is."""
    return is_partial(latest) and not is_partial(place)


def is_partial(place: Path) -> bool:
    """Whether a run is there, and something was left out of it."""
    run = _run_at(place)
    return run is not None and not run.is_complete


def _names(out: Path) -> list[str]:
    """What is in a folder; nothing in one that is not there or not ours, which publication says."""
    try:
        return [p.name for p in out.iterdir()]
    except OSError:
        return []


def _is_day(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _run_at(place: Path) -> Published | None:
    """The run at a place. A folder of ours without a manifest that can be read is one, too."""
    try:
        found = json.loads((place / MANIFEST).read_bytes())
    except (OSError, ValueError):
        found = None
    if isinstance(found, dict) and {"version", "as_of"} <= found.keys():
        return Published(place.name, found)
    is_lost = os.path.isdir(place) and (version_at(place) != "" or _has_manifest(place))
    return Published(place.name, {}) if is_lost else None


def _has_manifest(place: Path) -> bool:
    """Whether a dated folder has something called like our manifest, whatever is in it."""
    return _is_day(place.name) and os.path.lexists(place / MANIFEST)
