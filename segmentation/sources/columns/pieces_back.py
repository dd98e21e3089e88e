"""How many pieces of a line came back, in a column beside its quantity: they are no spend.

What is written is a formula of the file's columns: of a price the pieces that stayed, of the amount of a
line the part of it that they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.columns.candidates import is_price_of
from segmentation.sources.columns.contents import Content, contents_of
from segmentation.sources.columns.taken_off import tells_returned_pieces
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text

_LOOKED_INTO: Final = 1_000_000  # rows at most: of a larger file the first ones tell
_NUMBERS: Final = ("whole", "decimal", "count")
_SAME: Final = 0.0051  # as two amounts are, one of which was rounded


@dataclass(frozen=True)
class PiecesBack:
    """The column of pieces that came back, what is read as the amount, and the formula without them: blank where
    no quantity tells it."""

    column: str
    read: str
    formula: str


def pieces_back(
    made: Sequence[str],
    known: Mapping[str, str],
    raw: RawTable,
    free: Sequence[str],
    counts: pl.Expr | None,
) -> PiecesBack | None:
    """The pieces that came back of lines whose amount is `made` of columns; None where none did, or it is without them.

    `known` are the columns by canonical name, `free` those that are none.
    """
    named = [one for one in free if one in raw.schema and tells_returned_pieces(one)]
    if not named:
        return None
    rows = raw.scan().head(_LOOKED_INTO)
    rows = rows if counts is None else rows.filter(counts)
    own = dict.fromkeys([*made, *(known[n] for n in ("quantity", "unit_price") if n in known)])
    for name in named:
        is_back = as_text(name, raw.schema[name]).str.contains("[1-9]")
        contents = contents_of(raw, [*own, name], rows.filter(is_back))
        back = contents.get(name)
        if back is not None and back.kind in _NUMBERS and any(back.numbers):
            return _taken_off(made, known, contents, back)
    return None


def product_of(contents: Sequence[Content]) -> list[float | None]:
    """What columns come to in each row, as numbers: None where one says nothing."""
    rows = zip(*(one.numbers for one in contents), strict=True)
    return [None if None in row else prod(n for n in row if n is not None) for row in rows]


def _taken_off(
    made: Sequence[str], known: Mapping[str, str], contents: Mapping[str, Content], back: Content
) -> PiecesBack | None:
    read = " * ".join(made)
    pieces = contents.get(known.get("quantity", ""))
    price = contents.get(known.get("unit_price", ""))
    if pieces is None:
        return PiecesBack(back.name, read, "")
    left = [
        None if q is None or r is None else q - abs(r)
        for q, r in zip(pieces.numbers, back.numbers, strict=True)
    ]
    worth = product_of([contents[one] for one in made])
    if price is not None and len(made) == 1 and _are_without(worth, left, price):
        return None
    if any(number is not None and number < 0 for number in left):
        return PiecesBack(back.name, read, "")
    sign = "+" if all(number < 0 for number in back.numbers if number) else "-"
    stayed = f"({pieces.name} {sign} {back.name})"
    of_price = price is not None and (len(made) > 1 or is_price_of(price, pieces, contents[read]))
    if price is not None and of_price:
        return PiecesBack(back.name, read, f"{stayed} * {price.name}")
    return PiecesBack(back.name, read, f"{read} * {stayed} / {pieces.name}")


def _are_without(
    worth: Sequence[float | None], left: Sequence[float | None], price: Content
) -> bool:
    """Whether amounts are those of the pieces that stayed."""
    rows = zip(worth, left, price.numbers, strict=True)
    whole = [(w, n, p) for w, n, p in rows if w is not None and n is not None and p is not None]
    return bool(whole) and all(abs(w - n * p) <= _SAME * max(1, abs(n)) for w, n, p in whole)
