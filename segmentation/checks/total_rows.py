"""Rows of totals among the sales: who is called `Grand Total`, or as another customer with `Total` behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from segmentation.checks.stops import Input, Stop
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.rules.operators import ENDS_WITH, IS, IS_NOT, NONE_OF, STARTS_WITH
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.state_words import words
from segmentation.sources.columns.states import said_of

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
""")
#: how an id ends, or begins, that may be one: the quick look before `_is_total`
_ENDS: Final = (
    r"(?i)(totals?|totale|totales|totali|totaal|totaux|totalt|sums?|summen?|summa|somme|somma|suma|soma|gesamt|"
    r"insgesamt|ergebnis|results?|overall|r[ée]sultat|resultado|risultato|resultaat|razem|łącznie|ogółem|geral|"
    r"g[ée]n[ée]ral|generale|complessivo|końcowa):?\s*$"
)
_BEGINS: Final = (
    r"(?i)^\s*((grand |sub[- ]?|sous[- ]|zwischen|end|gesamt|teil|del|sum[- ]?)?"
    r"(totals?|totale|totaal|total|sum|summe|summa|somme|suma|soma|somma|ergebnis)|razem|result|overall)"
    r"(:| of| for| für| fuer| von| de| du| pour| per| di| voor| van| för| dla)?:? "
)
_MOST_NAMED: Final = 8


def totals(one: Input) -> Iterator[Stop]:
    """A stop for each column of customers in which some are totals of others; any where on it is the door."""
    found = [] if one.source.missing else _called_so(one.customers)
    for column in _columns(one) if found else ():
        counts = said_of(column, one.rows(column)).counts
        here = {text: number for text, number in counts.items() if text.strip() in found}
        if here:
            yield _stop(column, here, one.tally.path)


def speaks_of_totals(text: pl.Expr) -> pl.Expr:
    """Whether a text is a word for totals, or begins or ends with one."""
    bare = text.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return bare.is_in(sorted(_TOTALS)) | text.str.contains(_ENDS) | text.str.contains(_BEGINS)


def _columns(one: Input) -> list[str]:
    """The file's columns of customers that nobody asked which rows count."""
    recipes = [part.recipe for part in one.tally.parts]
    free = (
        column
        for recipe in recipes
        for column in recipe.columns.canonical["customer_id"]
        if column not in recipe.choosing
    )
    return list(dict.fromkeys(free))


def _called_so(customers: pl.Series) -> frozenset[str]:
    """The ids that are totals. Numbers are none; most texts are passed over at their last letter."""
    if customers.dtype.is_numeric():
        return frozenset()
    ids = customers.cast(pl.String)
    likely = ids.filter(ids.str.contains(_ENDS) | ids.str.contains(_BEGINS)).to_list()
    parts = {part for text in likely for part in _parted(text)}
    known = frozenset(ids.filter(ids.is_in(list(parts)))) if parts else frozenset()
    return frozenset(t for t in likely if squeezed(t) in _TOTALS or known & {*_parted(t)})


def _parted(text: str) -> tuple[str, ...]:
    """What an id is without its first words, and without its last, if these are words of totals."""
    before, _, last = text.rpartition(" ")
    began = re.match(_BEGINS, text)
    behind = [text[began.end() :]] if began else []
    return tuple(filter(None, [*behind, *([before] if re.search(_ENDS, last) else [])]))


def _stop(column: str, counts: Mapping[str, int], path: str) -> Stop:
    tests = _without(column, [text.strip() for text in counts])
    rows = sum(counts.values())
    named = [text.strip() for text in counts if squeezed(text) in _TOTALS]
    others = len(counts) - len(named)
    shown = [
        *named[:_MOST_NAMED],
        *([counted(others, "total") + " of one customer"] if others else []),
    ]
    what = (
        f"{column} holds {listed(shown)}: {counted(rows, 'row')} {agreeing(rows, 'adds', 'add')} up others, "
        f"and would count as {agreeing(rows, 'a purchase', 'purchases')}"
    )
    mend = (
        f"Leave them out under sources: {flow({'where': tests})[1:-1]}. "
        f"Where somebody is called so: any where on {column} is taken."
    )
    return Stop("total-rows", what, path, mend, tests=tests)


def _beginning(text: str) -> str:
    """The first words of an id that begins like a total."""
    began = re.match(_BEGINS, text)
    return began[0] if began else text


def _without(column: str, found: Sequence[str]) -> dict[str, Any]:
    """What chooses all rows but these: by name, or by how ids end or begin that hold another."""
    named = [text for text in found if squeezed(text) in _TOTALS]
    if len(named) == len(found):
        return {column: {NONE_OF.name: named} if len(named) > 1 else {IS_NOT.name: named[0]}}
    parts = [text for text in found if text not in named]
    behind = dict.fromkeys(" " + t.rpartition(" ")[2] for t in parts if re.search(_ENDS, t))
    before = dict.fromkeys(_beginning(t) for t in parts if not re.search(_ENDS, t))
    tests: list[Any] = [{ENDS_WITH.name: text} for text in behind]
    tests += [{STARTS_WITH.name: text} for text in before]
    rest = [t for t in named if not t.endswith((*behind,)) and not t.startswith((*before,))]
    tests += [{IS.name: text} for text in rest]
    every = [{column: test} for test in tests]
    return {"not": {"any": every} if len(every) > 1 else every[0]}
