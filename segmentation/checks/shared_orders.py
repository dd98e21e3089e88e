"""Orders whose amount stands for all of them, and that are no one's alone: of several customers, in several files.

Shops of a chain often count their orders each for itself. Two orders of one number would share one amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Door, Notice, notice
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.ids import in_small_letters
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import FILE
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import MOST_ROWS, Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

MOST_NAMED: Final = 3  # inputs
MOST_TRIED: Final = 20  # columns


def orders_not_alone(run: AfterScan) -> Iterator[Notice]:
    """An error where rows of several customers have one order whose amount stands for all of it, and a warning
    where such an order is in several files."""
    inputs = [count for _, _, count in run.transactions]
    parts = [part for _, tally, _ in run.transactions for part in tally.parts]
    parts = [p for p in parts if p.recipe.columns.per_order and p.recipe.has("order_id")]
    where = listed([one.path for one in inputs], MOST_NAMED)
    if not parts or sum(one.rows_read for one in inputs) >= MOST_ROWS:
        return
    shared = pl.concat([_customers(part) for part in parts]).collect(engine="streaming")
    several = int((shared["customers"] > 1).sum())
    if several:
        yield _of_customers(several, _told_apart_by(parts), where)
    else:
        again = int(shared.group_by("order").len().select((pl.col("len") > 1).sum()).item())
        if again:
            yield _of_files(again, where)


def _customers(part: Portion, *beside: str) -> pl.LazyFrame:
    """How many customers each order of a part has within a file, told apart by its id and some columns."""
    recipe = part.recipe
    rows = part.raw.scan(with_files=True)
    rows = rows if recipe.counts is None else rows.filter(recipe.counts)
    texts = {name: _text(recipe, name) for name in ("order_id", "customer_id")}
    others = [pl.col(column).cast(pl.String).alias(f"by {column}") for column in beside]
    named = rows.select(pl.col(FILE).cast(pl.String), *others, **texts).drop_nulls("order_id")
    by = [FILE, "order_id", *(f"by {column}" for column in beside)]
    counts = named.group_by(by).agg(customers=pl.col("customer_id").drop_nulls().n_unique())
    return counts.select(FILE, "customers", order="order_id")


def _text(recipe: Recipe, name: str) -> pl.Expr:
    """The id of a row as it is compared; null where it is blank."""
    texts = [as_text(c, recipe.dtype(c)).str.strip_chars() for c in recipe.columns.canonical[name]]
    text = in_small_letters(texts[0])
    return pl.when(text != "").then(text)


def _told_apart_by(parts: Sequence[Portion]) -> str | None:
    """A column beside which each order has one customer: the shop, or the till."""
    taken = {c for part in parts for cs in part.recipe.columns.canonical.values() for c in cs}
    first = parts[0].raw
    may_be = [n for n, t in first.schema.items() if n not in taken and can_be(t, "compared")]
    for column in may_be[:MOST_TRIED]:
        if all(column in part.raw.schema for part in parts):
            shared = pl.concat([_customers(part, column) for part in parts])
            if not shared.select((pl.col("customers") > 1).any()).collect().item():
                return column
    return None


def _of_customers(orders: int, beside: str | None, where: str) -> Notice:
    has, it = agreeing(orders, "has", "have"), agreeing(orders, "it", "them")
    text = (
        f"{counted(orders, 'order')} with an amount per order {has} rows of several customers, who would share "
        f"the amount of {it}"
    )
    mend = "Does each shop count its orders for itself? Then two columns are the order: columns: {order_id: [SHOP, ORDER]}."
    if beside is not None:
        entry = flow({"order_id": [beside, "ORDER"]})
        mend = (
            f"With {beside} beside its number each order has one customer: columns: {entry}, "
            "where ORDER is the column of orders."
        )
    door = Door("If they bought together")
    return notice("orders-not-alone", text, where=where, mend=mend, door=door)


def _of_files(orders: int, where: str) -> Notice:
    text = (
        f"{counted(orders, 'order')} with an amount per order {agreeing(orders, 'stands', 'stand')} in several files: "
        f"{agreeing(orders, 'it counts', 'they count')} once in each"
    )
    mend = "Put the rows of an order in one file, or leave out what the files both hold."
    return notice("orders-not-alone", text, where=where, mend=mend, level="warn")
