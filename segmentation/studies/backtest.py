"""How far predicted value was right on the user's own past: fit up to a cutoff, compare after it.

What a customer brought is the difference of two snapshots of net spend, so it is exact. The model
sees nothing after the cutoff; the plain grid it is compared with is learnt on the horizon before
the cutoff. Shares are 0-1, and None where there is nothing to tell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, RulesError, counted
from segmentation.messages.notices import Notice, judged, notice
from segmentation.models.fitted import VALUE
from segmentation.models.value import backtest
from segmentation.models.value.triples import FloatArray
from segmentation.rules.money import SCALE, SHARE_PLACES, rounded, share_in_percent
from segmentation.rules.source_paths import STANDARD_INPUT, refuse_unset
from segmentation.scan.prepare import Request
from segmentation.sources.columns.numbers import divided
from segmentation.studies.backtest_days import Days, days_of
from segmentation.studies.value_plane import AXES, Predicted, described, predict

PAST: Final = (*AXES, "order_days", "monetary")
MOST_BIAS: Final = 0.20


@dataclass(frozen=True)
class BacktestReport:
    """What `segment value --backtest` says; deciles hold means per customer, 1 = best."""

    cutoff: str
    until: str
    horizon_days: int
    customers: int
    predicted_total: float | None
    actual_total: float
    total_bias: float | None
    capture_top10: float | None
    capture_top10_naive: float | None
    capture_top10_grid: float | None
    capture_top10_perfect: float | None
    gini: float | None
    expected_share_buying: float | None
    actual_share_buying: float
    seasonal_index: float | None
    deciles: tuple[backtest.Decile, ...]
    model: Mapping[str, Any]
    notices: tuple[Notice, ...]

    def rows(self) -> list[dict[str, Any]]:
        """The decile table as --csv writes it."""
        return [asdict(decile) for decile in self.deciles]


def run(request: Request, *, cutoff: date | None = None) -> BacktestReport:
    """The backtest of the request's rules. Raises any SegmentationError.

    Without a cutoff it is the horizon before the last day. Reads the files up to four times.
    """
    _refuse_standard_input(request)
    last, everyone = _snapshot(request)
    days = _days(request, cutoff, last, everyone)
    past = predict(replace(request, as_of=days.cutoff))
    after = everyone if days.until == last else _snapshot(replace(request, as_of=days.until))[1]
    brought = _brought(past.customers, after)
    naive = backtest.naive_rate(
        past.customers["monetary"].to_numpy() / SCALE, past.customers[AXES[0]], days.horizon
    )
    found = _report(past, days, brought, naive, _by_grid(request, days, past.customers))
    rules, strict = request.rules, request.strict
    return replace(found, notices=judged(found.notices, rules.notices, strict=strict))


def _refuse_standard_input(request: Request) -> None:
    refuse_unset(request.rules)
    if any(s.place == STANDARD_INPUT for s in request.rules.sources["transactions"]):
        raise RulesError(
            Problem(
                "a backtest reads the transactions several times, standard input only once",
                mend="Give a file.",
            )
        )


def _snapshot(request: Request) -> tuple[date, pl.DataFrame]:
    """The buyers with PAST as of the request's day (default: the last day of the data)."""
    customers, cuts, _ = described(request, PAST)
    return cuts.as_of, customers


def _days(request: Request, cutoff: date | None, last: date, everyone: pl.DataFrame) -> Days:
    first = last - timedelta(int(str(everyone[AXES[0]].max())))
    return days_of(first, last, request.rules.value.horizon_days, cutoff)


def _brought(past: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Net spend and order days of each customer of `past` since then, in its order."""
    now = after.select("customer_id", pl.col("monetary", "order_days").name.suffix("_now"))
    joined = past.join(now, on="customer_id", how="left", maintain_order="left")
    return joined.select(
        divided(pl.col("monetary_now") - pl.col("monetary"), SCALE).alias("actual"),
        (pl.col("order_days_now") > pl.col("order_days")).alias("bought"),
    )


def _by_grid(request: Request, days: Days, past: pl.DataFrame) -> FloatArray:
    """The prediction of the plain plane, learnt between a horizon before the cutoff and it."""
    start = days.cutoff - timedelta(days.horizon)
    before = past.clear() if start < days.first else _snapshot(replace(request, as_of=start))[1]
    brought = _brought(before, past)["actual"]
    longevity, recency = AXES
    grid = backtest.fit_grid(before[longevity], before[recency], brought)
    return backtest.predict_grid(past[longevity], past[recency], grid)


def _report(
    past: Predicted, days: Days, brought: pl.DataFrame, naive: FloatArray, grid: FloatArray
) -> BacktestReport:
    model = past.cuts.values[VALUE]
    said = past.customers["predicted_value"].fill_null(float("nan")).to_numpy()
    actual = brought["actual"].to_numpy()
    figures = {
        "total_bias": backtest.total_bias(said, actual),
        "capture_top10": backtest.capture_top10(said, actual),
        "capture_top10_naive": backtest.capture_top10(naive, actual),
        "capture_top10_grid": backtest.capture_top10(grid, actual),
        "capture_top10_perfect": backtest.capture_top10_perfect(actual),
        "gini": backtest.gini(said, actual),
        "expected_share_buying": _mean(past.customers["p_buy"].fill_null(float("nan")).to_numpy()),
    }
    shares = {name: _known(figure) for name, figure in figures.items()}
    return BacktestReport(
        cutoff=days.cutoff.isoformat(),
        until=days.until.isoformat(),
        horizon_days=days.horizon,
        customers=len(said),
        predicted_total=_known(math.fsum(said), 2),
        actual_total=rounded(math.fsum(actual), 2),
        **shares,
        actual_share_buying=rounded(int(brought["bought"].sum()) / len(said), SHARE_PLACES),
        seasonal_index=model["seasonal_index"],
        deciles=_deciles(said, actual),
        model=model,
        notices=(*past.notices, *_warnings(days, shares)),
    )


def _deciles(said: FloatArray, actual: FloatArray) -> tuple[backtest.Decile, ...]:
    if np.isnan(said).any():
        return ()
    return tuple(
        replace(d, predicted=rounded(d.predicted, 4), actual=rounded(d.actual, 4))
        for d in backtest.deciles(said, actual)
    )


def _warnings(days: Days, shares: Mapping[str, float | None]) -> list[Notice]:
    found = []
    bias, model, naive = (shares[n] for n in ("total_bias", "capture_top10", "capture_top10_naive"))
    if bias is not None and abs(bias) > MOST_BIAS:
        side = "above" if bias > 0 else "below"
        found.append(
            notice(
                "backtest-bias",
                f"the predicted total is {share_in_percent(abs(bias), 0)} {side} "
                "the actual one: trust the ranking, not totals",
            )
        )
    if days.unseen:
        found.append(
            notice(
                "backtest-season",
                f"{days.unseen} of the {counted(days.horizon, 'day')} after the "
                "cutoff fall in a part of the year that the history before it has not seen: "
                "a seasonal business will differ",
            )
        )
    if model is not None and naive is not None and model <= naive:
        found.append(
            notice(
                "backtest-ranking",
                "the model ranks no better than spend ÷ longevity: its top "
                f"10 % brought {share_in_percent(model)}, the naive one's {share_in_percent(naive)}",
            )
        )
    return found


def _mean(values: FloatArray) -> float:
    return math.fsum(values) / len(values)


def _known(figure: float, places: int = SHARE_PLACES) -> float | None:
    return None if math.isnan(figure) else rounded(figure, places)
