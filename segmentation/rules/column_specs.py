"""What stands beside a canonical name under `columns:` of a source: which column it is, or how it is made."""

from __future__ import annotations

from typing import Any, Final

from segmentation.dataclass import dataclass


@dataclass(frozen=True)
class Constant:
    """The same text in every row."""

    text: str


@dataclass(frozen=True)
class PerOrder:
    """A formula that stands for the whole order, on its first row or on each."""

    formula: str


PER_ORDER: Final = ("amount", "discount", "cost")
"""The canonical columns that can be told for a whole order: sums of its lines."""

#: a header or a formula, columns that are joined by a blank, a number for every row, nothing
ColumnSpec = str | int | float | tuple[str, ...] | Constant | PerOrder | None


def formula_or_spec(spec: ColumnSpec) -> ColumnSpec:
    """A spec as that of a line: of what stands for an order, its formula."""
    return spec.formula if isinstance(spec, PerOrder) else spec


def written(spec: ColumnSpec) -> Any:
    """A spec as plain data, as it stands in the rules.

    >>> written(("Date", "Time")), written(Constant("web")), written("Total - Tax")
    (['Date', 'Time'], {'constant': 'web'}, 'Total - Tax')
    """
    match spec:
        case Constant(text):
            return {"constant": text}
        case PerOrder(formula):
            return {"per_order": formula}
        case tuple():
            return list(spec)
    return spec
