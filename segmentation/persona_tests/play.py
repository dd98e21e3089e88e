"""Plays invented customers through the rules: the same measures, descriptions and memberships.

All cases of one `as_of` are measured in one go. Thresholds are never fitted (a handful of
customers has no top 20 %): they come from the file's `cuts`, and what a case is `given` replaces
what would have been computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from segmentation.audiences.allocate import Audience, allocate
from segmentation.audiences.cells import cells
from segmentation.customers.cuts import Cuts
from segmentation.customers.describe import BASE, Book
from segmentation.dataclass import dataclass
from segmentation.persona_tests.cases import Case, Suite
from segmentation.persona_tests.given import check_cuts, given_of, stand_in
from segmentation.persona_tests.invented import tables
from segmentation.persona_tests.vocabulary import Vocabulary
from segmentation.rules.conditions import fields
from segmentation.rules.ruleset import Rules
from segmentation.scan.described import described
from segmentation.scan.measuring import Measured
from segmentation.scan.prepare import Request, prepare


@dataclass(frozen=True)
class Played:
    """The cases of one suite and day after the engine: one row per case, in their order.

    `in_base` says who has an order, where only buyers are customers.
    """

    cases: tuple[Case, ...]
    customers: pl.DataFrame
    in_base: pl.Series
    audiences: Mapping[str, Audience]
    suppressed_by: pl.Series
    book: Book
    cuts: Cuts


def played(suite: Suite, rules: Rules, words: Vocabulary) -> Iterator[Played]:
    """The suite's cases by day. Raises RulesError where a case needs a threshold nobody gave."""
    for day in dict.fromkeys(case.as_of for case in suite.cases):
        cases = tuple(case for case in suite.cases if case.as_of == day)
        yield _played(suite, cases, rules, words, day)


def _played(
    suite: Suite, cases: tuple[Case, ...], rules: Rules, words: Vocabulary, day: date
) -> Played:
    everyone = replace(rules, base="everyone")  # who is left out is decided below, after `given`
    request = Request(everyone, day, day, columns=_features(cases, rules))
    prepared = prepare(request, tables(cases, words, day, rules.timezone))
    check_cuts(suite, cases, prepared.book, prepared.nodes)
    stood_in = stand_in(suite, cases, prepared.book, prepared.nodes)
    found = described(
        replace(prepared, book=stood_in), _not_looked, given=given_of(suite, cases, prepared, day)
    )
    customers = found.customers
    buyers = customers[BASE].fill_null(0) > 0
    in_base = buyers if rules.base == "buyers" else buyers | ~buyers
    allocation = allocate(
        customers.with_columns(pl.col(p) & in_base for p in rules.personas),
        cells(rules, rules.personas.values(), found.cuts),
        rules.waterfall,
        found.suppressors,
    )
    audiences = {a.name: a for a in allocation.audiences}
    suppressed_by, book = allocation.suppressed_by, found.prepared.book
    return Played(cases, customers, in_base, audiences, suppressed_by, book, found.cuts)


def _not_looked(measured: Measured) -> None:
    """Invented data are not doubted."""


def _features(cases: Sequence[Case], rules: Rules) -> tuple[str, ...]:
    """The features that cases give or ask about, beside those that the rules use."""
    asked = [str(f) for c in cases if c.features is not None for f in fields(c.features)]
    given = [n for c in cases for n in c.given]
    return tuple(n for n in dict.fromkeys((*asked, *given)) if n not in rules.personas)
