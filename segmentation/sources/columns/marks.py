"""Columns whose name says what a cell marks: `is_void`, `cancel_date`, `refunded`, `is_paid`.

A day of payment marks nothing: lines of an order leave it blank, and what is sent on account is sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.sources.columns.contents import squeezed_words
from segmentation.sources.columns.not_done import done
from segmentation.sources.columns.state_meaning import denies_sale
from segmentation.sources.columns.state_words import NOTES_OF_CREDIT, words

#: what words begin with that mark a row as no sale, and as one that was paid back
_NO_SALE: Final = tuple(words("cancel storn annul geannul anul avbrut"))
_VOID: Final = words("""
    void voided unpaid unbezahlt impayé impayée impagado impagada insoluto onbetaald nieopłacone obetald
    failed declined fehlgeschlagen échoué échouée fallido fallida fallito fallita mislukt nieudane
    bounced rejected abgelehnt rejetée rejeté rechazado rechazada rifiutato rifiutata geweigerd odrzucone gescheitert
    duplicate duplikat doublon duplicado duplicato
    deleted gelöscht supprimé supprimée eliminado eliminada eliminato eliminata verwijderd usunięte
""")
#: what a payment is taken back by, or held for, until it is decided
_CONTESTED: Final = tuple(
    words("""
    disput chargeback contracargo rückbuchung rueckbuchung rücklastschrift ruecklastschrift strittig streitfall
    angefochten litig contested contesté contestation contestata contestato contestazione contestada contestado
    rétrofacturation storno_bancario betwist geschil terugboeking stornering sporn spór obciążenie_zwrotne
    fraud betrug betrüger frode oszust
    """)
)
#: and words beside these; of fraud a state may be that of a check
_SUSPECTED: Final = words("suspected confirmed potential possible verdacht suspect")
_OUTCOME: Final = words("status state outcome result stage statut estado stato zustand")
_FRAUD: Final = tuple(words("fraud betrug betrüger frode oszust"))
_PAID_BACK: Final = tuple(
    words("""
    refunded rembours reembols rimbors terugbeta erstattet zwroc refund rückerstatt rueckerstatt rückzahl
    restitu återbetal clawback estorn
    """)
)
_RETURNED: Final = words("""
    return returned retourniert geretourneerd retourné devuelto retoure rückgabe rücksendung rückläufer
    reversed reversal
    retour devolución devuelta reso zwrot zwrócone devolução devolvido retur returnerad gutschrift avoir
""")
#: those of both that call the row itself one, and do not say what became of it
_OF_ROW: Final = words("""
    return refund refunds retoure rückgabe rücksendung rückläufer reversal
    rückerstattung rueckerstattung rückzahlung gutschrift retour remboursement devolución reembolso reso rimborso
    terugbetaling zwrot devolução retur återbetalning avoir
""")
#: words that mark a row as one that counts
_SALE: Final = words("""
    valid successful success captured approved gültig valide válido completed complete confirmed
    abgeschlossen erfolgreich bestätigt terminé terminée réussi confirmé completado completada confirmado
    completato confermato voltooid afgerond bevestigd zakończone zrealizowane potwierdzone concluído
    slutförd genomförd bekräftad
""")
_PAID: Final = words("paid bezahlt payé payée pagado pagato betaald opłacone zapłacone")
#: names by which a provider of payments marks what is no test
_LIVE: Final = words("livemode is_live is_livemode live_order live_transaction")
#: what stands beside such words, and what makes of a mark one that is there or not
_BESIDE: Final = words("""
    is has was been flag flg order orders transaction est ist e ha iswas ind indicator kz kennzeichen yn jn
    partial partially full fully already teilweise partiel partiellement
    sale payment item line bestellung commande pedido ordine bestelling zamowienie
    a un une una es ein eine een
""")
_ASKED: Final = words("""
    requested pending beantragt angefordert angemeldet demandé demandée solicitado solicitada richiesto richiesta
    aangevraagd zgłoszony zgłoszona
""")
_MOMENT: Final = words("at on date datum am le el il op time timestamp ts")
_WHY: Final = words("reason grund motif motivo reden powod by code note")


@dataclass(frozen=True)
class Mark:
    """What a column's name says of its cells: `is_filled` where anything there does it, no yes alone.

    `is_of_sale`: it marks what counts, so that what lacks it does not; else what does not count, which
    `is_paid_back` where money went back; `is_row` where the row itself is what went back, and no order of which it did.
    What `is_contested` counts again where a cell says that it was won, or came to nothing.
    """

    is_filled: bool = False
    is_of_sale: bool = False
    is_paid_back: bool = False
    is_row: bool = False
    is_contested: bool = False


def mark_of(name: str) -> Mark | None:
    """What a column marks; None where its name speaks of something else.

    >>> mark_of("is_void") == Mark(), mark_of("Cancellation reason") == Mark(is_filled=True), mark_of("amount")
    (True, True, None)
    >>> mark_of("Dispute Status") == Mark(is_contested=True)
    True
    """
    said = squeezed_words(name)
    is_asked = len(said) > 1 and any(word in _ASKED for word in said)
    rest = [w for w in said if w not in _BESIDE | _MOMENT | _WHY and not (is_asked and w in _ASKED)]
    is_when = any(word in _MOMENT for word in said)
    is_why = any(word in _WHY for word in said)
    whole = _by_whole_name(said)
    if whole is not None:
        return whole
    if not rest or done(rest) != rest:
        return None
    is_contested = _is_contested(rest) and not (is_when or is_why)
    is_none = all(word.startswith(_NO_SALE) or word in _VOID for word in rest)
    if is_contested or is_none or denies_sale(said):
        return Mark(is_filled=is_when or is_why, is_contested=is_contested)
    if all(word.startswith(_PAID_BACK) for word in rest):
        is_filled = is_when or is_why
        is_row = not (is_filled or is_asked) and {*rest} <= _OF_ROW
        return Mark(is_filled=is_filled, is_paid_back=True, is_row=is_row)
    if all(word in _RETURNED for word in rest) and not (is_when or is_why):
        return Mark(is_paid_back=True, is_row={*rest} <= _OF_ROW and not is_asked)
    is_of_sale = all(word in _PAID for word in rest) or all(word in _SALE for word in rest)
    return Mark(is_of_sale=True) if is_of_sale and not (is_when or is_why) else None


def is_of_fraud(name: str) -> bool:
    """Whether a name speaks of fraud, and of no other dispute."""
    return any(word.startswith(_FRAUD) for word in squeezed_words(name))


def _by_whole_name(said: Sequence[str]) -> Mark | None:
    """What all of a name marks: a row that is a credit note, or one that is no test."""
    if "".join(word for word in said if word not in _BESIDE) in NOTES_OF_CREDIT:
        return Mark(is_paid_back=True, is_row=True)
    return Mark(is_of_sale=True) if "".join(said) in _LIVE else None


def _is_contested(said: Sequence[str]) -> bool:
    """Whether all of a name speaks of a dispute or a fraud, or of how a dispute ended."""
    left = [word for word in said if word not in _SUSPECTED]
    is_of_fraud = any(word.startswith(_FRAUD) for word in left)
    told = [word for word in left if is_of_fraud or word not in _OUTCOME]
    return bool(told) and all(word.startswith(_CONTESTED) for word in told)
