"""Numbers that JSON and workbooks store as numbers: they have a decimal point, whatever texts beside them say.

A column in which no text says otherwise is read with a point. Where numbers stand among texts that have
commas, or points that may part thousands, they are written in a way that no decimal sign changes:
1.125 is 1125e-3.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern

#: a text that may be a number, of which a comma or a point means what the file's format says
TEXT: Final = "^[^0-9]{0,5}([0-9.' ]*,[0-9][0-9.,' ]*|[0-9]{1,3}([.][0-9]{3})+)[^0-9]{0,5}$"
FRACTION: Final = r"^-?[0-9]+[.][0-9]+([eE][-+]?[0-9]+)?$"
_TEXT: Final = pattern(TEXT)

Column = TypeVar("Column", bound=Hashable)


@dataclass(frozen=True)
class StoredNumbers(Generic[Column]):
    """Columns with stored numbers that have a fraction, and those with texts that may be numbers."""

    numbers: frozenset[Column] = frozenset()
    texts: frozenset[Column] = frozenset()

    def __or__(self, other: StoredNumbers[Column]) -> StoredNumbers[Column]:
        return StoredNumbers(self.numbers | other.numbers, self.texts | other.texts)

    @property
    def pointed(self) -> frozenset[Column]:
        """The columns whose numbers have a point."""
        return self.numbers - self.texts

    @property
    def mixed(self) -> frozenset[Column]:
        """The columns of which some cells are stored numbers, and others texts with signs."""
        return self.numbers & self.texts


def may_be_number(text: str) -> bool:
    """Whether a text may be a number with a sign that means what the file's format says.

    >>> [may_be_number(text) for text in ("10,50", "1.250", "€ 10,50", "12.50", "Graz, 8010")]
    [True, True, True, False, False]
    """
    return ("," in text or "." in text) and _TEXT.match(text) is not None


def without_point(number: str) -> str:
    """A number with a fraction as no decimal sign changes it.

    >>> without_point("1.125"), without_point("-2.5E+3")
    ('1125e-3', '-25e2')
    """
    mantissa, _, exponent = number.lower().partition("e")
    whole, _, part = mantissa.partition(".")
    return f"{whole}{part}e{int(exponent or 0) - len(part)}"
