"""What the names of columns say that an amount lacks: refunds to take off, the other side of a ledger, cents.

Whether the column holds anything is for those to see who ask; what is written is a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.sources.columns.aliases import PIECES, squeezed
from segmentation.sources.columns.contents import squeezed_words
from segmentation.sources.columns.not_done import (
    is_not_done,
    says_it_is_sold,
    without_delivery_paid,
)
from segmentation.sources.columns.state_words import NOTES_OF_CREDIT, words

#: beginnings of words for what was paid back
_PAID_BACK: Final = tuple(
    words("""
    refund erstatt rückerstatt rückzahl rueckerstatt rembours reembols rimbors terugbeta terugbetal teruggave
    restitu återbetal clawback estorn
    """)
)
#: and of words for what came back, or was undone, which may be counted as well as paid
_UNDONE: Final = tuple(
    words("""
    return gutschrift avoir devolu devolvi zwrot zwróc retour storn chargeback reversal reversed rücklast
    credited creditnot creditmemo kreditnot korekt rectificat återköp retur annull annul devuelt rückgabe rücknahme
    """)
)
_UNDONE_WORDS: Final = words("reso resi abono abonos retouren")
#: and those that say it of pieces alone: of an order they are its state
_PIECES_UNDONE: Final = tuple(words("cancel geannul anul resa rese teruggestuurd odesłan rejected"))
#: words for how many pieces; those within a longer one
_HOW_MANY: Final = words("quantity qty quantities units pieces items" + PIECES)
_HOW_MANY_IN_ONE: Final = tuple(words("menge anzahl stück quantity"))
#: words for money, beside which nothing is counted
_MONEY: Final = words("""
    amount total value sum money betrag summe wert montant importe importo bedrag kwota valor belopp
    eur usd gbp chf pln sek gross net brutto netto
""")
#: words for what is no money, or that of something else
_NO_MONEY: Final = words("""
    id ids date datum at on time day count qty quantity menge anzahl items item pieces number no nr reason
    grund status state type by name note method currency url policy rate percent pct window deadline
    tax taxes vat steuer shipping versand fee fees label reference ref rma days allowed eligible
    customer customers client kunde address label tracking motif motivo powod reden code
""")
#: in names of files, what says that they hold other rows as well, or none of these
_BESIDE: Final = words("""
    and with incl including mit und inkl avec et con y e met en z i med och no without ohne sans sin senza zonder
    bez net after before less excl excluding returning customers reason reasons policy
""")
_DEBIT: Final = words("debit debits soll debet debe dare belastung af")
_CREDIT: Final = words("credit credits haben haber avere bij")
_CENTS: Final = words("""
    cent cents cts eurocent eurocents minor pence penny pennies centen centimes centime centavos centimos céntimos centesimi centesimo grosze groszy öre ören øre
    subunits subunit kopecks
""")


def tells_refunds(name: str, amount: str = "") -> bool:
    """Whether a column may hold what was paid back of an amount, whose own words say nothing against it.

    >>> tells_refunds("Refunded Amount"), tells_refunds("Refund reason"), tells_refunds("Total")
    (True, False, False)
    >>> tells_refunds("is_refundable"), tells_refunds("refund_insurance"), tells_refunds("Stornogebühr")
    (False, False, False)
    >>> tells_refunds("Retourbedrag"), tells_refunds("Item refunds"), tells_refunds("Item refunds", "Item total")
    (True, False, True)
    """
    said = squeezed_words(name)
    is_refund = any(map(_says_refund, without_delivery_paid(said))) and not says_it_is_sold(
        name, said
    )
    return is_refund and not {*said} & (_NO_MONEY - {*squeezed_words(amount)})


def _says_refund(word: str) -> bool:
    is_of_it = word.startswith((*_PAID_BACK, *_UNDONE)) or word in _UNDONE_WORDS
    return is_of_it and not is_not_done(word)


def tells_returned_pieces(name: str) -> bool:
    """Whether a column may hold how many pieces of a line came back, or were cancelled.

    >>> tells_returned_pieces("Qty Refunded"), tells_returned_pieces("Retourmenge"), tells_returned_pieces("Returns")
    (True, True, False)
    >>> tells_returned_pieces("Returnable quantity"), tells_returned_pieces("Quantity"), tells_returned_pieces("Items returned on")
    (False, False, False)
    """
    said = squeezed_words(name)
    is_back = any(_says_refund(w) or _is_undone(w) for w in said) and not says_it_is_sold(
        name, said
    )
    are_many = [w in _HOW_MANY or any(part in w for part in _HOW_MANY_IN_ONE) for w in said]
    return is_back and any(are_many) and not {*said} & (_NO_MONEY - _HOW_MANY)


def _is_undone(word: str) -> bool:
    return word.startswith(_PIECES_UNDONE) and not is_not_done(word)


def is_file_of_refunds(name: str) -> bool:
    """Whether a file is called by what was paid back, and by that alone.

    >>> is_file_of_refunds("credit_notes_2026"), is_file_of_refunds("orders_without_returns")
    (True, False)
    """
    said = squeezed_words(name)
    is_note = any(note in squeezed(name) for note in NOTES_OF_CREDIT)
    is_refund = is_note or any(_says_refund(word) for word in said)
    return is_refund and not {*said} & _BESIDE


def may_be_counted(name: str) -> bool:
    """Whether a column of what came back may say how often it did, or how many pieces, and no money.

    >>> may_be_counted("Returns"), may_be_counted("Returned Amount"), may_be_counted("Refunds")
    (True, False, False)
    """
    is_paid = any(word.startswith(_PAID_BACK) for word in squeezed_words(name))
    return not is_paid and may_be_flag(name)


def may_be_flag(name: str) -> bool:
    """Whether a column of what came back may say that it did, and no money: its name speaks of none.

    >>> may_be_flag("is_refund"), may_be_flag("Refunded"), may_be_flag("refund_amount")
    (True, True, False)
    """
    return not any(word.endswith(tuple(_MONEY)) for word in squeezed_words(name))


def tells_cents(name: str) -> bool:
    """Whether a column of whole numbers is in cents.

    >>> tells_cents("amount_in_cents"), tells_cents("priceMinor"), tells_cents("percentage")
    (True, True, False)
    """
    return any(word in _CENTS for word in squeezed_words(name))


def sides_of(amount: str, names: Sequence[str]) -> tuple[str, str] | None:
    """The columns of credit and debit of which an amount is one; None where it has no other side.

    >>> sides_of("Gross Credit (GC)", ["Gross Debit (GC)", "Gross Credit (GC)", "Net Debit (NC)"])
    ('Gross Credit (GC)', 'Gross Debit (GC)')
    """
    for mine, other, credit_first in ((_CREDIT, _DEBIT, True), (_DEBIT, _CREDIT, False)):
        rest = _without(amount, mine)
        if rest is not None:
            found = next((n for n in names if n != amount and _without(n, other) == rest), None)
            if found is not None:
                return (amount, found) if credit_first else (found, amount)
    return None


def _without(name: str, side: frozenset[str]) -> list[str] | None:
    """The words of a name but that of a side; None where it has none."""
    said = squeezed_words(name)
    if not any(word in side for word in said):
        return None
    return [word for word in said if word not in side]


def less(amount: str, other: str, *, is_negative: bool) -> str:
    """The formula of an amount without another column, which may be written as what is negative."""
    return f"{amount} {'+' if is_negative else '-'} {other}"


def in_units(formula: str) -> str:
    """The formula of what is in cents, in whole units."""
    return f"({formula}) / 100" if " - " in formula or " + " in formula else f"{formula} / 100"
