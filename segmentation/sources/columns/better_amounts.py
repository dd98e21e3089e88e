"""What stands beside a guessed amount and shows that another is meant: after discounts, or in whole units beside cents.

Only the numbers tell it, in the first rows: what is before discounts less the discounts is another column, or
another column is a hundredth of it in every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import copysign
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.sources.columns.candidates import WORTH, any_of
from segmentation.sources.columns.contents import Content, contents_of, squeezed_words
from segmentation.sources.columns.pieces_back import product_of
from segmentation.sources.columns.state_words import words
from segmentation.sources.columns.taken_off import tells_cents
from segmentation.sources.reader import RawTable

#: beginnings and endings of words for what was taken off a price
_DISCOUNT: Final = tuple(
    words("""
    discount rabatt rabais remise réduction reduction nachlass nachlaß preisnachlass ermäßigung ermaessigung
    descuento rebaja sconto sconti riduzion korting rabat zniżk znizk upust desconto alennus
    """)
)
#: what such a column is no money by
_NO_MONEY: Final = words("""
    code codes coupon reason grund name type typ tipo rate percent percentage pct prozent id ids count satz
    pourcentage porcentaje percentuale percentage taux motif motivo reden
    after before nach vor après avant después antes dopo prima na voor
""")
#: those of them that say that it is a share of one
_SHARE: Final = words("""
    rate percent percentage pct prozent satz pourcentage porcentaje percentuale taux procent
""")
#: words for what is a hundredth of an amount as a part of it, and no other way to write it
_PART: Final = words("""
    fee fees tax taxes vat commission provision cashback bonus reward rewards points punkte loyalty discount rabatt
    gebühr gebühren steuer mwst commissione comisión tip tips royalty donation tva iva btw interest
""")
_WRITTEN: Final = words(
    "formatted display displayed display_amount human decimal decimals units major price"
)
_WHOLE: Final = pattern(r"\s*-?\d+\s*")
_SAME: Final = 0.0101  # as two sums are, each of which was rounded
_HUNDREDTH: Final = 1e-6
_MOST_TOGETHER: Final = 3  # columns of discounts that are taken off together


@dataclass(frozen=True)
class Better:
    """The formula that is meant, and why: in place of a column, or of a product."""

    formula: str
    why: str


def tells_discount(name: str) -> bool:
    """Whether a column is called by money that was taken off a price.

    >>> tells_discount("Rabatte"), tells_discount("Line discount"), tells_discount("Discount code")
    (True, True, False)
    """
    said = squeezed_words(name)
    return any(word.startswith(_DISCOUNT) or word.endswith(_DISCOUNT) for word in said) and not (
        "%" in name or _NO_MONEY & {*said}
    )


def tells_share_of_discount(name: str, *, is_said: bool = False) -> bool:
    """Whether a column may hold discounts as shares of a price; by its own words alone, if it `is_said`.

    >>> tells_share_of_discount("Remise (%)"), tells_share_of_discount("Discount"), tells_share_of_discount("Discount code")
    (True, True, False)
    """
    said = squeezed_words(name)
    is_discount = any(w.startswith(_DISCOUNT) or w.endswith(_DISCOUNT) for w in said)
    is_share = "%" in name or any(word in _SHARE for word in said)
    is_none = not {*said} & (_NO_MONEY - _SHARE)
    return is_discount and is_none and (is_share or not is_said)


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
    return _less_discounts(made, contents_of(raw, [*made, *free], counting(raw, counts)))


def _less_discounts(made: Sequence[str], contents: Mapping[str, Content]) -> Better | None:
    if not {*made} <= contents.keys():
        return None
    worth = product_of([contents[one] for one in made])
    others = [one for name, one in contents.items() if name not in made and _is_money(one)]
    named = [one for one in others if tells_discount(one.name) and any(one.numbers)]
    for taken in _together(named):
        less = [
            None if w is None else w - copysign(sum(abs(d or 0) for d in off), w)
            for w, *off in zip(worth, *(one.numbers for one in taken), strict=True)
        ]
        found = next((one for one in others if one not in named and _are_same(one, less)), None)
        if found is not None:
            off = " and ".join(one.name for one in taken)
            return Better(found.name, f"{found.name} is {' * '.join(made)} less {off}")
    return None


def _together(named: Sequence[Content]) -> Iterator[Sequence[Content]]:
    for number in range(1, min(len(named), _MOST_TOGETHER) + 1):
        yield from combinations(named, number)


def _is_money(one: Content) -> bool:
    return one.kind in ("decimal", "whole", "count")


def _are_same(one: Content, numbers: Sequence[float | None]) -> bool:
    """Whether a column is in every row what numbers say, but for the sign of none."""
    pairs = [(a, b) for a, b in zip(one.numbers, numbers, strict=True) if b is not None]
    return bool(pairs) and all(a is not None and abs(a - b) <= _SAME for a, b in pairs)


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
    return _hundredth_of(money, contents_of(raw, [money, *free], counting(raw, counts)))


def counting(raw: RawTable, counts: pl.Expr | None) -> pl.LazyFrame:
    """The rows of a table that count."""
    return raw.scan() if counts is None else raw.scan().filter(counts)


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

    By its name it is the same money: no part of it, such as a fee of one in a hundred.
    """
    said = {*squeezed_words(one.name)}
    is_alike = bool(said & {*squeezed_words(cents.name), *_WRITTEN}) or any_of(one.words, WORTH)
    if one is cents or one.kind != "decimal" or said & _PART or not is_alike:
        return False
    pairs = [(u, c) for u, c in zip(one.numbers, cents.numbers, strict=True) if u is not None]
    held = [(u, c) for u, c in pairs if u or c]
    return bool(held) and all(
        c is not None and abs(u * 100 - c) <= _HUNDREDTH * max(1, abs(c)) for u, c in held
    )
