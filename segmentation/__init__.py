"""The engine of `segment`: `run(read_rules(path), …)` is what `segment run` does.

Names are resolved when they are used: `segment --help` must not wait for Polars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segmentation.messages.errors import (
    CheckFailed,
    InputError,
    Location,
    Locked,
    OutputError,
    Problem,
    RulesError,
    SegmentationError,
)
from segmentation.version import VERSION

if TYPE_CHECKING:
    from segmentation.pipeline.job import RunResult, run
    from segmentation.rules.reading.reader import read_rules

__all__ = [
    "VERSION",
    "CheckFailed",
    "InputError",
    "Location",
    "Locked",
    "OutputError",
    "Problem",
    "RulesError",
    "RunResult",
    "SegmentationError",
    "read_rules",
    "run",
]


def __getattr__(name: str) -> Any:
    if name == "read_rules":
        from segmentation.rules.reading.reader import read_rules

        return read_rules
    if name in ("RunResult", "run"):
        from segmentation.pipeline import job

        return getattr(job, name)
    raise AttributeError(f"module 'segmentation' has no attribute {name!r}")
