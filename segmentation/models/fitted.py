"""Cuts that are models, predicted value and cadence; and what the cuts of dimensions are fitted with.

Each is a specification that fits a plain JSON value to all customers. `notes` inside the value
are sentences for whoever reads the run: what was too few, what ended on a bound, what is empty.
SciPy is imported when something is fitted or applied, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from segmentation.comparing.numerals import as_numbers
from segmentation.dataclass import dataclass
from segmentation.measures.money_totals import total
from segmentation.rules.catalogue import Kind, Model
from segmentation.rules.money import SCALE, plain
from segmentation.rules.value_settings import LAST_YEAR, YEAR, YEAR_AGO, ValueRules

if TYPE_CHECKING:
    import numpy.typing as npt

    from segmentation.models.value import ValueModel
    from segmentation.models.value.triples import FloatArray

VALUE: Final = "value"
CADENCE: Final = "cadence"
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
        sums = (total(customers[name]) / SCALE for name in (YEAR_AGO, LAST_YEAR))
        history = int(str(oldest or 0)) + 1
        return model.with_season(*sums, history_days=history, year_days=YEAR).to_json()

    def admits(self, value: Any, kind: Kind) -> bool:
        """Whether a stored value is one that `fit` could have given."""
        from segmentation.models.value import ValueModel

        return _is_read(ValueModel.from_json, value)


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

    def admits(self, value: Any, kind: Kind) -> bool:
        """Whether a stored value is one that `fit` could have given."""
        from segmentation.models.cadence import Cadence

        return _is_read(Cadence.from_json, value)


def _is_read(reader: Callable[[Any], object], value: Any) -> bool:
    try:
        reader(value)
    except (ValueError, KeyError, TypeError):
        return False
    return True


#: the cuts that features of the catalogue and kinds of dimensions ask for by the name of a model
MODEL_CUTS: Final[Mapping[Model, Callable[[ValueRules], ValueFit | CadenceFit]]] = {
    "value": ValueFit,
    "cadence": lambda rules: CadenceFit(),
}


@dataclass(frozen=True)
class BaseOf:
    """The buyers that a dimension's own cut is fitted over (`rules.dimensions.context.Base`)."""

    customers: pl.DataFrame
    kind: Callable[[str], Kind]

    def numbers(self, feature: str) -> pl.Series:
        """A feature as it is held: money and whole numbers exactly, others as Float64; null where missing."""
        return as_numbers(self.customers[feature])

    def plain(self, number: float, feature: str) -> float | str:
        """A number of a feature as cuts.json holds it; the inverse of `Customer.held`."""
        return plain(int(number)) if self.kind(feature) == "money" else number

    def thresholds(
        self, method: str, values: pl.Series, shares: Sequence[float], tiers: int
    ) -> tuple[float, ...]:
        """The lower edges of all tiers but the last, from the top."""
        from segmentation.models.value.tiers import cumulative_shares, jenks_log, quantiles

        known = _array(values.drop_nulls())
        found = {
            "cumulative": lambda: cumulative_shares(known, shares),
            "quantiles": lambda: quantiles(known, shares),
            "jenks": lambda: jenks_log(known, tiers),
        }
        return found[method]()


def _array(values: pl.Series) -> npt.NDArray[Any]:
    """Numbers as NumPy has them; what may not fit 64 bits with a sign as whole numbers of Python."""
    import numpy as np

    if values.dtype in (pl.UInt64, pl.Int128, pl.UInt128):
        return np.array(values.to_list(), dtype=object)
    return values.to_numpy()


def check_models(values: Mapping[str, Any]) -> None:
    """Raise ValueError, KeyError or TypeError unless stored models are what `fit` gives."""
    if VALUE in values:
        from segmentation.models.value import ValueModel

        ValueModel.from_json(values[VALUE])
    if CADENCE in values:
        from segmentation.models.cadence import Cadence

        Cadence.from_json(values[CADENCE])
