"""What stands beside a guessed amount and shows that another is meant: after discounts, or in whole units beside cents.

Only the numbers tell it, in the first rows: what is before discounts less the discounts is another column, or
another column is a hundredth of it in every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import copysign
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.candidates import WORTH
from segmentation.sources.columns.column_sums import are_same, together
from segmentation.sources.columns.contents import Content, contents_of, squeezed_words
from segmentation.sources.columns.currencies import CODES_OF_CURRENCIES
from segmentation.sources.columns.money_words import tells_discount
from segmentation.sources.columns.pieces_back import product_of
from segmentation.sources.columns.state_words import words
from segmentation.sources.columns.taken_off import tells_cents
from segmentation.sources.reader import RawTable

#: words for what is a hundredth of an amount as a part of it, and no other way to write it
_PART: Final = words("""
    fee fees commission donation tip tips bonus reward rewards cashback royalty interest refund refunded
    discount discounts
""")
#: words of form: beside those of a name they say the same money, written another way
_WRITTEN: Final = words("""
    formatted format display displayed human readable decimal decimals dec units unit major full price text string str
    txt float double number num value money local presentment shop set in as of the with whole base
    formatiert anzeige dezimal als mit lesbar einheiten
    formaté affiché affichage décimal décimale en unités avec formateado mostrado con decimales unidades
    formattato visualizzato decimale unità opgemaakt weergave decimaal eenheden sformatowana sformatowany dziesiętna
    euro euros dollar dollars pound pounds franken francs franc złoty złotych kroner kronor
""")
#: all words that may stand beside those of a name, so that a column of that name is the same money
_SAME_MONEY: Final = (_WRITTEN | frozenset(map(squeezed, (*WORTH, *CODES_OF_CURRENCIES)))) - _PART
_WHOLE: Final = pattern(r"\s*-?\d+\s*")
_HUNDREDTH: Final = 1e-6


@dataclass(frozen=True)
class Better:
    """The formula that is meant, and why: in place of a column, or of a product."""

    formula: str
    why: str


def after_discounts(
    made: Sequence[str],
    known: Mapping[str, str],
    raw: RawTable,
    names: Sequence[str],
    counts: pl.Expr | None,
) -> Better | None:
    """The column of what was paid after the discounts that stand beside an amount `made` of columns.

    None where no name speaks of discounts.
    """
    if not any(map(tells_discount, names)):
        return None
    others = {column for canonical, column in known.items() if canonical != "discount"}
    free = [one for one in names if one not in others]
    return _less_discounts(made, contents_of(raw, [*made, *free], raw.counting(counts)))


def _less_discounts(made: Sequence[str], contents: Mapping[str, Content]) -> Better | None:
    if not {*made} <= contents.keys():
        return None
    worth = product_of([contents[one] for one in made])
    others = [one for name, one in contents.items() if name not in made and one.holds_numbers]
    named = [one for one in others if tells_discount(one.name) and any(one.numbers)]
    for taken in together(named):
        less = [
            None if w is None else w - copysign(sum(abs(d or 0) for d in off), w)
            for w, *off in zip(worth, *(one.numbers for one in taken), strict=True)
        ]
        found = next((one for one in others if one not in named and are_same(one, less)), None)
        if found is not None:
            off = " and ".join(one.name for one in taken)
            return Better(found.name, f"{found.name} is {' * '.join(made)} less {off}")
    return None


def may_be_cents(cells: Sequence[str | None], dtype: pl.DataType) -> bool:
    """Whether some cells of an amount, or its type, give no reason to think that it has decimals."""
    filled = [cell for cell in cells if cell]
    return dtype.is_integer() or (bool(filled) and all(map(_WHOLE.fullmatch, filled)))


def in_whole_units(
    made: Sequence[str], raw: RawTable, free: Sequence[str], counts: pl.Expr | None
) -> Better | None:
    """A hundredth of the amount, or of its price, where the file has it in both units and no name says so."""
    money = made[-1]
    if money not in raw.schema or tells_cents(money):  # a formula, or told by its name
        return None
    if not may_be_cents(raw.sample.get(money, ()), raw.schema[money]):
        return None
    return _hundredth_of(money, contents_of(raw, [money, *free], raw.counting(counts)))


def _hundredth_of(column: str, contents: Mapping[str, Content]) -> Better | None:
    """A hundredth of a column of whole numbers, where another column is just that in every row."""
    cents = contents.get(column)
    if cents is None or cents.kind not in ("whole", "count"):
        return None
    found = next((one for one in contents.values() if _is_hundredth(one, cents)), None)
    if found is None:
        return None
    return Better(
        f"{column} / 100", f"{column} is in cents: {found.name} is a hundredth of it in every row"
    )


def _is_hundredth(one: Content, cents: Content) -> bool:
    """Whether a column of decimals is a hundredth of one of whole numbers, wherever it holds anything.

    By its name it is the same money: any word more may be that of a part of it, such as a donation of one in a hundred.
    """
    said = {*squeezed_words(one.name)}
    is_alike = said <= _SAME_MONEY | {*squeezed_words(cents.name)}
    if one is cents or one.kind != "decimal" or not is_alike:
        return False
    pairs = [(u, c) for u, c in zip(one.numbers, cents.numbers, strict=True) if u is not None]
    held = [(u, c) for u, c in pairs if u or c]
    return bool(held) and all(
        c is not None and abs(u * 100 - c) <= _HUNDREDTH * max(1, abs(c)) for u, c in held
    )
