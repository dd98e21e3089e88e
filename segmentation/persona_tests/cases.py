"""A case: one invented customer and what must be true of them. A suite: the cases of one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Location
from segmentation.persona_tests.history import InventedRow
from segmentation.rules.conditions import Condition
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar


@dataclass(frozen=True)
class Case:
    """One invented customer, and what must be true of them."""

    name: str
    where: Location
    as_of: date
    is_dated: bool = False
    because: str = ""
    given: dict[str, Scalar] = field(default_factory=dict)
    customer: dict[str, Scalar] = field(default_factory=dict)
    lines: tuple[InventedRow, ...] = ()
    events: tuple[InventedRow, ...] = ()
    expect: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    exported: tuple[str, ...] = ()
    not_exported: tuple[str, ...] = ()
    suppressed: bool | None = None
    features: Condition | None = None

    @property
    def personas(self) -> tuple[str, ...]:
        """Every persona or audience that is asked about."""
        return (*self.expect, *self.absent, *self.exported, *self.not_exported)


@dataclass(frozen=True)
class Suite:
    """The cases of one file, and the thresholds they are held against.

    `places`: where each threshold stands that the file itself gives.
    """

    name: str
    cuts: Mapping[str, Any]
    places: Mapping[str, Location]
    cases: tuple[Case, ...]


def persona_of(name: str, rules: Rules) -> str | None:
    """The persona that a name is, or whose audience by `for_each` it is."""
    if name in rules.personas:
        return name
    owners = [n for n, p in rules.personas.items() if p.for_each and name.startswith(f"{n}-")]
    return max(owners, key=len, default=None)
