"""From measured features to everything that is said of a customer: scores, labels, memberships.

`Book` finds the node of each name; `fit` computes the cuts over all customers, `describe` adds the
columns row by row. Nodes are applied in levels, so columns that do not need each other are
computed together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from segmentation.comparing.comparisons import Column, compare, compiled, kind_of
from segmentation.customers.cuts import Cuts, CutSpec, Percentile, Value, Values, held, is_cut
from segmentation.customers.graph import Node, distance, formula
from segmentation.customers.labels import CustomerRow, cut_of
from segmentation.dataclass import dataclass
from segmentation.measures.dtypes import as_kinds
from segmentation.messages.errors import InputError, Problem
from segmentation.models.fitted import BaseOf, CadenceFit, ValueFit
from segmentation.rules.catalogue import BUILT_IN, CATALOGUE, Kind
from segmentation.rules.conditions import Compare, Condition, InPersona, walk
from segmentation.rules.dimensions import OwnCut
from segmentation.rules.headers import (
    PRIVATE,
    digest_of_definitions,
    exact_name,
    free_name,
    headers,
)
from segmentation.rules.measures import Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import AT_LEAST, AT_MOST
from segmentation.rules.ruleset import Rules

__all__ = ["BASE", "Book", "Node", "describe", "fit_cuts", "unsound"]

BASE = "frequency"  # who has at least one order is in the base
POSITION: Final = f"{PRIVATE}m"  # before a number: the column of a measure without a name
#: of a customer: the audience that the waterfall gave them, and the suppressor that held first
AUDIENCE: Final = f"{PRIVATE}audience"
SUPPRESSED_BY: Final = f"{PRIVATE}suppressed_by"


@dataclass(frozen=True)
class Book:
    """Finds, for every name that rules can use, the measure, attribute or node behind it.

    `attributes` are the columns of customers, `measured` the kinds of measures by column, `given`
    what stands for a name in the place of what the rules say (None: its column is there).
    """

    rules: Rules
    attributes: Mapping[str, pl.DataType]
    measured: Mapping[str, Kind] = field(default_factory=dict)
    given: Mapping[str, Node | None] = field(default_factory=dict)

    def with_given(self, given: Mapping[str, Node | None]) -> Book:
        """The book in which these stand for their names."""
        return replace(self, given={**self.given, **given})

    # -- names --------------------------------------------------------------------------------

    def names(self) -> set[str]:
        """Every name of the tool, the user and the data that a column of customers may have."""
        own = (*self.rules.features, *self.rules.dimensions, *self.rules.personas)
        return {"customer_id", *CATALOGUE.names(), *own, *self.attributes, *self.rules.columns}

    @cached_property
    def columns(self) -> Mapping[Measure, str]:
        """The columns of measures without a name: by position."""
        return {measure: f"{POSITION}{i}" for i, measure in enumerate(self._seen)}

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """What people see of the engine's own columns."""
        seen = {self.columns[measure]: name for measure, name in self._seen.items()}
        return {**seen, **self._ours}

    @cached_property
    def _seen(self) -> Mapping[Measure, str]:
        inline = [
            c.field
            for _, condition in self.rules.conditions()
            for c in walk(condition)
            if isinstance(c, Compare) and isinstance(c.field, Measure)
        ]
        return headers(inline, taken={*self.names(), *self._ours.values()})

    @cached_property
    def _ours(self) -> Mapping[str, str]:
        taken = self.names()
        return {c: free_name(c.removeprefix(PRIVATE), taken) for c in (AUDIENCE, SUPPRESSED_BY)}

    @cached_property
    def _measures(self) -> Mapping[str, Measure]:
        """The measures of the rules by their columns; a feature of one's own comes first."""
        inline = {name: measure for measure, name in self.columns.items()}
        return {**self.rules.value.measures(), **inline, **self.rules.features}

    def name(self, compared: str | Measure) -> str:
        """The column of what a comparison compares."""
        return self.columns[compared] if isinstance(compared, Measure) else compared

    def header(self, column: str) -> str:
        """What people see of a column of the engine."""
        return self.headers.get(column, column)

    def measure(self, name: str) -> Measure | None:
        """The measure behind a name, when rows of a table are behind it."""
        feature = CATALOGUE.find(name)
        found = feature.measure if feature else self._measures.get(name)
        return None if found is None or found.table == "customers" else found

    def leaves(self, names: Iterable[str]) -> dict[str, Measure | None]:
        """All that must be measured for these names; attributes (or unknown names) have None."""
        found: dict[str, Measure | None] = {}
        for name in self.closure(names):
            measure = self.measure(name)
            if measure is not None or self.node(name) is None:
                found[name] = measure
        return found

    def closure(self, names: Iterable[str]) -> tuple[str, ...]:
        """These names and all they need, needs first, each once."""
        done: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in done:
                return
            node = self.node(name)
            for need in node.needs if node else ():
                visit(need)
            done.setdefault(name)

        for name in names:
            visit(name)
        return tuple(done)

    # -- nodes --------------------------------------------------------------------------------

    def node(self, name: str) -> Node | None:
        """The node of a name, or None for measures, attributes and unknown names."""
        return self.given[name] if name in self.given else self._nodes.get(name)

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        """The nodes of all that the catalogue and the rules name."""
        own = (*self.rules.features, *self.rules.dimensions, *self.rules.personas)
        made = {name: self._made(name) for name in (*(f.name for f in BUILT_IN), *own)}
        return {name: node for name, node in made.items() if node is not None}

    def _made(self, name: str) -> Node | None:
        if name in self.rules.dimensions:
            return self._dimension(name)
        if name in self.rules.personas:
            return self.condition_node(name, self.rules.personas[name].match)
        feature = CATALOGUE.find(name)
        if feature is not None and (feature.formula is not None or feature.model is not None):
            return formula(feature, self.rules.value)
        own = self.rules.features.get(name)
        return distance(name, own) if own is not None and own.table == "customers" else None

    def _dimension(self, name: str) -> Node:
        """The label of a dimension as a column."""
        dimension, value = self.rules.dimensions[name], self.rules.value
        conditions = tuple(dimension.conditions())
        needs = (*self._needs(conditions), *dimension.crosses(), *dimension.reads())
        own = (cut_of(asked, value) for asked in dimension.cuts(name))

        def expr(cuts: Cuts) -> pl.Expr:
            row = CustomerRow(lambda c: self.compile(c, cuts), self.kind, cuts, value)
            return dimension.expr(name, row)

        return Node(name, "text", needs, (*self._cuts(conditions), *own), expr, is_label=True)

    def condition_node(self, name: str, condition: Condition) -> Node:
        """A condition as a flag column."""

        def expr(cuts: Cuts) -> pl.Expr:
            return self.compile(condition, cuts)

        return Node(name, "flag", self._needs((condition,)), self._cuts((condition,)), expr)

    def _needs(self, conditions: Iterable[Condition]) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for part in (p for c in conditions for p in walk(c)):
            if isinstance(part, InPersona):
                names.setdefault(part.name)
            elif isinstance(part, Compare):
                names.setdefault(self.name(part.field))
        return tuple(names)

    def _cuts(self, conditions: Iterable[Condition]) -> tuple[CutSpec, ...]:
        """The percentages that conditions compare; one that others are fitted among comes before."""
        return tuple(dict.fromkeys(cut for c in conditions for cut in self._percentiles(c)))

    def _percentiles(self, condition: Condition) -> Iterator[Percentile]:
        for part in walk(condition):
            if isinstance(part, Compare) and part.op.family is Family.RANK:
                if part.among is not None:
                    yield from self._percentiles(part.among)
                yield self.percentile(part)

    def percentile(self, test: Compare) -> Percentile:
        """The cut that a comparison with a percentage needs."""
        top = test.op.ranks == "top"
        called = exact_name(test.field) if isinstance(test.field, Measure) else ""
        percent = float(test.value)  # type: ignore[arg-type]  # the parser lets only numbers in
        return Percentile(self.name(test.field), percent, top, test.among, called)

    def definition(self, spec: CutSpec) -> str:
        """A digest of what the rules define of that which a cut is fitted over, and among whom."""
        names = _fitted_over(spec)
        if isinstance(spec, Percentile) and spec.among is not None:
            names += self._needs((spec.among,))
        rules = self.rules
        matches = {name: persona.match for name, persona in rules.personas.items()}
        own: dict[str, object] = {**rules.features, **rules.dimensions, **matches}
        return digest_of_definitions({n: own[n] for n in self.closure(names) if n in own})

    # -- expressions --------------------------------------------------------------------------

    def kind(self, name: str) -> Kind:
        """How the values of a column are held."""
        node, feature = self.node(name), CATALOGUE.find(name)
        if node is not None:
            return node.kind
        return feature.kind if feature else self.kinds[name]

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """How each column is held that is no node's."""
        ours: dict[str, Kind] = dict.fromkeys(("customer_id", *self._ours), "text")
        return {**{n: kind_of(t) for n, t in self.attributes.items()}, **ours, **self.measured}

    def compile(self, condition: Condition, cuts: Cuts) -> pl.Expr:
        """A condition over customers as one boolean expression, never null."""

        def resolve(test: Compare) -> Column:
            name = self.name(test.field)
            return Column(pl.col(name), self.kind(name), is_label=name in self.rules.dimensions)

        def special(test: Compare | InPersona) -> pl.Expr:
            if isinstance(test, InPersona):
                return pl.col(test.name)
            return self._reaches(self.percentile(test), cuts)

        return compiled(condition, resolve, special)

    def _reaches(self, cut: Percentile, cuts: Cuts) -> pl.Expr:
        """Whether a customer's value reaches a cut (and the customer is among its population)."""
        value = cuts[cut]
        if value is None:
            return pl.lit(False)
        kind = self.kind(cut.feature)
        column = Column(pl.col(cut.feature), kind)
        if kind == "date":
            bound = held(value, kind)
            day = column.expr.cast(pl.Date)
            reached: pl.Expr = day >= bound if cut.top else day <= bound
            reached = reached.fill_null(value=False)
        else:
            sign = AT_LEAST if cut.top else AT_MOST
            reached = compare(column, Compare(cut.feature, sign.name, value))
        return reached if cut.among is None else reached & self.compile(cut.among, cuts)

    # -- application --------------------------------------------------------------------------

    def levels(self, nodes: Iterable[Node]) -> list[list[Node]]:
        """Nodes in an order that can be applied: each level needs only those before it."""
        every = {n.name: n for n in nodes}
        for name in self.closure([need for n in tuple(every.values()) for need in n.needs]):
            node = self.node(name)
            if node is not None:
                every.setdefault(name, node)
        depth: dict[str, int] = {}

        def deep(name: str) -> int:
            if name not in depth:
                below = [deep(n) for n in every[name].needs if n in every]
                depth[name] = 1 + max(below, default=-1)
            return depth[name]

        levels: dict[int, list[Node]] = {}
        for name, node in every.items():
            levels.setdefault(deep(name), []).append(node)
        return [levels[k] for k in sorted(levels)]


