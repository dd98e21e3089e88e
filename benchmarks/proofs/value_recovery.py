"""Predicted value on bases whose future is known: customers are made by the model's own story.

Each base has its own parameters. The model is fitted to what happened until today, and what it
expects of the horizon is compared with what the same customers did there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from proof import Proof, main

from segmentation.models.value import fit, score

CUSTOMERS, DAYS, HORIZON = 4_000, 730, 180
MOST_BIAS, MOST_MEAN_BIAS = 0.25, 0.03
Floats = NDArray[np.float64]


def prove(n: int, seed: int) -> Proof:
    """Of n bases each total is within 25 % of the truth, their mean within 3 %."""
    random = np.random.default_rng(seed)
    wrong, biases, ranks = [], [], []
    for number in range(n):
        truth = (
            random.uniform(0.4, 1.5),
            random.uniform(30, 120),
            random.uniform(0.4, 1.2),
            random.uniform(1.5, 4),
        )
        x, t_x, age, mean_value, orders = _made(random, *truth)
        found = score(x, t_x, age, mean_value, fit(x, t_x, age, mean_value, horizon_days=HORIZON))
        bias = float(found["expected_orders"].sum() / orders.sum() - 1)
        rank = _captured(found["expected_orders"], orders) / _captured(orders, orders)
        biases.append(bias)
        ranks.append(rank)
        if abs(bias) > MOST_BIAS:
            wrong.append(f"base {number} {truth}: the total is {bias:+.1%} off")
    if n > 20 and abs(np.mean(biases)) > MOST_MEAN_BIAS:
        wrong.append(f"the totals are {np.mean(biases):+.1%} off on average")
    return Proof(
        n,
        wrong,
        {
            "mean bias of the total": f"{np.mean(biases):+.2%}",
            "largest": f"{max(biases, key=abs):+.1%}",
            "of a perfect tenth captured": f"{np.mean(ranks):.0%}",
        },
    )


def _made(
    random: np.random.Generator, r: float, alpha: float, a: float, b: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """x, t_x, T and mean value of customers until today, and the order days of the horizon after."""
    age = random.integers(1, DAYS + 1, CUSTOMERS).astype(float)
    rate, leave = random.gamma(r, 1 / alpha, CUSTOMERS), random.beta(a, b, CUSTOMERS)
    x, last, later = np.zeros(CUSTOMERS), np.zeros(CUSTOMERS), np.zeros(CUSTOMERS)
    now, day = np.zeros(CUSTOMERS), np.zeros(CUSTOMERS)
    here = np.flatnonzero(random.random(CUSTOMERS) >= leave)
    while len(here):
        now[here] += random.exponential(1.0, len(here)) / rate[here]
        here = here[np.floor(now[here]) <= age[here] + HORIZON]
        is_new = np.floor(now[here]) > day[here]
        day[here] = np.floor(now[here])
        is_past = day[here] <= age[here]
        x[here] += is_new & is_past
        later[here] += is_new & ~is_past
        last[here] = np.where(is_past, day[here], last[here])
        here = here[random.random(len(here)) >= leave[here]]
    mean_value = random.gamma(6.2 * (x + 1)) / ((x + 1) * random.gamma(3.7, 1 / 15.4, CUSTOMERS))
    return x, last, age, mean_value, later


def _captured(ranking: Floats, orders: Floats) -> float:
    """The orders of the tenth that is ranked highest, of all."""
    best = np.argsort(-ranking, kind="stable")[: len(ranking) // 10]
    return float(orders[best].sum() / orders.sum())


if __name__ == "__main__":
    main(prove, n=200, what="bases")
