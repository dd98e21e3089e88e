"""Which values a feature can take, as far as the catalogue and the rules say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from segmentation.rules.catalogue import CATALOGUE, Feature, Kind
from segmentation.rules.checking.names import measure_kind
from segmentation.rules.measures import Measure
from segmentation.rules.ranges import EVERYTHING, HIGHEST, Range, Ranges
from segmentation.rules.ruleset import Rules

#: features whose values are whole numbers
WHOLE: Final = frozenset({
    "recency_days", "frequency", "longevity_days", "order_days", "departments",
    "r_score", "f_score", "m_score",
})  # fmt: skip
_AT_LEAST = re.compile(r"≥ (\d+)")
_IN_THE_BASE = re.compile(r"\(≥ (\d+) in the base\)")
_FROM_TO = re.compile(r"(above )?(\d+) to (\d+)")


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
        return Domain(kind, (_from(0),), whole=measure.of != "items", always=True)
    bounded = measure.aggregate == "share" and measure.lines == "bought" and measure.of != "items"
    return Domain(kind, (((0, 0), (1, 0)),) if bounded else EVERYTHING)


def _of_feature(feature: Feature, base: str) -> Domain:
    always = feature.missing.startswith("never") or (
        base == "buyers" and feature.missing == "no order"
    )
    numeric = feature.kind in ("number", "share")
    values = (_span(feature.span, base),) if numeric else EVERYTHING
    return Domain(feature.kind, values, feature.name in WHOLE, always)


def _span(text: str, base: str) -> Range:
    """The span of the catalogue as a range: `≥ 0 (≥ 1 in the base)`, `0 to 1`, `any`."""
    in_base = _IN_THE_BASE.search(text)
    if in_base and base == "buyers":
        return _from(int(in_base[1]))
    between = _FROM_TO.match(text)
    if between:
        return (int(between[2]), 1 if between[1] else 0), (int(between[3]), 0)
    at_least = _AT_LEAST.match(text)
    return _from(int(at_least[1])) if at_least else EVERYTHING[0]


def _from(low: int) -> Range:
    return (low, 0), HIGHEST
