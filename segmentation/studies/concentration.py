"""How much of net spend its biggest spenders make."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.money_totals import total
from segmentation.rules.money import SHARE_PLACES, ratio, rounded

TOP: Final = (0.01, 0.05, 0.10, 0.20)
MOST: Final = 0.80


@dataclass(frozen=True)
class Concentration:
    """Net spend by its biggest spenders: share of spend by share of customers, None without spend.

    Of a fraction of a customer that fraction counts. customers_for_80: the fewest who together
    make 80 % of net spend.
    """

    top: Mapping[str, float | None]
    customers_for_80: int | None
    share_for_80: float | None


def concentration(monetary: pl.Series) -> Concentration:
    """How much of net spend (an exact integer per customer) its biggest spenders make."""
    ranked = monetary.sort(descending=True)
    spend, reached = total(ranked), ranked.cast(pl.Int128).cum_sum()
    top = {f"{share:g}": ratio(_of_top(ranked, share), spend) for share in TOP}
    if spend <= 0:
        return Concentration(top, None, None)
    need = int((reached < math.ceil(spend * Fraction(str(MOST)))).sum()) + 1
    return Concentration(top, need, rounded(need / len(ranked), SHARE_PLACES))


def _of_top(ranked: pl.Series, share: float) -> float:
    """The spend of a share of customers, of the last one in proportion."""
    whole, rest = divmod(len(ranked) * share, 1)
    last = int(ranked[int(whole)]) * rest if int(whole) < len(ranked) else 0.0
    return total(ranked.head(int(whole))) + last
