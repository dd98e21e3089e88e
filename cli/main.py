"""The `segment` command: what becomes of errors, signals and a terminal that fails.

The commands are in `app`, which is imported when all of that is taken care of.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from segmentation.errors import OutputError, Problem, SegmentationError

from . import signals, streams

READER_LEFT, INTERNAL, INTERRUPTED = 1, 70, 130
READING = ("run", "value")  # the commands that read data


@dataclass
class Ending:
    """What stands whatever comes now, as a sentence; empty until something is on the disk."""

    kept: str = ""

    def keep(self, kept: str) -> None:
        """From here on a failure is one of showing, not of doing."""
        self.kept = kept


def main() -> None:
    """Run the command line; every way out has its own exit code (docs/exit-codes.md)."""
    ending = Ending()
    as_json = "--json" in sys.argv  # also when the arguments cannot be parsed
    streams.occupy()
    if sys.argv[1:2] and sys.argv[1] in READING:
        from .crashes import explain_crashes

        explain_crashes(as_json=as_json)
    with streams.guarded() as out:
        code = _exit_code(ending, out, as_json=as_json)
        out.flush()
        code = _shown(code, out.failure, ending)
    signals.ignored_at_exit()
    sys.exit(code)


def _exit_code(ending: Ending, out: streams.Stream, *, as_json: bool) -> int:
    try:
        with signals.raised(unless=lambda: bool(ending.kept)):
            from .app import app

            # else Typer ends the process before --json can say why
            code = int(app(standalone_mode=False, obj=ending) or 0)
            out.flush()
    except SystemExit:
        raise
    except BaseException as error:  # a panic of Polars is no Exception
        return _failed(error, ending, as_json=as_json)
    if code == INTERRUPTED:  # Typer makes this of a KeyboardInterrupt
        return _failed(KeyboardInterrupt(), ending, as_json=as_json)
    return code


def _failed(error: BaseException, ending: Ending, *, as_json: bool) -> int:
    from typer.exceptions import TyperException

    from . import output_failure as told

    match error:
        case SegmentationError():
            told.print_error(error, as_json=as_json)
            return error.exit_code
        case TyperException():
            told.print_misuse(error, as_json=as_json)
            return error.exit_code
        case signals.Interrupted() | KeyboardInterrupt() if ending.kept:
            told.print_unseen(ending.kept, "interrupted")
            return 0
        case signals.Interrupted() | KeyboardInterrupt():
            told.print_interrupted(as_json=as_json)
            return INTERRUPTED
    told.print_bug(error, kept=ending.kept, as_json=as_json)
    return INTERNAL


def _shown(code: int, failure: Exception | None, ending: Ending) -> int:
    """The exit code when standard output failed: what stands is told, what only printed failed."""
    from . import output_failure as told

    is_left = isinstance(failure, BrokenPipeError)  # `| head`: the reader has what it wants
    if failure is None or code or (is_left and ending.kept):
        return code
    if is_left:
        return READER_LEFT
    reason = (getattr(failure, "strerror", None) or str(failure)).lower()
    if ending.kept:
        told.print_unseen(ending.kept, reason)
        return code
    told.print_error(OutputError(Problem("cannot be written, so there is no result", "standard output",
                                         f"The system says: {reason}.")), as_json=False)  # fmt: skip
    return OutputError.exit_code
