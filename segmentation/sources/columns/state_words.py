"""What words in columns of states and kinds mean: one line for each language, compared as `squeezed` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from segmentation.sources.columns.aliases import squeezed

Meaning = Literal[
    "no sale",
    "step",
    "visit",
    "unpaid",
    "refunded",
    "refund",
    "beside a sale",
    "payment",
    "balance",
    "sale",
    "maybe",
]
"""A `step` of a log is no sale, a `visit` is none in a log that has other steps, or sales. `unpaid` is no sale yet, but where a column tells of deliveries; an order that is `refunded` has its
own row, a `refund` is a row beside that of the order; what stands `beside a sale` is none in a column
that has sales as well, nor is a `payment`, which is no spend below zero either, as a `balance` never is;
of `maybe` nobody can say."""


def words(text: str) -> frozenset[str]:
    """The words of a text as they are compared; an underscore joins two."""
    return frozenset(map(squeezed, text.split()))


#: every word that is known, by what it says of its row
_WORDS: Final[Mapping[Meaning, str]] = {
    "no sale": """
        cancelled canceled cancel cancelled_by_seller cancelled_by_buyer cancelled_by_customer
        cancellation voided void void_sale failed failure declined denied refused expired abandoned
        checkout_abandoned checkout_draft draft test test_order test_mode sandbox deleted trash trashed rejected
        unfulfillable chargeback charged_back charge_back disputed dispute fraud fraudulent blocked
        payment_error error payment_failed reversed reversal invalid lost no_show duplicate
        quote quotation offer estimate proforma pledge
        unavailable nicht_verfügbar nicht_lieferbar indisponible no_disponible non_disponibile niet_leverbaar niedostępne
        not_collected not_picked_up uncollected unclaimed nicht_abgeholt non_retiré non_retirée non_réclamé
        non_réclamée no_recogido no_recogida no_retirado no_retirada non_ritirato non_ritirata niet_afgehaald
        niet_opgehaald
        training_mode training_sale training_transaction übungsmodus übungsbuchung schulungsmodus trainingsmodus
        trainingsbuchung mode_formation mode_école modo_entrenamiento modo_formación modalità_addestramento
        oefenmodus tryb_szkoleniowy
        storniert storno stornierung abgebrochen annulliert fehlgeschlagen entwurf abgelehnt
        zahlungsfehler zahlung_fehlgeschlagen gesperrt gescheitert testbestellung angebot
        rücklastschrift rückbuchung verfallen abgelaufen gelöscht ungültig kostenvoranschlag
        annulé annulée annulation échoué échouée échec erreur_de_paiement paiement_refusé
        paiement_échoué refusé refusée expiré expirée abandonné brouillon devis rejeté rejetée
        supprimé supprimée litige impayé_définitif bloqué bloquée
        cancelado cancelada cancelación anulado anulada anulación fallido fallida rechazado rechazada
        error_de_pago error_en_el_pago pago_fallido pago_rechazado caducado expirado borrador
        abandonado presupuesto eliminado bloqueado prueba contracargo
        annullato annullata annullamento fallito fallita rifiutato rifiutata scaduto bozza
        errore_di_pagamento errore_nel_pagamento pagamento_fallito preventivo eliminato bloccato
        geannuleerd geannuleerde annulering mislukt geweigerd afgewezen verlopen concept betaalfout
        betaling_mislukt offerte verwijderd geblokkeerd
        bounced dishonoured dishonored write_off writeoff written_off bad_debt uncollectible waived lapsed
        pledged defaulted nsf insufficient_funds timed_out timeout trialing trialling trial free_trial in_trial
        undelivered undeliverable unzustellbar onbestelbaar
        nok ko rto rto_initiated rto_delivered return_to_origin exchanged
        parked saved_sale suspended_sale no_sale open_drawer paid_in paid_out cash_drop
        closed_lost prospecting negotiation qualification qualified needs_analysis proposal
        value_proposition appointment_scheduled presentation_scheduled contract_sent lead
        angemahnt gemahnt inkasso uneinbringlich ausgebucht testphase probezeit
        avbelegabbruch avtransfer avbestellung belegabbruch kassenöffnung nicht_erfolgreich
        umgetauscht geparkt verloren n.i.o
        irrécouvrable échangé échangée perdu perdue ouverture_tiroir période_d'essai
        incobrable perdido perdida cambiado de_prueba
        insoluto perso persa in_prova scambiato
        oninbaar aangemaand geruild proefperiode
        nieściągalne utracone okres_próbny
        cancelada orçamento rascunho recusado recusada expirada estornado
        makulerad avbruten nekad utkast offert förfallen
        anulowane anulowany anulowano anulowana nieudane nieudana odrzucone odrzucona
        błąd_płatności blad_platnosci wygasło szkic oferta usunięte
        """,
    "step": """
        view views viewed pageview page_view product_view view_item cart carts add_to_cart added_to_cart
        remove_from_cart basket wishlist click clicks impression search browse login logout signup
        checkout_started begin_checkout
        """,
    "visit": """
        visit visits session sessions besuch visite visita bezoek wizyta
        """,
    "unpaid": """
        pending open incomplete unpaid not_paid awaiting_payment pending_payment
        payment_pending waiting_for_payment payment_due due overdue past_due outstanding created
        awaiting_confirmation pending_review requires_payment_method requires_action
        requires_confirmation requires_capture uncaptured authorization_pending pending_approval
        unbezahlt offen ausstehend wartend zahlung_ausstehend warten_auf_zahlung in_wartestellung
        überfällig zahlung_offen vorkasse_offen nicht_bezahlt unvollständig
        impayé impayée non_payé en_attente en_attente_de_paiement attente_paiement
        en_attente_de_règlement paiement_en_attente à_payer en_souffrance
        pendiente pendiente_de_pago pago_pendiente en_espera impagado impagada no_pagado
        a_la_espera_de_pago esperando_pago
        in_attesa in_attesa_di_pagamento non_pagato non_pagata in_sospeso da_pagare
        openstaand onbetaald niet_betaald in_afwachting wacht_op_betaling in_de_wacht
        oczekujące oczekuje oczekuje_na_płatność nieopłacone nieopłacony wstrzymane niezapłacone
        layby layaway in_mahnung in_verzug mahnung aguardando_pagamento pendente em_aberto
        obetald väntar väntande
        payment_on_hold payment_hold credit_hold on_credit_hold
        owed owing arrears in_arrears offene_posten zahlung_steht_aus reste_dû adeudado adeudada vencido vencida insoluta
        nog_openstaand po_terminie payable zahlbar paiement_dû solde_dû montant_dû facture_due płatność_po_terminie
        """,
    "refunded": """
        refunded returned fully_refunded fully_returned
        erstattet rückerstattet zurückerstattet retourniert zurückgeschickt
        remboursé remboursée retourné retournée
        reembolsado reembolsada devuelto devuelta
        rimborsato rimborsata reso_effettuato
        terugbetaald geretourneerd
        zwrócone zwrócony zrefundowane zwrot_towaru zwrot_środków zwrot_pieniędzy zwrot_płatności
        """,
    "refund": """
        refund refunds return returns credit_note credit_memo creditnote sales_return sale_return
        customer_refund customer_return return_sale refund_sale
        gutschrift gutschriften retoure retouren rückgabe rücksendung erstattung rückerstattung
        retour_client devolución_cliente reso_cliente retour_klant
        avoir avoirs remboursement retour note_de_crédit
        abono abonos reembolso devolución devoluciones nota_de_crédito
        reso resi rimborso nota_di_credito storno_vendita
        retour_zending retourzending terugbetaling creditnota creditfactuur
        zwrot zwroty korekta faktura_korygująca
        estorno devoluções nota_crédito kreditfaktura kreditnota återbetalning
        """,
    "beside a sale": """
        fee adjustment gift_card giftcard voucher exchange top_up
        gutschein umtausch gebühr
        carte_cadeau échange frais
        tarjeta_regalo cambio comisión
        buono_regalo cambio_merce
        cadeaubon omruiling
        karta_podarunkowa wymiana
        training avtraining schulung formation entrenamiento addestramento
        oefening szkolenie formação utbildning
        """,
    "payment": """
        payment payments payout transfer deposit withdrawal receipt receipts cash_receipt customer_payment
        payment_received receive_payment
        zahlung auszahlung einzahlung zahlungseingang zahlungsausgang überweisung
        paiement règlement virement encaissement
        pago cobro transferencia ingreso
        pagamento incasso bonifico
        betaling ontvangst overboeking
        płatność wpłata wypłata przelew
        recebimento transferência
        inbetalning betalning utbetalning
        """,
    "balance": """
        opening_balance closing_balance balance_forward brought_forward carried_forward
        balance_brought_forward balance_carried_forward balance_b/f balance_c/f b/f c/f
        anfangsbestand endbestand anfangssaldo endsaldo saldovortrag eröffnungssaldo schlusssaldo
        solde_initial solde_final solde_d'ouverture report_à_nouveau
        saldo_inicial saldo_final saldo_anterior
        saldo_iniziale saldo_finale
        beginsaldo eindsaldo openingssaldo
        saldo_początkowe saldo_końcowe bilans_otwarcia
        ingående_balans utgående_balans ingående_saldo utgående_saldo
        """,
    "sale": """
        sale sales sold purchase purchased order ordered invoice invoiced sales_receipt donation
        verkauf verkäufe bestellung rechnung kauf spende
        vente ventes achat commande facture don
        venta ventas compra pedido factura
        vendita vendite acquisto ordine fattura
        verkoop aankoop bestelling factuur
        sprzedaż zakup zamówienie faktura
        sales_invoice tax_invoice vendas encomenda fatura försäljning köp
        """,
    "maybe": """
        paid complete completed shipped delivered processing onhold on_hold closed authorized authorised captured
        succeeded success successful approved fulfilled partially_fulfilled partially_refunded
        partially_paid partially_returned active settled posted live true false yes no charge
        bezahlt versendet geliefert abgeschlossen bestellt verkauft teilweise_erstattet
        payé payée livré livrée expédié expédiée paiement_accepté terminé terminée en_cours
        pagado pagada enviado enviada entregado entregada completado
        pagato pagata spedito spedita consegnato consegnata completato
        betaald verzonden geleverd afgerond voltooid
        opłacone zapłacone wysłane dostarczone zrealizowane
        """,
}
MEANING: Final[Mapping[str, Meaning]] = {
    word: meaning for meaning, text in _WORDS.items() for word in words(text)
}
#: what is an offer, which a customer may have taken
OFFERS: Final = tuple(
    words("""
    quote quotation angebot offerte devis presupuest preventiv orçament proforma kostenvoranschlag
    """)
)
#: what a word of several begins with that says so, whatever stands beside it
STEMS: Final[Mapping[Meaning, tuple[str, ...]]] = {
    "no sale": tuple(
        words("""
    rückbuch rückgebuch rücklastschr contracargo contestat contesté betwist sporn
    cancel void fail declin abandon chargeback disput fraud storn annul geannul anul avbrut
    abgebroch fehlgeschlag abgelehnt echou erreur error fehler fout rechaz rifiut mislukt odrzuc
    avvis makuler peruut recusad nekad
    bounce dishono lapse pledg waived uncollect reject missing
    zurückgewies zurückweis respint odmówi
    refus verweiger geweiger abbandon undeliver unzustellbar onbestelbaar avbestäl avbestil
    kansell perut widerruf zruše отмен скасов ακυρ iptal törölt lemond
    """)
    )
    + OFFERS,
    "unpaid": tuple(
        words("""
    unpaid unbezahlt impay impag nieopłac niezapłac onbetaald obetald ubetalt angemahn gemahn aangemaan
    mahnung mahnstufe zahlungserinner betalingspåminn betalningspåminn nezaplac maksamat
    """)
    ),
    "refund": tuple(
        words("creditnot kreditnot kreditfaktur gutschrift korygu rektyf rectificativ devoluc")
    ),
    "refunded": tuple(
        words("""
    refunded zurückgesend zurückgeschick retourn geretourn rembours reembols rimbors terugbetaal
    zurückerstatt rückerstatt erstatt zwróc återbetal rückgesend refunder tilbagebetal tilbakebetal vrácen
    hyvitet palaut возвра returned devolvid restituit renvoy devuelt teruggest teruggezon zurückgezahl zurückbezahl
    returnerad returnert returneret krediterad kreditert krediteret återköp tilbagesend rückläuf
    """)
    ),
}
#: what a word begins with by which a column tells states whatever it is called
SURE: Final = tuple(
    words("""
    cancel storn annul geannul anul avbrut refund rembours reembols rimbors terugbeta erstatt zurückerstatt
    devuelt renvoy teruggest zurückgezahl zurückbezahl returnerad avbestäl undeliver unzustellbar
    declin chargeback abgelehnt zurückgesend nieopłac niezapłac unpaid unbezahlt impay failed fehlgeschlag
    voided echou rechaz rifiut mislukt odrzuc gutschrift avvis makuler peruut
