"""Cells of orders: room is made where ids come, below and above, and never for many times their span."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.measures.batch import Batch
from segmentation.measures.folds import ANY
from segmentation.measures.grains import CUSTOMER, GRAIN
from segmentation.measures.parts import ORDER, Part
from segmentation.measures.stores.within_orders import WithinOrders
from segmentation.rules.measures import Measure

YES = Part("p", "p", "k", "v", Measure("count"), frozenset(), None, ANY, grain=ORDER)
WIDE = 1 << 22
EDGES = [-(1 << 63), -(1 << 63) + 1, (1 << 63) - 1, (1 << 63) - 2]


def taken(batches: list[list[int]]) -> WithinOrders:
    """A store that took up orders of these ids, each of a customer of its own."""
    store = WithinOrders([YES], {}, "id", "day", dense=True)
    known: dict[int, int] = {}
    for ids in batches:
        customers = np.array([known.setdefault(i, len(known)) for i in ids], np.int64)
        rows = pl.DataFrame({"id": pl.Series(ids, dtype=pl.Int64)})
        store.fold(Batch(rows, customers))
    return store


def held(store: WithinOrders) -> list[int]:
    rows = pl.concat(f.select(CUSTOMER, GRAIN) for f in store.rows() if f.height)
    assert rows[CUSTOMER].n_unique() == rows.height
    return sorted(rows[GRAIN].to_list())


ORDERS = {
    "in order": [[*range(i, i + 100)] for i in range(0, 5_000, 100)],
    "from the last to the first": [[*range(i, i + 100)] for i in range(5_000, 0, -100)],
    "in no order": [
        np.random.default_rng(seed).integers(0, WIDE, 500).tolist() for seed in range(40)
    ],
    "ever further on both sides": [[-(1 << i), 1 << i] for i in range(21)],
    "from the middle": [[WIDE // 2 + i * (-1) ** i * 1_000] for i in range(1_000)],
    "one": [[7], [7]],
    "at the lower end": [[-(1 << 63) + 5], [-(1 << 63)]],
    "at the upper end": [[(1 << 63) - 5], [(1 << 63) - 1]],
}


@pytest.mark.parametrize("batches", ORDERS.values(), ids=ORDERS)
def test_cells_are_at_the_most_thrice_the_span(batches: list[list[int]]) -> None:
    store, ids = taken(batches), {i for batch in batches for i in batch}
    assert held(store) == sorted(ids)
    assert 0 < len(store._owners) <= 3 * (max(ids) - min(ids) + 1)


@given(st.lists(st.lists(st.integers(-9, 300) | st.sampled_from(EDGES), min_size=1), min_size=1))
def test_no_order_is_lost(batches: list[list[int]]) -> None:
    assert held(taken(batches)) == sorted({i for batch in batches for i in batch})
