"""What is known, and what is still open, while a question is being solved."""

from __future__ import annotations

from dataclasses import field

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import Condition
from segmentation.rules.lint.facts import Facts

Claim = tuple[Condition, bool]  # a condition, and whether it holds
Choice = tuple[Claim, ...]  # at least one of these is so
Named = tuple[str, bool | str]  # a persona, and whether one is in it; or a dimension and its label


def opposite(named: Named) -> Named | None:
    """What is never so beside it, if that has a name: of labels there may be more than two."""
    name, said = named
    return (name, not said) if isinstance(said, bool) else None


@dataclass
class State:
    """Claims that wait, what is known, choices that wait, and whose meaning is in it already."""

    todo: list[Claim]
    facts: Facts
    choices: list[Choice] = field(default_factory=list)
    taken: set[Named] = field(default_factory=set)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known, and nothing waits but claims."""
        return not (self.facts.told or self.facts.labels or self.choices)

    def copy(self, *todo: Claim) -> State:
        """The same with other claims, to be changed apart."""
        return State(list(todo), self.facts, list(self.choices), set(self.taken))
