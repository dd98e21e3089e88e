"""Fitting a ValueModel on a whole base.

Never raises for what customers did or did not do: where orders cannot be forecast (fewer than two
customers, or nobody repeats) the model says so in its notes and scores as missing, so that the
nightly run of a young shop goes on and claims nothing. ValueError means wrong arguments: arrays of
unlike length, missing or impossible times.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segmentation.messages.errors import counted
from segmentation.models.value import btyd, gamma_gamma
from segmentation.models.value.btyd import ModelName, OrderFit
from segmentation.models.value.model import ValueModel
from segmentation.models.value.triples import FloatArray, Triples, compress

EXACT_UP_TO = 200_000  # customers fitted by the day; beyond, by the week (total moves by 0.012 %)
WEEK = 7.0


def fit(
    x: npt.ArrayLike,
    t_x: npt.ArrayLike,
    T: npt.ArrayLike,
    mean_value: npt.ArrayLike,
    *,
    horizon_days: int,
    model: ModelName = "mbg",
    penalty: float | None = None,
) -> ValueModel:
    """The ValueModel of a base: one row per customer, in any order, with the same result.

    x: repeat order days (≥ 0, same-day orders merged). t_x: days from first to last order.
    T: days from first order to as_of (less than one day counts as one). mean_value: spend per
    order day; zero, negative and NaN are left out of the spend model. penalty: of the order model,
    see btyd.fit.
    """
    if horizon_days <= 0:
        raise ValueError(f"horizon_days is {horizon_days}; it must be positive")
    x, t_x, T, mean_value = _customers(x, t_x, T, mean_value)
    triples = compress(x, t_x, T, step=1.0 if len(x) <= EXACT_UP_TO else WEEK) if len(x) else None
    orders, reason = _fit_orders(triples, model, penalty)
    repeat = (x >= 1) & (mean_value > 0)
    spend = gamma_gamma.fit(x[repeat] + 1.0, mean_value[repeat])
    return ValueModel(
        model=model,
        orders=orders.model if orders else None,
        spend=spend.model,
        base_value=_base_value(x, mean_value),
        log_likelihood=orders.log_likelihood if orders else None,
        customers=len(x),
        triples=len(triples) if triples else 0,
        horizon_days=horizon_days,
        on_bound=(orders.on_bound if orders else ()) + spend.on_bound,
        penalised=spend.penalised or (orders is not None and orders.penalised),
        notes=(orders.notes if orders else reason) + spend.notes + _horizon_note(T, horizon_days),
    )


def _fit_orders(
    triples: Triples | None, model: ModelName, penalty: float | None
) -> tuple[OrderFit | None, tuple[str, ...]]:
    """The fit, or None and the sentence that says why not."""
    customers = triples.customers if triples else 0
    if triples is None or customers < 2:
        reason = f"{customers} customer{'' if customers == 1 else 's'} cannot show a pattern"
    elif not triples.x.any():
        reason = f"none of {customers} customers has ordered on a second day"
    else:
        return btyd.fit(triples, model, penalty=penalty), ()
    return None, (f"Orders: {reason}, so future value is not predicted (missing).",)


def _base_value(x: FloatArray, mean_value: FloatArray) -> float:
    """Mean value of one order over all customers, ≥ 0; sorted first, so rows' order is moot."""
    known = ~np.isnan(mean_value)
    orders = x[known] + 1.0
    if not len(orders):
        return 0.0
    return max(float(np.sort(orders * mean_value[known]).sum() / orders.sum()), 0.0)


def _horizon_note(T: FloatArray, horizon_days: int) -> tuple[str, ...]:
    longest = int(T.max()) if len(T) else 0
    if not longest or horizon_days <= longest:
        return ()
    ahead, history = counted(horizon_days, "day"), counted(longest, "day")
    return (
        f"Horizon: {ahead} are more than the {history} of history, "
        "so the forecast reaches beyond anything seen.",
    )


def _customers(*columns: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The columns as floats, T at least one day; ValueError for what no customer can be."""
    x, t_x, T, mean_value = (np.asarray(column, dtype=np.float64) for column in columns)
    if not x.shape == t_x.shape == T.shape == mean_value.shape == (x.size,):
        raise ValueError("x, t_x, T and mean_value must be one-dimensional and of one length")
    T = np.maximum(T, 1.0)
    possible = (x >= 0) & (t_x >= 0) & (t_x <= T) & np.isfinite(x + T) & ~np.isinf(mean_value)
    if not possible.all():
        raise ValueError(
            f"{np.count_nonzero(~possible)} customers have missing or impossible values; "
            "needed: x ≥ 0, 0 ≤ t_x ≤ T, and a finite (or NaN) mean_value"
        )
    return x, t_x, T, mean_value
