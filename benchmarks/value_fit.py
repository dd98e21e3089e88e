"""Times of the value model on synthetic customers, beside the lifetimes package if it is there.

    python benchmarks/value_fit.py            1 M customers
    python benchmarks/value_fit.py --large    10 M as well (about 4 GB), without lifetimes

Held to: compress + fit of 1 M customers under 2 s, of 10 M under 15 s, on four cores; at 1 M at
least ten times faster than lifetimes with agreeing parameters.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from segmentation.models.value import btyd, fit, score
from segmentation.models.value.fitting import WEEK
from segmentation.models.value.triples import compress

FloatArray = npt.NDArray[np.float64]
Result = TypeVar("Result")

TRUE = {"r": 0.8, "alpha": 60.0, "a": 0.6, "b": 2.0}
HORIZON_DAYS = 180
SEED = 4


class Base(NamedTuple):
    """One element per customer, times in whole days."""

    x: FloatArray
    t_x: FloatArray
    T: FloatArray
    mean_value: FloatArray


def synthetic(customers: int) -> Base:
    """Customers who behave as MBG/NBD and Gamma-Gamma say, first seen over two years."""
    random = np.random.default_rng(SEED)
    age = random.integers(1, 731, customers).astype(np.float64)
    rate = random.gamma(TRUE["r"], 1 / TRUE["alpha"], customers)
    leave = random.beta(TRUE["a"], TRUE["b"], customers)
    x, now, last = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = np.flatnonzero(random.random(customers) >= leave)
    while len(here):
        now[here] += random.exponential(1.0, len(here)) / rate[here]
        here = here[now[here] < age[here]]
        day = np.floor(now[here])
        x[here] += day > last[here]  # orders of one day are one order
        last[here] = day
        here = here[random.random(len(here)) >= leave[here]]
    orders = x + 1.0
    level = random.gamma(3.7, 1 / 15.4, customers)
    mean_value = np.round(random.gamma(6.2 * orders) / (orders * level) + 0.01, 2)
    return Base(x, last, age, mean_value)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def row(what: str, seconds: float, parameters: str = "", note: str = "") -> None:
    print(f"| {what:<34} | {seconds:8.2f} | {parameters:<32} | {note:<22} |", flush=True)


def letters(model: Any) -> str:
    return " ".join(f"{getattr(model, letter):.4f}" for letter in btyd.LETTERS)


def ours(base: Base) -> float:
    """Prints our rows; the seconds that orders alone took, which is what lifetimes fits."""
    packing, triples = timed(lambda: compress(*base[:3], step=WEEK))
    row("compress", packing, note=f"{len(triples):,} weekly triples")
    fitting, orders = timed(lambda: btyd.fit(triples))
    row("fit MBG/NBD", fitting, letters(orders.model))
    whole, model = timed(lambda: fit(*base, horizon_days=HORIZON_DAYS))
    row("fit(): all of it, spend too", whole, letters(model.orders))
    seconds, scores = timed(lambda: score(*base, model=model))
    row("score()", seconds, note=f"{scores['expected_orders'].sum():,.0f} orders")
    return packing + fitting


def theirs(base: Base) -> float | None:
    """Prints the row of lifetimes' MBG/NBD on the same customers; None if it is not installed."""
    try:
        from lifetimes import ModifiedBetaGeoFitter  # type: ignore[import-untyped]  # no types
    except ImportError:
        print("lifetimes is not installed: no rival")
        return None
    rival = ModifiedBetaGeoFitter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifetimes predates NumPy 2 and pandas 3
        seconds, _ = timed(lambda: rival.fit(base.x, base.t_x / WEEK, base.T / WEEK))
    r, alpha, a, b = (float(rival.params_[letter]) for letter in btyd.LETTERS)
    found = btyd.OrderModel("mbg", r, alpha * WEEK, a, b)
    row("lifetimes ModifiedBetaGeoFitter", seconds, letters(found))
    return seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--large", action="store_true", help="10 million customers as well")
    large = options.parse_args().large
    print(f"| {'step':<34} | {'seconds':>8} | {'r alpha a b (days)':<32} | {'':<22} |")
    print(f"|{'-' * 36}|{'-' * 10}|{'-' * 34}|{'-' * 24}|")
    for customers in (1_000_000, 10_000_000)[: 2 if large else 1]:
        making, base = timed(partial(synthetic, customers))
        row(f"({customers:,} customers made)", making, " ".join(map(str, TRUE.values())), "truth")
        mine = ours(base)
        rival = theirs(base) if customers <= 1_000_000 else None
        if rival is not None:
            print(f"lifetimes takes {rival / mine:.0f} times as long as compress + fit")


if __name__ == "__main__":
    main()
