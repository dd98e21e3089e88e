"""By which columns the customers of two files meet, as far as samples tell: the mapping of `init` is one that joins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.rules.reading.read_options import Keys
from segmentation.rules.sources import TableName
from segmentation.sources.columns.candidates import candidates, tells_somebody
from segmentation.sources.columns.contents import Content
from segmentation.sources.detected import Detected, detected

_MOST: Final = 0.5  # of the cells that have to meet
_FILLED: Final = 0.9
_FEWEST: Final = 3  # ids that meet


def met(
    orders: Detected, customers: Detected, keys: Mapping[TableName, Keys]
) -> tuple[Detected, Detected]:
    """Both files with their customers told by columns that meet, where those that were found meet less; `keys` are declared.

    The orders' own column comes first, then that of customers, then the only pair of others, of those that may
    tell customers. Where a file has no sample of its ids nothing is known.
    """
    own, theirs = _told_by(orders), _told_by(customers)
    if own is None or theirs is None:
        return orders, customers
    met_by, ids = _share(orders.cells.get(own, ()), _ids(customers, theirs)), _ids(orders, own)
    if not ids or not _ids(customers, theirs) or met_by >= _FILLED:
        return orders, customers
    ours = [name for name in orders.cells if name != own and _may_tell(orders, name)]
    beside = [n for n in customers.cells if n != theirs and _may_tell(customers, n)]
    pairs = [
        *_pairs(orders, customers, [own], beside),
        *_pairs(orders, customers, ours, [theirs]),
    ]
    pairs = pairs or _pairs(orders, customers, [own, *ours], [theirs, *beside])
    better = [
        (ours, other)
        for ours, other in pairs
        if _share(orders.cells[ours], _ids(customers, other)) > met_by
    ]
    if len(better) != 1:
        return orders, customers
    said, also = (keys.get(one.table, {}) for one in (orders, customers))
    return _by(orders, better[0][0], said), _by(customers, better[0][1], also)


def _may_tell(one: Detected, column: str) -> bool:
    """Whether a column may tell customers: by its name, by addresses, or as codes of a file of customers.

    Numbers of orders and of rows begin with 1 in both files, and meet whoever stands there.
    """
    cells = tuple(map(_plain, one.cells[column]))
    content = Content(column, 0, tuple(cell or None for cell in cells), pl.String())
    if one.table == "customers" and content.kind == "code":
        return True
    is_somebody = content.kind == "mail" or tells_somebody(content)
    return is_somebody and bool(candidates("customer_id", [content]))


def _told_by(one: Detected) -> str | None:
    """The column that customers are told by."""
    keys = (k for k in one.keys if (k.under, k.name) == ("columns", "customer_id") and k.certain)
    return next((str(key.value) for key in keys), None)


def _by(one: Detected, column: str, keys: Keys) -> Detected:
    """A file read again with its customers told by a column; as it was where it is told by it, or cannot be."""
    if _told_by(one) == column:
        return one
    found = detected(one.table, str(one.data["path"]), keys, of_buyers=frozenset([column]))
    if _told_by(found) != column:
        return one
    said = "check: it meets the ids of the other file"
    told = (replace(key, said=said) if key.name == "customer_id" else key for key in found.keys)
    return replace(found, keys=tuple(told))


def _pairs(
    orders: Detected, customers: Detected, own: Sequence[str], theirs: Sequence[str]
) -> list[tuple[str, str]]:
    """The columns of orders most cells of which are ids in a column of customers, which has each of them once."""
    once = {name: _ids(customers, name) for name in theirs if _is_once(customers.cells[name])}
    return [
        (one, other)
        for one in own
        for other, ids in once.items()
        if one in orders.cells and _are_mostly(orders.cells[one], ids)
    ]


def _is_once(cells: Sequence[str | None]) -> bool:
    """Whether a column holds something in nearly each row, and nothing in several."""
    filled = [cell for cell in map(_plain, cells) if cell]
    return len(filled) >= _FILLED * len(cells) and len({*filled}) == len(filled)


def _are_mostly(cells: Sequence[str | None], ids: Collection[str]) -> bool:
    """Whether most cells of a column are ids, of several customers, and nearly none is blank."""
    filled = [cell for cell in map(_plain, cells) if cell]
    met = [cell for cell in filled if cell in ids]
    is_filled = len(filled) >= _FILLED * len(cells)
    return is_filled and len({*met}) >= _FEWEST and len(met) >= _MOST * len(filled)


def _share(cells: Sequence[str | None], ids: Collection[str]) -> float:
    """The part (0-1) of cells that are ids; numbers that begin with 1 in both files meet here and there."""
    filled = [cell for cell in map(_plain, cells) if cell]
    return sum(cell in ids for cell in filled) / len(filled) if filled else 0.0


def _ids(one: Detected, column: str) -> set[str]:
    return {plain for cell in one.cells.get(column, ()) if (plain := _plain(cell))}


def _plain(cell: str | None) -> str:
    return (cell or "").strip().lower()
