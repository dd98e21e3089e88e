"""What words in columns of states and kinds mean: one line for each language, compared as `squeezed` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from segmentation.sources.columns.aliases import squeezed

Meaning = Literal["no sale", "unpaid", "refunded", "refund", "beside a sale", "sale", "maybe"]
"""`unpaid` is no sale yet, but where a column tells of deliveries; an order that is `refunded` has its
own row, a `refund` is a row beside that of the order; what stands `beside a sale` is none in a column
that has sales as well; of `maybe` nobody can say."""


def words(text: str) -> frozenset[str]:
    """The words of a text as they are compared; an underscore joins two."""
    return frozenset(map(squeezed, text.split()))


#: every word that is known, by what it says of its row
_WORDS: Final[Mapping[Meaning, str]] = {
    "no sale": """
        cancelled canceled cancel cancelled_by_seller cancelled_by_buyer cancelled_by_customer
        cancellation voided void void_sale failed failure declined denied refused expired abandoned
        checkout_abandoned draft test test_order test_mode sandbox deleted trash trashed rejected
        unfulfillable chargeback charged_back charge_back disputed dispute fraud fraudulent blocked
        payment_error error payment_failed reversed reversal invalid lost no_show duplicate
        view views viewed pageview product_view view_item cart carts add_to_cart added_to_cart
        remove_from_cart basket wishlist click clicks impression search browse login logout signup
        visit session checkout_started begin_checkout quote quotation offer estimate proforma pledge
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
        anulowane anulowany anulowano anulowana nieudane nieudana odrzucone odrzucona
        błąd_płatności blad_platnosci wygasło szkic oferta usunięte
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
        """,
    "refunded": """
        refunded returned fully_refunded fully_returned
        erstattet rückerstattet zurückerstattet retourniert zurückgeschickt
        remboursé remboursée retourné retournée
        reembolsado reembolsada devuelto devuelta
        rimborsato rimborsata reso_effettuato
        terugbetaald geretourneerd
        zwrócone zwrócony zrefundowane
        """,
    "refund": """
        refund refunds return returns credit_note credit_memo creditnote
        gutschrift gutschriften retoure retouren rückgabe rücksendung erstattung rückerstattung
        avoir avoirs remboursement retour note_de_crédit
        abono abonos reembolso devolución devoluciones nota_de_crédito
        reso resi rimborso nota_di_credito storno_vendita
        retour_zending retourzending terugbetaling creditnota creditfactuur
        zwrot zwroty korekta
        """,
    "beside a sale": """
        payment payout transfer deposit withdrawal fee adjustment gift_card giftcard voucher
        exchange top_up
        zahlung auszahlung gutschein umtausch gebühr
        paiement règlement carte_cadeau échange frais virement
        pago tarjeta_regalo cambio comisión
        pagamento buono_regalo cambio_merce
        betaling cadeaubon omruiling
        płatność karta_podarunkowa wymiana
        """,
    "sale": """
        sale sales sold purchase purchased order ordered invoice invoiced sales_receipt donation
        verkauf verkäufe bestellung rechnung kauf spende
        vente ventes achat commande facture don
        venta ventas compra pedido factura
        vendita vendite acquisto ordine fattura
        verkoop aankoop bestelling factuur
        sprzedaż zakup zamówienie faktura
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
#: what a word of several begins with that says so, whatever stands beside it
STEMS: Final[Mapping[Meaning, tuple[str, ...]]] = {
    "no sale": tuple(
        words("""
    cancel void fail declin abandon chargeback disput fraud storn annul geannul anul avbrut
    abgebroch fehlgeschlag abgelehnt echou erreur error fehler fout rechaz rifiut mislukt odrzuc
    avvis makuler peruut
    """)
    ),
    "unpaid": tuple(
        words("unpaid unbezahlt impay impag nieopłac niezapłac onbetaald obetald ubetalt")
    ),
    "refunded": tuple(
        words("""
    refunded zurückgesend zurückgeschick retourn geretourn rembours reembols rimbors terugbetaal
    zurückerstatt rückerstatt erstatt zwróc återbetal
    """)
    ),
}
#: what a word begins with by which a column tells states whatever it is called
SURE: Final = tuple(
    words("""
    cancel storn annul geannul anul avbrut refund rembours reembols rimbors terugbeta erstatt zurückerstatt
    declin chargeback abgelehnt zurückgesend nieopłac niezapłac unpaid unbezahlt impay failed fehlgeschlag
    voided echou rechaz rifiut mislukt odrzuc gutschrift avvis makuler peruut
""")
)
#: and what may beside it: of some, of none
PARTLY: Final = tuple(
    words(
        "partial partiel teil parcial parzial gedeelt czesc not no non nicht kein never sans ohne"
    )
)

#: the two sides of a ledger, of which one is taken off: which of them is a sale, books differ
SIDES: Final[tuple[frozenset[str], frozenset[str]]] = (
    words("d dr dbit debit debits soll s debet débit debe debito dare af belastung"),
    words("c cr crdt credit credits haben h kredit crédit haber credito avere bij gutschrift"),
)
