"""What lint says: a problem, and whether it is an error or a warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentation.config.conditions import Compare, Condition, Path, walk
from segmentation.config.rules import Rules
from segmentation.errors import Problem

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One finding: an error is impossible for certain, a warning is suspicious."""

    severity: Severity
    problem: Problem

    @property
    def place(self) -> tuple[int, ...]:
        """Line and column, to sort by."""
        return tuple(int(n) for n in self.problem.where.rsplit(":", 2)[1:] if n.isdigit())


def found(
    rules: Rules, severity: Severity, path: Path, what: str, mend: str = "", *, key: bool = False
) -> Finding:
    """A finding at the value of a path, or at its key."""
    return Finding(severity, Problem(what, rules.where(path, key=key), mend))


def place_of(condition: Condition, otherwise: Path) -> Path:
    """Where a condition stands: the place of its first comparison."""
    paths = (part.path for part in walk(condition) if isinstance(part, Compare))
    return next((path for path in paths if path), otherwise)
