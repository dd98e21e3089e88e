"""Columns that tell which kind of row one is, and those that tell on which side of a ledger it stands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.contents import squeezed_words
from segmentation.sources.columns.state_words import SIDES, SIGNS, words

#: names of columns that tell which kind of row one is, not how things stand with it
_KINDS: Final = words("""
    type kind typ art tipo soort rodzaj genre nature transaction_type order_type record_type row_type
    line_type entry_type document_type doc_type sale_type sales_type event_type event event_name activity
    action operation operation_type type_d_operation type_operation tipo_operacion tipo_operazione
    tipo_documento belegart belegtyp vorgang vorgangsart buchungsart transaktionstyp transactie_type
    txn_type trans_type bon_typ dokumentart dokumenttyp type_de_pièce type_pièce documentsoort
""")
#: words of such names, and what may stand beside them there: the row itself, not what it is about
_KIND: Final = words("type kind typ art tipo soort rodzaj typy")
_OF_ROWS: Final = words("""
    transaction transactions trans txn trn order orders record row line entry document doc sale sales
    event receipt invoice beleg bon buchung journal voucher posting ledger movement de of du d la dokumentu
    transakcji ruchu documento movimiento movimento operacion operazione
""")
#: kinds that are called by one word, beside which one letter may be anything
BARE: Final = words("type kind typ art tipo soort rodzaj genre nature activity action event")
#: names of columns that tell on which side of a ledger a row stands
_NAMED_SIDES: Final = words("""
    d/c c/d dr/cr cr/dr debit/credit credit/debit debit_or_credit debit_credit_indicator
    credit_debit_indicator dc_indicator s/h soll/haben soll/haben-kennzeichen soll-/haben-kennzeichen
    sens af_bij af/bij dare/avere debe/haber dt/ct
""")
#: words of names of columns that tell a side or a sign, however it is written
_SIGN: Final = words("""
    sign side direction richtung seite indicator kz signe sens signo segno sentido
    teken znak tecken fortegn sinal strona zijde lado lato sida richting direzione dirección direção kierunek
    factor multiplier movement mvt bewegung mouvement movimiento movimento beweging ruch
    entry posting booking buchung écriture asiento boeking księgowanie ledger inout plusminus
""")
#: and what a longer word ends with: Habenkennzeichen
_SIGN_AT_END: Final = tuple(words("zeichen richtung indicator direction"))
#: and in those in which debit and credit are cards, or ways to pay
OF_CARDS: Final = words("""
    card karte carte tarjeta carta kaart karta payment paid pay tender method zahl paiement pago pagamento
    betal platnosc instrument funding account konto funktion brand network wallet
""")


def is_of_kinds(name: str) -> bool:
    """Whether a column tells which kind of row one is, not how things stand with it.

    >>> is_of_kinds("Receipt type"), is_of_kinds("Payment type")
    (True, False)
    """
    said = {*squeezed_words(name)}
    return squeezed(name) in _KINDS or (bool(said & _KIND) and said <= _KIND | _OF_ROWS)


def is_named_for_sides(name: str) -> bool:
    """Whether a column is called by the two sides of a ledger."""
    return squeezed(name) in _NAMED_SIDES


def are_sides(name: str, texts: Collection[str | None]) -> bool:
    """Whether a column holds nothing but the two sides of a ledger: single letters where its name tells it.

    >>> are_sides("type", ["DR", "CR"]), are_sides("Card", ["Debit", "Credit"]), are_sides("class", ["C", "D"])
    (True, False, False)
    """
    found = {squeezed(text) for text in texts if text and text.strip()}
    is_whole = all(any(word in side for word in found) for side in SIDES)
    if not is_whole or not found <= SIDES[0] | SIDES[1] or has_part(name, OF_CARDS):
        return False
    return _is_of_signs(name) or all(len(word) > 1 for word in found)


def are_signs(name: str, texts: Collection[str | None]) -> bool:
    """Whether a column that is called so holds nothing but two signs: elsewhere they are yes and no.

    >>> are_signs("sign", ["+", "-"]), are_signs("gift", ["+", "-"]), are_signs("pieces", ["1", "-1"])
    (True, False, False)
    """
    found = {text.strip().lower() for text in texts if text and text.strip()}
    is_whole = all(found & side for side in SIGNS) and found <= SIGNS[0] | SIGNS[1]
    return is_whole and _is_of_signs(name)


def _is_of_signs(name: str) -> bool:
    """Whether the name of a column speaks of a sign, a side, or the kind of a row, or is itself but signs.

    >>> _is_of_signs("Soll-Haben-Kennzeichen"), _is_of_signs("+/-"), _is_of_signs("Design")
    (True, True, False)
    """
    said = squeezed_words(name)
    is_said = any(word in _SIGN or word.endswith(_SIGN_AT_END) for word in said)
    is_named = is_named_for_sides(name) or is_of_kinds(name) or squeezed(name) in _SIGN
    return is_said or is_named or not said


def has_part(name: str, parts: Collection[str]) -> bool:
    """Whether one of some words stands in a name, also within a longer word."""
    return any(part in squeezed(name) for part in parts)
