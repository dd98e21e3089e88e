"""What the names of columns say of an amount: that it is of one piece, or of the whole order."""

from __future__ import annotations

from typing import Final

from segmentation.sources.columns.contents import squeezed_words
from segmentation.sources.columns.state_words import words

#: words for what one piece costs, also within a longer one
_PRICE_OF_ONE: Final = tuple(
    words("""
    einzelpreis stückpreis stueckpreis einheitspreis stuksprijs stukprijs eenheidsprijs styckpris enhetspris
    stykpris enhedspris unitprice yksikköhinta kappalehinta egységár darabár
    """)
)
#: words that say it beside one for money, or alone
_OF_ONE: Final = words("""
    unit each apiece einzel unitaire unitaires unitario unitaria unitari unitário unitária jednostkowa jednostkowy
    jedn stückweise unitar birim jednotková
""")
_ALONE: Final = words("pu ep")
#: what one piece is called, beside a price
_PIECE: Final = words("""
    piece pieces pc pcs stück stueck stk einheit unité pièce unidad pieza unità pezzo stuk eenheid sztukę sztuka
    sztuki szt jednostkę jednostka unidade peça st styck enhet stykke
    bucata buc kus μονάδα μονάδας τεμάχιο τεμαχίου единицу штуку
""")
_PER: Final = words("per pro je par por al cada za")
_THING: Final = words(
    "item artikel article articolo articulo article produkt product prodotto producto produit"
)
_PRICE: Final = tuple(
    words(
        "price preis prix precio prezzo prijs cena ceny preço pris hinta rate vk listenpreis pret fiyat fiyatı τιμή цена ár"
    )
)
_MONEY: Final = words("""
    amount value wert betrag montant valeur valor importe importo valore bedrag waarde kwota wartość net gross
    netto brutto sum belopp usd eur gbp
""")
#: words for what all of a line came to
_OF_ALL: Final = tuple(
    words("total gesamt subtotal totaal totale summe somme suma totals extended zeilen lignetotal")
)
#: words for an order, and those for what one came to; the second may be joined with the first
_ORDER: Final = words("""
    order basket cart checkout receipt invoice purchase bestellung bestell auftrag auftrags rechnung rechnungs beleg
    warenkorb kassenbon bon commande panier facture pedido factura compra ordine ordini fattura scontrino
    bestelling bestel factuur winkelwagen zamówienia zamówienie paragonu faktury pedidos beställning ordre
""")
_OF_ORDER: Final = words("""
    total totals subtotal grand amount value sum gesamt gesamtbetrag gesamtsumme gesamtwert gesamtpreis summe betrag
    wert endbetrag montant valeur importe valor importo totale valore totaal totaalbedrag bedrag waarde kwota wartość
    suma totalt belopp
""")
_WHOLE_ORDER: Final = words("grandtotal granttotal gesamtbestellwert")
_OF_LINE: Final = words("""
    line lines item items row position positionen pos zeile zeilen artikel article product produkt produit ligne lignes
    línea linea riga righe regel regels pozycja pozycji sku unit each count qty quantity
    minimum min last first average avg previous customer lifetime
""")
#: words for a line of an order, for the thing it is of, and for what all of one came to
_LINE: Final = words("""
    line lineitem row position positions pos zeile zeilen positionen posten ligne línea linea riga regel pozycji pozycja
    rad linje linha
""")
_ONE_THING: Final = words(
    "item artikel article articolo articulo product produkt produit producto prodotto"
)
_TOTAL: Final = words("""
    total amount net value sum sales gesamt gesamtbetrag gesamtpreis gesamtwert summe betrag wert netto
    montant valeur importe valor importo totale valore totaal totaalbedrag bedrag waarde suma kwota wartość
    belopp summa totalt beløb
""")
_LINE_IN_ONE: Final = words(
    "zeile zeilen position positions posten regel rad linje lijn row line lineitem"
)
#: what may stand beside them: small words, tax with what turns it, and discounts behind `after`
_BESIDE_TOTAL: Final = words("""
    price prix precio prezzo preis prijs gross brutto ht ttc de la le del di della der van eur usd gbp chf
""")
_TURNING: Final = words(
    "excl incl ex inc exc with without excluding including inkl exkl zzgl hors avec sin con iva senza zonder met"
)
_TURNED: Final = words("tax vat mwst tva iva btw taxes ust")
_AFTER: Final = words("after nach après despues después dopo na less")
_OFF: Final = words(
    "discount discounts rabatt remise remises sconto sconti descuento descuentos korting"
)
#: words that say that a discount is a share of a price
_SHARE: Final = words("""
    rate percent percentage pct prozent satz pourcentage porcentaje percentuale taux procent
""")
#: beginnings and endings of words for what was taken off a price
DISCOUNTS: Final = tuple(
    words("""
    discount rabatt rabais remise réduction reduction nachlass nachlaß preisnachlass ermäßigung ermaessigung
    descuento rebaja sconto sconti riduzion korting rabat zniżk znizk upust desconto alennus
    kedvezmeny reducere ekptosi εκπτωση indirim iskonto sleva zlava скидк
    """)
)
#: what such a column is no money by
_NO_DISCOUNT: Final = words("""
    code codes coupon reason grund name type typ tipo rate percent percentage pct prozent id ids count satz
    pourcentage porcentaje percentuale percentage taux motif motivo reden
    after before nach vor efter etter po après avant después antes dopo prima na voor
""")
_EXTENDED: Final = words("""
    extendedprice extprice extendedamount extamount extension extendedtotal extendednet extendedvalue exttotal
""")
#: what a price is called from which a discount was taken
_REDUCED: Final = words("""
    discounted rabattiert rabattierter rabattierte reduziert reduzierter scontato rebajado descontado
""")
#: parts of words for a price that stands in a list, and that few pay
_LISTED: Final = tuple(
    words("""
    listprice listpreis listenpreis katalog catalog catalogue catalogo listino adviesprijs streichpreis originalpreis
    ursprungspreis barre strike msrp
    """)
)
_LISTED_ALONE: Final = words("""
    list lista liste uvp rrp srp original originale ursprünglich regular régulier retail recommended empfohlen conseillé
    consigliato recomendado public público oorspronkelijk oude katalogowa pierwotna compare was before old lijst cennik
""")
_LENGTH_WITHIN: Final = 5  # letters of a word that is looked for within longer ones


