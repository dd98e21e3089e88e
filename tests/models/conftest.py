"""CDNOW, as published: fixtures that skip where the data folder is absent."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

CDNOW = Path(__file__).parents[3] / "shared" / "data" / "cdnow"


class Customers(NamedTuple):
    """One element per customer; times in whole days unless said otherwise."""

    x: npt.NDArray[np.float64]
    t_x: npt.NDArray[np.float64]
    T: npt.NDArray[np.float64]
    mean_value: npt.NDArray[np.float64]


def _file(name: str) -> Path:
    path = CDNOW / name
    if not path.exists():
        pytest.skip(f"the CDNOW data are not here: {path}")
    return path


@pytest.fixture(scope="session")
def cdnow_summary() -> pl.DataFrame:
    """The published summary: ID, x, t_x and T in weeks, zbar = mean repeat spend."""
    return pl.read_csv(_file("cdnow_customers_summary_with_transactions.csv"))


@pytest.fixture(scope="session")
def cdnow_sample() -> pl.DataFrame:
    """The 1/10 sample: one row per purchase, customer_id, ordered_on, amount."""
    return _purchases("CDNOW_sample.txt", id_column=1)


@pytest.fixture(scope="session")
def cdnow_master() -> pl.DataFrame:
    """All 69,659 purchases of 23,570 customers."""
    return _purchases("CDNOW_master.txt", id_column=0, header=1)


def _purchases(name: str, *, id_column: int, header: int = 0) -> pl.DataFrame:
    lines = _file(name).read_text().splitlines()[header:]
    rows = [line.split() for line in lines]
    return pl.DataFrame(
        {
            "customer_id": [int(row[id_column]) for row in rows],
            "ordered_on": [row[-3] for row in rows],
            "amount": [float(row[-1]) for row in rows],
        }
    ).with_columns(pl.col("ordered_on").str.to_date("%Y%m%d"))


@pytest.fixture(scope="session")
def weeks(cdnow_summary: pl.DataFrame) -> Customers:
    """The published summary as arrays, times in weeks to two decimals."""
    columns = (
        cdnow_summary[name].cast(pl.Float64).to_numpy() for name in ("x", "t_x", "T", "zbar")
    )
    return Customers(*columns)
