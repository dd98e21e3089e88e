"""Words for what went wrong, without those that are denied or were mended: `Chargeback won`, `Delivery failed - redelivered`.

What a customer asked for and did not get (a refund, a return, a cancellation) leaves a sale, and so does a
parcel that came at last. Of anything that this does not know whole, nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.sources.columns.not_done import is_deed
from segmentation.sources.columns.payment_words import AFTER, AFTER_IN_DUTCH, INVOICE, PAYING
from segmentation.sources.columns.state_words import DELIVERED, DONE, NOT, words

#: beginnings of words for what somebody asks for, beside the nouns of `not_done`
_CLAIMS: Final = tuple(
    words("chargeback disput claim litige reklamation reclam reclamo betwisting spór widerruf")
)
#: and of words that say that it was not granted
_DENIED: Final = tuple(
    words("""
    won declin reject denied deny refus withdrawn withdrew revoked lifted
    gewonnen abgelehnt abgewiesen zurückgewiesen verweiger zurückgenommen zurückgezogen aufgehoben
    gagné retirée retiré levée rechaz denegad ganad retirad rifiut respint negat ritirat vinta vinto
    geweiger afgewezen ingetrokken gewonn odrzuc wycofan wygran recusad negad nekad avslag avslåt avvist
    """)
)
#: a return or a refund that is cancelled is none
_CALLED_OFF: Final = tuple(words("cancel storn annul geannul anul avbrut void"))
#: small words around them
_AROUND: Final = words("""
    request requested application antrag anfrage wurde demande solicitud richiesta verzoek aanvraag wniosek was is
    has been a the by us shop merchant seller of de du di della del la le von vom der die das durch händler pedido
    in our favour favor em en progress transit proceso corso
""")
#: beginnings of words for what was asked for and is not decided, or not done yet
_UNDER_WAY: Final = tuple(
    words("""
    request pending initiat await progress transit opened started
    beantrag angeforder angefragt angemeldet gemeldet ausstehend unterwegs bearbeitung
    demandé sollicit cours attente initié
    solicitad pendiente iniciad proceso
    richiest attesa corso avviat
    aangevraag aangemeld behandeling onderweg
    zgłoszon zgłoszen oczekuj toku
    pedid pendente begärd
    """)
)
#: beginnings of words for what failed, which a later try mends
_FAILED: Final = tuple(
    words("""
    fail fehlgeschlag gescheitert fehlzustell error fehler erreur échou fout mislukt missing fallid fallit nieudan
    """)
)
_MENDED: Final = tuple(
    words("""
    redeliver resent reshipp resolved recovered nachgeliefert nachgesendet nachgeschickt behoben
    relivré renvoyé_à_nouveau reentregad reenviad riconsegnat rispedit nabezorgd nageleverd opgelost rozwiązan
    """)
)
_THEN: Final = words("""
    then later afterwards again dann danach später erneut nochmals puis ensuite luego después poi dopo daarna
    opnieuw alsnog potem ponownie
