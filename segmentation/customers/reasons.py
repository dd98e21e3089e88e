"""Why a customer is, or is not, in a persona: the conditions that decided, with their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from segmentation.customers.cuts import Cuts
from segmentation.customers.describe import Book
from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.rules.measures import Measure
from segmentation.rules.money import SCALE, rounded
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import prose


@dataclass(frozen=True)
class OneCustomer:
    """One described customer: a frame of one row, and what its columns mean."""

    customer: pl.DataFrame
    book: Book
    cuts: Cuts
    given: Mapping[str, object]

    def holds(self, condition: Condition) -> bool:
        """Whether a condition is true of this customer."""
        return bool(self.customer.select(self.book.compile(condition, self.cuts)).item())

    def value(self, name: str) -> str:
        """A value as people read it."""
        return shown(self.customer[name].item(), self.book.kind(name))


def shown(value: object, kind: Kind) -> str:
    """A value as people read it: money in currency units, missing as unknown.

    >>> shown(12_500, "money"), shown(1 / 3, "share"), shown(None, "number"), shown(4.0, "number")
    ('1.25', '0.333', 'unknown', '4')
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        number = value / SCALE if kind == "money" else value
        return f"{rounded(number, 3):.10g}" if abs(number) < 1e9 else f"{number:g}"
    return str(value)


def decided(condition: Condition, row: OneCustomer) -> list[str]:
    """The comparisons that made a condition what it is for this customer, one line each.

    Of a conjunction that fails only the failing parts decided; of one that holds, all did.
    """
    return list(dict.fromkeys(_decided(condition, row)))


def _decided(condition: Condition, row: OneCustomer) -> Iterator[str]:
    match condition:
        case All(parts) | AnyOf(parts):
            true = row.holds(condition)
            for part in parts:
                if row.holds(part) == true:
                    yield from _decided(part, row)
        case Not(part):
            yield from _decided(part, row)
        case InPersona(name):
            inside = row.holds(condition)
            yield f"{'is' if inside else 'is not'} in persona {name}:"
            below = row.book.rules.personas[name].match
            yield from (f"  {line}" for line in _decided(below, row))
        case Compare():
            yield compared(condition, row)


def compared(test: Compare, row: OneCustomer) -> str:
    """One comparison with the customer's value.

    `lifecycle is churned, but it is active (recency_days 12)`, or `recency_days ≤ 270: it is 92`.
    """
    name = row.book.name(test.field)
    held = row.holds(test)
    link = ": it is" if held else ", but it is"
    if isinstance(test.field, Measure) and test.field.aggregate == "any":
        return f"{prose(test)}{': it happened' if held else ', but it did not happen'}"
    return f"{prose(test)}{link} {row.value(name)}{_why(name, test, row)}"


def _why(name: str, test: Compare, row: OneCustomer) -> str:
    """What stands behind a value: the threshold of a percentage, the features of a label."""
    if name in row.given:
        return " (given)"
    if test.op.family is Family.RANK:
        cut = row.cuts.values.get(row.book.percentile(test).name)
        return f" (the threshold is {cut:g})" if isinstance(cut, int | float) else ""
    behind = [f"{n} {row.value(n)}" for n in _behind(name, row)]
    return f" ({', '.join(behind)})" if behind else ""


def _behind(name: str, row: OneCustomer) -> list[str]:
    """The features that a dimension's label comes from."""
    node = row.book.node(name) if name in row.book.rules.dimensions else None
    return [n for n in node.needs if not n.startswith("_")] if node else []
