"""The one module that prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from segmentation.messages.errors import Problem, visible
from segmentation.rules.money import share_in_percent

from .envelope import envelope, plain
from .github import annotation, escaped_lines, is_here, write_summary

if TYPE_CHECKING:
    from segmentation.messages.notices import Level, Notice

_SPOKEN: Final[Mapping[Level, str]] = {"info": "note: ", "warn": "warning: ", "error": ""}
_STEPS = {
    "read": "opening the files",
    "measure": "measuring customers",
    "fit": "fitting thresholds",
    "describe": "describing customers",
    "match": "matching personas",
    "account": "counting rows",
    "publish": "publishing",
}


def clean(text: str) -> str:
    """Text without what could steer a terminal or mislead a reader; lines stay lines."""
    return "\n".join(map(visible, text.split("\n")))


def say(text: str) -> None:
    """One line for people, on stderr."""
    sys.stderr.write(clean(text) + "\n")


def show(text: str) -> None:
    """A result, on stdout."""
    sys.stdout.write(clean(text) + "\n")


def show_json(body: Mapping[str, Any]) -> None:
    """An object for programs, on stdout."""
    is_utf8 = (
        codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    )  # else no escape is JSON's own
    sys.stdout.write(json.dumps(body, ensure_ascii=not is_utf8, indent=2) + "\n")


def show_envelope(
    command: str | None,
    result: object = None,
    notices: Iterable[Notice] = (),
    *,
    exit_code: int = 0,
) -> None:
    """The end of a command for programs: its envelope, on stdout."""
    show_json(plain(envelope(command, result, notices, exit_code=exit_code)))


def print_notices(notices: Iterable[Notice]) -> None:
    """Notices for people, on stderr; in GitHub Actions what is loud stands beside its line too."""
    for one in notices:
        say(escaped_lines(str(Problem(f"{_SPOKEN[one.level]}{one.text}", one.where, one.mend))))
        print_annotations([one])


def print_annotations(notices: Iterable[Notice]) -> None:
    """What GitHub Actions shows beside the lines of files, on stderr; nothing elsewhere."""
    for line in filter(None, map(annotation, notices)):
        if is_here():
            say(line)


def summarise(title: str, lines: Sequence[str]) -> None:
    """The summary of a job of GitHub Actions, where there is one; a command never fails of it."""
    reason = write_summary(title, lines)
    if reason:
        say(f"segment: the summary of the job cannot be written: {reason}")


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
    return "–" if share is None else share_in_percent(share)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns, the first to the left, the others to the right.

    >>> print(table(("persona", "matched"), [("vip", "1,200"), ("new", "7")]))
    persona  matched
    vip        1,200
    new            7
    """
    widths = [max(len(r[i]) for r in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w)
            for i, (c, w) in enumerate(zip(r, widths, strict=True))
        )
        for r in (head, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)
