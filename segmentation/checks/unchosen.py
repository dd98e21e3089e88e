"""Rows that count and should not: states that are no sales, tests, several currencies, of which nothing chooses.

An export of orders has every order, and a log every step. A column that says which of them are
sales, and is asked by nobody, stops the run: any `where` on it is the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.command import again
from segmentation.messages.errors import counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.reading.options import as_where
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.number_formats import (
    CODES_OF_CURRENCIES,
    is_known,
    is_same,
    name_of,
)
from segmentation.sources.columns.order_shares import rows_that_count
from segmentation.sources.columns.states import Said, counts_of_texts, tells_currency, tells_state
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
        for column in _asked(tally, tells_currency):
            counts = {t: n for t, n in _said(tally, column).counts.items() if t.strip()}
            if len({text.strip().upper() for text in counts}) > 1:
                yield _several(Said(column, counts), tally.path, run)


def currencies_of_inputs(run: AfterScan) -> Iterator[Notice]:
    """An error where each input of transactions is in one currency, and they are not in the same."""
    tallies = _of_transactions(run)
    told = map(_own_currency, tallies if len(tallies) > 1 else ())
    found = [one for one in told if one is not None]
    others = [one for one in found if not is_same(one.name, found[0].name)]
    if others and not all(one.is_chosen for one in found):
        yield _of_inputs([found[0], *others], run)


@dataclass(frozen=True)
class _Currency:
    """The one currency of an input: its name, the column that says so (None: it stands beside the amounts), and
    whether `where` chooses by that column."""

    path: str
    name: str
    column: str | None = None
    is_chosen: bool = False


def _own_currency(tally: Tally) -> _Currency | None:
    """The currency of an input; None where nothing says one, or several are said, which is told of the input."""
    schema = [(n, part.recipe) for part in tally.parts for n in part.raw.schema]
    choosing = {n: n in recipe.choosing for n, recipe in schema if tells_currency(n)}
    said = [(c, t.strip()) for c in choosing for t in _said(tally, c).counts if t.strip()]
    names = {name_of(text) for _, text in said}
    if len(names) == 1:
        return _Currency(tally.path, names.pop(), said[0][0], choosing[said[0][0]])
    signs = {name_of(one) for part in tally.parts if (one := part.recipe.numbers.currency)}
    return _Currency(tally.path, signs.pop()) if len(signs) == 1 and not names else None


def _of_inputs(found: Sequence[_Currency], run: AfterScan) -> Notice:
    """Which input is in which currency; names that are no codes or signs of currencies are not told."""
    names = [one.name if is_known(one.name) else "another currency" for one in found]
    told = listed([f"{n} in {one.path}" for n, one in zip(names, found, strict=True)])
    column = found[0].column
    mend = "Read those of one currency alone, or convert the amounts before."
    if column is not None and is_known(found[0].name):
        where = flow({"where": {column: found[0].name}})[1:-1]
        mend = f"Keep one under sources, {where}, or convert the amounts before."
        mend += _pasted(run, {column: found[0].name})
    text = f"amounts are {told}: there is no sum of several currencies"
    return notice("several-currencies", text, where=found[1].path, mend=mend)


def _of_transactions(run: AfterScan) -> Sequence[Tally]:
    return run.measured.tables.transactions.tallies


def _asked(tally: Tally, tells: Callable[[str], bool]) -> list[str]:
    """The columns of a source that tell, and that neither `where` nor the mapping asks."""
    return list(dict.fromkeys(c for part in tally.parts for c in _columns(part) if tells(c)))


def _columns(part: Portion) -> Iterable[str]:
    """The columns of a part that nobody asked which rows count."""
    recipe = part.recipe
    taken = {c for cs in recipe.columns.canonical.values() for c in cs}
    known = recipe.choosing | taken
    return (n for n, t in part.raw.schema.items() if n not in known and can_be(t, "compared"))


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
    paste = _pasted(run, {said.column: most})
    return notice(
        "several-currencies",
        f"{said.column} holds {said.naming(known)}: there is no sum of several currencies",
        where=path,
        mend=f"Keep one under sources, {where}, or convert the amounts before.{paste}",
    )
