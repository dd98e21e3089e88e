"""How often customers order and when they stop: MBG/NBD and BG/NBD by maximum likelihood.

A living customer orders at rate λ ~ Gamma(r, alpha); after an order they leave with probability
p ~ Beta(a, b). BG/NBD (Fader, Hardie, Lee 2005, Marketing Science 24:275) tosses that coin after
repeat orders only, so every one-time buyer is alive for certain; MBG/NBD (Batislam, Denizel,
Filiztekin 2007; Hoppe and Wagner 2007) tosses it after the first order too.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special  # type: ignore[import-untyped]  # SciPy ships no types

from segmentation.dataclass import dataclass
from segmentation.models.value.search import Objective, Optimum, minimise
from segmentation.models.value.triples import FloatArray, Triples

ModelName = Literal["mbg", "bg"]

PENALISED_BELOW = 300  # customers: at 300, 12 of 60 free fits hit a bound, 0 of 60 penalised
PENALTY = 1e-3  # times ln² a + ln² b, per customer
SAMPLED_ABOVE = 20_000  # histories: the search begins at the optimum of a quarter as many
HOW_SOON = "how soon customers leave for good"
LETTERS = ("r", "alpha", "a", "b")
# On the log scale, with time divided by the longest T: wide enough for any shop, and finite.
BOUNDS = ((-7.0, 7.0), (-12.0, 9.0), (-9.0, 7.0), (-9.0, 7.0))


@dataclass(frozen=True)
class OrderModel:
    """Fitted parameters, all > 0. alpha is a time, in the unit of the triples it was fitted on."""

    name: ModelName
    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True)
class OrderFit:
    """An OrderModel and how it came about.

    log_likelihood excludes the penalty; on_bound names the letters that ran to a bound of the
    search; notes are sentences for the reader of a report.
    """

    model: OrderModel
    log_likelihood: float
    on_bound: tuple[str, ...]
    penalised: bool
    converged: bool
    notes: tuple[str, ...]


def coins(x: FloatArray, name: ModelName) -> FloatArray:
    """How often the leaving coin has been tossed after x repeat orders."""
    return x + 1.0 if name == "mbg" else x


def log_likelihood(model: OrderModel, triples: Triples) -> tuple[float, FloatArray]:
    """Weighted log-likelihood, and its gradient by (ln r, ln alpha, ln a, ln b)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    x, w = triples.x, triples.weight
    k = coins(x, model.name)
    survived = b + np.maximum(k, 1.0) - 1.0
    last, age = alpha + triples.t_x, alpha + triples.T
    log_ratio = np.log(age / last)
    log_age = np.log(age)
    odds = np.log(a / survived) + (r + x) * log_ratio
    can_leave = k > 0
    left = np.where(can_leave, special.expit(odds), 0.0)
    values, slopes = _gamma_terms(model, triples)
    terms = values + r * np.log(alpha) - (r + x) * log_age
    terms += np.where(can_leave, np.logaddexp(0.0, odds), 0.0)
    by_r = slopes[0] + np.log(alpha) - log_age + left * log_ratio
    by_alpha = r / alpha - (r + x) / age + left * (r + x) * (1.0 / age - 1.0 / last)
    by_a = slopes[1] + left / a
    by_b = slopes[2] - left / survived
    gradient = [r * _sum(w, by_r), alpha * _sum(w, by_alpha), a * _sum(w, by_a), b * _sum(w, by_b)]
    return _sum(w, terms), np.array(gradient)


def _gamma_terms(model: OrderModel, triples: Triples) -> tuple[FloatArray, list[FloatArray]]:
    """The terms that hang on x alone, and their slopes by r, a and b, computed once per x."""
    r, a, b = model.r, model.a, model.b
    x, place = triples.distinct_x
    k = coins(x, model.name)
    value = special.gammaln(r + x) - special.gammaln(r)
    value += special.gammaln(a + b) + special.gammaln(b + k)
    value -= special.gammaln(b) + special.gammaln(a + b + k)
    by_r = special.psi(r + x) - special.psi(r)
    by_a = special.psi(a + b) - special.psi(a + b + k)
    by_b = by_a + special.psi(b + k) - special.psi(b)
    return value[place], [by_r[place], by_a[place], by_b[place]]


