"""The first rows of a file order by order: what they come to, and what columns say; for what only sums can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from segmentation.checks.stops import amount_of_rows
from segmentation.sources.columns.contents import LOOKED_AT
from segmentation.sources.columns.order_shares import order_of, rows_that_count
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion

ORDER: Final = "\0order"
AMOUNT: Final = "\0amount"
_CENT: Final = 100  # in 1/10,000, for each line that was rounded


def telling_columns(part: Portion) -> list[str]:
    """The columns that may tell kinds of rows: of ours only that of articles is read from them."""
    columns = part.recipe.columns.canonical
    taken = {c for name, found in columns.items() if name != "product_id" for c in found}
    readable = part.raw.readable.items()
    return [c for c, dtype in readable if c not in taken and can_be(dtype, "compared")]


def are_same(above: int, below: Sequence[int]) -> bool:
    """Whether an amount is what others add up to, but for a cent that was rounded."""
    return above != 0 and abs(above - sum(below)) <= _CENT * len(below)


def rows_told(part: Portion, columns: Sequence[str]) -> pl.DataFrame | None:
    """The first rows that count: their order, their amount in 1/10,000, and what columns say; None where nothing tells."""
    recipe = part.recipe
    amount = amount_of_rows(recipe) if "amount" not in recipe.columns.per_order else None
    if amount is None or not all(can_be(part.raw.schema[c], "compared") for c in columns):
        return None
    texts = {c: _text(c, recipe) for c in columns}
    rows = rows_that_count(part.raw, recipe).head(LOOKED_AT)
    found = rows.select(_order(recipe), amount.cast(pl.Int64).alias(AMOUNT), **texts)
    return found.drop_nulls(ORDER).collect(engine="streaming")


def _order(recipe: Recipe) -> pl.Expr:
    """The order of a row; without a column for it, its customer's moment."""
    if recipe.has("order_id"):
        return order_of(recipe).alias(ORDER)
    names = [c for n in ("customer_id", "ordered_at") for c in recipe.columns.canonical[n]]
    return pl.concat_str([_text(c, recipe) for c in names], separator="\0").alias(ORDER)


def _text(column: str, recipe: Recipe) -> pl.Expr:
    text = as_text(column, recipe.dtype(column)).str.strip_chars()
    return pl.when(text != "").then(text)
