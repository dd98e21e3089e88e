"""Finding the top of a likelihood: one bounded search on the log scale, the same twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]  # SciPy ships no types

from segmentation.value.triples import FloatArray

Bounds = tuple[tuple[float, float], ...]
Objective = Callable[[FloatArray], tuple[float, FloatArray]]

OPTIONS = {"maxiter": 1000, "maxfun": 5000, "ftol": 1e-14, "gtol": 1e-8, "maxcor": 20}
NEAR_BOUND = 1e-3  # on the log scale: 0.1 % of the parameter
FLAT = 1e-4  # a slope per customer on the log scale: below, no step would change a forecast


@dataclass(frozen=True)
class Optimum:
    """Natural parameters, the letters that ended on a bound, and whether the end is an optimum."""

    parameters: tuple[float, ...]
    on_bound: tuple[str, ...]
    converged: bool


def minimise(
    objective: Objective, start: FloatArray, bounds: Bounds, letters: tuple[str, ...]
) -> Optimum:
    """The minimum of a cost per customer by L-BFGS-B, given cost and slope of log parameters."""
    low, high = np.transpose(bounds)
    found = optimize.minimize(
        objective,
        np.clip(start, low, high),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options=OPTIONS,
    )
    theta, slope = np.asarray(found.x), np.asarray(found.jac)
    at_edge = np.minimum(theta - low, high - theta) < NEAR_BOUND
    # SciPy's own verdict also fails where rounding alone stops the line search at the optimum.
    downhill = np.clip(theta - slope, low, high) - theta
    return Optimum(
        parameters=tuple(float(value) for value in np.exp(theta)),
        on_bound=tuple(letter for letter, edge in zip(letters, at_edge, strict=True) if edge),
        converged=bool(np.abs(downhill).max() < FLAT),
    )
