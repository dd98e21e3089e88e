"""Rows that count and should not: states that are no sales, tests, several currencies, of which nothing chooses.

An export of orders has every order, and a log every step. A column that says which of them are
sales, and is asked by nobody, stops the run: any `where` on it is the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.cell_words import TRUE_WORDS
from segmentation.rules.operators import IS_NOT, MISSING, NONE_OF
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.mapping import columns_of
from segmentation.sources.columns.number_formats import CODES_OF_CURRENCIES
from segmentation.sources.columns.order_shares import rows_that_count
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


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
_CURRENCY: Final = _words("""
    currency currencycode ordercurrency transactioncurrency presentmentcurrency shopcurrency
    paymentcurrency currencyiso isocurrency waehrung währung devise moneda valuta
""")
MOST_NAMED: Final = 8


@dataclass(frozen=True)
class Said:
    """What one column says of the rows that count: how often each text stands there."""

    column: str
    counts: Mapping[str, int]


def states(run: AfterScan) -> Iterator[Notice]:
    """An error for each column of transactions in which rows that count are said to be no sales."""
    for tally in _of_transactions(run):
        for column in _asked(tally, _tells_state):
            said = _said(tally, column)
            wrong = [text for text in said.counts if _is_no_sale(column, text)]
            if wrong:
                yield _unchosen(said, wrong, tally.path)


def currencies(run: AfterScan) -> Iterator[Notice]:
    """An error for each column of currencies of which rows that count hold several."""
    for tally in _of_transactions(run):
        for column in _asked(tally, lambda name: squeezed(name) in _CURRENCY):
            counts = {t: n for t, n in _said(tally, column).counts.items() if t.strip()}
            if len({text.strip().upper() for text in counts}) > 1:
                yield _several(Said(column, counts), tally.path)


def _of_transactions(run: AfterScan) -> Sequence[Tally]:
    return run.measured.tables.transactions.tallies


def _tells_state(name: str) -> bool:
    squeezed_name = squeezed(name)
    return squeezed_name in _FLAGS or any(part in squeezed_name for part in _STATE)


def _asked(tally: Tally, tells: Callable[[str], bool]) -> list[str]:
    """The columns of a source that tell, and that neither `where` nor the mapping asks."""
    return list(dict.fromkeys(c for part in tally.parts for c in _columns(part) if tells(c)))


def _columns(part: Portion) -> Iterable[str]:
    """The columns of a part that nobody asked which rows count."""
    recipe = part.recipe
    taken = {c for cs in recipe.columns.canonical.values() for c in cs}
    joined = (column for one in recipe.partners for column in one.where)
    known = {*columns_of(recipe.where), *joined, *taken}
    return (n for n, t in part.raw.schema.items() if n not in known and can_be(t, "compared"))


def _said(tally: Tally, column: str) -> Said:
    """What a column says of the rows that count, counted in a pass of its own."""
    frames = [_texts(part, column) for part in tally.parts if column in part.raw.schema]
    counts = pl.concat(frames).group_by("text").len().sort("len", "text", descending=[True, False])
    found = counts.collect(engine="streaming").iter_rows()
    return Said(column, {text or "": number for text, number in found})


def _texts(part: Portion, column: str) -> pl.LazyFrame:
    rows = rows_that_count(part.raw, part.recipe)
    return rows.select(as_text(column, part.recipe.dtype(column)).alias("text"))


def _is_no_sale(column: str, text: str) -> bool:
    if squeezed(column) in _FLAGS:
        bare = text.strip().lower()
        return bool(bare) and (bare in TRUE_WORDS or squeezed(column).endswith(("at", "on")))
    return squeezed(text) in _NO_SALE


def _unchosen(said: Said, wrong: Sequence[str], path: str) -> Notice:
    what = f"{said.column} holds {_named(said)}, and nothing chooses among them"
    words: object = wrong if len(wrong) > 1 else wrong[0]
    without: object = {NONE_OF.name: wrong} if len(wrong) > 1 else {IS_NOT.name: words}
    if squeezed(said.column) in _FLAGS:
        is_flag = all(t.strip().lower() in TRUE_WORDS for t in wrong)
        without = {IS_NOT.name: True} if is_flag else {MISSING.name: True}
    where = flow({"where": {said.column: without}})[1:-1]
    rows = sum(said.counts[text] for text in wrong)
    mend = (
        f"{counted(rows, 'row')} would count as {'a purchase' if rows == 1 else 'purchases'}. Choose under sources: {where}. "
        f"Where all of them count, name all: any where on {said.column} is taken."
    )
    return notice("unchosen-rows", what, where=path, mend=mend)


def _named(said: Said) -> str:
    """The words for states with their counts; how many there are of others."""
    flags = squeezed(said.column) in _FLAGS
    words = {
        t: n
        for t, n in said.counts.items()
        if squeezed(t) in _NO_SALE | _SALE or (flags and _is_plain(t))
    }
    others = sum(1 for text in said.counts if text.strip() and text not in words)
    shown = [f"{text.strip()} ({number:,})" for text, number in words.items()][:MOST_NAMED]
    more = others + max(len(words) - MOST_NAMED, 0)
    return listed([*shown, *([counted(more, "other value")] if more else [])], MOST_NAMED + 1)


def _is_plain(text: str) -> bool:
    return text.strip().lower() in (*TRUE_WORDS, "false", "no", "n", "f", "0")


def _several(said: Said, path: str) -> Notice:
    """Codes are named; what is no code of a currency is counted."""
    known = {t: n for t, n in said.counts.items() if t.strip().upper() in CODES_OF_CURRENCIES}
    others = len(said.counts) - len(known)
    shown = [f"{text.strip()} ({number:,})" for text, number in known.items()][:MOST_NAMED]
    more = others + max(len(known) - MOST_NAMED, 0)
    each = listed([*shown, *([counted(more, "other value")] if more else [])], MOST_NAMED + 1)
    most = next(iter(known), "EUR").strip()
    where = flow({"where": {said.column: most}})[1:-1]
    return notice(
        "several-currencies",
        f"{said.column} holds {each}: there is no sum of several currencies",
        where=path,
        mend=f"Keep one under sources, {where}, or convert the amounts before.",
    )
