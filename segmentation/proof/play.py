"""Plays invented customers through the rules: the same measures, descriptions and memberships.

All cases of one `as_of` are measured in one go. Thresholds are never fitted (a handful of
customers has no top 20 %): they come from the file's `cuts`, and what a case is `given` replaces
what would have been computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from segmentation.audiences import SUPPRESSED, Audience, allocate
from segmentation.config.catalogue import Kind
from segmentation.config.conditions import AnyOf, fields
from segmentation.config.rules import Rules
from segmentation.cuts import Cuts, held
from segmentation.describe import BASE, Book, Node, describe
from segmentation.errors import Problem, RulesError
from segmentation.measured import measure
from segmentation.personas import cells, listings
from segmentation.prepare import Prepared, Request, prepare
from segmentation.proof.cases import Case, Suite, persona_of
from segmentation.proof.invented import BYSTANDER, tables
from segmentation.proof.vocabulary import Vocabulary

GIVEN = "_given "


@dataclass(frozen=True)
class Played:
    """The cases of one suite and day after the engine: one row per case, in their order.

    `in_base` says who has an order, where only buyers are customers.
    """

    cases: tuple[Case, ...]
    customers: pl.DataFrame
    in_base: pl.Series
    audiences: Mapping[str, Audience]
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
    prepared = prepare(request, tables(cases, words, day))
    book = prepared.book
    measured = measure(prepared).customers.filter(pl.col("customer_id") != BYSTANDER)
    nodes = _nodes(prepared)
    known = Cuts(
        day, 0, {c.name: suite.cuts.get(c.name) for n in _all(book, nodes) for c in n.cuts}
    )
    _check_cuts(suite, cases, book)
    customers = _with_given(measured.sort("customer_id"), cases, book)
    nodes = [book.node(n.name) or n for n in nodes]  # `given` has wrapped some of them
    customers = describe(book, nodes, customers, known)
    buyers = customers[BASE].fill_null(0) > 0
    in_base = buyers if rules.base == "buyers" else buyers | ~buyers
    cuts = _with_values(rules, customers, known)
    found = allocate(
        customers.with_columns(pl.col(p) & in_base for p in rules.personas),
        cells(rules, rules.personas.values(), cuts), rules.waterfall,
    )  # fmt: skip
    return Played(cases, customers, in_base, {a.name: a for a in found}, book, cuts)


def _features(cases: Sequence[Case], rules: Rules) -> tuple[str, ...]:
    """The features that cases give or ask about, beside those that the rules use."""
    asked = [str(f) for c in cases if c.features is not None for f in fields(c.features)]
    given = [n for c in cases for n in c.given]
    return tuple(n for n in dict.fromkeys((*asked, *given)) if n not in rules.personas)


def _nodes(prepared: Prepared) -> list[Node]:
    book, rules = prepared.book, prepared.request.rules
    found = [n for name in prepared.names if (n := book.node(name)) is not None]
    return [*found, book.condition_node(SUPPRESSED, AnyOf(rules.suppress))]


def _all(book: Book, nodes: Iterable[Node]) -> Iterator[Node]:
    return (node for level in book.levels(nodes) for node in level)


def _with_values(rules: Rules, customers: pl.DataFrame, cuts: Cuts) -> Cuts:
    """The cuts with the values that `for_each` goes over: those of the invented customers."""
    for values in listings(rules, rules.personas.values()):
        cuts = cuts.with_value(values, values.fit(customers, "text"))
    return cuts


# -- what is given ----------------------------------------------------------------------------


def _with_given(customers: pl.DataFrame, cases: Sequence[Case], book: Book) -> pl.DataFrame:
    """The customers with given values in place of measured ones, and nodes that respect them."""
    for name in dict.fromkeys(n for case in cases for n in case.given):
        column = f"{GIVEN}{name}"
        series = pl.Series(column, [_held(case.given.get(name), book.kind(name)) for case in cases])
        customers = customers.with_columns(series)
        node = book.node(name)
        if node is None:
            customers = customers.with_columns(pl.coalesce(column, name).alias(name))
        else:
            book.replace(_wrapped(node, column))
    return customers


def _held(value: object, kind: Kind) -> object:
    return None if value is None else held(value, kind)


def _wrapped(node: Node, column: str) -> Node:
    return replace(node, expr=lambda cuts: pl.coalesce(pl.col(column), node.expr(cuts)))


# -- thresholds that a case needs -------------------------------------------------------------


def _check_cuts(suite: Suite, cases: Sequence[Case], book: Book) -> None:
    problems = [p for case in cases for p in _lacking(suite, case, book)]
    if problems:
        raise RulesError(*problems)


def _lacking(suite: Suite, case: Case, book: Book) -> Iterator[Problem]:
    """The thresholds without which a case cannot be decided, and who asks for them."""
    for name in dict.fromkeys(_asked(case, book)):
        for node in _needed(name, case, book):
            for cut in node.cuts:
                if cut.name not in suite.cuts:
                    yield Problem(
                        f"case {case.name!r} asks for {name}, and {node.name} needs a threshold "
                        f"that is fitted over all customers: {cut.name}", case.where,
                        f"Write it under cuts: (as in cuts.json of a run), or given: {{{node.name}: …}}.",
                    )  # fmt: skip


def _asked(case: Case, book: Book) -> Iterator[str]:
    for name in case.personas:
        persona = persona_of(name, book.rules) or name
        yield persona
        each = book.rules.personas[persona].for_each
        if each:
            yield each
    if case.exported or case.not_exported:
        yield from _above(case, book.rules)
    if case.exported or case.not_exported or case.suppressed is not None:
        yield from book.condition_node(SUPPRESSED, AnyOf(book.rules.suppress)).needs
    if case.features is not None:
        yield from (str(f) for f in fields(case.features))


def _above(case: Case, rules: Rules) -> Iterator[str]:
    """The personas that come before the asked ones in the waterfall."""
    ranks = [rules.waterfall.index(p) for n in (*case.exported, *case.not_exported)
             if (p := persona_of(n, rules)) in rules.waterfall]  # fmt: skip
    yield from rules.waterfall[: max(ranks, default=0)]


def _needed(name: str, case: Case, book: Book) -> Iterator[Node]:
    """The nodes behind a name, as far as nothing given stands in for them."""
    node = None if name in case.given else book.node(name)
    if node is not None:
        yield node
        for need in node.needs:
            yield from _needed(need, case, book)
