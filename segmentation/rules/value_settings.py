"""How value is predicted: `value: {model: mbg, horizon: 180d, seasonal: false}` of personas.yaml.

Pure data: `segmentation.models.value` has the arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from segmentation.dataclass import dataclass
from segmentation.rules.measures import Measure
from segmentation.rules.prose import quoted
from segmentation.rules.windows import Span, Window

ModelName = Literal["mbg", "bg"]
YEAR: Final = 364  # days: whole weeks, so that the same weekday is a year ago
LAST_YEAR: Final = "_spend_last_year"  # net spend of the last YEAR days
YEAR_AGO: Final = "_spend_year_ago"  # net spend of the horizon, one YEAR earlier


def horizon_days(text: str) -> int:
    """A horizon such as `180d` in days (mo = 30, y = 365). Raises ValueError on anything else.

    >>> horizon_days("26w")
    182
    """
    span = Span.parse(text)
    days = 0 if span is None or not span.of_days else span.delta().days
    if not 1 <= days <= 3650:
        raise ValueError(
            f"{quoted(text)} is not a horizon; write 1 day to 10 years, like 180d, 26w or 6mo"
        )
    return days


@dataclass(frozen=True)
class ValueRules:
    """Which model predicts, over how many days, and whether last year's season scales it."""

    model: ModelName = "mbg"
    horizon_days: int = 180
    seasonal: bool = False

    def measures(self) -> Mapping[str, Measure]:
        """What the seasonal index is fitted on, per customer; nothing unless `seasonal`."""
        if not self.seasonal:
            return {}
        year = Span(YEAR, "d")
        ahead = Span(YEAR - self.horizon_days, "d") if self.horizon_days < YEAR else None
        return {
            LAST_YEAR: Measure("sum", column="amount", lines="all", window=Window(year)),
            YEAR_AGO: Measure("sum", column="amount", lines="all", window=Window(year, ahead)),
        }
