"""Names under which retailers keep the canonical columns: read by people, matched by `mapping`."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Mapping

from segmentation.sources.columns.names_of_two_words import (
    NUMBERS_OF_ORDERS,
    NUMBERS_OF_ORDERS_FIRST,
    WORTHS_OF_ORDERS,
)

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "transactions": ("customer_id", "ordered_at"),  # and amount, or quantity and unit_price
    "customers": ("customer_id",),
    "products": ("product_id",),
    "events": ("customer_id", "occurred_at", "event"),
}

NUMBERS = ("amount", "quantity", "unit_price", "discount", "cost")
"""Canonical columns that are held as integers on a scale of 1/10,000."""

MONEY = ("amount", "unit_price", "discount", "cost")
"""Those of them that are money: a source's `rates` convert them."""

CURRENCY = "currency"
"""The canonical column that tells the currency of a row."""

_CURRENCY = """
    currencycode ordercurrency transactioncurrency presentmentcurrency shopcurrency
    paymentcurrency currencyiso isocurrency waehrung währung devise moneda valuta
    waers waerk währg waehrg
"""
_NUMBER_OF_CUSTOMER = """
    customerid customernumber customerno customernr customernum customerkey customercode
    clientid clientnumber clientno clientnr clientnum clientcode custid custno custnr custnumber
"""
#: names that may tell who by a number, or by a name
_WHO_IT_IS = "customer client"
_CUSTOMER = f"""
    {_WHO_IT_IS} {_NUMBER_OF_CUSTOMER} household householdid householdkey userid buyerid shopperid memberid
    loyaltyid consumerid contactid
"""
_PRODUCT = """
    product stockcode sku skuid itemid item itemnumber upc ean gtin articleid article
    articlenumber productcode productkey productnumber
"""
_DEPARTMENT = "dept departmentname deptname category categoryname productcategory"
_COST = "unitcost costprice cogs"

_NAMES: Mapping[str, Mapping[str, str]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "ordered_at": """
            orderedon date datetime timestamp invoicedate orderdate ordertime ordertimestamp
            orderdatetime transactiondate transactiontime transactiontimestamp
            transactiondatetime purchasedate purchasetime purchasetimestamp purchasedat
            purchasedon saledate soldat soldon tdat
        """,
        "amount": """
            total lineamount linetotal totalamount totalprice salesvalue salesamount sales
            netamount netsales revenue dollarvalue spend amountpaid paid
        """,
        "order_id": """
            order orderno ordernumber orderkey invoice invoiceid invoiceno invoicenumber basket
            basketid receipt receiptid receiptno
        """,
        "department": _DEPARTMENT,
        "product_id": _PRODUCT,
        "quantity": "qty units unitssold itemcount",
        "unit_price": "price itemprice sellingprice priceperunit",
        "discount": "discountamount linediscount",
        "cost": _COST,
        CURRENCY: _CURRENCY,
    },
    "customers": {"customer_id": _CUSTOMER + " id"},
    "products": {
        "product_id": _PRODUCT + " id",
        "department": _DEPARTMENT,
        "collection": "collectionname productcollection",
        "launched_at": "launchedon launchdate launched releasedate releasedat releasedon",
        "cost": _COST,
        CURRENCY: _CURRENCY,
    },
    "events": {
        "customer_id": _CUSTOMER,
        "occurred_at": """
            occurredon date datetime timestamp time eventtime eventdate eventtimestamp
            eventdatetime eventat happenedat redemptiondate viewedat
        """,
        "event": "eventtype eventname action activity eventkind",
        "product_id": _PRODUCT,
        "collection": "collectionname productcollection",
        "campaign": "campaignid campaignname",
    },
}

