"""What stops a run until somebody decides about rows or amounts: what is said of it, and what to write.

All stops of a run are found before one is told, so that the command which is printed answers them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.notices import Notice, notice
from segmentation.rules.column_specs import ColumnSpec, Constant
from segmentation.rules.sources import Source
from segmentation.sources import Tally
from segmentation.sources.columns.aliases import CURRENCY
from segmentation.sources.columns.computed import computed
from segmentation.sources.columns.formulas import Formula
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.order_shares import order_of, rows_that_count, worth_of_line
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.states import counts_of_texts, is_of_currencies
from segmentation.sources.columns.ways import keys_besides
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion


@dataclass(frozen=True)
class Input:
    """One source of transactions, and the customers of the run."""

    source: Source
    tally: Tally
    customers: pl.Series
    is_small: bool = True
    """Whether its rows may be read once more; in a larger one to look again takes too long."""

    @property
    def entry(self) -> dict[str, Any]:
        """The source as it stands in the rules, without what chooses its rows and names its columns."""
        return keys_besides(self.source)

    @property
    def converts(self) -> bool:
        """Whether amounts of several currencies are converted."""
        return converts(self.tally)

    def asks(self, column: str) -> bool:
        """Whether a where asks what a column holds."""
        return any(column in part.recipe.choosing for part in self.tally.parts)

    def unasked(self) -> dict[str, str]:
        """The columns that neither `where` nor the mapping asks, and as what they are known."""
        return {c: name for part in self.tally.parts for c, name in _unasked(part).items()}

    def sampled(self, column: str) -> list[str | None]:
        """Some cells of a column, which were read when the files were opened."""
        return [c for part in self.tally.parts for c in part.raw.sample.get(column, ())]

    @cached_property
    def currencies(self) -> Mapping[str, Mapping[str, int]]:
        """The columns that say the currency of rows that count, and how often each text stands there.

        None where amounts are converted, and where it is declared that one constant is, or nothing, the currency.
        """
        declared = self.source.columns.get(CURRENCY, CURRENCY)
        if self.converts or declared is None or isinstance(declared, Constant):
            return {}
        named = (
            column
            for column, name in self.unasked().items()
            if name == CURRENCY or is_of_currencies(column, self.sampled(column))
        )
        found = {c: counts_of_texts(self.rows(c).select("text")) for c in named}
        return {c: n for c, n in found.items() if c == declared or is_of_currencies(c, n)}

    def rows(self, column: str) -> pl.LazyFrame:
        """Of rows that count the `text` in a column, and whether the amount `is_above` zero."""
        return rows_of(self.tally, column)


@dataclass(frozen=True)
class Stop:
    """One thing to be decided: what is said of it, and the options that decide.

    `maps` are columns of ours, `tests` those of the file's own that choose rows.
    """

    code: str
    what: str
    where: str
    mend: str
    maps: Mapping[str, ColumnSpec] = field(default_factory=dict)
    tests: Mapping[str, Any] = field(default_factory=dict)
    is_of_file: bool = False
    """Whether the file does not hold what would decide it: no rules can say it either."""

    def told(self, paste: str) -> Notice:
        """The notice, with what can be pasted."""
        return notice(self.code, self.what, where=self.where, mend=f"{self.mend}{paste}")


def converts(tally: Tally) -> bool:
    """Whether amounts of several currencies are converted."""
    return any(part.recipe.rates for part in tally.parts)


def rows_of(tally: Tally, column: str, *, with_orders: bool = False) -> pl.LazyFrame:
    """Of rows of an input that count the `text` in a column, and whether the amount `is_above` zero.

    With orders, also the `order` that each is of.
    """
    parts = (p for p in tally.parts if column in p.raw.schema)
    return pl.concat([_rows(part, column, with_orders=with_orders) for part in parts])


def _unasked(part: Portion) -> Mapping[str, str]:
    """Which currency a row has is known without anything being chosen by it."""
    recipe = part.recipe
    canonical = {c: name for name, cs in recipe.columns.canonical.items() for c in cs}
    known = recipe.choosing | {c for c, name in canonical.items() if name != CURRENCY}
    return {
        n: canonical.get(n, n)
        for n, t in part.raw.schema.items()
        if n not in known and can_be(t, "compared")
    }


def made_of(recipe: Recipe) -> list[str]:
    """The columns whose product is read as the amount, where it is no formula: the amount itself, or quantity and price."""
    names = ("amount",) if recipe.has("amount") else ("quantity", "unit_price")
    return [recipe.source(name) for name in names]


def below_zero(part: Portion, formula: Formula) -> int:
    """In how many rows that count a formula comes to less than 0."""
    is_below = computed(formula, part.recipe, holds) < 0
    rows = rows_that_count(part.raw, part.recipe).select(is_below.sum())
    return int(rows.collect(engine="streaming").item())


def amount_of_rows(recipe: Recipe) -> pl.Expr | None:
    """The amount of each row; None where it is that of its order."""
    if recipe.has("amount"):
        return computed(recipe.formula("amount"), recipe, holds)
    return worth_of_line(recipe)


def _rows(part: Portion, column: str, *, with_orders: bool) -> pl.LazyFrame:
    recipe = part.recipe
    amount = amount_of_rows(recipe)
    is_above = pl.lit(value=True) if amount is None else (amount > 0).fill_null(value=False)
    text = as_text(column, recipe.dtype(column))
    order = {"order": order_of(recipe)} if with_orders else {}
    return rows_that_count(part.raw, recipe).select(text=text, is_above=is_above, **order)
