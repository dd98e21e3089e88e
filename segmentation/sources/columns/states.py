"""Which columns say which rows are sales, and what they say: states of orders, kinds of rows, flags of tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted, listed
from segmentation.messages.privacy import nameable
from segmentation.pattern import pattern
from segmentation.rules.cell_words import (
    FALSE_WORDS,
    NO_IN_LETTERS,
    NOTHING_WORDS,
    TRUE_WORDS,
    YES_IN_LETTERS,
)
from segmentation.rules.operators import IS_NOT, MISSING
from segmentation.rules.word_tests import none_of, one_of
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.contents import BELOW, squeezed_words, words_in
from segmentation.sources.columns.currencies import CODES_OF_CURRENCIES, may_be_currency
from segmentation.sources.columns.ledger_sides import (
    BARE,
    OF_CARDS,
    are_sides,
    are_signs,
    has_part,
    is_named_for_sides,
    is_of_kinds,
)
from segmentation.sources.columns.likely import are_dates
from segmentation.sources.columns.marks import Mark, is_of_fraud, mark_of
from segmentation.sources.columns.mended import came_to_nothing
from segmentation.sources.columns.not_done import is_of_terms
from segmentation.sources.columns.state_meaning import code_of, is_surely_none, meaning_of
from segmentation.sources.columns.state_words import (
    INVOICES,
    OF_TICKETS,
    ONE_WAY,
    SIDES,
    SIGNS,
    WAYS_BACK,
    WON,
    Meaning,
    words,
)
from segmentation.sources.stored import as_text

#: in names of columns that tell the state of an order, or the kind of a row
_STATE: Final = words("""
    status state event action activity zustand statut stato etat estado situation situacion
    toestand vorgang operation operacion operazione ergebnis stage
""")
#: the whole names of such
_STATES: Final = words("""
    mode modus livemode environment typ art tipo soort stan rodzaj genre nature result outcome stage
    belegart buchungsart tipo_documento tila stav durum
""")
#: words for a kind, which is that of the row where nothing else stands beside them
_KIND: Final = words("type types kind")
_OF_ROWS: Final = words("""
    order orders transaction trans txn sale sales payment payments record row line entry document doc invoice
    receipt ledger posting deal booking purchase financial operation movement event status state shop shopify
    code name id desc description the of a is
""")
#: in names of columns that tell of what is sold: such a state may be that of the catalogue
_OF_ARTICLES: Final = words(
    "product produkt producto produit prodotto article artikel articulo articolo"
)
_STATE_OF_ARTICLES: Final = words("status zustand statut stato etat estado toestand")
#: in names of columns that tell something of somebody, or something, but the row
_OF_OTHERS: Final = words("""
    customer client kunde
    klant cliente card carte karte device store shop subscription membership account newsletter consent
    marketing ship_state billing_state shipping_state address
    mail newsletter message nachricht notification notif campaign kampagne campagne campaña webhook
    review bewertung reseña recensione recensie rating survey umfrage feedback
    loyalty treue fidélité fidelidad fedeltà membre mitglied identity identität
    insurance versicherung assurance assicurazione verzekering ubezpieczenie protection
    employee employment staff driver supplier vendor lieferant fournisseur user profile login
    marital civil family housing coupon referral affiliate verification stock inventory lager warehouse
    upload download backup integration synchroni vehicle website company hour
""")
#: and whole words of the same
_WORDS_OF_OTHERS: Final = words("""
    kyc aml kyb crm erp api sms sync import export job batch index print label tax vat gdpr dsgvo nps seo
    avis member club tier level seguro seguros hora hours room fare rate app survey age visa support
    policy policies terms conditions bedingungen condiciones condizioni voorwaarden warranty guarantee garantie
    contract photo image video chat call phone score
""")
#: in names of columns of which what is unpaid says nothing: paid or not, the parcel waits
_OF_PARCELS: Final = words("""
    fulfil fulfillment ship deliver versand liefer livraison expedition envio entrega spedizione
    consegna verzend levering wysylk
