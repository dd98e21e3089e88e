"""What an OrderModel expects of a customer: still alive, orders to come, an order at all.

Every logarithm and exponential here is a scipy.special function, which works one number at a
time. NumPy's own run through SIMD lanes, whose results may depend on a value's place in the
array on some processors; then a customer's score would depend on who stands beside them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special  # type: ignore[import-untyped]  # SciPy ships no types

from segmentation.models.value.btyd import OrderModel, coins
from segmentation.models.value.triples import FloatArray

# a = 1 (and, for BG/NBD, a + b = 1) are removable holes: mean of two values this far either side.
HOLE = 1e-5
QUADRATURE_NODES = 64


def p_alive(
    x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, model: OrderModel
) -> FloatArray:
    """P(still a customer at T), 0-1: expit(-D), D the log odds of having left after the last order.

    BG/NBD says 1 for every one-time buyer.
    """
    orders, last, age = _floats(x), _floats(t_x), _floats(T)
    tossed = coins(orders, model.name)
    survived = model.b + np.maximum(tossed, 1.0) - 1.0
    silence = special.log1p((age - last) / (model.alpha + last))
    odds = special.xlogy(1.0, model.a / survived) + (model.r + orders) * silence
    return np.where(tossed > 0, special.expit(-odds), 1.0)


def p_order_if_alive(
    x: npt.ArrayLike, T: npt.ArrayLike, horizon: float, model: OrderModel
) -> FloatArray:
    """P(at least one order within the horizon | alive), 0-1: 1 - ((α+T)/(α+T+t))^(r+x)."""
    orders = _floats(x)
    share = horizon / (model.alpha + _floats(T) + horizon)
    return -_floats(special.expm1((model.r + orders) * special.log1p(-share)))


def orders_if_alive(
    x: npt.ArrayLike, T: npt.ArrayLike, horizon: float, model: OrderModel
) -> FloatArray:
    """E[orders within the horizon | alive], ≥ 0.

    C/(a-1) · [1 - (1-z)^(a-1) 2F1(C-r-x, a-1; C; z)], C = a+b+x (MBG) or a+b+x-1 (BG),
    z = t/(α+T+t): Fader, Hardie and Lee's (10) after Euler's transformation, which does not
    overflow however large x. Good to 1e-9 relative but in the corners of the search bounds.
    """
    orders, age = np.broadcast_arrays(_floats(x), _floats(T))
    at = model.a + model.b + coins(orders, model.name) - 1.0
    hole = (abs(model.a - 1.0) < HOLE / 2) | (np.abs(at) < HOLE / 2)
    expected = np.empty(orders.shape)
    expected[~hole] = _orders(orders[~hole], age[~hole], horizon, model, model.a)
    sides = (model.a - HOLE, model.a + HOLE)
    low, high = (_orders(orders[hole], age[hole], horizon, model, side) for side in sides)
    expected[hole] = (low + high) / 2.0
    return expected


def _orders(
    x: FloatArray, T: FloatArray, horizon: float, model: OrderModel, a: float
) -> FloatArray:
    at = a + model.b + coins(x, model.name) - 1.0
    z = horizon / (model.alpha + T + horizon)
    tail = special.hyp2f1(at - model.r - x, a - 1.0, at, z)
    direct = np.isfinite(tail) & (tail > 0)
    log_tail = special.xlogy(1.0, np.where(direct, tail, 1.0))
    expected: FloatArray = at / (a - 1.0) * -special.expm1((a - 1.0) * special.log1p(-z) + log_tail)
    rest = np.flatnonzero(~direct)
    expected[rest] = _orders_by_pfaff(x[rest], T[rest], horizon, model, a)
    return expected


def _orders_by_pfaff(
    x: FloatArray, T: FloatArray, horizon: float, model: OrderModel, a: float
) -> FloatArray:
    """The same by Pfaff's transformation, where Euler's overflows or is negative (a + b < 1)."""
    at = a + model.b + coins(x, model.name) - 1.0
    tail = special.hyp2f1(model.r + x, a - 1.0, at, -horizon / (model.alpha + T))
    expected: FloatArray = at / (a - 1.0) * (1.0 - tail)
    lost = np.flatnonzero(~np.isfinite(expected))
    expected[lost] = [
        _orders_by_quadrature(*pair, horizon, model, a)
        for pair in zip(x[lost], T[lost], strict=True)
    ]
    return expected


def _orders_by_quadrature(x: float, T: float, horizon: float, model: OrderModel, a: float) -> float:
    """The same as a mean over p ~ Beta(a, b + coins): last resort, good to some six digits."""
    nodes, weights = np.polynomial.legendre.leggauss(QUADRATURE_NODES)
    tossed = coins(np.array([x]), model.name)[0]
    leave = special.betaincinv(a, model.b + tossed, (nodes + 1.0) / 2.0)
    growth = special.log1p(leave * (horizon / (model.alpha + T)))
    orders = -special.expm1(-(model.r + x) * growth) / np.maximum(leave, 1e-300)
    return float((weights * orders).sum() / 2.0)


def _floats(values: npt.ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)
