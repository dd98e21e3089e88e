"""A crash of the engine becomes a message and exit code 3: a corrupt page may abort the whole process.

Nothing in the process can go on after SIGABRT or SIGSEGV, so its handler replaces the process by a
new one (same process id, same stdout and stderr) that says which file is to blame. It costs nothing
while nothing crashes. What the process read, and what has to be removed, stands in `crash_notes`.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TextIO

from segmentation.messages.errors import InputError, Problem, SegmentationError, listed
from segmentation.system.crash_notes import keep_notes_in, notes_in

from . import streams

_SIGNALS: Final = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
_PATIENCE: Final = 60  # seconds that the handler, or reading one file alone, may take
_EXPLAIN: Final = "from segmentation.cli.crashes import explain; explain()"
_SHOW_CURSOR: Final = "\x1b[?25h"  # the progress display hides it
_KEPT: Final[list[object]] = []  # what must live as long as the process: C holds pointers to it


class Crash(SegmentationError):
    """The engine crashed, and no file is to blame."""

    exit_code = 70
    kind = "internal"


def explain_crashes(command: str, *, as_json: bool) -> None:
    """From now on a crash of this process is explained, and native code writes nothing to stderr.

    Does nothing where the engine is loaded already: then somebody else's process is at work.
    """
    if "polars" in sys.modules:
        return
    sheet = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (open until the process ends)
    keep_notes_in(sheet.fileno())
    stderr = _own_stderr()
    words = [
        sys.executable,
        "-P",
        "-c",
        _EXPLAIN,
        str(sheet.fileno()),
        str(stderr),
        command,
        str(int(as_json)),
    ]
    libc = ctypes.CDLL(None)

    def replace_process(signal_number: int) -> None:
        libc.signal(signal_number, 0)  # a second crash ends the process as ever
        libc.alarm(_PATIENCE)  # whatever a lock that was held at the crash may stop
        os.set_inheritable(sheet.fileno(), True)
        os.set_inheritable(stderr, True)
        os.execv(sys.executable, [*words, str(signal_number)])  # noqa: S606 (no shell is meant)

    handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(replace_process)
    _KEPT.extend((sheet, handler))
    for number in _SIGNALS:
        libc.signal(int(number), handler)


def _own_stderr() -> int:
    """The descriptor of stderr; from now on ours alone, as panics name values of the data.

    SEGMENT_DEBUG leaves the engine its stderr.
    """
    if sys.stderr is None or os.environ.get("SEGMENT_DEBUG"):
        return 2
    with suppress(OSError, ValueError):  # a stderr without a descriptor, or a closed one
        sys.stderr.flush()
        ours = os.dup(sys.stderr.fileno())
        sys.stderr = _text_to(ours, sys.stderr.encoding)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        return ours
    return 2


def _text_to(descriptor: int, encoding: str) -> TextIO:
    return os.fdopen(descriptor, "w", 1, encoding=encoding, errors="backslashreplace")


# -- the process that explains --------------------------------------------------------------------


def explain() -> None:
    """What the new process does: tidy up, find the file to blame, say it, and end with 3 (or 70)."""
    from .output_failure import print_error

    command = sys.argv[3]
    sheet, stderr, as_json, number = map(int, (*sys.argv[1:3], *sys.argv[4:]))
    signal.alarm(0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    os.dup2(stderr, 2)
    sys.stderr = _text_to(stderr, sys.stderr.encoding)
    if sys.stderr.isatty():
        sys.stderr.write(_SHOW_CURSOR)
    notes = notes_in(sheet)
    error = _why(signal.Signals(number).name, notes)
    for one in notes:
        if one["kind"] == "removes":
            shutil.rmtree(one["path"], ignore_errors=True)
    with streams.guarded():
        print_error(command, error, as_json=bool(as_json))
    sys.exit(error.exit_code)


def _why(name: str, notes: Sequence[Mapping[str, str]]) -> SegmentationError:
    """The files that crash or fail when each is read alone; else all that were read."""
    published = [one["shown"] for one in notes if one["kind"] == "published"]
    if published:
        return Crash(
            Problem(
                f"this is a bug of segment: it crashed ({name}) after publishing",
                published[-1],
                "The run is there, whole.",
            )
        )
    read = [(one["shown"], one["path"]) for one in notes if one["kind"] == "reads"]
    broken = list(_broken(read))
    if broken:
        return InputError(*broken)
    if not read:
        return Crash(
            Problem(
                f"this is a bug of segment: it crashed ({name})",
                mend="Nothing was published. SEGMENT_DEBUG=1 shows the details.",
            )
        )
    return InputError(
        Problem(
            f"the engine crashed ({name}) while it read these files: one of them is damaged, or changed "
            "meanwhile",
            listed([shown for shown, _ in read]),
            "Nothing was published. Write or copy them once more; if it stays so, it is a bug.",
        )
    )


def _broken(read: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    for shown, path in read:
        status = _read_alone(path)
        if os.WIFEXITED(status) and not os.WEXITSTATUS(status):
            continue
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
            continue
        what = "the file is damaged: the engine that reads it crashes"
        yield Problem(what, shown, "Nothing was published. Write or copy the file once more.")


def _read_alone(path: str) -> int:
    """How a process ends that reads nothing but this file: 0 when it can be read."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        signal.alarm(_PATIENCE)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        from segmentation.sources.failures import can_be_read

        os._exit(0 if can_be_read(Path(path)) else 1)
    finally:
        os._exit(1)