""")
#: in names of columns that tell of seats and tickets
_OF_TICKETS: Final = words("ticket seat booking billet karte entrada bigliet platz bilet")
#: beginnings of words for a way that is paid for, of which one is there and back
_OF_FARES: Final = tuple(
    words("""
    ticket billet fahrkarte fahrschein bigliett bilet kaartje fare tarif trip journey reise fahrt trajet voyage
    viaje viaggio
    """)
)
#: and what stands behind a word for one way
_OF_RIDERS: Final = (
    *_OF_FARES,
    *words(
        "adult child senior student day peak off erwachs kind adulte enfant niño bambin volwass"
    ),
)
#: words for a kind of any thing, what one that is joined with it ends with, and things that a row sells
_ANY_KIND: Final = words(
    "plan basis type types kind typ art tipo soort rodzaj class klasse classe clase category kategorie"
)
_KIND_AT_END: Final = tuple(words("typ type art soort klasse"))
_OF_SOLD: Final = words("""
    fare tarif tariff tarief ticket billet karte bigliet bilet seat sitz room zimmer chambre habitacion camera kamer
    rate product produkt producto produit prodotto article artikel articulo articolo item hour course kurs booking
""")
#: names of columns in which yes says that a row is no sale
_FLAGS: Final = words("""
    test is_test test_order test_mode is_test_order testbestellung cancelled canceled is_cancelled
    is_canceled voided is_void is_voided deleted is_deleted draft is_draft storniert storno annule
    annulee annulé est_annulé cancelado cancelada anulado annullato annullata geannuleerd anulowane
    training is_training training_mode trainingsmodus übungsmodus schulungsmodus mode_formation mode_école
    modo_entrenamiento modo_formación modalità_addestramento oefenmodus tryb_szkoleniowy
""")
#: and those in which anything does
_MOMENTS: Final = words("""
    cancelled_at canceled_at cancelled_on canceled_on voided_at deleted_at storniert_am annulé_le
    cancelado_el annullato_il geannuleerd_op
""")
_FLAGS_OF_REFUNDS: Final = words(
    "refunded is_refunded returned is_returned erstattet retourniert remboursé reembolsado rimborsato terugbetaald"
)
_MOMENTS_OF_REFUNDS: Final = words("refunded_at refunded_on returned_at")
#: names of the days on which things came back, and words for that
_DAYS_OF_RETURN: Final = words("returned_at returned_on")
_BROUGHT_BACK: Final = words("""
    return returned rückgabe rückgaben retour retourné rendu devolución devuelto restituzione reso teruggave retur zwrot devolução
