"""The folders of the engine, from the top floor down, each with the line that it says of itself."""

from __future__ import annotations

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from doctools.shop import REPO

ENGINE: Final = REPO / "segmentation"
_CLI: Final = "the command line: one file per command, shared options, the modules that print"


def floors() -> list[list[str]]:
    """The rooms of each floor as `.importlinter` lists them: each imports only what lies below."""
    parser = configparser.ConfigParser()
    parser.read(REPO / ".importlinter")
    lines = parser["importlinter:contract:flow"]["layers"].split("\n")
    return [[room.strip() for room in line.split("|")] for line in lines if line.strip()]


def rooms() -> set[str]:
    """What lies in the engine: folders and modules, by name."""
    inside = {p.parent.name for p in ENGINE.glob("*/__init__.py")}
    return inside | {p.stem for p in ENGINE.glob("*.py") if p.stem != "__init__"}


def page_of_rooms() -> str:
    """Every floor, its rooms, their folders, each with the first line of its docstring."""
    return "".join(_lines())


def _lines() -> Iterator[str]:
    yield f"- [`cli/`](../cli): {_CLI}\n"
    for floor in floors():
        for room in floor:
            yield _line(ENGINE / room, 0)
            for inner in sorted((ENGINE / room).glob("*/__init__.py")):
                yield _line(inner.parent, 1)


def _line(place: Path, depth: int) -> str:
    """One room as an item of a list; a folder ends in a slash."""
    file, name = place / "__init__.py", f"{place.relative_to(REPO)}/"
    if not place.is_dir():
        file, name = place.with_suffix(".py"), f"{place.relative_to(REPO)}.py"
    said = (ast.get_docstring(ast.parse(file.read_text())) or "").split("\n")[0]
    shown = name.removeprefix("segmentation/")
    return f"{'  ' * depth}- [`{shown}`](../{name.removesuffix('/')}): {said.rstrip('.')}\n"
