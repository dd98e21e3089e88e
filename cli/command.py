"""What a command is: its name, the function that Typer calls, and what it prints with --json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segmentation.dataclass import dataclass


@dataclass(frozen=True)
class Command:
    """One command, made at the end of the module of its name, which is listed in `app`.

    `results` gives the types that may stand under `result` of its --json; a function, as they are
    of modules that --help must not wait for.
    """

    name: str
    call: Callable[..., None]
    results: Callable[[], tuple[Any, ...]]
