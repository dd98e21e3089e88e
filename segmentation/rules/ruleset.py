"""The rules that personas.yaml says, by name and in the file's order; `reading` makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Literal

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Location
from segmentation.messages.notices import Setting
from segmentation.rules.conditions import Compare, Condition, InPersona, Path, walk
from segmentation.rules.dimensions import Dimension
from segmentation.rules.measures import Measure
from segmentation.rules.sources import Source, TableName
from segmentation.rules.value_settings import ValueRules
from segmentation.rules.yaml import Document


@dataclass(frozen=True)
class Persona:
    """A named condition; with `for_each` one audience per label or value of that column."""

    name: str
    title: str
    match: Condition
    for_each: str | None = None
    columns: tuple[str, ...] = ()
    most: int | None = None  # of the audiences of for_each; the largest are written
    safe_csv: bool = True  # whether texts that a spreadsheet would run get an apostrophe


@dataclass(frozen=True)
class Rules:
    """Everything personas.yaml says, by name and in the file's order."""

    document: Document
    sha256: str
    sources: Mapping[TableName, tuple[Source, ...]]
    timezone: str
    base: Literal["buyers", "everyone"]
    new_arrival_days: int
    features: Mapping[str, Measure]
    dimensions: Mapping[str, Dimension]
    personas: Mapping[str, Persona]
    suppress: tuple[Condition, ...]
    waterfall: tuple[str, ...]
    columns: tuple[str, ...]
    value: ValueRules = field(default=ValueRules())  # how future value is predicted
    adhoc: bool = field(default=False)  # transactions came from the command line
    notices: Mapping[str, Setting] = field(default_factory=dict)  # code -> another level

    @property
    def declared_timezone(self) -> str | None:
        """The time zone that the file names; None where days are of UTC because nobody says anything."""
        return self.timezone if ("timezone",) in self.document.marks else None

    def conditions(self) -> Iterator[tuple[Path, Condition]]:
        """Every condition over customers with its place in the file."""
        for name, dimension in self.dimensions.items():
            yield from (((("dimensions", name)), c) for c in dimension.conditions())
        yield from ((("personas", n, "match"), p.match) for n, p in self.personas.items())
        yield from ((("suppress", i), c) for i, c in enumerate(self.suppress))

    def reached(
        self, conditions: Iterable[Condition], *, into_negations: bool = True
    ) -> Iterator[Condition]:
        """These conditions with their parts, and those of all personas and dimensions behind them.

        A dimension stands for those that it crosses, too. Each name is entered once, the last of
        several conditions first. What is compared of a dimension is no matter: any of its labels
        hangs on all of its conditions.
        """
        seen: set[str] = set()
        waiting = list(conditions)
        while waiting:
            for part in walk(waiting.pop(), into_negations=into_negations):
                yield part
                waiting += self._behind(_named(part), seen)

    def _behind(self, names: Iterable[str], seen: set[str]) -> Iterator[Condition]:
        """The conditions of personas and dimensions that were not seen yet."""
        for name in names:
            if name in seen:
                continue
            seen.add(name)
            if name in self.personas:
                yield self.personas[name].match
            elif name in self.dimensions:
                yield from self.dimensions[name].conditions()
                yield from self._behind(self.dimensions[name].crosses(), seen)

    def where(self, path: Path, *, key: bool = False) -> Location:
        """A place in the file as `personas.yaml:41:7`: of a value, or of its key."""
        return self.document.where(path, key=key)


def _named(part: Condition) -> tuple[str, ...]:
    """The name that a part of a condition refers to, if it does."""
    match part:
        case InPersona(name):
            return (name,)
        case Compare(field=str(name)):
            return (name,)
    return ()


def with_sources(rules: Rules, given: Mapping[TableName, tuple[Source, ...]]) -> Rules:
    """The rules over files of the command line, or files and frames of Python.

    Transactions given there replace all sources of the file: its customers, products and events
    belong to its own transactions. Other tables replace just themselves.
    """
    if not any(given.values()):
        return rules
    adhoc = bool(given.get("transactions"))
    kept = dict.fromkeys(rules.sources, ()) if adhoc else dict(rules.sources)
    words = {t: _declared(rules.sources.get(t, ())) for t in given}
    merged = kept | {t: _with_values(s, words[t]) for t, s in given.items() if s}
    return replace(rules, sources=merged, adhoc=adhoc)


def _declared(sources: Iterable[Source]) -> dict[str, tuple[str, ...]]:
    """The words that some sources declare under `values`, by column."""
    words: dict[str, tuple[str, ...]] = {}
    for source in sources:
        for column, known in source.values.items():
            words[column] = tuple(dict.fromkeys((*words.get(column, ()), *known)))
    return words


def _with_values(
    sources: Iterable[Source], values: Mapping[str, tuple[str, ...]]
) -> tuple[Source, ...]:
    """Files and frames of no rules, for which the words of the rules hold as well."""
    return tuple(replace(source, values=values) for source in sources)
