"""What the names of columns say that an amount lacks: refunds to take off, the other side of a ledger, cents.

Whether the column holds anything is for those to see who ask; what is written is a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.contents import words_in
from segmentation.sources.columns.state_words import words

#: beginnings of words for what was paid back
_REFUNDS: Final = tuple(
    words("""
    refund return gutschrift erstatt ruckerstatt rembours avoir reembols devolu rimbors terugbeta
    terugbetal restitu zwrot zwroc
""")
)
#: words for what is no money, or that of something else
_NO_MONEY: Final = words("""
    id ids date datum at on time day count qty quantity menge anzahl items pieces number no nr reason
    grund status state type by name note method currency url policy rate percent pct window deadline
    tax taxes vat steuer shipping versand fee fees label reference ref rma days allowed eligible
""")
_DEBIT: Final = words("debit debits soll debet debe dare belastung af")
_CREDIT: Final = words("credit credits haben haber avere bij")
_CENTS: Final = words("""
    cent cents minor pence penny centimes centime centavos centimos céntimos centesimi grosze öre øre
    subunits subunit kopecks
""")


def _squeezed(name: str) -> list[str]:
    return [squeezed(word) for word in words_in(name)]


def tells_refunds(name: str) -> bool:
    """Whether a column may hold what was paid back.

    >>> tells_refunds("Refunded Amount"), tells_refunds("Refund reason"), tells_refunds("Total")
    (True, False, False)
    """
    said = _squeezed(name)
    is_refund = any(word.startswith(_REFUNDS) for word in said)
    return is_refund and not any(word in _NO_MONEY for word in said)


def tells_cents(name: str) -> bool:
    """Whether a column of whole numbers is in cents.

    >>> tells_cents("amount_in_cents"), tells_cents("priceMinor"), tells_cents("percentage")
    (True, True, False)
    """
    return any(word in _CENTS for word in _squeezed(name))


def sides_of(amount: str, names: Sequence[str]) -> tuple[str, str] | None:
    """The columns of credit and debit of which an amount is one; None where it has no other side.

    >>> sides_of("Gross Credit (GC)", ["Gross Debit (GC)", "Gross Credit (GC)", "Net Debit (NC)"])
    ('Gross Credit (GC)', 'Gross Debit (GC)')
    """
    for mine, other, credit_first in ((_CREDIT, _DEBIT, True), (_DEBIT, _CREDIT, False)):
        rest = _without(amount, mine)
        if rest is not None:
            found = next((n for n in names if n != amount and _without(n, other) == rest), None)
            if found is not None:
                return (amount, found) if credit_first else (found, amount)
    return None


def _without(name: str, side: frozenset[str]) -> list[str] | None:
    """The words of a name but that of a side; None where it has none."""
    said = _squeezed(name)
    if not any(word in side for word in said):
        return None
    return [word for word in said if word not in side]


def less(amount: str, other: str, *, is_negative: bool) -> str:
    """The formula of an amount without another column, which may be written as what is negative."""
    return f"{amount} {'+' if is_negative else '-'} {other}"


def in_units(formula: str) -> str:
    """The formula of what is in cents, in whole units."""
    return f"({formula}) / 100" if " - " in formula or " + " in formula else f"{formula} / 100"