#: what numbers of customers are called in the languages that shops write, and in books
_NUMBER_ELSEWHERE = """
    acctno acctnumber acctid billtocustomerno soldtocustomerno selltocustomerno
    kdnr kdnummer kdid kundennr kundennummer kundenid kundenno debitornr debitorennr debitorennummer
    klantnr klantnummer klantid klantcode debiteurnr debiteurnummer
    nclient noclient numclient numeroclient numerodeclient idclient codeclient refclient referenceclient
    idcliente clienteid ncliente nocliente numcliente numerocliente numerodecliente codcliente
    codicecliente codigocliente codigodecliente nrcliente codcli numcli codclient nclt codeclt
    customern clientn idcustomer nrclient kundennum debitorno debitorid
    idklienta nrklienta numerklienta kodklienta kundnr kundnummer kundid kundenr kundenummer
"""
#: and customers themselves: by a number, or by a name
_WHO_ELSEWHERE = """
    acct billto billtocustomer soldto soldtoparty soldtocustomer kunde debitor klant debiteur cliente klient kund
"""
#: days of orders, and money, in the same languages
_DAY_ELSEWHERE = """
    datum bestelldatum bestelltam kaufdatum verkaufsdatum belegdatum rechnungsdatum auftragsdatum
    buchungsdatum besteldatum aankoopdatum verkoopdatum factuurdatum
    datecommande datedecommande datedelacommande dateachat datedachat datevente datedevente datefacture
    datedefacture
    fecha fechapedido fechadepedido fechadelpedido fechacompra fechadecompra fechaventa fechadeventa
    fechafactura fechadefactura
    data dataordine datadellordine dataacquisto datadiacquisto datavendita datafattura
    datazamowienia datazakupu datasprzedazy
"""
_MONEY_ELSEWHERE = """
    summe gesamtsumme gesamtbetrag gesamtpreis betrag umsatz rechnungsbetrag bestellwert bestellsumme
    bedrag totaal totaalbedrag orderbedrag factuurbedrag omzet
    montant montanttotal totalcommande montantcommande chiffredaffaires
    importe importetotal totalpedido importo importototale totale totaleordine belopp
    kwota suma kwotazamowienia wartosczamowienia sumazamowienia
"""
#: how many pieces a row is of, without accents; what may as well be another count is left out
PIECES = """
    menge anzahl stk stueck stuck stuckzahl bestellmenge pieces piece pcs qnty quant
    quantite qte nbarticles cantidad cant unidades uds quantita qta pezzi pz aantal stuks quantidade qtde
    ilosc sztuk szt antal kpl
"""
#: what lists and tables of SAP call them, in German and by its own keys
_WHO_OF_SAP = " auftraggeber auftraggebernr auftrgeb kunnr kunag "
_DAY_OF_SAP = " audat fkdat bldat budat "
_MONEY_OF_SAP = " nettowert nettobetrag netwr "
_ORDER_OF_SAP = " vbeln verkaufsbeleg verkaufsbelegnummer "
#: names that may as well be something else: they are taken where there is no other
_WEAK: Mapping[str, Mapping[str, str]] = {
    "transactions": {
        "customer_id": "email customeremail cust cusid user"
        + _NUMBER_ELSEWHERE
        + _WHO_ELSEWHERE
        + _WHO_OF_SAP,
        "ordered_at": "createdat eventtime orderpurchasetimestamp buydate"
        + _DAY_ELSEWHERE
        + _DAY_OF_SAP,
        "amount": "ordertotal grandtotal" + _MONEY_ELSEWHERE + _MONEY_OF_SAP,
        "quantity": PIECES,
        "order_id": """
            orderref orderreference orderidentifier purchaseid purchaseno purchasenumber saleid saleno
            salenumber salesid salesno salesnumber salesrecordnumber receiptnr receiptnumber receiptcode
            billno billnumber checkno checknumber transactionnumber transno transid
            bestellnummer bestellnr bestellid auftragsnummer auftragsnr auftragid belegnummer belegnr bonnummer
            bonnr rechnungsnummer rechnungsnr vorgangsnummer commande ncommande nocommande numerocommande
            numérocommande numerodecommande numérodecommande referencecommande référencecommande numeropedido
            númeropedido numerodepedido númerodepedido npedido pedido ordernummer bestelnummer numeroordine
            ordrenummer ordernr bestelnr bestelling bestellung bestelid idcommande codecommande
            idpedido codigopedido ordine numerodordine nordine idordine codiceordine
            zamowienie nrzamowienia numerzamowienia idzamowienia nrparagonu numerparagonu nrfaktury numerfaktury
        """
        + _ORDER_OF_SAP,
    },
    "customers": {
        "customer_id": "email customeremail emailaddress cust cusid user"
        + _NUMBER_ELSEWHERE
        + _WHO_ELSEWHERE
    },
    "products": {},
    "events": {
        "customer_id": "email customeremail cust cusid user" + _NUMBER_ELSEWHERE + _WHO_ELSEWHERE,
        "occurred_at": "createdat datum fecha",
    },
}

