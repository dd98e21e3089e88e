"""Amounts that were guessed and are not what was paid: before refunds that stand beside them, or prices of
whole lines that would be multiplied once more.

Nothing is read otherwise by it: the run stops, and says what to write. A declared amount is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from segmentation.checks.undecided import amount_of, pasted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.column_specs import PerOrder, written
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.amounts import NOTHING, Told
from segmentation.sources.columns.candidates import is_of_refunds
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def amounts(run: AfterScan) -> Iterator[Notice]:
    """An error for each source of transactions of which the file tells another amount than was guessed."""
    for tally in run.measured.tables.transactions.tallies:
        told = amount_of(tally) if any(map(_may_tell, tally.parts)) else NOTHING
        read = _read(tally.parts[0].recipe) if told.columns else ""
        if read and told.columns["amount"] != PerOrder(read):
            yield _notice(told, read, tally.path, pasted(run, tally))


def _may_tell(part: Portion) -> bool:
    """Whether its header gives reason to look into the rows."""
    found = part.recipe.columns.canonical.get("amount")
    return not found or any(is_of_refunds(name, found[0]) for name in part.raw.schema)


def _read(recipe: Recipe) -> str:
    """What is read as the amount, as it would be declared."""
    names = ["amount"] if recipe.has("amount") else ["quantity", "unit_price"]
    return " * ".join(recipe.source(name) for name in names)


def _notice(told: Told, read: str, path: str, paste: str) -> Notice:
    columns = {name: written(spec) for name, spec in told.columns.items()}
    return notice(
        "doubted-amount",
        f"{read} was guessed to be the amount, and the file tells another: {told.remarks[0]}",
        where=path,
        mend=f"Write under sources: {flow({'columns': columns})[1:-1]}. "
        f"If it is {read}, declare that: {flow({'columns': {'amount': read}})[1:-1]}.{paste}",
    )
