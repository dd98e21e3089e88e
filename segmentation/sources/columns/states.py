"""Words of columns that say which rows are sales: states of orders, kinds of events, flags of tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted, listed
from segmentation.rules.cell_words import TRUE_WORDS
from segmentation.rules.operators import IS_NOT, MISSING, NONE_OF
from segmentation.sources.columns.aliases import ALIASES, CURRENCY, squeezed
from segmentation.sources.columns.missing import NOBODY


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: in names of columns that tell the state of an order, or the kind of a row
_STATE: Final = (
    "status",
    "state",
    "type",
    "event",
    "action",
    "activity",
    "kind",
    "zustand",
    "statut",
    "stato",
)
#: names of columns in which yes, or anything, says that a row is no sale
_FLAGS: Final = _words("""
    test istest testorder testmode cancelled canceled iscancelled iscanceled cancelledat
    canceledat cancelledon canceledon voided isvoid isvoided voidedat deleted isdeleted
    deletedat draft isdraft storniert storno
""")
#: words for what is no sale, as `squeezed` has them
_NO_SALE: Final = _words("""
    cancelled canceled cancel cancelledbyseller cancelledbybuyer cancelledbycustomer
    cancellation voided void refunded failed failure declined denied unpaid notpaid
    paymentfailed paymentpending awaitingpayment pendingpayment expired abandoned
    checkoutabandoned draft test testorder deleted trash trashed rejected unfulfillable
    chargeback fraud returned view views viewed pageview productview viewitem cart carts
    addtocart addedtocart removefromcart basket wishlist click clicks impression search browse
    login logout signup visit session checkoutstarted begincheckout quote offer angebot
    storniert storno abgebrochen annulliert unbezahlt offen fehlgeschlagen entwurf erstattet
    annule annulee annulé annulée rembourse remboursé echoue échoué cancelado cancelada anulado
    anulada reembolsado annullato annullata rimborsato
""")
#: words for what is one, or may be: they are named beside the others
_SALE: Final = _words("""
    paid complete completed shipped delivered processing onhold pending open closed authorized
    authorised captured succeeded success successful approved fulfilled partiallyfulfilled
    partiallyrefunded partiallypaid partiallyreturned purchase purchased sale sales sold order
    ordered invoiced active settled posted return refund true false yes no bezahlt versendet
    geliefert abgeschlossen bestellt verkauf pagado paye payé payée pagato
""")
MOST_NAMED: Final = 8


@dataclass(frozen=True)
class Said:
    """What one column says of the rows that count: how often each text stands there."""

    column: str
    counts: Mapping[str, int]

    @property
    def wrong(self) -> list[str]:
        """The texts that say that a row is no sale."""
        return [text for text in self.counts if _is_no_sale(self.column, text)]

    @property
    def without_these(self) -> dict[str, Any]:
        """What stands beside the column under `where` so that such rows do not count."""
        wrong = self.wrong
        if squeezed(self.column) not in _FLAGS:
            return {NONE_OF.name: wrong} if len(wrong) > 1 else {IS_NOT.name: wrong[0]}
        is_flag = all(text.strip().lower() in TRUE_WORDS for text in wrong)
        return {IS_NOT.name: True} if is_flag else {MISSING.name: True}

    @property
    def named(self) -> str:
        """The words for states with their counts; how many there are of others."""
        flags = squeezed(self.column) in _FLAGS
        words = {
            t: n
            for t, n in self.counts.items()
            if squeezed(t) in _NO_SALE | _SALE or (flags and _is_plain(t))
        }
        return self.naming(words)

    def naming(self, words: Mapping[str, int]) -> str:
        """Some of the words with their counts, and how many others stand there."""
        others = sum(1 for text in self.counts if text.strip() and text not in words)
        shown = [f"{text.strip()} ({number:,})" for text, number in words.items()][:MOST_NAMED]
        more = others + max(len(words) - MOST_NAMED, 0)
        return listed([*shown, *([counted(more, "other value")] if more else [])], MOST_NAMED + 1)


def counts_of_texts(texts: pl.LazyFrame) -> Mapping[str, int]:
    """How often each text of the column `text` stands there, the commonest first; what is missing is empty."""
    counts = texts.group_by("text").len().sort("len", "text", descending=[True, False])
    return {text or "": number for text, number in counts.collect(engine="streaming").iter_rows()}


def tells_state(name: str) -> bool:
    """Whether a column tells the state of an order, or the kind of a row."""
    squeezed_name = squeezed(name)
    return squeezed_name in _FLAGS or any(part in squeezed_name for part in _STATE)


def tells_currency(name: str) -> bool:
    """Whether a column tells the currency of a row."""
    return squeezed(name) in {CURRENCY, *ALIASES["transactions"][CURRENCY]}


def _is_no_sale(column: str, text: str) -> bool:
    if squeezed(column) in _FLAGS:
        bare = text.strip().lower()
        is_moment = squeezed(column).endswith(("at", "on")) and bare not in NOBODY
        return bool(bare) and (bare in TRUE_WORDS or is_moment)
    return squeezed(text) in _NO_SALE


def _is_plain(text: str) -> bool:
    return text.strip().lower() in (*TRUE_WORDS, "false", "no", "n", "f", "0")
