"""Signals that ask a process to end: Ctrl-C, and what a scheduler or a closed terminal sends."""

from __future__ import annotations

import atexit
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal asked for the end; no `except Exception` takes it for an error."""


@contextmanager
def raised(*, unless: Callable[[], bool]) -> Iterator[None]:
    """Raise Interrupted for the signals of ENDING; those that are ignored (nohup) stay ignored.

    Where `unless` holds there is nothing left to prevent: the first signal is let pass.
    """
    passed: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if unless() and not passed:
            passed.append(number)
        else:
            raise Interrupted

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers
        return
    before = {n: signal.getsignal(n) for n in ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignored_at_exit() -> None:
    """Let no signal change how this process ends: its exit code is decided."""
    for number in ENDING:
        atexit.register(signal.signal, number, signal.SIG_IGN)
