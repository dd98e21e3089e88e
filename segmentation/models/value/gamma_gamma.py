"""What a customer's next order is worth: the Gamma-Gamma model, fitted on weighted customers.

A customer's orders are Gamma(p, ν) and ν ~ Gamma(q, v) between customers (Fader, Hardie, Lee 2005,
"RFM and CLV", J. Marketing Research 42:415; Fader and Hardie 2013, brucehardie.com/notes/025).
It takes spend per order to be independent of how often a customer orders; check before trusting.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special  # type: ignore[import-untyped]  # SciPy ships no types

from segmentation.dataclass import dataclass
from segmentation.models.value.search import Objective, minimise
from segmentation.models.value.triples import FloatArray, IntArray

LETTERS = ("p", "q", "v")
HOW_FAR = "how far customers differ in what an order is worth"
# On the log scale, with spend divided by its mean.
BOUNDS = ((-7.0, 9.0), (-7.0, 9.0), (-9.0, 12.0))
FEWEST = 30  # customers with two orders or more: three parameters on fewer would be invented
PENALISED_BELOW = 300  # customers: on bases of 100, 12 of 40 free fits hit a bound
PENALTY = 1e-3  # times ln² p + ln² q, per customer
EXACT_UP_TO = 200_000  # customers; beyond, means are rounded to bins
BIN = 0.01  # in ln(mean value): moves ln m by at most 0.5 %, the sums by some 1e-5


@dataclass(frozen=True)
class SpendModel:
    """Fitted parameters, all > 0 and q > 1. v is money, in the unit of the means fitted on."""

    p: float
    q: float
    v: float


@dataclass(frozen=True)
class SpendFit:
    """A SpendModel, or None with the reason in notes; customers is how many it rests on."""

    model: SpendModel | None
    log_likelihood: float | None
    customers: int
    on_bound: tuple[str, ...]
    penalised: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Spends:
    """Distinct (orders, mean_value) in ascending order; weight: customers with that pair."""

    orders: FloatArray
    mean_value: FloatArray
    weight: FloatArray


def log_likelihood(model: SpendModel, spends: Spends) -> tuple[float, FloatArray]:
    """Weighted log-likelihood, and its gradient by (ln p, ln q, ln v)."""
    p, q, v = model.p, model.q, model.v
    n, m, w = spends.orders, spends.mean_value, spends.weight
    values, place = np.unique(n, return_inverse=True)
    shape = p * values
    log_beta = special.gammaln(shape + q) - special.gammaln(shape) - special.gammaln(q)
    psi_all, psi_n = special.psi(shape + q), special.psi(shape)
    total = np.log(n * m + v)
    terms = log_beta[place] + q * np.log(v) + (p * n - 1.0) * np.log(m)
    terms += p * n * np.log(n) - (p * n + q) * total
    by_p = n * ((psi_all - psi_n)[place] + np.log(n * m) - total)
    by_q = (psi_all - special.psi(q))[place] + np.log(v) - total
    by_v = q / v - (p * n + q) / (n * m + v)
    slopes = (p * (w * by_p).sum(), q * (w * by_q).sum(), v * (w * by_v).sum())
    return float((w * terms).sum()), np.array(slopes)


def fit(orders: npt.ArrayLike, mean_value: npt.ArrayLike) -> SpendFit:
    """The maximum likelihood SpendModel of all the customers given, whatever their order.

    orders ≥ 1 and mean_value > 0 are per customer. Choosing customers is the caller's: usually
    those with two orders or more, all orders counted. Never raises for a base that is too small
    or too odd: then model is None and notes say why. PENALTY × (ln² p + ln² q) per customer is
    added to the mean negative log-likelihood below 300 customers, or when a free fit runs to a
    bound; log_likelihood excludes it.
    """
    spends = compress(orders, mean_value)
    customers = int(spends.weight.sum())
    if customers < FEWEST:
        return _none(customers, f"customers with repeat spend are too few ({customers})")
    if customers < PENALISED_BELOW:
        few = f"{customers} customers with repeat spend are too few (fewer than {PENALISED_BELOW}) to tell {HOW_FAR}"
        return _search(spends, customers, PENALTY, because=few)
    free = _search(spends, customers, 0.0)
    if free.model and free.on_bound:
        unclear = f"the orders so far do not tell clearly {HOW_FAR}"
        how = f"the free fit ran {', '.join(free.on_bound)} to a bound; "
        return _search(spends, customers, PENALTY, because=unclear, how=how)
    return free


def _search(
    spends: Spends, customers: int, penalty: float, *, because: str = "", how: str = ""
) -> SpendFit:
    scale = float((spends.weight * spends.mean_value).sum()) / customers
    scaled = Spends(spends.orders, spends.mean_value / scale, spends.weight)
    start = np.array([1.0, 1.0, 0.0])
    found = minimise(_objective(scaled, penalty), start, BOUNDS, LETTERS)
    p, q, v = found.parameters
    if not found.converged:
        return _none(customers, "the fit did not converge")
    if q <= 1.0:
        return _none(customers, f"spend differs too wildly between customers (q = {q:.3g})")
    model = SpendModel(p, q, v * scale)
    return SpendFit(
        model=model,
        log_likelihood=log_likelihood(model, spends)[0],
        customers=customers,
        on_bound=found.on_bound,
        penalised=penalty > 0,
        notes=tuple(_notes(because, how, penalty, found.on_bound)),
    )


def expected_order_value(
    orders: npt.ArrayLike, mean_value: npt.ArrayLike, model: SpendModel
) -> FloatArray:
    """E[value of the next order] = p(v + n·m) / (p·n + q - 1), ≥ 0: the own mean, shrunk.

    A negative mean counts as 0; a missing one (NaN) as no order, so it gives the base's mean.
    Plain arithmetic: the same for a customer whoever stands beside them.
    """
    n = np.asarray(orders, dtype=np.float64)
    m = np.asarray(mean_value, dtype=np.float64)
    n = np.where(np.isnan(m), 0.0, n)
    m = np.where(m > 0, m, 0.0)
    return model.p * (model.v + n * m) / (model.p * n + (model.q - 1.0))


def compress(orders: npt.ArrayLike, mean_value: npt.ArrayLike) -> Spends:
    """Distinct pairs; above EXACT_UP_TO customers with ln(mean_value) rounded to bins."""
    n = np.asarray(orders, dtype=np.float64)
    m = np.asarray(mean_value, dtype=np.float64)
    if len(n) <= EXACT_UP_TO:
        by_pair = np.lexsort((m, n))
        return Spends(n[by_pair], m[by_pair], np.ones(len(n)))
    # xlogy, not np.log: whether a mean falls left or right of an edge must not hang on its row.
    bins: IntArray = np.rint(special.xlogy(1.0, m) / BIN).astype(np.int64)
    lowest = int(bins.min())
    width = int(bins.max()) - lowest + 1
    codes, counts = np.unique(n.astype(np.int64) * width + (bins - lowest), return_counts=True)
    n_of, bin_of = np.divmod(codes, width)
    means = np.exp((bin_of + lowest) * BIN)
    return Spends(n_of.astype(np.float64), means, counts.astype(np.float64))


def _objective(spends: Spends, penalty: float) -> Objective:
    customers = float(spends.weight.sum())

    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        p, q, v = (float(value) for value in np.exp(theta))
        value, gradient = log_likelihood(SpendModel(p, q, v), spends)
        shrink = penalty * np.array([theta[0], theta[1], 0.0])
        cost = -value / customers + float((shrink * theta).sum())
        return cost, -gradient / customers + 2.0 * shrink

    return objective


def _none(customers: int, reason: str) -> SpendFit:
    note = f"Spend: {reason}, so every order is expected to be worth the mean of all orders."
    return SpendFit(None, None, customers, (), False, (note,))


def _notes(because: str, how: str, penalty: float, on_bound: tuple[str, ...]) -> list[str]:
    notes = []
    if because:
        notes.append(
            f"Spend: {because}, so that estimate is held back from extremes ({how}a penalty of "
            f"{penalty:g} × (ln² p + ln² q) per customer)."
        )
    if on_bound:
        notes.append(
            f"Spend: the fit ended on the bound of {', '.join(on_bound)}: orders, or customers, "
            "differ too little in value to tell."
        )
    return notes