def says_one_piece(name: str) -> bool:
    """Whether a column is called by what one piece costs: more than `price`, which may be that of a line.

    >>> says_one_piece("Prix unitaire TTC"), says_one_piece("Preis pro Stück"), says_one_piece("Price each")
    (True, True, True)
    >>> says_one_piece("Price"), says_one_piece("Item price"), says_one_piece("Unit total"), says_one_piece("Units")
    (False, False, False, False)
    """
    said = squeezed_words(name)
    if any(_has(word, _OF_ALL) for word in said):
        return False
    if (
        any(_has(word, _PRICE_OF_ONE) for word in said)
        or _ALONE & {*said}
        or said[:2] == ["p", "u"]
    ):
        return True
    is_price = any(_has(word, _PRICE) for word in said)
    is_of_one = bool(_OF_ONE & {*said}) or (bool(_PER & {*said}) and bool(_THING & {*said}))
    is_by_piece = is_price and bool(_PIECE & {*said})
    return is_by_piece or (is_of_one and (is_price or bool(_MONEY & {*said})))


def tells_discount(name: str) -> bool:
    """Whether a column is called by money that was taken off a price.

    >>> tells_discount("Rabatte"), tells_discount("Line discount"), tells_discount("Discount code")
    (True, True, False)
    """
    said = squeezed_words(name)
    if says_after_discounts(name):
        return False
    return any(word.startswith(DISCOUNTS) or word.endswith(DISCOUNTS) for word in said) and not (
        "%" in name or _NO_DISCOUNT & {*said}
    )


def tells_share_of_discount(name: str, *, is_said: bool = False) -> bool:
    """Whether a column may hold discounts as shares of a price; by its own words alone, if it `is_said`.

    >>> tells_share_of_discount("Remise (%)"), tells_share_of_discount("Discount"), tells_share_of_discount("Discount code")
    (True, True, False)
    """
    said = squeezed_words(name)
    is_discount = any(w.startswith(DISCOUNTS) or w.endswith(DISCOUNTS) for w in said)
    is_share = "%" in name or any(word in _SHARE for word in said)
    is_none = not {*said} & (_NO_DISCOUNT - _SHARE)
    return is_discount and is_none and (is_share or not is_said)


