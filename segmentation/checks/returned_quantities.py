"""Returns that would count as purchases, as their sign stands at the quantity alone. A declared amount is the door."""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.checks.negated import negated
from segmentation.checks.stops import Input, Stop, made_of
from segmentation.messages.errors import counted
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.refunds_apart import in_two
from segmentation.sources.columns.returned import Returned, returned
from segmentation.sources.tables import MOST_ROWS


def returned_quantities(one: Input) -> Iterator[Stop]:
    """A stop where rows with a quantity below zero have an amount above it, and nobody declares the amount."""
    if "amount" in one.source.columns:
        return
    for part in one.tally.parts:
        found = returned(part.raw, part.recipe, most=MOST_ROWS)
        if found is not None:
            yield _stop(one, part.recipe, found)
            return


def _stop(one: Input, recipe: Recipe, found: Returned) -> Stop:
    quantity = recipe.source("quantity")
    read = " * ".join(made_of(recipe))
    what = (
        f"{quantity} is below zero in {counted(found.below, 'row')}, and the amount ({read}) is above zero in "
        f"{found.rows:,} of them: returns would count as purchases"
    )
    product = f"{quantity} * {recipe.source('unit_price')}" if found.agrees else ""
    ways = (
        [f"columns: {flow({'amount': product})}, which is every amount but for its sign"]
        if product
        else []
    )
    ways += [_apart(one, quantity, found)] if _is_plain(one) else []
    ways += [f"to leave them out, {_where(quantity, found)}"]
    mend = (
        f"If they are returns, write under sources: {'; or '.join(ways)}. "
        f"If they are purchases, declare the amount: {flow({'columns': {'amount': read}})[1:-1]}."
    )
    maps = {"amount": product} if product else {}
    tests = {} if product else found.sold(quantity)
    return Stop("doubted-amount", what, one.tally.path, mend, maps=maps, tests=tests)


def _where(quantity: str, found: Returned) -> str:
    return flow({"where": found.sold(quantity)})[1:-1]


def _is_plain(one: Input) -> bool:
    """Whether a source is nothing but its path and columns, so that it can be written twice."""
    return one.source.where is None and not one.source.join


def _apart(one: Input, quantity: str, found: Returned) -> str:
    """The same files as two sources: what was sold, and what came back with the other sign."""
    sold, back = found.sold(quantity), found.back(quantity)
    sources = in_two(one.entry, one.source.columns, sold, back, negated(one))
    return flow({"transactions": sources})[1:-1]