def _sum(weight: FloatArray, values: FloatArray) -> float:
    """A weighted sum in one fixed order: a dot product would depend on BLAS threads."""
    return float((weight * values).sum())


def fit(triples: Triples, name: ModelName = "mbg", *, penalty: float | None = None) -> OrderFit:
    """The maximum likelihood OrderModel; the same for the same triples, to the last bit.

    penalty × (ln² a + ln² b) per customer is added to the mean negative log-likelihood. None
    lets the data decide: PENALTY below 300 customers, or when a free fit runs to a bound or does
    not converge; else nothing. Scale-free: a penalty does not depend on the unit of time.
    Meaningless, and so for the caller to refuse, when nobody repeats.
    """
    if penalty is not None:
        return _search(triples, name, penalty)
    if triples.customers < PENALISED_BELOW:
        few = f"{triples.customers} customers are too few (fewer than {PENALISED_BELOW}) to tell {HOW_SOON}"
        return _search(triples, name, PENALTY, because=few)
    free = _search(triples, name, 0.0)
    if free.converged and not free.on_bound:
        return free
    why = f"ran {', '.join(free.on_bound)} to a bound" if free.on_bound else "did not converge"
    unclear = f"the orders so far do not tell clearly {HOW_SOON}"
    return _search(triples, name, PENALTY, because=unclear, how=f"the free fit {why}; ")


def _search(
    triples: Triples, name: ModelName, penalty: float, *, because: str = "", how: str = ""
) -> OrderFit:
    longest = float(triples.T.max())
    scaled = Triples(triples.x, triples.t_x / longest, triples.T / longest, triples.weight)
    rate = _sum(scaled.weight, scaled.x) / _sum(scaled.weight, scaled.T)
    start = np.array([0.0, -np.log(rate), 0.0, 0.0])
    if len(scaled) > SAMPLED_ABOVE:
        sample = minimise(_objective(_some(scaled), name, penalty), start, BOUNDS, LETTERS)
        start = np.log(sample.parameters)
    found = minimise(_objective(scaled, name, penalty), start, BOUNDS, LETTERS)
    r, alpha, a, b = found.parameters
    model = OrderModel(name, r, alpha * longest, a, b)
    return OrderFit(
        model=model,
        log_likelihood=log_likelihood(model, triples)[0],
        on_bound=found.on_bound,
        penalised=penalty > 0,
        converged=found.converged,
        notes=tuple(_notes(because, how, penalty, found)),
    )


def _some(triples: Triples) -> Triples:
    """A regular sample of the histories, to find out cheaply where to begin."""
    part = slice(None, None, len(triples) // (SAMPLED_ABOVE // 4))
    return Triples(triples.x[part], triples.t_x[part], triples.T[part], triples.weight[part])


def _objective(triples: Triples, name: ModelName, penalty: float) -> Objective:
    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        r, alpha, a, b = (float(value) for value in np.exp(theta))
        value, gradient = log_likelihood(OrderModel(name, r, alpha, a, b), triples)
        shrink = penalty * np.array([0.0, 0.0, theta[2], theta[3]])
        cost = -value / triples.customers + float((shrink * theta).sum())
        return cost, -gradient / triples.customers + 2.0 * shrink

    return objective


def _notes(because: str, how: str, penalty: float, found: Optimum) -> list[str]:
    notes = []
    if because:
        notes.append(
            f"Orders: {because}, so that estimate is held back from extremes ({how}a penalty of "
            f"{penalty:g} × (ln² a + ln² b) per customer)."
        )
    if found.on_bound:
        notes.append(
            f"Orders: the fit ended on the bound of {', '.join(found.on_bound)}: "
            "the customers do not tell this parameter apart from an extreme."
        )
    if not found.converged:
        notes.append("Orders: the fit did not converge; do not rely on the predicted values.")
    return notes
