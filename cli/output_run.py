"""How `segment run` shows what it published: the table, and what was guessed or is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentation.errors import visible

from .output import percent, print_notices, show, show_json, table

if TYPE_CHECKING:
    from segmentation.audiences.summary import Summary
    from segmentation.pipeline.job import RunResult

_HEAD = ("persona", "matched", "exported", "customers", "spend", "avg order", "recency")


def print_run(result: RunResult, *, as_json: bool, quiet: bool) -> None:
    """A run: the table on stdout, what was guessed and what is wrong on stderr."""
    if as_json:
        show_json(result.to_json())
        return
    if quiet:
        from segmentation.scan.availability import SUPPRESSION_LEFT_OUT

        print_notices(n for n in result.notices if n.code == SUPPRESSION_LEFT_OUT)
        return
    print_notices(result.notices)
    customers = result.outcome.customers.height
    ending = "" if customers == 1 else "s"
    show(f"{customers:,} customer{ending} as of {result.as_of}\n")
    show(table(_HEAD, [_cells(p) for p in result.personas]))
    show(
        f"\nWritten to {visible(result.folder)}"
        if result.folder
        else "\nDry run: nothing was written."
    )


def _cells(one: Summary) -> tuple[str, ...]:
    return (
        one.name, f"{one.matched:,}", f"{one.exported:,}", percent(one.share_of_customers),
        percent(one.share_of_spend),
        "–" if one.average_order_value is None else f"{one.average_order_value:,.2f}",
        "–" if one.median_recency_days is None else f"{one.median_recency_days:,.0f} d",
    )  # fmt: skip
