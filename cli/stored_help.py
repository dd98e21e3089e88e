"""What `--help`, `COMMAND --help` and `--version` print when nothing stands beside them, before Typer.

The texts in help/ are what Typer makes of the commands at 80 columns: plain text, the same on a
terminal, in a pipe and with NO_COLOR. `python docs/build.py` writes them, tests hold them against the
commands. Nothing is imported here that Python has not loaded already: that is what makes it quick.
"""

from __future__ import annotations

import os
import sys

from segmentation.version import VERSION

VERSION_LINE = f"segment {VERSION}"
_FOLDER = os.path.join(os.path.dirname(__file__), "help")  # pathlib takes longer than all of this
_COLUMNS = 80  # from here on Typer's lines are no longer


def is_answered(line: list[str]) -> bool:
    """Whether the command line asked for a text that is stored, and it was printed.

    What cannot be written is left to the way that says so; so is a terminal that is too narrow.
    """
    text = _text(line)
    if text is None or sys.stdout is None:
        return False
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, ValueError):
        return False
    return True


def _text(line: list[str]) -> str | None:
    if os.environ.get("_SEGMENT_COMPLETE"):  # a shell asks how the line may go on
        return None
    match line[1:]:
        case ["--version"]:
            return f"{VERSION_LINE}\n"
        case ["--help" | "-h"]:
            return _stored("segment")
        case [command, "--help" | "-h"] if command.isalnum():
            return _stored(f"segment-{command}")
    return None


def _stored(name: str) -> str | None:
    if _terminal_columns() < _COLUMNS:
        return None
    try:
        with open(f"{_FOLDER}/{name}.txt", encoding="utf-8") as file:
            return file.read()
    except OSError:  # no such command
        return None


def _terminal_columns() -> int:
    """As `shutil.get_terminal_size` has it, which Typer asks."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = 0
    return columns or _COLUMNS
