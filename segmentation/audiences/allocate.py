"""Who is in which audience, and what became of each match: its one fate, and by what.

matched = suppressed + outranked + capped + control + exported. Suppression comes first, then the
waterfall: of its personas a customer stays in the highest. Who is capped there is taken all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.audiences.cells import Cell
from segmentation.customers.describe import AUDIENCE, SUPPRESSED_BY
from segmentation.dataclass import dataclass

FATES: Final = ("suppressed", "outranked", "capped", "control", "exported")
MOST: Final = "most"  # what `by` says of who is capped
FATE: Final = pl.Enum(FATES)
ALLOCATION: Final = {
    "customer_id": pl.String(),
    "audience": pl.String(),
    "fate": pl.String(),
    "by": pl.String(),
}
SUPPRESSED: Final = pl.col(SUPPRESSED_BY).is_not_null()


@dataclass(frozen=True)
class Audience:
    """One audience: who is exported (a mask over customers), and how many met which fate."""

    cell: Cell
    exported: pl.Series
    fates: Mapping[str, int]

    @property
    def name(self) -> str:
        """The audience's name, which is its file's."""
        return self.cell.name

    @property
    def matched(self) -> int:
        """How many customers match, whatever became of them."""
        return sum(self.fates.values())

    @property
    def suppressed(self) -> int:
        """How many matches are suppressed."""
        return self.fates["suppressed"]


@dataclass(frozen=True)
class Allocation:
    """Every match of a run and its fate.

    `matches` is one row per match: customer_id, audience, fate, by; audiences in the order of
    their cells, in each the customers in their order. `by` is the label of the suppressor that
    held first, the audience that outranks, the cap or the draw; missing for who is exported.
    `winners` is one value per customer: the audience that the waterfall gave them, missing
    without one; `suppressed_by` likewise the suppressor that held first. Both are enumerations.
    """

    audiences: tuple[Audience, ...]
    matches: pl.DataFrame
    winners: pl.Series
    suppressed_by: pl.Series


def allocate(
    customers: pl.DataFrame,
    cells: Sequence[Cell],
    waterfall: Sequence[str],
    suppressors: Mapping[str, str],
) -> Allocation:
    """The fate of every match. `customers` are described.

    `suppressors` are, by label, the columns of customers that say who is not to be written to;
    the first that holds is named. What is missing in one counts as a no: it suppresses.
    """
    ranked = [c for name in waterfall for c in cells if c.persona.name == name]
    names = {c.name for c in ranked}
    labels = pl.Enum(list(dict.fromkeys([*suppressors, *(c.name for c in cells)])))
    suppressed_by = _first(
        {label: pl.col(column).fill_null(value=True) for label, column in suppressors.items()},
        labels,
    )
    fated = customers.with_columns(suppressed_by.alias(SUPPRESSED_BY))
    winner = _first({c.name: c.members() & ~SUPPRESSED for c in ranked}, labels)
    fated = fated.with_columns(winner.alias(AUDIENCE))
    found = pl.collect_all([_matches(fated, c, is_ranked=c.name in names) for c in cells])
    matches = pl.concat([pl.DataFrame(schema=ALLOCATION), *found])
    exported = fated.select(_exported(c, is_ranked=c.name in names).alias(c.name) for c in cells)
    audiences = tuple(
        Audience(c, exported[c.name].alias("exported"), _fates(frame))
        for c, frame in zip(cells, found, strict=True)
    )
    return Allocation(audiences, matches, fated[AUDIENCE], fated[SUPPRESSED_BY])


def _first(holds: Mapping[str, pl.Expr], labels: pl.Enum) -> pl.Expr:
    """The first label that holds; missing where none does."""
    held = [pl.when(flag).then(pl.lit(label, dtype=labels)) for label, flag in holds.items()]
    return pl.coalesce(pl.lit(None, dtype=labels), *held)


def _outranked(cell: Cell, *, is_ranked: bool) -> pl.Expr:
    """Of who matches and is not suppressed: whether an audience above this one has them."""
    return pl.lit(is_ranked) & (pl.col(AUDIENCE) != cell.name)


def _matches(fated: pl.DataFrame, cell: Cell, *, is_ranked: bool) -> pl.LazyFrame:
    """One row per customer who matches: the audience, the fate, and by what."""
    outranked = _outranked(cell, is_ranked=is_ranked)
    fate = _first({"suppressed": SUPPRESSED, "outranked": outranked}, FATE).fill_null(
        "capped" if cell.is_capped else "exported"
    )
    by = pl.coalesce(SUPPRESSED_BY, pl.when(outranked).then(pl.col(AUDIENCE))).cast(pl.String)
    capped_by = pl.lit(MOST if cell.is_capped else None, dtype=pl.String)
    return (
        fated.lazy()
        .select("customer_id", SUPPRESSED_BY, AUDIENCE, match=cell.members())
        .filter("match")
        .select(
            "customer_id",
            audience=pl.lit(cell.name),
            fate=fate.cast(pl.String),
            by=by.fill_null(capped_by),
        )
    )


def _exported(cell: Cell, *, is_ranked: bool) -> pl.Expr:
    free = cell.members() & ~SUPPRESSED & ~_outranked(cell, is_ranked=is_ranked)
    return free & pl.lit(not cell.is_capped)


def _fates(matches: pl.DataFrame) -> Mapping[str, int]:
    """How many matches met each fate, in the order in which fates are decided."""
    counted = Counter(dict(matches["fate"].value_counts().iter_rows()))
    return {fate: counted[fate] for fate in FATES}
