"""What is said of a payment: words for one, for waiting, for owing, and for that it came; as `squeezed` has them."""

from __future__ import annotations

from typing import Final

from segmentation.sources.columns.state_words import words


def _phrases(text: str) -> tuple[str, ...]:
    """Each with a blank before it; an underscore joins two words."""
    return tuple(f" {one.replace('_', ' ')}" for one in text.split())


#: beginnings of words for what is waited for, and of those that wait for it
WAITING: Final = tuple(
    words("""
    wait await pending outstanding expect due overdue
    warte ausstehend erwarte offen fällig überfällig
    attente attend espera aguarda pendient pendente attesa sospeso
    wacht afwachting openstaand oczek czeka vänta inväntar avvent venter afvent odot čeká čekaj ожида
    """)
)
#: of these the ones that say of an invoice that it is not paid; one that is waited for is not written yet
OWED: Final = tuple(
    words("""
    open unpaid outstanding due overdue owed owing offen ausstehend fällig überfällig
    attente ouverte souffrance impay échue pendient pendente abierta impag vencid aperta aperto sospeso scadut
    openstaand achterstallig vervallen otwart zaległ nieopłac förfall forfal
    """)
)
#: beginnings of words for a payment, and for the ways of one
PAYMENT: Final = tuple(
    words("""
    payment payement prepayment funds money
    zahlung bezahlung vorauszahlung ratenzahlung scheckzahlung geldeingang geld
    paiement règlement encaissement fonds pago cobro fondos pagament incasso fondi
    betaling vooruitbetaling płatnoś płatnosc wpłat przedpłat
    inbetaln betaln innbetaling indbetaling maksu платеж оплат platb
    """)
)
PAYING: Final = (
    *PAYMENT,
    *words("""
    cheque wire transfer deposit anzahlung überweis banküberweis vorkasse scheck
    virement chèque acompte transferencia ingreso abono bonific assegn acconto
    lastschrift overboeking overschrijving aanbetaling przelew transferência förskott forskud tilisiir
    """),
)
#: beginnings of words for what asks for one
INVOICE: Final = tuple(
    words("""
    invoice balance amount rechnung betrag restbetrag restzahlung
    facture solde montant factura saldo importe fattura importo factuur bedrag restbedrag faktura fatura
    """)
)
#: beginnings of words that say of a payment that it has to be made, or is missed
NEEDED: Final = tuple(
    words("""
    overdue überfällig requir need missing request lacking erforder nötig benötig fehl angeforder
    requis nécessaire manqu demandé requerid necesari falta solicitad richiest necessari mancant dovut
    zaległ vereist nodig ontbreek gevraagd wymagan potrzebn krävs saknas
    """)
)
#: how a text ends that says that somebody still has to pay
TO_PAY: Final = _phrases("""
    to_pay to_be_paid to_be_settled zu_zahlen zu_bezahlen zu_begleichen
    a_payer a_regler a_encaisser a_solder doit_payer da_pagare da_saldare da_incassare da_riscuotere da_versare
    a_pagar por_pagar por_cobrar a_cobrar por_abonar pendiente_pagar sin_pagar sin_cobrar
    te_betalen te_voldoen te_innen do_zapłaty do_opłacenia att_betala a_betale
""")
#: words that say that a payment came
CAME: Final = words("""
    ok received recd arrived made done erhalten eingegangen eingetroffen erfolgt geleistet
    reçu reçue reçus effectué effectuée recibido recibida recibidos realizado ricevuto ricevuta ricevuti effettuato
    ontvangen wpłynęła wpłynęło otrzymano otrzymana otrzymane recebido mottatt mottagen
""")
#: words that it was made by, and beginnings of such
PAID: Final = words("payé payée payés payées réglé réglée")
PAID_STEMS: Final = tuple(
    words("paid prepaid bezahlt gezahlt pagad pagat betaald opłacon zapłacon betald betalt")
)
#: words behind which stands what is done already: to be sent after payment
AFTER: Final = words("after following once nach après tras tra después dopo po efter etter")
#: and Dutch has one that is for what is waited for in Polish
AFTER_IN_DUTCH: Final = "na"
IN_DUTCH: Final = tuple(words("betaling ontvangst vooruitbetaling overboeking"))
#: words that may stand between a denial and what it denies
YET: Final = words("yet noch encore todavía aún ancora nog jeszcze a the any une un una eine")
