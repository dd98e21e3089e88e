"""How each aggregate of a feature is written: what stands under its key, and what may stand beside it.

Parser and schema read this table; `segmentation.measures.aggregates` says what the aggregates mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.rules.measures import Aggregate, Unit
from segmentation.rules.tables import by_name


@dataclass(frozen=True)
class Aggregation:
    """One aggregate as a key of a feature.

    `{NAME: UNIT}` counts one of `counts`; without these `{NAME: COLUMN}` reads a column, which may be
    `of` one of `grains` (a line, the total of an order, a unit; none where it is of rows alone).
    `is_distance` takes a date column of customers, and no rows. `{NAME: {event: …}}` reads events
    where `of_events`, and there it must name a column where `needs_column`.
    """

    name: Aggregate
    counts: tuple[Unit, ...]
    grains: tuple[Unit, ...]
    is_distance: bool
    of_events: bool
    needs_column: bool
    needs_where: bool


def _of_column(name: Aggregate, *grains: Unit) -> Aggregation:
    return Aggregation(
        name, (), grains, is_distance=False, of_events=True, needs_column=True, needs_where=False
    )


def _counting(name: Aggregate, *counts: Unit, needs_where: bool) -> Aggregation:
    return Aggregation(
        name,
        counts,
        (),
        is_distance=False,
        of_events=True,
        needs_column=False,
        needs_where=needs_where,
    )


def _distance(name: Aggregate, *, of_events: bool) -> Aggregation:
    return Aggregation(
        name, (), (), is_distance=True, of_events=of_events, needs_column=False, needs_where=False
    )


AGGREGATIONS: Final[Mapping[str, Aggregation]] = by_name(
    (
        _counting("count", "orders", "lines", "items", "events", needs_where=False),
        _of_column("sum"),
        _of_column("mean", "lines", "orders", "items"),
        _of_column("min", "lines", "orders"),
        _of_column("max", "lines", "orders"),
        _of_column("distinct"),
        _of_column("first"),
        _of_column("last"),
        _counting("share", "orders", "items", "spend", "lines", needs_where=True),
        _distance("days_since", of_events=True),
        _distance("days_until", of_events=False),
    )
)
COUNT: Final = AGGREGATIONS["count"]
SHARE: Final = AGGREGATIONS["share"]
