"""The verdict on each case: what was expected and is not so, and the condition that decided it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from segmentation.audiences.cells import slugs
from segmentation.customers.reasons import OneCustomer, compared, decided
from segmentation.dataclass import dataclass
from segmentation.persona_tests.cases import Case, Suite, persona_of
from segmentation.persona_tests.play import Played, played
from segmentation.persona_tests.vocabulary import Vocabulary
from segmentation.rules.conditions import All, Compare, Condition
from segmentation.rules.money import rounded
from segmentation.rules.ruleset import Rules


@dataclass(frozen=True)
class Failure:
    """One thing that was expected and is not so; `reasons` are what decided it."""

    what: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """One case, and everything that is not as it was expected."""

    suite: str
    case: Case
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.failures


def judged(suite: Suite, rules: Rules, words: Vocabulary) -> list[Verdict]:
    """A verdict on each case, in the file's order. Raises RulesError."""
    found = {
        case.where: Verdict(suite.name, case, tuple(_Judge(play, i).failures()))
        for play in played(suite, rules, words)
        for i, case in enumerate(play.cases)
    }
    return [found[case.where] for case in suite.cases]


class _Judge:
    """Holds one customer against what the case expects."""

    def __init__(self, play: Played, index: int) -> None:
        self.play, self.index, self.case = play, index, play.cases[index]
        self.rules = play.book.rules
        self.row = OneCustomer(play.customers[index], play.book, play.cuts, self.case.given)
        self.in_base = bool(play.in_base[index])
        self.suppressed_by: str | None = play.suppressed_by[index]

    def failures(self) -> Iterator[Failure]:
        case = self.case
        for name in case.expect:
            if not self.is_in(name):
                yield Failure(f"expected {name}, but the customer is not in it", self.why(name))
        for name in case.absent:
            if self.is_in(name):
                yield Failure(f"expected not {name}, but the customer is in it", self.why(name))
        for name in case.exported:
            if not self.is_exported(name):
                yield Failure(
                    f"expected {name} to export the customer, but it does not", self.kept_from(name)
                )
        for name in case.not_exported:
            if self.is_exported(name):
                yield Failure(
                    f"expected {name} not to export the customer, but it does", self.why(name)
                )
        yield from self.suppression()
        yield from self.features()

    # -- personas -----------------------------------------------------------------------------

    def is_in(self, name: str) -> bool:
        """Whether the customer is in a persona, or in one audience of its `for_each`."""
        persona = self.rules.personas[persona_of(name, self.rules) or name]
        inside = self.in_base and bool(self.row.customer[persona.name].item())
        if name == persona.name or persona.for_each is None:
            return inside
        return inside and self.slug(persona.for_each) == name.removeprefix(f"{persona.name}-")

    def slug(self, column: str) -> str:
        value = self.row.customer[column].item()
        return "" if value is None else slugs([str(value)])[0]

    def is_exported(self, name: str) -> bool:
        """Whether an audience's file would hold the customer."""
        cells = [a for a in self.play.audiences.values() if name in (a.name, a.cell.persona.name)]
        return any(bool(a.exported[self.index]) for a in cells)

    def why(self, name: str) -> tuple[str, ...]:
        """The conditions that decided a membership."""
        if not self.in_base:
            return ("no order: only buyers are customers (base: everyone changes that)",)
        persona = self.rules.personas[persona_of(name, self.rules) or name]
        match = persona.match
        inside = bool(self.row.customer[persona.name].item())
        lines = decided(match, self.row) or ["everyone is in it"]
        if name != persona.name and persona.for_each and inside:
            lines = [f"{persona.for_each} is {self.row.value(persona.for_each)}"]
        return tuple(lines)

    def kept_from(self, name: str) -> tuple[str, ...]:
        """Why a customer is not exported: not in the persona, suppressed, or outranked."""
        if not self.is_in(name):
            return self.why(name)
        if self.is_suppressed():
            return tuple(self.suppressors())
        rank = self.rules.waterfall.index(persona_of(name, self.rules) or name)
        above = [n for n in self.rules.waterfall[:rank] if self.is_exported(n)]
        return tuple(
            f"{n} comes first in the waterfall: {line}" for n in above for line in self.why(n)
        )

    # -- suppression, features ----------------------------------------------------------------

    def is_suppressed(self) -> bool:
        return self.suppressed_by is not None

    def suppressors(self) -> Iterator[str]:
        for condition in self.rules.suppress:
            if self.row.holds(condition):
                yield from (f"suppressed: {line}" for line in decided(condition, self.row))

    def suppression(self) -> Iterator[Failure]:
        expected, found = self.case.suppressed, self.is_suppressed()
        if expected is True and not found:
            lines = [line for c in self.rules.suppress for line in decided(c, self.row)]
            yield Failure(
                "expected the customer to be suppressed, but nothing suppresses", tuple(lines)
            )
        elif expected is False and found:
            yield Failure("expected the customer not to be suppressed", tuple(self.suppressors()))

    def features(self) -> Iterator[Failure]:
        """Expected values that are not so; plain numbers are compared at the digits written."""
        for part in _parts(self.case.features):
            if isinstance(part, Compare) and self.is_rounded(part):
                continue
            if not self.row.holds(part):
                said = (
                    [compared(part, self.row)]
                    if isinstance(part, Compare)
                    else decided(part, self.row)
                )
                yield Failure(
                    said[0] if len(said) == 1 else "features are not as expected",
                    tuple(said) if len(said) > 1 else (),
                )

    def is_rounded(self, test: Compare) -> bool:
        """Whether a plain number is the customer's value at the digits that are written."""
        wanted = test.value
        if not test.is_equality or not isinstance(wanted, float):
            return False
        found = self.row.customer[str(test.field)].item()
        if not isinstance(found, int | float) or self.play.book.kind(str(test.field)) == "money":
            return False
        return rounded(float(found), _places(wanted)) == wanted


def _places(number: float) -> int:
    """How many decimal places a number is written with.

    >>> _places(0.25), _places(3.0), _places(1e-05)
    (2, 1, 5)
    """
    return max(-int(Decimal(str(number)).as_tuple().exponent), 0)


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, All) else (condition,)
