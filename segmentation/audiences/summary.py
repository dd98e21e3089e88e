"""One row per audience for people: how many, what share of customers and spend, how recent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from segmentation.audiences.allocate import FATES, Audience
from segmentation.dataclass import dataclass
from segmentation.measures.money_totals import summed, total
from segmentation.rules.money import SCALE, ratio, rounded


@dataclass(frozen=True)
class Summary:
    """One audience in numbers; shares (0-1) are of the base, the rest is of the exported.

    `average_order_value` is their spend ÷ their orders, in currency units; it and
    `median_recency_days` are None for an audience without anybody. `file` is the name of its file
    inside the run's folder, None where none is written.
    """

    name: str
    persona: str
    title: str
    matched: int
    suppressed: int
    outranked: int
    capped: int
    control: int
    exported: int
    share_of_customers: float | None
    share_of_spend: float | None
    average_order_value: float | None
    median_recency_days: float | None
    file: str | None


#: the columns of a frame of summaries
SUMMARY: Final = {
    **dict.fromkeys(("name", "persona", "title"), pl.String()),
    **dict.fromkeys(("matched", *FATES), pl.Int64()),
    **dict.fromkeys(("share_of_customers", "share_of_spend"), pl.Float64()),
    **dict.fromkeys(("average_order_value", "median_recency_days"), pl.Float64()),
    "file": pl.String(),
}


def summaries(
    customers: pl.DataFrame, audiences: Sequence[Audience], files: Mapping[str, str | None]
) -> tuple[Summary, ...]:
    """A summary of each audience over the described customers; `files` are those that are written."""
    spend = total(customers["monetary"])
    found = pl.collect_all([_exported(customers.lazy(), a) for a in audiences])
    return tuple(
        _summary(a, one.row(0), of=(customers.height, spend), file=files.get(a.name))
        for a, one in zip(audiences, found, strict=True)
    )


def _exported(customers: pl.LazyFrame, audience: Audience) -> pl.LazyFrame:
    """Of those who are exported: how many, their spend, their orders, how recent."""
    return customers.filter(audience.exported).select(
        pl.len(),
        summed("monetary"),
        pl.col("frequency").sum(),
        pl.col("recency_days").median(),
    )


def _summary(
    audience: Audience, exported: tuple[Any, ...], *, of: tuple[int, int], file: str | None
) -> Summary:
    people, money, orders, recency = exported
    customers, spend = of
    return Summary(
        name=audience.name,
        persona=audience.cell.persona.name,
        title=audience.cell.title,
        matched=audience.matched,
        **audience.fates,
        share_of_customers=ratio(people, customers),
        share_of_spend=ratio(money, spend),
        average_order_value=rounded(money / (orders * SCALE), 4) if orders else None,
        median_recency_days=recency,
        file=file,
    )