""")
_DATES: Final = 20  # texts that are looked at
#: what databases of offices write for yes, of which 0 is the no
_YES_AS_NUMBER: Final = "-1"
_YES: Final = words(" ".join(YES_IN_LETTERS))
_NO: Final = words(" ".join(NO_IN_LETTERS))
#: in names of columns that tell a currency, whole names of such, and what is none of a row's amount
_CURRENCY: Final = words(
    "currency waehrung wahrung wahrg waehrg waers waerk devise moneda valuta waluta"
)
_CURRENCIES: Final = words("wkz ccy cur curr iso_currency wkz_umsatz")
_NO_CURRENCY: Final = words(
    "rate exchange kurs fee gebühr factor symbol decimals wechsel taux cambio"
)
MOST_NAMED: Final = 20
#: what is below zero, or nothing: `-`, `0.00`, `€ 0,00`
_BELOW: Final = rf"{BELOW}|^\s*[-−(]|(^|[^.,-])-\s*$|^[0.,\s]+$|^\D*0[0.,\s]*\D*$"
#: a number as it is written for people; a day has other groups of digits
_NUMBER: Final = pattern(
    r"([-+−(]?\s*[$€£]?\s*\d*([.,'’\s]\d{3})*([.,]\d+)?(?<=\d)\s*([$€£%]|[a-z]{2,3})?\)?-?)?"
)


@dataclass(frozen=True)
class Said:
    """What one column says of the rows that count: how often each text stands there.

    `above`: how often beside an amount above zero; rows with another are no purchases whatever is
    said of them, but payments and balances, which are not taken off either. Where refunds `are_taken_off` the amount, a row that says so is right as it is.
    """

    column: str
    counts: Mapping[str, int]
    above: Mapping[str, int]
    are_taken_off: bool = False

    @property
    def wrong(self) -> list[str]:
        """The texts that say that a row is no sale, of rows that would count."""
        return [text for text in self.counts if self._counting(text) and self._is_no_sale(text)]

    @property
    def returned(self) -> list[str]:
        """Those of them that may as well be counted, as what is taken off."""
        if self._marks_refunds:
            return self.wrong
        return [text for text in self.wrong if self._meaning(text) == "refund"]

    @property
    def these_returned(self) -> Any:
        """What stands beside the column under `where` so that these alone count."""
        without = self.without_these if self._marks_refunds else None
        match without:
            case {IS_NOT.name: bool(yes)}:
                return yes
            case {MISSING.name: True}:
                return {MISSING.name: False}
        return one_of(self.returned)

    @property
    def named_returned(self) -> str:
        """Those of them in words."""
        named = listed([text.strip() for text in self.returned])
        return f"{self.column} {named}" if self._marks_refunds else named

    @property
    def _marks_refunds(self) -> bool:
        """Whether it marks rows that are refunds themselves."""
        return self._mark is not None and self._mark.is_row

    @property
    def rows(self) -> int:
        """How many rows would count and should not."""
        return sum(self._counting(text) for text in self.wrong)

    @property
    def rows_below(self) -> int:
        """How many of them would not be purchases, but taken off spend."""
        return self.rows - sum(self.above.get(text, 0) for text in self.wrong)

    def _counting(self, text: str) -> int:
        """How many rows with a text would count: a payment does whatever its sign."""
        is_any = self._meaning(text) in ("payment", "balance")
        return self.counts[text] if is_any else self.above.get(text, 0)

    @property
    def without_these(self) -> Any:
        """What stands beside the column under `where` so that such rows do not count; None where no row is left."""
        wrong = self.wrong
        if {*wrong} >= {*self.counts}:
            return None
        if self._is_of_moments:
            return {MISSING.name: True}
        for plain, said in ((TRUE_WORDS, True), (FALSE_WORDS, False)):
            if self._is_flag and all(text.strip().lower() in plain for text in wrong):
                return {IS_NOT.name: said}
        is_all = {*wrong} >= {*filter(str.strip, self.counts)}
        if self._is_flag and not (self._is_of_sale or self._is_contested) and is_all:
            return {MISSING.name: True}
        if self._won:
            return one_of(self._won)
        return none_of(wrong)

    @cached_property
    def _won(self) -> list[str]:
        """The stages of deals that are sales; a dispute that is won is another thing."""
        if self._is_contested:
            return []
        return [text.strip() for text in self.counts if squeezed(text) in WON]

    @property
    def named(self) -> str:
        """The words with their counts; of those that nobody knows the ones that may be named."""
        may_be_named = {*nameable(self.column, self.counts)}
        words = {
            t: n
            for t, n in self.counts.items()
            if t.strip() and (self._is_known(t) or t in may_be_named)
        }
        return self.naming({} if self._is_of_moments else words)

    @property
    def unknown(self) -> list[str]:
        """The words that may be named and of which nobody knows what they say, the commonest first."""
        if self._is_flag or self._is_of_moments or self._won:
            return []
        may_be_named = {*nameable(self.column, self.counts)}
        texts = (t for t in self.counts if t.strip() and t in may_be_named)
        return [text.strip() for text in texts if not self._is_known(text)]

    def naming(self, words: Mapping[str, int]) -> str:
        """Some of the words with their counts, and how many others stand there."""
        others = sum(1 for text in self.counts if text.strip() and text not in words)
        shown = [f"{text.strip()} ({number:,})" for text, number in words.items()][:MOST_NAMED]
        more = others + max(len(words) - MOST_NAMED, 0)
        return listed([*shown, *([counted(more, "other value")] if more else [])], MOST_NAMED + 1)

    @property
    def _is_of_moments(self) -> bool:
        is_moment = self._mark is not None and self._mark.is_filled
        is_named = squeezed(self.column) in _MOMENTS | _MOMENTS_OF_REFUNDS
        return is_moment or (is_named and not self._is_lent)

    @cached_property
    def _mark(self) -> Mark | None:
        return None if self._is_lent else mark_of(self.column)

    @cached_property
    def _is_lent(self) -> bool:
        """Whether it says when what was lent or hired came back: a day in most rows, under a word for a return."""
        said = {*_words_of(self.column)}
        is_named = bool(said & _BROUGHT_BACK) or squeezed(self.column) in _DAYS_OF_RETURN
        texts = [text for text in self.counts if text.strip()]
        rows = sum(self.counts.values())
        are_most = 2 * sum(self.counts[text] for text in texts) > rows
        return is_named and are_most and are_dates(texts[:_DATES])

    @property
    def _is_contested(self) -> bool:
        """Whether it marks what is disputed, which may be won."""
        return self._mark is not None and self._mark.is_contested

    def is_decided_by(self, other: Said) -> bool:
        """Whether it flags disputes, and another column says of each how it ended: a word, and no yes."""
        if self is other or not (self._is_contested and other._is_contested):
            return False
        flagged = [text for text in self.counts if self._is_flagged(text)]
        words = [text for text in other.counts if text.strip() and not _is_yes_or_no(text)]
        rows = sum(self.counts[text] for text in flagged)
        is_told = 0 < rows <= sum(other.counts[text] for text in words)
        are_alike = is_of_fraud(self.column) == is_of_fraud(other.column)
        return is_told and are_alike and all(map(_is_yes_or_no, flagged))

    @property
    def _is_of_sale(self) -> bool:
        """Whether it marks what counts."""
        return self._mark is not None and self._mark.is_of_sale

    @property
    def _is_flag(self) -> bool:
        is_flag = self._mark is not None and not self._mark.is_filled
        return is_flag or squeezed(self.column) in _FLAGS | _FLAGS_OF_REFUNDS

    @cached_property
    def _is_of_terms(self) -> bool:
        """Whether some cells tell on what terms an order can be undone, where others would say that it was."""
        terms = (t for t in self.counts if is_of_terms([*map(squeezed, words_in(t))]))
        return self._is_flag and any(meaning_of(text) is None for text in terms)

    def _is_no_sale(self, text: str) -> bool:
        meaning, name = self._meaning(text), squeezed(self.column)
        if (self._is_flag or self._is_of_moments) and not self._is_of_terms:
            return self._is_flagged(text)
        if self._won:
            return bool(text.strip()) and text.strip() not in self._won
        if meaning is None:
            return False
        if _is_state_of_article(self.column) and not _is_of_line(text, meaning):
            return False
        has_sales = self._has_sales
        are_none: Mapping[Meaning, bool] = {
            "no sale": True,
            "step": True,
            "visit": has_sales or any(meaning_of(other) == "step" for other in self.counts),
            "unpaid": not any(part in name for part in _OF_PARCELS),
            "refunded": not self.are_taken_off,
            "refund": True,
            "beside a sale": has_sales and self._is_of_kinds,
            "payment": has_sales and self._is_of_kinds,
            "balance": True,
            "sale": False,
            "maybe": False,
        }
        return are_none[meaning]

    def _is_flagged(self, text: str) -> bool:
        """Whether a flag says yes, or says more than no; of refunds not where they are taken off."""
        name, mark = squeezed(self.column), self._mark
        if mark is not None and mark.is_of_sale:
            return self._is_unmarked(text)
        is_of_refunds = name in _FLAGS_OF_REFUNDS | _MOMENTS_OF_REFUNDS or (
            mark is not None and mark.is_paid_back
        )
        is_yes = _says(text, (*TRUE_WORDS, _YES_AS_NUMBER), _YES)
        says_yes = self._is_flag and is_yes and not self._holds_numbers
        is_there = (self._is_of_moments or mark is not None) and _is_there(text)
        if self._is_contested and came_to_nothing([*map(squeezed, words_in(text))]):
            return False
        return (says_yes or is_there) and not (is_of_refunds and self.are_taken_off)

    @cached_property
    def _holds_numbers(self) -> bool:
        """Whether it holds counts or amounts, of which 1 is one and no yes."""
        texts = (text.strip().lower() for text in self.counts if text.strip())
        numbers = (text for text in texts if _NUMBER.fullmatch(text))
        return any(text not in (*TRUE_WORDS, *FALSE_WORDS, _YES_AS_NUMBER) for text in numbers)

    def _is_unmarked(self, text: str) -> bool:
        """Whether a cell lacks the mark of what counts, where others have it."""
        are_flags = all(
            not t.strip() or _says(t, TRUE_WORDS, _YES) or _says(t, FALSE_WORDS, _NO)
            for t in self.counts
        )
        return are_flags and _says(text, FALSE_WORDS, _NO)

    def _meaning(self, text: str) -> Meaning | None:
        if self._is_of_signs:
            return "refund" if text.strip().lower() in SIGNS[1] else "sale"
        if self._is_of_sides:
            return "refund" if squeezed(text) in self._side_taken_off else "sale"
        if squeezed(text) in OF_TICKETS and has_part(self.column, _OF_TICKETS):
            return "no sale"
        meaning = meaning_of(text) or (code_of(text) if self._has_codes else None)
        is_ticket = meaning == "refund" and self._has_ways_back and _words_of(text) & WAYS_BACK
        return None if is_ticket else meaning

    @cached_property
    def _has_ways_back(self) -> bool:
        """Whether a return is a kind of ticket: beside singles, or by the column's name where nothing is a sale."""
        if has_part(self.column, _STATE):
            return False
        is_of_fares = any(word.startswith(_OF_FARES) for word in _words_of(self.column))
        return (is_of_fares and not self._has_sales) or any(map(_is_one_way, self.counts))

    @cached_property
    def _is_of_kinds(self) -> bool:
        return is_of_kinds(self.column)

    @cached_property
    def _is_of_signs(self) -> bool:
        return are_signs(self.column, self.counts)

    @cached_property
    def _is_of_sides(self) -> bool:
        return is_named_for_sides(self.column) or are_sides(self.column, self.counts)

    @cached_property
    def _has_sales(self) -> bool:
        return self._has_codes or any(meaning_of(text) == "sale" for text in self.counts)

    @cached_property
    def _has_codes(self) -> bool:
        """Whether short codes are kinds of rows: one of them, or a word beside them, is a sale.

        One letter beside another may be anything where the column is called by one word.
        """
        if not self._is_of_kinds:
            return False
        is_bare = squeezed(self.column) in BARE
        return any(
            meaning_of(text) == "sale"
            or (code_of(text) == "sale" and not (is_bare and len(text.strip()) == 1))
            for text in self.counts
        )

    @property
    def _side_taken_off(self) -> Collection[str]:
        """The rarer side of a ledger, if both of them stand there."""
        rows = [sum(n for t, n in self.counts.items() if squeezed(t) in side) for side in SIDES]
        return () if not all(rows) else SIDES[rows[1] <= rows[0]]

    def _is_known(self, text: str) -> bool:
        is_yes, is_no = _says(text, TRUE_WORDS, _YES), _says(text, FALSE_WORDS, _NO)
        return (self._is_flag and (is_yes or is_no)) or self._meaning(text) is not None


