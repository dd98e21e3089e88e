"""Words that speak of a cancellation or a refund which nobody had: it may be had, or was insured, or costs a fee.

A fare is refundable, a ticket has a cancellation insurance, a room is sold with free cancellation: all of
them are sales. What was done is another word: refunded, cancelled.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
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
#: whole words of the same, which stand beside a word for a cancellation or a refund; nouns of English before it
_NOUNS: Final = words(
    "insurance protection policy policies guarantee waiver cover coverage fee fees"
)
_BESIDE_IT: Final = _NOUNS | words("""
    insured protect protected guaranteed guarantees right rights option
    terms conditions window deadline eligible allowed possible anytime
    versicherung schutz gebühr gebühren bedingungen recht frist option möglich erlaubt kosten
    assurance frais droit délai conditions possible
    seguro protección póliza política tasa derecho plazo posible cargo gastos
    assicurazione polizza protezione tariffa diritto possibile spese costi
    verzekering bescherming voorwaarden kosten mogelijk
    ubezpieczenie ochrona opłata opłat
    proteção taxa försäkring forsikring skydd
""")
#: words for why something came back; of what is promised by it (garantie de remboursement) it stands before
WARRANTY: Final = words("""
    warranty garantie garantiefall gewährleistung garantía garanzia gwarancja gwarancji gwarancyjny gwarancyjna
    gwarancyjne waarborg garanti
""")
_WARRANTY_IN_ONE: Final = tuple(words("garantiefall garantie gewährleistungs gewährleistung"))
BESIDE_IT: Final = _BESIDE_IT | WARRANTY
_OF: Final = words("of de du d di del della van auf para per")
#: and other words for why, and how much
_REASONS: Final = words("""
    claim claims goodwill kulanz full complete voll volle vollständige total totale complet completo completa integrale
    volledige volle pełny całkowity
""")
#: small words around it, and what stands behind those of the second kind is but why
_SMALL: Final = words("""
    in im on of the a an der die des auf aus wegen rahmen sous en de d la por di per della op van voor na w z ramach
    yet noch
""")
_UNDER: Final = words("under minus less unter abzüglich sous bajo menos sotto meno onder min pod")
#: beginnings of words that say that what was offered was taken
_USED: Final = tuple(
    words("""
    used claimed exercised redeemed genutzt beansprucht eingelöst utilise utilisé usad utilizad utilizzat usufruit
    gebruikt benut wykorzyst använd
    """)
)
#: and that something was done
_HAPPENED: Final = words("""
    issued approved processed received completed done made granted sent
    accepted authorized authorised
    erhalten eingegangen erfolgt genehmigt akzeptiert durchgeführt ausgezahlt abgeschlossen veranlasst
    effectué effectuée accepté acceptée approuvé reçu émis réalisé recibido recibida realizado realizada efectuado efectuada emitido emitida
    effettuato ricevuto eseguito emesso ontvangen uitgevoerd verwerkt
""")
_ENGLISH_DEEDS: Final = words("refund refunds return returns")
#: words that offer a cancellation
_OFFERED: Final = tuple(words("free kostenlos kostenfrei gratuit gratis bezpłatn flex"))
#: what is paid as it is delivered: by one word, and by two
_DELIVERY_PAID: Final = words("rembours")
_AGAINST: Final = words("contra contre contro onder")
_MONEY_BACK: Final = words("reembolso reembolsos remboursement remboursements rembours rimborso")
#: what is offered: the deed, not that it was done
_DEEDS: Final = words("""
    cancel cancellation cancellations cancelation refund refunds return returns
    storno stornierung erstattung rückgabe rückerstattung retoure widerruf
    annulation annulations remboursement retour
    devolução estorno palautus
    cancelación anulación reembolso devolución
    cancellazione annullamento rimborso reso annulering annuleren terugbetaling
    anulowanie zwrot cancelamento avbokning avbestilling
