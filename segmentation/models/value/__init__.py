"""Predicted customer value: MBG/NBD for orders, Gamma-Gamma for spend, and their backtest.

    fit(x, t_x, T, mean_value, horizon_days=180) -> ValueModel     sees every customer
    score(x, t_x, T, mean_value, model) -> dict of arrays          one customer at a time

NumPy and SciPy only; nothing here reads a file or a clock, or prints.
"""

from __future__ import annotations

from segmentation.models.value.fitting import fit
from segmentation.models.value.model import ValueModel
from segmentation.models.value.scoring import score

__all__ = ["ValueModel", "fit", "score"]
