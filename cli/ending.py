"""How a command ends: what is decided once holds, whatever comes while it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from segmentation.dataclass import dataclass


@dataclass
class Ending:
    """What a command is called (None where the command line names none), and what is decided.

    `kept` is what stands whatever comes now, as a sentence; empty until something is on the disk.
    `told` is the exit code that an envelope of --json has told; None until one is printed.
    """

    command: str | None = None
    as_json: bool = False
    kept: str = ""
    told: int | None = None

    def keep(self, kept: str) -> None:
        """From here on a failure is one of showing, not of doing."""
        self.kept = kept

    @property
    def is_decided(self) -> bool:
        """Whether nothing that comes now changes how it ends."""
        return bool(self.kept) or self.told is not None


_CURRENT: ContextVar[Ending | None] = ContextVar("ending", default=None)


@contextmanager
def ending_as(ending: Ending) -> Iterator[None]:
    """The command that runs within ends as this says."""
    before = _CURRENT.set(ending)
    try:
        yield
    finally:
        _CURRENT.reset(before)


def tells(exit_code: int) -> bool:
    """Whether an envelope with this exit code may be printed: a command has one, its first."""
    ending = _CURRENT.get()
    if ending is None:
        return True
    is_first = ending.told is None
    if is_first:
        ending.told = exit_code
    return is_first
