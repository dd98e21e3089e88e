"""How values are held that rules compare, where that is known before there is data.

Columns of rows have the same form in every run if they are listed here; of others only the data
can tell, and so of what measures make of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from segmentation.rules.measures import Measure

if TYPE_CHECKING:
    from segmentation.rules.catalogue import Kind

#: the columns of each table of rows; those of transactions are also worked out of others
ROW_KINDS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "transactions": {
        "ordered_at": "date",
        "ordered_on": "date",
        "amount": "money",
        "unit_price": "money",
        "discount": "money",
        "cost": "money",
        "margin": "money",
        "quantity": "number",
        "discounted": "flag",
        "new_arrival": "flag",
    },
    "events": {"occurred_at": "date", "occurred_on": "date"},
    "customers": {},
}
#: of these, what products may lend to lines that lack it: then it is compared as it stands there
LENT: Final = frozenset({"unit_price", "discount", "quantity"})
#: aggregates that give one of the column's own values; of orders, the extremes are of their totals
_PICKED: Final = ("first", "last", "min", "max")


def row_kind(measure: Measure, column: str) -> Kind | None:
    """How a column of the rows that a measure reads is held, None where only the data can tell."""
    return ROW_KINDS[measure.table].get(column)


def column_kind(column: str) -> Kind | None:
    """How a column of rows is held in a table that lists it, None where none does."""
    return next((kinds[column] for kinds in ROW_KINDS.values() if column in kinds), None)


def measure_kind(measure: Measure) -> Kind | None:
    """How a measure's values are held, None where that hangs on what is in its column.

    The lint goes by this: which numbers are rounded as money is, only the data can tell.
    """
    if measure.aggregate == "any":
        return "flag"
    if measure.aggregate in ("share", "top_share"):
        return "share"
    if measure.aggregate in ("count", "distinct", "days_since", "days_until", "median_gap"):
        return "number"
    return None


def compared_kind(measure: Measure) -> Kind | None:
    """As `measure_kind`, and what follows from the measure's column.

    >>> compared_kind(Measure("sum", column="amount")), compared_kind(Measure("last", column="store"))
    ('money', None)
    """
    known = measure_kind(measure)
    return _made_of_its_column(measure) if known is None else known


def _made_of_its_column(measure: Measure) -> Kind | None:
    if measure.aggregate == "mean":
        return "number"
    known = None if measure.column is None else row_kind(measure, measure.column)
    is_extreme = measure.aggregate in ("min", "max")
    if measure.aggregate == "sum" or (is_extreme and measure.of == "orders"):
        return known if known == "money" else "number"
    is_sure = measure.aggregate in _PICKED and measure.column not in LENT
    return known if is_sure else None


#: what cannot be added up, whatever stands there
NO_NUMBERS: Final[frozenset[Kind]] = frozenset({"date", "flag"})


def adds_up(measure: Measure) -> bool:
    """Whether a measure adds up its column; the extremes of orders are of their totals."""
    is_of_totals = measure.aggregate in ("min", "max") and measure.of == "orders"
    return measure.aggregate in ("sum", "mean") or is_of_totals


def no_numbers(measure: Measure, kind: Kind) -> tuple[str, str]:
    """What is wrong with a measure that adds up a column of no numbers, and how to mend it."""
    what = f"{measure.aggregate} adds up numbers, and {measure.column} is "
    if kind == "flag":
        mend = f"Count the rows that have it: where: {{{measure.column}: true}}."
        return f"{what}true or false", mend
    return f"{what}a date", "Name a column of numbers. Of dates there are first, last, min and max."