def said_of(column: str, rows: pl.LazyFrame, *, are_taken_off: bool = False) -> Said:
    """What a column says, of rows with its `text` and whether their amount `is_above` zero.

    The commonest text first; what is missing is empty. Amounts are read only where a text is no sale.
    """
    counts = counts_of_texts(rows.select("text"))
    said = Said(column, counts, counts, are_taken_off)
    if not said.wrong:
        return said
    return Said(column, counts, counts_of_texts(rows.filter("is_above")), are_taken_off)


def to_be_asked(every: Sequence[Said], chosen_by: Sequence[Said] = ()) -> list[Said]:
    """What says of some rows that they are no sales: no flag of disputes beside a column that says how they ended.

    `chosen_by` is what columns say by which rows are chosen already.
    """
    beside = [*every, *chosen_by]
    return [one for one in every if one.wrong and not any(map(one.is_decided_by, beside))]


def above_zero(
    amounts: Sequence[str], schema: Mapping[str, pl.DataType], taken_off: Sequence[str] = ()
) -> pl.Expr:
    """Whether what stands in columns of amounts may be above zero, by its signs alone.

    It is not where nothing stands there, and something in a column that is `taken_off`.
    """
    texts = [as_text(name, schema[name]) for name in amounts]
    off = [as_text(name, schema[name]) for name in taken_off if name in schema]
    is_below = [text.str.contains(_BELOW).fill_null(value=False) for text in texts]
    if texts and off:
        is_blank = [text.str.strip_chars().fill_null("") == "" for text in texts]
        is_off = [text.str.contains("[1-9]").fill_null(value=False) for text in off]
        is_below.append(pl.all_horizontal(is_blank) & pl.any_horizontal(is_off))
    return ~pl.any_horizontal(is_below) if texts else pl.lit(value=True)


