"""Small files, read or written whole: a pipe never makes us wait, and what is written is private."""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

SILENCE_SECONDS: Final = 60.0  # a writer that is slower than this hangs, more likely than not
_STEP: Final = 1 << 20


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read (0600), whole or not at all. Raises OSError.

    Through a link its end is replaced. A pipe or a terminal (`/dev/stdout`) is written to, a pipe
    only where somebody reads it.
    """
    if path.exists() and not path.is_file():
        _write_through(path, content)
        return
    real = Path(os.path.realpath(path))
    part = real.with_name(f".{real.name}.part")
    with suppress(FileNotFoundError):
        part.unlink()
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        part.replace(real)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _write_through(path: Path, content: bytes) -> None:
    """Write to what is no file; a reader that takes nothing for a minute is an error."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nobody reads from this pipe") from None
        raise
    with open(descriptor, "wb", buffering=0) as file:
        left = memoryview(content)
        while left:
            if not select.select([], [descriptor], [], SILENCE_SECONDS)[1]:
                what = f"nobody took anything from this pipe for {SILENCE_SECONDS:.0f} seconds"
                raise OSError(errno.ETIMEDOUT, what)
            left = left[file.write(left) or 0 :]


def plain_bytes(path: Path, most: int = -1) -> bytes:
    """What a file or a pipe holds, at the most so many bytes. Raises OSError, also for devices."""
    if "\0" in str(path):  # which the system does not take at all
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # else a pipe without a writer waits
    with open(descriptor, "rb", buffering=0) as file:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISFIFO(mode):
            return _from_pipe(descriptor, most)
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "a device"
            raise OSError(errno.EINVAL, f"it is {what}, not a file")
        read = file.readall() if most < 0 else file.read(most)
    if read is None:  # not a pipe, and yet it would wait: a file of the system, such as /proc/kmsg
        raise OSError(errno.EAGAIN, "it gives nothing now: it is no ordinary file")
    return read


def _from_pipe(descriptor: int, most: int) -> bytes:
    read = bytearray()
    for chunk in chunks_of_pipe(descriptor):
        read += chunk
        if 0 <= most <= len(read):
            break
    return bytes(read[: most if most >= 0 else None])


def chunks_of_pipe(descriptor: int) -> Iterator[bytes]:
    """What comes through a pipe that was opened without waiting, until its last writer closes it.

    Raises OSError when nobody writes into it, or nothing comes for a minute.
    """
    is_silent = True
    while True:
        try:
            chunk = os.read(descriptor, _STEP)
        except BlockingIOError:
            if not select.select([descriptor], [], [], SILENCE_SECONDS)[0]:
                what = f"nothing came through this pipe for {SILENCE_SECONDS:.0f} seconds"
                raise OSError(errno.ETIMEDOUT, what) from None
            continue
        if not chunk:
            break
        is_silent = False
        yield chunk
    if is_silent:
        raise OSError(errno.EPIPE, "nothing came through this pipe, or nobody writes into it")
