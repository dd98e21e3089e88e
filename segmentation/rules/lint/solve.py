"""Can any customer meet these conditions? No only when it is certain that none can.

Comparisons become facts; what says "or" is tried out one way after the other, those with the
fewest ways left first. A dimension is first a set of labels; only when one label is left does its
meaning count (its rung holds and no rung above it does). Ranks, windows, counts and bounds are
compared as far as `values` and `facts` can; everything else is taken as possible. So is a
question that needs more than `MOST_STEPS` steps.

What follows from a persona or a label alone is worked out once for all questions about a file:
personas that stand on one another are not taken apart anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import field
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, Not
from segmentation.rules.lint.facts import Facts
from segmentation.rules.lint.search import Known, Search, TooLongError
from segmentation.rules.lint.state import Claim, Named, State
from segmentation.rules.ruleset import Rules

MOST_STEPS: Final = 20_000  # of one question; a step looks at one fact
MOST_OF_FILE: Final = 150_000  # of all questions about one file: about a second


@dataclass
class Patience:
    """The steps that all questions about one file may take together: what is left of them.

    `followed` is what has been worked out meanwhile, for each base that was asked about.
    """

    left: int = MOST_OF_FILE
    followed: list[_Followed] = field(default_factory=list)

    def of(self, rules: Rules) -> _Followed:
        """What has been worked out of these rules."""
        found = next((f for f in self.followed if f.is_of(rules)), None)
        if found is None:
            self.followed.append(found := _Followed(self, Known(rules)))
        return found

    def spend(self, steps: int) -> None:
        """Take steps away, down to none."""
        self.left = max(0, self.left - steps)


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
    if not shared.left:
        return True
    claims = [(c, True) for c in conditions]
    followed = shared.of(rules)
    followed.work_out(claims)
    answer, _ = followed.searched(State(claims, Facts(rules)), most_steps)
    return answer is not False


def implies(rules: Rules, condition: Condition, *others: Condition) -> bool:
    """Whether whoever meets the condition certainly meets one of the others."""
    return not possible(rules, condition, *(Not(o) for o in others))


# -- what follows from one persona or label alone -------------------------------------------------


@dataclass
class _Followed:
    """What follows from each persona and label that was asked about, and what was tried."""

    shared: Patience
    known: Known
    tried: set[Named] = field(default_factory=set)

    def is_of(self, rules: Rules) -> bool:
        """Whether these are the rules, or the same ones for the same base."""
        mine = self.known.rules
        return mine is rules or (
            mine.base == rules.base
            and mine.personas is rules.personas
            and mine.dimensions is rules.dimensions
            and mine.features is rules.features
        )

    def work_out(self, claims: Iterable[Claim]) -> None:
        """Work out all that these claims name, what stands lowest first. A chain may be long: no recursion."""
        waiting = [named for claim in claims for named in self._named_in(*claim)]
        while waiting and self.shared.left:
            named = waiting[-1]
            if named in self.tried:
                waiting.pop()
                continue
            below = [n for n in self._named_in(*self.known.claim(named)) if n not in self.tried]
            if below and named not in below:
                waiting.extend(below)
            else:
                self.tried.add(waiting.pop())
                self._follow(named)

    def _follow(self, named: Named) -> None:
        answer, state = self.searched(
            State([self.known.claim(named)], Facts(self.known.rules), taken={named})
        )
        if answer is not None:
            self.known.answers[named] = answer
        if state is not None or answer is False:
            self.known.states[named] = state

    def searched(
        self, state: State, most_steps: int = MOST_STEPS
    ) -> tuple[bool | None, State | None]:
        """Whether somebody meets a state, None when that takes too long; and what follows from it
        without trying anything out, if that much is known and not impossible."""
        search = Search(self.known, most := min(most_steps, self.shared.left))
        settled, answer = None, search.known(state)
        with suppress(TooLongError):
            settled = state if search.drain(state) else None
            if answer is None:
                answer = settled is not None and search.meets(settled.copy())
        self.shared.spend(most - max(0, search.steps))
        return answer, settled

    def _named_in(self, condition: Condition, holds: bool) -> list[Named]:  # noqa: FBT001 - half of a claim
        """The personas and labels that a claim needs, as it needs them."""
        found: list[Named] = []
        waiting: list[Claim] = [(condition, holds)]
        for one, so in waiting:
            match one:
                case Not(part):
                    waiting.append((part, not so))
                case All(parts) | AnyOf(parts):
                    waiting.extend((p, so) for p in parts)
                case Compare(among=among) if among is not None and so:
                    waiting.append((among, True))
            named = self.known.named(one, holds=so)
            found.extend([] if named is None else [named])
        self.shared.spend(1 + len(waiting) // 8)
        return found
