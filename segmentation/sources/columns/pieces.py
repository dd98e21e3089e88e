"""Columns of how many pieces a row is of: by the words of their names, and where no name is known by what they hold.

As `quantity`, which is multiplied with prices, only whole names are read (`aliases`). These are looked at for returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from segmentation.pattern import pattern
from segmentation.sources.columns.aliases import PIECES
from segmentation.sources.columns.contents import squeezed_words
from segmentation.sources.columns.state_words import words

#: words for pieces, or for how many; in their table without accents
_PIECES: Final = frozenset(PIECES.split()) | words("""
    quantity quantities qty qtys units unit_count unitssold itemcount items count pieces articles
    anz stueckzahl artikelzahl nombre nb hoeveelheid artikelen artículos articulos articoli numero_pezzi
    qtd unid unidade cantitate antall kvantitet määrä kogus kiekis daudzums
    liczba sztuki sztuk ks kus kusů množství množstvo količina kolicina mennyiség darab db cantitate bucăți buc τεμ
    adet miktar количество кол кількість шт ποσότητα τεμάχια 数量 个数 個数 수량
""")
#: with these longer words end, or begin: Liefermenge, orderqty, qtysold
_IN_LONGER: Final = (
    *("menge", "anzahl", "stuckzahl", "stueckzahl", "quantity", "quantite", "cantidad", "quantita"),
    *("quantidade", "aantal", "hoeveelheid", "qty"),
)
_BEGINS: Final = ("qty", "quantity")
#: beginnings of words for what is counted and not sold: what lies there, what changed, points, marks
_NOT_SOLD: Final = tuple(
    words("""
    stock inventor onhand available balance bestand lager vorrat existencia inventario giacenz scort voorraad
    zapas saldo solde change delta diff adjust variance movement bewegung abweich points point pts punkt punt
    rating score bewert temperatur offset margin marge forecast budget target
    """)
)
#: words for numbers that are names, places or days, of which -1 may say that there is none, and for money
_NO_COUNT: Final = words("""
    id ids uuid guid key code no nr num number numero numer nummer type typ tipo status state level tier class
    klasse group gruppe cluster segment category kategorie region zone store shop filiale branch terminal kasse
    register channel kanal rank position pos seq line row zeile index age alter day days tag tage month week
    year hour time timezone utc tz vote votes sentiment review feedback nps satisfaction grade lag discount rabatt
    percent pct rate lat lon lng latitude longitude floor etage étage elevation height children priority trend
    growth profit gain loss stars note temp flag
    price preis prix precio prezzo prijs amount total betrag summe cost kosten fee fees gebuhr tax vat mwst tva iva btw
    tip shipping versand deposit anzahlung acompte anticipo acconto aanbetaling credit credits bonus refund refunds
""")
_MOST_DISTINCT: Final = 20
_LARGEST: Final = 999
#: a number, and perhaps a unit: `1`, `-1.0`, `x2`, `1- Stk`, `(1)`
_COUNTED: Final = pattern(r"\W*(?:[xX×]\s*)?\W*\d[\d.,]*\s*[-−)]?\s*[^\W\d_]{0,8}\W*")
_WHOLE: Final = pattern(r"([-−]?)(\d+)(?:[.,]0+)?")


def names_pieces(name: str) -> bool:
    """Whether a name says how many pieces a row is of.

    >>> [names_pieces(n) for n in ("Lineitem quantity", "No. of items", "Liefermenge", "Qté vendue", "数量")]
    [True, True, True, True, True]
    >>> [names_pieces(n) for n in ("Anzahlung", "Discount", "Items in stock", "Qty change", "Item")]
    [False, False, False, False, False]
    """
    said = squeezed_words(name)
    return any(map(_is_of_pieces, said)) and not _is_not_sold(said)


def says_quantity(name: str) -> bool:
    """Whether a name says it by a word that counts nothing else; items may be those of the order.

    >>> says_quantity("Qty Ordered"), says_quantity("Liefermenge"), says_quantity("Items in order")
    (True, True, False)
    """
    return any(w.endswith(_IN_LONGER) or w.startswith(_BEGINS) for w in squeezed_words(name))


def may_be_pieces(name: str, cells: Sequence[str | None]) -> bool:
    """Whether some cells of a column may be how many pieces: by its name, else most are 1, and none is 0.

    >>> may_be_pieces("Vorz", ["1", "1", "-1"]), may_be_pieces("Store", ["1", "1", "-1"])
    (True, False)
    >>> may_be_pieces("Vorz", ["1", "0", "-1"]), may_be_pieces("Items", ["-5 % voucher, shirt"])
    (False, False)
    """
    filled = [text for cell in cells if (text := (cell or "").strip())]
    if names_pieces(name):
        return all(map(_COUNTED.fullmatch, filled))
    return _looks_like_pieces(filled) and not is_no_count(name)


def is_no_count(name: str) -> bool:
    """Whether a name says that its numbers count nothing that is sold."""
    said = squeezed_words(name)
    return _is_not_sold(said) or bool(_NO_COUNT & {*said}) or said[-1:] == ["id"]


def _is_of_pieces(word: str) -> bool:
    return word in _PIECES or word.endswith(_IN_LONGER) or word.startswith(_BEGINS)


def _is_not_sold(said: Sequence[str]) -> bool:
    return any(part in word for word in said for part in _NOT_SOLD)


def _looks_like_pieces(filled: Sequence[str]) -> bool:
    """Whether all are small whole numbers without 0, few of them differ, and the most frequent is 1."""
    found = [_WHOLE.fullmatch(text) for text in filled]
    counts = Counter(
        sign + number.lstrip("0") for one in found if one for sign, number in [one.groups()]
    )
    sizes = {text.lstrip("-−") for text in counts}
    is_small = len(counts) <= _MOST_DISTINCT and all(
        len(size) <= len(str(_LARGEST)) for size in sizes
    )
    return (
        bool(counts)
        and all(found)
        and "" not in sizes
        and is_small
        and counts["1"] == max(counts.values())
    )
