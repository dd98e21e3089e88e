"""Rows that count and should not: states that are no sales, tests, several currencies, of which nothing chooses.

An export of orders has every order, and a log every step. A column that says which of them are
sales, and is asked by nobody, stops the run: any `where` on it is the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from segmentation.messages.command import again
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.number_format import code_of_currency
from segmentation.rules.reading.options import as_where
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.aliases import CURRENCY
from segmentation.sources.columns.number_formats import CODES_OF_CURRENCIES
from segmentation.sources.columns.order_shares import rows_that_count
from segmentation.sources.columns.states import Said, counts_of_texts, tells_currency, tells_state
from segmentation.sources.settings import A_RATE
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def states(run: AfterScan) -> Iterator[Notice]:
    """An error for each column of transactions in which rows that count are said to be no sales."""
    for tally in _of_transactions(run):
        every = (_said(tally, column) for column in _asked(tally, tells_state))
        found = [said for said in every if said.wrong]
        tests = {one.column: one.without_these for one in found}
        yield from (_unchosen(one, tally.path, _pasted(run, tests)) for one in found)


def currencies(run: AfterScan) -> Iterator[Notice]:
    """An error for each column of currencies of which rows that count hold several."""
    for tally in _of_transactions(run):
        for column in [] if _converts(tally) else _asked(tally, tells_currency):
            counts = {t: n for t, n in _said(tally, column).counts.items() if t.strip()}
            if len({text.strip().upper() for text in counts}) > 1:
                yield _several(Said(column, counts), tally.path, run)


def _of_transactions(run: AfterScan) -> Sequence[Tally]:
    return run.measured.tables.transactions.tallies


def _asked(tally: Tally, tells: Callable[[str], bool]) -> list[str]:
    """The columns of a source that tell, and that neither `where` nor the mapping asks."""
    return list(
        dict.fromkeys(
            column
            for part in tally.parts
            for column, called in _columns(part).items()
            if tells(column) or tells(called)
        )
    )


def _converts(tally: Tally) -> bool:
    return any(part.recipe.rates for part in tally.parts)


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


def _said(tally: Tally, column: str) -> Said:
    """What a column says of the rows that count, counted in a pass of its own."""
    frames = [_texts(part, column) for part in tally.parts if column in part.raw.schema]
    return Said(column, counts_of_texts(pl.concat(frames)))


def _texts(part: Portion, column: str) -> pl.LazyFrame:
    rows = rows_that_count(part.raw, part.recipe)
    return rows.select(as_text(column, part.recipe.dtype(column)).alias("text"))


def _pasted(run: AfterScan, tests: Mapping[str, Any]) -> str:
    """The command with these tests of columns, where the command line names the files; else nothing."""
    command = again(" ".join(as_where(*test) for test in tests.items()))
    return f"\n  Try: {command}" if command and run.rules.adhoc else ""


def _unchosen(said: Said, path: str, paste: str) -> Notice:
    """That a column tells; `paste` chooses by all that do."""
    what = f"{said.column} holds {said.named}, and nothing chooses among them"
    where = flow({"where": {said.column: said.without_these}})[1:-1]
    rows = sum(said.counts[text] for text in said.wrong)
    count_as = "a purchase" if rows == 1 else "purchases"
    mend = (
        f"{counted(rows, 'row')} would count as {count_as}. Choose under sources: {where}. "
        f"Where all of them count, name all: any where on {said.column} is taken.{paste}"
    )
    return notice("unchosen-rows", what, where=path, mend=mend)


def _several(said: Said, path: str, run: AfterScan) -> Notice:
    """Codes are named; what is no code of a currency is counted."""
    known = {t: n for t, n in said.counts.items() if t.strip().upper() in CODES_OF_CURRENCIES}
    most = next(iter(known), "EUR").strip()
    where = flow({"where": {said.column: most}})[1:-1]
    rates = ", ".join(
        f"{code}: {1 if code == code_of_currency(most) else A_RATE}"
        for code in _codes(known) or [most]
    )
    paste = _pasted(run, {said.column: most})
    return notice(
        "several-currencies",
        f"{said.column} holds {said.naming(known)}: there is no sum of several currencies",
        where=path,
        mend=f"Keep one under sources, {where}; or convert there, rates: {{{rates}}}.{paste}",
    )


def _codes(written: Iterable[str]) -> list[str]:
    """The codes in texts, each once."""
    return list(dict.fromkeys(code_of_currency(text) for text in written))
