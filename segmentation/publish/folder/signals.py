"""Signals that wait: what must not be cut in two is done whole, and then they are heard."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def deferred() -> Iterator[None]:
    """Let signals that end a process wait until the block has ended; one of a kind is enough.

    Only the main thread can do that, and only it runs handlers: elsewhere nothing is in the way.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: dict[int, None] = {}  # in the order in which they came
    before = {n: signal.getsignal(n) for n in _ENDING}
    ours = {n: h for n, h in before.items() if h not in (signal.SIG_IGN, None)}
    for each in ours:
        signal.signal(each, lambda number, frame: waiting.setdefault(number))
    try:
        yield
    finally:
        for each, handler in ours.items():
            signal.signal(each, handler)
        for number in waiting:
            signal.raise_signal(number)
