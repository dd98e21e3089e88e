"""CDNOW's customers, as published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest


class Customers(NamedTuple):
    """One element per customer; times in whole days unless said otherwise."""

    x: npt.NDArray[np.float64]
    t_x: npt.NDArray[np.float64]
    T: npt.NDArray[np.float64]
    mean_value: npt.NDArray[np.float64]


@pytest.fixture(scope="session")
def cdnow_summary(data: Callable[[str], Path]) -> pl.DataFrame:
    """The published summary: ID, x, t_x and T in weeks, zbar = mean repeat spend."""
    return pl.read_csv(data("cdnow/cdnow_customers_summary_with_transactions.csv"))


@pytest.fixture(scope="session")
def weeks(cdnow_summary: pl.DataFrame) -> Customers:
    """The published summary as arrays, times in weeks to two decimals."""
    columns = (
        cdnow_summary[name].cast(pl.Float64).to_numpy() for name in ("x", "t_x", "T", "zbar")
    )
    return Customers(*columns)
