"""What is said of customers instead of being computed: values of features, and thresholds.

Persona tests say such things; nothing is fitted then, for a handful of customers has no top 20 %.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.customers.cuts import Cuts
from segmentation.customers.describe import Book
from segmentation.customers.graph import Node
from segmentation.dataclass import dataclass

GIVEN: Final = "_given "  # before a name: the column of its given values


@dataclass(frozen=True)
class Given:
    """The customers that are looked at, what is given of them, and all thresholds.

    `customers`: one row each, `customer_id` and a column GIVEN + name for each name of which a
    value is given; it is missing where the computed one holds.
    """

    customers: pl.DataFrame
    cuts: Cuts

    @property
    def names(self) -> tuple[str, ...]:
        """What a value is given of."""
        return tuple(c.removeprefix(GIVEN) for c in self.customers.columns if c != "customer_id")

    def over(self, measured: pl.DataFrame, book: Book) -> pl.DataFrame:
        """These customers by id, given values in the place of measured ones."""
        kept = measured.join(self.customers, on="customer_id", how="inner", maintain_order="left")
        plain = (n for n in self.names if book.node(n) is None)
        return kept.with_columns(pl.coalesce(f"{GIVEN}{n}", n).alias(n) for n in plain)

    def book(self, book: Book) -> Book:
        """The book whose nodes give way to given values."""
        nodes = (book.node(name) for name in self.names)
        return book.with_given({n.name: _giving_way(n) for n in nodes if n is not None})


def _giving_way(node: Node) -> Node:
    def expr(cuts: Cuts) -> pl.Expr:
        return pl.coalesce(pl.col(f"{GIVEN}{node.name}"), node.expr(cuts))

    return replace(node, expr=expr)