def says_after_discounts(name: str) -> bool:
    """Whether a column is called by what is left after discounts.

    >>> says_after_discounts("Total after discount"), says_after_discounts("Discounted price")
    (True, True)
    >>> says_after_discounts("Discounted amount"), says_after_discounts("Price before discount")
    (False, False)
    """
    said = squeezed_words(name)
    is_reduced = bool(_REDUCED & {*said}) and any(_has(word, _PRICE) for word in said)
    return is_reduced or bool(_AFTER & {*said} and any(word.startswith(DISCOUNTS) for word in said))


def says_list_price(name: str) -> bool:
    """Whether a column is called by a price of a list, beside which another may be what was paid.

    >>> says_list_price("List Price"), says_list_price("Listenpreis"), says_list_price("UVP"), says_list_price("Net Price")
    (True, True, True, False)
    """
    said = squeezed_words(name)
    is_listed = any(_has(word, _LISTED) for word in said) or bool(_LISTED_ALONE & {*said})
    return is_listed and (any(_has(word, _PRICE) for word in said) or len(said) == 1)


def says_price(name: str) -> bool:
    """Whether a column is called a price, and nothing that all of a line or of an order came to.

    >>> says_price("Price"), says_price("Prezzo"), says_price("PU"), says_price("Total price"), says_price("Gesamtpreis")
    (True, True, True, False, False)
    """
    if says_one_piece(name):
        return True
    said = squeezed_words(name)
    is_price = any(_has(word, _PRICE) for word in said)
    return is_price and not says_order(name) and not any(_has(word, _OF_ALL) for word in said)


def says_order(name: str) -> bool:
    """Whether a column is called by what a whole order came to.

    >>> says_order("Order Total"), says_order("Bestellsumme"), says_order("Gesamtbetrag der Bestellung")
    (True, True, True)
    >>> says_order("Order line total"), says_order("Total"), says_order("Amount ordered"), says_order("Order count")
    (False, False, False, False)
    """
    said = squeezed_words(name)
    if _OF_LINE & {*said}:
        return False
    bare = "".join(said)
    if bare in _WHOLE_ORDER:
        return True
    if _ORDER & {*said} and _OF_ORDER & {*said}:
        return True
    return any(_is_joined(word) for word in (*said, bare))


def says_line(name: str) -> bool:
    """Whether a column is called by what all of a line came to: of all its pieces, less its discounts.

    >>> says_line("Item Total"), says_line("Zeilensumme"), says_line("Importe de línea"), says_line("Extended Price")
    (True, True, True, True)
    >>> says_line("Line discount"), says_line("Item price"), says_line("Line subtotal"), says_line("Total items")
    (False, False, False, False)
    """
    said = {*squeezed_words(name)}
    bare = "".join(squeezed_words(name))
    if bare in _EXTENDED or _is_line_in_one(bare):
        return True
    known = _LINE | _ONE_THING | _TOTAL | _BESIDE_TOTAL
    known |= _TURNING | _TURNED if said & _TURNING else frozenset()
    known |= _AFTER | _OFF if said & _AFTER else frozenset()
    if not said <= known or not said & _TOTAL:
        return False
    return bool(said & _LINE) or squeezed_words(name)[0] in _ONE_THING


def _is_line_in_one(bare: str) -> bool:
    """Whether a word is one for a line and one for what it came to: `zeilensumme`, `regeltotaal`."""
    ways = {line: (line, f"{line}s") for line in _LINE_IN_ONE} | {one: (one,) for one in _ONE_THING}
    fore = (way for line, each in ways.items() if line in bare for way in each)
    return any(bare == way + total for way in fore for total in _TOTAL) or any(
        bare == total + line for line in _LINE for total in _TOTAL
    )


def _is_joined(word: str) -> bool:
    """Whether a word is one for an order, and one for what it came to, in either order: `bestellsumme`, `totalcommande`."""
    return any(
        word in (first + second, second + first, f"{first}s{second}")
        for first in _ORDER
        if first in word
        for second in _OF_ORDER
    )


def _has(word: str, parts: tuple[str, ...]) -> bool:
    """Whether a word is one of some, or ends or begins with a long one of them."""
    return word in parts or any(len(p) >= _LENGTH_WITHIN and p in word for p in parts)