def counts_of_texts(rows: pl.LazyFrame) -> Mapping[str, int]:
    """How often each `text` stands there."""
    counts = rows.group_by("text").len().sort("len", "text", descending=[True, False])
    return {text or "": number for text, number in counts.collect(engine="streaming").iter_rows()}


def tells_state(name: str) -> bool:
    """Whether a column tells the state of an order, or the kind of a row."""
    bare = squeezed(name)
    if mark_of(name) is not None:
        return True
    if bare in _FLAGS | _MOMENTS | _FLAGS_OF_REFUNDS | _MOMENTS_OF_REFUNDS | _STATES:
        return True
    if is_named_for_sides(name) or is_of_kinds(name):
        return True
    if _is_state_of_article(name):
        return True
    return (has_part(name, _STATE) or _is_of_kind_of_row(name)) and not _is_of_others(name)


def _is_state_of_article(name: str) -> bool:
    """Whether a column tells the state of what is sold: of the line, or of the catalogue."""
    is_of_article = has_part(name, _OF_ARTICLES) and has_part(name, _STATE_OF_ARTICLES)
    return is_of_article and not _is_of_what_is_none(name)


def _is_of_kind_of_row(name: str) -> bool:
    """Whether a column tells the kind of a row, and not that of something in it: no `hour_type` does."""
    said = _words_of(name)
    return bool(said & _KIND) and said <= _KIND | _OF_ROWS