""")
#: and what longer words for it end with
_DEEDS_AT_END: Final = tuple(
    words("retoure retour rücksendung rückgabe rückerstattung storno stornierung")
)


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
    >>> done(["refund", "insurance"]), done(["warranty", "return"]), done(["free", "cancellation", "used"])
    (['insurance'], ['warranty', 'return'], ['free', 'cancellation', 'used'])
    """
    said = without_delivery_paid(said)
    is_offered = _is_offered(said)
    return [w for w in said if not (is_not_done(w) or (is_offered and is_deed(w)))]


def without_delivery_paid(said: Sequence[str]) -> list[str]:
    """The words without those for what is paid as it is delivered, which speak of a refund as well.

    >>> without_delivery_paid(["livre", "contre", "remboursement"]), without_delivery_paid(["remboursement"])
    (['livre', 'contre'], ['remboursement'])
    """
    return [
        word
        for one, word in zip(("", *said), said, strict=False)
        if not (word in _DELIVERY_PAID or (one in _AGAINST and word in _MONEY_BACK))
    ]


def is_deed(word: str) -> bool:
    """Whether a word is a noun for a cancellation or a refund."""
    return word in _DEEDS or word.endswith(_DEEDS_AT_END)


def is_of_terms(said: Sequence[str]) -> bool:
    """Whether a text tells on what terms something can be undone, and not that it was.

    >>> is_of_terms(["cancellation", "with", "fee"]), is_of_terms(["flexible"]), is_of_terms(["too", "late"])
    (True, True, False)
    """
    return done(said) != [*said] or any(word.startswith(_OFFERED) for word in said)


def deed(said: Sequence[str]) -> str:
    """What is left of a text without why it was done, and that it was: the word for a deed, where that was it.

    >>> deed(["refund", "under", "warranty"]), deed(["retour", "garantie"]), deed(["garantieretoure"])
    ('refund', 'retour', 'retoure')
    >>> deed(["return", "ticket"]), deed(["free", "return", "used"])
    ('returnticket', 'return')
    """
    beside = {*WARRANTY, *_REASONS, *_SMALL, *_HAPPENED}
    beside |= _NOUNS if _ends_in_english(said) else set()
    was_done = _is_used(said) or any(word in _HAPPENED for word in said)
    kept = [w for w in _head(said) if w not in beside and not w.startswith(_USED)]
    bare = [w for w in kept if not (was_done and _says_offer(w))]
    if len(bare) > 1 and all(map(is_deed, bare)):
        return bare[0]
    return "".join(_without_warranty(word) for word in bare)


def _without_warranty(word: str) -> str:
    before = next((one for one in _WARRANTY_IN_ONE if word.startswith(one)), "")
    return word.removeprefix(before)


def _head(said: Sequence[str]) -> Sequence[str]:
    """The words before what is but a reason."""
    return said[: next((place for place, word in enumerate(said) if word in _UNDER), len(said))]


def _is_offered(said: Sequence[str]) -> bool:
    """Whether what is told of is only offered, promised or paid for."""
    if _is_used(said):
        return False
    head = _head(said)
    happened = any(word in _HAPPENED for word in said)
    if any(word.startswith(_OFFERED) for word in head) and not happened:
        return True
    others = _BESIDE_IT - (_NOUNS if _ends_in_english(said) else set())
    return any(word in others for word in head) or _is_promised(head)


def _is_used(said: Sequence[str]) -> bool:
    return any(word.startswith(_USED) for word in said)


def _says_offer(word: str) -> bool:
    return word in BESIDE_IT or word.startswith(_OFFERED)


def _ends_in_english(said: Sequence[str]) -> bool:
    """Whether the deed is what an English noun before it is said of: insurance refund."""
    return bool(said) and said[-1] in _ENGLISH_DEEDS


def _is_promised(said: Sequence[str]) -> bool:
    """Whether a warranty is one of a refund: garantie de remboursement."""
    return any(one in WARRANTY and then in _OF for one, then in pairwise(said))


def says_it_is_sold(name: str, said: Collection[str]) -> bool:
    """Whether a name has a word for what is paid so that something can be undone; `said` are its words.

    >>> says_it_is_sold("refund_insurance", ["refund", "insurance"]), says_it_is_sold("Refunds", ["refunds"])
    (True, False)
    """
    return any(word in BESIDE_IT or is_not_done(word) for word in (*said, squeezed(name)))
