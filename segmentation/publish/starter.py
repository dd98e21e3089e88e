"""The starter: the rules and the sample data that come with the tool."""

from __future__ import annotations

from pathlib import Path

from segmentation.messages.errors import OutputError, Problem, visible
from segmentation.system.plain_files import write_private

RULES = "personas.yaml"
TESTS = "personas.test.yaml"
DATA = "sample_data"


def shipped_rules() -> Path:
    """The personas.yaml inside the installed package."""
    return _starter() / RULES


def _starter() -> Path:
    """The starter's folder: inside an installed package, beside the package in a clone."""
    package = Path(__file__).parents[1]
    installed = package / "starter"
    return installed if installed.is_dir() else package.parent / DATA


def write_starter(folder: Path) -> tuple[Path, ...]:
    """Write personas.yaml, its tests and sample_data/ into a folder; an existing file stops it untouched."""
    source = _starter()
    wanted = {folder / name: source / name for name in (RULES, TESTS)}
    wanted |= {folder / DATA / f.name: f for f in sorted(source.glob("*.csv"))}
    there = [str(p) for p in wanted if p.exists()]
    if there:
        raise OutputError(
            Problem(
                f"{visible(there[0])} is there already",
                str(folder),
                "Name a folder without a personas.yaml.",
            )
        )
    try:
        (folder / DATA).mkdir(parents=True, exist_ok=True)
        for target, origin in wanted.items():
            write_private(target, origin.read_bytes())
    except OSError as error:
        raise OutputError(
            Problem(
                f"this folder cannot be written: {error.strerror}",
                str(folder),
                "Name another folder.",
            )
        ) from None
    return tuple(wanted)
