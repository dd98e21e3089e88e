"""Rows of one input in several currencies, by a column that says so; and rows that leave it blank beside others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.stops import Input, Stop, rows_of
from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.number_format import code_of_currency
from segmentation.rules.word_tests import none_of, one_of
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.currencies import (
    is_known,
    says_none,
    words_by_currency,
)
from segmentation.sources.columns.several_currencies import (
    SeveralCurrencies,
    several_currencies_in,
)
from segmentation.sources.settings import A_RATE

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

_ONE_OF_THEM: Final = "<one of them>"
_A_CODE: Final = "<code>"


def several_currencies(one: Input) -> Iterator[Stop]:
    """A stop for each column of currencies of which rows that count hold several."""
    for column, counts in one.currencies.items():
        found = several_currencies_in(column, counts)
        if found is not None:
            yield _several(column, found, one.tally.path)


def _several(column: str, found: SeveralCurrencies, path: str) -> Stop:
    where = flow({"where": found.tests or {column: _ONE_OF_THEM}})[1:-1]
    codes = [code_of_currency(name) for name in found.words]
    rates = ", ".join(f"{flow(c)}: {A_RATE if i else 1}" for i, c in enumerate(codes))
    mend = f"Keep one under sources, {where}; or convert there, rates: {{{rates or '…'}}}."
    return Stop("several-currencies", found.what, path, mend, tests=found.tests)


@dataclass(frozen=True)
class _Words:
    """The one currency that a column names, and the words there."""

    column: str
    name: str
    texts: Sequence[str]


def blank_currencies(run: AfterScan) -> Iterator[Notice]:
    """A warning where rows with an amount leave the currency blank and others name one.

    Programs of accounts leave the currency of the house blank; lines of an order that leave blank
    what another of its lines says are of that.
    """
    for one in run.inputs:
        for column, counts in one.currencies.items():
            words = words_by_currency(counts)
            if len(words) == 1 and any(map(says_none, counts)):
                [(name, texts)] = words.items()
                blank, every = _blank(one, column)
                what = f"{column} is blank in {blank:,} of {counted(every, 'row')} with an amount"
                if blank:
                    yield _of_two(one, what, _Words(column, name, texts))


def _blank(one: Input, column: str) -> tuple[int, int]:
    """How many of the rows with an amount name no currency, nor does another row of their order."""
    rows = rows_of(one.tally, column, with_orders=True).filter("is_above")
    says = ~pl.col("text").fill_null("").map_elements(says_none, return_dtype=pl.Boolean)
    is_told = pl.when(pl.col("order").is_not_null()).then(says.any().over("order")).otherwise(says)
    blank, every = rows.select((~is_told).sum(), pl.len()).collect().row(0)
    return blank, every


def _of_two(one: Input, what: str, held: _Words) -> Notice:
    """What is said, with the sources that keep two currencies apart; only names of currencies are told."""
    code = held.name if is_known(held.name) else _A_CODE
    words = [text.strip() for text in held.texts] if is_known(held.name) else [_A_CODE]
    own = {"columns": {"currency": {"constant": _A_CODE}}, "rates": {code: 1, _A_CODE: A_RATE}}
    apart = [
        {**one.entry, "where": {held.column: one_of(words)}},
        {**one.entry, "where": {held.column: none_of(words)}, **own},
    ]
    all_in_one = flow({"columns": {"currency": {"constant": code}}})
    text = f"{what}, and says {code if is_known(held.name) else 'one currency'} in the others"
    mend = (
        f"If all are in one, write under sources: {all_in_one[1:-1]}; if not, two sources: "
        f"{flow({'transactions': apart})[1:-1]}"
    )
    return notice(
        "currency-blank", f"{text}: they are added up as one", where=one.tally.path, mend=mend
    )
