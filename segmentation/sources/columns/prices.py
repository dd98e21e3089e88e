"""A price as the amount of a row: it is that of the line, or of one piece where a quantity stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segmentation.sources.columns.candidates import pieces_among
from segmentation.sources.columns.contents import Content
from segmentation.sources.columns.money_words import says_price

_TELL_NOTHING = frozenset((None, 0.0, 1.0))


def pieces_beside(price: str, others: Iterable[Content]) -> Content | None:
    """The column that may say how many pieces a price is of; None where the amount is called no price, or each row is one."""
    pieces = pieces_among(one for one in others if one.name != price) if says_price(price) else None
    return pieces if pieces is not None and {*pieces.numbers} - _TELL_NOTHING else None


def two_readings(price: str, pieces: str) -> Mapping[str, str]:
    """The amount by what a price may be.

    >>> two_readings("Price", "Qty")
    {'Price is that of the line': 'Price', 'Price is that of one piece': 'Qty * Price'}
    """
    return {
        f"{price} is that of the line": price,
        f"{price} is that of one piece": f"{pieces} * {price}",
    }
