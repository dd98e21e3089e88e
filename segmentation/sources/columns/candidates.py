"""Which of a file's columns may be a canonical one that no name tells: by what they hold, best first.

Names only rule out (a seller is no customer, a day of delivery no order's day) and break ties. What
is found is a proposal that a person reads, and was tried on the data; nothing is read by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.sources.columns.aliases import CURRENCY, squeezed
from segmentation.sources.columns.contents import Content, Kind, words_in
from segmentation.sources.columns.money_words import (
    DISCOUNTS,
    says_after_discounts,
    says_list_price,
    says_one_piece,
    says_order,
    tells_discount,
)
from segmentation.sources.columns.pieces import names_pieces, says_quantity
from segmentation.sources.columns.taken_off import tells_refunds


@dataclass(frozen=True)
class _Sought:
    """What a column has to hold, and what its name says for and against it.

    `by_name` kinds are taken where the name speaks for them alone. `least` ranks what fits, the
    least first.
    """

    kinds: tuple[Kind, ...]
    by_name: tuple[Kind, ...]
    of_it: tuple[str, ...]
    of_others: tuple[str, ...]
    least: Callable[[Content], tuple[object, ...]] = lambda one: ()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WHO: Final = _words("""
    customer client kunde kunden user buyer member shopper consumer cliente patron donor guest contact
    account person profile subscriber visitor household card cardholder loyalty email mail who acheteur
    patient player cust uid cid passenger owner learner student klient klant
    debitor debitoren debtor party payer kund kundnr käufer besteller mitglied spender gast
    client abonné adhérent acheteuse comprador compratore socio koper lid nabywca kupujący odbiorca kontrahent
    leser lecteur lettore lezer lector czytelnik borrower reader usager utente usuario benutzer ausweis kartennummer
    entity kunder medlem köpare kjøper asiakas tilaaja zákazník vevő müşteri
    username nickname nick login handle screenname bidder bieter benutzername nutzername nutzer spitzname pseudo pseudonyme
    acquirente compratrice compradora käuferin kundin clienta gebruiker gebruikersnaam bijnaam nomeutente
    nombreusuario apodo użytkownik login kupujaca klientka pseudonim
""")
#: what stands beside such a word and leaves it what it is
_BESIDE_WHO: Final = frozenset(
    _words("""
    name names full id ids nr no num number nummer numero número numéro code key the of s from by
    nom nombre nome naam nazwa imię imie von der des de du la le l d del della dello dell di van den het
    display screen public ebay etsy shop
""")
)
_PHONE: Final = _words("""
    phone telephone tel mobile cell cellphone telefon telefonnummer handy handynummer mobil rufnummer téléphone
    teléfono móvil celular telefono cellulare telefoon telefoonnummer mobiel gsm telefonu komórka msisdn whatsapp
""")
_PHONE_NUMBER: Final = pattern(r"[+(\d][\d\s()/.\-–]{4,}\d")
#: texts that are no more than the levels of something: Member holds Y and N
_FEWEST_WHO: Final = 3
#: names of how many came
_COUNTED: Final = frozenset(
    _words("""
    guests covers persons people pax adults children kids seats heads headcount size attendees travellers travelers
    gäste gaste personen erwachsene kinder plätze platze couverts convives personnes adultes enfants
    comensales cubiertos personas adultos huespedes coperti ospiti persone adulti gasten volwassenen
    osób osob goście goscie
