"""Which columns of the data the rules compare, and what hangs on each comparison.

One walk over the rules: through personas, dimensions with all their rungs, features of one's own,
`where` and anchors of measures, and `among`. For every comparison with a column it tells whether
suppression hangs on it, and whether customers match where the value is nobody's (under a negation,
or where a count, sum or share of nothing is enough). What the data holds there is for
`value_checks` to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from itertools import product
from typing import Final, Literal

from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import CATALOGUE, Feature
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not, Path
from segmentation.rules.dimensions.context import OnCondition, OnLabels, OnRank
from segmentation.rules.measures import ANY_EVENT, PURCHASE, Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import IS, MISSING, TOP_PERCENT
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar, Values, is_number
from segmentation.rules.windows import parse_date

ReadTable = Literal["customers", "transactions", "events", "labels", "figures"]
#: how a column is read where it is not simply compared: added up, or as a day to count from
How = Literal["compared", "number", "date"]

_NUMBERS: Final = ("sum", "mean")
_FIGURES: Final = (*_NUMBERS, "min", "max")
#: aggregates that give one of the column's own values
_PICKED: Final = ("first", "last", "min", "max", "top")
#: what a customer without a row has
_OF_NOTHING: Final[dict[str, Scalar]] = {
    "any": False,
    "count": 0,
    "distinct": 0,
    "sum": 0,
    "share": 0,
    "order_days": 0,
}
_SCORES: Final = tuple("".join(scores) for scores in product("12345", repeat=3))


@dataclass(frozen=True)
class Reading:
    """One comparison with one column, and what hangs on it.

    A figure is compared with the customers' own (the table `figures`; its column is a feature).

    `events`: only the rows of these are compared (empty: of all). `words` are all values the
    column can have, where the rules alone tell (labels). `compared` is what the customer's
    condition compares: a column of customers, a feature, or a measure; None where nobody does.
    `is_alone`: whoever has what is compared has a row of that value. `is_picked`: what is compared
    is itself one of the column's values (`top_department`).
    """

    test: Compare
    table: ReadTable
    column: str
    path: Path
    compared: str | Measure | None = None
    events: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    how: How = "compared"
    is_of_suppression: bool = False
    is_negated: bool = False
    is_alone: bool = False
    is_picked: bool = False

    @property
    def values(self) -> Values:
        """What it compares with, always a tuple."""
        return self.test.values


@dataclass(frozen=True)
class _At:
    """Where the walk is."""

    path: Path = ()
    compared: str | Measure | None = None
    is_of_suppression: bool = False
    is_negated: bool = False
    is_alone: bool = True

    def turned(self) -> _At:
        """Below a negation."""
        return replace(self, is_negated=not self.is_negated)


def readings(
    rules: Rules, suppress: Iterable[Condition], names: Iterable[str]
) -> tuple[Reading, ...]:
    """Every reading of suppression and of these personas, dimensions and features, each once.

    One that suppression hangs on as well as others is told as suppression's.
    """
    walk = _Walk(rules)
    found = [r for c in suppress for r in walk.condition(c, _At(is_of_suppression=True))]
    for name in names:
        if name in rules.personas:
            found += walk.condition(rules.personas[name].match, _At())
        elif name in rules.dimensions:
            found += walk.whole_dimension(name, _At())
        elif name in rules.features:
            found += walk.named(None, name, _At(path=("features", name)))
    return tuple(_merged(found))


def events_in(found: Iterable[Reading]) -> frozenset[str]:
    """The events that readings ask for: of which rows are compared, and which are compared themselves."""
    every = [*found]
    named = (str(value) for one in every if one.column == "event" for value in one.values)
    return frozenset(named).union(*(one.events for one in every))


def compared_as_dates(rules: Rules) -> frozenset[str]:
    """The columns of customers that are compared with a day, or counted from, anywhere in the rules."""
    names = (*rules.personas, *rules.dimensions, *rules.features)
    found = (r for r in readings(rules, rules.suppress, names) if r.table == "customers")
    return frozenset(r.column for r in found if r.how == "date" or any(map(_is_day, r.values)))


def read_as_numbers(rules: Rules, table: str) -> frozenset[str]:
    """The columns of a table that are added up, averaged, or compared with a bound that is a number.

    What products lend to lines is read of lines.
    """
    names = (*rules.personas, *rules.dimensions, *rules.features)
    of = "transactions" if table == "products" else table
    found = (r for r in readings(rules, rules.suppress, names) if r.table == of)
    compared = {r.column for r in found if r.how == "number" or _is_bound(r.test)}
    own = (m for m in rules.features.values() if m.aggregate in _FIGURES and m.table == of)
    return frozenset(compared | {m.column for m in own if m.column is not None})


def _is_bound(test: Compare) -> bool:
    return test.op.family in (Family.ORDER, Family.RANK) and all(map(is_number, test.values))


def _is_day(value: Scalar) -> bool:
    return isinstance(value, str) and parse_date(value) is not None


def _merged(found: Iterable[Reading]) -> Iterator[Reading]:
    """Each comparison once for each place, with all that hangs on it."""
    merged: dict[object, Reading] = {}
    for one in found:
        key = (one.test, one.table, one.column, one.events, one.how, one.path, one.compared)
        known = merged.get(key, one)
        merged[key] = replace(
            known,
            is_of_suppression=known.is_of_suppression or one.is_of_suppression,
            is_negated=known.is_negated or one.is_negated,
            is_alone=known.is_alone and one.is_alone,
        )
    yield from merged.values()


@dataclass
class _Walk:
    rules: Rules
    done: set[object] = field(default_factory=set)

    # -- conditions of customers --------------------------------------------------------------

    def condition(self, condition: Condition, at: _At) -> Iterator[Reading]:
        match condition:
            case All(parts) | AnyOf(parts):
                for part in parts:
                    yield from self.condition(part, at)
            case Not(part):
                yield from self.condition(part, at.turned())
            case InPersona(name):
                yield from self._persona(name, at)
            case Compare():
                yield from self._compare(condition, replace(at, path=condition.path or at.path))

    def _persona(self, name: str, at: _At) -> Iterator[Reading]:
        """What a persona compares, once for each way of getting there."""
        key, persona = (name, at.is_of_suppression, at.is_negated), self.rules.personas.get(name)
        if persona is not None and key not in self.done:
            self.done.add(key)
            yield from self.condition(persona.match, at)

    def _compare(self, test: Compare, at: _At) -> Iterator[Reading]:
        if test.among is not None:
            yield from self.condition(test.among, at)
        if isinstance(test.field, Measure):
            yield from self._measured(test, test.field, at)
        elif test.field in self.rules.dimensions:
            yield from self._labelled(test, at)
        else:
            yield from self.named(test, test.field, at)

    def named(self, test: Compare | None, name: str, at: _At) -> Iterator[Reading]:
        """What is behind a feature or a column of customers; `test` None where nobody compares it."""
        at = replace(at, compared=name)
        yield from self._figure(test, name, at)
        feature, own = CATALOGUE.find(name), self.rules.features.get(name)
        if feature is not None:
            yield from self._built_in(test, feature, at)
        elif own is not None and own.table == "customers":
            day = Compare(str(own.column), MISSING.name, value=True)
            yield _reading(day, "customers", str(own.column), at, how="date")
        elif own is not None:
            yield from self._measured(test, own, at, home=("features", name))
        elif test is not None:
            yield _reading(test, "customers", name, at)

    def _figure(self, test: Compare | None, name: str, at: _At) -> Iterator[Reading]:
        """A feature that is compared with a value of its own."""
        is_feature = CATALOGUE.find(name) is not None or name in self.rules.features
        if test is not None and is_feature and test.op.family is Family.SAME:
            yield _reading(test, "figures", name, at)

    def _built_in(self, test: Compare | None, feature: Feature, at: _At) -> Iterator[Reading]:
        if feature.measure is not None:
            yield from self._measured(test, feature.measure, at)
        elif feature.name == "rfm" and test is not None:
            yield _reading(test, "labels", feature.name, at, words=_SCORES)

    # -- dimensions ---------------------------------------------------------------------------

    def _labelled(self, test: Compare, at: _At) -> Iterator[Reading]:
        name = str(test.field)
        dimension = self.rules.dimensions[name]
        yield _reading(test, "labels", name, at, words=dimension.labels)
        inside = at.turned() if test.op.negates else at
        wanted = frozenset(label for label in dimension.labels if _is_wanted(label, test))
        yield from self._dimension(name, inside, wanted)

    def whole_dimension(self, name: str, at: _At) -> Iterator[Reading]:
        """What is behind all labels of a dimension."""
        return self._dimension(name, at, frozenset(self.rules.dimensions[name].labels))

    def _dimension(self, name: str, at: _At, wanted: frozenset[str]) -> Iterator[Reading]:
        key = (name, at.is_of_suppression, at.is_negated, wanted)
        if key not in self.done:
            self.done.add(key)
            yield from self._behind(name, at, wanted)

    def _behind(self, name: str, at: _At, wanted: frozenset[str]) -> Iterator[Reading]:
        """What decides about the wanted labels: a condition for them is negated where they are.

        One that stands above them, and so keeps customers from them, is negated where they are not.
        """
        for one in self.rules.dimensions[name].behind(wanted):
            match one:
                case OnCondition(condition, place):
                    negated = at.is_negated if one.is_wanted else one.is_above and not at.is_negated
                    path = ("dimensions", name, *place)
                    yield from self.condition(condition, replace(at, path=path, is_negated=negated))
                case OnLabels(other, labels):
                    yield from self._dimension(other, at, labels)
                case OnRank(feature, path):
                    test = Compare(feature, TOP_PERCENT.name, 100)
                    yield from self.named(test, feature, replace(at, path=path))

    # -- rows ---------------------------------------------------------------------------------

    def _measured(
        self, test: Compare | None, measure: Measure, at: _At, home: Path | None = None
    ) -> Iterator[Reading]:
        """What a measure's rows compare, and its column; `home` is where a feature is defined."""
        compared = at.compared if test is None or isinstance(test.field, str) else measure
        at = replace(at, compared=compared)
        inside = at.turned() if test is not None and holds_of_nothing(test, measure) else at
        inside = replace(inside, path=home or at.path)
        yield from self._rows(measure.event, measure.where, inside)
        for anchor in measure.anchors:
            yield from self._rows(anchor.event, anchor.where, inside)
        yield from _aggregated(test, measure, at)

    def _rows(self, event: str | None, where: Condition | None, at: _At) -> Iterator[Reading]:
        table, events = _table_of(event)
        if events:
            named = Compare("event", IS.name, events[0])
            yield _reading(named, table, "event", at)
        if where is not None:
            yield from _compared(where, table, events, at)


