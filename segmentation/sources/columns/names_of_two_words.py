"""What shops call the number of an order, or what one came to, by two words: `Auftrags-Nr.`, `Montant de la commande`.

All names are as `aliases` compares them: in small letters, without accents, blanks and signs.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import cache
from typing import Final

#: what orders are called, and their papers: numbers of them are told by any of the words below, before or behind
_ORDERS = """
    order orders salesorder purchase sale sales invoice receipt transaction trans bill check ticket basket cart
    confirmation document
    bestell bestellung bestellungs auftrag auftrags rechnung rechnungs beleg bon kassenbon kassenzettel quittung
    quittungs vorgang vorgangs warenkorb
    commande facture ticket recu panier pedido factura recibo compra ordine fattura scontrino ricevuta
    bestel bestelling order factuur bon kassabon zamowienia zamowienie faktury paragonu rachunku ordre faktura kvitto
"""
#: and those of them that tell an order alone, as a number beside them is not always called one
_ORDERS_ALONE = """
    orders salesorder auftrag rechnung kassenbon bon facture factura recibo fattura scontrino ricevuta factuur kassabon
    ticket recu faktura kvitto paragon zamowienie
"""
#: and those that call the order, and no paper that is written for it: taken where both stand in a file
_OWN = """
    order orders salesorder bestell bestellung bestellungs auftrag auftrags commande pedido ordine bestel bestelling
    zamowienia zamowienie ordre tilaus objednavka rendeles siparis
"""
_NUMBERS_BEFORE = "n no nr num numero numer id ref reference referencia referenza riferimento identifiant codigo codice"
_NUMBERS_BEHIND = (
    "no nr num number numero numer nummer nbr id ref reference referenz referentie key uuid guid"
)
_OF = ("", "de", "dela", "del", "della", "dello", "di", "do")


#: what an order came to is told by any of the words below, before or behind
_CAME_TO_BEHIND = """
    total totals amount value sum gesamt gesamtbetrag gesamtsumme gesamtwert gesamtpreis summe betrag wert endbetrag
    montant valeur importe valor importo valore totale totaal totaalbedrag bedrag waarde kwota wartosc suma belopp
"""
_CAME_TO_BEFORE = "total grandtotal totalamount amount value montant montanttotal valeur importe importetotal valor importo totale valore totaal bedrag waarde kwota wartosc suma"
_PAPERS = """
    order purchase sale invoice receipt transaction basket cart checkout bestell bestellung bestellungs auftrag auftrags
    rechnung rechnungs beleg bon warenkorb commande facture panier pedido factura compra ordine fattura scontrino bestel
    bestelling factuur zamowienia zamowienie faktury paragonu ordre
"""
_OF_LETTERS = ("dell", "d")


def _came_to(nouns: str) -> frozenset[str]:
    """What is paid for things is called: `ordervalue`, `montantdelacommande`."""
    behind = (noun + worth for noun in nouns.split() for worth in _CAME_TO_BEHIND.split())
    before = (
        worth + of + noun
        for noun in nouns.split()
        for worth in _CAME_TO_BEFORE.split()
        for of in (*_OF, *_OF_LETTERS)
    )
    return frozenset((*behind, *before))


def _numbers_of(nouns: str) -> frozenset[str]:
    """What numbers of things are called: `ordernumber`, `numerodecommande`, `idpedido`."""
    behind = (noun + number for noun in nouns.split() for number in _NUMBERS_BEHIND.split())
    before = (
        number + of + noun
        for noun in nouns.split()
        for number in _NUMBERS_BEFORE.split()
        for of in _OF
    )
    return frozenset((*behind, *before))


class _Names(Container[str]):
    """Names that are put together when one is first asked for: most headers have usual ones."""

    def __init__(self, made: Callable[[], frozenset[str]]) -> None:
        self._made = cache(made)

    def __contains__(self, name: object) -> bool:
        return name in self._made()


NUMBERS_OF_ORDERS: Final = _Names(lambda: _numbers_of(_ORDERS) | {*_ORDERS_ALONE.split()})
"""Names of numbers of orders."""

NUMBERS_OF_ORDERS_FIRST: Final = _Names(lambda: _numbers_of(_OWN) | {*_OWN.split()})
"""Names of orders themselves: `Auftragsnummer` beside `Rechnungsnummer`."""

WORTHS_OF_ORDERS: Final = _Names(lambda: _came_to(_PAPERS))
"""Names of what orders came to."""
