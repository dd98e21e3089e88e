"""Amounts that are read as they stand in a column of cents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from segmentation.messages.notices import Notice, notice
from segmentation.pattern import pattern
from segmentation.rules.reading.options import as_map
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.formulas import Cell
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
