"""The longevity × recency plane, value tiers, and how concentrated revenue is.

Read-only: nothing is published. Every number is over the buyers as of one day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from segmentation.customers.cuts import Cuts, Quintiles
from segmentation.dataclass import dataclass
from segmentation.measures.money_totals import total
from segmentation.messages.notices import Notice, judged, notice
from segmentation.models.fitted import VALUE
from segmentation.rules.dimensions import VALUE_TIERS, Dimension
from segmentation.rules.money import SHARE_PLACES, ratio, rounded
from segmentation.rules.ruleset import Rules
from segmentation.rules.value_settings import ValueRules
from segmentation.scan import described as pipeline
from segmentation.scan.measuring import Measured
from segmentation.scan.prepare import Request, prepare
from segmentation.studies.concentration import Concentration, concentration
from segmentation.studies.of_files import refuse_broken, said_of_files

TIER: Final = "value_tier"
AXES: Final = ("longevity_days", "recency_days")
NAMES: Final = (*AXES, "order_days", "monetary", "predicted_value", "p_buy", TIER)


@dataclass(frozen=True)
class Band:
    """A range of days, both ends included; up_to None has no end."""

    start: int
    up_to: int | None


@dataclass(frozen=True)
class PlaneCell:
    """Customers of one longevity and recency band; the mean and shares are None for nobody."""

    longevity_days: Band
    recency_days: Band
    customers: int
    mean_predicted_value: float | None
    tiers: Mapping[str, float | None]


@dataclass(frozen=True)
class TierRow:
    """One tier: shares are of all customers, of spend so far, and of predicted value (0-1)."""

    tier: str
    customers: int
    share_of_customers: float
    share_of_spend: float | None
    share_of_predicted: float | None
    mean_predicted_value: float | None
    mean_p_buy: float | None


@dataclass(frozen=True)
class ValueReport:
    """What `segment value` says."""

    as_of: str
    customers: int
    horizon_days: int
    predicted_value: float | None
    plane: tuple[PlaneCell, ...]
    tiers: tuple[TierRow, ...]
    concentration: Concentration
    model: Mapping[str, Any]
    notices: tuple[Notice, ...]

    def rows(self) -> list[dict[str, Any]]:
        """The plane as --csv writes it: one row per cell."""
        return [_csv_row(cell) for cell in self.plane]


def _csv_row(cell: PlaneCell) -> dict[str, Any]:
    axes = {AXES[0]: cell.longevity_days, AXES[1]: cell.recency_days}
    edges = {
        f"{name}_{end}": day
        for name, band in axes.items()
        for end, day in (("from", band.start), ("to", band.up_to))
    }
    shares = {f"share_{label}": share for label, share in cell.tiers.items()}
    mean = cell.mean_predicted_value
    return {**edges, "customers": cell.customers, "mean_predicted_value": mean, **shares}


@dataclass(frozen=True)
class Predicted:
    """The buyers of one day with NAMES, sorted by id, and the cuts that were fitted on them."""

    customers: pl.DataFrame
    cuts: Cuts
    tiers: Dimension
    notices: tuple[Notice, ...]


def value_rules(rules: Rules, *, horizon_days: int | None = None, seasonal: bool = False) -> Rules:
    """The rules with nothing in them but sources and how value is predicted."""
    own = [d for d in rules.dimensions.values() if d.ranks() == VALUE_TIERS.ranks()]
    value = ValueRules(
        rules.value.model,
        horizon_days or rules.value.horizon_days,
        seasonal or rules.value.seasonal,
    )
    sources = {table: s if table == "transactions" else () for table, s in rules.sources.items()}
    return replace(
        rules,
        sources=sources,
        base="buyers",
        value=value,
        features={},
        personas={},
        dimensions={TIER: own[0] if own else VALUE_TIERS},
        suppress=(),
        waterfall=(),
        columns=(),
    )


def predict(request: Request) -> Predicted:
    """Read, measure, fit and describe the buyers as of the request's day."""
    customers, cuts, measured = described(request, NAMES)
    tiers = request.rules.dimensions[TIER]
    fitted = (notice("model-fit", text) for text in cuts.notes())
    return Predicted(customers, cuts, tiers, (*said_of_files(measured), *fitted))


