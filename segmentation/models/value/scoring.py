"""Applying a ValueModel: each customer alone, the same to the last bit on any split of the rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from segmentation.models.value import gamma_gamma
from segmentation.models.value.btyd import OrderModel
from segmentation.models.value.forecast import orders_if_alive, p_alive, p_order_if_alive
from segmentation.models.value.model import ValueModel
from segmentation.models.value.triples import FloatArray, IntArray

CHUNK = 1 << 20  # rows at once: bounds memory, changes no result

Scores = dict[str, FloatArray]


def score(
    x: npt.ArrayLike,
    t_x: npt.ArrayLike,
    T: npt.ArrayLike,
    mean_value: npt.ArrayLike,
    model: ValueModel,
) -> Scores:
    """One value per customer for each of five features, over the model's horizon.

    p_alive and p_buy (0-1), expected_orders (≥ 0), expected_order_value (money ≥ 0) and
    predicted_value, the product of the two (times the seasonal index, if any). Arguments as in `fit`, times in whole days.
    Missing (NaN): everything where x, t_x or T is missing; everything but expected_order_value
    where the model has no orders part. A missing mean_value gives the base's.
    """
    columns = [np.asarray(column, dtype=np.float64) for column in (x, t_x, T, mean_value)]
    rows = len(columns[0])
    scores = {name: np.full(rows, np.nan) for name in FEATURES}
    for start in range(0, rows, CHUNK):
        part = slice(start, start + CHUNK)
        known = np.flatnonzero(~np.isnan(sum(column[part] for column in columns[:3])))
        chunk = _score(*(column[part][known] for column in columns), model=model)
        for name, values in chunk:
            scores[name][start + known] = values
    return scores


FEATURES = ("p_alive", "expected_orders", "expected_order_value", "predicted_value", "p_buy")


def _score(
    x: FloatArray, t_x: FloatArray, T: FloatArray, mean_value: FloatArray, *, model: ValueModel
) -> Iterator[tuple[str, FloatArray]]:
    value = _order_value(x, mean_value, model)
    yield "expected_order_value", value
    if model.orders is None:
        return
    age = np.maximum(T, 1.0)
    alive = p_alive(x, t_x, age, model.orders)
    orders, buys = _if_alive(x, age, model.horizon_days, model.orders)
    yield "p_alive", alive
    yield "expected_orders", orders * alive
    expected = orders * alive * value
    season = model.seasonal_index
    yield "predicted_value", expected if season is None else expected * season
    yield "p_buy", buys * alive


def _order_value(x: FloatArray, mean_value: FloatArray, model: ValueModel) -> FloatArray:
    if model.spend is None:
        return np.full(len(x), model.base_value)
    return gamma_gamma.expected_order_value(x + 1.0, mean_value, model.spend)


def _if_alive(
    x: FloatArray, T: FloatArray, horizon: float, model: OrderModel
) -> tuple[FloatArray, FloatArray]:
    """Orders and P(order) given alive: they hang on (x, T) alone, of which there are few."""
    ages = int(T.max(initial=0.0)) + 1
    codes: IntArray = x.astype(np.int64) * ages + T.astype(np.int64)
    pairs, place = np.unique(codes, return_inverse=True)
    orders, age = (part.astype(np.float64) for part in np.divmod(pairs, ages))
    expected = orders_if_alive(orders, age, horizon, model)
    return expected[place], p_order_if_alive(orders, age, horizon, model)[place]
