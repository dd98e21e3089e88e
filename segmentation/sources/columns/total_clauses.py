"""What stands beside a word for totals and says nothing of whether it is one: brackets, currencies, tax, the order.

`Order total (2 items)`, `Importe total con IVA` and `Zu zahlen in EUR` are `total`, `total` and `zu zahlen`.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from segmentation.sources.columns.currencies import CODES, CURRENCIES


def _any_of(words: str) -> str:
    """A pattern for one of some words, the longest first; an underscore joins two."""
    found = sorted(words.split(), key=len, reverse=True)
    return rf"({'|'.join(re.escape(word).replace('_', ' ') for word in found)})"


#: what says that tax is in a total, or is not
_WITH: Final = _any_of("""
    incl inkl inc excl exkl excluding including includes inclusive exclusive with without before after plus of_which
    inklusive exklusive einschl einschließlich ohne mit vor nach zzgl zuzüglich
    sans avec hors toutes avant après y_compris hors_la con sin antes_de después_de más
    senza esclusa più met zonder exclusief inclusief vóór na z bez bez_podatku po_podatku z_podatkiem
    uten utan med ekskl eksl sis alv s včetně с без cu fără
""")
_TAX: Final = _any_of("""
    tax taxes vat gst hst pst qst sales_tax mwst mehrwertsteuer ust umsatzsteuer steuer steuern tva taxe iva
    impuestos impuesto imposte tasse btw belasting vat-em vatu podatku podatkiem ptu moms mva alv áfa dph kdv ндс
    shipping delivery versand versandkosten livraison envío spedizione verzendkosten wysyłką
""")
_IN_IT: Final = _any_of("""
    incl inkl inc excl exkl included excluded extra inklusive exklusive enthalten inbegriffen comprise comprises
    incluse incluses incluida incluido incluidos excluido inclusa incluso inclusi esclusa esclusi
    inbegrepen inclusief exclusief wliczony wliczone dahil hariç mukana
""")
_AND: Final = _any_of("and und et y e en i och og & +")
_CURRENCY: Final = _any_of(" ".join(CODES))
_SIGN: Final = "|".join(
    re.escape(s) for s in CURRENCIES if not s.isascii() or s in {"$", "KR", "ZL"}
)
#: what is left out of a text, one after another
_BESIDE: Final = (
    r"[(\[{][^)\]}]*[)\]}]?",
    r"\d+([.,]\d+)? ?%",
    rf"[,;/–-]?( in| en| w)? *\b{_CURRENCY}\b\.?",
    rf"(?i)[,;/–-]?( in| en| w)? *({_SIGN}|\beuros?)\.?:?\s*$",
    rf"(?i)[,;/–-]? *\b{_WITH}\.?( [^\W\d_]+\.?)?[ .]+{_TAX}\b\.?( {_IN_IT}\b)?( {_AND} {_TAX}\b)*",
    rf"(?i)[,;/–-]? *\b{_TAX}\b\.? *{_IN_IT}\b\.?",
    r"(?i)[,;/–-]? *\b(ttc|ht|htva|h\.t\.?|t\.t\.c\.?|netto|brutto|bruto|neto|net|gross|lordo)\s*[:.]?\s*$",
    r"[\s:=*.,;–-]+$",
)


def bare(text: pl.Expr) -> pl.Expr:
    """A text without what stands beside a word for totals."""
    for clause in _BESIDE:
        text = text.str.replace_all(clause, " ")
    return text.str.strip_chars()


def bare_text(text: str) -> str:
    """The same of one text.

    >>> bare_text("Order total (2 items), incl. 20 % VAT"), bare_text("Net à payer TTC : ")
    ('Order total', 'Net à payer')
    """
    for clause in _BESIDE:
        text = re.sub(clause, " ", text)
    return text.strip()
