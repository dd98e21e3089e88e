"""The amount that may be meant beside its other side, or in cents: credits less debits, and a hundredth.

Refunds beside an amount are those of `amounts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.columns.contents import BELOW, Content
from segmentation.sources.columns.taken_off import less, sides_of, tells_cents
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text

_NUMBERS: Final = ("whole", "decimal", "count", "nothing")  # nothing as yet
_NEGATIVE: Final = rf"{BELOW}|^\s*[-−(]"
_MOST_PAID_BACK: Final = 0.4  # of what was sold; of more, some may be payments
_MORE_THAN_A_FLAG: Final = r"[2-9]|1.*[1-9]|10"


@dataclass(frozen=True)
class Net:
    """A formula of the file's columns, and what is to be said of it."""

    formula: str
    columns: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    has_sides: bool = False
    is_in_cents: bool = False


def net_of(amount: str, raw: RawTable, contents: Mapping[str, Content]) -> Net:
    """What an amount comes to with its other side, and in whole units: itself, where that is nothing.

    A provider of payments credits what was sold, and an account of a customer is debited with it: the side
    that holds more is that of the sales.
    """
    numbers = [name for name, one in contents.items() if one.kind in _NUMBERS]
    sides = sides_of(amount, numbers)
    formula, remarks = amount, list[str]()
    columns: tuple[str, ...] = (amount,)
    has_sides = sides is not None and all(_paid_back(one, raw) is not None for one in sides)
    if sides is not None and has_sides:
        sold, back = sorted(sides, key=lambda side: -_total(contents[side]))
        formula, columns = less(sold, back, is_negative=bool(_paid_back(back, raw))), (sold, back)
        remarks.append(f"{back} holds money, too: it is taken off {sold}, which holds more")
        if _total(contents[back]) > _MOST_PAID_BACK * _total(contents[sold]):
            remarks.append(
                f"{back} holds so much that it may be what customers paid, and not what was paid back: "
                f"then leave those rows out by where, or read {sold} alone"
            )
    is_in_cents = tells_cents(amount) and contents[amount].kind in ("whole", "count")
    if is_in_cents:
        remarks.append(f"{amount} speaks of cents and is whole: a hundredth of it is read")
    return Net(formula, columns, tuple(remarks), has_sides, is_in_cents)


def _total(one: Content) -> float:
    return sum(abs(number) for number in one.numbers if number is not None)


def _paid_back(column: str, raw: RawTable) -> bool | None:
    """Whether a whole column holds money as what is negative; None where it holds none, or flags alone."""
    text = pl.col("text")
    rows = raw.scan().select(as_text(column, raw.schema[column]).alias("text"))
    held = rows.filter(text.str.contains("[1-9]")).select(
        is_money=text.str.contains(_MORE_THAN_A_FLAG).any(),
        is_negative=text.str.contains(_NEGATIVE).all(),
    )
    is_money, is_negative = held.collect(engine="streaming").row(0)
    return bool(is_negative) if is_money else None
