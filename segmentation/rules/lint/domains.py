"""Which values a feature can take, as far as the catalogue and the rules say."""

from __future__ import annotations

from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import CATALOGUE, Feature, Kind
from segmentation.rules.feature_facts import Range as Known
from segmentation.rules.kinds import measure_kind
from segmentation.rules.measures import Measure
from segmentation.rules.ranges import EVERYTHING, HIGHEST, Range, Ranges
from segmentation.rules.ruleset import Rules


@dataclass(frozen=True)
class Domain:
    """How a feature's values are held, between which they lie, and whether one can be missing.

    `kind` is None where only the data can tell; `whole` is for numbers without fractions;
    `always` is for features that no customer lacks.
    """

    kind: Kind | None = None
    values: Ranges = EVERYTHING
    whole: bool = False
    always: bool = False


def domain(compared: str | Measure, rules: Rules) -> Domain:
    """The domain of what a comparison compares."""
    if isinstance(compared, Measure):
        return _of_measure(compared)
    feature = CATALOGUE.find(compared)
    return Domain() if feature is None else _of_feature(feature, rules.base)


def _of_measure(measure: Measure) -> Domain:
    kind = measure_kind(measure)
    if measure.aggregate in ("count", "distinct"):
        are_items = measure.of == "items"  # some files have units with a sign
        values = EVERYTHING if are_items and measure.lines != "returned" else (_from(0),)
        return Domain(kind, values, whole=not are_items, always=True)
    bounded = measure.aggregate == "share" and measure.lines == "bought" and measure.of != "items"
    return Domain(kind, (((0, 0), (1, 0)),) if bounded else EVERYTHING)


def _of_feature(feature: Feature, base: str) -> Domain:
    values = (_range(feature.values, base),) if isinstance(feature.values, Known) else EVERYTHING
    return Domain(feature.kind, values, feature.whole, feature.lacking.always_known(base))


def _range(known: Known, base: str) -> Range:
    """What the catalogue knows, for the customers of a base."""
    low = known.of_buyers if base == "buyers" and known.of_buyers is not None else known.low
    return (low, 1 if known.above else 0), (known.high, 0)


def _from(low: int) -> Range:
    return (low, 0), HIGHEST
