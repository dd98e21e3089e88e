"""What a test says instead of computing it: given values, and thresholds that are not fitted.

A threshold is fitted over all customers, and a test has a handful. So cuts come from the test's
file; what would need one that is not there is missing, and a case that asks for it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from segmentation.customers.cuts import Cuts, held
from segmentation.customers.describe import Book, unsound
from segmentation.customers.given import GIVEN, Given
from segmentation.customers.graph import Node
from segmentation.messages.errors import Problem, RulesError
from segmentation.persona_tests.cases import Case, Suite, persona_of
from segmentation.persona_tests.invented import customer_id
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import AnyOf, fields
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Rules
from segmentation.scan.prepare import Prepared

_TYPES: Final[dict[Kind, pl.DataType]] = {
    "number": pl.Float64(),
    "money": pl.Int64(),
    "share": pl.Float64(),
    "date": pl.Date(),
    "text": pl.String(),
    "flag": pl.Boolean(),
}


def every(book: Book, nodes: Iterable[Node]) -> Iterator[Node]:
    """These nodes and all they need, needs first."""
    return (node for level in book.levels(nodes) for node in level)


def stand_in(suite: Suite, cases: Sequence[Case], book: Book, nodes: Iterable[Node]) -> Book:
    """The book with missing values (false for personas) for what needs a threshold nobody gave."""
    given = {name for case in cases for name in case.given}
    lost: set[str] = set()
    missing: dict[str, Node] = {}
    for node in every(book, nodes):
        if any(c.name not in suite.cuts for c in node.cuts) or lost.intersection(node.needs):
            lost |= {node.name} - given
            if book.node(node.name) is not None:
                missing[node.name] = _missing(node)
    return book.with_given(missing)


def _missing(node: Node) -> Node:
    value = pl.lit(value=False) if node.kind == "flag" else pl.lit(None, dtype=_TYPES[node.kind])
    return replace(node, needs=(), cuts=(), expr=lambda cuts: value)


def given_of(suite: Suite, cases: Sequence[Case], prepared: Prepared, day: date) -> Given:
    """What the cases give, and the thresholds of their file; one that it lacks is missing."""
    book = prepared.book
    names = dict.fromkeys(n for case in cases for n in case.given)
    values = {f"{GIVEN}{name}": _column(name, cases, book.kind(name)) for name in names}
    ids = pl.Series([customer_id(i) for i in range(len(cases))], dtype=pl.String)
    cuts = {c.name: suite.cuts.get(c.name) for n in every(book, prepared.nodes) for c in n.cuts}
    return Given(pl.DataFrame({"customer_id": ids, **values}), Cuts(day, 0, cuts))


def _column(name: str, cases: Sequence[Case], kind: Kind) -> pl.Series:
    values = [case.given.get(name) for case in cases]
    return pl.Series([None if value is None else held(value, kind) for value in values])


# -- thresholds that a case needs -------------------------------------------------------------


def check_cuts(suite: Suite, cases: Sequence[Case], book: Book, nodes: Iterable[Node]) -> None:
    """Raise RulesError for a threshold that is none, and where a case needs one that nobody gave."""
    problems = [*_wrong(suite, book, nodes), *(p for c in cases for p in _lacking(suite, c, book))]
    if problems:
        raise RulesError(*problems)


def _wrong(suite: Suite, book: Book, nodes: Iterable[Node]) -> Iterator[Problem]:
    """The given thresholds that could not have been fitted."""
    for name in unsound(book, nodes, suite.cuts):
        yield Problem(
            f"cuts: {quoted(name)} is not what a run writes there",
            suite.places[name],
            "Write it as cuts.json of a run has it.",
        )


def _lacking(suite: Suite, case: Case, book: Book) -> Iterator[Problem]:
    """The thresholds without which a case cannot be decided, and who asks for them."""
    found: dict[str, tuple[str, str]] = {}
    for name in dict.fromkeys(_asked(case, book)):
        for who, cut in _fitted(name, case, book, name):
            if cut not in suite.cuts:
                found.setdefault(cut, (name, who))
    for cut, (name, who) in found.items():
        whom = f" for {who}" if who != name else ""
        yield Problem(
            f"case {quoted(case.name)} asks for {name}, which needs{whom} what is fitted over all "
            f"customers: {cut}",
            case.where,
            "Write it under cuts:, take a run's (cuts: "
            f"audiences/latest/cuts.json), or say given: {{{who}: …}}.",
        )


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
        yield from book.condition_node("_", AnyOf(book.rules.suppress)).needs
    if case.features is not None:
        yield from (str(f) for f in fields(case.features))


def _above(case: Case, rules: Rules) -> Iterator[str]:
    """The personas that come before the asked ones in the waterfall."""
    ranks = [
        rules.waterfall.index(p)
        for n in (*case.exported, *case.not_exported)
        if (p := persona_of(n, rules)) in rules.waterfall
    ]
    yield from rules.waterfall[: max(ranks, default=0)]


def _fitted(name: str, case: Case, book: Book, who: str) -> Iterator[tuple[str, str]]:
    """What is fitted for a name, and the nearest name that could be given instead."""
    node = None if name in case.given else book.node(name)
    if node is not None:
        who = who if name.startswith("_") else name
        yield from ((who, cut.name) for cut in node.cuts)
        for need in node.needs:
            yield from _fitted(need, case, book, who)
