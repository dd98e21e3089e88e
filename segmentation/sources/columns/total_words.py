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

#: ids that are totals
_TOTALS: Final = words("""
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
    do_zapłaty kwota_do_zapłaty podsumowanie wartość_netto wartość_brutto suma_zamówienia wartość_zamówienia kwota_całkowita razem_do_zapłaty kwota_do_zapłaty podsumowanie wartość_netto wartość_brutto suma_netto suma_brutto
""")
#: how an id ends, or begins, that may be one: the quick look before `_is_total`
_ENDS: Final = (
    r"(?i)(totals?|totale|totales|totali|totaal|totaux|totalt|sums?|summen?|summa|somme|somma|suma|soma|gesamt|"
    r"insgesamt|ergebnis|results?|overall|r[ée]sultat|resultado|risultato|resultaat|razem|łącznie|ogółem|geral|"
    r"g[ée]n[ée]ral|generale|complessivo|końcowa|(end|gesamt|rechnungs|zahl)betrag|(totaal|eind)bedrag|amount due|total due|"
    r"zu zahlen|à payer|a pagar|da pagare|te betalen|do zapłaty):?\s*$"
)
_BEGINS: Final = (
    r"(?i)^\s*((grand |sub[- ]?|sous[- ]|zwischen|end|gesamt|teil|del|sum[- ]?)?"
    r"(totals?|totale|totaal|total|sum|summe|summa|somme|suma|soma|somma|ergebnis)|razem|result|overall|gesamt|(end|gesamt|rechnungs|zahl)betrag)"
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
    return squeezed(text) in _TOTALS


def speaks_of_totals(text: pl.Expr) -> pl.Expr:
    """Whether a text is a word for totals, or begins or ends with one."""
    bare = text.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return bare.is_in(sorted(_TOTALS)) | text.str.contains(_ENDS) | text.str.contains(_BEGINS)


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
