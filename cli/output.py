"""The one module that prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from segmentation.errors import Problem, SegmentationError

if TYPE_CHECKING:
    from typer.exceptions import TyperException

    from segmentation.notices import Notice

JSON_VERSION = 1
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STEPS = {
    "read": "opening the files", "measure": "measuring customers", "fit": "fitting thresholds",
    "describe": "describing customers", "match": "matching personas", "account": "counting rows",
    "publish": "publishing",
}  # fmt: skip


def clean(text: str) -> str:
    """Text from data without control characters, which could steer a terminal."""
    return _CONTROL.sub("?", text)


def say(text: str) -> None:
    """One line for people, on stderr."""
    sys.stderr.write(clean(text) + "\n")


def show(text: str) -> None:
    """A result, on stdout."""
    sys.stdout.write(clean(text) + "\n")


def show_json(body: dict[str, Any]) -> None:
    """A result for programs, on stdout: one JSON object."""
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n")


def failure(
    exit_code: int, kind: str, *problems: Problem, notices: Iterable[Notice] = ()
) -> dict[str, Any]:
    """What --json prints when a command fails."""
    return {"version": JSON_VERSION, "ok": False, "exit_code": exit_code, "error": kind,
            "problems": [{"what": p.what, "where": p.where, "mend": p.mend} for p in problems],
            "notices": [n.to_json() for n in notices]}  # fmt: skip


def print_error(error: SegmentationError, *, as_json: bool) -> None:
    """An error of the user's: every problem; as JSON too when that was asked for."""
    if as_json:
        show_json(failure(error.exit_code, error.kind, *error.problems, notices=error.notices))
    say("\n".join(str(p) for p in error.problems))
    if os.environ.get("GITHUB_ACTIONS"):
        for problem in error.problems:
            say(annotation(problem))


def annotation(problem: Problem, level: str = "error") -> str:
    """A problem as GitHub shows it beside the line."""
    found = re.fullmatch(r"(.+?):(\d+):(\d+)", problem.where)
    at = f" file={found[1]},line={found[2]},col={found[3]}" if found else ""
    text = problem.what.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level}{at}::{text}"


def print_misuse(error: TyperException, *, as_json: bool) -> None:
    """A command line that cannot be parsed: what is wrong, and how it is used."""
    if as_json:
        show_json(failure(error.exit_code, "usage", Problem(error.format_message())))
    error.show()  # type: ignore[attr-defined]  # every error that Typer raises itself has it


def print_interrupted(*, as_json: bool) -> None:
    """Ctrl-C, or the signal of a scheduler."""
    what = "interrupted, nothing was published"
    if as_json:
        show_json(failure(130, "interrupted", Problem(what)))
    say(f"segment: {what}")


def print_bug(error: Exception, *, as_json: bool) -> None:
    """A bug of ours: its kind and place, never the data that was in it."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code if frame is not None else None
    place = (
        f"{code.co_qualname}:{frame.tb_lineno}" if code is not None and frame is not None else "?"
    )
    what = f"this is a bug of segment: {type(error).__name__} in {place}"
    if as_json:
        show_json(failure(70, "internal", Problem(what)))
    say(f"{what}\n  Nothing was published. SEGMENT_DEBUG=1 shows the details.")


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
