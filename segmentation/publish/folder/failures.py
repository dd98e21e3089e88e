"""What the system says about an output folder, as an OutputError that says how to mend it."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segmentation.messages.errors import OutputError, Problem

ELSEWHERE = "or write elsewhere: --out DIR"
_SPACE = f"free some space, {ELSEWHERE}"
_RIGHTS = f"give yourself the right to write there, {ELSEWHERE}"
_FULL = {
    errno.ENOSPC: ("the disk is full; nothing was published", _SPACE),
    errno.EDQUOT: ("your disk quota is used up; nothing was published", _SPACE),
    errno.EFBIG: ("a file grew larger than is allowed; nothing was published", "raise ulimit -f"),
}
_SAID = _FULL | {
    errno.EACCES: ("may not be written to", _RIGHTS),
    errno.EPERM: ("may not be written to", _RIGHTS),
    errno.EROFS: ("is on a read-only disk", f"make it writable, {ELSEWHERE}"),
}
_OS_ERROR = re.compile(r"\(os error (\d+)\)")


@contextmanager
def reported(out: Path) -> Iterator[None]:
    """Turn the system's errors about our own files into an OutputError."""
    try:
        yield
    except OSError as error:
        raise _output_error(error.errno, error.strerror or str(error), out) from error


@contextmanager
def full_disk_reported(out: Path) -> Iterator[None]:
    """Turn a full disk into an OutputError, however it is raised; let other errors pass.

    Polars says it as an OSError without errno, or as a ComputeError ("… (os error 28)").
    """
    try:
        yield
    except Exception as error:
        said = _OS_ERROR.search(str(error))
        code = getattr(error, "errno", None) or (int(said[1]) if said else None)
        if code not in _FULL:
            raise
        raise _output_error(code, str(error), out) from error


def _output_error(code: int | None, said: str, out: Path) -> OutputError:
    unknown = (f"cannot be written: {said.lower()}", "write elsewhere: --out DIR")
    what, mend = _SAID.get(code or 0, unknown)
    return OutputError(Problem(what, str(out), mend))
