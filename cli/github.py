"""What GitHub Actions shows of a command: annotations beside lines, and a summary of the job.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions says how both are
written. Names may hold whatever a file system or a rule allows, so everything is escaped.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from segmentation.messages.errors import Location, visible
from segmentation.messages.notices import Level, Notice

MOST_ROWS: Final = 200  # of one table: GitHub takes 1 MiB for a step
_ANNOTATED: Final[dict[Level, str]] = {"info": "", "warn": "warning", "error": "error"}
#: what would be obeyed: a line that begins so, and the older form wherever it stands
_COMMAND: Final = re.compile(r"(?m)^\s*:(?=:)|##(?=\[)")
_MARKDOWN: Final = re.compile(r"[!#$&(-+./:-@\[-`{-~]")


def is_here() -> bool:
    """Whether this process runs in GitHub Actions."""
    return bool(os.environ.get("GITHUB_ACTIONS"))


# -- annotations ----------------------------------------------------------------------------------


def escaped_lines(text: str) -> str:
    """A text of which no line is obeyed as a command of GitHub Actions."""
    return _COMMAND.sub(r"\g<0> ", text) if is_here() else text


def escaped_json(text: str) -> str:
    """The same JSON, of which no line is obeyed: only within its strings can a command stand."""
    return text.replace("##[", r"#\u0023[") if is_here() else text


def annotation(one: Notice) -> str:
    """A notice as GitHub shows it beside its line; empty for what is no warning.

    GitHub looks for a file from the root of the repository, whatever folder a step works in. A file
    without a line is named in the text: GitHub would show its first line.
    """
    level = _ANNOTATED[one.level]
    if not level:
        return ""
    at = Location.of(one.where)
    properties = {"file": _from_root(at.file), "line": at.line, "col": at.column} if at.line else {}
    named = "" if at.line or not at.file else f"{at.file}: "
    pairs = {**properties, "title": one.code}.items()
    said = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in pairs if value)
    text = "\n".join(filter(None, (f"{named}{one.text}", one.mend)))
    return f"::{level} {said}::{_escaped(text)}"


def _from_root(file: str) -> str:
    """A file as it is called from the root of the repository; as it is where it does not lie within."""
    root = os.environ.get("GITHUB_WORKSPACE")
    if not root or not os.path.exists(file):
        return file
    folder, name = os.path.split(os.path.abspath(file))
    place = Path(os.path.realpath(folder), name)
    real = os.path.realpath(root)
    return place.relative_to(real).as_posix() if place.is_relative_to(real) else file


def _escaped(text: str, also: str = "") -> str:
    """Text as workflow commands take it; in a property colons and commas, too."""
    return "".join(f"%{ord(c):02X}" if c in f"%\r\n{also}" else c for c in text)


# -- the summary of a job -------------------------------------------------------------------------


def escaped_markdown(text: str) -> str:
    r"""A text that Markdown shows as it stands, in one line, also in a table.

    >>> print(escaped_markdown("a|b <i> [x](y)"))
    a\|b \<i\> \[x\]\(y\)
    """
    return _MARKDOWN.sub(lambda found: f"\\{found[0]}", visible(" ".join(text.split("\n"))))


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table of Markdown, at the most MOST_ROWS rows of it; its cells are escaped."""
    shown = [[escaped_markdown(cell) for cell in row] for row in rows[:MOST_ROWS]]
    lines = [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *shown)]
    left = len(rows) - MOST_ROWS
    return [*lines, "", f"… and {left:,} more"] if left > 0 else lines


def counted_notices(notices: Iterable[Notice]) -> list[str]:
    """How often each code was said, without a word of what was said: that may be about the data."""
    times = Counter((one.level, one.code) for one in notices if one.level != "info")
    rows = [(level, code, f"{number:,}") for (level, code), number in times.items()]
    return ["", *markdown_table(("level", "notice", "times"), rows)] if rows else []


def findings(notices: Iterable[Notice]) -> list[str]:
    """What was found in rules, each with its place. For commands that read no data."""
    rows = [(one.level, one.code, str(one.where), one.text, one.mend) for one in notices]
    return ["", *markdown_table(("level", "notice", "where", "text", "mend"), rows)] if rows else []


def write_summary(title: str, lines: Sequence[str]) -> str:
    """Append to the summary of the job, where there is one; why it cannot be written, else nothing.

    Never waits, also where the name is that of a pipe, and raises nothing.
    """
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return ""
    text = "\n".join((f"### {escaped_markdown(title)}", "", *lines)) + "\n\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600)
        with open(descriptor, "wb", buffering=0) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        return (getattr(error, "strerror", None) or str(error)).lower()
    return ""