""")
#: what was looked for and not found
_FRAUD: Final = tuple(words("fraud betrug fraude frode"))
_CLEARED: Final = words(
    "passed cleared clear ok legit legitimate genuine bestanden réussi superado superata negative negativ"
)
#: an inquiry of a bank that became no dispute
_WARNED: Final = ["warning", "closed"]
_WITHOUT: Final = words("free frei")
_WITHOUT_AT_END: Final = tuple(words("frei freie loos fri"))
#: what is waived and paid for beside the goods
_FEES: Final = words("fee fees shipping delivery postage charge charges surcharge gebühr gebühren")


def still_wrong(clauses: Sequence[Sequence[str]]) -> list[list[str]]:
    """The clauses of a text without what was denied or mended; the words are `squeezed`.

    >>> still_wrong([["refund", "declined"]]), still_wrong([["delivery", "failed"], ["redelivered"]])
    ([], [['delivery'], ['redelivered']])
    >>> still_wrong([["delivered", "after", "failed", "attempt"]]), still_wrong([["payment", "declined"]])
    ([['delivered']], [['payment', 'declined']])
    """
    if clauses and _is_asked(clauses[0]) and _is_not_granted(_flat(clauses)):
        return []
    kept = [clause for clause in clauses if not _is_not_granted(clause)]
    came = _is_mended(kept)
    each = (_in_clause(clause, came=came) for clause in kept)
    return [clause for clause in each if clause]


def came_to_nothing(said: Sequence[str]) -> bool:
    """Whether what is said of a dispute is that it was won or withdrawn, or of a suspicion that there was nothing.

    >>> came_to_nothing(["won"]), came_to_nothing(["lost"]), came_to_nothing(["warning", "closed"])
    (True, False, True)
    """
    is_clear = any(word in _CLEARED for word in said) and not any(word in NOT for word in said)
    return is_clear or [*said] == _WARNED or not still_wrong([["dispute", *said]])


def _is_not_granted(said: Sequence[str]) -> bool:
    """Whether all that is said is that what somebody asked for was denied."""
    asked = [place for place, word in enumerate(said) if _is_asked_for(word)]
    if not asked:
        return False
    behind = said[asked[0] + 1 :]
    is_denied = any(word.startswith(_DENIED) for word in said)
    is_off = any(word.startswith(_CALLED_OFF) for word in behind)
    is_return = not said[asked[0]].startswith(_CALLED_OFF)
    if not (is_denied or (is_off and is_return)):
        return False
    is_known = (_is_asked_for(w) or w in _AROUND or w.startswith(_DENIED) for w in said)
    return all(
        known or (place > asked[0] and word.startswith(_CALLED_OFF))
        for place, (word, known) in enumerate(zip(said, is_known, strict=True))
    )


def _flat(clauses: Sequence[Sequence[str]]) -> list[str]:
    return [word for clause in clauses for word in clause]


def _is_asked(said: Sequence[str]) -> bool:
    """Whether a clause is nothing but what was asked for."""
    return any(map(_is_asked_for, said)) and all(_is_asked_for(w) or w in _AROUND for w in said)


def is_under_way(said: Sequence[str]) -> bool:
    """Whether a return or a refund was asked for, or is on its way, and nothing else is said.

    >>> is_under_way(["refund", "requested"]), is_under_way(["return", "policy"]), is_under_way(["return"])
    (True, False, False)
    """
    is_asked = any(is_deed(word) and not word.startswith(_CALLED_OFF) for word in said)
    under_way = [word for word in said if word.startswith(_UNDER_WAY)]
    is_known = all(is_deed(w) or w in _AROUND or w.startswith(_UNDER_WAY) for w in said)
    return is_asked and bool(under_way) and is_known


def _is_asked_for(word: str) -> bool:
    return is_deed(word) or word.startswith(_CLAIMS)


def _is_mended(clauses: Sequence[Sequence[str]]) -> bool:
    """Whether what failed was done at last; of a payment or an invoice only if that is said to be done."""
    said = _flat(clauses)
    then = next((place for place, word in enumerate(said) if word in _THEN), len(said))
    if any(word.startswith((*DONE, *DELIVERED)) for word in said[then + 1 :]):
        return not any(word in NOT for word in said[then + 1 :])
    is_of_money = any(word.startswith((*PAYING, *INVOICE)) for word in said)
    return any(word.startswith(_MENDED) for word in said) and not is_of_money


def _in_clause(said: Sequence[str], *, came: bool) -> list[str]:
    """The words of a clause without those that were mended."""
    said = _before_what_was(said)
    if came and any(word in NOT for word in said) and any(w.startswith(DELIVERED) for w in said):
        return []
    is_clear = any(word in _CLEARED for word in said) and not any(word in NOT for word in said)
    has_fee = any(word in _FEES for word in said)
    nexts = (*said[1:], "")
    return [
        word
        for word, then in zip(said, nexts, strict=True)
        if not (
            (word.startswith(_FAILED) and (came or _is_without(word, then)))
            or (is_clear and word.startswith(_FRAUD))
            or (has_fee and word == "waived")
        )
    ]


def _is_without(word: str, then: str) -> bool:
    return then in _WITHOUT or word.endswith(_WITHOUT_AT_END)


def _before_what_was(said: Sequence[str]) -> Sequence[str]:
    """The words before `after`, where they say that something was done: what stands behind is over."""
    after = next((p for p, word in enumerate(said) if word in AFTER or word == AFTER_IN_DUTCH), 0)
    before = said[:after]
    is_done = any(word.startswith((*DONE, *DELIVERED)) for word in before)
    return before if is_done and not any(word in NOT for word in before) else said
