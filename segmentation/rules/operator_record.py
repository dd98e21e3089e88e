"""What an operator of comparisons is: a record with every aspect that any module asks for.

The records themselves are in `operators`. What a comparison looks at is its operator's family;
modules that do something else for each family keep a `total` table of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from segmentation.dataclass import dataclass
from segmentation.rules.ranges import HIGHEST, LOWEST, Ranges
from segmentation.rules.scalars import Scalar, Values
from segmentation.rules.schema.fragments import Schema

if TYPE_CHECKING:
    from segmentation.rules.catalogue import Kind

T = TypeVar("T")


class Family(Enum):
    """What a comparison looks at."""

    SAME = auto()  # whether the value is one of some
    ORDER = auto()  # how it stands to bounds
    PART = auto()  # what a text holds
    MISSING = auto()  # whether there is a value
    RANK = auto()  # how it stands to all customers' values


@dataclass(frozen=True, kw_only=True)
class Operator:
    """One operator of comparisons, with all its aspects.

    In the file: `takes` is what it takes, in words for messages; `accepts` whether a YAML value is
    that, `accepts_item` whether an item of a list that it accepts is; `mistake` what is wrong, and how to mend it, with
    a value that it accepts; `some_share` what the parser goes on with where a bound is no share
    (None: it bounds nothing); `of_rows` whether it can stand in a `where`; `beside` the keys that
    may stand beside it; `symbols` how other languages write it; `schema` the JSON Schema of what it
    takes, made of the schema of one value and of those of a bound.

    Of columns: `kinds` are those that it applies to, `misfit` why it does not apply to others, with
    a place for what the column holds; `takes_values` whether it takes values such as the column's.

    What it means: `expression` of a column, as its family reads it, and of its values; `meaning` of
    one plain value of the kind that it looks at, not missing; `met_by_missing` whether a missing
    value meets it. `negates` names the operator that it is the negation of.

    For the lint: `ranges` are the numbers that meet bounds (None where it compares no numbers);
    `is_anywhere` tells of a part of a text whether it may stand anywhere in it: then whatever holds
    a text that has the part has it, too. `ranks` is the end from which all customers are ranked.

    `reads` is the comparison in words, made of the name and the values in words.
    """

    name: str
    family: Family
    takes: str
    accepts: Callable[[Any], bool]
    accepts_item: Callable[[Any], bool]
    mistake: Callable[[Any], tuple[str, str] | None]
    some_share: Any
    of_rows: bool
    beside: tuple[str, ...]
    symbols: tuple[str, ...]
    schema: Callable[[Schema, Sequence[Schema]], Schema]
    kinds: frozenset[Kind]
    misfit: str
    takes_values: bool
    expression: Callable[[Any, Sequence[Any]], Any]
    meaning: Callable[[Any, Sequence[Any]], bool]
    met_by_missing: Callable[[Values], bool]
    negates: str | None
    ranges: Callable[[Sequence[float]], Ranges] | None
    is_anywhere: bool | None
    ranks: Literal["top", "bottom"] | None
    reads: Callable[[str, tuple[str, ...]], str]

    def __post_init__(self) -> None:
        told = {
            "ranges": (self.ranges, (Family.SAME, Family.ORDER)),
            "some_share": (self.some_share, (Family.ORDER,)),
            "is_anywhere": (self.is_anywhere, (Family.PART,)),
            "ranks": (self.ranks, (Family.RANK,)),
        }
        if self.negates == self.name:
            raise TypeError(f"the operator {self.name} cannot negate itself")
        for aspect, (value, families) in told.items():
            if (value is not None) != (self.family in families):
                raise TypeError(f"the operator {self.name} and its aspect {aspect} do not agree")

    def meets(self, value: Scalar | None, values: Values) -> bool:
        """Whether one plain value, None where it is missing, meets a comparison with these values."""
        return self.met_by_missing(values) if value is None else self.meaning(value, values)

    @property
    def bounds_below(self) -> bool:
        """Whether what meets it is at the least the smallest of its values."""
        return self._bounded_by is not None and self._bounded_by[0][0] > LOWEST

    @property
    def bounds_above(self) -> bool:
        """Whether what meets it is at the most the largest of its values."""
        return self._bounded_by is not None and self._bounded_by[-1][1] < HIGHEST

    @property
    def _bounded_by(self) -> Ranges | None:
        return None if self.ranges is None or self.negates else self.ranges((0, 1))


def total(table: Mapping[Family, T]) -> Mapping[Family, T]:
    """A table with a row for each family. Raises TypeError where one is forgotten."""
    forgotten = [family.name for family in Family if family not in table]
    if forgotten:
        raise TypeError(f"a table of families has no row for {', '.join(forgotten)}")
    return table
