"""The engine of `segment`: `run(read_rules(path), …)` is what `segment run` does.

Names are resolved when they are used: `segment --help` must wait for none of them.
"""

from __future__ import annotations

from segmentation.version import VERSION

TYPE_CHECKING = False  # as in typing, which takes as long to import as Python to start
if TYPE_CHECKING:
    from typing import Any

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
    if name not in __all__:
        raise AttributeError(f"module 'segmentation' has no attribute {name!r}")
    if name == "read_rules":
        from segmentation.rules.reading import reader

        return reader.read_rules
    if name in ("RunResult", "run"):
        from segmentation.pipeline import job

        return getattr(job, name)
    from segmentation.messages import errors

    return getattr(errors, name)