def _table_of(event: str | None) -> tuple[Literal["transactions", "events"], tuple[str, ...]]:
    """The table that holds an event's rows, and the events of it that are read."""
    if event in (None, PURCHASE):
        return "transactions", ()
    return "events", () if event == ANY_EVENT else (str(event),)


def _compared(
    where: Condition, table: ReadTable, events: tuple[str, ...], at: _At
) -> Iterator[Reading]:
    match where:
        case All(parts) | AnyOf(parts):
            alone = at.is_alone and (isinstance(where, All) or len(parts) == 1)
            for part in parts:
                yield from _compared(part, table, events, replace(at, is_alone=alone))
        case Not(part):
            yield from _compared(part, table, events, replace(at.turned(), is_alone=False))
        case Compare():
            here = replace(at, path=where.path or at.path)
            yield _reading(where, table, str(where.field), here, events=events)


def _aggregated(test: Compare | None, measure: Measure, at: _At) -> Iterator[Reading]:
    """The reading of the column that a measure adds up, or of which it gives one value."""
    if test is None or measure.column is None:
        return
    table, events = _table_of(measure.event)
    if measure.aggregate in _NUMBERS:
        yield _reading(test, table, measure.column, at, events=events, how="number")
    elif measure.aggregate in _PICKED:
        found = _reading(test, table, measure.column, at, events=events)
        yield replace(found, is_alone=False, is_picked=True)


