"""What part of the value of an input was lost with its rejected lines, as far as that can be told.

Nothing is looked at before lines are rejected: then they are found in a second pass anyway, and what
the others are worth was added up in the scan, by file and day.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.scan.measuring import Measured
from segmentation.scan.prepare import opened
from segmentation.sources import InputCount, Tally
from segmentation.sources.columns.reasons import CODE, SET_ASIDE, Reason

_TRANSACTIONS: Final = "transactions"
NOBODY: Final = SET_ASIDE[Reason.NO_ID]


@dataclass(frozen=True)
class Lost:
    """What rejected lines were worth and what the others are, in 1/10,000, all by their size.

    `untold` are the rejected lines of which it cannot be told.
    """

    value: int
    used: int
    untold: int

    @property
    def share(self) -> float:
        """The part that was lost (0-1): not less than this, where some cannot be told."""
        whole = self.value + self.used
        return self.value / whole if whole else 0.0


def lost_value(measured: Measured, one: InputCount) -> Lost | None:
    """What was lost of an input; None where it has no amounts, or nothing was rejected."""
    if one.table != _TRANSACTIONS or not one.rows_rejected:
        return None
    tally = _tally_of(measured, one)
    amounts = pl.concat([part.lost for part in tally.parts])
    told = sum(amounts.drop_nulls().to_list())  # of any size: Python's integers do not overflow
    return Lost(told, abs(_used(measured.days, tally, one)), amounts.null_count())


def value_of_nobody(measured: Measured, one: InputCount) -> float:
    """The part (0-1) of an input's value that stands in rows without a customer, all amounts by their size.

    0 where there are none, and where the input is too large to be read once more for it.
    """
    if one.table != _TRANSACTIONS or not one.is_small or NOBODY not in one.rows_set_aside:
        return 0.0
    tally = _tally_of(measured, one)
    amount = pl.col("amount").cast(pl.Int128).abs().sum()
    rows = [part.coded.filter(pl.col(CODE) == Reason.NO_ID).select(amount) for part in tally.parts]
    lost = sum(pl.concat(rows).collect(engine="streaming")["amount"].to_list())
    return Lost(int(lost), abs(_used(measured.days, tally, one)), 0).share


def _tally_of(measured: Measured, one: InputCount) -> Tally:
    tallies = [tally for table in opened(measured.tables) for tally in table.tallies]
    return next(t for t, n in zip(tallies, measured.inputs, strict=True) if n is one)


def _used(days: pl.DataFrame, tally: Tally, one: InputCount) -> int:
    """What the used lines of a source come to: of its files and days, or, where these are not known, anew."""
    files = [file for part in tally.parts for file in part.raw.shown()]
    own = days.filter((pl.col("table") == _TRANSACTIONS) & pl.col("file").is_in(files))
    if own["rows"].sum() == one.rows_used:
        return int(own["amount"].sum())
    used = [p.coded.filter(pl.col(CODE) == Reason.USED).select("amount") for p in tally.parts]
    amounts = pl.concat(used).select(pl.col("amount").cast(pl.Int128).sum())
    return int(amounts.collect(engine="streaming").item())