""")
)
#: and what may beside it: of some
PARTLY: Final = tuple(words("partial partiel teil parcial parzial gedeelt czesc delvis"))
#: and what says that one was taken
TAKEN: Final = tuple(
    words(
        "accept approv won convert ordered angenommen akzept acept accett geaccept zaakcept aceit"
    )
)
#: words that deny what follows, and those that deny what stands before them as well: Storno nicht möglich
NOT: Final = words("""
    not no non nicht kein keine keinen never without sans ohne niet geen nie nao inte ikke ingen sin senza zonder
    bez brak pas utan uten ej cannot isn wasn hasn haven didn weren nothing nichts rien nada niente nulla niets nic
""")
#: beginnings of words for who sent a parcel, and for what went back to them
SENDER: Final = tuple(
    words("sender expéditeur remitent mittent afzender absender nadawc avsänd afsender remetent")
)
BACK: Final = tuple(
    words(
        "return retour retur devuel devol reso zwrot zwróc zurück terug renvoy volta tilbage tillbaka"
    )
)
#: beginnings of words for what came to the customer; what was sent may be an invoice
DELIVERED: Final = tuple(
    words("""
    delivered zugestellt geliefert ausgeliefert livré effectué entregad consegnat geleverd bezorgd afgeleverd dostarcz
    doręcz levererad
    """)
)
#: of a delivery, of what became of it, and of both in one word
DELIVERY: Final = tuple(
    words(
        "deliver zustell liefer livraison entrega consegna bezorg levering dostaw doręcz leverans"
    )
)
NOT_DELIVERED: Final = tuple(
    words("""
    fail unsuccessful gescheitert fehlgeschlag erfolglos échou échec fallid fallit mancata mislukt nieudan
    misslyck
    """)
)
UNDELIVERED: Final = tuple(
    words("undeliver unzustell niedostarcz niedoręcz nieodebran onbezorg fehlzustell")
)
AUXILIARY: Final = words(
    "be been was were werden worden être été pu ser sido essere stato zijn być se pudo"
)
#: words that say that something may still come
STILL: Final = words(
    "yet noch encore todavía aún ancora nog jeszcze ainda ännu still awaiting expected"
)
NOT_BEFORE: Final = words("not non nicht niet nie nao inte ikke pas never")
#: and what such words are that stand before another without a blank
UN: Final = ("un", "in", "im", "non", "nicht", "on", "niet", "nie", "nao", "o", "u", "not")
#: beginnings of words for a sale that was done, which is none where they are denied; parcels wait for other words
DONE: Final = tuple(
    words("""
    paid payed complet success succeed confirm captur authori approv accept settled valid cleared
    bezahlt gezahlt abgeschlossen erfolgreich bestätig genehmig gültig vollständig
    beglichen vereinnahmt
    paye payé regle termin reussi confirme abouti encaiss soldé
    pagad pagat pago confirmad completad exitos aprobad cobrad abonad
    confermat completat riuscit incass saldat
    betaald voltooid afgerond geslaagd bevestigd voldaan
    zapłac opłac potwierdz zrealizow zakończ
    concluid aprovad
    betald betalt genomför bekräft slutför
    """)
)
#: ends of longer words for what came back, or was undone: Kundenretoure
ENDS: Final[Mapping[Meaning, tuple[str, ...]]] = {
    "no sale": tuple(words("storno stornierung stornierungen abbruch afbreking")),
    "refund": tuple(
        words("retoure retouren rücksendung rückgabe rückerstattung gutschrift gutschriften")
    ),
}
#: how a credit note is called in several words, whatever stands around it
NOTES_OF_CREDIT: Final = tuple(
    words("""
    credit_note credit_memo credit_invoice nota_credito nota_de_credito notas_de_credito note_di_credito notes_de_credit nota_di_credito note_de_credit creditnota
    kreditnota kreditfaktura stornorechnung rechnungskorrektur faktura_korygująca factura_rectificativa
    dobropis avoir_client avoir_de_vente facture_avoir facture_d'avoir facture_davoir note_d'avoir nota_de_abono
    factura_de_abono factura_abono retourfactuur hyvityslasku jóváíró storno_faktura fattura_di_storno
    """)
)
#: how words for an invoice begin or end: beside one a credit note is a kind of document
INVOICES: Final = tuple(
    words("invoic rechnung faktur facture factura fattura factuur fatura lasku szamla paragon")
)
#: the stage of deals that are sales: beside it no other one is
WON: Final = words("""
    won closed_won deal_won gewonnen abgeschlossen_gewonnen gagné gagnée affaire_gagnée ganado ganada
    cerrado_ganado vinto chiuso_vinto wygrana wygrane ganho fechado_ganho vunnen vunnet
