"""Windows that comparisons imply: who complained less than 30 days ago has a row of these 30 days.

`days_since: {less_than: 30}` and `where: {occurred_on: {at_least: 2026-02-01}}` ask for rows of late
as `within: 30d` does, so a feed that stopped before can answer them as little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from segmentation.rules.catalogue import CATALOGUE
from segmentation.rules.conditions import All, Compare, Condition
from segmentation.rules.measures import Measure
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import TIME, TableName
from segmentation.rules.windows import parse_date


def since_day(table: TableName, where: Condition | None) -> date | None:
    """The first day that rows may have by a condition on them; None where it asks for all time."""
    parts = where.parts if isinstance(where, All) else (where,)
    tests = [p for p in parts if isinstance(p, Compare) and p.op.bounds_below]
    days = [min(map(_day, t.values)) for t in tests if t.field in TIME[table]]
    return max((day for day in days if day != date.max), default=None)


def days_asked(rules: Rules, conditions: Iterable[Condition]) -> Iterator[tuple[Measure, int]]:
    """The measures of which conditions ask that they are at the most so many days ago.

    Through personas and dimensions; what a negation asks for is not among them, as without rows
    it holds for everybody.
    """
    for part in rules.reached(conditions, into_negations=False):
        if isinstance(part, Compare):
            yield from _asked(rules, part)


def _asked(rules: Rules, test: Compare) -> Iterator[tuple[Measure, int]]:
    measure = _measure(rules, test.field)
    bounds = [v for v in test.values if isinstance(v, int | float)]
    if measure is not None and test.op.bounds_above and bounds:
        yield measure, int(max(bounds))


def _measure(rules: Rules, field: object) -> Measure | None:
    """The measure behind what is compared, where it counts the days since a row."""
    if isinstance(field, str):
        built_in = CATALOGUE.find(field)
        field = built_in.measure if built_in is not None else rules.features.get(field)
    if not isinstance(field, Measure) or field.aggregate != "days_since":
        return None
    return None if field.table == "customers" else field


def _day(value: object) -> date:
    return parse_date(value) or date.max
