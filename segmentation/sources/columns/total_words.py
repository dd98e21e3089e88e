"""Ids that are totals: words for one, and those with another id behind, or before, them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from segmentation.rules.operators import ENDS_WITH, IS, STARTS_WITH
from segmentation.rules.word_tests import none_of
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.state_words import words
from segmentation.sources.columns.total_clauses import bare, bare_text

#: ids that are totals
_WORDS: Final = words("""
    total totals grand_total sub_total overall_total total_result grand_result report_total sum_total
    sum sums overall overall_result overall_sum result results grand_sum total_sum all_customers total_for
    summe summen gesamt gesamtsumme zwischensumme endsumme insgesamt gesamtergebnis teilergebnis summe_gesamt
    total_général total_general somme sous-total sous_total totaux résultat_total
    suma suma_total totales total_resultado gran_total
    totale totale_complessivo totale_generale subtotale somma risultato_totale
    totaal eindtotaal subtotaal generaal_totaal
    razem suma_końcowa suma_częściowa łącznie ogółem
    soma total_geral subtotais summa totalt delsumma totalsumma
    order_total invoice_total total_amount total_due amount_due total_to_pay items_total total_incl_tax
    total_incl_vat balance_due invoice_amount order_amount amount_payable total_excl_vat total_including_tax total_excluding_tax net_total gross_total
    endbetrag gesamtbetrag rechnungsbetrag rechnungssumme zahlbetrag nettosumme bruttosumme nettobetrag
    bruttobetrag warenwert zu_zahlen summe_netto summe_brutto gesamtpreis auftragssumme
    total_ht total_ttc montant_total montant_ht montant_ttc net_à_payer total_à_payer total_commande sous-total_ht
    importe_total total_a_pagar base_imponible suma_parcial total_pedido
    importo_totale totale_ordine totale_da_pagare imponibile totale_parziale
    totaalbedrag eindbedrag factuurbedrag te_betalen totaal_te_betalen tussentotaal totaal_excl_btw totaal_incl_btw
    do_zapłaty kwota_do_zapłaty podsumowanie wartość_netto wartość_brutto suma_zamówienia wartość_zamówienia kwota_całkowita razem_do_zapłaty suma_netto suma_brutto
    à_payer à_régler reste_à_payer solde_à_payer zu_bezahlen zahlungsbetrag a_pagar da_pagare totaal_verschuldigd
    carried_forward brought_forward carry_forward carried_over balance_carried_forward balance_brought_forward
    übertrag à_reporter report_à_nouveau suma_y_sigue riporto a_riportare do_przeniesienia z_przeniesienia
    to_pay total_payable amount_to_pay amount_total total_price total_value total_cost total_sum
    gesamtkosten gesamtwert summe_aller_positionen prix_total precio_total valor_total prezzo_totale totaalprijs
    cena_całkowita wartość_całkowita suma_całkowita do_zapłacenia
    att_betala summa_att_betala at_betale i_alt ialt total_at_betale beløb_i_alt å_betale sum_å_betale totalbelopp totalbeløb
    yhteensä loppusumma välisumma maksettava maksettavaa összesen végösszeg részösszeg fizetendő fizetendő_összesen
    celkem celkem_k_úhradě k_úhradě mezisoučet součet spolu k_úhrade medzisúčet total_de_plată de_plată
    toplam genel_toplam ara_toplam ödenecek_tutar toplam_tutar ukupno za_plaćanje skupaj za_plačilo iš_viso kopā kokku
    итого всего итог сумма к_оплате итого_к_оплате общая_сумма разом всього усього до_сплати общо всичко
    σύνολο γενικό_σύνολο υποσύνολο 合計 小計 総計 总计 合计 小计 합계 총액