""")
#: short codes of kinds, which are nothing but beside that of a sale
CODES: Final[Mapping[Meaning, frozenset[str]]] = {
    "sale": words("inv sinv si ar re rg rec fa fac fra fv vf ft td01 380 s sal sls so ord vk vte"),
    "refund": words(
        "cn crn cr cm scn scrn sc sr gs gu r ret rtn ref rfd rf av avo ab nc ndc vc td04 381 kor fk"
    ),
    "payment": words("pay pmt pymt pmnt rcpt rct zlg zg"),
}

#: the two sides of a ledger, of which one is taken off: which of them is a sale, books differ
SIDES: Final[tuple[frozenset[str], frozenset[str]]] = (
    words("d dr dbit debit debits soll s debet débit debe debito dare af belastung"),
    words("c cr crdt credit credits haben h kredit crédit haber credito avere bij gutschrift"),
)
#: signs that tell the side of a row, of which the second is taken off
SIGNS: Final[tuple[frozenset[str], frozenset[str]]] = (
    frozenset(("+", "1", "+1", "plus", "pos", "positive", "positiv")),
    frozenset(("-", "−", "–", "-1", "−1", "minus", "neg", "negative", "negativ")),
)
#: what is said of a ticket that was given back, and of an order that goes on its way
OF_TICKETS: Final = words(
    "released freigegeben libéré libérée liberado liberada rilasciato vrijgegeven zwolnione"
)
#: words for the way back, which are kinds of tickets as well
WAYS_BACK: Final = words("return returns retour")
#: and those beside which they are
ONE_WAY: Final = words("""
    single one_way oneway outbound einfach einfache einzelfahrt einzelfahrkarte hinfahrt aller aller_simple
    ida sólo_ida solo_ida andata sola_andata solo_andata enkel enkele enkeltje enkele_reis
""")
