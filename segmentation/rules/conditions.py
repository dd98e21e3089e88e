"""What a condition is: a tree of comparisons. Pure data; `features` and `personas` compile it.

A comparison with a missing value is false. `is_not` and `none_of` are the negations of `is`,
so they are true for a missing value (an unknown consent is not a consent).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from segmentation.rules.measures import Measure

Path = tuple[str | int, ...]
Scalar = str | int | float | bool
Operator = Literal[
    "is", "is_not", "none_of", "at_least", "at_most", "more_than", "less_than", "between",
    "contains", "starts_with", "missing", "top_percent", "bottom_percent",
]  # fmt: skip

#: operator -> what it takes, in words that an error message can use
OPERATORS: Final[dict[Operator, str]] = {
    "is": "a value or a list of values",
    "is_not": "a value or a list of values",
    "none_of": "a list of values",
    "at_least": "a number or a date",
    "at_most": "a number or a date",
    "more_than": "a number or a date",
    "less_than": "a number or a date",
    "between": "a list of two numbers or two dates, both included",
    "contains": "a text",
    "starts_with": "a text",
    "missing": "true or false",
    "top_percent": "a number above 0 and at the most 100",
    "bottom_percent": "a number above 0 and at the most 100",
}
ORDERING: Final = frozenset({"at_least", "at_most", "more_than", "less_than", "between"})
PERCENT: Final = frozenset({"top_percent", "bottom_percent"})


@dataclass(frozen=True)
class Compare:
    """One comparison of a named field, or of a measure without a name, with a value or a cut."""

    field: str | Measure
    operator: Operator
    value: Scalar | tuple[Scalar, ...]
    among: Condition | None = None
    path: Path = dataclasses.field(default=(), compare=False, repr=False)
    written: str = dataclasses.field(
        init=False, repr=False
    )  # 1 and true are equal in Python, not in a rule

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", repr(self.value))


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


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all below it, `among` included, parents first."""
    yield condition
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from walk(part)
        case Not(part):
            yield from walk(part)
        case Compare(among=among) if among is not None:
            yield from walk(among)


def fields(condition: Condition) -> tuple[str | Measure, ...]:
    """What a condition compares, in order of appearance, each once."""
    return tuple(dict.fromkeys(c.field for c in walk(condition) if isinstance(c, Compare)))
