"""Amounts that were guessed beside a column of refunds, and amounts in cents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.stops import Input, Stop
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, notice
from segmentation.pattern import pattern
from segmentation.rules.column_specs import ColumnSpec
from segmentation.rules.reading.options import as_map
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.formulas import Cell
from segmentation.sources.columns.numbers import fixed_point
from segmentation.sources.columns.order_shares import rows_that_count
from segmentation.sources.columns.taken_off import in_units, less, refund_of, tells_cents
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion

_WHOLE: Final = pattern(r"[^.,]*[0-9]")

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def refunds(one: Input) -> Iterator[Stop]:
    """A stop where a column of refunds holds money, and nobody said what the amount is."""
    unasked = one.unasked()
    for part in one.tally.parts:
        recipe = part.recipe
        if "amount" not in recipe.columns.guessed:
            continue
        amount = recipe.source("amount")
        numbers = [n for n in unasked if n in recipe.schema and can_be(recipe.dtype(n), "number")]
        refund = refund_of(amount, numbers)
        paid_back = None if refund is None else _paid_back(part, refund)
        if refund is not None and paid_back is not None:
            yield _beside(
                one, less(amount, refund, is_negative=paid_back[1]), amount, refund, paid_back[0]
            )
            return


def _paid_back(part: Portion, column: str) -> tuple[int, bool] | None:
    """In how many rows that count a column holds money, and whether it stands there as what is negative.

    None without any; a column of 0 and 1 alone is a flag.
    """
    money = fixed_point(column, part.recipe.dtype(column), part.recipe.numbers)
    facts = rows_that_count(part.raw, part.recipe).select(money=money)
    found = facts.select(
        rows=(pl.col("money") != 0).sum(),
        is_flag=pl.col("money").drop_nulls().is_in([0, 10_000]).all(),
        is_negative=(pl.col("money") <= 0).all(),
    ).collect(engine="streaming")
    rows, is_flag, is_negative = found.row(0)
    return (rows, bool(is_negative)) if rows and not is_flag else None


def _beside(one: Input, formula: str, amount: str, refund: str, rows: int) -> Stop:
    maps: dict[str, ColumnSpec] = {"amount": formula}
    what = f"{refund} holds money in {counted(rows, 'row')}, and {amount} is read without it"
    mend = (
        f"If it was paid back, write under sources: columns: {flow(maps)}. "
        f"If it is taken off {amount} already: columns: {flow({'amount': amount})}."
    )
    return Stop("refunds-beside", what, one.tally.path, mend, maps=maps)


def in_cents(run: AfterScan) -> Iterator[Notice]:
    """A note for each input whose amounts are read as they stand in a column of cents."""
    for tally in run.measured.tables.transactions.tallies:
        names = dict.fromkeys(n for part in tally.parts for n in _in_cents(part))
        for name, column in names:
            text = f"{name} is read from {column} as it stands, and its name speaks of cents"
            unit = in_units(column, [column])
            way = as_map(name, unit) if run.rules.adhoc else f"columns: {flow({name: unit})}"
            mend = f"If they are cents: {way}"
            yield notice("amount-in-cents", text, where=tally.path, mend=mend)


def _in_cents(part: Portion) -> Iterator[tuple[str, str]]:
    """What is read from a column of cents, all of whose sampled cells are whole."""
    recipe = part.recipe
    for name in ("amount",) if recipe.has("amount") else ("unit_price",):
        formula = recipe.formula(name) if recipe.has(name) else None
        if isinstance(formula, Cell) and tells_cents(formula.column):
            cells = (cell for cell in part.raw.sample.get(formula.column, ()) if cell)
            if recipe.dtype(formula.column).is_integer() or all(map(_WHOLE.fullmatch, cells)):
                yield name, formula.column
