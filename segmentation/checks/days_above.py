"""Days that stand above several orders: the rows below leave them blank, and would be rejected as undated.

A day that is printed once is never the day of the dated row before it, and most often some rows stand below it.
Where days are repeated from row to row, or few are blank, a blank one is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.bare_rows import BLANK, DAY
from segmentation.checks.filling import looked_at
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.money import SCALE
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.filled import with_filled
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.ways import of_init_of
from segmentation.sources.reader import FILE, RECORD
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

_FEWEST: Final = 2  # rows without a day
_LEAST_SHARE: Final = 0.2  # of those that have one, or lack it


@dataclass(frozen=True)
class DaysAbove:
    """Rows without a day below one that has it: how many, their amounts in 1/10,000, and what is to be filled down."""

    rows: int
    worth: int
    columns: tuple[str, ...]


def undated_below(run: AfterScan) -> Iterator[Notice]:
    """An error for each input of transactions in which a day stands above the rows of several orders."""
    for found, tally in run.days_above:
        rows = found.rows
        what = (
            f"{counted(rows, 'row')} of {found.worth / SCALE:,.2f} {agreeing(rows, 'has', 'have')} no date, and one "
            f"stands above: {agreeing(rows, 'it', 'they')} would be lost"
        )
        fill = flow({"fill_down": list(found.columns)})[1:-1]
        mend = f"Where blank cells are those of the row above, write under sources: `{fill}`."
        way = of_init_of(run.rules.sources)
        mend += f"\n  {way}" if way else ""
        yield notice("continued-orders", what, where=tally.path, mend=mend)


def days_above(source: Source, tally: Tally) -> DaysAbove | None:
    """The rows of an input whose day stands above them; None where there are none."""
    each = [one for part in tally.parts if (one := _of_part(source, part)) is not None]
    if not each:
        return None
    columns = tuple(dict.fromkeys(c for one in each for c in (*source.fill_down, *one.columns)))
    return DaysAbove(sum(one.rows for one in each), sum(one.worth for one in each), columns)


def _of_part(source: Source, part: Portion) -> DaysAbove | None:
    columns = _columns(source, part)
    orders = part.recipe.columns.canonical.get("order_id", ())
    known = tuple(name for name in orders if name in part.raw.schema)
    places = {"order_id": known, "customer_id": (), "ordered_at": columns}
    rows = looked_at(part.raw, part, places)
    names_order = ~pl.col(BLANK.format("order_id")) if known else pl.lit(value=True)
    lost = rows.filter(
        _is_lost() & names_order
    )  # who names none of the file's orders may be a total
    dated = rows.filter(~_is_blank())
    is_same = pl.col(DAY) == pl.col(DAY).shift().over(FILE, order_by=RECORD)
    if not _are_many(len(lost), len(dated)) or dated.select(is_same.any()).item():
        return None
    filled = looked_at(with_filled(part.raw, (*source.fill_down, *columns)), part, places)
    gained = filled.filter(pl.col(CODE) == Reason.USED).join(lost, on=RECORD, how="semi")
    if len(gained) < len(lost):
        return None
    return DaysAbove(len(lost), int(lost["amount"].sum()), columns)


def _columns(source: Source, part: Portion) -> tuple[str, ...]:
    """The file's own columns of days."""
    made = source.columns.get("ordered_at")
    names = made if isinstance(made, tuple) else part.recipe.columns.canonical.get("ordered_at", ())
    return tuple(name for name in names if name in part.raw.schema)


def _is_blank() -> pl.Expr:
    return pl.col(BLANK.format("ordered_at"))


def _is_lost() -> pl.Expr:
    """Whether a row of a customer has money, and no day, below one of its file that has it."""
    has_day_above = (~_is_blank()).cum_max().over(FILE, order_by=RECORD)
    has_money = (pl.col("amount") != 0).fill_null(value=False)
    is_undated = (pl.col(CODE) == Reason.MOMENT) & _is_blank()
    return is_undated & has_day_above & has_money & pl.col("customer_id").is_not_null()


def _are_many(lost: int, dated: int) -> bool:
    return lost >= _FEWEST and lost >= _LEAST_SHARE * (lost + dated)
