"""The amount that may be meant where other columns are taken off it: refunds, debits, and a hundredth of cents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.columns.contents import Content
from segmentation.sources.columns.taken_off import in_units, less, refund_of, sides_of, tells_cents
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text

_NUMBERS: Final = ("whole", "decimal", "count", "nothing")  # nothing as yet
_NEGATIVE: Final = r"^\s*[-−(]|-\s*$"
_MORE_THAN_A_FLAG: Final = r"[2-9]|1.*[1-9]|10"


@dataclass(frozen=True)
class Net:
    """A formula of the file's columns, and what is to be said of it."""

    formula: str
    columns: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    has_sides: bool = False


def net_of(amount: str, raw: RawTable, contents: Mapping[str, Content]) -> Net:
    """What an amount comes to with what is to be taken off it: itself, where that is nothing."""
    numbers = [name for name, one in contents.items() if one.kind in _NUMBERS]
    sides, refund = sides_of(amount, numbers), refund_of(amount, numbers)
    formula, columns, remarks = amount, [amount], []
    has_sides = sides is not None and all(_paid_back(one, raw) is not None for one in sides)
    if sides is not None and has_sides:
        credit, debit = sides
        formula, columns = _less(credit, debit, raw), [credit, debit]
        remarks.append(f"{debit} holds money, too: it is taken off {credit}")
    if refund is not None and _paid_back(refund, raw) is not None:
        formula, columns = _less(formula, refund, raw), [*columns, refund]
        remarks.append(
            f"{refund} holds money: it is taken off {amount}. If it is already, name {amount} alone"
        )
    if tells_cents(amount) and contents[amount].kind in ("whole", "count"):
        formula = in_units(formula, columns)
        remarks.append(f"{amount} speaks of cents and is whole: a hundredth of it is read")
    return Net(formula, tuple(columns), tuple(remarks), has_sides)


def _less(amount: str, other: str, raw: RawTable) -> str:
    return less(amount, other, is_negative=bool(_paid_back(other, raw)))


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
