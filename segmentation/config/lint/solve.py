"""Can any customer meet these conditions? No only when it is certain that none can.

Comparisons become facts; what says "or" is tried out one way after the other, those with the
fewest ways left first. A dimension is first a set of labels; only when one label is left does its
meaning count (its rung holds and no rung above it does). Ranks, windows, counts and bounds are
compared as far as `values` and `facts` can; everything else is taken as possible. So is a
question that needs more than `MOST_STEPS` steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Final

from segmentation.config.conditions import EVERYONE, All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.config.dimensions import Grid, Ladder
from segmentation.config.lint.facts import Facts, plain_fact
from segmentation.config.lint.values import Fact
from segmentation.config.rules import Rules

MOST_STEPS: Final = 20_000  # of one question; a step looks at one fact
MOST_OF_FILE: Final = 150_000  # of all questions about one file: about a second
Claim = tuple[Condition, bool]  # a condition, and whether it holds
Choice = tuple[Claim, ...]  # at least one of these is so


class _TooLongError(Exception):
    """The question needs too many steps."""


@dataclass
class Patience:
    """The steps that all questions about one file may take together: what is left of them."""

    left: int = MOST_OF_FILE


_PATIENCE: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patience(of: Patience) -> Iterator[Patience]:
    """All questions within share these steps; what is asked when none are left is undecided."""
    before = _PATIENCE.set(of)
    try:
        yield of
    finally:
        _PATIENCE.reset(before)


def possible(rules: Rules, *conditions: Condition, most_steps: int = MOST_STEPS) -> bool:
    """Whether a customer may meet all the conditions; False only when none ever can."""
    shared = _PATIENCE.get() or Patience(most_steps)
    search = _Search(rules, most := min(most_steps, shared.left))
    try:
        return search.meets(_State([(c, True) for c in conditions], Facts(rules)))
    except _TooLongError:
        return True
    finally:
        shared.left -= most - max(0, search.steps)


def implies(rules: Rules, condition: Condition, *others: Condition) -> bool:
    """Whether whoever meets the condition certainly meets one of the others."""
    return not possible(rules, condition, *(Not(o) for o in others))


def is_label(dimension: str, label: str) -> Compare:
    """The condition of having one label."""
    return Compare(dimension, "is", label)


@dataclass
class _State:
    """Claims that wait, what is known, choices that wait, and the dimensions whose meaning counts."""

    todo: list[Claim]
    facts: Facts
    choices: list[Choice] = field(default_factory=list)
    meant: frozenset[str] = frozenset()


@dataclass
class _Search:
    rules: Rules
    steps: int  # that are left

    def meets(self, state: _State) -> bool:
        """Whether some customer meets all of a state."""
        while state.todo or self._mean(state):
            if not self._take(state, *state.todo.pop()):
                return False
            if not state.todo and not self._settle(state):
                return False
        choice = self._next(state)
        if choice is None:
            return True
        return any(
            self.meets(replace(state, todo=[claim], choices=list(state.choices)))
            for claim in choice
        )

    # -- claims without a choice --------------------------------------------------------------

    def _take(self, state: _State, condition: Condition, holds: bool) -> bool:  # noqa: FBT001 - half of a claim
        """Take one claim into the state; False when it contradicts what is known."""
        self._step()
        match condition:
            case Not(part):
                state.todo.append((part, not holds))
            case InPersona(name):
                persona = self.rules.personas.get(name)
                state.todo.extend([(persona.match, holds)] if persona else [])
            case All(parts) | AnyOf(parts) if isinstance(condition, All) == holds:
                state.todo.extend((p, holds) for p in parts)
            case All(parts) | AnyOf(parts):
                state.choices.append(tuple((p, holds) for p in parts))
            case Compare():
                return self._compare(state, condition, holds=holds)
        return True

    def _step(self, of: int = 1) -> None:
        self.steps -= of
        if self.steps < 0:
            raise _TooLongError

    def _compare(self, state: _State, test: Compare, *, holds: bool) -> bool:
        fact = plain_fact(test, self.rules, holds=holds)
        self._step(state.facts.work_of(fact))
        alternatives = _by_type(fact)
        if len(alternatives) > 1:
            state.todo.append((AnyOf(alternatives), fact.holds))
            return True
        told = state.facts.tell(fact)
        if told is None:
            return False
        state.facts = told
        if test.among is not None and fact.holds:
            state.todo.append((test.among, True))
        return True

    # -- what a label means -------------------------------------------------------------------

    def _mean(self, state: _State) -> bool:
        """Add the meaning of a dimension of which one label is left; whether there was one."""
        for name, left in state.facts.labels.items():
            if len(left) == 1 and name not in state.meant:
                state.meant |= {name}
                state.todo.append((meaning(self.rules, name, *left), True))
                return True
        return False

    # -- choices ------------------------------------------------------------------------------

    def _settle(self, state: _State) -> bool:
        """Drop choices that are met, take those with one way left; False when one has none."""
        waiting: list[Choice] = []
        for choice in state.choices:
            if any(self._is_known(state.facts, claim) for claim in choice):
                continue
            left = tuple(c for c in choice if not self._is_known(state.facts, (c[0], not c[1])))
            if not left:
                return False
            if len(left) == 1:
                state.todo.append(left[0])
            else:
                waiting.append(left)
        state.choices = waiting
        return True

    def _is_known(self, facts: Facts, claim: Claim) -> bool:
        """Whether a claim about one comparison follows from the facts."""
        self._step()
        condition, holds = claim
        while isinstance(condition, Not):
            condition, holds = condition.part, not holds
        if not isinstance(condition, Compare):
            return (
                isinstance(condition, All | AnyOf)
                and not condition.parts
                and isinstance(condition, All) == holds
            )
        if condition.among is not None:
            return False
        fact = plain_fact(condition, self.rules, holds=not holds)
        self._step(facts.work_of(fact))
        return len(_by_type(fact)) == 1 and facts.tell(fact) is None

    def _next(self, state: _State) -> Choice | None:
        """The choice to try out next, taken from the state: of the fewest ways; labels come last."""
        if state.choices:
            choice = min(state.choices, key=len)
            state.choices = [c for c in state.choices if c is not choice]
            return choice
        for name, left in state.facts.labels.items():
            if name not in state.meant and len(left) < len(self.rules.dimensions[name].labels):
                return tuple((is_label(name, label), True) for label in sorted(left))
        return None


def _by_type(fact: Fact) -> tuple[Condition, ...]:
    """`is` with values of several types as one comparison for each type."""
    kinds = dict.fromkeys(_type(v) for v in fact.values)
    if fact.test.operator != "is" or len(kinds) == 1:
        return (fact.test,)
    groups = [tuple(v for v in fact.values if _type(v) == kind) for kind in kinds]
    return tuple(Compare(fact.test.field, "is", group) for group in groups)


def _type(value: object) -> str:
    return (
        "number"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else type(value).__name__
    )


def meaning(rules: Rules, dimension: str, label: str) -> Condition:
    """What a label says of a customer; of fitted dimensions nothing is known."""
    found = rules.dimensions[dimension]
    if isinstance(found, Ladder):
        return AnyOf(
            tuple(reached(found, i) for i, (name, _) in enumerate(found.rungs) if name == label)
        )
    if isinstance(found, Grid):
        cells = ((row, column) for row, column, name in found.cells if name == label)
        return AnyOf(
            tuple(All((is_label(found.row, r), is_label(found.column, c))) for r, c in cells)
        )
    return EVERYONE


def reached(ladder: Ladder, rung: int) -> Condition:
    """The condition of getting to a rung and staying there."""
    above: Iterable[Condition] = (Not(condition) for _, condition in ladder.rungs[:rung])
    return All((*above, ladder.rungs[rung][1]))
