"""Labels that no customer can have, as each kind of dimension tells it by asking the solver."""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.dataclass import dataclass
from segmentation.messages.notices import Level, Notice
from segmentation.rules.conditions import Condition, Path
from segmentation.rules.lint.conflict import conflict, how_to_mend
from segmentation.rules.lint.finding import found
from segmentation.rules.lint.solve import implies, possible
from segmentation.rules.ruleset import Rules


def unreachable_rungs(rules: Rules) -> Iterator[Notice]:
    """A finding for each rung and each label of a grid that nobody gets."""
    for name, dimension in rules.dimensions.items():
        yield from dimension.unreachable(name, _Solver(rules))


@dataclass(frozen=True)
class _Solver:
    """The questions of lint about one file."""

    rules: Rules

    def possible(self, condition: Condition) -> bool:
        return possible(self.rules, condition)

    def implies(self, condition: Condition, other: Condition) -> bool:
        return implies(self.rules, condition, other)

    def conflict(self, condition: Condition) -> str:
        return conflict(self.rules, condition)

    def how_to_mend(self, condition: Condition, otherwise: str) -> str:
        return how_to_mend(self.rules, condition, otherwise)

    def found(
        self,
        code: str,
        path: Path,
        what: str,
        mend: str,
        *,
        key: bool = False,
        level: Level | None = None,
    ) -> Notice:
        return found(self.rules, code, path, what, mend, key=key, level=level)