def fit_cuts(
    book: Book,
    nodes: Iterable[Node],
    customers: pl.DataFrame,
    as_of: date,
    *,
    values: Sequence[Values] = (),
    known: Cuts | None = None,
) -> Cuts:
    """The cuts of these nodes over all customers; those that `known` has are taken from there.

    Percentiles and scores are over the buyers who have the value, whatever the base is. `values` are fitted last.
    """
    buys = customers[BASE] > 0
    described = customers if buys.all(ignore_nulls=False) else customers.filter(buys)
    cuts = Cuts(as_of, described.height, {})
    fitted = [n for level in book.levels(nodes) for n in level if n.cuts]
    levels = book.levels([*fitted, *_listed(book, values)])
    needed = {need for level in levels for n in level for need in n.needs}
    for level in levels:
        for spec in dict.fromkeys(s for n in level for s in n.cuts):
            cuts = _with_cut(book, spec, described, cuts, known)
        described = _with_nodes(described, (n for n in level if n.name in needed), cuts)
    return with_values(book, values, customers, cuts, known)


def with_values(
    book: Book,
    values: Sequence[Values],
    customers: pl.DataFrame,
    cuts: Cuts,
    known: Cuts | None = None,
) -> Cuts:
    """The cuts and the values of these features over everyone: who never bought has a country, too."""
    everyone = describe(book, _listed(book, values), customers, cuts)
    for spec in values:
        cuts = _with_cut(book, spec, everyone, cuts, known)
    return cuts


