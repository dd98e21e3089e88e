"""What the rooms that ask give to a kind of dimension, and what they get of it.

A kind knows neither the engine nor the rest of the rules: whoever asks it to check, to lint, to fit
or to describe hands over one of these, and keeps to itself where the answers come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.messages.notices import Level, Notice
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import Compare, Condition, Path
from segmentation.rules.operators import IS

if TYPE_CHECKING:
    import polars as pl

    from segmentation.rules.dimensions.kind import Asked, Dimension


def is_label(dimension: str, label: str) -> Compare:
    """The condition of having one label of a dimension."""
    return Compare(dimension, IS.name, label)


class Names(Protocol):
    """The names that rules can use, and how to say that one of them is wrong."""

    @property
    def dimensions(self) -> Mapping[str, Dimension]:
        """Every dimension of the rules, by name."""

    def is_known(self, name: str) -> bool:
        """Whether a name is, or may be, something; a likely misspelling is not."""

    def kind(self, name: str) -> Kind | None:
        """How the values of a name are held, None where only the data can tell."""

    def wrong(self, path: Path, what: str, mend: str = "", *, key: bool = False) -> Problem:
        """A mistake at the value of a path, or at its key."""

    def unknown(self, name: str, path: Path, who: str) -> Problem:
        """The mistake of using a name that is nothing."""


class Solver(Protocol):
    """The questions that lint can answer of conditions, and how it says what it found."""

    def possible(self, condition: Condition) -> bool:
        """Whether a customer may meet a condition; False only when none ever can."""

    def implies(self, condition: Condition, other: Condition) -> bool:
        """Whether whoever meets a condition certainly meets the other."""

    def conflict(self, condition: Condition) -> str:
        """Why nobody meets a condition, in words."""

    def how_to_mend(self, condition: Condition, otherwise: str) -> str:
        """How to mend a condition that nobody meets."""

    def found(
        self,
        code: str,
        path: Path,
        what: str,
        mend: str,
        *,
        key: bool = False,
        level: Level | None = None,
    ) -> Notice:
        """A notice at the value of a path, or at its key."""


class Base(Protocol):
    """The customers that a cut is fitted over, one row each, and the methods of `models`."""

    def numbers(self, feature: str) -> pl.Series:
        """A feature as it is held: money and whole numbers exactly, others as Float64; null where missing."""

    def plain(self, number: float, feature: str) -> float | str:
        """A number of a feature as cuts.json holds it; the inverse of `Customer.held`."""

    def thresholds(
        self, method: str, values: pl.Series, shares: Sequence[float], tiers: int
    ) -> tuple[float, ...]:
        """The lower edges of all tiers but the last, from the top (`models.value.tiers`)."""


class Number(Protocol):
    """A feature of customers that is compared with numbers."""

    def __ge__(self, bound: Any, /) -> pl.Expr: ...

    def __gt__(self, bound: Any, /) -> pl.Expr: ...


class Customer(Protocol):
    """What an expression can ask of a customer's row, and of what was fitted over all."""

    def meets(self, condition: Condition) -> pl.Expr:
        """A condition as one boolean, never null."""

    def number(self, feature: str) -> Number:
        """A feature as numbers are compared with it; null where it is missing or no number."""

    def cut(self, asked: Asked) -> Any:
        """The value of a cut, as cuts.json holds it."""

    def held(self, value: Any, feature: str) -> Any:
        """A number of a cut as the column of a feature holds it: money as integers."""


# -- what hangs on a label ------------------------------------------------------------------------


@dataclass(frozen=True)
class OnCondition:
    """A condition that decides; `place` is below the dimension.

    `is_wanted`: it gives one of the wanted labels. `is_above`: who meets it misses a wanted label
    that stands below.
    """

    condition: Condition
    place: Path
    is_wanted: bool
    is_above: bool


@dataclass(frozen=True)
class OnLabels:
    """Labels of another dimension."""

    dimension: str
    labels: frozenset[str]


@dataclass(frozen=True)
class OnRank:
    """Where a customer's value of a feature stands among all; `path` is the dimension's."""

    feature: str
    path: Path


Behind = OnCondition | OnLabels | OnRank
