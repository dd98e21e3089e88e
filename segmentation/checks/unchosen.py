"""Rows that count and should not: states that are no sales, tests, several currencies, of which nothing chooses.

An export of orders has every order, and a log every step. A column that says which of them are
sales, and is asked by nobody, stops the run: any `where` on it is the door.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from segmentation.checks.undecided import (
    codes_of,
    currencies_of,
    most_of,
    pasted,
    states_of,
)
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.number_format import code_of_currency
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.states import Said
from segmentation.sources.settings import A_RATE

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def states(run: AfterScan) -> Iterator[Notice]:
    """An error for each column of transactions in which rows that count are said to be no sales."""
    for tally in run.measured.tables.transactions.tallies:
        found = states_of(tally)
        paste = pasted(run, tally) if found else ""
        yield from (_unchosen(one, tally.path, paste) for one in found)


def currencies(run: AfterScan) -> Iterator[Notice]:
    """An error for each column of currencies of which rows that count hold several."""
    for tally in run.measured.tables.transactions.tallies:
        for said in currencies_of(tally):
            yield _several(said, tally.path, pasted(run, tally))


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


def _several(said: Said, path: str, paste: str) -> Notice:
    """Codes are named; what is no code of a currency is counted."""
    most = most_of(said)
    where = flow({"where": {said.column: most}})[1:-1]
    rates = ", ".join(
        f"{code}: {1 if code == code_of_currency(most) else A_RATE}"
        for code in _codes(codes_of(said)) or [most]
    )
    return notice(
        "several-currencies",
        f"{said.column} holds {said.naming(codes_of(said))}: there is no sum of several currencies",
        where=path,
        mend=f"Keep one under sources, {where}; or convert there, rates: {{{rates}}}.{paste}",
    )


def _codes(written: Iterable[str]) -> list[str]:
    """The codes in texts, each once."""
    return list(dict.fromkeys(code_of_currency(text) for text in written))
