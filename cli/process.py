"""The process of a command: what becomes of errors, signals and a terminal that fails.

The commands are in `app`, which is imported when all of that is taken care of.
"""

from __future__ import annotations

import atexit
import gc
import sys

from segmentation.messages.command import typed
from segmentation.messages.errors import OutputError, Problem, SegmentationError

from . import signals, streams
from .ending import Ending, ending_as

READER_LEFT, INTERNAL, INTERRUPTED = 1, 70, 130
READING = ("run", "history", "value")  # the commands that read data
#: objects that are made before Python looks for cycles among them. Imports make a hundred thousand that
#: stay; a run makes a thousand that go in cycles, none of them a frame.
PATIENCE = 200_000


def run() -> None:
    """Run the command line, and end the process."""
    command, options = sys.argv[1:2], sys.argv[1:]
    given = options[: options.index("--")] if "--" in options else options
    ending = Ending(as_json="--json" in given)  # also when the arguments cannot be parsed
    gc.set_threshold(PATIENCE)
    atexit.register(gc.freeze)  # nor is there a last look when all is to go anyway
    streams.occupy()
    if command and command[0] in READING:
        from .crashes import explain_crashes

        explain_crashes(command[0], as_json=ending.as_json)
    with streams.guarded() as out, ending_as(ending):
        code = _exit_code(ending, out)
        out.flush()
        code = _shown(code, out.failure, ending)
    signals.ignored_at_exit()
    sys.exit(code)


def _exit_code(ending: Ending, out: streams.Stream) -> int:
    """That of an envelope once one is printed, so that the two never differ."""
    try:
        with signals.raised(unless=lambda: ending.is_decided):
            code = _ended(ending)
            out.flush()
    except SystemExit:
        raise
    except BaseException as error:  # while it was told how the command ends
        code = _failed(error, ending)
    return code if ending.told is None else ending.told


def _ended(ending: Ending) -> int:
    try:
        from .app import COMMANDS, application

        ending.command = next((word for word in sys.argv[1:2] if word in COMMANDS), None)
        app = application(ending.command)
        # else Typer ends the process before --json can say why
        with typed(sys.argv[1:]):
            code = int(app(prog_name="segment", standalone_mode=False, obj=ending) or 0)
    except SystemExit:
        raise
    except BaseException as error:  # a panic of Polars is no Exception
        return _failed(error, ending)
    if code == INTERRUPTED:  # Typer makes this of a KeyboardInterrupt
        return _failed(KeyboardInterrupt(), ending)
    return code


def _failed(error: BaseException, ending: Ending) -> int:
    from typer.exceptions import TyperException

    from . import output_failure as told

    command, as_json = ending.command, ending.as_json
    match error:
        case signals.Interrupted() | KeyboardInterrupt() if ending.told is not None:
            return ending.told
        case SegmentationError():
            told.print_error(command, error, as_json=as_json)
            return error.exit_code
        case TyperException():
            told.print_misuse(command, error, as_json=as_json)
            return error.exit_code
        case signals.Interrupted() | KeyboardInterrupt() if ending.kept:
            told.print_unseen(ending.kept, "interrupted")
            return 0
        case signals.Interrupted() | KeyboardInterrupt():
            told.print_interrupted(command, INTERRUPTED, as_json=as_json)
            return INTERRUPTED
    told.print_bug(command, error, INTERNAL, kept=ending.kept, as_json=as_json)
    return INTERNAL


def _shown(code: int, failure: Exception | None, ending: Ending) -> int:
    """The exit code when standard output failed: what stands is told, what only printed failed."""
    is_left = isinstance(failure, BrokenPipeError)  # `| head`: the reader has what it wants
    if failure is None or code or (is_left and ending.kept):
        return code
    if is_left:
        return READER_LEFT
    from . import output_failure as told

    reason = (getattr(failure, "strerror", None) or str(failure)).lower()
    if ending.kept:
        told.print_unseen(ending.kept, reason)
        return code
    lost = Problem(
        "cannot be written, so there is no result", "standard output", f"The system says: {reason}."
    )
    told.print_error(ending.command, OutputError(lost), as_json=False)
    return OutputError.exit_code
