"""What becomes of a row: used, set aside or rejected, and why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

CODE = "__code"
USABLE = "__usable"


class Reason(IntEnum):
    """Why a row is not used. Up to `NOT_CHOSEN` it is set aside, beyond it is rejected."""

    USED = 0
    BLANK = 1
    NO_ID = 2
    AFTER = 3
    DUPLICATE = 4  # counted, never a code of a row
    NOT_CHOSEN = 5
    MISFIT = 9  # an id that the sampled type cannot hold: never reported, the table is read again
    RAGGED = 10
    MOMENT = 11
    AMOUNT = 12
    QUANTITY = 13
    UNIT_PRICE = 14
    DISCOUNT = 15
    COST = 16
    EVENT = 17
    LAUNCHED = 18
    ORDER = (
        19  # an amount of its order that is another on another line: never reported, the run stops
    )


SET_ASIDE: Mapping[Reason, str] = {
    Reason.BLANK: "blank line",
    Reason.NO_ID: "no customer",
    Reason.AFTER: "after as_of",
    Reason.DUPLICATE: "duplicate",
    Reason.NOT_CHOSEN: "not chosen",
}
REJECTED = tuple(reason for reason in Reason if reason >= Reason.RAGGED)
