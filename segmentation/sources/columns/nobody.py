"""Ids that name nobody in particular: a guest account, a till's own card."""

from __future__ import annotations

from typing import Final

from segmentation.sources.columns.missing import NOBODY

#: ids that name nobody in particular: numbers, and words in small letters
NUMBERS: Final = ("0", "-1", "00000")
WORDS: Final = [
    "guest",
    "guest_checkout",
    "guest_customer",
    "anonymous",
    "unknown",
    "walk_in",
    "walk_in_customer",
    "cash",
    "cash_sale",
    "cash_sales",
    "cash_customer",
    "counter_sale",
    "pos",
    "dummy",
    "test",
    "noname",
    "sundry",
    "various",
    "gast",
    "gastkunde",
    "anonym",
    "unbekannt",
    "laufkunde",
    "laufkundschaft",
    "barverkauf",
    "barkunde",
    "kasse",
    "diverse",
    "tageskunde",
    "einmalkunde",
    "invité",
    "inconnu",
    "passage",
    "client_de_passage",
    "client_comptoir",
    "comptoir",
    "vente_comptoir",
    "divers",
    "invitado",
    "anónimo",
    "desconocido",
    "contado",
    "cliente_contado",
    "venta_contado",
    "mostrador",
    "público_general",
    "ospite",
    "anonimo",
    "sconosciuto",
    "contanti",
    "cliente_generico",
    "cliente_occasionale",
    "banco",
    "onbekend",
    "passant",
    "contant",
    "losse_verkoop",
    "kassa",
    "balieverkoop",
    "gość",
    "nieznany",
    "klient_detaliczny",
    "detal",
]
SPELT: Final = frozenset(word.replace("_", sign) for word in WORDS for sign in ("", " ", "-", "_"))


def is_nobody(text: str | None) -> bool:
    """Whether a cell of ids names nobody in particular, or holds nothing.

    >>> is_nobody("0"), is_nobody("Guest"), is_nobody(None), is_nobody("10")
    (True, True, True, False)
    """
    plain = (text or "").strip().lower()
    return not plain or plain in NUMBERS or plain in SPELT | NOBODY
