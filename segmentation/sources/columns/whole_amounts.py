"""Which columns of whole numbers may be money whatever they are called: no ids, counts, codes or moments.

`candidates` takes whole numbers for money where a name says so. Where none does, these are named before
rows are counted as 1 each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.sources.columns.candidates import NO_WORTH, any_of
from segmentation.sources.columns.contents import Content
from segmentation.sources.columns.money_words import tells_discount
from segmentation.sources.columns.pieces import names_pieces
from segmentation.sources.columns.state_words import words

#: in names of columns whose numbers are no money, beside those that `candidates` has
_NO_MONEY: Final = words("""
    id ids uuid guid key no nr num nummer numer numero nro number ref reference referenz code kod codice codigo sku
    ean gtin upc isbn barcode strichcode kennung index idx row line zeile position pos seq
    order bestellung bestelling commande pedido ordine zamówienie zamowienie beleg bon ticket invoice rechnung
    facture factura fattura factuur faktura receipt transaction basket session customer client kunde klant cliente
    klient member user visitor account konto cuenta compte conto rekening iban card karte
    product produkt producto produit prodotto article artikel articulo item store shop filiale seller vendor employee
    zip plz postcode postleitzahl cp cap city region country phone tel telefon telefono telephone mobile fax
    year jahr année annee año anno jaar rok month monat mois mes mese maand week woche day tag hour minute second
    date time datum birth born birthday geburt alter age edad età leeftijd wiek
    points punkte puntos punti punten height width length size größe weight gewicht floor room seat stars rank
    status flag type version visits besuche sessions days nights nächte noches notti guests gäste adults kinder
""")
_FLAGS: Final = frozenset((-1.0, 0.0, 1.0))
_MOST_PIECES: Final = 12  # of numbers with 1 among them, which count pieces or people
_LONGEST: Final = 9  # digits; longer ones are phones, barcodes, moments
_ENOUGH: Final = 5  # rows by which a shape is no chance


def may_be_money(contents: Sequence[Content]) -> list[Content]:
    """The columns that may be money, by their numbers; one whose numbers run on only where no other is there."""
    found = [one for one in contents if _may_be(one)]
    few = [one for one in found if len(one.filled) < _ENOUGH]
    return [one for one in found if not runs_on(one)] or few


def _may_be(one: Content) -> bool:
    """Whether neither its name nor its numbers say that it is something else."""
    is_named = any_of(one.words, (*_NO_MONEY, *NO_WORTH)) or names_pieces(one.name)
    is_named = is_named or tells_discount(one.name)
    if one.kind not in ("whole", "count") or is_named:
        return False
    numbers = {number for number in one.numbers if number is not None}
    return bool(numbers) and not (
        numbers <= _FLAGS or _are_pieces(numbers) or _are_codes(one) or _are_years(one)
    )


def _are_pieces(numbers: set[float]) -> bool:
    return 1 in numbers and all(0 <= number <= _MOST_PIECES for number in numbers)


def _are_codes(one: Content) -> bool:
    """Whether digits are those of a code: they begin with 0, or are many."""
    return any((text[0] == "0" and len(text) > 1) or len(text) > _LONGEST for text in one.distinct)


def _are_years(one: Content) -> bool:
    numbers = [number for number in one.numbers if number is not None]
    return len(numbers) >= _ENOUGH and all(1900 <= number <= 2100 for number in numbers)


def runs_on(one: Content) -> bool:
    """Whether its numbers run on from row to row, or lie dense, each there once: they may number the rows."""
    numbers = [number for number in one.numbers if number is not None]
    if len({*numbers}) < len(numbers) or len(numbers) < 2:
        return False
    is_dense = max(numbers) - min(numbers) < 2 * len(numbers)
    upwards = sorted(numbers)
    is_sorted = len(numbers) >= _ENOUGH and numbers in (upwards, upwards[::-1])
    return is_dense or is_sorted
