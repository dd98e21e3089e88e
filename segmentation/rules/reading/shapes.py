"""What every part of the parser does: keep mistakes with their place, and check plain shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any, TypeGuard

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, nearest
from segmentation.rules.conditions import Path
from segmentation.rules.prose import quoted
from segmentation.rules.yaml import Document


@dataclass
class Shapes:
    """Checks the shape of YAML values and collects what is wrong with them in `problems`."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, what: str, mend: str = "", *, key: bool = False) -> None:
        """Keep one mistake: at the value of a path, or at its key."""
        self.problems.append(Problem(what, self.document.where(path, key=key), mend))

    def mapping(self, value: Any, path: Path, known: Iterable[str]) -> TypeGuard[dict[str, Any]]:
        """Whether a value is a mapping; its keys that are none of the known are reported."""
        if not isinstance(value, dict):
            self.wrong(path, f"expected a mapping, not {shown(value)}")
            return False
        self.unknown_keys(value, path, tuple(known))
        return True

    def unknown_keys(
        self, value: dict[str, Any], path: Path, known: tuple[str, ...], strays: str = ""
    ) -> None:
        """Report keys that are none of the known; `strays` is said of those that are like none."""
        for key in value:
            if key not in known:
                belongs = f"{strays} " if strays else ""
                mend = f"{hint(key, known) or belongs}There are: {', '.join(known)}."
                self.wrong((*path, key), f"{quoted(key)} is not known here", mend, key=True)

    def one_of(self, value: Any, known: Iterable[str], path: Path, what: str) -> str:
        """The value if it is one of the known, else the first of them and a mistake."""
        known = tuple(known)
        if isinstance(value, str) and value in known:
            return value
        self.wrong(path, f"{what} {', '.join(known[:-1])} or {known[-1]}, not {shown(value)}")
        return known[0]


def listing(value: Any, path: Path) -> list[tuple[Any, Path]]:
    """The items of a list with their paths; a value that is no list is its only item."""
    if isinstance(value, list):
        return [(item, (*path, i)) for i, item in enumerate(value)]
    return [(value, path)]


def hint(name: str, known: Iterable[str]) -> str:
    """`Nearest: monetary. ` or nothing, to start a sentence on how to mend a name.

    >>> hint("montary", ["monetary"])
    'Nearest: monetary. '
    """
    near = nearest(name, known)
    return f"Nearest: {near}. " if near else ""


def shown(value: Any) -> str:
    """A YAML value as an error message quotes it: short, lists and mappings by their kind.

    >>> shown("30 days"), shown(None), shown(True), shown([1, 2])
    ('"30 days"', 'nothing', 'true', 'a list of 2')
    """
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else quoted(value)
