"""What was paid beside what is paid out: a marketplace keeps its fees, and calls `total` what is left.

The numbers tell it, in the first rows: the amount is in every row what was sold less the fees that stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.sources.columns.better_amounts import Better
from segmentation.sources.columns.candidates import tells_tax
from segmentation.sources.columns.column_sums import SAME, together
from segmentation.sources.columns.contents import Content, contents_of, squeezed_words
from segmentation.sources.columns.state_words import words
from segmentation.sources.reader import RawTable

#: words for what is kept of a payment, or how they begin or end
_FEES: Final = words("fee fees frais avgift opłata oplata opłaty oplaty")
_BEGIN: Final = tuple(
    words("commission gebühr gebuehr provision comision comisión commissie prowizj kommission")
)
_END: Final = tuple(
    words("gebühr gebühren gebuehr gebuehren provision provisionen kommission commissie")
)
_MOST_TRIED: Final = 12


def tells_fee(name: str) -> bool:
    """Whether a column is called by what is kept of a payment.

    >>> tells_fee("selling fees"), tells_fee("Verkaufsgebühr"), tells_fee("total")
    (True, True, False)
    """
    return any(
        word in _FEES or word.startswith(_BEGIN) or word.endswith(_END)
        for word in squeezed_words(name)
    )


def before_fees(
    made: Sequence[str],
    known: Mapping[str, str],
    raw: RawTable,
    names: Sequence[str],
    counts: pl.Expr | None,
) -> Better | None:
    """What was sold, where an amount that is one column is that less fees; None where no name speaks of fees."""
    if len(made) != 1 or not any(map(tells_fee, names)):
        return None
    free = [one for one in names if one not in {*known.values()}]
    contents = contents_of(raw, [made[0], *free], raw.counting(counts))
    left = contents.get(made[0])
    money = [
        one
        for n, one in contents.items()
        if n != made[0] and one.holds_numbers and any(one.numbers)
    ]
    fees = [one for one in money if tells_fee(one.name)]
    others = [one for one in money if one not in fees][:_MOST_TRIED]
    return None if left is None or not fees else _sold(left, fees, others)


def _sold(left: Content, fees: Sequence[Content], others: Sequence[Content]) -> Better | None:
    kept = list(_sums(fees))
    for sign in (-1, 1):
        paid = [(amount or 0) + sign * fee for amount, fee in zip(left.numbers, kept, strict=True)]
        for sold in together(others):
            sums = list(_sums(sold))
            if _are_same(paid, sums, kept) and _are_kept(sums, kept, sign):
                return _better(left, fees, sold)
    return None


def _sums(columns: Sequence[Content]) -> Iterator[float]:
    rows = zip(*(one.numbers for one in columns), strict=True)
    return (sum(number or 0 for number in row) for row in rows)


def _are_same(paid: Sequence[float], sums: Sequence[float], kept: Sequence[float]) -> bool:
    """Whether sums are what was paid in every row, but for those that hold neither a sale nor a fee."""
    rows = zip(paid, sums, kept, strict=True)
    return all(abs(p - s) <= SAME for p, s, fee in rows if s or fee)


def _are_kept(sums: Sequence[float], kept: Sequence[float], sign: int) -> bool:
    """Whether fees make less of most sales: what a buyer pays for the delivery makes more."""
    told = [sign * fee * s > 0 for s, fee in zip(sums, kept, strict=True) if s and fee]
    return bool(told) and 2 * sum(told) > len(told)


def _better(left: Content, fees: Sequence[Content], sold: Sequence[Content]) -> Better:
    """What was sold; tax that stands apart is none of it."""
    untaxed = [one.name for one in sold if not tells_tax(one.name)] or [one.name for one in sold]
    every = " + ".join(one.name for one in sold)
    off = " and ".join(one.name for one in fees)
    return Better(" + ".join(untaxed), f"{left.name} is {every} less {off}: what is paid out")
