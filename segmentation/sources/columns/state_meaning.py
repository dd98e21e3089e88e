"""What one text says of its row: by the whole of it, by what its words begin with, or by what it denies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.pattern import pattern
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.contents import words_in
from segmentation.sources.columns.not_done import done
from segmentation.sources.columns.state_words import (
    CAME,
    CODES,
    DONE,
    MEANING,
    NOT,
    NOTES_OF_CREDIT,
    OFFERS,
    PARTLY,
    PAYING,
    STEMS,
    SURE,
    TAKEN,
    UN,
    WAITING,
    Meaning,
)

_MOST_PARTS: Final = 4  # a longer text is a sentence
_CLAUSE: Final = pattern(r"[,;.|]\s+|\s[-–—/]\s")
_PREFIX: Final = "wc"  # of WooCommerce


def meaning_of(text: str) -> Meaning | None:
    """What a text says, as a whole or by one of its words."""
    bare = squeezed(text)
    known = MEANING.get(bare) or MEANING.get(bare.removeprefix(_PREFIX))
    return known or ("unpaid" if waits_for_payment(text) else _stem(text))


def waits_for_payment(text: str) -> bool:
    """Whether a text says that a payment is waited for: not what is sent when it was received.

    >>> waits_for_payment("En attente de virement bancaire"), waits_for_payment("Zahlung per Scheck ausstehend")
    (True, True)
    >>> waits_for_payment("Awaiting shipment, payment received"), waits_for_payment("Payment received - awaiting parts")
    (False, False)
    """
    return any(_waits(_parts(clause)) for clause in _CLAUSE.split(text))


def _waits(said: Sequence[str]) -> bool:
    """Whether a payment stands behind a word for waiting, or before one that ends the clause."""
    waiting = [place for place, word in enumerate(said) if word.startswith(WAITING)]
    paying = [place for place, word in enumerate(said) if word.startswith(PAYING)]
    if not (waiting and paying) or any(w in NOT | CAME for w in (*said[: waiting[0]], said[-1])):
        return False
    return waiting[0] < paying[-1] or waiting[-1] == len(said) - 1


def code_of(text: str) -> Meaning | None:
    """What a short code of kinds says."""
    bare = squeezed(text)
    return next((meaning for meaning, codes in CODES.items() if bare in codes), None)


def is_surely_none(text: str) -> bool:
    """Whether a text says that a row is no sale, whatever its column is called."""
    parts = _parts(text)
    is_said = any(part.startswith(SURE) for part in done(parts)) or _is_denied(parts)
    is_none = meaning_of(text) in ("no sale", "unpaid", "refunded", "refund")
    return len(parts) <= _MOST_PARTS and is_said and is_none


def _parts(text: str) -> list[str]:
    return [squeezed(part) for part in words_in(text)]


def _stem(text: str) -> Meaning | None:
    """What the beginnings of its words say, or that they deny a sale."""
    parts = _parts(text)
    if any(part.startswith(PARTLY) for part in parts):
        return None
    if any(note in squeezed(text) for note in NOTES_OF_CREDIT):
        return "refund"
    if _is_denied(parts):
        return "unpaid"
    if any(part in NOT for part in parts):
        return "no sale" if any(MEANING.get(part) == "sale" for part in parts) else None
    is_taken = any(part.startswith(TAKEN) for part in parts)
    said = [part for part in done(parts) if not (is_taken and part.startswith(OFFERS))]
    found = (m for m, stems in STEMS.items() if any(part.startswith(stems) for part in said))
    return next(found, None)


def _is_denied(parts: Sequence[str]) -> bool:
    """Whether some words say that what makes a sale is not done: `not completed`, `unsuccessful`.

    >>> _is_denied(["niet", "betaald"]), _is_denied(["unconfirmed"]), _is_denied(["not", "shipped"])
    (True, True, False)
    """
    first = next((place for place, part in enumerate(parts) if part in NOT), len(parts))
    is_apart = any(part.startswith(DONE) for part in parts[first:])
    return is_apart or any(
        part.removeprefix(un).startswith(DONE) for part in parts for un in UN if part.startswith(un)
    )
