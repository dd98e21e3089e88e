"""What rules say without data: what is impossible (errors) and what is suspicious (warnings).

Everything rests on one question, `solve.possible`: can any customer meet these conditions? It
says no only when it is certain, so an error is never a false alarm. Give it rules that
`check_names` accepts.
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.errors import RulesError
from segmentation.notices import Notice, judged
from segmentation.rules.lint.events import unknown_events
from segmentation.rules.lint.finding import place
from segmentation.rules.lint.missing import matched_when_missing
from segmentation.rules.lint.personas import impossible_personas
from segmentation.rules.lint.rungs import unreachable_rungs
from segmentation.rules.lint.solve import Patience, patience
from segmentation.rules.lint.waterfall import always_outranked, uncovered
from segmentation.rules.ruleset import Rules

__all__ = ["check", "findings"]


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
    yield from unreachable_rungs(rules)
    impossible = list(impossible_personas(rules))
    yield from (finding for _, finding in impossible)
    dead = frozenset(name for name, finding in impossible if finding.level == "error")
    yield from always_outranked(rules, dead)
    yield from uncovered(rules)
    yield from unknown_events(rules)
    yield from matched_when_missing(rules, dead)
