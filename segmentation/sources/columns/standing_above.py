"""Names that stand alone in a line above the rows of whom they name, as accounting programs print them."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.sources.columns.contents import Content


def standing_above(day: Content, contents: Sequence[Content]) -> str | None:
    """The first column that holds texts, none of them in a row with a day; None where no line holds it alone.

    The first row that is filled at all must be such a line, and rows with days must follow.
    """
    first = next((one for one in contents if one.filled), None)
    if first is None or first.kind not in ("text", "code", "mail") or first is day:
        return None
    if not all(any(map(str.isalnum, text)) for text in first.distinct):
        return None  # rules of dashes
    others = [one.cells for one in contents if one is not first]
    alone = [
        cell is not None and not any(cells[row] for cells in others)
        for row, cell in enumerate(first.cells)
    ]
    both = any(cell and moment for cell, moment in zip(first.cells, day.cells, strict=True))
    filled = next((row for row in range(len(alone)) if any(one.cells[row] for one in contents)), 0)
    is_followed = any(day.cells[filled:])
    return first.name if alone and alone[filled] and is_followed and not both else None
