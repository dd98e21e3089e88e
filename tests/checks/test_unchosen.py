"""Rows that would count and should not: each column that tells is a stop, and any `where` on it the door."""

from __future__ import annotations

import itertools
import re
import shlex
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from harness import Result, Segment
from pasting import EVERYONE

HEAD = "order_id,customer_id,ordered_at,amount"
RULES = (
    "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n"
)


def orders(column: str, *cells: str) -> str:
    rows = (f"o{i},c{i},2026-01-0{i},10.00,{cell}\n" for i, cell in enumerate(cells, 1))
    return f"{HEAD},{column}\n" + "".join(rows)


#: a column and its cells -> what is said, and the where that is proposed
STOPS = {
    "a day on which one of several came back": (
        "Rückgabe",
        ["", "2026-01-09", "", ""],
        "Rückgabe holds 1 other value",
        "where: {Rückgabe: {missing: true}}",
    ),
    "cancelled": (
        "order_status",
        ["paid", "Cancelled", "paid"],
        "order_status holds paid (2), Cancelled (1), and nothing",
        "where: {order_status: {is_not: Cancelled}}",
    ),
    **{
        f"a credit note above zero, {column}": (
            column,
            [invoice, back, invoice],
            f"{column} holds {invoice} (2), {back} (1), and nothing",
            f"where: {{{column}: {{is_not: {back}}}}}",
        )
        for column, invoice, back in (
            *(("Type pièce", "Facture", "Avoir"), ("Type de pièce", "Facture", "Avoir client")),
            *(
                ("Nature", "Facture", "Avoir client"),
                ("Écriture", "Facture client", "Facture d'avoir"),
            ),
            *(
                ("Tipo comprobante", "Factura", "Nota de crédito"),
                ("Clase", "Factura A", "Nota de abono"),
            ),
            *(("Bilagstype", "Faktura", "Kreditnota"), ("Typ dokladu", "Faktura", "Dobropis")),
            *(("Tipologia", "Fattura", "Nota di credito"), ("Document", "Invoice", "Credit memo")),
            *(("Soort stuk", "Verkoopfactuur", "Creditnota"), ("Pozycja", "Faktura", "Korekta")),
        )
    },
    "several": (
        "Status",
        ["completed", "voided", "on-hold", "refunded"],
        "Status holds completed (1), on-hold (1), refunded (1), voided (1)",
        "where: {Status: {none_of: [refunded, voided]}}",
    ),
    "German": (
        "Zustand",
        ["bezahlt", "storniert"],
        "Zustand holds bezahlt (1), storniert (1)",
        "where: {Zustand: {is_not: storniert}}",
    ),
    "a log": (
        "event_type",
        ["purchase", "view", "cart", "view"],
        "event_type holds view (2), cart (1), purchase (1)",
        "where: {event_type: {none_of: [view, cart]}}",
    ),
    "a test": (
        "test",
        ["false", "true"],
        "test holds false (1), true (1)",
        "where: {test: {is_not: true}}",
    ),
    "a test in numbers": (
        "is_test",
        ["0", "1"],
        "is_test holds 0 (1), 1 (1)",
        "where: {is_test: {is_not: true}}",
    ),
    "a moment": (
        "Cancelled at",
        ["", "2026-01-02 10:00"],
        "Cancelled at holds 1 other value",
        "where: {Cancelled at: {missing: true}}",
    ),
    "words of nobody": (
        "state",
        ["paid", "cancelled", "ann@x.org"],
        "state holds cancelled (1), paid (1), 1 other value",
        "where: {state: {is_not: cancelled}}",
    ),
    "currencies": (
        "currency",
        ["USD", "JPY", "USD"],
        "currency holds USD (2), JPY (1): there is no sum of several currencies",
        "where: {currency: USD}",
    ),
    "signs of currencies": (
        "currency",
        ["€", "$", "EUR"],
        "currency holds $ (1), EUR (1), € (1): there is no sum",
        'where: {currency: [EUR, "€"]}',
    ),
    "words for currencies": (
        "Waluta",
        ["Euro", "US Dollar", "Euro"],
        "Waluta holds Euro (2), US Dollar (1): there is no sum",
        "where: {Waluta: Euro}",
    ),
    "numbers of currencies": (
        "currency",
        ["978", "840", "978"],
        "currency holds 978 (2), 840 (1): there is no sum",
        'where: {currency: "978"}',
    ),
    "a dollar that may be of Canada": (
        "currency",
        ["$", "CAD", "$"],
        "currency holds $ (2), CAD (1): there is no sum",
        'where: {currency: "$"}',
    ),
}


def test_currencies_can_be_converted_as_well(segment: Segment) -> None:
    files = {
        "o.csv": orders("Currency", "usd", "SEK", "usd"),
        "personas.yaml": RULES.format(keys=""),
    }
    stopped = segment("run", files=files)
    door = "rates: {USD: 1, SEK: <rate>}"
    assert (stopped.exit_code, door in stopped.err) == (3, True), stopped.err
    unfilled = segment("run", files={"personas.yaml": RULES.format(keys=f", {door}")})
    assert (unfilled.exit_code, "rates.SEK: expected a number" in unfilled.err) == (2, True)
    keys = f", {door.replace('<rate>', '0.09')}"
    followed = segment("run", files={"personas.yaml": RULES.format(keys=keys)})
    assert followed.exit_code == 0, followed.err
    assert [float(m) for m in followed.customers["monetary"]] == [10, 0.9, 10]


def test_to_name_the_column_of_currencies_chooses_nothing(segment: Segment) -> None:
    keys = ", columns: {currency: cur}"
    files = {"o.csv": orders("cur", "USD", "SEK"), "personas.yaml": RULES.format(keys=keys)}
    stopped = segment("run", files=files)
    assert (stopped.exit_code, "cur holds SEK (1), USD (1)" in stopped.err) == (3, True)


@pytest.mark.parametrize(("column", "cells", "said", "where"), STOPS.values(), ids=STOPS)
def test_rows_that_should_not_count_stop_the_run(
    segment: Segment, column: str, cells: list[str], said: str, where: str
) -> None:
    files = {"o.csv": orders(column, *cells), "personas.yaml": RULES.format(keys="")}
    stopped = segment("run", files=files)
    assert stopped.exit_code == 3, stopped.err
    assert said in stopped.err
    assert where in stopped.err
    followed = segment("run", files={"personas.yaml": RULES.format(keys=f", {where}")})
    assert followed.exit_code == 0, followed.err
    assert followed.manifest["inputs"][0]["rows_used"] < len(cells)