def _is_of_kind_of_sold(name: str) -> bool:
    """Whether a column tells the kind of what is sold, as a fare or a room: its cells may still tell states."""
    said = _words_of(name)
    is_in_one = any(word.endswith(_KIND_AT_END) and has_part(word, _OF_SOLD) for word in said)
    return is_in_one or (bool(said & _ANY_KIND) and has_part(name, _OF_SOLD))


def _is_of_others(name: str) -> bool:
    """Whether a column is called by something else than the order, its payment or its delivery."""
    return has_part(name, _OF_ARTICLES) or _is_of_what_is_none(name)


def _is_of_what_is_none(name: str) -> bool:
    return has_part(name, _OF_OTHERS) or bool(_words_of(name) & _WORDS_OF_OTHERS)


def is_of_currencies(name: str, cells: Collection[str | None]) -> bool:
    """Whether a column tells the currency of a row: by its name, where it holds no numbers, or by what it holds.

    >>> is_of_currencies("Currency", ["EUR", "978"]), is_of_currencies("Amount in company currency", ["9.5"])
    (True, False)
    """
    texts = [cell for cell in cells if cell and cell.strip()]
    are_numbers = sum(map(may_be_currency, texts)) * 2 < len(texts)
    return (_tells_currency(name) and not are_numbers) or holds_codes(cells)


