"""How the numbers of a source are written: what rules declare, and what files turn out to have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from segmentation.dataclass import dataclass

Decimal = Literal[".", ","]
#: what may part thousands; a blank stands for those that do not break, too
THOUSANDS: Final = (",", ".", "'", " ")
#: what parts thousands -> what then stands before the decimals: either sign has one meaning
OTHER_SIGN: Final[Mapping[str, Decimal]] = {".": ",", ",": "."}


@dataclass(frozen=True)
class NumberFormat:
    """Signs and words of numbers; what is None or empty is not declared.

    Of a file, `decimal` is None where nothing tells it: then only whole numbers are read. `thousands`
    is any sign but the decimal one where None, `currency` any one that stands beside a number where
    None, and none where it is empty.
    `zero` are words that mean 0; `units` are what stands beside every number of a column, and is not declared.
    """

    decimal: Decimal | None = None
    thousands: str | None = None
    currency: str | None = None
    zero: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def code_of_currency(written: str) -> str:
    """A currency's code as codes are compared: without blanks, in capitals.

    >>> code_of_currency(" eur ")
    'EUR'
    """
    return "".join(written.split()).upper()


POINT: Final = NumberFormat(".")
COMMA: Final = NumberFormat(",")
WHOLE: Final = NumberFormat()