def _reading(
    test: Compare,
    table: ReadTable,
    column: str,
    at: _At,
    *,
    events: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    how: How = "compared",
) -> Reading:
    is_named = test.op.family in (Family.SAME, Family.PART) and not test.op.negates
    one = is_named and not isinstance(test.value, tuple)
    return Reading(
        test,
        table,
        column,
        at.path,
        at.compared,
        events,
        words,
        how,
        at.is_of_suppression,
        at.is_negated != bool(test.op.negates),
        is_alone=at.is_alone and one,
    )


def _is_wanted(label: str, test: Compare) -> bool:
    """Whether a comparison names a label; one that denies it does, too."""
    return test.positive.meets_label(label)


# -- nothing --------------------------------------------------------------------------------------


def holds_of_nothing(test: Compare, measure: Measure) -> bool:
    """Whether a comparison holds for a customer of whom the measure found no row.

    >>> did = Measure("count", event="browse")
    >>> [holds_of_nothing(Compare(did, o, 1), did) for o in ("at_least", "at_most", "is_not")]
    [False, True, True]
    """
    given = None if measure.strict else _OF_NOTHING.get(measure.aggregate)
    values = (
        (given, None) if measure.aggregate == "share" else (given,)
    )  # of nothing at all: missing
    return any(map(test.meets, values))
