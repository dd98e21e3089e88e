"""What a command is: its name, the function that Typer calls, and what it prints with --json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from segmentation.dataclass import dataclass

Group = Literal["write", "run", "look", "learn"]
#: what a command is for -> the heading over its kind in --help, in their order
HEADINGS: Final[Mapping[Group, str]] = {
    "write": "Write rules",
    "run": "Run them",
    "look": "Look at runs",
    "learn": "Learn from the past",
}


@dataclass(frozen=True)
class Command:
    """One command, made at the end of its module and listed in `app`.

    `results` gives the types that may stand under `result` of its --json; a function, as they are
    of modules that --help must not wait for.
    """

    name: str
    group: Group
    call: Callable[..., None]
    results: Callable[[], tuple[Any, ...]]