PASSES = {
    "what was paid with a credit note": ("Mode de paiement", ["Facture", "Avoir", "Carte"], ""),
    "invoices of kinds": ("Type pièce", ["Facture", "Facture client", "Ticket"], ""),
    "what a shop gives back with": ("Pièce", ["Avoir", "Chèque cadeau", "Carte"], ""),
    "no such word": ("status", ["paid", "shipped", "processing"], ""),
    "what the parcel waits for": ("Fulfillment Status", ["pending", "open", ""], ""),
    "how it was paid": ("Payment type", ["Credit", "Gift card", "Sale"], ""),
    "what was bought": ("Product type", ["Basket", "Gift card", "test"], ""),
    "payments alone": ("Type", ["Payment", "Charge", "Payment"], ""),
    "one side of a ledger": ("D/C", ["D", "D", "D"], ""),
    "hardly cancelled": ("status", ["partially cancelled", "not cancelled"], ""),
    "a state of America": ("ship_state", ["CA", "NY"], ""),
    "no test": ("test", ["false", "0", ""], ""),
    "never cancelled": ("Cancelled at", ["", ""], ""),
    "all are wanted": ("status", ["paid", "cancelled"], ", where: {status: [paid, cancelled]}"),
    "another column chose": ("status", ["paid", "cancelled"], ", where: {order_id: o1}"),
    "one currency": ("currency", ["EUR", "eur", ""], ""),
    "one currency in three ways": ("currency", ["EUR", "€", "978"], ""),
    "amounts in the currency of the house": (
        "Amount in company currency",
        ["100", "276", "50"],
        "",
    ),
    "what a currency was worth": ("currency_value", ["1.0", "0.92", "1.0"], ""),
    "another kind of column": ("note", ["cancelled by mistake, then sent", "test"], ""),
    "a column that is not filled": ("remark", ["cancelled", "", "paid"], ""),
    "words that may be others'": ("Channel", ["search", "view", "test"], ""),
    "of a subscription": ("subscription", ["active", "cancelled"], ""),
    "never void": ("void", ["N", "0", "", "nein"], ""),
    "no money back": ("refunded", ["0", "false", "NULL"], ""),
    "money in a flag": ("voided", ["2.00", "0.00", "3.00"], ""),
    "never cancelled, with words for nothing": ("cancel_date", ["0000-00-00", "-", "NULL"], ""),
    "when it was returned": ("return_date", ["2026-01-09", "", ""], ""),
    "all are paid": ("is_paid", ["1", "1", "true"], ""),
    "never paid as no shop writes it": ("paid_at", ["", "", ""], ""),
    "paid, where something chose": ("paid_at", ["2026-01-01", ""], ", where: {order_id: [o1, o2]}"),
    "sizes that are no flag": ("valid", ["0", "7", "no"], ""),
    **{
        f"when what was lent came back: {name}": (name, ["2026-01-09", "2026-01-20", ""], "")
        for name in (
            *(
                "Rückgabe",
                "Return",
                "Retour",
                "Devolución",
                "Reso",
                "Teruggave",
                "returned_on",
                "returned_at",
            ),
            *("Return date", "Rückgabedatum", "Date de retour", "Fecha de devolución", "Zwrot"),
        )
    },
    "how many came back": ("Returns", ["0", "1", "2"], ""),
    "money that went back, in a column of its own": ("Retoure", ["1.234,50", "0,00", "1"], ""),
    "cards that are debit and credit": ("Card", ["Debit", "Credit", "Debit"], ""),
    "how it was paid, on two sides": ("payment_type", ["debit", "credit", "debit"], ""),
    "classes": ("class", ["C", "D", "C"], ""),
    "sizes in letters": ("Size", ["S", "H", "S"], ""),
    "pieces of one, and one back": ("pieces", ["1", "1", "1"], ""),
    "letters beside each other": ("type", ["R", "S", "R"], ""),
    "an offer that was taken": ("status", ["Quote accepted", "Angebot angenommen", "paid"], ""),
    "what can be refunded": ("Fare type", ["Refundable", "Non-refundable", "Flex"], ""),
    "not sent as yet": ("status", ["not shipped", "nicht versendet", "unfulfilled"], ""),
    "sent on": ("status", ["Released", "Shipped", "Released"], ""),
    "visits of members": ("type", ["Visit", "Visit", "Visit"], ""),
    "courses that are sold": ("Type", ["Training", "Coaching", "Training"], ""),
    "deposits and balances": ("Type", ["Deposit", "Balance", "Deposit"], ""),
    "a receipt alone": ("Type", ["Receipt", "Receipt", "Receipt"], ""),
    "dues": ("Tipo", ["Quota associativa", "Quota", "Donazione"], ""),
    "not one refund": ("status", ["no refund", "paid", "no return"], ""),
    **{
        f"what can be undone: {header}": (header, [yes, no, yes], "")
        for header, yes, no in [
            ("refundable", "yes", "no"),
            ("is_refundable", "1", "0"),
            ("Cancelable", "true", "false"),
            ("Stornierbar", "ja", "nein"),
            ("remboursable", "oui", "non"),
            ("Annulable", "oui", "non"),
            ("Reembolsable", "si", "no"),
            ("Rimborsabile", "si", "no"),
            ("Annuleerbaar", "ja", "nee"),
            ("Cancelável", "sim", "não"),
            ("Tarif", "Stornierbar", "Nicht stornierbar"),
            ("Refundable", "Refundable", "Final sale"),
            ("Rate plan", "Free cancellation", "Cancellation fee"),
            ("Tarif", "Kostenlose Stornierung", "Flex"),
            ("Stornoversicherung", "ja", "nein"),
            ("cancellation_insurance", "yes", "no"),
            ("insurance", "cancelled flight", "none"),
        ]
    },
    **{
        f"plus and minus for yes and no: {header}": (header, ["+", "-", "+"], "")
        for header in ("gift", "express", "VAT", "Rh", "Season", "rating_delta", "x", "Design")
    },
    **{
        f"of something else: {header}": (header, words.split(), "")
        for header, words in {
            "review_status": "pending published pending",
            "email_status": "bounced sent failed",
            "sync_status": "failed ok error",
            "KYC status": "pending verified rejected",
            "loyalty_status": "pending gold expired",
            "ticket_type": "Open Flex Open",
            "hour_type": "open peak open",
            "room type": "open closed open",
            "Export status": "failed ok draft",
            "Versicherungsstatus": "storniert aktiv offen",
            "statut de fidélité": "expiré actif en_attente",
        }.items()
    },
    "paid, and waiting for the goods": (
        "status",
        [
            "Paiement accepté, en attente d'expédition",
            "Awaiting stock (payment received)",
            "Zahlung eingegangen, warten auf Versand",
            "Pago, aguardando envio",
        ],
        "",
    ),
    **{
        f"nothing of it was done: {cells[0]}": ("status", ["ok", *cells], "")
        for cells in (
            ["Paid (non-refundable)", "Payé - non remboursable", "Bezahlt (nicht stornierbar)"],
            [
                "Paid - not cancelled",
                "Shipped, not returned",
                "Bezahlt ohne Storno",
                "Livré sans retour",
            ],
            [
                "Storno nicht möglich",
                "Refund not requested",
                "without cancellation",
                "sin cancelar",
            ],
            ["Free cancellation", "Return policy 30 days", "cancellable", "Flexible return"],
            [
                "Annulation sans frais",
                "Garantie de remboursement",
                "Refund guarantee",
                "Free returns",
            ],
            [
                "Rückgaberecht 30 Tage",
                "Stornierung möglich",
                "Annuleringsverzekering",
                "cancel anytime",
            ],
            ["Warranty", "Extended warranty", "Garantie", "Order not split", "Refunded (partial)"],
            ["Awaiting dispatch after payment", "Wartet auf Versand nach Zahlung"],
            ["En attente d'expédition après paiement", "Pendiente de envío tras el pago"],
            ["In attesa di spedizione dopo il pagamento", "Wacht op verzending na betaling"],
            ["Paid, awaiting shipment", "Zahlung eingegangen, Versand offen", "Paid, invoice open"],
            ["No payment required", "No payment due", "keine Zahlung offen", "nothing to pay"],
            ["Invoice sent", "Rechnung bezahlt", "Awaiting invoice", "te verzenden", "à expédier"],
            [
                "Paid - signature required",
                "Payment received, not yet shipped",
                "Payment by invoice",
            ],
            [
                "Zahlung eingegangen Versand offen",
                "Pending (payment received)",
                "Pago recibido, pendiente de envío",
            ],
        )
    },
    **{
        f"kinds of tickets: {header}, {cells[0]}": (header, cells, "")
        for header, cells in [
            ("Type", ["Single", "Return", "Day return"]),
            ("Type", ["Single adult", "Return", "Single adult"]),
            ("Type", ["One way", "Return (flexible)", "One way"]),
            ("Type", ["Aller simple", "Retour", "Aller-retour"]),
            ("Tipo", ["Ida", "Ida y vuelta", "Ida"]),
            ("Soort", ["Enkele reis", "Retour", "Retour"]),
            ("Ticket type", ["Return ticket", "Return", "Day pass"]),
            ("Fare type", ["Return", "Return - adult", "Free cancellation"]),
            ("Fare type", ["Cancellation insurance", "Flex", "Saver"]),
            ("Fare type", ["Full refund", "No refund", "Flex"]),
            ("Refund policy", ["Full refund", "No refund", "Full refund"]),
            ("Membership type", ["gold", "cancelled", "gold"]),
        ]
    },
    **{
        f"paid as it is delivered: {header}": (header, cells, "")
        for header, cells in [
            (
                "Payment",
                ["Card", "Contra reembolso", "Contre-remboursement", "Pagos contra reembolso"],
            ),
            ("Shipping", ["DHL", "Livré contre remboursement", "Rembours", "Onder rembours"]),
            (
                "Zahlart",
                ["Nachnahme", "Per Nachnahme", "Contrassegno", "Spedizione in contrassegno"],
            ),
            ("Contra reembolso", ["5.00", "0.00", "5.00"]),
            ("Rembours", ["ja", "nee", "ja"]),
        ]
    },
    **{
        f"denied or mended: {cells[0]}": ("status", ["ok", *cells], "")
        for cells in (
            [
                "Chargeback won",
                "Chargeback (won)",
                "Dispute won",
                "Refund declined",
                "Refund request denied",
            ],
            [
                "Cancellation rejected",
                "Cancellation withdrawn",
                "Return cancelled",
                "Fraud check passed",
            ],
            ["Retoure abgelehnt", "Storno aufgehoben", "Erstattung abgelehnt", "Retoure storniert"],
            ["Remboursement refusé", "Annulation refusée", "Demande de remboursement refusée"],
            ["Reembolso rechazado", "Devolución rechazada", "Rimborso rifiutato", "Reso rifiutato"],
            [
                "Retour geweigerd",
                "Terugbetaling afgewezen",
                "Zwrot odrzucony",
                "Anulowanie odrzucone",
            ],
            [
                "Bezahlt nach Mahnung",
                "Paid after reminder",
                "Payé après relance",
                "Betaald na aanmaning",
            ],
            [
                "Delivered (fraud check passed)",
                "Delivered - missing item resent",
                "Shipping fee waived",
            ],
            ["Delivery failed - redelivered", "Zustellung fehlgeschlagen - erneut zugestellt"],
            [
                "Livraison échouée puis effectuée",
                "Fehlerfrei geliefert",
                "Payment failed then paid",
            ],
        )
    },
    **{
        f"disputed by nobody, or in vain: {header}": (header, cells, "")
        for header, cells in [
            ("Disputed?", ["No", "No", "No"]),
            ("Dispute Status", ["", "won", "none"]),
            ("Dispute Status", ["warning_closed", "won", "withdrawn"]),
            ("Chargeback", ["", "won", "gewonnen"]),
            ("Fraud", ["ok", "cleared", "legit"]),
            ("Fraud score", ["0.1", "0.9", "0.2"]),
            ("Chargebacks", ["0", "1", "2"]),
            ("Chargeback protection", ["yes", "no", "yes"]),
            ("Contest", ["no", "yes", "no"]),
            ("Invalid email", ["no", "yes", "no"]),
            ("Requested", ["no", "yes", "no"]),
            ("Delivered", ["no", "yes", "no"]),
        ]
    },
    **{
        f"states of the catalogue: {header}": (header, cells, "")
        for header, cells in [
            ("Product Status", ["active", "draft", "archived"]),
            ("Produktstatus", ["aktiv", "gelöscht", "Entwurf"]),
            ("Item status", ["In stock", "Out of stock", "In stock"]),
            ("Estado del artículo", ["nuevo", "usado", "nuevo"]),
            ("Zustand des Artikels", ["neu", "gebraucht", "defekt"]),
        ]
    },
    **{
        f"may still come, or was refused: {cells[0]}": ("status", ["ok", *cells], "")
        for cells in (
            ["Not yet delivered", "Noch nicht zugestellt", "Pas encore livré", "Nog niet geleverd"],
            ["Not delivered in time", "Contactless - no contact delivery", "Delivered - no issues"],
            ["Aún no entregado", "Non ancora consegnato", "Jeszcze nie dostarczono"],
            ["Refund requested - declined", "Return rejected", "No refund requested"],
            ["Not delivered - redelivered", "Lieferung unterwegs", "Return window open"],
        )
    },
    "on what terms it may be cancelled": (
        "Cancellation",
        ["Free cancellation", "Cancellation with fee", "Non-refundable"],
        "",
    ),
    **{
        f"no state of sales: {header}, {cells[-1]}": (header, cells, "")
        for header, cells in [
            ("Shipping status", ["Shipped", "Shipped", "On hold"]),
            ("Fulfillment Status", ["fulfilled", "fulfilled", "on_hold"]),
            ("Status", ["Completed", "Completed", "wc-on-hold"]),
            ("Status", ["Versendet", "Versendet", "Noch nicht abgeholt"]),
            ("Stock status", ["available", "available", "unavailable"]),
            ("Product status", ["active", "active", "unavailable"]),
            ("livemode", ["true", "true", "true"]),
            ("Live", ["yes", "no", "yes"]),
            ("training", ["0", "0", "0"]),
            ("Training", ["Yoga", "Pilates", "Yoga"]),
            ("Training hours", ["1", "2", "0"]),
            ("Document type", ["AR", "AR", "BR"]),
            ("Product type", ["SI", "SC", "SI"]),
            ("Room type", ["AV", "FA", "AV"]),
            ("Sales channel code", ["AR", "GS", "AR"]),
        ]
    },
    "terms in words": ("Cancellation", ["Flexible", "Strict", "Flexible"], ""),
    "gifts that are wrapped": ("Completed", ["2026-01-02", "2026-01-03", "2026-01-04"], ""),
}


