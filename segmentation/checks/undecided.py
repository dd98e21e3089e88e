"""What the rows of a source leave undecided, and the command that says all of it.

One export lacks several things at once: which orders count, in which currency, before or after
refunds. Each is told by a check of its own; what is to be pasted says all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from segmentation.messages.command import again
from segmentation.rules.reading.options import as_map, as_where
from segmentation.sources import Tally
from segmentation.sources.columns.aliases import CURRENCY
from segmentation.sources.columns.amounts import NOTHING, Told, amount_told
from segmentation.sources.columns.number_formats import CODES_OF_CURRENCIES
from segmentation.sources.columns.order_shares import rows_that_count
from segmentation.sources.columns.states import Said, counts_of_texts, tells_currency, tells_state
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def states_of(tally: Tally) -> list[Said]:
    """The columns by which rows that count are said to be no sales."""
    every = (said_of(tally, column) for column in _asked(tally, tells_state))
    return [said for said in every if said.wrong]


def currencies_of(tally: Tally) -> list[Said]:
    """The columns that hold several currencies of rows that count."""
    if converts(tally):
        return []
    every = (said_of(tally, column) for column in _asked(tally, tells_currency))
    filled = (Said(one.column, _filled(one.counts)) for one in every)
    return [one for one in filled if len({text.strip().upper() for text in one.counts}) > 1]


def converts(tally: Tally) -> bool:
    """Whether amounts of several currencies are converted."""
    return any(part.recipe.rates for part in tally.parts)


def amount_of(tally: Tally) -> Told:
    """What the first of its files that tells anything tells of an amount that was guessed."""
    return next((told for part in tally.parts if (told := _told(part)) != NOTHING), NOTHING)


def most_of(said: Said) -> str:
    """The commonest of the currencies; what is no code of one is passed over."""
    return next(iter(codes_of(said)), "EUR").strip()


def codes_of(said: Said) -> Mapping[str, int]:
    """The codes of currencies with their counts."""
    return {t: n for t, n in said.counts.items() if t.strip().upper() in CODES_OF_CURRENCIES}


def pasted(run: AfterScan, tally: Tally) -> str:
    """The command that says all that is undecided, where the command line names the files; else nothing."""
    if not (run.rules.adhoc and again("")):
        return ""
    tests: dict[str, Any] = {said.column: said.without_these for said in states_of(tally)}
    tests |= {said.column: most_of(said) for said in currencies_of(tally)}
    words = [as_map(*column) for column in amount_of(tally).columns.items()]
    words += [as_where(*test) for test in tests.items()]
    return f"\n  Try: {again(' '.join(words))}" if words else ""


def _told(part: Portion) -> Told:
    recipe = part.recipe
    if recipe.columns.per_order or recipe.columns.formulas:
        return NOTHING
    guessed = recipe.columns.guessed
    known = {name: found[0] for name, found in recipe.columns.canonical.items() if found}
    if not (
        "amount" in guessed or ("amount" not in known and {"quantity", "unit_price"} & guessed)
    ):
        return NOTHING
    names = [n for n, t in part.raw.schema.items() if can_be(t, "compared")]
    return amount_told(known, part.raw, names, recipe.counts)


def _asked(tally: Tally, tells: Callable[[str], bool]) -> list[str]:
    """The columns of a source that tell, and that neither `where` nor the mapping asks."""
    every = (pair for part in tally.parts for pair in _columns(part).items())
    return list(dict.fromkeys(column for column, name in every if tells(column) or tells(name)))


def _columns(part: Portion) -> Mapping[str, str]:
    """The columns of a part that nobody asked which rows count, and as what they are known.

    Which currency a row has is known without anything being chosen by it.
    """
    recipe = part.recipe
    canonical = {c: name for name, cs in recipe.columns.canonical.items() for c in cs}
    known = recipe.choosing | {c for c, name in canonical.items() if name != CURRENCY}
    return {
        n: canonical.get(n, n)
        for n, t in part.raw.schema.items()
        if n not in known and can_be(t, "compared")
    }


def said_of(tally: Tally, column: str) -> Said:
    """What a column says of the rows that count, counted in a pass of its own."""
    frames = [_texts(part, column) for part in tally.parts if column in part.raw.schema]
    return Said(column, counts_of_texts(pl.concat(frames)))


def _texts(part: Portion, column: str) -> pl.LazyFrame:
    rows = rows_that_count(part.raw, part.recipe)
    return rows.select(as_text(column, part.recipe.dtype(column)).alias("text"))


def _filled(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {text: number for text, number in counts.items() if text.strip()}
