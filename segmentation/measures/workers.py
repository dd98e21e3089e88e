"""Threads among which the work on one batch of rows is shared out, while the next is made ready.

NumPy and Polars let go of Python's lock for most of it. No two of them touch the same thing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final, TypeVar

Task = Callable[[], None]
T = TypeVar("T")
FEWEST_ROWS: Final = 1 << 14  # a thread is not worth its start for fewer


class Workers:
    """At work on one batch at a time."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: Sequence[Future[None]] = ()

    def take(self, tasks: Sequence[Task], rows: int) -> None:
        """Do what is to be done about so many rows, once all is done about those before.

        Raises what a task about those has raised.
        """
        self.wait()
        if rows < FEWEST_ROWS:
            for task in tasks:
                task()
            return
        self._under_way = [self._threads().submit(task) for task in tasks]

    def all_of(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """What each of some tasks returns, done side by side."""
        self.wait()
        return list(self._threads().map(lambda task: task(), tasks))

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(os.cpu_count(), "segment-fold")
        return self._pool

    def wait(self) -> None:
        """Until everything is done. Raises what a task has raised."""
        under_way, self._under_way = self._under_way, ()
        wait(under_way)
        for task in under_way:
            task.result()