""")
)
#: names of accounts, and what those of a ledger are called, which are nobody's
_ACCOUNT: Final = frozenset(_words("account acct konto compte cuenta conto rekening"))
_LEDGER: Final = pattern(
    r"(?i)\d{3,8}(?:[.·:–-]?\d+)*[\s·:–-]+[^\W\d].*"
    r"|.*\b(?:sales|revenue|income|receivables?|erlöse|umsatzerlöse|ventes|ventas|vendite|ricavi|omzet|sprzedaż)\b.*"
)
_NOBODY: Final = 20  # rows of one and the same
_NO_PERSON: Final = _words("""
    medien medium exemplar exemplare exemplaire ejemplar esemplare exemplaar egzemplarz barcode signatur signatura
    cote copy isbn titel title titre título titolo buch book livre libro boek inventar inventory serial serien
    room zimmer chambre tisch table mesa tavolo tafel stolik lane court vehicle fahrzeug plate kennzeichen vin
    batch lot terminal register till kasse station gate
    order invoice basket receipt transaction trans ticket item product sku asin seller vendor merchant shop
    store brand category session event warehouse region zip postal postcode plz city state country tracking
    payment coupon employee staff type segment group status gender age tier line row index qty quantity
    discount price amount total date time day week month year channel source campaign language
    currency phone fax street address lineitem supplier device cart page score count menge anzahl bestell
    bestellung bestellnummer rechnung artikel produkt filiale
    kreditor creditor lieferant fournisseur proveedor fornitore leverancier dostawca fornecedor
    sales salesperson salesman rep representative seller agent clerk cashier server waiter operator manager
    created assigned handled entered by associate
    verkäufer kassierer kellner bediener bearbeiter mitarbeiter vertreter betreuer
    vendeur vendeuse caissier caissière serveur conseiller
    cajero cajera vendedor vendedora dependiente camarero empleado
    venditore venditrice cassiere commesso agente addetto
    verkoper kassier medewerker bediende sprzedawca kasjer pracownik handlowiec
    operador funcionário säljare kassör selger myyjä
    zamówienia zamowienia bestelnummer variant version weight tax fulfillment carrier
    listing offer ad advert advertisement branch outlet depot location site check cheque bill deal courier driver
    angebot inserat anzeige filial filialnr niederlassung zweigstelle standort markt lager beleg bon kassenbon
    fahrer
    annonce offre magasin boutique entrepôt succursale agence commande facture article produit livreur
    anuncio oferta sucursal almacén tienda sede pedido factura recibo artículo producto repartidor
    annuncio inserzione offerta magazzino negozio ordine fattura scontrino articolo prodotto
    advertentie aanbieding filiaal magazijn winkel vestiging bestelling factuur kassabon bezorger
    ogłoszenie ogłoszenia oferty oddział oddziału filia filii magazyn magazynu sklep sklepu paragon faktura faktury
""")
#: who was billed, in languages that say so as they say a bill; and what an address of somebody is for
_WAS_BILLED: Final = _words("facturé facturée")
_BILLED: Final = ("invoice", "rechnung", "factur", "fattur", "faktur", "order")
_WHEN: Final = _words("""
    order purchase purchased sale sold buy bought transaction invoice created create placed date time datum
    fecha fecha bestell bestelldatum kauf kaufdatum checkout day timestamp datetime when jour dia visit tag at on
    zamówienia zamowienia zakupu sprzedaży besteldatum
""")
_OTHER_DAY: Final = _words("""
    ship shipped shipping deliver delivery delivered update updated modified birth birthday due expiry expires
    expired cancel cancelled canceled fulfilled fulfilment fulfillment estimated approved limit return returned
    launch launched signup registered joined arrival dispatch dispatched carrier refund refunded until end
    valid export exported imported first last geburt liefer lieferdatum versand wysyłki wysylki dostawy verzonden verzending levering
""")
WORTH: Final = _words("""
    amount total price value revenue sum net gross betrag umsatz preis summe gesamt paid spend spent sales
    totaal waarde brutto wartość wartosc kwota totale importo montant importe prix gmv donation turnover subtotal usd eur gbp money sale worth cost_to_customer
    debit credit soll haben debe haber dare avere
    wert warenwert erlös valor ca ventas venta ingresos ricavo ricavi incasso beløb belopp amt charged ordervärde
    summa sum suma tutar toplam összeg végösszeg сумма итого выручка 金額 合計 売上 总额 金额 금액 částka celkem cena prezzo
    precio preço pris prijs ár fiyat цена łącznie összesen osszesen érték valoare suma preț pret ποσό ποσο σύνολο συνολο αξία αξια τιμή τιμη zahlbetrag bestellwert gesamtwert facturado vendido faturamento
    encaissé recette omzet omsättning omsætning bedrag belop tilausarvo yhteensä summe kwota
