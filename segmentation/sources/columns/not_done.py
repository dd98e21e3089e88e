"""Words that speak of a cancellation or a refund which nobody had: it may be had, or was insured, or costs a fee.

A fare is refundable, a ticket has a cancellation insurance, a room is sold with free cancellation: all of
them are sales. What was done is another word: refunded, cancelled.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.state_words import MEANING, words

#: what words end with that say what can be done, one line for each family of languages
_CAN_BE: Final = tuple(
    words("""
    able ables ible ibles ably ability ibility
    bar bare barer bares baren bart bara barkeit baar baarheid
    abile abili ibile ibili avel aveis ivel iveis
    alny alna alne alni
    """)
)
#: and those of one word in German, Dutch and Nordic languages, of what is paid for that or is a right
_PAID_FOR: Final = tuple(
    words("""
    versicherung schutz gebühr gebühren kosten recht frist garantie pauschale bedingungen option
    verzekering bescherming recht termijn voorwaarden försäkring forsikring skydd avgift rätt villkor
    """)
)
#: whole words of the same, which stand beside a word for a cancellation or a refund
BESIDE_IT: Final = words("""
    insurance insured protection protect policy policies guarantee guaranteed guarantees warranty cover coverage waiver
    fee fees right rights option terms conditions window deadline eligible allowed possible
    versicherung schutz gebühr gebühren garantie bedingungen recht frist option möglich erlaubt
    assurance garantie frais droit délai conditions possible
    seguro protección garantía póliza política tasa derecho plazo posible
    assicurazione protezione garanzia tariffa diritto possibile
    verzekering bescherming voorwaarden kosten mogelijk
    ubezpieczenie gwarancja ochrona opłata
    proteção garantia taxa försäkring forsikring skydd garanti
""")
#: words that offer a cancellation
_OFFERED: Final = tuple(words("free kostenlos kostenfrei gratuit gratis bezpłatn flex"))
#: what is offered: the deed, not that it was done
_DEEDS: Final = words("""
    cancellation cancellations cancelation refund refunds return returns
    storno stornierung erstattung rückgabe rückerstattung retoure widerruf
    annulation annulations remboursement retour
    cancelación anulación reembolso devolución
    cancellazione annullamento rimborso reso annulering annuleren terugbetaling
    anulowanie zwrot cancelamento avbokning avbestilling
""")


def is_not_done(word: str) -> bool:
    """Whether a word says that something can be done, or is paid for that; `squeezed` as all that are compared.

    >>> is_not_done("refundable"), is_not_done("stornoversicherung"), is_not_done("refunded")
    (True, True, False)
    >>> is_not_done("uncollectible")  # which says of a sale that it failed
    False
    """
    return word not in MEANING and word.endswith((*_CAN_BE, *_PAID_FOR))


def done(said: Sequence[str]) -> list[str]:
    """The words of a text or a name without those of what was not done.

    >>> done(["free", "cancellation"]), done(["cancelled", "free", "of", "charge"])
    (['free'], ['cancelled', 'free', 'of', 'charge'])
    """
    is_offered = _is_offered(said)
    return [w for w in said if not (is_not_done(w) or (is_offered and w in _DEEDS))]


def _is_offered(said: Collection[str]) -> bool:
    return any(word in BESIDE_IT or word.startswith(_OFFERED) for word in said)


def says_it_is_sold(name: str, said: Collection[str]) -> bool:
    """Whether a name has a word for what is paid so that something can be undone; `said` are its words.

    >>> says_it_is_sold("refund_insurance", ["refund", "insurance"]), says_it_is_sold("Refunds", ["refunds"])
    (True, False)
    """
    return any(word in BESIDE_IT or is_not_done(word) for word in (*said, squeezed(name)))
