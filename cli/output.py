"""The one module that prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from segmentation.errors import Problem, visible

if TYPE_CHECKING:
    from segmentation.notices import Level, Notice

JSON_VERSION = 1
_SPOKEN: Final[Mapping[Level, str]] = {"info": "note: ", "warn": "warning: ", "error": ""}
_ANNOTATED: Final[Mapping[Level, str]] = {"info": "", "warn": "warning", "error": "error"}
_COMMAND = re.compile(r"(?m)^(\s*)::")  # a line of GitHub Actions that would be obeyed
_STEPS = {
    "read": "opening the files", "measure": "measuring customers", "fit": "fitting thresholds",
    "describe": "describing customers", "match": "matching personas", "account": "counting rows",
    "publish": "publishing",
}  # fmt: skip


def clean(text: str) -> str:
    """Text without what could steer a terminal or mislead a reader; lines stay lines."""
    return "\n".join(map(visible, text.split("\n")))


def say(text: str) -> None:
    """One line for people, on stderr."""
    sys.stderr.write(clean(text) + "\n")


def show(text: str) -> None:
    """A result, on stdout."""
    sys.stdout.write(clean(text) + "\n")


def show_json(body: dict[str, Any]) -> None:
    """A result for programs, on stdout: one JSON object."""
    is_utf8 = (
        codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    )  # else no escape is JSON's own
    sys.stdout.write(json.dumps(body, ensure_ascii=not is_utf8, indent=2, default=str) + "\n")


def print_notices(notices: Iterable[Notice]) -> None:
    """Notices for people, on stderr; in GitHub Actions what is loud stands beside its line too."""
    for one in notices:
        text = str(Problem(f"{_SPOKEN[one.level]}{one.text}", one.where, one.mend))
        _say_of(one.problem(), text, _ANNOTATED[one.level])


def print_problems(problems: Iterable[Problem]) -> None:
    """What is wrong, for people, on stderr; in GitHub Actions beside its line too."""
    for problem in problems:
        _say_of(problem, str(problem), "error")


def escaped_lines(text: str) -> str:
    """A text of which no line is obeyed as a command of GitHub Actions."""
    return _COMMAND.sub(r"\1: :", text) if os.environ.get("GITHUB_ACTIONS") else text


def _say_of(problem: Problem, text: str, level: str) -> None:
    say(escaped_lines(text))
    if level and os.environ.get("GITHUB_ACTIONS"):
        say(_annotation(problem, level))


def _annotation(problem: Problem, level: str) -> str:
    """A problem as GitHub shows it beside the line."""
    found = re.fullmatch(r"(.+?):(\d+):(\d+)", problem.where)
    at = f" file={_escaped(found[1], ':,')},line={found[2]},col={found[3]}" if found else ""
    what = problem.what if found or not problem.where else f"{problem.where}: {problem.what}"
    return f"::{level}{at}::{_escaped(what)}"


def _escaped(text: str, also: str = "") -> str:
    """Text as GitHub's workflow commands take it; in a property colons and commas, too."""
    return "".join(f"%{ord(c):02X}" if c in f"%\r\n{also}" else c for c in text)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A display that names the step that runs, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("starting", spinner="dots") as status:
        yield lambda step: status.update(f"{_STEPS.get(step, step)} …")


def percent(share: float | None) -> str:
    """A share as people read it: 12.3 %, or a dash when there is none."""
    return "–" if share is None else f"{share:.1%}".replace("%", " %")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns, the first to the left, the others to the right.

    >>> print(table(("persona", "matched"), [("vip", "1,200"), ("new", "7")]))
    persona  matched
    vip        1,200
    new            7
    """
    widths = [max(len(r[i]) for r in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths, strict=True)))
        for r in (head, *rows)
    ]  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)