""")
#: words for a tax, and for a delivery that is paid for
_TAX: Final = _words("""
    tax taxes taxe taxa taxas vat vats gst hst pst qst tva iva btw moms mva alv dph kdv ptu mwst ust
    steuer steuern impuesto impuestos imposto impostos imposta imposte impôt impôts tasse belasting belastingen
    podatek podatki podatku podatków
""")
_HUMPED: Final = ("mw st", "mwst")  # MwSt is one word
_DELIVERY: Final = _words("""
    ship shipping freight postage delivery versand versandkosten porto fracht livraison port envio envío spedizione
    verzending verzendkosten wysyłka dostawa
""")
NO_WORTH: Final = _TAX + _words("""
    fragt frakt fracht frais envio envío spedizione verzendkosten wysyłka dostawa doprava szállítás szallitas transport
    kargo μεταφορικά μεταφορικα rahti toimituskulut postage
    ship shipping freight discount disc refund refunded qty quantity lat lon latitude longitude zip
    postal id weight rate percent pct score rating balance cost fee fees tip tips year age number no compare promo
    promotion count index margin points versand rabatt menge stock outstanding time day week month
    valoración valutazione beoordeling inventario inventaire
    gewicht poids peso gewicht waga kilo kilos kg gram volume volumen maat largeur longueur breite länge
    note noten bewertung évaluation calificación voto punkte puntos punti punten
    date hour fine fines penalty penalties deposit overdue late surcharge pfand mahngebühr mahngebuehr amende
""")
#: what turns a tax or a delivery beside it into a word for how much is in an amount: Total (inc tax)
_WITH: Final = _words("""
    inc incl including included inclusive inkl inklusive with plus ttc mit brutto gross toutes comprises avec
    con incluido incluida incluidos incluidas incluso inclusa inclusi incluse compresa comprese com med after nach
    inclus incluses inbegrepen
""")
_WITHOUT: Final = _words("""
    ex exc excl excluding excluded exclusive exkl exklusive without before less ohne ht netto net hors sans
    sin senza esclusa escluso sem excluido zonder bez utan uten
""")
_QUALIFIED: Final = _TAX + _words("shipping freight versand")
#: words that say it alone: what a customer paid, and what is less than that
_GROSS: Final = _words("ttc gross brutto bruto brut lordo grand")
_NET: Final = _words(
    "ht net netto neto nett nette imponible imponibile subtotal zwischensumme subtotale subtotaal"
)
_PER_PIECE: Final = _words("""
    price preis prix unit each item precio lineitem prijs cena prezzo stuksprijs
    vk ep einzelpreis verkaufspreis listenpreis stückpreis pu unitaire unitario unitaria preço jednostkowa jedn
    pris styckpris enhetspris stykpris
""")
#: words for what all of a line, or an order, came to
_OF_ALL: Final = _words(
    "total gesamt subtotal totaal totale montant importe importo betrag bedrag summe kwota"
)
_WHAT: Final = _words("event type action activity kind name")
_MONEY_OF: Final = _words("currency curr cur ccy iso money waehrung währung devise moneda valuta")
_FEWEST_APART: Final = 2  # rows of several pieces, where none is of one
_TELL_NOTHING: Final = frozenset((None, 1.0))  # counts by which a product is the price
_FEWEST_SAME: Final = 3  # orders with one amount on all rows
_ROUNDED: Final = 0.0051  # of a price, for each piece
_DAY_NUMBER: Final = _words("day days daynum daynumber tag jour dia week date when time period")


def _says(one: Content, words: Iterable[str]) -> bool:
    """Whether its name has one of some words; long ones also within a longer word."""
    return any_of(one.words, words)


def any_of(names: Sequence[str], words: Iterable[str]) -> bool:
    """The same of the words of a name, with accents or without."""
    own = {*names, *map(squeezed, names)}
    return any(word in own or (len(word) > 4 and any(word in one for one in own)) for word in words)


def _plain(name: str, one: Content) -> Sequence[str]:
    """The words of a name that may speak against a column: of an e-mail address none does."""
    if name == "amount":
        left = _unqualified(one.words)
        is_left = says_after_discounts(one.name)
        return [w for w in left if not squeezed(w).startswith(DISCOUNTS)] if is_left else left
    if name != "customer_id":
        return one.words
    own = {*one.words}
    is_mail = one.kind == "mail" or bool({"mail", "email"} & own)
    of_mail = [w for w in one.words if is_mail and (w == "address" or w.startswith(_BILLED))]
    of_phone = _PHONE if _is_phone(one) else ()
    of_payer = ("bill",) if {"to", "bill"} <= own else ()  # Bill to customer
    passed = (*of_mail, *of_phone, *of_payer, *_WAS_BILLED)
    return [w for w in one.words if w not in passed and not w.startswith("account")]


def _customer(one: Content) -> tuple[object, ...]:
    is_named = _says(one, _WHO)
    return (
        _doubt_of_person(one),
        not (is_named and one.kind != "text") and one.kind != "mail",
        one.kind != "mail" and not is_named,
        "owner" in one.words,  # of an animal, or who has a deal in hand
        not one.repeats,
        one.kind == "whole",
    )


def _doubt_of_person(one: Content) -> int:
    """How little a column is somebody's: ids and addresses of somebody, names, phones, ids of who knows what, other texts."""
    if _is_phone(one):
        return 2
    if one.kind == "text":
        return 1 if _is_called_who(one) else 4
    return 0 if one.kind == "mail" or _says(one, _WHO) else 3


