"""The runs that a folder holds, newest first: which are complete, and which came before a date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from segmentation.publish.layout import MANIFEST


@dataclass(frozen=True)
class Published:
    """One run in its place: the dated name, and what its manifest says."""

    name: str
    manifest: dict[str, Any]

    @property
    def is_complete(self) -> bool:
        """Whether every persona and every rule was in it; runs before version 2 did not say."""
        return self.manifest.get("complete", True) is not False


def runs_in(out: Path) -> Iterator[Published]:
    """The runs of a folder, the latest date first. What is no run of ours is passed over."""
    for name in sorted(filter(_is_day, _names(out)), reverse=True):
        manifest = _manifest(out / name)
        if manifest is not None:
            yield Published(name, manifest)


def complete_run(out: Path) -> str | None:
    """The name of the newest complete run, or None where no run is."""
    return next((run.name for run in runs_in(out) if run.is_complete), None)


def previous_run(out: Path, name: str) -> str | None:
    """The run_id of the newest complete run of an earlier date that is a record, or None."""
    earlier = (run for run in runs_in(out) if run.name < name and run.is_complete)
    return next((run.manifest["run_id"] for run in earlier if "run_id" in run.manifest), None)


def gives_way(latest: Path, place: Path) -> bool:
    """Whether `latest` leads to a run that is not complete, and the one at `place` is."""
    return is_partial(latest) and not is_partial(place)


def is_partial(place: Path) -> bool:
    """Whether a run is there, and something was left out of it."""
    manifest = _manifest(place)
    return manifest is not None and not Published(place.name, manifest).is_complete


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


def _manifest(place: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((place / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and {"version", "as_of"} <= found.keys() else None
