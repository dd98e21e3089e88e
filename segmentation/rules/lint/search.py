"""The search for a customer who meets a state: what needs no choice first, then one way after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import EVERYONE, All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.rules.dimensions.context import is_label
from segmentation.rules.lint.facts import Facts, plain_fact
from segmentation.rules.lint.state import Choice, Claim, Named, State, opposite
from segmentation.rules.lint.values import Fact
from segmentation.rules.operator_record import Family
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import is_number

MANY: Final = 16  # entries that are copied in about the time of a step


class TooLongError(Exception):
    """The question needs too many steps."""


@dataclass
class Known:
    """What follows from a claim about a persona, or from a label, as far as it was worked out.

    `states` hold None for what nobody meets; `answers` say whether anybody does. What took too
    many steps is in neither: it is taken apart wherever it stands.
    """

    rules: Rules
    states: dict[Named, State | None] = field(default_factory=dict)
    answers: dict[Named, bool] = field(default_factory=dict)

    def claim(self, named: Named) -> Claim:
        """The claim that a name stands for."""
        name, said = named
        if isinstance(said, bool):
            persona = self.rules.personas.get(name)
            return (persona.match, said) if persona else (EVERYONE, True)
        return self.rules.dimensions[name].meaning(said), True

    def named(self, condition: Condition, *, holds: bool) -> Named | None:
        """The persona that a claim is about, or the one label that a comparison leaves."""
        if isinstance(condition, InPersona):
            return condition.name, holds
        if not isinstance(condition, Compare) or condition.field not in self.rules.dimensions:
            return None
        told = Facts(self.rules).tell(plain_fact(condition, self.rules, holds=holds))
        left = frozenset() if told is None else told.left(str(condition.field))
        return (str(condition.field), min(left)) if len(left) == 1 else None


@dataclass
class Search:
    """One question, and the steps that are left for it. Raises TooLongError when there are none."""

    worked_out: Known
    steps: int

    @property
    def rules(self) -> Rules:
        """The rules that the question is about."""
        return self.worked_out.rules

    def meets(self, state: State) -> bool:
        """Whether some customer meets all of a state. The ways may be many: no recursion."""
        trail = [iter([state])]
        while trail:
            tried = next(trail[-1], None)
            if tried is None:
                trail.pop()
                continue
            met = self.known(tried)
            if met is None and self.drain(tried):
                choice = self._next(tried)
                met = choice is None
                trail.append(self._ways(tried, choice or ()))
            if met:
                return True
        return False

    def known(self, state: State) -> bool | None:
        """Whether somebody meets a state of one claim that was worked out before; else None."""
        if len(state.todo) != 1 or not state.is_blank:
            return None
        condition, holds = _bare(state.todo[0])
        named = self.worked_out.named(condition, holds=holds)
        return None if named is None else self.worked_out.answers.get(named)

    # -- claims without a choice --------------------------------------------------------------

    def drain(self, state: State) -> bool:
        """Take all that needs no choice into the state; False when it contradicts itself."""
        while True:
            if state.todo:
                agrees = self._take(state, *state.todo.pop())
            elif label := self._label(state):
                agrees = self._follow(state, label)
            else:
                return True
            if not agrees or (not state.todo and not self._settle(state)):
                return False

    def _take(self, state: State, condition: Condition, holds: bool) -> bool:  # noqa: FBT001 - half of a claim
        """Take one claim into the state; False when it contradicts what is known."""
        self._step()
        match condition:
            case Not(part):
                state.todo.append((part, not holds))
            case InPersona(name):
                return self._follow(state, (name, holds))
            case All(parts) | AnyOf(parts) if isinstance(condition, All) == holds:
                self._step(len(parts) // MANY)
                state.todo.extend((p, holds) for p in reversed(parts))  # the first is taken first
            case All(parts) | AnyOf(parts):
                self._step(len(parts) // MANY)
                state.choices.append(tuple((p, holds) for p in parts))
            case Compare():
                return self._compare(state, condition, holds=holds)
        return True

    def _step(self, of: int = 1) -> None:
        self.steps -= of
        if self.steps < 0:
            raise TooLongError

    def _compare(self, state: State, test: Compare, *, holds: bool) -> bool:
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

    # -- personas, and what a label means -----------------------------------------------------

    def _label(self, state: State) -> Named | None:
        """A dimension of which one label is left, and whose meaning is not in the state yet."""
        self._step(len(state.facts.labels) // MANY)
        for name, left in state.facts.labels.items():
            if len(left) == 1 and (named := (name, min(left))) not in state.taken:
                return named
        return None

    def _follow(self, state: State, named: Named) -> bool:
        """Take what follows from a persona or a label into the state; False when that contradicts."""
        if named in state.taken:
            return True
        if opposite(named) in state.taken:
            return False
        if named not in self.worked_out.states:
            state.taken.add(named)
            state.todo.append(self.worked_out.claim(named))
            return True
        more = self.worked_out.states[named]
        return more is not None and self._join(state, more)

    def _join(self, state: State, more: State) -> bool:
        """Take all of another state into one; the larger is not told anew to the smaller."""
        self._step(1 + (len(more.choices) + len(more.taken)) // MANY)
        state.choices.extend(more.choices)
        state.taken |= more.taken
        most, least = sorted((state.facts, more.facts), key=Facts.number, reverse=True)
        for fact in least.beside(most):
            self._step(most.work_of(fact))
            told = most.tell(fact)
            if told is None:
                return False
            most = told
        both = most.labelled(least.labels)
        if both is not None:
            state.facts = both
        return both is not None

    # -- choices ------------------------------------------------------------------------------

    def _ways(self, state: State, choice: Choice) -> Iterator[State]:
        """The states in which one claim of a choice is so, those that take one step first."""
        for claim in sorted(choice, key=_is_long):
            self._step(1 + (len(state.choices) + len(state.taken)) // MANY)
            yield state.copy(claim)

    def _settle(self, state: State) -> bool:
        """Drop choices that are met, take those with one way left; False when one has none."""
        waiting: list[Choice] = []
        for choice in {id(c): c for c in state.choices}.values():
            self._step(1 + len(choice) // MANY)
            if any(self._is_known(state, claim) for claim in choice):
                continue
            left = tuple(c for c in choice if not self._is_known(state, (c[0], not c[1])))
            if not left:
                return False
            if len(left) == 1:
                state.todo.append(left[0])
            else:
                waiting.append(choice if len(left) == len(choice) else left)
        state.choices = waiting
        return True

    def _is_known(self, state: State, claim: Claim) -> bool:
        """Whether a claim about one comparison or persona follows from what is known."""
        condition, holds = _bare(claim)
        if isinstance(condition, InPersona):
            against = opposite(named := (condition.name, holds))
            states = self.worked_out.states
            return named in state.taken or (against in states and states[against] is None)
        if not isinstance(condition, Compare):
            return (
                isinstance(condition, All | AnyOf)
                and not condition.parts
                and isinstance(condition, All) == holds
            )
        if condition.among is not None:
            return False
        fact = plain_fact(condition, self.rules, holds=not holds)
        self._step(1 + state.facts.work_of(fact))
        return len(_by_type(fact)) == 1 and state.facts.tell(fact) is None

    def _next(self, state: State) -> Choice | None:
        """The choice to try out next, taken from the state: of the fewest ways; labels come last."""
        if state.choices:
            choice = min(state.choices, key=len)
            state.choices = [c for c in state.choices if c is not choice]
            return choice
        for name, left in state.facts.labels.items():
            if 1 < len(left) < len(self.rules.dimensions[name].labels):
                return tuple((is_label(name, label), True) for label in sorted(left))
        return None


def _bare(claim: Claim) -> Claim:
    """A claim without its negations."""
    condition, holds = claim
    while isinstance(condition, Not):
        condition, holds = condition.part, not holds
    return condition, holds


def _is_long(claim: Claim) -> bool:
    return not isinstance(_bare(claim)[0], Compare)


def _by_type(fact: Fact) -> tuple[Condition, ...]:
    """`is` with values of several types as one comparison for each type."""
    kinds = dict.fromkeys(_type(v) for v in fact.values)
    if fact.test.op.family is not Family.SAME or len(kinds) == 1:
        return (fact.test,)
    groups = [tuple(v for v in fact.values if _type(v) == kind) for kind in kinds]
    return tuple(replace(fact.test, value=group) for group in groups)


def _type(value: object) -> str:
    return "number" if is_number(value) else type(value).__name__