def _is_called_who(one: Content) -> bool:
    """Whether all that a name says is somebody, and there are several: `Buyer`, `Nom du client`; no `Customer note`."""
    said = [word for word in one.words if word not in _BESIDE_WHO]
    is_called = bool(said) and all(word in _WHO or squeezed(word) in _WHO for word in said)
    return is_called and len(one.distinct) >= _FEWEST_WHO


def _is_phone(one: Content) -> bool:
    """Whether a column is called by a phone and holds the numbers of several."""
    own = {*one.words, *map(squeezed, one.words)}
    is_called = bool(own & {*_PHONE, *map(squeezed, _PHONE)})
    return is_called and len(one.distinct) > 1 and all(map(_PHONE_NUMBER.fullmatch, one.distinct))


def _day(one: Content) -> tuple[object, ...]:
    """Digits that no name calls a day come last: they may be anything."""
    is_named = _says(one, _WHEN)
    is_number = all(cell.isdecimal() for cell in one.distinct[:20])
    return (one.kind == "count", is_number and not is_named, not is_named)


def _worth(one: Content) -> tuple[object, ...]:
    """What was paid comes before what is said to be less, whatever stands first."""
    is_of_piece = is_of_one_piece(one)
    is_decimal = one.kind == "decimal"
    return (
        not (
            _says(one, WORTH)
            or says_one_piece(one.name)
            or says_list_price(one.name)
            or says_order(one.name)
        ),
        says_list_price(one.name),
        is_of_piece,
        is_without_tax(one),
        not is_decimal,
        not _is_gross(one),
    )


def _is_gross(one: Content) -> bool:
    return says_gross(one.name)


def says_gross(name: str) -> bool:
    """Whether a name says that everything is in an amount; gross sales are those before discounts."""
    said = words_in(name)
    is_with_tax = _unqualified(said) != said and bool({*_WITH} & {*said})
    return is_with_tax or (any_of(said, _GROSS) and "sales" not in said)


def is_without_tax(one: Content) -> bool:
    """Whether a column is called by an amount that tax or delivery is not in."""
    return says_net(one.name)


def says_net(name: str) -> bool:
    """Whether a name says that tax or delivery is not in an amount."""
    said = words_in(name)
    is_qualified = _unqualified(said) != said and bool({*_WITHOUT} & {*said})
    return is_qualified or any_of(said, _NET)


def tells_tax(name: str) -> bool:
    """Whether a column is called by a tax, and by no amount that has it or lacks it.

    >>> tells_tax("Taxes (EUR)"), tells_tax("Umsatzsteuer"), tells_tax("Total (inc tax)")
    (True, True, False)
    """
    return any_of(_unqualified(words_in(name)), _TAX)


def tells_delivery(name: str) -> bool:
    """Whether a column is called by what delivery cost."""
    return any_of(_unqualified(words_in(name)), _DELIVERY)


