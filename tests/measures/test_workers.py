"""Work on a batch that is shared out among threads: nothing is lost, and no two touch the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest import mock

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from segmentation.measures.batch import Batch
from segmentation.measures.partials import Partials
from segmentation.measures.plan import plan
from segmentation.measures.rows import Tables
from segmentation.measures.stores.of_customers import OfCustomers
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


def test_a_store_makes_room_only_when_nothing_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """An array that grows while rows are added to it loses them."""
    at_work: list[bool] = [False]
    asked: list[bool] = []
    take, wait, folds = Workers.take, Workers.wait, OfCustomers.folds

    def taking(self: Workers, tasks: Sequence[Task], rows: int) -> None:
        take(self, tasks, rows)
        at_work[0] = True

    def waiting(self: Workers) -> None:
        wait(self)
        at_work[0] = False

    def folding(self: OfCustomers, batch: Batch) -> Any:
        asked.append(at_work[0])
        return folds(self, batch)

    monkeypatch.setattr(Workers, "take", taking)
    monkeypatch.setattr(Workers, "wait", waiting)
    monkeypatch.setattr(OfCustomers, "folds", folding)
    test_nothing_is_lost_while_stores_grow()
    assert len(asked) > 3
    assert not any(asked)


def test_what_a_task_raises_is_raised_by_who_waits() -> None:
    def fail() -> None:
        raise MemoryError

    workers = Workers()
    workers.take([fail, lambda: None], 1 << 20)
    with pytest.raises(MemoryError):
        workers.wait()
    workers.wait()
