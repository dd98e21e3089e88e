"""Customers of whom an address is known and no id: they would be lost, or all be one."""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.checks.stops import Input, Stop
from segmentation.messages.errors import counted
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.guests import Guests, guests_of


def guests(one: Input) -> Iterator[Stop]:
    """A stop where the column of customers names nobody in more than a few rows, and addresses tell who bought."""
    for part in one.tally.parts:
        ids = part.recipe.columns.canonical.get("customer_id", ())
        found = guests_of(one.source, ids, part.raw.sample)
        if found is not None:
            yield _stop(found, one.tally.path)
            return


def _stop(found: Guests, path: str) -> Stop:
    what = (
        f"{found.ids} names nobody in {found.rows:,} of {counted(found.of, 'row')} that were looked at, and "
        f"{found.addresses} does: these customers would be left out, or be one"
    )
    ways = [flow({"columns": {"customer_id": c}})[1:-1] for c in (found.addresses, found.ids)]
    mend = (
        f"Read customers by their address under sources: {ways[0]}. "
        f"Where such rows are nobody's, say so: {ways[1]}."
    )
    return Stop("guests", what, path, mend, maps={"customer_id": found.addresses})
