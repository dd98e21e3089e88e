"""What one text says of its row: as a whole, or clause by clause, by what its words begin with or what they deny."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.pattern import pattern
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.contents import words_in
from segmentation.sources.columns.mended import is_under_way, still_wrong
from segmentation.sources.columns.not_done import deed, done, is_deed
from segmentation.sources.columns.payments_awaited import is_awaited, is_paid
from segmentation.sources.columns.state_words import (
    AUXILIARY,
    BACK,
    CODES,
    DELIVERED,
    DELIVERY,
    DONE,
    ENDS,
    MEANING,
    NOT,
    NOT_BEFORE,
    NOT_DELIVERED,
    NOTES_OF_CREDIT,
    OFFERS,
    PARTLY,
    SENDER,
    STEMS,
    STILL,
    SURE,
    TAKEN,
    UN,
    UNDELIVERED,
    Meaning,
)

_MOST_PARTS: Final = 4  # a longer text is a sentence
#: signs that part a text, and words that do
_CLAUSE: Final = pattern(
    r"[,;.|:]\s+|\s+[-–—/]+\s*|[-–—/]+\s+|[()\[\]{}\n]"
    r"|\b(?:but|aber|sondern|mais|pero|ma|maar|ale)\b"
)
_PREFIX: Final = "wc"  # of WooCommerce
_OF_BACK: Final[tuple[Meaning, ...]] = ("refund", "refunded")
#: what the first clause may say alone, so that those behind it only say more of it
_HEADS: Final[tuple[Meaning, ...]] = ("no sale", "unpaid", *_OF_BACK)


def meaning_of(text: str) -> Meaning | None:
    """What a text says, as a whole or by one of its clauses.

    >>> meaning_of("Cancelled (non-refundable)"), meaning_of("Paid (non-refundable)"), meaning_of("Warranty return")
    ('no sale', None, 'refund')
    """
    bare = squeezed(text)
    known = MEANING.get(bare) or MEANING.get(bare.removeprefix(_PREFIX))
    return known or _by_clauses(still_wrong(_clauses(text)))


def code_of(text: str) -> Meaning | None:
    """What a short code of kinds says."""
    bare = squeezed(text)
    return next((meaning for meaning, codes in CODES.items() if bare in codes), None)


def is_surely_none(text: str) -> bool:
    """Whether a text says that a row is no sale, whatever its column is called."""
    clauses = _clauses(text)
    said = [part for clause in clauses for part in done(clause)]
    is_said = any(part.startswith(SURE) for part in said) or any(map(_is_denied, clauses))
    is_none = meaning_of(text) in _HEADS
    return sum(map(len, clauses)) <= _MOST_PARTS and is_said and is_none


def _clauses(text: str) -> list[list[str]]:
    """The words of each clause, without clauses that have none."""
    every = (list(map(squeezed, words_in(clause))) for clause in _CLAUSE.split(text))
    return [clause for clause in every if clause]


def _by_clauses(clauses: Sequence[Sequence[str]]) -> Meaning | None:
    """The gravest that a clause says: of what was paid not that it waits for that."""
    is_partly = any(all(part.startswith(PARTLY) for part in clause) for clause in clauses)
    was_paid = any(map(_is_paid, clauses))
    found = {_of_clause(clause) for clause in clauses if not (was_paid and is_awaited(clause))}
    head = _of_head(clauses[0]) if len(clauses) > 1 else None
    found |= set() if was_paid and head == "unpaid" else {head}
    if is_partly:
        found &= {"unpaid"}
    return next((meaning for meaning in STEMS if meaning in found), None)


def _is_paid(clause: Sequence[str]) -> bool:
    return not _is_partly(clause) and is_paid(clause)


def _is_partly(clause: Sequence[str]) -> bool:
    return any(part.startswith(PARTLY) for part in clause)


def denies_sale(said: Sequence[str]) -> bool:
    """Whether all that some words say is that a sale was not done, or a parcel did not come.

    >>> denies_sale(["not", "paid"]), denies_sale(["invalid"]), denies_sale(["invalid", "email"])
    (True, True, False)
    """
    known = (*DONE, *DELIVERED, *(un + done for un in UN for done in DONE), *UNDELIVERED)
    are_known = all(word in NOT or word.startswith(known) for word in said)
    return are_known and (_is_denied(said) or _is_undelivered(said))


def _of_head(clause: Sequence[str]) -> Meaning | None:
    """What the whole of the first clause says."""
    known = MEANING.get("".join(clause))
    return known if known in _HEADS else None


def _of_clause(said: Sequence[str]) -> Meaning | None:
    """What the beginnings of its words say, or that they deny a sale: a denial holds to the end of its clause."""
    if is_awaited(said):
        return "unpaid"
    if _is_partly(said):
        return None
    if any(note in "".join(said) for note in NOTES_OF_CREDIT):
        return "refund"
    is_undelivered = _is_undelivered(said)
    if _is_denied(said) and not is_undelivered:
        return "unpaid"
    first = _denial(said)
    if is_undelivered or any(MEANING.get(part) == "sale" for part in said[first + 1 :]):
        return "no sale"
    return _of_words(_affirmed(said, first))


def _affirmed(said: Sequence[str], first: int) -> list[str]:
    """The words that are said to be done, of those before the denial: of a noun before it the deed is denied."""
    affirmed = said[:first]
    if affirmed and first < len(said) and said[first] in NOT_BEFORE and is_deed(affirmed[-1]):
        affirmed = affirmed[:-1]
    were_done = {*done(said)}
    return [part for part in affirmed if part in were_done]


def _of_words(said: Sequence[str]) -> Meaning | None:
    if is_under_way(said):
        return "refunded"  # its money went back, or may still do: somebody has to say
    is_taken = any(part.startswith(TAKEN) for part in said)
    left = [part for part in said if not (is_taken and part.startswith(OFFERS))]
    for meaning, stems in STEMS.items():
        ends = ENDS.get(meaning, ())
        if any(part.startswith(stems) or _ends(part, ends) for part in left):
            return meaning
    if _is_sent_back(left):
        return "refunded"
    whole = MEANING.get(deed(left)) if any(map(is_deed, left)) else None
    return whole if whole in _HEADS else None


def _is_undelivered(said: Sequence[str]) -> bool:
    """Whether a parcel did not come, where it is not said that it may still do so.

    >>> _is_undelivered(["nicht", "zugestellt"]), _is_undelivered(["noch", "nicht", "geliefert"])
    (True, False)
    >>> _is_undelivered(["not", "delivered", "in", "time"])
    False
    """
    if not STILL.isdisjoint(said):
        return False
    behind = [word for word in said[_denial(said) + 1 :] if word not in AUXILIARY]
    denied = len(behind) == 1 and behind[0].startswith(DELIVERED)
    has_delivery = any(word.startswith(DELIVERY) for word in said)
    is_failed = has_delivery and any(word.startswith(NOT_DELIVERED) for word in said)
    return denied or is_failed or any(word.startswith(UNDELIVERED) for word in said)


def _is_sent_back(said: Sequence[str]) -> bool:
    """Whether a parcel went back to who sent it."""
    is_of_sender = any(part.startswith(SENDER) for part in said)
    return is_of_sender and any(part.startswith(BACK) for part in said)


def _ends(part: str, ends: tuple[str, ...]) -> bool:
    """Whether it is a longer word that ends so."""
    return part.endswith(ends) and part not in ends


def _denial(said: Sequence[str]) -> int:
    """Where the first word stands that denies; behind all of them where none does."""
    return next((place for place, part in enumerate(said) if part in NOT), len(said))


def _is_denied(parts: Sequence[str]) -> bool:
    """Whether some words say that what makes a sale is not done: `not completed`, `unsuccessful`.

    >>> _is_denied(["niet", "betaald"]), _is_denied(["unconfirmed"]), _is_denied(["not", "shipped"])
    (True, True, False)
    """
    is_apart = any(part.startswith(DONE) for part in parts[_denial(parts) :])
    return is_apart or any(
        part.removeprefix(un).startswith(DONE) for part in parts for un in UN if part.startswith(un)
    )