#: what libraries call who borrows
_READER = """
    leser leserid lesernr lesernummer leserausweis ausweisnr ausweisnummer patron patronid patronno patronnumber
    patronbarcode borrower borrowerid borrowerno borrowernumber borrowerbarcode lecteur idlecteur numerolecteur
    nlecteur nolecteur usager idusager lettore idlettore tesseralettore lector idlector carnedelector lezer lezernr
    lezernummer lenerid lenernummer czytelnik idczytelnika numerczytelnika
"""
#: what else numbers an order: what is printed at a till, a payment, and a ticket, of which an order may have several
_SLIP = "beleg bon kassenbon kassabon scontrino paragon"
_TRANSACTION = "transaction transactionid transactionno"
_TICKET = "ticketid ticketno ticketnumber"
#: names of one word for money and orders, which other columns have as well: taken where there is none of the above
_LAST: Mapping[str, Mapping[str, str]] = {
    "transactions": {
        "amount": """
            wert warenwert gesamtwert erlos zahlbetrag valor valortotal ventas ingresos ricavo ricavi
            beløb belopp totalbeløb ordervarde summa totalsumma osszeg vegosszeg tutar toplam toplamtutar castka celkem
            prixtotal preciototal prezzototale precototal valorpago
            amt orderamt totalamt charged amountcharged grossamount ordervalue
            сумма итого 金額 合計 合計金額 总额 金额
        """,
        "customer_id": _READER,
        "order_id": f"{_TRANSACTION} {_TICKET} {_SLIP} rendeles rendelesszam objednavka siparis siparisno ordre tilaus заказ номерзаказа 注文番号 订单号",
    },
    "customers": {"customer_id": _READER},
    "products": {},
    "events": {"customer_id": _READER},
}

#: of several names of orders those of the first kind are taken; before all of these what is called an order
_ORDERS_NEXT = (_SLIP, _TRANSACTION, _TICKET)

#: weak names that are others' where a name says whose the row is: a user is then who typed it in
_WHO: tuple[str, ...] = (
    "customer",
    "client",
    "kunde",
    "cliente",
    "klant",
    "klient",
    "debitor",
    "debiteur",
    "buyer",
    "member",
    "guest",
    "shopper",
)
#: orders in other languages -> what their numbers are called: beside one, the other may be anything of the order
_NUMBERS_OF_ORDERS: Mapping[str, str] = {
    "bestellung": "bestellnummer bestellnr bestellid",
    "bestelling": "bestelnummer bestelnr bestelid ordernummer ordernr",
    "commande": "ncommande nocommande numerocommande numerodecommande idcommande codecommande",
    "pedido": "npedido numeropedido numerodepedido idpedido codigopedido",
    "ordine": "nordine numeroordine numerodordine idordine codiceordine",
    "zamowienie": "nrzamowienia numerzamowienia idzamowienia",
}
#: names that number anything
_NUMBERS_ANYTHING = (
    "codice codigo konto kontonummer kontonr cuenta account carte tiers card cardno cardnumber piva"
)
#: what else may number a customer, or be a number of something else: asked only beside a column that holds names
_MAY_NUMBER_WHO = f"""
    {_NUMBERS_ANYTHING}
    memberid loyaltyid contactid consumerid shopperid buyerid
    accountnumber accountno accountnr accountid accountcode memberno membernumber membernr membercode loyaltycard
    loyaltycardno loyaltycardnumber loyaltynumber loyaltyno crmid crmno customerref customerreference
    clientref cust custref userno usernumber contactno codetiers ncompte ndecompte nodecompte nocompte numerocompte numerodecompte
    comptetiers compteclient adherent nadherent ncarte relatienummer relatienr relatiecode debiteurennummer
    debiteurennr kundenkonto debitorenkonto mitgliedsnummer mitgliedsnr mitglied kartennummer
    nif cif dni codicefiscale partitaiva codcli ncuenta socio nsocio tessera ntessera numerotessera nip pesel
    kodkontrahenta nrkontrahenta kontrahent kundenummer medlemsnummer
"""
#: addresses of customers
_MAIL_OF_WHO = """
    email customeremail emailaddress customeremailaddress clientemail emailclient buyeremail contactemail mail
    kundenemail kundenmail emailkunde emailcliente correo correoelectronico emaildelcliente emailklant klantemail emailklienta
    adressemail adresseemail courriel
"""
MAY_NUMBER_WHO = frozenset(_MAY_NUMBER_WHO.split())
"""Names of columns that may hold customers' numbers."""

