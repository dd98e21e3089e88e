"""What is known of one customer while a question is being solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import SHARE_OF_DEPARTMENT, department_share
from segmentation.rules.conditions import Compare
from segmentation.rules.lint.domains import domain
from segmentation.rules.lint.subsets import one_spelling, rows_within
from segmentation.rules.lint.values import Fact, can_meet, dates, numbers
from segmentation.rules.measures import Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import AT_LEAST
from segmentation.rules.ranges import Ranges
from segmentation.rules.ruleset import Rules

#: the first of each pair is at the most the second
ORDERED: Final = (("recency_days", "longevity_days"), ("first_order_on", "last_order_on"))


@dataclass(frozen=True)
class Facts:
    """Facts that can all be true of one customer, by feature; and the labels that are left."""

    rules: Rules
    told: Mapping[str | Measure, tuple[Fact, ...]] = field(default_factory=dict)
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str | Measure, Ranges | None] = field(
        default_factory=dict
    )  # of what has an order

    def tell(self, fact: Fact) -> Facts | None:
        """These facts and one more (from `plain_fact`), or None when they exclude each other."""
        compared = fact.test.field
        if compared in self.rules.dimensions:
            return self._labelled(str(compared), fact)
        known = self.told.get(compared, ())
        if fact in known:
            return self
        facts = (*known, fact)
        held = domain(compared, self.rules)
        if not can_meet(held, facts):
            return None
        ranges = self.ranges
        if _is_ordered(compared):
            view = dates if held.kind == "date" else numbers
            ranges = {**ranges, compared: view(held, facts)}
        found = Facts(self.rules, {**self.told, compared: facts}, self.labels, ranges)
        return found if found._agree(compared) else None

    def work_of(self, fact: Fact) -> int:
        """How many steps it takes to tell a fact: all that is known of the same thing is met anew.

        Facts that leave out one value each leave as many ranges, so the work is more than theirs.
        """
        known = self.told.get(fact.test.field, ())
        apart = sum(not f.holds for f in known)
        others = len(self.told) if isinstance(fact.test.field, Measure) else 0
        return len(known) + apart * apart // 64 + others

    def number(self) -> int:
        """How many comparisons are known."""
        return sum(map(len, self.told.values()))

    def beside(self, others: Facts) -> Iterator[Fact]:
        """The comparisons that the others may not know."""
        for compared, facts in self.told.items():
            if others.told.get(compared) is not facts:
                yield from facts

    def labelled(self, labels: Mapping[str, frozenset[str]]) -> Facts | None:
        """These facts with fewer labels left; None when of a dimension none is."""
        both = {name: self.left(name) & left for name, left in labels.items()}
        if not all(both.values()):
            return None
        return Facts(self.rules, self.told, {**self.labels, **both}, self.ranges)

    def left(self, dimension: str) -> frozenset[str]:
        """The labels that a customer can still have."""
        return self.labels.get(dimension, frozenset(self.rules.dimensions[dimension].labels))

    def _labelled(self, name: str, fact: Fact) -> Facts | None:
        left = frozenset(
            label for label in self.left(name) if _is_labelled(label, fact) == fact.holds
        )
        return (
            Facts(self.rules, self.told, {**self.labels, name: left}, self.ranges) if left else None
        )

    def _agree(self, compared: str | Measure) -> bool:
        """Whether a feature agrees with those that are never below or above it."""
        pairs = [p for p in ORDERED if compared in p and all(n in self.told for n in p)]
        return all(self._in_order(*p) for p in (*pairs, *self._counts(compared)))

    def _counts(self, compared: str | Measure) -> list[tuple[str | Measure, str | Measure]]:
        """Pairs of counts where the rows of the first are among the rows of the second."""
        if not isinstance(compared, Measure) or not _is_ordered(compared):
            return []
        others = [
            m
            for m in self.told
            if isinstance(m, Measure)
            and m != compared
            and (m.aggregate, m.of) == ("count", compared.of)
        ]
        pairs = [p for m in others for p in ((compared, m), (m, compared))]
        return [(a, b) for a, b in pairs if rows_within(a, b)]

    def _in_order(self, low: str | Measure, high: str | Measure) -> bool:
        lower, upper = self.ranges[low], self.ranges[high]
        return not lower or not upper or lower[0][0] <= upper[-1][1]


def _is_ordered(compared: str | Measure) -> bool:
    """Whether something may be known to be at the most another thing."""
    if isinstance(compared, Measure):  # of items there may be less than none
        return compared.aggregate == "count" and compared.of != "items"
    return any(compared in pair for pair in ORDERED)


def _is_labelled(label: str, fact: Fact) -> bool:
    """Whether a label meets a comparison of a dimension."""
    return fact.test.meets_label(label)


def plain_fact(test: Compare, rules: Rules, *, holds: bool) -> Fact:
    """A comparison as a fact: one spelling of each measure, no operator that negates another."""
    compared = _measured(test.field, rules)
    if test.op.negates is not None:
        test, holds = test.positive, not holds
    if isinstance(compared, Measure):
        if compared.aggregate == "any" and test.is_equality and test.value in (True, False):
            return Fact(Compare(one_spelling(compared), AT_LEAST.name, 1), holds == test.value)
        compared = one_spelling(compared)
    if test.op.family is Family.MISSING and test.value is False:
        test, holds = replace(test, value=True), not holds
    return Fact(replace(test, field=compared), holds)


def _measured(compared: str | Measure, rules: Rules) -> str | Measure:
    if isinstance(compared, Measure) or compared in rules.dimensions:
        return compared
    if compared in rules.features:
        return rules.features[compared]
    if compared.startswith(SHARE_OF_DEPARTMENT):
        return department_share(compared).measure or compared
    return compared
