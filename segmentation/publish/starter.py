"""The starter: the rules and the sample data that come with the tool."""

from __future__ import annotations

from collections.abc import Mapping
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
    wanted = {name: source / name for name in (RULES, TESTS)}
    wanted |= {f"{DATA}/{f.name}": f for f in sorted(source.glob("*.csv"))}
    return write_new(folder, {name: file.read_bytes() for name, file in wanted.items()})


def write_new(folder: Path, files: Mapping[str, str | bytes]) -> tuple[Path, ...]:
    """Write files into a folder, which is made; one that is there already stops it untouched."""
    there = [str(folder / name) for name in files if (folder / name).exists()]
    if there:
        raise OutputError(
            Problem(
                f"{visible(there[0])} is there already",
                str(folder),
                "Name a folder without a personas.yaml.",
            )
        )
    try:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_private(folder / name, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise OutputError(
            Problem(
                f"this folder cannot be written: {error.strerror}",
                str(folder),
                "Name another folder.",
            )
        ) from None
    return tuple(folder / name for name in files)
