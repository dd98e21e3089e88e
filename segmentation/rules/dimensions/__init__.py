"""What a dimension is, one file for each kind; KINDS is the only place that lists them.

A new kind is a file with a subclass of `Dimension`, and its line in KINDS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from segmentation.rules.conditions import Path
from segmentation.rules.dimensions.grid import Grid
from segmentation.rules.dimensions.kind import Asked, Dimension, OwnCut
from segmentation.rules.dimensions.ladder import Ladder
from segmentation.rules.dimensions.lifecycle import Lifecycle
from segmentation.rules.dimensions.tiers import VALUE_TIERS, Tiers
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.schema.fragments import Schema, ref

__all__ = [
    "KINDS",
    "VALUE_TIERS",
    "Asked",
    "Dimension",
    "OwnCut",
    "by_kind",
    "definitions",
    "parse_dimension",
]

#: every kind; the first that takes a YAML value for its own reads it
KINDS: tuple[type[Dimension], ...] = (
    Ladder,
    Grid,
    Lifecycle,
    Tiers,
)
EXAMPLE: Final = (
    "For example:\n    - active: {recency_days: {at_most: 60}}\n    - churned: otherwise"
)


def parse_dimension(value: Any, path: Path, parser: Parser, *, base: str) -> Dimension | None:
    """A dimension from YAML, or None when its shape is wrong (the parser has the problem)."""
    kind = next((k for k in KINDS if k.is_written(value)), None)
    if kind is not None:
        return kind.parse(value, path, parser, base=base)
    *forms, last = dict.fromkeys(k.form for k in KINDS)
    parser.wrong(path, f"a dimension is {', '.join(forms)}, or {last}", EXAMPLE)
    return None


def definitions() -> dict[str, Schema]:
    """The definitions of the JSON Schema: `dimension`, which is one of the kinds, and theirs."""
    how = "; or ".join(dict.fromkeys(kind.gives for kind in KINDS))
    one = {"description": f"One label per customer: {how}.", "anyOf": [ref(k.word) for k in KINDS]}
    return {"dimension": one, **{n: schema for k in KINDS for n, schema in k.schema().items()}}


def by_kind(dimensions: Mapping[str, Dimension]) -> Iterator[tuple[str, Dimension]]:
    """Dimensions with their names, those of one kind after those of the kind before it in KINDS."""
    for kind in KINDS:
        yield from ((n, one) for n, one in dimensions.items() if isinstance(one, kind))