def described(request: Request, names: Sequence[str]) -> tuple[pl.DataFrame, Cuts, Measured]:
    """The buyers of the request's day with these columns, sorted by id, and what they came from."""
    found = pipeline.described(prepare(replace(request, only=tuple(names))), refuse_broken)
    return found.customers.select("customer_id", *names), found.cuts, found.measured


def report(request: Request) -> ValueReport:
    """The plane, tiers and concentration of the request's day. Raises any SegmentationError."""
    found = predict(request)
    customers, labels = found.customers, found.tiers.labels
    model = found.cuts.values[VALUE]
    return ValueReport(
        as_of=found.cuts.as_of.isoformat(),
        customers=customers.height,
        horizon_days=model["horizon_days"],
        predicted_value=_total(customers["predicted_value"]),
        plane=plane(customers, labels),
        tiers=tier_rows(customers, labels),
        concentration=concentration(customers["monetary"]),
        model=model,
        notices=judged(found.notices, request.rules.notices, strict=request.strict),
    )


def plane(customers: pl.DataFrame, labels: Sequence[str]) -> tuple[PlaneCell, ...]:
    """Every cell of longevity (oldest customers last) by recency (most recent first), by fifths."""
    axes = {name: bands(customers[name]) for name in AXES}
    placed = customers.with_columns(_place(name, axes[name]).alias(f"_{name}") for name in AXES)
    groups = dict(placed.group_by("_longevity_days", "_recency_days"))
    nobody = placed.clear()
    return tuple(
        _cell(groups.get((i, j), nobody), row, column, labels)
        for i, row in enumerate(axes[AXES[0]])
        for j, column in enumerate(axes[AXES[1]])
    )


def bands(days: pl.Series) -> tuple[Band, ...]:
    """The fifths of customers by a number of days, fewer where many share a day.

    >>> bands(pl.Series([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))[0]
    Band(start=0, up_to=2)
    """
    edges = Quintiles(days.name).fit(days.to_frame(), "number") or []
    ends = sorted({int(edge) for edge in edges if edge < int(str(days.max()))})
    starts = [0, *(end + 1 for end in ends)]
    return tuple(Band(s, e) for s, e in zip(starts, [*ends, None], strict=True))


def _place(name: str, found: Sequence[Band]) -> pl.Expr:
    ends = [pl.col(name) > band.up_to for band in found if band.up_to is not None]
    return pl.sum_horizontal(e.cast(pl.Int32) for e in ends) if ends else pl.lit(0, dtype=pl.Int32)


def _cell(inside: pl.DataFrame, row: Band, column: Band, labels: Sequence[str]) -> PlaneCell:
    mean = _mean(inside["predicted_value"])
    shares = {label: ratio(int((inside[TIER] == label).sum()), inside.height) for label in labels}
    return PlaneCell(row, column, inside.height, mean, shares)


def tier_rows(customers: pl.DataFrame, labels: Sequence[str]) -> tuple[TierRow, ...]:
    """One row per tier, the most valuable first, empty ones included."""
    spend, predicted = total(customers["monetary"]), _total(customers["predicted_value"])
    found = []
    for label in labels:
        inside = customers.filter(pl.col(TIER) == label)
        brings = _total(inside["predicted_value"])
        found.append(
            TierRow(
                label,
                inside.height,
                rounded(inside.height / customers.height, SHARE_PLACES),
                ratio(total(inside["monetary"]), spend),
                ratio(brings or 0.0, predicted or 0.0),
                _mean(inside["predicted_value"]),
                _mean(inside["p_buy"]),
            )
        )
    return tuple(found)


def _mean(values: pl.Series) -> float | None:
    known = values.drop_nulls()
    return rounded(math.fsum(known) / len(known), SHARE_PLACES) if len(known) else None


def _total(values: pl.Series) -> float | None:
    known = values.drop_nulls()
    return rounded(math.fsum(known), 2) if len(known) else None
