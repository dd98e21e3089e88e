"""Files of refunds beside files of sales: what was paid back is their amount, and is taken off.

What they lack may be joined from the sales. The amount may not: there it counts already.
"""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.sources.columns.contents import contents_of
from segmentation.sources.columns.taken_off import tells_refunds
from segmentation.sources.reader import RawTable


def paid_back(raw: RawTable, names: Sequence[str]) -> str | None:
    """The amount of rows in which one column of money tells refunds, as what is taken off; None where none does, or several."""
    contents = contents_of(raw, [name for name in names if tells_refunds(name)])
    found = [one for one in contents.values() if one.kind in ("decimal", "whole")]
    if len(found) != 1:
        return None
    [one] = found
    is_below = any(number is not None and number < 0 for number in one.numbers)
    return one.name if is_below else f"-{one.name}"
