"""How `segment value` shows the plane, tiers, concentration and a backtest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from segmentation.messages.errors import counted
from segmentation.rules.money import rounded

from .output import percent, print_annotations, print_notices, show, show_envelope, table

if TYPE_CHECKING:
    from segmentation.studies.backtest import BacktestReport
    from segmentation.studies.value_job import Result
    from segmentation.studies.value_plane import Band, PlaneCell, ValueReport


def print_value(found: Result, *, as_json: bool, quiet: bool) -> None:
    """The plane or a backtest: tables on stdout, what to beware of on stderr."""
    from segmentation.studies.backtest import BacktestReport

    if as_json:
        show_envelope("value", found, found.notices)
        print_annotations(found.notices)
        return
    if quiet:
        return
    print_notices(found.notices)
    show(_backtest(found) if isinstance(found, BacktestReport) else _report(found))


def _report(found: ValueReport) -> str:
    season = found.model["seasonal_index"]
    scaled = "" if season is None else f", times the seasonal index {rounded(season, 3):.3f}"
    parts = [
        f"{counted(found.customers, 'customer')} as of {found.as_of}; predicted value over the next "
        f"{counted(found.horizon_days, 'day')}{scaled}: {_money(found.predicted_value)}",
        "Mean predicted value by days since the first order (down) and the last (across)\n"
        + _grid(found, lambda cell: _money(cell.mean_predicted_value)),
        "Customers\n" + _grid(found, lambda cell: f"{cell.customers:,}" if cell.customers else "–"),
        *(f"Share in {label}\n" + _grid(found, _share_in(label)) for label in found.plane[0].tiers),
        _tiers(found),
        _concentration(found),
    ]
    return "\n\n".join(parts)


def _grid(found: ValueReport, shown: Callable[[PlaneCell], str]) -> str:
    columns = list(dict.fromkeys(_days(cell.recency_days) for cell in found.plane))
    rows: dict[str, list[str]] = {}
    for cell in found.plane:
        rows.setdefault(_days(cell.longevity_days), []).append(shown(cell))
    return table(("days", *columns), [(name, *cells) for name, cells in rows.items()])


def _share_in(label: str) -> Callable[[PlaneCell], str]:
    return lambda cell: percent(cell.tiers[label])


def _days(band: Band) -> str:
    return f"{band.start}+" if band.up_to is None else f"{band.start}–{band.up_to}"


def _tiers(found: ValueReport) -> str:
    head = (
        "tier",
        "customers",
        "share",
        "spend so far",
        "predicted",
        "mean predicted",
        "buys again",
    )
    rows = [
        (
            t.tier,
            f"{t.customers:,}",
            percent(t.share_of_customers),
            percent(t.share_of_spend),
            percent(t.share_of_predicted),
            _money(t.mean_predicted_value),
            percent(t.mean_p_buy),
        )
        for t in found.tiers
    ]
    return table(head, rows)


def _concentration(found: ValueReport) -> str:
    top = found.concentration.top
    shares = ", ".join(f"{float(share) * 100:g} % → {percent(part)}" for share, part in top.items())
    most = found.concentration.customers_for_80
    made = (
        ""
        if most is None
        else (
            f"\n80 % of spend is made by {counted(most, 'customer')} ({percent(found.concentration.share_for_80)})"
        )
    )
    return f"Spend so far of the top customers: {shares}{made}"


def _backtest(found: BacktestReport) -> str:
    season = found.seasonal_index
    scaled = "" if season is None else f", times the seasonal index {rounded(season, 3):.3f}"
    rows = [
        ("predicted value", found.capture_top10),
        ("spend ÷ longevity", found.capture_top10_naive),
        ("longevity × recency grid", found.capture_top10_grid),
        ("perfect foresight", found.capture_top10_perfect),
    ]
    bias = "–" if found.total_bias is None else f"{rounded(found.total_bias, 3) * 100:+.1f} %"
    gini = "–" if found.gini is None else f"{rounded(found.gini, 3):.3f}"
    return "\n\n".join(
        [
            f"{counted(found.customers, 'customer')} as of {found.cutoff}, predicted for the {counted(found.horizon_days, 'day')} "
            f"to {found.until}{scaled}",
            f"Total: predicted {_money(found.predicted_total)}, actual {_money(found.actual_total)} ({bias})\n"
            f"Buying again: predicted {percent(found.expected_share_buying)}, actual "
            f"{percent(found.actual_share_buying)}\nGini of the ranking (1 is perfect): {gini}",
            table(
                ("share of actual value in the top 10 % by", "captured"),
                [(name, percent(share)) for name, share in rows],
            ),
            table(
                ("tenth by prediction", "customers", "predicted mean", "actual mean"),
                [
                    (str(d.decile), f"{d.customers:,}", _money(d.predicted), _money(d.actual))
                    for d in found.deciles
                ],
            )
            if found.deciles
            else "No prediction, so no table of tenths.",
        ]
    )


def _money(amount: float | None) -> str:
    return "–" if amount is None else f"{rounded(amount, 2):,.2f}"
