"""Sums of money: of a customer they fit 64 bits and what is written, or the run ends; of many they take 128."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.messages.errors import InputError, Problem
from segmentation.messages.privacy import ids_after
from segmentation.rules.catalogue import Kind
from segmentation.rules.money import SCALE
from segmentation.sources import Table
from segmentation.sources.read import LARGEST_AMOUNT

#: in 1/10,000: a decimal of 18 digits ends below
MOST: Final = 10**18


def summed(column: str) -> pl.Expr:
    """The money of many customers, of whom each has almost what 64 bits hold."""
    return pl.col(column).cast(pl.Int128).sum()


def total(money: pl.Series) -> int:
    """The same of a series."""
    return int(money.to_frame().select(summed(money.name)).item())


def check_totals(transactions: Table, counts: Sequence[pl.DataFrame]) -> None:
    """Raise InputError if the amounts of a customer add up to what cannot be held.

    Rows are added up only if as many of the largest amount as there are rows would be too much.
    """
    of_lines = [c for c in counts if LARGEST_AMOUNT in c.columns]
    amount = max((c[LARGEST_AMOUNT].item() or 0 for c in of_lines), default=0)
    if amount * sum(c["rows_used"].item() for c in of_lines) < MOST:
        return
    spent = pl.col("amount").abs().cast(pl.Float64).sum()
    totals = transactions.rows.group_by("customer_id").agg(spent)
    beyond = totals.filter(pl.col("amount") >= MOST).collect(engine="streaming")
    if beyond.height:
        ids = sorted(beyond["customer_id"].cast(pl.String))
        what = (
            f"the amounts of a customer add up to more than {MOST // SCALE - 1:,}{ids_after(ids)}"
        )
        raise InputError(
            Problem(what, transactions.tallies[0].path, "Is a column of ids read as the amount?")
        )


def narrowed(customers: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
    """Sums of money, some of them held in 128 bits, as the 64 bits that are written.

    Raises InputError when one is too large for that.
    """
    held = (pl.Int64, pl.Int128)
    money = [n for n, t in customers.schema.items() if t in held and kinds.get(n) == "money"]
    for name in money:
        if customers.select((pl.col(name).abs() >= MOST).any()).item():
            raise InputError(
                Problem(
                    f"a customer's {name} is more than 99,999,999,999,999",
                    mend="Is a column of ids or times summed as money?",
                )
            )
    return customers.with_columns(pl.col(money).cast(pl.Int64))
