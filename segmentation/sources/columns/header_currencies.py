"""Currencies that the name of a column of money speaks of: `Total EUR`, `price_usd`, `Betrag (€)`."""

from __future__ import annotations

from typing import Final

from segmentation.pattern import pattern
from segmentation.sources.columns.contents import words_in
from segmentation.sources.columns.currencies import CODES_OF_CURRENCIES, CURRENCIES, name_of

_CODE: Final = 3  # letters
_SIGN: Final = pattern(r"[A-Za-z]{0,2}\$|[^\w\s$]")
_WORDS: Final = frozenset(["EURO"])


def named_in(header: str) -> str | None:
    """The currency that a name speaks of by a code or a sign; None where it speaks of none, or two.

    >>> named_in("Total (EUR)"), named_in("priceUSD"), named_in("Betrag €"), named_in("Total"), named_in("EUR/USD")
    ('EUR', 'USD', 'EUR', None, None)
    """
    words = (word.upper() for word in words_in(header))
    codes = [w for w in words if w in _WORDS or (len(w) == _CODE and w in CODES_OF_CURRENCIES)]
    signs = [sign for sign in _SIGN.findall(header) if sign.upper() in CURRENCIES]
    found = {name_of(one) for one in (*codes, *signs)}
    return found.pop() if len(found) == 1 else None
