"""What rules say without data: what is impossible (errors) and what is suspicious (warnings).

Everything rests on one question, `solve.possible`: can any customer meet these conditions? It
says no only when it is certain, so an error is never a false alarm. Give it rules that
`check_names` accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import RulesError
from segmentation.messages.notices import Notice, judged
from segmentation.rules.checking.no_personas import no_personas
from segmentation.rules.lint.events import unknown_events
from segmentation.rules.lint.finding import place
from segmentation.rules.lint.missing import matched_when_missing
from segmentation.rules.lint.personas import impossible_personas
from segmentation.rules.lint.rungs import unreachable_rungs
from segmentation.rules.lint.solve import Patience, patience
from segmentation.rules.lint.waterfall import always_outranked, uncovered
from segmentation.rules.ruleset import Rules

__all__ = ["check", "findings"]


@dataclass(frozen=True)
class Linted:
    """The rules, and what was found of their personas, which other findings do without."""

    rules: Rules

    @cached_property
    def impossible(self) -> tuple[tuple[str, Notice], ...]:
        """Personas that nobody can be in, and what is said of each."""
        return tuple(impossible_personas(self.rules))

    @cached_property
    def dead(self) -> frozenset[str]:
        """Those of them that are errors: nothing more is said of their members."""
        return frozenset(name for name, finding in self.impossible if finding.level == "error")


#: everything that lint looks for; a new finding is a function of a module here and a line
FINDINGS: Final[tuple[Callable[[Linted], Iterable[Notice]], ...]] = (
    lambda linted: no_personas(linted.rules),
    lambda linted: unreachable_rungs(linted.rules),
    lambda linted: [finding for _, finding in linted.impossible],
    lambda linted: always_outranked(linted.rules, linted.dead),
    lambda linted: uncovered(linted.rules),
    lambda linted: unknown_events(linted.rules),
    lambda linted: matched_when_missing(linted.rules, linted.dead),
)


def findings(rules: Rules) -> list[Notice]:
    """Every finding at its usual level, in the file's order; of one place, errors first."""
    with patience(Patience()):
        found = list(_found(rules))
    return sorted(found, key=lambda one: (place(one), one.level != "error"))


def check(rules: Rules, *also: Notice, strict: bool = False) -> tuple[Notice, ...]:
    """The findings, after what else is to be said, at the levels that the rules give them.

    Raises RulesError for what is impossible, CheckFailed for what a level or `strict` forbids.
    """
    return judged([*also, *findings(rules)], rules.notices, strict=strict, own=RulesError)


def _found(rules: Rules) -> Iterator[Notice]:
    linted = Linted(rules)
    for find in FINDINGS:
        yield from find(linted)
