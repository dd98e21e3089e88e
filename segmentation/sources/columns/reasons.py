"""What becomes of a row: used, set aside or rejected, and why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

CODE = "__code"
USABLE = "__usable"


class Reason(IntEnum):
    """Why a row is not used. Up to `UNREAD` it is set aside, beyond it is rejected."""

    USED = 0
    BLANK = 1
    NO_ID = 2
    AFTER = 3
    DUPLICATE = 4  # counted, never a code of a row
    NOT_CHOSEN = 5
    UNREAD = 6  # not chosen, and what `where` compares cannot be read
    MISFIT = 9  # an id that the sampled type cannot hold: never reported, the table is read again
    RAGGED = 10
    PARTNER = 11  # none in a file that is joined
    MOMENT = 12
    AMOUNT = 13
    QUANTITY = 14
    UNIT_PRICE = 15
    DISCOUNT = 16
    COST = 17
    EVENT = 18
    LAUNCHED = 19
    ORDER = 20  # its order says two amounts: never reported, the run stops


SET_ASIDE: Mapping[Reason, str] = {
    Reason.BLANK: "blank line",
    Reason.NO_ID: "no customer",
    Reason.AFTER: "after as_of",
    Reason.DUPLICATE: "duplicate",
    Reason.NOT_CHOSEN: "not chosen",
    Reason.UNREAD: "not chosen",
}
REJECTED = tuple(reason for reason in Reason if reason >= Reason.RAGGED)
