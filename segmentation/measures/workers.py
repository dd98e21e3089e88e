"""Threads among which the work on batches of rows is shared out, while the next is made ready.

Work has lanes: what is done in one of them is done in turn, batch after batch, and side by side with all
others. NumPy and Polars let go of Python's lock for most of it. No two lanes touch the same thing.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Final, TypeVar

Task = Callable[[], None]
T = TypeVar("T")
FEWEST_ROWS: Final = 1 << 14  # a thread is not worth its start for fewer
MOST_BATCHES: Final = 2  # under way: so no thread waits for the last lane of a batch


class Workers:
    """At work on a few batches at a time."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._lanes: dict[Hashable, Future[None]] = {}  # what was put into each last
        self._batches: deque[Sequence[Future[None]]] = deque()

    def take(self, tasks: Mapping[Hashable, Task], rows: int) -> None:
        """Do what is to be done about so many rows, by lane.

        Raises what a task about earlier ones has raised.
        """
        if rows < FEWEST_ROWS:
            self.wait()
            for task in tasks.values():
                task()
            return
        while len(self._batches) >= MOST_BATCHES:
            _done(self._batches.popleft())
        self._batches.append([self._in_turn(lane, task) for lane, task in tasks.items()])

    def _in_turn(self, lane: Hashable, task: Task) -> Future[None]:
        """Do a task once the one before it in its lane is done: no thread waits for that."""
        threads, done = self._threads(), Future[None]()
        before, self._lanes[lane] = self._lanes.get(lane), done
        if before is None:
            threads.submit(_do, task, None, done)
        else:
            before.add_done_callback(partial(_go_on, threads, task, done))
        return done

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
        under_way = [task for batch in self._batches for task in batch]
        self._batches.clear()
        self._lanes.clear()
        _done(under_way)


def _go_on(
    threads: ThreadPoolExecutor, task: Task, done: Future[None], before: Future[None]
) -> None:
    """Let a task follow the one before it, unless no thread is left: the run has been interrupted."""
    try:
        threads.submit(_do, task, before, done)
    except RuntimeError as error:
        done.set_exception(error)


def _do(task: Task, before: Future[None] | None, done: Future[None]) -> None:
    """Do a task; what it raises, or what that before it raised, is raised by who waits."""
    try:
        if before is not None:
            before.result()
        task()
    except BaseException as error:
        done.set_exception(error)
    else:
        done.set_result(None)


def _done(tasks: Sequence[Future[None]]) -> None:
    wait(tasks)
    for task in tasks:
        task.result()
