"""Negations that customers without a value meet too. In `suppress` that is what one wants."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from segmentation.messages.notices import Notice
from segmentation.rules.checking.names import who_is
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, Not, Path
from segmentation.rules.lint.domains import domain
from segmentation.rules.lint.facts import plain_fact
from segmentation.rules.lint.finding import found
from segmentation.rules.lint.solve import possible
from segmentation.rules.measures import Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import MISSING
from segmentation.rules.prose import describe, prose
from segmentation.rules.ruleset import Rules

MOST_NEGATIONS: Final = 50  # of one condition; more than people read
MOST_STEPS: Final = 1_000  # there are many questions, and a wrong answer is only a warning


def matched_when_missing(rules: Rules, dead: Collection[str]) -> Iterator[Notice]:
    """A finding for each negation of a persona or rung that holds where the value is missing."""
    for path, condition, whole in _conditions(rules, dead):
        found_here = _negations(condition, frozenset(), negated=False)
        for test, negated in islice(found_here, MOST_NEGATIONS):
            if _may_be_missing(rules, test) and _counts(rules, test, whole):
                yield _finding(rules, who_is(path), test, path, negated=negated)


def _conditions(rules: Rules, dead: Collection[str]) -> Iterator[tuple[Path, Condition, Condition]]:
    """Each condition with its place, and with all that who gets there meets."""
    for name, dimension in rules.dimensions.items():
        for place, condition, whole in dimension.claims():
            yield ("dimensions", name, *place), condition, whole
    for name, persona in rules.personas.items():
        if name not in dead:
            yield ("personas", name, "match"), persona.match, persona.match


def _negations(
    condition: Condition, meant: frozenset[str | Measure], *, negated: bool
) -> Iterator[tuple[Compare, bool]]:
    """Comparisons that are true where the value is missing, and whether a `not` makes them so.

    Not of fields that are `meant`: beside the comparison, in an any, stands that a missing one will do.
    """
    match condition:
        case Not(part):
            yield from _negations(part, meant, negated=not negated)
        case All(parts) | AnyOf(parts):
            is_any = isinstance(condition, AnyOf) != negated
            said = meant.union(_said_missing(condition, negated=negated)) if is_any else meant
            for part in parts:
                yield from _negations(part, said, negated=negated)
        case Compare() if (
            condition.op.family is not Family.MISSING and condition.field not in meant
        ):
            if condition.op.met_by_missing(condition.values) != negated:
                yield condition, negated


def _said_missing(condition: Condition, *, negated: bool) -> Iterator[str | Measure]:
    """The fields of which a condition says that whoever has no value meets it."""
    match condition:
        case Not(part):
            yield from _said_missing(part, negated=not negated)
        case All(parts) | AnyOf(parts):
            if isinstance(condition, AnyOf) != negated or len(parts) == 1:
                for part in parts:
                    yield from _said_missing(part, negated=negated)
        case Compare() if condition.op.family is Family.MISSING:
            if condition.op.met_by_missing(condition.values) != negated:
                yield condition.field


def _may_be_missing(rules: Rules, test: Compare) -> bool:
    fact = plain_fact(test, rules, holds=True)
    return fact.test.field not in rules.dimensions and not domain(fact.test.field, rules).always


def _counts(rules: Rules, test: Compare, whole: Condition) -> bool:
    """Whether a customer without the value can meet the whole condition."""
    without = Compare(test.field, MISSING.name, value=True)
    return possible(rules, without, whole, most_steps=MOST_STEPS)


def _finding(rules: Rules, who: str, test: Compare, path: Path, *, negated: bool) -> Notice:
    name = test.field if isinstance(test.field, str) else describe(test.field)
    said = prose(Not(test)) if negated else prose(test)
    mend = (
        f"Add {name}: {{missing: false}}"
        if isinstance(test.field, str)
        else "Ask for it to be known"
    )
    return found(
        rules,
        "matched-when-missing",
        test.path or path,
        f"{who}: customers whose {name} is missing match too ({said})",
        f"{mend} to leave them out, or {{missing: true}} beside it in an any to say so.",
    )