""")
#: what is added up, and the words behind, or before, it
_OF_ORDERS: Final = (
    (
        "order invoice bill cart basket purchase receipt document",
        "total totals subtotal amount sum value grand_total total_amount total_due",
    ),
    (
        "auftrags bestell rechnungs warenkorb beleg bon",
        "summe betrag wert gesamtsumme gesamtbetrag endbetrag",
    ),
    (
        "total montant somme valeur",
        "commande de_la_commande facture de_la_facture panier du_panier",
    ),
    ("total importe suma valor", "pedido del_pedido factura de_la_factura compra de_la_compra"),
    ("totale importo somma", "ordine dell'ordine fattura della_fattura documento carrello"),
    ("order factuur bestel bon", "totaal bedrag subtotaal totaalbedrag"),
    ("totaal bedrag", "order bestelling factuur winkelwagen"),
    ("suma wartość razem kwota", "zamówienia faktury koszyka paragonu"),
)
_TOTALS: Final = _WORDS | {
    squeezed(f"{first} {last}")
    for firsts, lasts in _OF_ORDERS
    for first in firsts.split()
    for last in lasts.split()
}
#: how an id ends, or begins, that may be one: the quick look before `_is_total`
_ENDS: Final = (
    r"(?i)(totals?|totale|totales|totali|totaal|totaux|totalt|sums?|summen?|summa|somme|somma|suma|soma|gesamt|"
    r"insgesamt|ergebnis|results?|overall|r[ée]sultat|resultado|risultato|resultaat|razem|łącznie|ogółem|geral|"
    r"g[ée]n[ée]ral|generale|complessivo|końcowa|(end|gesamt|rechnungs|zahl)betrag|(totaal|eind)bedrag|amount due|total due|"
    r"zu zahlen|à payer|a pagar|da pagare|te betalen|do zapłaty|to pay|att betala|at betale|å betale|"
    r"i alt|yhteensä|összesen|fizetendő|celkem|k úhradě|toplam|ukupno|skupaj|итого|всего|к оплате|разом|всього|общо|σύνολο|合計|小計|总计|合计|합계):?\s*$"
)
_BEGINS: Final = (
    r"(?i)^\s*((order |invoice |cart |grand |sub[- ]?|sous[- ]|zwischen|end|gesamt|teil|del|sum[- ]?)?"
    r"(totals?|totale|totaal|total|sum|summe|summa|somme|suma|soma|somma|ergebnis)|razem|result|overall|gesamt|(end|gesamt|rechnungs|zahl)betrag|celkem|yhteensä|összesen|toplam|итого|всего)"
    r"(:| of| for| für| fuer| von| de| du| pour| per| di| voor| van| för| dla)?:? "
)

#: a line that tells again which part of a total is tax: `inkl. 19 % MwSt`
_TAX_IN_IT: Final = (
    r"(?i)^\W*(inkl|incl|inclu|includ|davon|darin|enthalten|of which|thereof|dont|di cui|waarvan|w tym)"
    r".*(mwst|ust|steuer|vat|tax|tva|iva|btw)"
)


def totals_in(customers: pl.Series) -> frozenset[str]:
    """The ids that are totals. Numbers are none; most texts are passed over at their last letter."""
    if customers.dtype.is_numeric():
        return frozenset()
    ids = customers.cast(pl.String)
    likely = ids.filter(ids.str.contains(_ENDS) | ids.str.contains(_BEGINS)).to_list()
    parts = {part for text in likely for part in _parted(text)}
    known = frozenset(ids.filter(ids.is_in(list(parts)))) if parts else frozenset()
    return frozenset(t for t in likely if is_total(t) or known & {*_parted(t)})


def is_total(text: str) -> bool:
    """Whether an id is a word for a total."""
    return squeezed(text) in _TOTALS or squeezed(bare_text(text)) in _TOTALS


def speaks_of_totals(text: pl.Expr) -> pl.Expr:
    """Whether a text is a word for totals, or begins or ends with one."""
    return text.map_batches(_speaking, return_dtype=pl.Boolean, is_elementwise=True)


def _speaking(texts: pl.Series) -> pl.Series:
    """The same of a series: each text is looked at once, as items are sold again and again."""
    text = pl.col("text")
    rows = texts.alias("text").to_frame()
    each = rows.unique().with_columns((_speaks(text) | _speaks(bare(text))).alias("speaks"))
    return rows.join(each, on="text", how="left", nulls_equal=True, maintain_order="left")["speaks"]


def are_totals(text: pl.Expr) -> pl.Expr:
    """Whether texts are words for totals, and nothing else."""
    letters = text.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return letters.is_in(sorted(_TOTALS))


def _speaks(text: pl.Expr) -> pl.Expr:
    return are_totals(text) | text.str.contains(_ENDS) | text.str.contains(_BEGINS)


def tells_a_part(text: pl.Expr) -> pl.Expr:
    """Whether a text says that its amount is tax which a total holds already."""
    return text.str.contains(_TAX_IN_IT)


def _parted(text: str) -> tuple[str, ...]:
    """What an id is without its first words, and without its last, if these are words of totals."""
    before, _, last = text.rpartition(" ")
    began = re.match(_BEGINS, text)
    behind = [text[began.end() :]] if began else []
    return tuple(filter(None, [*behind, *([before] if re.search(_ENDS, last) else [])]))


def _beginning(text: str) -> str:
    """The first words of an id that begins like a total."""
    began = re.match(_BEGINS, text)
    return began[0] if began else text


def without_totals(column: str, found: Sequence[str]) -> dict[str, Any]:
    """What chooses all rows but these: by name, or by how ids end or begin that hold another."""
    named = [text for text in found if is_total(text)]
    if len(named) == len(found):
        return {column: none_of(named)}
    parts = [text for text in found if text not in named]
    behind = dict.fromkeys(" " + t.rpartition(" ")[2] for t in parts if re.search(_ENDS, t))
    before = dict.fromkeys(_beginning(t) for t in parts if not re.search(_ENDS, t))
    tests: list[Any] = [{ENDS_WITH.name: text} for text in behind]
    tests += [{STARTS_WITH.name: text} for text in before]
    rest = [t for t in named if not t.endswith((*behind,)) and not t.startswith((*before,))]
    tests += [{IS.name: text} for text in rest]
    every = [{column: test} for test in tests]
    return {"not": {"any": every} if len(every) > 1 else every[0]}
