"""Who is in which audience: matched = suppressed + outranked + control + capped + exported.

Suppression comes first, then the waterfall: of its personas a customer stays in the highest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from segmentation.personas import Cell

SUPPRESSED = "_suppressed"


@dataclass(frozen=True)
class Audience:
    """One audience: who is exported (a mask over customers), and how the others left."""

    cell: Cell
    exported: pl.Series
    matched: int
    suppressed: int
    outranked: int
    control: int = 0
    capped: int = 0

    @property
    def name(self) -> str:
        """The audience's name, which is its file's."""
        return self.cell.name


def allocate(
    customers: pl.DataFrame, cells: Sequence[Cell], waterfall: Sequence[str]
) -> tuple[Audience, ...]:
    """An audience for each cell, in the order of `cells`. `customers` are described."""
    suppressed = customers[SUPPRESSED]
    rank = {name: i for i, name in enumerate(waterfall)}
    first_to_last = sorted(cells, key=lambda c: rank.get(c.persona.name, len(rank)))
    taken = pl.repeat(False, customers.height, dtype=pl.Boolean, eager=True)
    found = {}
    for cell in first_to_last:
        matched = customers.select(cell.members().alias("m"))["m"]
        allowed = matched & ~suppressed
        exported = allowed
        if cell.persona.name in rank:
            exported = allowed & ~taken
            taken = taken | exported
        found[cell.name] = Audience(
            cell, exported, _count(matched), _count(matched & suppressed),
            _count(allowed) - _count(exported),
        )  # fmt: skip
    return tuple(found[c.name] for c in cells)


def _count(mask: pl.Series) -> int:
    return int(mask.sum())
