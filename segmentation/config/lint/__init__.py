"""What rules say without data: what is impossible (errors) and what is suspicious (warnings).

Everything rests on one question, `solve.possible`: can any customer meet these conditions? It
says no only when it is certain, so an error is never a false alarm. Give it rules that
`check_names` accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segmentation.config.lint.events import unknown_events
from segmentation.config.lint.finding import Finding
from segmentation.config.lint.missing import matched_when_missing
from segmentation.config.lint.personas import impossible_personas
from segmentation.config.lint.rungs import unreachable_rungs
from segmentation.config.lint.waterfall import always_outranked, uncovered
from segmentation.config.rules import Rules
from segmentation.errors import CheckFailed, RulesError, SegmentationError

__all__ = ["Finding", "failure", "findings"]


def findings(rules: Rules) -> list[Finding]:
    """Every finding, in the file's order; of one place, errors first."""
    return sorted(_found(rules), key=lambda f: (f.place, f.severity))


def failure(found: Iterable[Finding], *, strict: bool = False) -> SegmentationError | None:
    """What the findings amount to: RulesError for errors, CheckFailed for strict warnings, or None."""
    found = list(found)
    errors = [f.problem for f in found if f.severity == "error"]
    if errors:
        return RulesError(*errors)
    return CheckFailed(*(f.problem for f in found)) if found and strict else None


def _found(rules: Rules) -> Iterator[Finding]:
    yield from unreachable_rungs(rules)
    impossible = list(impossible_personas(rules))
    yield from (finding for _, finding in impossible)
    dead = frozenset(name for name, finding in impossible if finding.severity == "error")
    yield from always_outranked(rules, dead)
    yield from uncovered(rules)
    yield from unknown_events(rules)
    yield from matched_when_missing(rules, dead)
