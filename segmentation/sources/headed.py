"""Customers who stand alone in a line above their rows, as accounting programs print them: no row has a customer and a day."""

from __future__ import annotations

from typing import Any

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.operators import MISSING
from segmentation.sources.columns.filled import with_filled
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.reader import FILE, RECORD
from segmentation.sources.tables import Portion, Tally, canonical_rows

_WHO, _WHEN = "\0who", "\0when"


@dataclass(frozen=True)
class Headed:
    """The columns of customers, which are to be filled down, and what chooses the rows below the lines that name them."""

    fill_down: tuple[str, ...]
    where: dict[str, Any]


def headed(tally: Tally) -> Headed | None:
    """What reads an input whose customers stand above their rows; None where they do not."""
    found = [_of_part(part) for part in tally.parts]
    return found[0] if found and all(found) else None


def _of_part(part: Portion) -> Headed | None:
    who, when = (part.recipe.columns.canonical.get(n, ()) for n in ("customer_id", "ordered_at"))
    if len(who) != 1 or len(when) != 1 or not {*who, *when} <= part.raw.schema.keys():
        return None
    held = {name: holds(c, part.raw.schema[c]) for name, c in ((_WHO, who[0]), (_WHEN, when[0]))}
    rows = part.again([RECORD, FILE], held).select(RECORD, FILE, "amount", _WHO, _WHEN).collect()
    is_heading = pl.col(_WHO) & ~pl.col(_WHEN) & pl.col("amount").is_null()
    is_below = is_heading.cum_max().over(FILE, order_by=RECORD)
    is_sale = ~pl.col(_WHO) & pl.col(_WHEN) & (pl.col("amount") != 0).fill_null(value=False)
    sales = rows.filter(is_sale & is_below)
    are_apart = not rows.select((pl.col(_WHO) & pl.col(_WHEN)).any()).item()
    if sales.is_empty() or not are_apart or len(sales) < rows.select(is_sale.sum()).item():
        return None
    filled = canonical_rows(with_filled(part.raw, who), part.recipe, part.ragged, keep=[RECORD])
    used = filled.filter(pl.col(CODE) == Reason.USED).select(RECORD).collect()
    if len(used.join(sales, on=RECORD, how="semi")) < len(sales):
        return None
    return Headed(who, {when[0]: {MISSING.name: False}})
