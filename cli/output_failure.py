"""How a command that failed says why: its errors, misuse, interrupts and bugs."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from segmentation.errors import Problem, SegmentationError

from .output import JSON_VERSION, escaped_lines, print_problems, say, show_json

if TYPE_CHECKING:
    from typer.exceptions import TyperException

    from segmentation.notices import Notice


def failure(
    exit_code: int,
    kind: str,
    problems: Iterable[Problem],
    notices: Iterable[Notice] = (),
    doors: str = "",
) -> dict[str, Any]:
    """What --json prints when a command fails; the notices that stopped it are of level error."""
    return {"version": JSON_VERSION, "ok": False, "exit_code": exit_code, "error": kind,
            "problems": [{"what": p.what, "where": p.where, "mend": p.mend} for p in problems],
            "doors": doors, "notices": [n.to_json() for n in notices]}  # fmt: skip


def failure_of(error: SegmentationError) -> dict[str, Any]:
    """What --json prints of an error of the user's."""
    return failure(error.exit_code, error.kind, error.problems, error.notices, error.doors)


def print_error(error: SegmentationError, *, as_json: bool) -> None:
    """An error of the user's: every problem; as JSON too when that was asked for."""
    if as_json:
        show_json(failure_of(error))
    print_problems(error.problems)
    if error.doors:
        say(escaped_lines(error.doors))


def print_misuse(error: TyperException, *, as_json: bool) -> None:
    """A command line that cannot be parsed: what is wrong, and how it is used."""
    if as_json:
        show_json(failure(error.exit_code, "usage", [Problem(error.format_message())]))
    error.show()  # type: ignore[attr-defined]  # every error that Typer raises itself has it


def print_interrupted(*, as_json: bool) -> None:
    """Ctrl-C, or the signal of a scheduler, before anything was published."""
    what = "interrupted, nothing was published"
    if as_json:
        show_json(failure(130, "interrupted", [Problem(what)]))
    say(f"segment: {what}")


def print_unseen(kept: str, reason: str) -> None:
    """That something stands, though it could not be shown."""
    say(f"segment: {kept}, but that could not be shown: {reason}")


def print_bug(error: BaseException, *, kept: str, as_json: bool) -> None:
    """A bug of ours: its kind and place, never the data that was in it; and what stands already."""
    if os.environ.get("SEGMENT_DEBUG"):
        say("".join(traceback.format_exception(error)).rstrip())
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code if frame is not None else None
    place = (
        f"{code.co_qualname}:{frame.tb_lineno}" if code is not None and frame is not None else "?"
    )
    stands = kept[:1].upper() + kept[1:] or "Nothing was published"
    what = f"this is a bug of segment: {type(error).__name__} in {place}"
    if as_json:
        show_json(failure(70, "internal", [Problem(what, mend=f"{stands}.")]))
    say(f"{what}\n  {stands}. SEGMENT_DEBUG=1 shows the details.")
