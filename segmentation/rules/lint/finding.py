"""What lint says: notices with a place in the file; an error is impossible for certain."""

from __future__ import annotations

from segmentation.messages.errors import Location
from segmentation.messages.notices import Level, Notice, notice
from segmentation.rules.conditions import Compare, Condition, Path, walk
from segmentation.rules.ruleset import Rules


def found(
    rules: Rules,
    code: str,
    path: Path,
    what: str,
    mend: str = "",
    *,
    key: bool = False,
    level: Level | None = None,
) -> Notice:
    """A notice at the value of a path, or at its key; under `suppress` it is of suppression."""
    return notice(
        code,
        what,
        where=rules.where(path, key=key),
        mend=mend,
        level=level,
        is_of_suppression=path[0] == "suppress",
    )


def place(one: Notice) -> tuple[int, ...]:
    """Line and column of a notice, to sort by."""
    return Location.of(one.where).position


def place_of(condition: Condition, otherwise: Path) -> Path:
    """Where a condition stands: the place of its first comparison."""
    paths = (part.path for part in walk(condition) if isinstance(part, Compare))
    return next((path for path in paths if path), otherwise)
