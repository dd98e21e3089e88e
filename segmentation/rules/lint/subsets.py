"""Are the rows of one measure among the rows of another? Yes only when that is certain."""

from __future__ import annotations

from dataclasses import replace

from segmentation.rules.conditions import All, Condition
from segmentation.rules.measures import ANY_EVENT, PURCHASE, Measure
from segmentation.rules.windows import Span, Window


def one_spelling(measure: Measure) -> Measure:
    """A measure spelled in one way: purchases are orders, `did` is a count."""
    aggregate = "count" if measure.aggregate == "any" else measure.aggregate
    of = "events" if measure.aggregate == "any" else measure.of
    if measure.event == PURCHASE and aggregate == "count":
        return replace(
            measure, aggregate="count", event=None, of="orders" if of == "events" else of
        )
    return replace(measure, aggregate=aggregate, of=of)


def rows_within(narrow: Measure, wide: Measure) -> bool:
    """Whether every row that the one measure reads is read by the other.

    >>> from segmentation.rules.measures import Measure
    >>> week, month = (Measure("any", event="browse", window=Window(Span(n, "d"))) for n in (7, 30))
    >>> rows_within(week, month), rows_within(month, week)
    (True, False)
    """
    alike = narrow.lines == wide.lines and narrow.anchor == wide.anchor
    return (
        alike
        and _event_within(narrow.event, wide.event)
        and _where_within(narrow.where, wide.where)
        and _window_within(narrow.window, wide.window)
    )


def _event_within(narrow: str | None, wide: str | None) -> bool:
    return narrow == wide or (wide == ANY_EVENT and narrow not in (None, PURCHASE))


def _where_within(narrow: Condition | None, wide: Condition | None) -> bool:
    return wide is None or (narrow is not None and set(_parts(wide)) <= set(_parts(narrow)))


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, All) else (condition,)


def _window_within(narrow: Window | None, wide: Window | None) -> bool:
    if wide is None:
        return True
    if narrow is None:
        return False
    newer = wide.newest is None or (
        narrow.newest is not None and _at_most(wide.newest, narrow.newest)
    )
    return _at_most(narrow.oldest, wide.oldest) and newer


def _at_most(short: Span, long: Span) -> bool:
    """Whether a span never reaches further back than another, whatever the months' lengths."""
    if short.unit == long.unit:
        return short.count <= long.count
    return short.longest <= long.shortest
