"""Amounts that are declared or read as they stand, and beside which the file says more: cents, and what came back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from segmentation.checks.stops import below_zero
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.pattern import pattern
from segmentation.rules.operators import MORE_THAN
from segmentation.rules.reading.options import as_map, as_where
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.formulas import Cell, columns_of
from segmentation.sources.columns.taken_off import in_units, tells_cents
from segmentation.sources.tables import Portion

_WHOLE: Final = pattern(r"[^.,]*[0-9]")

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def in_cents(run: AfterScan) -> Iterator[Notice]:
    """A note for each input whose amounts are read as they stand in a column of cents."""
    for tally in run.measured.tables.transactions.tallies:
        names = dict.fromkeys(n for part in tally.parts for n in _in_cents(part))
        for name, column in names:
            text = f"{name} is read from {column} as it stands, and its name speaks of cents"
            unit = in_units(column)
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


def of_returns(run: AfterScan) -> Iterator[Notice]:
    """A warning for each input in which every row has the same amount, and in some the quantity is below zero."""
    for source, tally, _ in run.transactions:
        rows = sum(map(_returned, tally.parts))
        if rows:
            column = tally.parts[0].recipe.source("quantity")
            text = (
                f"the amount is the same in every row, and {column} is below zero in {counted(rows, 'row')}: "
                f"{agreeing(rows, 'it counts as a purchase', 'they count as purchases')}"
            )
            test = {MORE_THAN.name: 0}
            is_open = run.rules.adhoc and source.where is None
            way = as_where(column, test) if is_open else flow({"where": {column: test}})[1:-1]
            mend = f"What came back is no purchase: leave it out by {way}."
            yield notice("doubted-amount", text, where=tally.path, mend=mend, level="warn")


def _returned(part: Portion) -> int:
    """How many rows that count are of what came back, where their amount does not say so."""
    recipe = part.recipe
    if (
        not recipe.has("quantity")
        or not recipe.has("amount")
        or columns_of(recipe.formula("amount"))
    ):
        return 0
    return below_zero(part, recipe.formula("quantity"))
