"""Names for the columns of a file that has none, by what its rows hold: a proposal, for people to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.sources.columns import dates

_LOOKED_AT: Final = 200
_DATES: Final = 20  # of these, tried on every format
_DECIMAL: Final = pattern(r"-?\d+[.,]\d{1,4}")
_PRICE: Final = pattern(r"[-−]?\d{1,4}[.,]\d{1,2}")
_FEWEST_DIGITS: Final = 3
_SMALL: Final = pattern(r"-?\d{1,3}")
_CODE: Final = pattern(r".*(\d|\S@\S).*")

Kind = Literal["date", "decimal", "small", "code", "text"]

#: of each table its columns, in the order in which they choose theirs; and what these hold
_MEANT: Final[Mapping[str, Mapping[str, tuple[Kind, ...]]]] = {
    "transactions": {
        "ordered_at": ("date",),
        "customer_id": ("code", "small"),
        "order_id": ("code",),
        "amount": ("decimal", "small", "code"),
        "quantity": ("small",),
    },
    "events": {
        "occurred_at": ("date",),
        "customer_id": ("code", "small"),
        "event": ("text",),
    },
    "customers": {"customer_id": ("code", "small", "text")},
    "products": {"product_id": ("code", "small", "text"), "department": ("text",)},
}


@dataclass(frozen=True)
class _Column:
    place: int
    kind: Kind
    values: int
    is_unique: bool


#: what a column of a name looks most like; any other's stands first
_BEST: Final[Mapping[str, Callable[[_Column], Any]]] = {
    # who buys comes back, and numbers that are small count things unless they stand first
    "customer_id": lambda one: (one.is_unique, one.kind == "small" and one.place, one.values),
    "event": lambda one: one.values,
    "amount": lambda one: (one.kind != "decimal", -one.place),  # the total stands last
}


def likely_names(table: str, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """A name for each column: canonical ones where a column may be meant, else column_1 and so on.

    >>> rows = [("7", "2023-01-25", "A0", "2", "91.40"), ("7", "2023-02-11", "A1", "1", "59.00")]
    >>> likely_names("transactions", rows)
    ('customer_id', 'ordered_at', 'order_id', 'quantity', 'amount')
    >>> likely_names("events", [("B", "web", "visit", "20230125"), ("A", "web", "call", "20230126")])
    ('column_1', 'event', 'column_3', 'occurred_at')
    """
    columns = [_column(i, cells) for i, cells in enumerate(zip(*rows[:_LOOKED_AT], strict=False))]
    found: dict[int, str] = {}
    for name, kinds in _MEANT[table].items():
        fits = [one for one in columns if one.kind in kinds and one.place not in found]
        if fits:
            found[min(fits, key=_BEST.get(name, lambda one: one.place)).place] = name
    return tuple(found.get(one.place, f"column_{one.place + 1}") for one in columns)


def _column(place: int, cells: Sequence[str]) -> _Column:
    values = len({*cells})
    return _Column(place, _kind(cells), values, is_unique=values == len(cells))


def _kind(cells: Sequence[str]) -> Kind:
    """What a column holds, by cells that are not blank."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return "text"
    if are_dates(filled[:_DATES]):
        return "date"
    if 2 * sum(_DECIMAL.fullmatch(cell) is not None for cell in filled) > len(filled):
        return "decimal"
    if all(_SMALL.fullmatch(cell) for cell in filled):
        return "small"
    return "code" if all(_CODE.fullmatch(cell) for cell in filled) else "text"


def are_dates(cells: Sequence[str]) -> bool:
    """Whether one format, or that of ISO, reads all of some texts."""
    if not all(map(_may_be_date, cells)):
        return False
    texts = pl.Series(cells, dtype=pl.String)
    shapes = [dates.ISO, *((shape,) for shape in dates.candidates(cells))]
    return any(dates.fitting(texts, shape) == len(cells) for shape in shapes)


def are_mostly_dates(cells: Sequence[str]) -> bool:
    """Whether one format of days, or that of ISO, reads most of some texts: what is none may be a placeholder.

    >>> are_mostly_dates(["2026-01-01 10:00", "0000-00-00 00:00:00", "2026-01-03 10:00"])
    True
    """
    if 2 * sum(map(_may_be_date, cells)) <= len(cells):
        return False
    texts = pl.Series([c for c in cells if not dates.placeholder(c)], dtype=pl.String)
    shapes = [dates.ISO, *((s,) for s in dates.candidates(texts.to_list()) if "%" in s)]
    return any(2 * dates.fitting(texts, shape) > len(texts) for shape in shapes)


def _may_be_date(cell: str) -> bool:
    """Whether a text has digits enough for a date, and is no price: to try all formats takes long."""
    return sum(map(str.isdigit, cell)) >= _FEWEST_DIGITS and not _PRICE.fullmatch(cell)