NUMBERS_OF_ANYTHING = frozenset(_NUMBERS_ANYTHING.split())
"""Those of them that number other things as well."""

MAIL_OF_WHO = frozenset(_MAIL_OF_WHO.split())
"""Names of columns of customers' addresses."""

NUMBERS_OF_WHO = frozenset(f"{_NUMBER_OF_CUSTOMER} {_NUMBER_ELSEWHERE}".split())
"""Names of columns of customers' numbers."""

CALLED_WHO = frozenset(f"{_WHO_IT_IS} {_WHO_ELSEWHERE}".split())
"""Names of columns that hold a customer's number, or name."""

BESIDE: Mapping[str, tuple[str, ...]] = {
    "user": _WHO,
    **dict.fromkeys(_WHO_ELSEWHERE.split(), ("email",)),
    **dict.fromkeys(_TICKET.split(), ("attendee", "tickettype", "ticketname", "ticketclass")),
}
"""Weak names -> what in another name makes them something else."""

NUMBERED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("user", "email", *_WHO_ELSEWHERE.split()), NUMBERS_OF_WHO),
    **{name: frozenset(numbers.split()) for name, numbers in _NUMBERS_OF_ORDERS.items()},
}
"""Weak names -> the names of their numbers, beside one of which they are something else."""

WEAK: Mapping[str, Mapping[str, frozenset[str]]] = {
    table: {column: frozenset(names.split()) for column, names in columns.items()}
    for table, columns in _WEAK.items()
}

FIRST: Mapping[str, tuple[Container[str], ...]] = {
    "order_id": (NUMBERS_OF_ORDERS_FIRST, *(frozenset(names.split()) for names in _ORDERS_NEXT))
}
"""Columns -> names in groups: of several that are called so by names alike, the first group is meant."""

LAST: Mapping[str, Mapping[str, frozenset[str]]] = {
    table: {column: frozenset(names.split()) for column, names in columns.items()}
    for table, columns in _LAST.items()
}

PUT_TOGETHER: Mapping[str, Mapping[str, Container[str]]] = {
    "transactions": {
        "order_id": NUMBERS_OF_ORDERS,
        "amount": WORTHS_OF_ORDERS,
    }
}
"""Names of two words: taken where no other is."""

PRICES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "transactions": {"amount": frozenset(("price", "unitprice", "itemprice"))}
}
"""Names for what is paid where nothing but a price tells it."""

ALIASES: Mapping[str, Mapping[str, frozenset[str]]] = {
    table: {column: frozenset(names.split()) for column, names in columns.items()}
    for table, columns in _NAMES.items()
}


def canonical_names(table: str) -> tuple[str, ...]:
    """The canonical columns of a table, required ones first as they stand in the design."""
    return tuple(ALIASES[table])


def squeezed(name: str) -> str:
    """A column's name as aliases are compared: lower case, letters without accents and digits only.

    >>> squeezed("Customer ID"), squeezed("household-id"), squeezed("État")
    ('customerid', 'householdid', 'etat')
    """
    # an accent stands behind its letter
    parted = name if name.isascii() else unicodedata.normalize("NFKD", name)
    return "".join(filter(str.isalnum, parted.lower()))
