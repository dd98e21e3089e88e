"""How far a prediction was right: predicted against actual value of the same customers.

Pure functions of arrays, one element per customer. Customers with equal predictions share their
mean actual value, so no figure depends on the order of the rows. Shares are 0-1 (0.61 for 61 %),
and NaN where there is nothing to tell: no customers, a missing prediction, or nothing bought.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segmentation.dataclass import dataclass
from segmentation.models.value.triples import FloatArray, IntArray

GROUPS = 10


@dataclass(frozen=True)
class Decile:
    """A tenth of the customers by prediction, 1 = best; predicted and actual are means."""

    decile: int
    customers: int
    predicted: float
    actual: float


def total_bias(predicted: npt.ArrayLike, actual: npt.ArrayLike) -> float:
    """Predicted total ÷ actual total - 1: 0.1 is a forecast ten per cent too high."""
    total = float(np.sort(_floats(actual)).sum())
    return float(np.sort(_floats(predicted)).sum()) / total - 1.0 if total else float("nan")


def capture(predicted: npt.ArrayLike, actual: npt.ArrayLike, share: float = 0.1) -> float:
    """The share of actual value that the best-predicted `share` of the customers brought."""
    _, brought = _ranked(predicted, actual)
    return float(np.interp(share, *_curve(brought)))


def capture_top10(predicted: npt.ArrayLike, actual: npt.ArrayLike) -> float:
    """The share of actual value that the best-predicted tenth of the customers brought."""
    return capture(predicted, actual, 0.1)


def capture_top10_perfect(actual: npt.ArrayLike) -> float:
    """The most that any ranking could capture in a tenth: perfect foresight."""
    return capture(actual, actual, 0.1)


def gini(predicted: npt.ArrayLike, actual: npt.ArrayLike) -> float:
    """Gini of actual value along the predicted ranking ÷ along the perfect one: 0 is chance."""
    perfect = _area(actual, actual)
    return _area(predicted, actual) / perfect if perfect else float("nan")


def deciles(predicted: npt.ArrayLike, actual: npt.ArrayLike) -> tuple[Decile, ...]:
    """Mean predicted and actual value by tenth of the predicted ranking; fewer rows below ten."""
    ranked, brought = _ranked(predicted, actual)
    groups = zip(np.array_split(ranked, GROUPS), np.array_split(brought, GROUPS), strict=True)
    return tuple(
        Decile(place, len(said), float(said.mean()), float(came.mean()))
        for place, (said, came) in enumerate(groups, start=1)
        if len(said)
    )


def naive_rate(spend: npt.ArrayLike, T: npt.ArrayLike, horizon_days: float) -> FloatArray:
    """What spending on as before would bring: spend so far ÷ days since the first order × horizon.

    T below one day counts as one.
    """
    return _floats(spend) / np.maximum(_floats(T), 1.0) * horizon_days


@dataclass(frozen=True)
class Plane:
    """The plain longevity × recency plane: mean value brought per cell, learnt on the past.

    Cell edges in days, ascending; a value on an edge is in the upper cell. Cells where nobody was
    hold the mean of all; learnt on nobody, a grid holds NaN.
    """

    longevity_edges: tuple[float, ...]
    recency_edges: tuple[float, ...]
    cells: tuple[tuple[float, ...], ...]


def fit_grid(
    longevity: npt.ArrayLike, recency: npt.ArrayLike, brought: npt.ArrayLike, bands: int = 5
) -> Plane:
    """The Plane of customers as they stood a horizon before the cutoff, by quantile bands.

    `brought` is what they brought between that day and the cutoff: what comes after the cutoff
    is not known, so a grid can only be learnt from the window before.
    """
    rows, columns, value = _floats(longevity), _floats(recency), _floats(brought)
    row_edges, column_edges = _edges(rows, bands), _edges(columns, bands)
    shape = (len(row_edges) + 1, len(column_edges) + 1)
    cell = _cell(rows, row_edges) * shape[1] + _cell(columns, column_edges)
    by_cell = np.lexsort((value, cell))
    count = np.bincount(cell, minlength=shape[0] * shape[1])
    total = np.bincount(cell[by_cell], weights=value[by_cell], minlength=len(count))
    mean = total.sum() / len(value) if len(value) else float("nan")
    cells = np.where(count > 0, total / np.maximum(count, 1), mean).reshape(shape)
    return Plane(row_edges, column_edges, tuple(tuple(map(float, row)) for row in cells))


def predict_grid(longevity: npt.ArrayLike, recency: npt.ArrayLike, grid: Plane) -> FloatArray:
    """The value of each customer's cell: the prediction of the plain plane."""
    cells = np.array(grid.cells)
    row = _cell(_floats(longevity), grid.longevity_edges)
    predicted: FloatArray = cells[row, _cell(_floats(recency), grid.recency_edges)]
    return predicted


def _floats(values: npt.ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _ranked(predicted: npt.ArrayLike, actual: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Predictions, best first, and beside each the mean actual value of its ties."""
    said, came = _floats(predicted), _floats(actual)
    if np.isnan(said).any():
        return said, np.full(len(said), np.nan)
    order = np.lexsort((came, -said))
    said, came = said[order], came[order]
    first = np.flatnonzero(np.diff(said, prepend=np.nan) != 0)
    if not len(first):
        return said, came
    size = np.diff(first, append=len(said))
    return said, np.repeat(np.add.reduceat(came, first) / size, size)


def _curve(brought: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of customers, and share of value they brought, from (0, 0) to (1, 1)."""
    total = brought.sum()
    if not total:
        return np.array([0.0, 1.0]), np.array([np.nan, np.nan])
    reached = np.concatenate([[0.0], np.cumsum(brought)]) / total
    return np.linspace(0.0, 1.0, len(reached)), reached


def _area(predicted: npt.ArrayLike, actual: npt.ArrayLike) -> float:
    """Twice the area between the capture curve and the diagonal."""
    customers, value = _curve(_ranked(predicted, actual)[1])
    return float(2.0 * np.trapezoid(value, customers) - 1.0)


def _edges(values: FloatArray, bands: int) -> tuple[float, ...]:
    if not len(values):
        return ()
    cuts = np.quantile(values, np.arange(1, bands) / bands, method="higher")
    return tuple(float(edge) for edge in np.unique(cuts))


def _cell(values: FloatArray, edges: tuple[float, ...]) -> IntArray:
    cells: IntArray = np.searchsorted(np.array(edges), values, side="right").astype(np.int64)
    return cells
