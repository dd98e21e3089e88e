"""Work on a batch that is shared out among threads: nothing is lost, and no two touch the same."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Hashable, Mapping
from unittest import mock

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from segmentation.measures.partials import Partials
from segmentation.measures.plan import plan
from segmentation.measures.rows import Tables
from segmentation.measures.workers import Task, Workers
from segmentation.rules.measures import Measure
from segmentation.scan import scanning
from segmentation.scan.scanning import scanned
from segmentation.sources import Table

LINES, CUSTOMERS = 400_000, 90_000
WANTED = {
    "spend": Measure("sum", column="amount"),
    "returned": Measure("sum", column="amount", lines="returned"),
    "lines": Measure("count", of="lines"),
    "orders": Measure("count", of="orders"),
    "different orders": Measure("distinct", column="order_id"),
    "least": Measure("min", column="amount"),
    "most": Measure("max", column="amount", lines="all"),
    "departments": Measure("distinct", column="department"),
    "first": Measure("first", column="department"),
    "last": Measure("last", column="department"),
}


def lines() -> pl.DataFrame:
    """Orders of one to four lines, of ever new customers: all stores grow with every batch."""
    random = np.random.default_rng(7)
    order = np.sort(random.integers(0, LINES // 3, LINES))
    customer = order * CUSTOMERS // (LINES // 3) ^ random.integers(0, 2, LINES // 3)[order]
    moment = np.datetime64("2024-01-01", "us") + np.arange(LINES) * np.timedelta64(37, "s")
    return pl.DataFrame(
        {
            "customer_id": customer,
            "order_id": order[::-1] * 7,
            "ordered_at": moment,
            "department": pl.Series([f"d{i:02}" for i in range(12)])[random.integers(0, 12, LINES)],
            "amount": random.integers(-2, 60, LINES) * 10_000,
        }
    ).with_columns(pl.col("ordered_at").dt.date().alias("ordered_on"))


def test_nothing_is_lost_while_stores_grow() -> None:
    rows = lines()
    table = Table("transactions", rows.lazy(), dict(rows.schema), (), ())
    with mock.patch.object(scanning, "FEWEST_ROWS", 1 << 13):
        partials = Partials(plan(Tables(table), WANTED, as_of=None, new_arrival_days=30))
        list(scanned(table, partials))
    found = partials.at(rows["ordered_on"].max()).sort("customer_id")  # type: ignore[arg-type]  # a day
    bought, last = pl.col("amount") > 0, pl.col("ordered_at").max()
    of_bought = rows.filter(bought)
    ends = [
        of_bought.filter(end.over("customer_id") == pl.col("ordered_at"))
        .group_by("customer_id")
        .agg(pl.col("department").min().alias(name))
        for name, end in (("first", pl.col("ordered_at").min()), ("last", last))
    ]
    expected = (
        rows.group_by("customer_id")
        .agg(
            pl.col("amount").filter(bought).sum().alias("spend"),
            pl.col("amount").filter(pl.col("amount") < 0).sum().alias("returned"),
            bought.sum().cast(pl.Int64).alias("lines"),
            pl.col("order_id").filter(bought).n_unique().cast(pl.Int64).alias("orders"),
            pl.col("order_id").filter(bought).n_unique().cast(pl.Int64).alias("different orders"),
            pl.col("amount").filter(bought).min().alias("least"),
            pl.col("amount").max().alias("most"),
            pl.col("department").filter(bought).n_unique().cast(pl.Int64).alias("departments"),
        )
        .join(ends[0], on="customer_id", how="left")
        .join(ends[1], on="customer_id", how="left")
        .with_columns(pl.col("customer_id").cast(pl.String))
        .sort("customer_id")
    )
    assert_frame_equal(found, expected, check_column_order=False)


def test_no_lane_is_taken_up_by_two_threads_nor_out_of_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An array that grows while rows are added to it loses them."""
    begun: dict[Hashable, list[int]] = {}
    at_work: set[Hashable] = set()
    crossed: list[Hashable] = []
    batches = itertools.count()
    together = [0]
    take = Workers.take

    def watched(lane: Hashable, batch: int, task: Task) -> Task:
        def watching() -> None:
            if lane in at_work:
                crossed.append(lane)
            at_work.add(lane)
            together[0] = max(together[0], len(at_work))
            begun.setdefault(lane, []).append(batch)
            task()
            at_work.discard(lane)

        return watching

    def taking(self: Workers, tasks: Mapping[Hashable, Task], rows: int) -> None:
        batch = next(batches)
        take(self, {k: watched(k, batch, task) for k, task in tasks.items()}, rows)

    monkeypatch.setattr(Workers, "take", taking)
    test_nothing_is_lost_while_stores_grow()
    assert not crossed
    assert len(begun) > 3
    assert all(len(of_lane) > 3 and of_lane == sorted(of_lane) for of_lane in begun.values())
    assert together[0] > 1 or os.cpu_count() == 1


def test_lanes_go_on_while_others_are_behind() -> None:
    """A batch may be taken up in one lane before the one before it is done in another."""
    workers, done = Workers(), list[str]()
    is_free = threading.Event()
    lanes = {"slow": lambda: is_free.wait(10) and done.append("slow 1"), "fast": lambda: None}
    workers.take(lanes, 1 << 20)
    workers.take({"slow": lambda: done.append("slow 2"), "fast": is_free.set}, 1 << 20)
    workers.wait()
    assert done == ["slow 1", "slow 2"] or os.cpu_count() == 1


def test_what_a_task_raises_is_raised_by_who_waits() -> None:
    def fail() -> None:
        raise MemoryError

    workers = Workers()
    workers.take({"a": fail, "b": lambda: None}, 1 << 20)
    with pytest.raises(MemoryError):
        workers.wait()
    workers.wait()


def test_what_follows_an_interrupted_task_is_not_begun_and_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Ctrl-C shuts the threads down while a task is under way that another waits for."""
    workers, is_free = Workers(), threading.Event()
    began = list[str]()
    for name in ("first", "second"):
        workers.take({"a": lambda name=name: began.append(name) or is_free.wait(10)}, 1 << 20)  # type: ignore[misc]  # a task returns nothing
    assert workers._pool is not None
    workers._pool.shutdown(wait=False)
    is_free.set()
    with pytest.raises(RuntimeError, match="shutdown"):
        workers._lanes["a"].result(timeout=10)
    assert (began, caplog.records) == (["first"], [])
