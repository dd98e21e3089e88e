"""Guests of a shop who have an address and no id: a column of addresses tells them where that of ids does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.sources import Source
from segmentation.sources.columns.candidates import candidates
from segmentation.sources.columns.contents import Content
from segmentation.sources.columns.nobody import is_nobody

_NEARLY_ALL: Final = 0.9  # of the rows have an address
_FEW: Final = 0.05  # of the rows are of guests


@dataclass(frozen=True)
class Guests:
    """The column of ids, that of addresses, and in how many of some rows the second alone tells who bought."""

    ids: str
    addresses: str
    rows: int
    of: int


def guests_of(
    source: Source, ids: Collection[str], cells: Mapping[str, Sequence[str | None]]
) -> Guests | None:
    """Guests in some rows, where the column of `ids` was found by its name and nothing says who is nobody.

    An address that stands beside an id elsewhere is no guest's: rows of an order go on below its first.
    """
    name, *others = [*ids, ""]
    if others != [""] or "customer_id" in source.columns or source.missing or source.fill_down:
        return None
    who = cells.get(name, ())
    if not any(map(is_nobody, who)) or all(map(is_nobody, who)):
        return None
    for mails in _addresses(name, cells):
        rows = _without_id(who, cells[mails])
        if rows > _FEW * len(who):
            return Guests(name, mails, rows, len(who))
    return None


def _addresses(ids: str, cells: Mapping[str, Sequence[str | None]]) -> list[str]:
    """The columns of customers' addresses that are filled in nearly all rows, best first."""
    contents = [
        Content(name, place, tuple(text or None for text in texts), pl.String())
        for place, (name, texts) in enumerate(cells.items())
        if name != ids and any("@" in (text or "") for text in texts)
    ]
    found = (one for one in candidates("customer_id", contents) if one.kind == "mail")
    return [one.name for one in found if len(one.filled) >= _NEARLY_ALL * len(one.cells)]


def _without_id(ids: Sequence[str | None], addresses: Sequence[str | None]) -> int:
    """How many rows have an address that stands beside no id."""
    rows = [((a or "").strip().lower(), is_nobody(i)) for i, a in zip(ids, addresses, strict=False)]
    known = {address for address, is_guest in rows if not is_guest}
    return sum(is_guest and "@" in address and address not in known for address, is_guest in rows)
