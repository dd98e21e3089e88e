"""Standard output and error that never break a command: what cannot be written is remembered.

A result that is on the disk already stays a result when the terminal is full, closed or gone, so
writing raises nothing; `main` asks at the end what could not be written, and says it once.
"""

from __future__ import annotations

import codecs
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

#: how a terminal that knows no more than ASCII shows what we print
PLAIN: Final = {
    "–": "-",
    "→": "->",
    "≥": ">=",
    "≤": "<=",
    "×": "x",
    "÷": "/",
    "…": "...",
    "’": "'",
    "²": "^2",
}
_ERRORS: Final = "segment.plain"


class Stream:
    """A text stream that keeps its first failure instead of raising it, and is silent from then on.

    `stream` is None where the process was started without it (`>&-`).
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.failure: OSError | ValueError | None = None
        self._is_closed = stream is None
        self._stream: TextIO = stream or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        if hasattr(self._stream, "reconfigure"):
            self._stream.reconfigure(errors=_ERRORS)

    def write(self, text: str) -> int:
        """Write a text, or keep the reason why it cannot be written."""
        if self._is_closed and text:
            self._fail(OSError(errno.EBADF, "it is closed"))
        if self.failure is None:
            try:
                self._stream.write(text)
            except (OSError, ValueError) as error:
                self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Write what is held back, or keep the reason why it cannot be written."""
        try:
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._fail(error)

    def _fail(self, error: OSError | ValueError) -> None:
        self.failure = self.failure or error
        with suppress(OSError, ValueError):  # else Python writes the rest again when it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def guarded() -> Iterator[Stream]:
    """Standard output, while it and standard error can be written to without harm."""
    occupy()
    codecs.register_error(_ERRORS, _plain)
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    out, err = Stream(sys.stdout), Stream(sys.stderr)
    sys.stdout, sys.stderr = out, err
    try:
        yield out
    finally:
        err.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def occupy() -> None:
    """Open what was closed, so that no file of ours gets the number of a standard stream."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, so this one


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that the encoding lacks: their like in ASCII, else an escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    shown = (PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in lost)
    return "".join(shown), error.end
