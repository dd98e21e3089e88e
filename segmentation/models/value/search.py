"""Finding the top of a likelihood: one bounded search on the log scale, the same twice.

Damped Newton steps (Levenberg, Marquardt) over three or four parameters, projected onto the
bounds; curvature comes from differences of the exact slope. Not SciPy's L-BFGS-B, whose tiny
matrices go through threaded BLAS: on a busy machine that took some forty times as long as the
likelihood itself, and the last bits of a fit must not depend on how many threads there are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from segmentation.dataclass import dataclass
from segmentation.models.value.triples import FloatArray

Bounds = tuple[tuple[float, float], ...]
Objective = Callable[[FloatArray], tuple[float, FloatArray]]

MOST_STEPS = 300
DAMPINGS = 40  # tries of one step, each four times as damped
LONGEST = 2.0  # of a step, on the log scale: e² times the parameter
STEP = 1e-5  # between the slopes that give the curvature
SHALLOW = 1e-10  # a slope per customer that is rounding: the search ends
NEAR_BOUND = 1e-3  # on the log scale: 0.1 % of the parameter
FLAT = 1e-4  # a slope per customer on the log scale: below, no step would change a forecast


@dataclass(frozen=True)
class Optimum:
    """Natural parameters, the letters that ended on a bound, and whether the end is an optimum."""

    parameters: tuple[float, ...]
    on_bound: tuple[str, ...]
    converged: bool


@dataclass(frozen=True, eq=False)
class _Point:
    theta: FloatArray
    cost: float
    slope: FloatArray


def minimise(
    objective: Objective, start: FloatArray, bounds: Bounds, letters: tuple[str, ...]
) -> Optimum:
    """The minimum of a cost per customer, given cost and slope of log parameters."""
    low, high = np.transpose(bounds)
    here, damping = _at(objective, np.clip(start, low, high)), 1e-3
    for _ in range(MOST_STEPS):
        free = _free(here, low, high)
        if not free.any() or np.abs(here.slope[free]).max() < SHALLOW:
            break
        found = _step(objective, here, free, damping, (low, high))
        if found is None:
            break
        here, damping = found
    at_edge = np.minimum(here.theta - low, high - here.theta) < NEAR_BOUND
    downhill = np.clip(here.theta - here.slope, low, high) - here.theta
    return Optimum(
        parameters=tuple(float(value) for value in np.exp(here.theta)),
        on_bound=tuple(letter for letter, edge in zip(letters, at_edge, strict=True) if edge),
        converged=bool(np.abs(downhill).max() < FLAT),
    )


def _at(objective: Objective, theta: FloatArray) -> _Point:
    cost, slope = objective(theta)
    return _Point(theta, cost, slope)


def _free(here: _Point, low: FloatArray, high: FloatArray) -> npt.NDArray[np.bool_]:
    """The parameters that are not pressed against a bound."""
    pressed = ((here.theta <= low) & (here.slope > 0)) | ((here.theta >= high) & (here.slope < 0))
    return ~pressed


def _step(
    objective: Objective,
    here: _Point,
    free: npt.NDArray[np.bool_],
    damping: float,
    box: tuple[FloatArray, FloatArray],
) -> tuple[_Point, float] | None:
    """The first point downhill and the damping to go on with; None where only rounding is left."""
    values, vectors = np.linalg.eigh(_curvature(objective, here, free))
    steepness = np.abs(values) + 1e-12 * np.abs(values).max()
    along = (vectors * here.slope[free][:, None]).sum(axis=0)
    for _ in range(DAMPINGS):
        move = np.zeros_like(here.theta)
        move[free] = -(vectors * (along / (steepness + damping))).sum(axis=1)
        size = max(float(np.abs(move).max()), LONGEST)
        theta = np.clip(here.theta + move * (LONGEST / size), *box)
        there = _at(objective, theta)
        if there.cost < here.cost:
            return there, damping / 10.0
        if _is_rounding(here, there):
            return None
        damping = max(damping * 4.0, 1e-12)
    return None


def _is_rounding(here: _Point, there: _Point) -> bool:
    """Whether two points differ by no more than the last digits of the cost."""
    return abs(there.cost - here.cost) <= 1e-14 * max(abs(here.cost), 1.0)


def _curvature(objective: Objective, here: _Point, free: npt.NDArray[np.bool_]) -> FloatArray:
    """The matrix of second derivatives of the free parameters, from slopes beside the point."""
    rows = []
    for place in np.flatnonzero(free):
        beside = here.theta.copy()
        beside[place] += STEP
        rows.append((objective(beside)[1] - here.slope)[free] / STEP)
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2.0, dtype=np.float64)
