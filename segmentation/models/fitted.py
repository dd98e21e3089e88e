"""Cuts that are models: predicted value, cadence, and the thresholds of tiers.

Each is a specification that fits a plain JSON value to all customers. `notes` inside the value
are sentences for whoever reads the run: what was too few, what ended on a bound, what is empty.
SciPy is imported when something is fitted or applied, not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from segmentation.measures.comparisons import as_number
from segmentation.rules.catalogue import Kind
from segmentation.rules.dimensions import CADENCE, Tiers
from segmentation.rules.headers import exact_number
from segmentation.rules.value_settings import LAST_YEAR, YEAR, YEAR_AGO, ValueRules
from segmentation.scale import SCALE

if TYPE_CHECKING:
    from segmentation.models.value import ValueModel
    from segmentation.models.value.triples import FloatArray

VALUE: Final = "value"
VALUE_NEEDS: Final = ("order_days", "longevity_days", "recency_days", "monetary")
VALUE_FEATURES: Final = (
    "p_alive",
    "expected_orders",
    "expected_order_value",
    "predicted_value",
    "p_buy",
)
VALUE_FIELDS: Final = pl.Struct(dict.fromkeys(VALUE_FEATURES, pl.Float64))


@dataclass(frozen=True)
class ValueFit:
    """The value model of the base."""

    rules: ValueRules
    feature: str = "_value"
    name: str = VALUE

    def accepts(self, value: Any) -> bool:
        """Whether a stored model answers the question that the rules ask."""
        said = (value["model"], value["horizon_days"], value["seasonal_index"] is not None)
        return said == (self.rules.model, self.rules.horizon_days, self.rules.seasonal)

    def fit(self, customers: pl.DataFrame, kind: Kind) -> Any:
        """The model as JSON; with `seasonal` scaled by last year's season."""
        from segmentation.models.value import fit

        model = fit(
            *_histories(customers), horizon_days=self.rules.horizon_days, model=self.rules.model
        )
        if not self.rules.seasonal:
            return model.to_json()
        oldest = customers["longevity_days"].max()
        sums = (int(customers[name].sum()) / SCALE for name in (YEAR_AGO, LAST_YEAR))
        history = int(str(oldest or 0)) + 1
        return model.with_season(*sums, history_days=history, year_days=YEAR).to_json()


def score(customers: pl.Series, model: ValueModel) -> pl.Series:
    """VALUE_FIELDS of each customer (a struct of VALUE_NEEDS), one at a time."""
    from segmentation.models.value import score

    found = score(*_histories(customers.struct.unnest()), model)
    columns = [pl.Series(name, values, nan_to_null=True) for name, values in found.items()]
    return pl.DataFrame(columns).select(VALUE_FEATURES).to_struct(customers.name)


def _histories(customers: pl.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """x, t_x, T in days, and mean net spend per order day in currency units; NaN where missing."""
    days, longevity, recency, spent = (customers[name].cast(pl.Float64) for name in VALUE_NEEDS)
    mean = spent / (days * SCALE)
    columns = (days - 1, longevity - recency, longevity, mean)
    x, t_x, age, mean_value = (c.fill_null(float("nan")).to_numpy() for c in columns)
    return x, t_x, age, mean_value


@dataclass(frozen=True)
class CadenceFit:
    """How late customers are who come back."""

    feature: str = "_cadence"
    name: str = CADENCE

    def fit(self, customers: pl.DataFrame, kind: Kind) -> Any:
        """The cadence as JSON."""
        from segmentation.models.cadence import fit

        return fit(customers["_order_days"]).to_json()


@dataclass(frozen=True)
class TierFit:
    """The thresholds of tiers: lower edges of all labels but the last, from the top."""

    dimension: str
    tiers: Tiers

    @property
    def feature(self) -> str:
        """What is cut."""
        return self.tiers.feature

    @property
    def name(self) -> str:
        """How cuts.json and messages call it."""
        how = "/".join(map(exact_number, self.tiers.shares)) or str(len(self.tiers.labels))
        return f"{self.feature} tiers {self.tiers.method} {how}"

    def fit(self, customers: pl.DataFrame, kind: Kind) -> Any:
        """`at_least`: the thresholds in currency units or plain numbers; `customers` per label."""
        from segmentation.models.value import tiers

        number = as_number(pl.col(self.feature), kind).cast(pl.Float64)
        values = customers.select(number / (SCALE if kind == "money" else 1)).to_series()
        known = values.fill_null(float("nan")).to_numpy()
        found = {
            "cumulative": lambda: tiers.cumulative_shares(known, self.tiers.shares),
            "quantiles": lambda: tiers.quantiles(known, self.tiers.shares),
            "jenks": lambda: tiers.jenks_log(known, len(self.tiers.labels)),
        }[self.tiers.method]()
        counts = _counts(known, found, len(self.tiers.labels))
        return {"at_least": list(found), "customers": counts, "notes": self._notes(found, counts)}

    def _notes(self, found: tuple[float, ...], counts: list[int]) -> list[str]:
        labels = self.tiers.labels
        if not found:
            return [f"no customer has a {self.feature} above zero, so everybody is in {labels[-1]}"]
        empty = [label for label, count in zip(labels, counts, strict=True) if not count]
        return [f"nobody is in {', '.join(empty)}: {sum(counts):,} customers have too few different "
                f"values of {self.feature}"] if empty else []  # fmt: skip


def _counts(known: FloatArray, at_least: tuple[float, ...], labels: int) -> list[int]:
    """Customers per label as the labels are given: the first threshold reached, else the last."""
    above = [int((known >= edge).sum()) for edge in at_least]
    above = above + [above[-1] if above else 0] * (labels - 1 - len(above))
    edges = [0, *above, len(known)]
    return [high - low for low, high in pairwise(edges)]


def check_models(values: Mapping[str, Any]) -> None:
    """Raise ValueError, KeyError or TypeError unless stored models are what `fit` gives."""
    if VALUE in values:
        from segmentation.models.value import ValueModel

        ValueModel.from_json(values[VALUE])
    if CADENCE in values:
        from segmentation.models.cadence import Cadence

        Cadence.from_json(values[CADENCE])
    for name, value in values.items():
        edges = value.get("at_least", ()) if isinstance(value, dict) else ()
        if not all(isinstance(edge, int | float) for edge in edges):
            raise TypeError(f"{name} has a threshold that is no number")
