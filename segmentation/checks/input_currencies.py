"""Inputs of transactions that are each in one currency, and not all in the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from segmentation.checks.stops import converts, rows_of
from segmentation.dataclass import dataclass
from segmentation.messages.command import again
from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.reading.options import as_where
from segmentation.rules.word_tests import one_of
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.aliases import CURRENCY
from segmentation.sources.columns.currencies import (
    are_one,
    is_known,
    meant_by_sign,
    name_of,
    words_by_currency,
)
from segmentation.sources.columns.formulas import Cell, Sum
from segmentation.sources.columns.header_currencies import named_in
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.states import counts_of_texts, is_of_currencies
from segmentation.sources.settings import A_RATE
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


@dataclass(frozen=True)
class _Currency:
    """The one currency of an input: its name, the column that says so (None: it stands beside the amounts),
    whether `where` chooses by that column, and the words there."""

    path: str
    name: str
    column: str | None = None
    is_chosen: bool = False
    words: tuple[str, ...] = ()


def currencies_of_inputs(run: AfterScan) -> Iterator[Notice]:
    """An error where each input of transactions is in one currency, and they are not in the same."""
    tallies = [one for one in run.measured.tables.transactions.tallies if not converts(one)]
    told = map(_own_currency, tallies if len(tallies) > 1 else ())
    found = [one for one in told if one is not None]
    others = [one for one in found if not are_one([one.name, found[0].name])]
    if others and not all(one.is_chosen for one in found):
        yield _of_inputs([found[0], *others], run)


def _own_currency(tally: Tally) -> _Currency | None:
    """The currency of an input; None where nothing says one, or several are said, which is told of the input."""
    columns = list(dict.fromkeys(c for part in tally.parts for c in _columns(part)))
    said = {
        c: words_by_currency(counts_of_texts(rows_of(tally, c).select("text"))) for c in columns
    }
    names = {name for words in said.values() for name in words}
    if len(names) == 1:
        column = next(c for c, words in said.items() if words)
        words = tuple(text.strip() for text in next(iter(said[column].values())))
        is_chosen = any(column in part.recipe.choosing for part in tally.parts)
        return _Currency(tally.path, names.pop(), column, is_chosen, words)
    signs = {name_of(one) for part in tally.parts if (one := part.recipe.written.numbers.currency)}
    signs = signs or {one for part in tally.parts for one in _of_headers(part.recipe)}
    return _Currency(tally.path, signs.pop()) if len(signs) == 1 and not names else None


def _columns(part: Portion) -> list[str]:
    """The columns that say the currency; where a source names what it is, that alone."""
    mapped = part.recipe.columns.canonical.get(CURRENCY, ())
    made = [c for c in mapped if c not in part.raw.sample]
    return made or [n for n in part.raw.schema if is_of_currencies(n, part.raw.sample.get(n, ()))]


def _of_headers(recipe: Recipe) -> Iterator[str]:
    """The currencies that the names of the columns of money speak of, as they stand: what is multiplied is converted."""
    name = "amount" if recipe.has("amount") else "unit_price"
    formula = recipe.formula(name)
    cells = [part for _, part in formula.terms] if isinstance(formula, Sum) else [formula]
    named = (named_in(cell.column) for cell in cells if isinstance(cell, Cell))
    return (one for one in named if one is not None)


def _converted(name: str, to: str) -> str:
    """The keys of a source whose amounts are all of one currency, and are converted."""
    columns = flow({"columns": {CURRENCY: {"constant": name}}})[1:-1]
    return f"`{columns}` and `rates: {{{to}: 1, {name}: {A_RATE}}}`"


def _of_inputs(found: Sequence[_Currency], run: AfterScan) -> Notice:
    """Which input is in which currency; names that are no codes or signs of currencies are not told."""
    names = [one.name if is_known(one.name) else "another currency" for one in found]
    told = listed([f"{n} in {one.path}" for n, one in zip(names, found, strict=True)])
    column = found[0].column
    mend = "Read those of one currency alone, or convert the others with rates on their source."
    if column is None and all(is_known(one.name) for one in found[:2]):
        mend = f"{mend[:-1]}: {_converted(found[1].name, found[0].name)}."
    if other := meant_by_sign([one.name for one in found]):
        mend += f" If all is {other}: {flow({'number': {'currency': other}})[1:-1]} on the source with the bare sign."
    if column is not None and is_known(found[0].name):
        test = one_of(found[0].words)
        where = flow({"where": {column: test}})[1:-1]
        mend = f"Keep one under sources, {where}, or convert there with rates."
        if run.rules.adhoc and again(""):
            mend += f"\n  Try: {again(as_where(column, test))}"
    text = f"amounts are {told}: there is no sum of several currencies"
    return notice("several-currencies", text, where=found[1].path, mend=mend)
