"""What a condition is: a tree of comparisons. Pure data; `features` and `personas` compile it.

A comparison with a missing value is false. `is_not` and `none_of` are the negations of `is`,
so they are true for a missing value (an unknown consent is not a consent).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from segmentation.dataclass import dataclass
from segmentation.rules.case_folding import case_folded
from segmentation.rules.operator_record import Family, Operator
from segmentation.rules.operators import OPERATORS
from segmentation.rules.ranges import Ranges, meet
from segmentation.rules.scalars import Scalar, Values

if TYPE_CHECKING:
    from segmentation.rules.measures import Measure

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Compare:
    """One comparison of a named field, or of a measure without a name, with a value or a cut.

    With `ignore_case` texts are compared as `case_folding` folds them.
    """

    field: str | Measure
    operator: str
    value: Scalar | Values
    among: Condition | None = None
    ignore_case: bool = False
    path: Path = dataclasses.field(default=(), compare=False, repr=False)
    written: str = dataclasses.field(
        init=False, repr=False
    )  # 1 and true are equal in Python, not in a rule

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", repr(self.value))
        if self.operator not in OPERATORS:
            raise ValueError(f"there is no operator {self.operator}")

    @property
    def op(self) -> Operator:
        """The operator's record, with all its aspects."""
        return OPERATORS[self.operator]

    @property
    def is_equality(self) -> bool:
        """Whether it is true of its values alone, and not of all others."""
        return self.op.family is Family.SAME and self.op.negates is None

    @property
    def values(self) -> Values:
        """What it compares with, always a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def positive(self) -> Compare:
        """The comparison that it is the negation of, or itself."""
        return replace(self, operator=self.op.negates) if self.op.negates else self

    @property
    def caseless(self) -> Compare:
        """The same with its texts folded, to be held against folded texts."""
        texts = [case_folded(v) if isinstance(v, str) else v for v in self.values]
        return replace(self, value=tuple(texts), ignore_case=True)

    def meets(self, value: Scalar | None) -> bool:
        """Whether one plain value, None where it is missing, meets it."""
        if not self.ignore_case:
            return self.op.meets(value, self.values)
        folded = case_folded(value) if isinstance(value, str) else value
        return self.op.meets(folded, self.caseless.values)

    def meets_label(self, label: str) -> bool:
        """Whether a label meets it: labels are texts, whatever type they are written in."""
        return replace(self, value=tuple(map(str, self.values))).meets(label)


@dataclass(frozen=True)
class All:
    """True when every part is; the empty one is true for everybody."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """True when the part is false, so also where the part's value is missing."""

    part: Condition


@dataclass(frozen=True)
class InPersona:
    """True for the members of another persona."""

    name: str
    path: Path = dataclasses.field(default=(), compare=False, repr=False)


Condition = Compare | All | AnyOf | Not | InPersona
EVERYONE: Final = All(())


def walk(condition: Condition, *, into_negations: bool = True) -> Iterator[Condition]:
    """The condition and all below it, `among` included, parents first."""
    yield condition
    below: tuple[Condition, ...] = ()
    match condition:
        case All(parts) | AnyOf(parts):
            below = parts
        case Not(part) if into_negations:
            below = (part,)
        case Compare(among=among) if among is not None:
            below = (among,)
    for part in below:
        yield from walk(part, into_negations=into_negations)


def fields(condition: Condition) -> tuple[str | Measure, ...]:
    """What a condition compares, in order of appearance, each once."""
    return tuple(dict.fromkeys(c.field for c in walk(condition) if isinstance(c, Compare)))


def exclude(one: Condition | None, other: Condition | None) -> bool:
    """Whether no row meets both, as texts or bounds of numbers of one field tell, or a negation; undecided is no.

    A flag that is yes, and one that is not; what is missing, and what is there.

    >>> sold, back = Compare("Type", "is_not", "Refund"), Compare("Type", "is", "Refund")
    >>> exclude(sold, back), exclude(sold, sold), exclude(Not(back), back)
    (True, False, True)
    >>> exclude(Compare("Qty", "at_least", 0), Compare("Qty", "less_than", 0))
    True
    >>> exclude(Compare("back", "is_not", True), Compare("back", "is", True))
    True
    >>> both = All((back, Compare("Qty", "less_than", 0)))
    >>> exclude(Not(both), both), exclude(Not(both), back)
    (True, False)
    """
    pairs = [(a, b) for a in _implied(one) for b in _implied(other)]
    return any(_are_apart(a, b) or _are_apart(b, a) for a, b in pairs)


def _implied(condition: Condition | None) -> Iterator[Compare | Not | All]:
    """The comparisons, the negations, and what they are together, that hold wherever a condition does."""
    match condition:
        case All(parts):
            yield condition
            yield from (found for part in parts for found in _implied(part))
        case Compare() | Not():
            yield condition


def _are_apart(one: Compare | Not | All, other: Compare | Not | All) -> bool:
    if isinstance(one, Not):
        return one.part == other
    if not (isinstance(one, Compare) and isinstance(other, Compare)) or one.field != other.field:
        return False
    if other.op.negates and other.positive == one:
        return True
    if one.op.family is other.op.family is Family.MISSING and one.among == other.among:
        return one.values != other.values
    if _is_of_texts(one) and _is_of_texts(other):
        return one.is_equality and not any(map(other.meets, one.values))
    mine, others = _bounded(one), _bounded(other)
    return mine is not None and others is not None and not meet(mine, others)


def _is_of_texts(one: Compare) -> bool:
    is_same = one.op.family is Family.SAME and not one.ignore_case
    return is_same and all(isinstance(value, str) for value in one.values)


def _bounded(one: Compare) -> Ranges | None:
    """The plain numbers within a comparison's bounds; None where it has others, or none."""
    numbers = [v for v in one.values if isinstance(v, int | float) and not isinstance(v, bool)]
    is_of_numbers = len(numbers) == len(one.values) and one.among is None
    if one.op.family is not Family.ORDER or one.op.ranges is None or not is_of_numbers:
        return None
    return one.op.ranges(numbers)
