"""How a command that failed says why: its errors, misuse, interrupts and bugs."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from segmentation.messages.errors import SegmentationError, shell_word
from segmentation.messages.notices import Notice

from .envelope import failures, notices_of
from .github import counted_notices, escaped_lines, findings
from .output import print_annotations, print_notices, say, show_envelope, summarise
from .results import Stopped

if TYPE_CHECKING:
    from typer.exceptions import TyperException

#: the code of the one notice that says why a command ended, where no error of the user's does
USAGE, INTERRUPTED, INTERNAL = "usage", "interrupted", "internal"
#: command -> what the summary of a job tells of what was found: of data only how often
_SUMMARIES: Final = {"run": counted_notices, "validate": findings, "test": findings}


def print_error(command: str | None, error: SegmentationError, *, as_json: bool) -> None:
    """An error of the user's: every problem; as JSON too when that was asked for."""
    said = notices_of(error)
    if as_json:
        result = Stopped(error.doors) if error.doors else None
        show_envelope(command, result, said, exit_code=error.exit_code)
    print_notices(failures(error))
    if error.doors:
        say(escaped_lines(error.doors))
    _summarise(command, said, error.exit_code)


def _summarise(command: str | None, said: Sequence[Notice], exit_code: int) -> None:
    if command in _SUMMARIES:
        title = f"segment {command} failed: exit code {exit_code}"
        summarise(title, _SUMMARIES[command](said))


def print_misuse(command: str | None, error: TyperException, *, as_json: bool) -> None:
    """A command line that cannot be parsed: what is wrong, and how it is used."""
    mend = _mend_of_misuse(error)
    wrong = Notice(USAGE, "error", error.format_message(), mend=mend)
    if as_json:
        show_envelope(command, None, [wrong], exit_code=error.exit_code)
    error.show()  # type: ignore[attr-defined]  # every error that Typer raises itself has it
    if mend:
        say(f"  {mend}")
    print_annotations([wrong])


def _mend_of_misuse(error: TyperException) -> str:
    """What to write where rules are named without their option; else nothing."""
    context = getattr(error, "ctx", None)
    named = [word for word in sys.argv[2:] if word.endswith((".yaml", ".yml"))]
    if context is None or not named:
        return ""
    parameters = context.command.params
    options = [name for one in parameters for name in one.opts if "--config" in one.opts]
    takes_files = any(one.param_type_name == "argument" for one in parameters)
    if takes_files or not options or {*options} & {*sys.argv}:
        return ""
    return f"Write {context.command_path} --config {shell_word(named[0])}"


def print_interrupted(command: str | None, exit_code: int, *, as_json: bool) -> None:
    """Ctrl-C, or the signal of a scheduler, before anything was published."""
    what = "interrupted, nothing was published"
    if as_json:
        show_envelope(command, None, [Notice(INTERRUPTED, "error", what)], exit_code=exit_code)
    say(f"segment: {what}")


def print_unseen(kept: str, reason: str) -> None:
    """That something stands, though it could not be shown."""
    say(f"segment: {kept}, but that could not be shown: {reason}")


def print_bug(
    command: str | None, error: BaseException, exit_code: int, *, kept: str, as_json: bool
) -> None:
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
        bug = Notice(INTERNAL, "error", what, mend=f"{stands}.")
        show_envelope(command, None, [bug], exit_code=exit_code)
    say(f"{what}\n  {stands}. SEGMENT_DEBUG=1 shows the details.")
