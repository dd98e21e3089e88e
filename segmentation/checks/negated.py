"""The amount of an input with the other sign, as it is written in the rules."""

from __future__ import annotations

from typing import Any

from segmentation.checks.stops import Input, made_of
from segmentation.sources.columns.refunds_apart import signed


def negated(one: Input, *, sign: str = "-") -> Any:
    """The amount of an input as what is taken off, or as it is without the sign; None where that is not one formula."""
    return signed(one.source.columns.get("amount"), made_of(one.tally.parts[0].recipe), sign)