def _listed(book: Book, values: Iterable[Values]) -> list[Node]:
    """The nodes of the features whose values are listed."""
    return [n for v in values if (n := book.node(v.feature)) is not None]


def _with_cut(
    book: Book, spec: CutSpec, customers: pl.DataFrame, cuts: Cuts, known: Cuts | None
) -> Cuts:
    definition = book.definition(spec)
    if known is not None and spec in known and known.is_of(spec.name, definition):
        if not is_cut(spec, known[spec], book.kind):
            raise InputError(
                Problem(
                    f'--cuts: "{spec.name}" is not what a run writes there',
                    mend="Give the cuts.json that `segment run` wrote.",
                )
            )
        return cuts.with_value(spec, known[spec], definition)
    return cuts.with_value(spec, _fitted(book, spec, customers, cuts), definition)


def unsound(book: Book, nodes: Iterable[Node], stored: Mapping[str, Value]) -> Iterator[str]:
    """The names of stored cuts that these nodes ask for, and that no run writes."""
    asked = (cut for level in book.levels(nodes) for node in level for cut in node.cuts)
    for spec in dict.fromkeys(asked):
        if spec.name in stored and not is_cut(spec, stored[spec.name], book.kind):
            yield spec.name


def _fitted(book: Book, spec: CutSpec, customers: pl.DataFrame, cuts: Cuts) -> object:
    if isinstance(spec, Percentile) and spec.among is not None:
        customers = customers.filter(book.compile(spec.among, cuts))
    if isinstance(spec, OwnCut):
        return spec.fit(BaseOf(customers, book.kind))
    return spec.fit(customers, book.kind(spec.feature))


def _fitted_over(spec: CutSpec) -> list[str]:
    """The features that the rules may define of which a cut is fitted."""
    if isinstance(spec, ValueFit | CadenceFit):
        return []
    return list(spec.features) if isinstance(spec, OwnCut) else [spec.feature]


def describe(
    book: Book, nodes: Iterable[Node], customers: pl.DataFrame, cuts: Cuts
) -> pl.DataFrame:
    """The customers with a column for each node, and those the nodes need, row by row."""
    for level in book.levels(nodes):
        customers = _with_nodes(customers, level, cuts)
    return customers


def _with_nodes(customers: pl.DataFrame, nodes: Iterable[Node], cuts: Cuts) -> pl.DataFrame:
    """The customers with a column for each node, in the dtype of its kind; labels are enumerations."""
    nodes = tuple(nodes)
    made = customers.with_columns(n.expr(cuts).alias(n.name) for n in nodes)
    return as_kinds(made, {n.name: n.kind for n in nodes if not n.is_label})