@pytest.mark.parametrize(("column", "cells", "keys"), PASSES.values(), ids=PASSES)
def test_what_nobody_doubts_runs(
    segment: Segment, column: str, cells: list[str], keys: str
) -> None:
    files = {"o.csv": orders(column, *cells), "personas.yaml": RULES.format(keys=keys)}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err


#: words beside a cancelled one -> those of which it is said that nothing is known
UNKNOWN = {
    "several": (
        ["paid", "Zurückgelegt", "Im Lager"],
        "Nothing is known of Im Lager, Zurückgelegt, and they count",
    ),
    "one": (["paid", "Zurückgelegt"], "Nothing is known of Zurückgelegt, and it counts"),
    "what may not be told": (["paid", "ann@x.org"], ""),
    "known ones": (["paid", "shipped"], ""),
}


@pytest.mark.parametrize(("words", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_words_that_nobody_knows_are_told_beside_one_that_stops(
    segment: Segment, words: list[str], said: str
) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": orders("Status", "cancelled", *words)})
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err
    assert ("Nothing is known" in stopped.err) is bool(said)


def test_the_rules_can_sign_for_it(segment: Segment) -> None:
    rules = RULES.format(keys="") + "notices: {unchosen-rows: warn}\n"
    done = segment("run", files={"o.csv": orders("status", "paid", "void"), "personas.yaml": rules})
    assert (done.exit_code, "o.csv: warning: status holds" in done.err) == (0, True)


def test_a_joined_files_choice_is_none_on_a_column_of_ones_own(segment: Segment) -> None:
    keys = ", join: {path: p.csv, key: order_id, where: {state: paid}}"
    files = {
        "o.csv": orders("state", "paid", "cancelled", "paid"),
        "p.csv": "order_id,state\no1,paid\no2,paid\no3,paid\n",
        "personas.yaml": RULES.format(keys=keys),
    }
    done = segment("run", files=files)
    assert done.exit_code == 3, done.err
    assert "state holds paid (2), cancelled (1), and nothing chooses" in done.err


#: the cells of a column of currencies, and keys of the source -> how many rows are said to leave it blank
BLANK = {
    "the currency of the house": (["", "USD", ""], "", "2 of 3"),
    "words for nothing": (["EUR", "NULL", "N/A"], "", "2 of 3"),
    "one currency": (["USD", "USD", "USD"], "", ""),
    "none at all": (["", "", ""], "", ""),
    "signed for": (["", "USD", ""], ", columns: {currency: {constant: USD}}", ""),
}


@pytest.mark.parametrize(("cells", "keys", "said"), BLANK.values(), ids=BLANK)
def test_rows_that_leave_the_currency_blank_beside_others_are_told(
    segment: Segment, cells: list[str], keys: str, said: str
) -> None:
    files = {"o.csv": orders("currency", *cells), "personas.yaml": RULES.format(keys=keys)}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    told = [text for text in done.warnings if "currency" in text]
    assert [f"currency is blank in {said} rows with an amount" in text for text in told] == [
        True
    ] * bool(said)


def test_a_blank_currency_of_an_order_is_that_of_its_other_lines(segment: Segment) -> None:
    text = f"{HEAD},currency\n1,a,2026-01-01,5,USD\n1,a,2026-01-01,6,\n2,b,2026-01-01,7,USD\n"
    done = segment("run", "o.csv", files={"o.csv": text})
    assert (done.exit_code, "currency is blank" in done.err) == (0, False), done.err


def test_what_is_proposed_for_a_blank_currency_keeps_two_apart(segment: Segment) -> None:
    files = {"o.csv": orders("currency", "", "USD", ""), "personas.yaml": RULES.format(keys="")}
    done = segment("run", files=files)
    [sources] = re.findall(r"two sources: (transactions: .*)", done.err)
    filled = sources.replace('"<code>"', "EUR").replace('"<rate>"', "2")
    rules = f"version: 1\nsources: {{{filled}}}\npersonas: {{everyone: {{}}}}\n"
    followed = segment("run", files={"personas.yaml": rules})
    assert followed.exit_code == 0, followed.err
    assert [float(m) for m in followed.customers["monetary"]] == [20, 10, 20]


INPUTS = {
    "a bare sign and another dollar": ("$", "C$", "$ in a.csv, CAD in b.csv"),
    "by signs in columns": (",€", ",$", "EUR in a.csv, $ in b.csv"),
    "the same by a sign and a code": (",€", ",EUR", ""),
    "by a column": (",EUR", ",JPY", "EUR in a.csv, JPY in b.csv"),
    "by signs": ("€", "$", "EUR in a.csv, $ in b.csv"),
    "by a column and a sign": (",EUR", "$", "EUR in a.csv, $ in b.csv"),
    "the same by a column and a sign": (",USD", "$", ""),
    "the same": (",EUR", ",eur", ""),
    "one that says nothing": (",EUR", "", ""),
}


def priced(mark: str, order: str) -> str:
    head = f"{HEAD},currency\n" if mark.startswith(",") else f"{HEAD}\n"
    amount = f"10.00{mark}" if mark.startswith(",") else f"{mark}10.00"
    return f"{head}{order},1,2026-01-01,{amount}\n"


@pytest.mark.parametrize(("one", "other", "said"), INPUTS.values(), ids=INPUTS)
def test_inputs_in_two_currencies_are_not_added_up(
    segment: Segment, one: str, other: str, said: str
) -> None:
    files = {"a.csv": priced(one, "x"), "b.csv": priced(other, "y")}
    done = segment("run", "a.csv", "b.csv", files=files)
    assert done.exit_code == (3 if said else 0), done.err
    assert f"amounts are {said}: there is no sum" in done.err if said else "currenc" not in done.err


def test_one_of_two_currencies_is_kept_by_what_is_proposed(segment: Segment) -> None:
    files = {"a.csv": priced(",EUR", "x"), "b.csv": priced(",JPY", "y")}
    stop = segment("run", "a.csv", "b.csv", files=files)
    assert "Try: segment run a.csv b.csv --where currency=EUR" in stop.err
    done = segment("run", "a.csv", "b.csv", "--where", "currency=EUR")
    assert done.exit_code == 0, done.err
    assert done.customers["monetary"].to_list() == [10]


#: words that all say that a row is no sale -> how to say that they count
NONE_LEFT = {
    "cancelled alone": ("status", ["cancelled", "cancelled"], "status"),
    "several": ("Type", ["view", "cart", "view"], "Type"),
    "a flag": ("is_test", ["1", "1"], "is_test"),
}


@pytest.mark.parametrize(("column", "cells", "door"), NONE_LEFT.values(), ids=NONE_LEFT)
def test_a_where_that_keeps_no_row_is_not_proposed(
    segment: Segment, column: str, cells: list[str], door: str
) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": orders(column, *cells)})
    assert (stopped.exit_code, "Try:" in stopped.err) == (3, False), stopped.err
    where = f"where: {{{door}: {{missing: false}}}}"
    assert f"none is left without. Where all of them count, say so under sources: {where}" in (
        stopped.err
    )
    followed = segment("run", files={"personas.yaml": RULES.format(keys=f", {where}")})
    assert (followed.exit_code, followed.customers.height) == (0, len(cells)), followed.err


PRESTASHOP = "En attente de virement bancaire; En attente du paiement par chèque"
#: a column and its usual word -> words that say that a row is no sale
NO_SALES = {
    "English": (
        "Status",
        "Paid",
        "Pending; Open; Incomplete; Blocked; Disputed; Charged back; Payment error; Failed; "
        "Declined; Draft; Expired; Awaiting Payment; Chargeback; Quote; wc-cancelled; Cancelled by the shop",
    ),
    "French": (
        "État",
        "Livré",
        "Annulé; Annule; Remboursé; Erreur de paiement; En attente de paiement",
    ),
    "French without accents": ("Etat", "Livre", "Annulé; Impayé"),
    "French states": ("Statut", "Payé", "Impayé; Échoué"),
    "French under an English header": (
        "State",
        "Livré",
        "Erreur de paiement; En attente de paiement; Paiement refusé",
    ),
    "Spanish": ("Estado", "Pagado", "Cancelado; Reembolsado; Pendiente de pago"),
    "Spanish states of orders": ("Estado del pedido", "Pagado", "Cancelado"),
    "Italian": ("Stato ordine", "Pagato", "Annullato; In attesa di pagamento; Rimborsato"),
    "Dutch": ("Betaalstatus", "Betaald", "Geannuleerd; Openstaand"),
    "Polish": ("Status zamówienia", "Opłacone", "Anulowane; Nieopłacone"),
    "German": ("Status", "Bezahlt", "Gutschrift; Retoure; Storniert; Ausstehend"),
    "live and test": ("Mode", "live", "test"),
    "live or not": ("livemode", "true", "false"),
    "live or not, in two words": ("Live Mode", "yes", "no"),
    "a draft of WooCommerce": ("status", "wc-completed", "wc-checkout-draft"),
    "a draft of a checkout": ("status", "processing", "checkout-draft"),
    "no more there": ("order_status", "delivered", "unavailable"),
    "sent away": ("Status", "Versendet", "Zurückgewiesen; Nicht abgeholt; Nicht lieferbar"),
    "not collected": ("Status", "Collected", "Not collected; Unclaimed"),
    "not collected, French": ("Statut", "Livrée", "Non retirée; Indisponible"),
    "not collected, Spanish": ("Estado", "Entregado", "No recogido; No disponible"),
    "not collected, Italian": ("Stato", "Consegnato", "Non ritirato; Respinto"),
    "not collected, Dutch": ("Status", "Geleverd", "Niet afgehaald; Niet leverbaar"),
    **{
        f"training: {header}": (header, no, yes)
        for header, no, yes in (
            ("training", "0", "1"),
            ("Training mode", "off", "on"),
            ("Übungsmodus", "nein", "ja"),
            ("Mode formation", "non", "oui"),
            ("Modo entrenamiento", "no", "sí"),
            ("Modalità addestramento", "no", "sì"),
            ("Oefenmodus", "nee", "ja"),
            ("Mode", "Normal", "Training mode"),
            ("Modus", "Normal", "Übungsmodus"),
        )
    },
    "kinds of rows": ("Type", "Sale", "Payment; Pledge; Gift card; Exchange"),
    "a flag in German": ("storniert", "nein", "ja"),
}


NO_SALES |= {
    f"{header}: {usual}, {wrong[:24]}": (header, usual, wrong)
    for header, usual, wrong in [
        ("Situação", "Pago", "Cancelado"),
        ("Vorgang", "Verkauf", "Storno"),
        ("order_stage", "done", "cancelled; cancel_requested; wc-cancelled"),
        ("fulfillment", "sent", "cancelled; Order cancelled"),
        ("payment", "card", "failed"),
        ("result", "ok", "declined"),
        ("gateway_response", "approved", "declined"),
        ("Abwicklung", "erledigt", "Zurückgesendet; abgelehnt; storniert"),
        ("Verloop", "klaar", "Geannuleerd"),
        ("Przebieg", "gotowe", "Anulowane; Nieopłacone"),
        ("Läge", "klar", "Avbruten"),
        ("Anmerkung", "ok", "Cancelled by customer request"),
        ("Belegart", "Rechnung", "Gutschrift"),
        ("document_type", "Invoice", "Credit Note"),
        ("transaction_type", "sale", "refund"),
        ("void", "N", "Y"),
        ("refunded", "false", "true"),
        ("is_refund", "0", "1"),
        ("return", "no", "yes"),
        ("annulé", "non", "oui"),
        ("is_paid", "1", "0"),
        ("bezahlt", "ja", "nein"),
        ("valid", "true", "false"),
        ("cancel_date", "", "2026-01-04"),
        ("cancelled_date", "NULL", "2026-01-04; 2026-01-05"),
        ("cancellation_reason", "", "too late"),
        ("storniert_am", "", "04.01.2026"),
        ("cancelled", "", "X; 2026-01-04; cancelled"),
        ("Cancelled", "no", "X"),
        ("Beleg Typ", "RE", "GS"),
        ("Receipt type", "Sale", "No sale; Training"),
        ("Typ", "Faktura", "Faktura korygująca"),
        (
            "Transaction Type",
            "Sales Invoice",
            "Sales credit note; CRN; CN; Receipt; Opening Balance",
        ),
        ("txn_type", "S", "R"),
        ("Payment Status", "Received", "Pledged; Bounced; Unsuccessful; Dishonoured; Write-off"),
        ("status", "Zahlung", "nicht bezahlt; In Mahnung; angemahnt; Angebot versendet"),
        ("Betaalstatus", "ok", "In behandeling - niet betaald; niet voltooid; onbetaald"),
        ("Stan płatności", "gotowe", "nie zapłacono; nie opłacone; niepotwierdzone"),
        ("Statut", "Livré", "Non payé; pas terminé; Devis envoyé"),
        ("Status do pedido", "Pago", "Não pago; Cancelada; Recusado"),
        ("Orderstatus", "klar", "obetald; inte betald; Makulerad"),
        ("state", "Paid", "Quotation Sent; trialing; RTO; Not completed; NOK; Unconfirmed"),
        ("Order Status", "Shipped", "Missing Orders; Payment rejected by the bank"),
        ("Ticket Status", "Sold", "Released; Exchanged"),
        ("Deal Stage", "Closed Won", "Closed Lost; Prospecting; Our own stage"),
        ("sent", "paid", "not paid"),
        ("Order completed", "1", "0"),
        ("Abgeschlossen", "ja", "nein"),
        ("Retoure", "nein", "ja"),
        ("Rückgabe", "nein", "ja"),
        ("RETURN_FLG", "0", "1"),
        ("sign", "1", "-1"),
        ("Buchungszeichen +/-", "+", "-"),
        ("+/-", "+", "-"),
        ("Soll/Haben", "+", "-"),
        ("movement", "+", "-"),
        ("Status de la commande", "Livré", f"{PRESTASHOP}; Annulé; Remboursé; Erreur de paiement"),
        (
            "status",
            "Paid",
            "Awaiting check payment; Awaiting bank wire payment; Returned to sender",
        ),
        ("status", "Bezahlt", "Warten auf Zahlungseingang; Warten auf Überweisung; Widerrufen"),
        ("status", "Versendet", "Zahlung per Scheck ausstehend; 2. Mahnung; Zahlung offen"),
        ("status", "Pagado", "En espera de pago por cheque; Pago por transferencia pendiente"),
        ("stato", "Spedito", "In attesa di pagamento con assegno; In attesa del bonifico"),
        ("status", "Betaald", "Wachten op betaling; In afwachting van overboeking"),
        ("status", "gotowe", "Oczekiwanie na płatność przelewem"),
        ("status", "Sendt", "Kansellert; Venter på betaling; Refundert"),
        ("tila", "Toimitettu", "Peruttu; Odottaa maksua; Palautettu"),
        ("status", "ok", "zrušeno; Čeká na platbu; İptal edildi; Отменен; Ожидает оплаты"),
        ("Tarif", "Stornierbar", "Storniert"),
        ("note", "free cancellation", "cancelled free of charge"),
        (
            "status",
            "Paid",
            "Cancelled (non-refundable); Cancelled - no refund; Cancelled, not refunded; Failed - not charged; "
            "Cancelled no charge; Cancelled (partial refund); Refunded (no return needed)",
        ),
        ("statut", "Payé", "Annulée - non remboursée; Annulée sans frais"),
        ("status", "Bezahlt", "Storniert (nicht erstattungsfähig); Storniert ohne Kosten"),
        ("estado", "Pagado", "Cancelado sin cargo; Cancelado (no reembolsable)"),
        ("stato", "Pagato", "Annullato senza spese; Annullato - non rimborsabile"),
        ("status", "Betaald", "Geannuleerd zonder kosten; Geannuleerd (niet restitueerbaar)"),
        ("status", "Opłacone", "Anulowane bez opłat; Anulowane (bez zwrotu)"),
        (
            "status",
            "ok",
            "Warranty return; Refund under warranty; Return (flexible); Free cancellation used; Refund, fee kept; "
            "Return - insurance claim; Insurance refund; Return received; Refund issued; Full refund; Goodwill refund; "
            "Return & refund; Warranty claim return",
        ),
        (
            "status",
            "ok",
            "Garantie-Retoure; Kulanz-Retoure; Retoure Garantie; Kundenretoure; Kostenlose Stornierung genutzt",
        ),
        (
            "statut",
            "Livré",
            "Remboursement garantie; Retour garantie; Annulation gratuite utilisée",
        ),
        (
            "status",
            "ok",
            "Devolución garantía; Reso in garanzia; Retour onder garantie; Zwrot gwarancyjny",
        ),
        (
            "status",
            "Paid",
            "Payment not received; Awaiting payment (no funds received); To be paid; Payment required; "
            "No payment received; Balance due; Invoice overdue; Without payment; Payable; Payment received - not yet cleared; Payment wasn't received; Amount owed; Shipped - payment not received",
        ),
        (
            "status",
            "Bezahlt",
            "Zahlung nicht eingegangen; Zahlung noch nicht eingegangen; Rechnung offen; zu zahlen; Zahlung fehlt; "
            "Zahlung nach Lieferung offen; kein Zahlungseingang",
        ),
        (
            "statut",
            "Livré",
            "à payer; Paiement non reçu; Facture en attente; En attente d'encaissement; solde dû",
        ),
        (
            "estado",
            "Pagado",
            "Pendiente de cobro; Pago no recibido; por pagar; Factura pendiente; sin pagar",
        ),
        (
            "stato",
            "Pagato",
            "da saldare; Pagamento non ricevuto; Fattura aperta; in attesa di incasso",
        ),
        ("status", "Betaald", "te betalen; Betaling niet ontvangen; Factuur open; niet voldaan"),
        (
            "status",
            "Opłacone",
            "Do zapłaty; Nie otrzymano płatności; brak wpłaty; Wymagana płatność",
        ),
        ("Cancellation", "Free cancellation", "Cancelled by guest"),
        (
            "status",
            "Delivered",
            "Undelivered; Undeliverable; Return to sender; Delivery refused; Payment on hold; Credit hold; Return accepted",
        ),
        (
            "status",
            "ok",
            "Chargeback lost; Cancelled - refund declined; Fraud check failed; Delivery failed; Payment failed - invoice resent; "
            "Refund approved; Reminder sent after payment failed; Payment failed then invoice sent; Cancelled after delivery; Payment declined; Cancelled then refunded",
        ),
        (
            "status",
            "Bezahlt",
            "Unzustellbar; Annahme verweigert; Zahlungsabbruch; Zurückgezahlt; Zurück an Absender; Retoure genehmigt; "
            "Storno wegen abgelehnter Zahlung",
        ),
        (
            "statut",
            "Livré",
            "Refusée par la banque; Retour à l'expéditeur; Renvoyé; Refus de paiement; Livraison refusée",
        ),
        (
            "estado",
            "Pagado",
            "Devuelta por el cliente; Devuelto al remitente; Devolución al remitente; Rechazado por el banco",
        ),
        ("stato", "Pagato", "Reso al mittente; Carrello abbandonato; Consegna rifiutata"),
        ("status", "Betaald", "Betaling geweigerd; Teruggestuurd; Retour afzender; Onbestelbaar"),
        ("status", "gotowe", "Zwrot towaru; Zwrot środków; Zwrot do nadawcy"),
        ("estado", "Pago", "Devolução; Devolvido; Não pago"),
        (
            "status",
            "Betald",
            "Ej betald; Avbeställd; Krediterad; Returnerad; Återköp; Återbetald",
        ),
        ("Fare type", "Return", "Cancelled"),
        *(
            (header, no, yes)
            for header, no, yes in [
                ("Disputed?", "No", "Yes"),
                ("Disputed", "false", "true"),
                ("Chargeback", "", "lost; under review"),
                ("Dispute Status", "", "lost; needs_response; under_review"),
                ("Is Fraud", "0", "1"),
                ("Fraud", "legit", "fraud"),
                ("Suspected fraud", "N", "Y"),
                ("Rückbuchung", "Nein", "Ja"),
                ("Rücklastschrift", "", "x"),
                ("Betrugsverdacht", "nein", "ja"),
                ("Litige", "Non", "Oui"),
                ("Contracargo", "No", "Sí"),
                ("Contestata", "No", "Sì"),
                ("Betwist", "Nee", "Ja"),
                ("Sporna", "Nie", "Tak"),
                ("Unpaid", "no", "yes"),
                ("Impayé", "non", "oui"),
                ("Gelöscht", "0", "1"),
                ("Rejected", "no", "yes"),
                ("Duplikat", "nein", "ja"),
                ("Invalid", "no", "yes"),
                ("Not paid", "no", "yes"),
                ("Nicht zugestellt", "nein", "ja"),
                ("Non livré", "non", "oui"),
                ("Refund requested", "no", "yes"),
                ("Storno beantragt", "nein", "ja"),
                ("Zahlungsstatus", "bezahlt", "In Rückbuchung; Rückgebucht; Rücklastschrift"),
            ]
        ),
        ("Artikel-Status", "versendet", "storniert; Retoure"),
        ("Item Status", "Shipped", "Cancelled"),
        ("Positionsstatus", "geliefert", "storniert"),
        ("Line Status", "Shipped", "Cancelled"),
        ("Product status", "", "cancelled; returned"),
        ("Statut article", "Expédié", "Annulé; Remboursé"),
        ("Estado del artículo", "Enviado", "Cancelado"),
        ("Stato articolo", "Spedito", "Annullato"),
        ("Artikelstatus", "Verzonden", "Geannuleerd"),
        ("Status produktu", "Wysłane", "Anulowane"),
        (
            "Delivery Status",
            "Delivered",
            "Not delivered; Could not be delivered; Delivery unsuccessful; Nicht zugestellt; Zustellung gescheitert; "
            "Nicht geliefert; Non livré; Échec de livraison; No entregado; Entrega fallida; Non consegnato; "
            "Mancata consegna; Niet bezorgd; Niedostarczone; Nie dostarczono",
        ),
        (
            "order_status",
            "paid",
            "Refund requested; Return requested; Return pending; refund in progress; Awaiting return; Retoure angemeldet; "
            "Rückerstattung beantragt; Retour demandé; Devolución solicitada; Reso richiesto; Retour aangevraagd; Zwrot zgłoszony",
        ),
        ("Order type", "Single purchase", "Return"),
        ("Ticket type", "Single", "Cancelled; Refunded"),
        ("Tarifart", "Flex", "Storniert"),
        ("Type de billet", "Aller simple", "Annulé; Remboursé"),
        ("Rate plan", "Free cancellation", "Cancelled"),
        ("Type de ticket", "Vente", "Annulé"),
        ("side", "Debit", "Credit"),
        ("type", "DR", "CR"),
    ]
}


@pytest.mark.parametrize(("column", "usual", "words"), NO_SALES.values(), ids=NO_SALES)
def test_words_of_no_sale_are_left_out(
    segment: Segment, column: str, usual: str, words: str
) -> None:
    wrong = words.split("; ")
    cells = "".join(f"c{i},o{i},2026-01-02,1,{w}\n" for i, w in enumerate([usual, usual, *wrong]))
    head = f"customer_id,order_id,ordered_at,amount,{column}\n"
    files = {"o.csv": head + cells, "personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}
    stopped = segment("run", "o.csv", files=files)
    assert stopped.exit_code == 3, stopped.err
    assert segment(*pasted(stopped)).customers.height == 2


def pasted(stopped: Result) -> list[str]:
    """The command that a stop prints."""
    [line] = stopped.tried
    return shlex.split(line)


# -- refunds --------------------------------------------------------------------------------------

#: the header and its two words -> spend of AX1, which has both, without the refunds and less them
RETURNED = {
    "refunds": ("Type", "Sale", "Refund"),
    "returns": ("Type", "Sale", "Return"),
    "in German": ("Belegart", "Rechnung", "Gutschrift"),
    "in French": ("Type", "Vente", "Avoir"),
    **{
        f"codes of {header}: {sale}, {refund}": (header, sale, refund)
        for header, sale, refund in (
            ("Belegart", "AR", "GS"),
            ("Belegart", "RE", "GU"),
            ("Doc type", "SI", "SC"),
            ("Document Type", "INV", "CN"),
            ("Type de pièce", "FA", "AV"),
            ("Tipo de documento", "FRA", "AB"),
            ("Tipo documento", "TD01", "TD04"),
            ("Documentsoort", "VF", "VC"),
            ("Typ dokumentu", "FV", "KOR"),
            ("Document type", "380", "381"),
        )
    },
    "in Italian": ("Tipo documento", "Vendita", "Reso"),
    "sides of a ledger": ("D/C", "D", "C"),
    "sides in German": ("Soll/Haben", "S", "H"),
}


def till(column: str, usual: str, refund: str, sign: str = "") -> str:
    def row(i: int) -> str:
        word, money = (refund, sign) if i in (5, 9) else (usual, "")
        return f"2026-01-02,{1000 + i},AX{i % 4},{word},1,{money}{10 + i}.00\n"

    return f"Date,Order,Customer,{column},Quantity,Total\n" + "".join(map(row, range(12)))


@pytest.mark.parametrize(("column", "usual", "refund"), RETURNED.values(), ids=RETURNED)
def test_refunds_written_above_zero_are_left_out_or_taken_off(
    segment: Segment, column: str, usual: str, refund: str
) -> None:
    rules = "version: 1\npersonas: {everyone: {columns: [monetary]}}\n"
    files = {"o.csv": till(column, usual, refund), "personas.yaml": rules}
    stopped = segment("run", "o.csv", files=files)
    assert (stopped.exit_code, f"{refund} (2)" in stopped.err) == (3, True), stopped.err
    left_out = segment(*pasted(stopped))
    assert spend(left_out, "AX1") == 11
    [sources] = re.findall(r"two sources in the rules: (.*)$", stopped.err, re.MULTILINE)
    taken_off = segment("run", files={"personas.yaml": f"{rules}{sources}\n"})
    assert spend(taken_off, "AX1") == 11 - 15 - 19, taken_off.err


#: a flag by which a row is a refund itself, and how it writes no and yes
FLAGGED = {
    **{f"{name} {yes}": (name, no, yes) for name in ("is_return", "Retoure") for no, yes in (("0", "1"), ("nein", "ja"), ("", "x"))},
    **{
        name: (name, "no", "yes")
        for name in (
            *("Credit Memo", "is_credit_note", "Gutschrift", "Avoir", "Nota de crédito", "Nota di credito", "Creditnota"),
            *("Es devolución", "Est un retour", "Reso", "Zwrot", "isRefund"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize(("column", "no", "yes"), FLAGGED.values(), ids=FLAGGED)
def test_rows_that_a_flag_calls_refunds_are_left_out_or_taken_off(
    segment: Segment, column: str, no: str, yes: str
) -> None:
    test_refunds_written_above_zero_are_left_out_or_taken_off(segment, column, no, yes)


def test_an_order_that_was_refunded_is_not_taken_off(segment: Segment) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": till("is_refunded", "0", "1")})
    assert (stopped.exit_code, "two sources" in stopped.err) == (3, False), stopped.err


#: beside invoices, rows below zero that are no spend, and none that is taken back -> what is said of them
SETTLED = {
    "payments": ("Type", "Invoice", "Payment"),
    "receipts": ("Type", "Invoice", "Receipt"),
    "in German": ("Belegart", "Rechnung", "Zahlung"),
    "in Spanish": ("Tipo", "Factura", "Cobro"),
    "balances": ("Type", "Sale", "Closing Balance"),
    "codes": ("doc_type", "INV", "PMT"),
}


@pytest.mark.parametrize(("column", "usual", "settled"), SETTLED.values(), ids=SETTLED)
def test_what_settles_an_invoice_is_not_taken_off(
    segment: Segment, column: str, usual: str, settled: str
) -> None:
    rows = f"1,A,2026-01-03,100,{usual}\n2,A,2026-01-04,-100,{settled}\n"
    files = {"o.csv": f"order_id,customer_id,date,amount,{column}\n{rows}"}
    stopped = segment("run", "o.csv", files=files)
    assert (stopped.exit_code, "1 row would be taken off spend" in stopped.err) == (3, True)
    assert spend(segment(*pasted(stopped)), "A") == 100


def spend(done: Result, customer: str) -> float:
    rows = done.customers.filter(customer_id=customer)
    return float(rows["monetary"].item())


#: amounts as spreadsheets write them: what was paid, and what was paid back of it
SIGNED = {
    "sign, blank, minus": ("€ 50,00", "€ -10,00"),
    "sign, minus, blank": ("€ 50,00", "€- 10,00"),
    "minus, sign": ("€ 50,00", "-€ 10,00"),
    "code": ("EUR 50.00", "EUR -10.00"),
    "minus, code": ("EUR 50.00", "-EUR 10.00"),
    "dollars": ("$50.00", "$-10.00"),
    "crowns": ("kr 50,00", "kr -10,00"),
    "zloty": ("zł 50,00", "zł -10,00"),
    "francs": ("CHF 50.00", "CHF -10.00"),
}


@pytest.mark.parametrize(("paid", "back"), SIGNED.values(), ids=SIGNED)
def test_refunds_are_below_zero_however_that_is_written(
    segment: Segment, paid: str, back: str
) -> None:
    rows = f"a;1;2026-01-02;Betaald;{paid}\nb;2;2026-01-13;Betaald;{paid}\na;3;2026-01-14;Terugbetaald;{back}\n"
    gone = f"b;4;2026-01-15;Geannuleerd;{paid}\n"
    head = "customer_id;order_id;date;Status;amount\n"
    files = {"o.csv": head + rows, "p.csv": head + rows + gone}
    done = segment("run", "o.csv", files=files)
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 90), done.err
    stopped = segment("run", "p.csv")
    assert (stopped.exit_code, "--where Status!=Geannuleerd" in stopped.err.replace("'", "")) == (
        3,
        True,
    ), stopped.err
    segment("init", "--from", "p.csv")
    done = segment("run")
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 90), done.err


def test_refunds_written_below_zero_are_right(segment: Segment) -> None:
    files = {"o.csv": till("Type", "Sale", "Refund", sign="-")}
    done = segment("run", "o.csv", files=files)
    assert (done.exit_code, spend(done, "AX1")) == (0, 11 - 15 - 19), done.err


# -- amounts beside -------------------------------------------------------------------------------

#: a header of refunds and its cells for three orders of 100, 80 and 50 -> spend of ann and bob as proposed
BESIDE = {
    "Shopify": ("Refunded Amount", ("0.00", "30.00", "0.00"), (150, 50)),
    "Magento": ("Total Refunded", ("", "80.00", ""), (150, 0)),
    "BigCommerce": ("Refund Amount", ("0.00", "30.00", "0.00"), (150, 50)),
    "Clover, below zero": ("Refunds Total", ("0.00", "-30.00", ""), (150, 50)),
    "Mollie": ("Amount refunded", ("10.00", "", ""), (140, 80)),
    "German": ("Erstattung", ("0", "30", "0"), (150, 50)),
    **{
        header: (header, ("0", "15", "0"), (150, 65))
        for header in [
            "Returned Amount",
            "Returns",
            "Gutschrift",
            "Erstattungsbetrag",
            "Zwrot",
            "Retourbedrag",
            "Storno",
            "Chargeback amount",
            "Reversal",
            "Avoir",
            "Devoluciones",
            "Reso",
            "Montant remboursé",
            "Rückzahlung",
            "Teruggave",
            "Estorno",
            "Återbetalt",
            "Credited",
        ]
    },
}


def shop(header: str, cells: tuple[str, ...]) -> str:
    orders = (("1", "ann", "100.00"), ("2", "bob", "80.00"), ("3", "ann", "50.00"))
    rows = (
        f"{n},{who}@x.org,2026-01-0{n},{total},{cell}\n"
        for (n, who, total), cell in zip(orders, cells, strict=True)
    )
    return f"Order ID,Email,Created at,Total,{header}\n" + "".join(rows)


@pytest.mark.parametrize(("header", "cells", "sums"), BESIDE.values(), ids=BESIDE)
def test_refunds_beside_an_amount_stop_the_run(
    segment: Segment, header: str, cells: tuple[str, ...], sums: tuple[float, float]
) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": shop(header, cells)})
    assert (stopped.exit_code, f"{header} holds what was paid back" in stopped.err) == (3, True), (
        stopped.err
    )
    done = segment(*pasted(stopped))
    found = done.customers
    assert float(found["monetary"].sum()) == sum(sums), done.err


#: a header by which a row may be a refund, and how it writes no and yes
FLAGS_OF_REFUNDS = [
    ("is_refund", "0", "1"),
    ("Refunded", "0", "1"),
    ("Refunds", "", "1"),
    ("Return", "0", "1"),
    ("isRefunded", "0.0", "1.0"),
    ("refund", "0", "-1"),
    ("Chargeback", "0", "1"),
    ("Rückerstattung", "0", "1"),
    ("partially_refunded", "0", "1"),
    ("Refund flag", "no", "yes"),
]


@pytest.mark.parametrize(("header", "no", "yes"), FLAGS_OF_REFUNDS)
def test_a_flag_of_refunds_is_no_money(segment: Segment, header: str, no: str, yes: str) -> None:
    files = {"o.csv": shop(header, (no, yes, no))}
    stopped = segment("run", "o.csv", files=files)
    assert (stopped.exit_code, "paid back" in stopped.err) == (3, False), stopped.err
    done = segment(*pasted(stopped))
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 150), done.err
    assert segment("init", "--from", "o.csv").exit_code == 0
    assert f"amount: Total - {header}" not in Path("personas.yaml").read_text()


NOT_BESIDE = {
    "nothing paid back": ("Refunded Amount", ("0.00", "", "0"), []),
    "another thing": ("Refund reason", ("5", "", "7"), []),
    "how many came back": ("Returns", ("0", "2", "1"), []),
    "who came back": ("Returning customer", ("0", "30", "1"), []),
    "which parcel came back": ("Return tracking no", ("0", "77", "78"), []),
    "more than was paid": ("Storno", ("0", "300", "0"), []),
    "a fee for it": ("Stornogebühr", ("0.00", "2.50", "2.50"), []),
    "an insurance of it": ("refund_insurance", ("2.50", "0.00", "2.50"), []),
    "what it would be": ("Refundable amount", ("30", "0", "30"), []),
    "a declared amount": ("Refunded Amount", ("0.00", "30.00", ""), ["--map", "amount=Total"]),
}


@pytest.mark.parametrize(("header", "cells", "options"), NOT_BESIDE.values(), ids=NOT_BESIDE)
def test_refunds_that_are_none_or_decided_run(
    segment: Segment, header: str, cells: tuple[str, ...], options: list[str]
) -> None:
    done = segment("run", "o.csv", *options, files={"o.csv": shop(header, cells)})
    assert done.exit_code == 0, done.err


def test_one_command_decides_everything(segment: Segment) -> None:
    rows = (
        "Order ID,Email,Created at,Total,Amount Refunded,Status,Test,Order Currency Code\n"
        "1,ann@x.org,2026-01-02,100,0,Paid,no,EUR\n2,bob@x.org,2026-01-03,80,30,Refunded,no,EUR\n"
        "3,ann@x.org,2026-01-04,50,0,Failed,no,EUR\n4,ann@x.org,2026-01-04,50,0,Paid,yes,EUR\n"
        "5,ann@x.org,2026-01-04,50,0,Paid,no,USD\nTotal,Total,2026-01-05,330,30,Paid,no,EUR\n"
    )
    stopped = segment("run", "o.csv", files={"o.csv": rows})
    assert (stopped.exit_code, stopped.err.count("Try:")) == (3, 1), stopped.err
    done = segment(*pasted(stopped))
    assert (spend(done, "ann@x.org"), spend(done, "bob@x.org")) == (100, 50), done.err
    assert done.customers.height == 2


CENTS = {
    "cents": ("amount_cents", "1999", True),
    "cents in text": ("amount_in_cents", "-200", True),
    "minor units": ("price_minor", "1999", True),
    "not whole": ("amount_cents", "2.00", False),
    "no cents": ("accent", "1999", False),
}


@pytest.mark.parametrize(("header", "cell", "is_said"), CENTS.values(), ids=CENTS)
def test_a_declared_amount_in_cents_is_said(
    segment: Segment, header: str, cell: str, is_said: bool
) -> None:
    rows = f"customer_id,order_id,date,{header}\nc1,1,2026-01-02,300\nc2,2,2026-01-03,{cell}\n"
    done = segment("run", "o.csv", "--map", f"amount={header}", files={"o.csv": rows})
    assert done.exit_code == 0, done.err
    assert (f"amount='{header} / 100'" in done.err) is is_said


# -- currencies -----------------------------------------------------------------------------------

CURRENCIES = [
    *(
        "currency_id",
        "Currency (3-letter)",
        "amount_currency",
        "iso_code",
        "Waluta",
        "munt",
        "curr",
        "X",
    ),
    "Order Currency Code",
    "WKZ",
    "Ccy",
    "Cur",
    "Währung",
    "Codice valuta",
    "Devise",
]


@pytest.mark.parametrize("header", CURRENCIES)
def test_several_currencies_stop_under_whatever_name(segment: Segment, header: str) -> None:
    rows = {"o.csv": orders(header, "EUR", "USD", "EUR")}
    stopped = segment("run", "o.csv", files=rows)
    assert (stopped.exit_code, f"{header} holds EUR (2), USD (1)" in stopped.err) == (3, True)
    assert segment(*pasted(stopped)).customers.height == 2


def test_a_rate_of_currencies_is_none(segment: Segment) -> None:
    done = segment("run", "o.csv", files={"o.csv": orders("Currency Rate", "1.1", "0.9")})
    assert done.exit_code == 0, done.err


# -- totals ---------------------------------------------------------------------------------------

TOTALS = {
    "Total": ["Total"],
    "Grand Total": ["Grand Total"],
    "German": ["Summe"],
    "French": ["Total général"],
    "LibreOffice": ["c0 Result", "c1 Result", "Total Result"],
    "German subtotals": ["c0 Ergebnis", "Gesamtergebnis"],
    "French subtotals": ["Total c0", "Total c1", "Total général"],
    "before the name, in German": ["Zwischensumme c0", "Summe c1", "Gesamtsumme"],
    "before the name, in English": ["Subtotal c0", "Sub-total c1", "Grand total"],
    "before the name, in French": ["Sous-total c0", "Sous-total c1"],
    "QuickBooks": ["Total for c0", "Total for c1", "TOTAL"],
    "with a colon": ["Total: c0", "c1 Total:", "TOTAL:"],
    "SAP": ["Overall Result"],
    "a sum": ["Sum"],
    "in Swedish": ["Summa c0", "Summa"],
    "in Portuguese": ["Total de c0", "Total geral"],
}
SALES = "".join(f"c{i % 3},{i},2026-01-0{i % 9 + 1},{10 + i}.00\n" for i in range(10))


@pytest.mark.parametrize("names", TOTALS.values(), ids=TOTALS)
def test_rows_of_totals_stop_the_run(segment: Segment, names: list[str]) -> None:
    last = "".join(f"{name},,2026-01-31,145.00\n" for name in names)
    rows = f"customer_id,order_id,date,amount\n{SALES}{last}"
    stopped = segment("run", "o.csv", files={"o.csv": rows})
    counted = "1 row adds up" if len(names) == 1 else f"{len(names)} rows add up"
    assert (stopped.exit_code, counted in stopped.err) == (3, True), stopped.err
    done = segment(*pasted(stopped))
    assert float(done.customers["monetary"].sum()) == 145, done.err


NO_TOTALS = [
    "Hotel Total",
    "Total Wine Ltd",
    "Totaline",
    "Resultat GmbH",
    "Overall Ltd",
    "Total for You",
    "Dim Sum",
]


def test_who_is_called_like_a_total_is_a_customer(segment: Segment) -> None:
    last = "".join(f"{name},,2026-01-31,1.00\n" for name in NO_TOTALS)
    done = segment(
        "run", "o.csv", files={"o.csv": f"customer_id,order_id,date,amount\n{SALES}{last}"}
    )
    assert (done.exit_code, done.customers.height) == (0, 3 + len(NO_TOTALS)), done.err


def test_a_total_that_is_a_customer_is_signed_for(segment: Segment) -> None:
    rows = f"customer_id,order_id,date,amount\n{SALES}Total,,2026-01-31,1.00\n"
    door = ("--where", "customer_id!=")
    done = segment("run", "o.csv", *door, files={"o.csv": rows})
    assert (done.exit_code, done.customers.height) == (0, 4), done.err


# -- one file in two sources ----------------------------------------------------------------------

#: the `where` of two sources of one file -> whether no row can count in both
TWICE = {
    "a word and all others": ("{Type: {is_not: Refund}}", "{Type: Refund}", True),
    "beside another choice": (
        "{Type: {none_of: [Refund, Void]}, Total: {at_least: 1}}",
        "{Type: Refund}",
        True,
    ),
    "two words": ("{Type: Sale}", "{Type: [Refund, Return]}", True),
    "a word that both have": ("{Type: [Sale, Refund]}", "{Type: [Refund, Return]}", False),
    "columns that say nothing of each other": ("{Type: Sale}", "{Order: 1005}", False),
    "one chooses nothing": ("{Type: {missing: false}}", "{Type: Refund}", False),
}


@pytest.mark.parametrize(("one", "other", "is_read"), TWICE.values(), ids=TWICE)
def test_a_file_of_two_sources_is_read_where_no_row_counts_twice(
    segment: Segment, one: str, other: str, is_read: bool
) -> None:
    sources = f"[{{path: o.csv, where: {one}}}, {{path: ./o.csv, where: {other}}}]"
    rules = f"version: 1\nsources: {{transactions: {sources}}}\npersonas: {{everyone: {{}}}}\n"
    notices = "notices: {unchosen-rows: off}\n"
    files = {"o.csv": till("Type", "Sale", "Refund"), "personas.yaml": rules + notices}
    done = segment("run", files=files)
    assert (done.exit_code, "the file is listed twice" in done.err) == (
        (0, False) if is_read else (3, True)
    ), done.err


def test_a_flag_in_parquet_is_one(segment: Segment) -> None:
    rows = {
        "order_id": ["o1", "o2"],
        "customer_id": ["a", "b"],
        "ordered_at": [date(2026, 1, 2)] * 2,
        "amount": [1.0, 2.0],
        "is_refunded": [False, True],
    }
    pl.DataFrame(rows).write_parquet("o.parquet")
    stopped = segment("run", "o.parquet")
    assert (stopped.exit_code, "is_refunded holds false (1), true (1)" in stopped.err) == (3, True)
    assert segment(*pasted(stopped)).customers["customer_id"].to_list() == ["a"]


#: what stands beside a total of 10 that is declared less it -> whether it stops, and spend where it does not
TAKEN_OFF = {
    "above zero": ("3.00", 0, 7.0),
    "nothing": ("", 0, 10.0),
    "below zero": ("-3.00", 3, None),
    "in brackets": ("(3.00)", 3, None),
    "a minus behind": ("3.00-", 3, None),
}


@pytest.mark.parametrize(("cell", "code", "spend"), TAKEN_OFF.values(), ids=TAKEN_OFF)
def test_refunds_below_zero_that_are_taken_off_stop_the_run(
    segment: Segment, cell: str, code: int, spend: float | None
) -> None:
    row = f"a,2026-01-02,o1,10.00,{cell}\n"
    files = {"o.csv": f"customer_id,ordered_at,order_id,Total,Refunded\n{row}"}
    done = segment("run", "o.csv", "--map", "amount=Total - Refunded", files=files)
    assert done.exit_code == code, done.err
    if spend is not None:
        assert float(done.customers["monetary"].sum()) == spend
        return
    assert "Refunded is taken off the amount, and is below zero in 1 row" in done.err
    assert "columns: {amount: Total + Refunded}" in done.err
    mended = segment("run", "o.csv", "--map", "amount=Total + Refunded")
    assert (mended.exit_code, float(mended.customers["monetary"].sum())) == (0, 7.0)


#: a flag of disputes, and how they ended -> what is printed, and what is left
DISPUTES = {
    "lost and won": (
        "Disputed,Dispute Status",
        "true,lost",
        "true,won",
        "'Dispute Status!=lost'",
        70,
    ),
    "all won": ("Disputed,Dispute Status", "true,won", "true,won", "", 120),
    "the outcome first": (
        "Dispute Status,Disputed",
        "lost,true",
        "won,true",
        "'Dispute Status!=lost'",
        70,
    ),
    "a chargeback": (
        "Chargeback,Dispute outcome",
        "1,lost",
        "1,won",
        "'Dispute outcome!=lost'",
        70,
    ),
    "in Spanish": (
        "Contracargo,Estado contracargo",
        "Sí,perdido",
        "Sí,ganado",
        "'Estado contracargo!=perdido'",
        70,
    ),
    "no outcome": (
        "Disputed,Dispute Status",
        "true,lost",
        "true,",
        "'Disputed!=true' 'Dispute Status!=lost'",
        0,
    ),
    "fraud is another thing": (
        "Fraud,Dispute Status",
        "no,lost",
        "yes,won",
        "Fraud!=true 'Dispute Status!=lost'",
        0,
    ),
}


@pytest.mark.parametrize(
    ("head", "one", "other", "where", "money"), DISPUTES.values(), ids=DISPUTES
)
def test_how_a_dispute_ended_is_asked_before_its_flag(
    segment: Segment, head: str, one: str, other: str, where: str, money: float
) -> None:
    """Of what is pasted, too: a flag beside what rows are chosen by is not asked afterwards."""
    rows = f"customer_id,date,amount,{head}\na,2026-01-03,50.00,{one}\nb,2026-01-04,70.00,{other}\n"
    rows += "c,2026-01-05,1.00,,\n"
    files = {"o.csv": rows, "personas.yaml": EVERYONE}
    done = segment("run", "o.csv", files=files)
    if where:
        [pasted] = {*done.tried}
        asked = [w for flag, w in itertools.pairwise(shlex.split(pasted)) if flag == "--where"]
        assert (done.exit_code, sorted(asked)) == (3, sorted(shlex.split(where))), done.err
        done = segment(*shlex.split(pasted))
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money + 1), done.err
    assert segment("init", "x", "--from", "o.csv").exit_code == 0
    written = Path("x/personas.yaml").read_text()
    assert ("    where:\n" in written) == bool(where)
    assert ("Disputed: " in written) == ("Disputed" in where)
