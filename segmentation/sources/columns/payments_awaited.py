"""Whether a clause says that money is still to come, or that it came; `said` are its words, `squeezed`."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.sources.columns.payment_words import (
    AFTER,
    AFTER_IN_DUTCH,
    CAME,
    IN_DUTCH,
    INVOICE,
    NEEDED,
    OWED,
    PAID,
    PAID_STEMS,
    PAYING,
    PAYMENT,
    TO_PAY,
    WAITING,
    YET,
)
from segmentation.sources.columns.state_words import DONE, NOT

_UN = ("un", "nie")  # before a word that says that it came
_NEAR = 3  # after receipt of payment


def is_awaited(said: Sequence[str]) -> bool:
    """Whether a payment is waited for, has to be made, or did not come.

    >>> is_awaited(["payment", "not", "received"]), is_awaited(["rechnung", "offen"]), is_awaited(["da", "saldare"])
    (True, True, True)
    >>> is_awaited(["awaiting", "dispatch", "after", "payment"]), is_awaited(["no", "payment", "required"])
    (False, False)
    """
    words = _without_the_past(said)
    return _waits(words) or _is_to_be_made(words) or _did_not_come(words)


def is_paid(said: Sequence[str]) -> bool:
    """Whether it was paid.

    >>> is_paid(["paid"]), is_paid(["payment", "received"]), is_paid(["not", "paid"]), is_paid(["to", "be", "paid"])
    (True, True, False, False)
    """
    if is_awaited(said) or any(word in NOT for word in said) or _has(said, (*WAITING, *NEEDED)):
        return False
    came = any(word in CAME or word.startswith(DONE) for word in said)
    return _says_paid(said) or (_has(said, PAYING) and came) or [*said] == ["pago"]


def _has(said: Sequence[str], beginnings: tuple[str, ...]) -> bool:
    return any(word.startswith(beginnings) for word in said)


def _says_paid(said: Sequence[str]) -> bool:
    return any(word in PAID or word.startswith(PAID_STEMS) for word in said)


def _without_the_past(said: Sequence[str]) -> Sequence[str]:
    """The words without payments that are said to be made before something else: awaiting dispatch after payment."""
    after = [place for place, word in enumerate(said) if word in AFTER]
    past = {
        place
        for place, word in enumerate(said)
        if (word.startswith(PAYING) and any(0 < place - one <= _NEAR for one in after))
        or (word.startswith(IN_DUTCH) and said[place - 1] == AFTER_IN_DUTCH)
    }
    return [word for place, word in enumerate(said) if place not in past] if past else said


def _waits(said: Sequence[str]) -> bool:
    """Whether a payment stands behind a word for waiting, or before one that ends the clause; or an invoice is open."""
    owed = next((place for place, word in enumerate(said) if word.startswith(OWED)), 0)
    if _has(said, INVOICE) and _has(said, OWED):
        return not (_says_paid(said) or any(word in NOT for word in said[:owed]))
    waiting = [place for place, word in enumerate(said) if word.startswith(WAITING)]
    paying = [place for place, word in enumerate(said) if word.startswith(PAYING)]
    if not (waiting and paying) or any(w in NOT | CAME for w in (*said[: waiting[0]], said[-1])):
        return False
    return waiting[0] < paying[-1] or waiting[-1] == len(said) - 1


def _is_to_be_made(said: Sequence[str]) -> bool:
    """Whether it ends with words for that, or a payment is needed: where nothing denies it, and none was made."""
    text = " " + " ".join(said)
    end = next((end for end in TO_PAY if text.endswith(end)), None)
    if end is not None:
        return not any(word in NOT for word in text.removesuffix(end).split())
    is_needed = _has(said, PAYING) and _has(said, NEEDED)
    return is_needed and not any(w in NOT | CAME for w in said) and not _says_paid(said)


def _did_not_come(said: Sequence[str]) -> bool:
    """Whether it denies that a payment came, or that there is one."""
    if not _has(said, PAYING):
        return False
    if any(word.removeprefix(un) in CAME for word in said for un in _UN if word.startswith(un)):
        return True
    first = next((place for place, word in enumerate(said) if word in NOT), len(said))
    denied = [word for word in said[first + 1 :] if word not in YET]
    is_none = len(denied) == 1 and denied[0].startswith(PAYMENT)
    return is_none or any(word in CAME for word in denied)
