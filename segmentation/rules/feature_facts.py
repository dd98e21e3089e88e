"""What is known of a feature's values before any data is read: their range, and who lacks one.

The lint reads these facts, and the words of `segment features` and the documents are made of them.
"""

from __future__ import annotations

import math
from enum import Enum

from segmentation.dataclass import dataclass


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included.

    `above` leaves `low` itself out. `of_buyers` is the low end for customers who have ordered.
    `because` says in words why `high` is not what one expects.

    >>> print(Range(0), Range(0, 1), Range(0, 1, above=True), Range(0, above=True), Range())
    ≥ 0 0 to 1 above 0 to 1 > 0 any
    >>> print(Range(0, of_buyers=1))
    ≥ 0 (≥ 1 in the base)
    """

    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    of_buyers: float | None = None
    because: str = ""

    def __str__(self) -> str:
        base = "" if self.of_buyers is None else f" (≥ {self.of_buyers} in the base)"
        because = f" ({self.because})" if self.because else ""
        return f"{self._ends()}{base}{because}"

    def _ends(self) -> str:
        if math.isinf(self.low):
            return "any" if math.isinf(self.high) else f"≤ {self.high}"
        if math.isinf(self.high):
            return f"{'>' if self.above else '≥'} {self.low}"
        return f"{'above ' if self.above else ''}{self.low} to {self.high}"


@dataclass(frozen=True)
class UpToAsOf:
    """Days that are not after `as_of`."""

    def __str__(self) -> str:
        return "≤ as_of"


@dataclass(frozen=True)
class Texts:
    """Texts of which `pattern` describes the whole."""

    words: str
    pattern: str

    def __str__(self) -> str:
        return self.words


Values = Range | UpToAsOf | Texts


class Lack(Enum):
    """Why a customer has no value, in the words of the catalogue."""

    NO_ORDER = "no order"
    ONE_ORDER_DAY = "fewer than two order days"
    NO_LINE = "no line"
    NO_ITEM = "no bought item"
    NO_SPEND = "nothing bought"
    NO_DEPARTMENT = "no line has a department"
    NO_COST = "the cost of any line unknown"
    NO_MODEL = "nobody has ordered on two days"
    NO_POSITIVE_SPEND = "monetary zero or below"


@dataclass(frozen=True)
class LackOf:
    """A customer has no value who lacks one of these features; `words` are what they are called."""

    features: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Missing:
    """Who has no value: whom one of the lacks meets, and nobody else; nobody where there is none.

    `instead` says in words what stands there for those who might be expected to have none.

    >>> print(Missing(), "/", Missing(instead="0 without lines"), "/", Missing(Lack.NO_ORDER, Lack.NO_MODEL))
    never / never (0 without lines) / no order, or nobody has ordered on two days
    >>> Missing(Lack.NO_ORDER).always_known("buyers"), Missing(Lack.NO_ORDER).always_known("everyone")
    (True, False)
    """

    lacks: tuple[Lack | LackOf, ...]
    instead: str

    def __init__(self, *lacks: Lack | LackOf, instead: str = "") -> None:
        object.__setattr__(self, "lacks", lacks)
        object.__setattr__(self, "instead", instead)

    def __str__(self) -> str:
        words = [x.value if isinstance(x, Lack) else f"{x.words} missing" for x in self.lacks]
        return (", or ".join(words) or "never") + (f" ({self.instead})" if self.instead else "")

    def always_known(self, base: str) -> bool:
        """Whether every customer of a base has a value."""
        ruled_out = {Lack.NO_ORDER} if base == "buyers" else set()
        return ruled_out.issuperset(self.lacks)
