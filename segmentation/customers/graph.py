"""What follows from a customer's row: formulas of the catalogue, models, distances.

A `Node` is one column: what it needs of the same row, which cuts, and its expression given them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import polars as pl

from segmentation.customers.cuts import Cuts, CutSpec, Quintiles, held
from segmentation.dataclass import dataclass
from segmentation.models.fitted import VALUE_FIELDS, CadenceFit, ValueFit
from segmentation.rules.catalogue import CATALOGUE, Feature, Kind
from segmentation.rules.measures import Measure
from segmentation.rules.value_settings import ValueRules


@dataclass(frozen=True)
class Node:
    """One column over a customer's row: what it needs and how it is made from fitted cuts.

    Of a label the column is an enumeration (see `Dimension.literal`), or text where one is given.
    """

    name: str
    kind: Kind
    needs: tuple[str, ...]
    cuts: tuple[CutSpec, ...]
    expr: Callable[[Cuts], pl.Expr]
    is_label: bool = False


def formula(feature: Feature, value: ValueRules) -> Node:
    """The node of a built-in feature that follows from others."""
    if feature.model == "value":
        return _predicted(feature, value)
    if feature.model == "cadence":
        return _late(feature)
    made = feature.formula
    assert made is not None
    scored = feature.name.endswith("_score")
    cuts = (Quintiles(feature.uses[0]),) if scored else ()
    return Node(feature.name, feature.kind, feature.uses, cuts, lambda c: made(_Row(c)))


@dataclass(frozen=True)
class _Row:
    """What a formula of the catalogue sees of a customer."""

    cuts: Cuts

    @property
    def as_of(self) -> pl.Expr:
        return pl.lit(self.cuts.as_of)

    def __getitem__(self, name: str) -> pl.Expr:
        return pl.col(name)

    def ratio(self, part: str, whole: str, *, scale: int = 1) -> pl.Expr:
        return self.quotient(pl.col(part), pl.col(whole) * scale)

    def quotient(self, part: pl.Expr, whole: pl.Expr) -> pl.Expr:
        return pl.when(whole > 0).then(part / whole)

    def score(self, name: str, *, best: Literal["high", "low"]) -> pl.Expr:
        bounds = self.cuts[Quintiles(name)]
        if bounds is None:
            return pl.lit(None, dtype=pl.Int8)
        feature = CATALOGUE.find(name)
        kind = feature.kind if feature else "number"
        above = pl.sum_horizontal((pl.col(name) > held(b, kind)).cast(pl.Int8) for b in bounds)
        score = (1 + above) if best == "high" else (5 - above)
        return pl.when(pl.col(name).is_not_null()).then(score).cast(pl.Int8)


def _predicted(feature: Feature, rules: ValueRules) -> Node:
    """What the value model says of a customer, as a struct of its five features."""
    spec = ValueFit(rules)

    def expr(cuts: Cuts) -> pl.Expr:
        from segmentation.models.fitted import score
        from segmentation.models.value import ValueModel

        model = ValueModel.from_json(cuts[spec])
        return _row_by_row(feature, lambda customers: score(customers, model), VALUE_FIELDS)

    return Node(feature.name, feature.kind, (*feature.uses, *rules.measures()), (spec,), expr)


def _late(feature: Feature) -> Node:
    """What the cadence says of a customer, as a struct."""
    spec = CadenceFit()

    def expr(cuts: Cuts) -> pl.Expr:
        from segmentation.models.cadence import FIELDS, Cadence, apply

        cadence = Cadence.from_json(cuts[spec])

        def applied(customers: pl.Series) -> pl.Series:
            days, recency = (customers.struct.field(n) for n in feature.uses)
            return apply(days, recency, cadence)

        return _row_by_row(feature, applied, FIELDS)

    return Node(feature.name, feature.kind, feature.uses, (spec,), expr)


def _row_by_row(
    feature: Feature, made: Callable[[pl.Series], pl.Series], fields: pl.Struct
) -> pl.Expr:
    return pl.struct(feature.uses).map_batches(made, return_dtype=fields, is_elementwise=True)


def distance(name: str, measure: Measure) -> Node:
    """Days from a date of customers to as_of (`days_since`), or from as_of to it (`days_until`)."""
    column = str(measure.column)
    since = measure.aggregate == "days_since"

    def expr(cuts: Cuts) -> pl.Expr:
        text = pl.col(column).cast(pl.String).str.strip_chars()
        day = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        gap = (pl.lit(cuts.as_of) - day).dt.total_days()
        return gap if since else -gap

    return Node(name, "number", (column,), (), expr)