def _tells_currency(name: str) -> bool:
    bare = squeezed(name)
    tells = bare in _CURRENCIES or any(part in bare for part in _CURRENCY)
    return tells and not any(part in bare for part in _NO_CURRENCY)


def holds_codes(cells: Collection[str | None]) -> bool:
    """Whether a column holds codes of several currencies and nothing else, whatever it is called.

    >>> holds_codes(["EUR", "USD", None]), holds_codes(["EUR", "EUR"]), holds_codes(["EUR", "ALL MEN"])
    (True, False, False)
    """
    texts = {cell.strip() for cell in cells if cell and cell.strip()}
    return len(texts) > 1 and texts <= CODES_OF_CURRENCIES


def _is_yes_or_no(text: str) -> bool:
    is_yes = _says(text, (*TRUE_WORDS, _YES_AS_NUMBER), _YES)
    return is_yes or _says(text, FALSE_WORDS, _NO)


def says_yes(text: str) -> bool:
    """Whether a cell says yes, in any language that is known, or bears a cross."""
    return _says(text, TRUE_WORDS, _YES)


def _says(text: str, plain: Collection[str], others: Collection[str]) -> bool:
    return text.strip().lower() in plain or squeezed(text) in others


def tells_by_words(name: str, cells: Collection[str | None]) -> bool:
    """Whether a column tells states whatever it is called: few words, one in every row, of which one surely is one.

    A credit note is one beside invoices.

    >>> tells_by_words("Estado", ["pagado", "Cancelado"]), tells_by_words("note", ["cancelled", None])
    (True, False)
    """
    texts = {(cell or "").strip() for cell in cells}
    is_list = 0 < len(texts) <= MOST_NAMED and all(texts)
    if not is_list:
        return False
    if _is_of_others(name):  # of a fare a refund may be what it promises
        is_sold = _is_of_kind_of_sold(name)
        return is_sold and any(is_surely_none(t) and meaning_of(t) != "refund" for t in texts)
    is_surely = any(map(is_surely_none, texts)) or _are_documents(name, texts)
    return is_surely or are_sides(name, texts) or are_signs(name, texts)


def _are_documents(name: str, texts: Collection[str]) -> bool:
    """Whether some texts are credit notes, and others invoices or sales: a way to pay is no document.

    >>> _are_documents("Type pièce", ["Facture", "Avoir"]), _are_documents("Mode de paiement", ["Facture", "Avoir"])
    (True, False)
    """
    if has_part(name, OF_CARDS):
        return False
    meanings = {text: meaning_of(text) for text in texts}
    return "refund" in meanings.values() and any(
        meaning == "sale" or (meaning is None and _is_invoice(text))
        for text, meaning in meanings.items()
    )


def _is_invoice(text: str) -> bool:
    said = squeezed_words(text)
    return any(word.startswith(INVOICES) or word.endswith(INVOICES) for word in said)


def _is_one_way(text: str) -> bool:
    """Whether a text is a kind of ticket that is no return: `Single`, `Single adult`; no `Single purchase`."""
    said = squeezed_words(text)
    is_of_one = len(said) > 1 and said[0] in ONE_WAY and said[1].startswith(_OF_RIDERS)
    return "".join(said) in ONE_WAY or is_of_one


def _is_of_line(text: str, meaning: Meaning) -> bool:
    """Whether the state of an article is one of the line that was sold: a catalogue has drafts as well."""
    return meaning in ("refund", "refunded") or is_surely_none(text)


def _words_of(text: str) -> set[str]:
    return {*squeezed_words(text)}


def _is_there(text: str) -> bool:
    """Whether a cell says more than no, or nothing; a number is a count or an amount."""
    bare = text.strip().lower()
    is_no = _says(text, FALSE_WORDS, _NO) or "".join(bare.split()) in NOTHING_WORDS
    return not is_no and not _NUMBER.fullmatch(bare)
