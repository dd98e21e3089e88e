"""What becomes of a row: used, set aside or rejected, and why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import polars as pl

CODE = "__code"
USABLE = "__usable"


class Reason(IntEnum):
    """Why a row is not used. Up to `UNDATED`, and from `NOT_CHOSEN`, it is set aside, between them rejected."""

    USED = 0
    BLANK = 1
    NO_ID = 2
    AFTER = 3
    DUPLICATE = 4  # counted, never a code of a row
    NO_DATE = 5  # as `missing` declares: what is blank without a declaration is rejected
    NO_AMOUNT = 6
    NO_EVENT = 7
    OLDER = 8  # than another row of its id, by latest_by: counted, never a code of a row
    MISFIT = 9  # an id that the sampled type cannot hold: never reported, the table is read again
    UNDATED = 10  # no date in latest_by, and another row of its id has one: counted, never a code of a row
    RAGGED = 11
    PARTNER = 12  # none in a file that is joined
    MOMENT = 13
    AMOUNT = 14
    QUANTITY = 15
    UNIT_PRICE = 16
    DISCOUNT = 17
    COST = 18
    EVENT = 19
    LAUNCHED = 20
    ORDER = 21  # its order says two amounts: never reported, the run stops
    RATE = 22  # none for its currency
    NOT_CHOSEN = (
        100  # by the first condition of `where`; the codes after it are of those that follow
    )
    UNREAD = 255  # not chosen, and what a bound of `where` asks for cannot be read


UNCHOSEN = "not chosen"
"""How the reason begins that is told of rows that `where` sets aside."""

SET_ASIDE: Mapping[Reason, str] = {
    Reason.BLANK: "blank line",
    Reason.NO_ID: "no customer",
    Reason.AFTER: "after as_of",
    Reason.DUPLICATE: "duplicate",
    Reason.NO_DATE: "no date, by missing",
    Reason.NO_AMOUNT: "no amount, by missing",
    Reason.NO_EVENT: "no event, by missing",
    Reason.OLDER: "older by latest_by",
    Reason.UNDATED: "nothing readable in latest_by",
    Reason.UNREAD: f"{UNCHOSEN}, for where cannot read it",
}
REJECTED = tuple(reason for reason in Reason if Reason.RAGGED <= reason < Reason.NOT_CHOSEN)
MOST_CONDITIONS = (
    155  # that a byte tells apart beside UNREAD; what is beyond them counts as the last
)


def not_chosen(condition: int) -> int:
    """The code of rows that this condition of `where`, from 0, is the first not to choose."""
    return Reason.NOT_CHOSEN + min(condition, MOST_CONDITIONS - 1)


def is_rejected(code: pl.Expr) -> pl.Expr:
    """Whether a row is rejected, by its code."""
    return code.is_between(Reason.RAGGED, Reason.NOT_CHOSEN, closed="left")
