"""Returns that would count as purchases, as their sign stands at the quantity alone. A declared amount is the door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    quantity = found.column
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
    if found.is_told:
        ways += [_apart(one, found)] if _is_plain(one) else []
        ways += [f"to leave them out, {flow({'where': found.sold()})[1:-1]}"]
    mend = (
        f"If they are returns, {_to_write(ways)}. "
        f"If they are purchases, declare the amount: {flow({'columns': {'amount': read}})[1:-1]}."
    )
    maps = {"amount": product} if product else {}
    tests = found.sold() if found.is_told and not product else {}
    return Stop("doubted-amount", what, one.tally.path, mend, maps=maps, tests=tests)


def _to_write(ways: Sequence[str]) -> str:
    if not ways:
        return "write their amounts below zero in the export, or leave them out of it"
    return f"write under sources: {'; or '.join(ways)}"


def _is_plain(one: Input) -> bool:
    """Whether a source is nothing but its path and columns, so that it can be written twice."""
    return one.source.where is None and not one.source.join


def _apart(one: Input, found: Returned) -> str:
    """The same files as two sources: what was sold, and what came back with the other sign."""
    sources = in_two(one.entry, one.source.columns, found.sold(), found.back(), negated(one))
    return flow({"transactions": sources})[1:-1]
