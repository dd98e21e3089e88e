"""The words that a test may use: what the rules read, and what every table has anyway.

A name that no rule reads is refused when it looks like one that a rule does read: it is misspelt.
Otherwise it is let in, so that a test outlives the rule that needed it, and fails instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from segmentation.dataclass import dataclass
from segmentation.messages.errors import nearest
from segmentation.rules.catalogue import CATALOGUE, DERIVED_COLUMNS
from segmentation.rules.checking.csv_headers import attributes_of
from segmentation.rules.conditions import Compare, Condition, fields, walk
from segmentation.rules.measures import Measure
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import TIME

LINE_COLUMNS = (
    "amount",
    "quantity",
    "unit_price",
    "discount",
    "cost",
    "department",
    "product_id",
    "collection",
    "launched_at",
)
EVENT_COLUMNS = ("product_id", "collection", "campaign", "department")
_KEYS = ("event", "customer_id", "order_id")


@dataclass(frozen=True)
class Vocabulary:
    """Names that mean something to the rules, by where a test can use them.

    `events` holds `*` where a rule reads any event; `headers` are the columns of the customers'
    file, None where it cannot be looked into.
    """

    lines: tuple[str, ...]
    events: tuple[str, ...]
    event_columns: tuple[str, ...]
    attributes: tuple[str, ...]
    headers: tuple[str, ...] | None
    features: tuple[str, ...]

    @property
    def customer(self) -> tuple[str, ...]:
        """What can be said of the customer."""
        return tuple(dict.fromkeys((*self.attributes, *(self.headers or ()))))


def accepted(value: object, known: tuple[str, ...]) -> tuple[str, ...]:
    """The known names, and the keys of a value that are like none of them."""
    keys = [str(k) for k in value] if isinstance(value, dict) else []
    return (*known, *(k for k in keys if k not in known and not nearest(k, known)))


def vocabulary(rules: Rules) -> Vocabulary:
    """The words of some rules; CSV headers of the customers' files are read, rows are not."""
    rows: dict[str, dict[str, None]] = {"transactions": {}, "events": {}}
    events: dict[str, None] = {}
    for measure in _read(measures(rules)):
        if measure.table == "events":
            events.setdefault(str(measure.event))
        rows[measure.table].update(dict.fromkeys(_columns(measure)))
    return Vocabulary(
        lines=tuple(dict.fromkeys((*LINE_COLUMNS, *rows["transactions"]))),
        events=tuple(events),
        event_columns=tuple(dict.fromkeys((*EVENT_COLUMNS, *rows["events"]))),
        attributes=attributes(rules),
        headers=attributes_of(rules) if rules.sources.get("customers") else None,
        features=(*CATALOGUE.names(), *rules.features, *rules.dimensions),
    )


def measures(rules: Rules) -> Iterator[Measure]:
    """The measures of the rules' own features and of their conditions."""
    yield from rules.features.values()
    for part in _parts(rules):
        if isinstance(part, Compare) and isinstance(part.field, Measure):
            yield part.field


def _parts(rules: Rules) -> Iterator[Condition]:
    return (part for _, condition in rules.conditions() for part in walk(condition))


def _read(found: Iterable[Measure]) -> Iterator[Measure]:
    """The measures over rows, and the events that these follow as measures of their own."""
    for measure in found:
        if measure.table != "customers":
            yield measure
        yield from (Measure("any", event=a.event, where=a.where) for a in measure.anchors)


def _columns(measure: Measure) -> Iterator[str]:
    named = [str(f) for f in fields(measure.where)] if measure.where is not None else []
    known = {*_KEYS, *TIME.get(measure.table, ())}
    for name in (*named, *([measure.column] if measure.column else [])):
        yield from (c for c in DERIVED_COLUMNS.get(name, (name,)) if c not in known)


def attributes(rules: Rules) -> tuple[str, ...]:
    """The columns of customers that the rules read, in order of appearance."""
    compared = [p.field for p in _parts(rules) if isinstance(p, Compare)]
    dates = [m.column for m in rules.features.values() if m.table == "customers"]
    lists = [n for p in rules.personas.values() for n in (p.for_each, *p.columns)]
    names = [n for n in (*compared, *dates, *lists, *rules.columns) if isinstance(n, str)]
    own: tuple[Mapping[str, object], ...] = (rules.features, rules.dimensions, rules.personas)
    return tuple(
        n
        for n in dict.fromkeys(names)
        if CATALOGUE.find(n) is None and not any(n in mapping for mapping in own)
    )
