"""Amounts that stand in a column for each currency: `total_eur`, and `total_usd` where the first holds nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.contents import contents_of, words_in
from segmentation.sources.columns.currencies import CODES_OF_CURRENCIES, CURRENCIES, name_of
from segmentation.sources.reader import RawTable
from segmentation.sources.settings import A_RATE

_SIGN: Final = pattern(
    "|".join(re.escape(s) for s in CURRENCIES if len(s) == 1 and not s.isalnum())
)
_NUMBERS: Final = ("whole", "decimal", "count")


@dataclass(frozen=True)
class ByCurrency:
    """Columns of which one alone would be read as the amount, and the others hold that of other rows."""

    columns: tuple[str, ...]

    @property
    def what(self) -> str:
        """What is said of them."""
        return f"{' and '.join(self.columns)} hold the amounts of different rows, in several currencies"

    @property
    def formula(self) -> str:
        """All of them, with a place for what one of each currency is worth in the first one's."""
        first, *others = self.columns
        return " + ".join([first, *(f"{one} * {A_RATE}" for one in others)])


def by_currency(amount: str, raw: RawTable, names: Collection[str]) -> ByCurrency | None:
    """The columns of other currencies that hold money where an amount holds none; None without such.

    Where both hold money in each row, they say the same twice. The first rows tell.
    """
    own, rest = _parted(amount)
    others = [n for n in names if n != amount and _is_of_another(n, own, rest)]
    contents = contents_of(raw, [amount, *others]) if others else {}
    if amount not in contents:
        return None
    worth = contents[amount].numbers
    found = [n for n in others if n in contents and contents[n].kind in _NUMBERS]
    lost = [n for n in found if _holds_where_none(contents[n].numbers, worth)]
    return ByCurrency((amount, *lost)) if lost else None


def _is_of_another(name: str, currency: str | None, rest: Sequence[str]) -> bool:
    """Whether a column is called as another one is, but for its currency."""
    own, others = _parted(name)
    return own is not None and own != currency and others == rest


def _parted(name: str) -> tuple[str | None, list[str]]:
    """The currency in a column's name, and its other words.

    >>> _parted("total_usd"), _parted("Total (€)"), _parted("Total")
    (('USD', ['total']), ('EUR', ['total']), (None, ['total']))
    """
    said = [*words_in(name), *_SIGN.findall(name)]
    named = {word: name_of(word) for word in said if name_of(word) in CODES_OF_CURRENCIES}
    return next(iter(named.values()), None), [squeezed(w) for w in said if w not in named]


def _holds_where_none(other: Sequence[float | None], worth: Sequence[float | None]) -> bool:
    return any(o and not w for o, w in zip(other, worth, strict=True))
