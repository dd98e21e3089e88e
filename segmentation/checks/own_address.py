"""Payments of a file that tells who sent and who received them: of what was paid back the sender is the shop.

A provider of payments writes the shop's own address where customers stand, in the rows of refunds: they would be
taken off a customer that is the shop, and off nobody who bought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from segmentation.checks.stops import Input, Stop, rows_of
from segmentation.messages.errors import commonest, counted
from segmentation.rules.column_specs import written
from segmentation.rules.operators import LESS_THAN, MORE_THAN
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.contents import LOOKED_AT
from segmentation.sources.columns.formulas import Cell
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.refunds_apart import in_two
from segmentation.sources.tables import Portion

_HALF: Final = 0.5
_FEWEST: Final = 2  # customers who paid to one address


def own_address(one: Input) -> Iterator[Stop]:
    """A stop where the address that most rows are paid to is the customer of rows below zero."""
    for part in one.tally.parts:
        sender, amount = _sender(part.recipe), _amount(part.recipe)
        if sender is None or amount is None or {sender, amount} & part.recipe.choosing:
            continue
        for receiver, address in _received(part, sender):
            rows = _rows_of_address(one, sender, address)
            if rows:
                yield _stop(one, sender, receiver, amount, rows)
                return


def _sender(recipe: Recipe) -> str | None:
    """The one column that customers are told by."""
    found = recipe.columns.canonical.get("customer_id", ())
    return found[0] if len(found) == 1 else None


def _amount(recipe: Recipe) -> str | None:
    """The one column that the amount is read from."""
    formula = recipe.formula("amount") if recipe.has("amount") else None
    return formula.column if isinstance(formula, Cell) else None


def _received(part: Portion, sender: str) -> Iterator[tuple[str, str]]:
    """Columns of addresses in which one stands in most rows of the sample, and that address: several pay to it."""
    from_whom = part.raw.sample.get(sender, ())
    for column, cells in part.raw.sample.items():
        if column == sender or not any("@" in (cell or "") for cell in cells):
            continue
        texts = [_plain(cell) for cell in cells]
        counts = Counter(filter(None, texts))
        most = commonest(counts)[0]
        payers = {_plain(who) for who, to in zip(from_whom, texts, strict=False) if to == most}
        if (
            "@" in most
            and counts[most] > _HALF * len(texts)
            and len(payers - {"", most}) >= _FEWEST
        ):
            yield column, most


def _plain(cell: str | None) -> str:
    return (cell or "").strip().lower()


def _rows_of_address(one: Input, sender: str, address: str) -> int:
    """How many rows have it for their customer, most of which are not above zero; 0 where it buys as others do."""
    rows = rows_of(one.tally, sender)
    rows = rows if one.is_small else rows.head(LOOKED_AT)
    own = rows.filter(pl.col("text").str.strip_chars().str.to_lowercase() == address)
    found = own.select(rows=pl.len(), above=pl.col("is_above").sum()).collect(engine="streaming")
    number, above = found.row(0)
    return int(number) if 2 * above < number else 0


def _stop(one: Input, sender: str, receiver: str, amount: str, rows: int) -> Stop:
    sold: Mapping[str, Any] = {amount: {MORE_THAN.name: 0}}
    what = (
        f"{sender} holds in {counted(rows, 'row')} below zero the address that most rows are paid to ({receiver}): what was "
        "paid back there is taken off nobody who bought"
    )
    entry, back = one.entry, {amount: {LESS_THAN.name: 0}}
    first, second = in_two(entry, one.source.columns, sold, back, written(amount))
    second = {**second, "columns": {**second["columns"], "customer_id": receiver}}
    ways = flow({"sources": {"transactions": [first, second]}})[1:-1]
    mend = (
        f"Leave them out under sources: {flow({'where': sold})[1:-1]}. "
        f"To take them off whom they were paid back to, two sources in the rules: {ways}. "
        f"Where they are right so: any where on {amount} or {sender} is taken."
    )
    return Stop("unchosen-rows", what, one.tally.path, mend, tests=sold)
