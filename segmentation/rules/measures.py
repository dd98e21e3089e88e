"""What a measure is: how one value per customer comes from the rows of one table.

Built-in features, features of your own, `did`, `did_not` and `share` are all measures; there is
no other way from rows to customers. Pure data: `segmentation.measures` compiles and computes them.
"""

from __future__ import annotations

from typing import Final, Literal

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import Condition
from segmentation.rules.windows import Span, Window

Aggregate = Literal[
    "any",
    "count",
    "sum",
    "mean",
    "min",
    "max",
    "distinct",
    "first",
    "last",
    "share",
    "days_since",
    "days_until",
    "top",
    "top_share",
    "median_gap",
    "order_days",
    "day_list",
    "first_day",
]
Unit = Literal["lines", "orders", "items", "spend", "events"]
Lines = Literal["bought", "returned", "all"]

PURCHASE: Final = "purchase"  # the event that reads the transactions
ANY_EVENT: Final = "*"  # the event that stands for all


@dataclass(frozen=True)
class Anchor:
    """Another event of the same customer that rows must follow.

    `after` any such event (with `within`: at the most that long after it), or `since` the
    customer's latest such event.
    """

    kind: Literal["after", "since"]
    event: str
    where: Condition | None = None
    window: Window | None = None
    within: Span | None = None
    follows: Anchor | None = None

    @property
    def rows(self) -> Measure:
        """The rows that are followed, as a measure that reads them."""
        return Measure("any", event=self.event, where=self.where, window=self.window)


@dataclass(frozen=True)
class Measure:
    """One value per customer from the rows of one table.

    `event` None reads the lines of transactions; `purchase` the bought lines as events;
    any other name the rows of the table events; `*` any event. `column` is what is
    aggregated; `of` is what is counted. Rows are those of `lines`, `where`, `window` and
    `anchor`. For `share` these choose the numerator; window and anchor also the denominator.
    `days_since` and `days_until` without an event read a date column of customers.
    """

    aggregate: Aggregate
    of: Unit = "lines"
    column: str | None = None
    event: str | None = None
    lines: Lines = "bought"
    where: Condition | None = None
    window: Window | None = None
    anchor: Anchor | None = None
    strict: bool = False  # a sum is missing when the column of any row is

    @property
    def table(self) -> Literal["transactions", "events", "customers"]:
        """The table whose rows are read."""
        if self.aggregate in ("days_since", "days_until") and self.column and self.event is None:
            return "customers"
        return "transactions" if self.event in (None, PURCHASE) else "events"

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """What the rows must follow: the anchor, the anchor of that, and so on."""
        chain: list[Anchor] = []
        step = self.anchor
        while step is not None:
            chain.append(step)
            step = step.follows
        return tuple(chain)

    @property
    def events(self) -> tuple[str, ...]:
        """The events that are read: the measure's own, then those it follows."""
        own = () if self.event is None else (self.event,)
        return (*own, *(anchor.event for anchor in self.anchors))