def _unqualified(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without those that say what is in an amount: `order total (inc tax)` is an order total.

    >>> _unqualified(("total", "ex", "vat")), _unqualified(("total", "tax")), _unqualified(("tax", "incl"))
    (('total', 'ex'), ('total', 'tax'), ('incl',))
    """
    words = tuple(" ".join(words).replace(*_HUMPED).split())
    around = zip(("", *words), words, (*words[1:], ""), strict=False)
    marks = {*_WITH, *_WITHOUT}
    return tuple(
        w for before, w, after in around if w not in _QUALIFIED or not marks & {before, after}
    )


def paid_first(contents: Sequence[Content]) -> list[Content]:
    """Columns that may each be the amount, what was paid first."""
    return sorted(contents, key=lambda one: (*_worth(one), one.place))


def _thing(one: Content) -> tuple[object, ...]:
    return (one.repeats, one.kind == "text")


_MOMENT: Final = _Sought(("date",), ("count",), _WHEN, _OTHER_DAY, _day)
_PERSON: Final = _Sought(
    ("mail",), ("whole", "code", "count", "text"), (*_WHO, *_PHONE), _NO_PERSON, _customer
)
_SOUGHT: Final[Mapping[str, _Sought]] = {
    "customer_id": _PERSON,
    "ordered_at": _MOMENT,
    "occurred_at": _MOMENT,
    "amount": _Sought(("decimal",), ("whole",), WORTH, NO_WORTH, _worth),
    "event": _Sought((), ("text", "code"), _WHAT, (), lambda one: (len(one.distinct),)),
    CURRENCY: _Sought((), ("text",), _MONEY_OF, (), lambda one: (len(one.distinct),)),
    "product_id": _Sought((), ("code", "whole", "text"), _words("sku code article id"), (), _thing),
}
_FEW: Final = 2  # rows of which one address tells nothing
_IDS: Final = ("id", "uuid", "guid", "key")


def candidates(name: str, contents: Sequence[Content]) -> list[Content]:
    """The columns that may be meant by a canonical name, best first."""
    sought = _SOUGHT.get(name)
    if sought is None:
        return []
    fits = [one for one in contents if _fits(name, one, sought)]
    if name == "customer_id":
        fits = _without_receivers(fits)
    return sorted(fits, key=lambda one: (*sought.least(one), one.blanks, one.place))


def _without_receivers(fits: Sequence[Content]) -> list[Content]:
    """The columns without those of whom most rows are paid to: one address in most rows, beside addresses of many."""
    mail = [one for one in fits if one.kind == "mail"]
    to_one = [one for one in mail if _is_mostly_one(one)]
    return [one for one in fits if one not in to_one] if len(to_one) < len(mail) else [*fits]


def _is_mostly_one(one: Content) -> bool:
    counts = Counter(cell.strip().lower() for cell in one.filled)
    return len(one.filled) > _FEW and 2 * max(counts.values()) > len(one.filled)


def tells_somebody(one: Content) -> bool:
    """Whether a column's name is one of somebody."""
    return _says(one, _WHO)


def are_products(one: Content, contents: Sequence[Content]) -> bool:
    """Whether a column is in every row a count times a price, which are other columns: then it is that of the line."""
    others = [other for other in contents if other is not one]
    counts = [c for c in others if c.kind == "whole" and {*c.numbers} - _TELL_NOTHING]
    prices = [p for p in others if p.kind in ("whole", "decimal")]
    return any(_multiply(c, p, one) for c in counts for p in prices if p is not c)


def is_price_of(price: Content, count: Content, worth: Content) -> bool:
    """Whether a count times a price is in every row a column, but for the signs."""
    if price is count or price is worth or price.kind not in ("whole", "decimal"):
        return False
    rows = zip(count.numbers, price.numbers, worth.numbers, strict=True)
    whole = [(n, p, w) for n, p, w in rows if n is not None and p is not None and w is not None]
    near = (abs(abs(n * p) - abs(w)) <= _ROUNDED * max(1, abs(n)) for n, p, w in whole)
    return bool(whole) and all(near)


def _multiply(count: Content, price: Content, worth: Content) -> bool:
    rows = zip(count.numbers, price.numbers, worth.numbers, strict=True)
    whole = [(n, p, w) for n, p, w in rows if n is not None and p is not None and w is not None]
    apart = sum(n != 1 and p != 0 for n, p, _ in whole)
    fewest = 1 if any(n == 1 for n, *_ in whole) else _FEWEST_APART
    return apart >= fewest and all(abs(n * p - w) <= _ROUNDED * max(1, abs(n)) for n, p, w in whole)


def _fits(name: str, one: Content, sought: _Sought) -> bool:
    is_no_amount = name == "amount" and (tells_refunds(one.name) or tells_discount(one.name))
    if is_no_amount or any_of(_plain(name, one), sought.of_others):
        return False
    if name == "customer_id" and _is_nobody(one):
        return False
    is_named = _says(one, sought.of_it) or (name == "amount" and says_order(one.name))
    if one.kind in sought.kinds or (one.kind in sought.by_name and is_named):
        return True
    return name == "customer_id" and _is_id_of_somebody(one)


def _is_nobody(one: Content) -> bool:
    """Whether a column counts who came, holds accounts of a ledger, or one and the same in many rows."""
    own = {*one.words, *map(squeezed, one.words)}
    is_ledger = bool(own & _ACCOUNT) and all(map(_LEDGER.fullmatch, one.distinct))
    is_same = len(one.distinct) == 1 and len(one.filled) >= _NOBODY
    return bool(own & _COUNTED) or is_ledger or is_same


def _is_id_of_somebody(one: Content) -> bool:
    """Whether a column that no name tells holds ids that come again, and not the same few."""
    is_id = one.kind == "code" or (one.kind in ("whole", "count") and _says(one, _IDS))
    return is_id and one.repeats and len(one.distinct) * 20 > len(one.filled)


def is_of_pieces(one: Content) -> bool:
    """Whether a column may hold how many pieces."""
    return one.kind == "whole" and names_pieces(one.name)


def pieces_among(contents: Iterable[Content]) -> Content | None:
    """The column that may hold how many pieces: the first that is called a quantity, else the first."""
    found = filter(is_of_pieces, contents)
    return min(found, key=lambda one: not says_quantity(one.name), default=None)


def is_of_one_piece(one: Content) -> bool:
    """Whether a column may hold what one piece costs."""
    return _says(one, _PER_PIECE) and not _says(one, _OF_ALL)


def may_count_days(one: Content) -> bool:
    """Whether a column may hold numbers of days (or weeks) that count from a day it does not name."""
    return one.kind in ("whole", "decimal") and _says(one, _DAY_NUMBER)


def order_told_by(worth: Content, contents: Sequence[Content]) -> Content | None:
    """The column that tells orders of which an amount stands on the first row only; None without such."""
    if not worth.blanks:
        return None
    rows = [cell is not None for cell in worth.cells]
    found = (one for one in contents if one is not worth and _first_rows(one) == rows)
    return min(found, key=_worst_order, default=None)


def repeats_on_lines(worth: Content, order: Content) -> bool:
    """Whether an amount is the same on all rows of each order, in orders enough to be no chance.

    One is enough where the amount is called by its order.
    """
    orders: dict[str, list[str | None]] = {}
    for number, cell in zip(order.cells, worth.cells, strict=True):
        if number is not None:
            orders.setdefault(number, []).append(cell)
    several = [cells for cells in orders.values() if len(cells) > 1]
    are_same = all(len({*cells}) == 1 and cells[0] is not None for cells in several)
    if says_order(worth.name):
        return are_same and bool(several)
    return are_same and len(several) >= _FEWEST_SAME and len({cells[0] for cells in several}) > 1


def _worst_order(one: Content) -> tuple[object, ...]:
    return (one.kind in ("mail", "date", "count"), -len(one.distinct))


def _first_rows(one: Content) -> list[bool]:
    """Where its texts stand for the first time; nothing where none comes again."""
    seen: set[str | None] = set()
    first = []
    for cell in one.cells:
        first.append(cell not in seen and cell is not None)
        seen.add(cell)
    return first if one.repeats else []
