"""Whole runs only: what leaves out a persona or a rule never takes the place of what does not.

A folder that holds complete runs is somebody's production: a hand-over reads `latest` there, and
files of one persona, or files that no suppression went over, must not appear in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmentation.messages.errors import Problem, RulesError, listed


def refuse_partial(out: Path, complete: str | None, reason: str) -> None:
    """Raise RulesError where a run would be partial (`reason` says why) and `complete` is there."""
    if complete is not None and reason:
        raise RulesError(
            Problem(
                f"this run would be partial ({reason}), and {out} holds complete runs ({complete})",
                mend="Look at it with --dry-run, or publish it elsewhere: --out DIR. Whoever reads this "
                "folder expects every persona, and suppression.",
            )
        )


def why_partial(personas: Sequence[str], left_out: Sequence[str] = ()) -> str:
    """Why a run is not complete, or an empty text."""
    if personas:
        return f"--persona {', '.join(personas)}"
    return f"left out: {listed(left_out)}" if left_out else ""
