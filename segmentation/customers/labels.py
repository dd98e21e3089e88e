"""Dimensions as expressions: what a kind asks of a customer's row, answered by the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from segmentation.comparing.numerals import Numbers
from segmentation.customers.cuts import Cuts, CutSpec, held
from segmentation.dataclass import dataclass
from segmentation.models.fitted import MODEL_CUTS
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import Condition
from segmentation.rules.dimensions import Asked, OwnCut
from segmentation.rules.value_settings import ValueRules


def cut_of(asked: Asked, value: ValueRules) -> CutSpec:
    """The cut that a kind of dimension asks for: its own, or a model's by name."""
    return asked if isinstance(asked, OwnCut) else MODEL_CUTS[asked](value)


@dataclass(frozen=True)
class CustomerRow:
    """A customer's row and the cuts of a run (`rules.dimensions.context.Customer`).

    `kind` says how a feature is held; of own features that is known only once they are measured.
    """

    compiled: Callable[[Condition], pl.Expr]
    kind: Callable[[str], Kind]
    cuts: Cuts
    value: ValueRules

    def meets(self, condition: Condition) -> pl.Expr:
        """A condition as one boolean, never null."""
        return self.compiled(condition)

    def number(self, feature: str) -> Numbers:
        """A feature as numbers are compared with it; null where it is missing or no number."""
        return Numbers(pl.col(feature), self.kind(feature))

    def cut(self, asked: Asked) -> Any:
        """The value of a cut, as cuts.json holds it."""
        return self.cuts[cut_of(asked, self.value)]

    def held(self, value: Any, feature: str) -> Any:
        """A number of a cut as the column of a feature holds it: money as integers."""
        kind = self.kind(feature)
        if kind == "money":
            return held(value, kind)
        return float(value) if isinstance(value, str) else value
