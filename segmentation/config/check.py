"""Do the names and values of personas.yaml fit together? Checked without data.

`problems` finds every name that is nothing, label that no rung gives, cycle, and comparison that
cannot be meant. A name that no built-in or own definition has may be a column of customers:
`attributes` says which there are, or None when that cannot be known yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from segmentation.config.catalogue import CATALOGUE, SHARE_OF_DEPARTMENT, Kind
from segmentation.config.misfit import misfit
from segmentation.config.conditions import (
    PERCENT,
    Compare,
    Condition,
    InPersona,
    Path,
    fields,
    walk,
)
from segmentation.config.dimensions import Grid
from segmentation.config.measures import Measure
from segmentation.config.rules import Rules
from segmentation.errors import Problem, RulesError, listed, nearest

#: columns of customers that are common enough to be taken on trust when no data is at hand
WELL_KNOWN = frozenset({"gender", "email", "phone", "country", "city", "birthday", "age", "language"})
LIST_FEATURES = "List them all: segment features"


def check_names(rules: Rules, *, attributes: Collection[str] | None = None) -> None:
    """Raise RulesError with every problem of names and values, if there is any."""
    found = list(problems(rules, attributes=attributes))
    if found:
        raise RulesError(*found)


def problems(rules: Rules, *, attributes: Collection[str] | None = None) -> Iterator[Problem]:
    """Every problem of names and values, in the file's order."""
    check = _Check(rules, attributes)
    yield from check.definitions()
    yield from check.conditions()
    yield from check.cycles()
    yield from check.grids()
    yield from check.lists()


@dataclass
class _Check:
    rules: Rules
    attributes: Collection[str] | None
    assumed: dict[str, str] = field(default_factory=dict)

    def wrong(self, path: Path, what: str, mend: str = "") -> Problem:
        return Problem(what, self.rules.where(path), mend)

    # -- names --------------------------------------------------------------------------------

    def known(self) -> tuple[str, ...]:
        """Every name that a condition can compare."""
        own = (*CATALOGUE.names(), *self.rules.features, *self.rules.dimensions)
        return (*own, *(self.attributes or ()))

    def is_known(self, name: str) -> bool:
        """Whether a name is, or may be, something; a likely misspelling is not."""
        feature = CATALOGUE.find(name)
        if (feature is not None and not feature.is_internal) or name in self.known():
            return True
        if self.attributes is not None or name in self.rules.personas:
            return False
        if name in WELL_KNOWN or name.startswith(("consent_", SHARE_OF_DEPARTMENT)):
            return bool(self.rules.sources.get("customers")) or self.rules.adhoc
        may_be = self.rules.adhoc or bool(self.rules.sources.get("customers"))
        return may_be and not nearest(name, self.known())

    def unknown(self, name: str, path: Path, who: str) -> Problem:
        if name in self.rules.personas:
            return self.wrong(path, f"{who} compares the persona {name!r} as if it were a feature",
                              f"Members of a persona: persona: {name}")  # fmt: skip
        near = nearest(name, self.known())
        hint = f"Nearest: {near}. " if near else ""
        return self.wrong(path, f"{who} uses the feature {name!r}, which does not exist.",
                          f"{hint}{LIST_FEATURES}")  # fmt: skip

    def kind(self, name: str) -> Kind | None:
        """How the values of a name are held, None where only the data can tell."""
        if name in self.rules.dimensions:
            return "text"
        feature = CATALOGUE.find(name)
        if feature is not None:
            return feature.kind
        measure = self.rules.features.get(name)
        return None if measure is None else measure_kind(measure)

    # -- definitions --------------------------------------------------------------------------

    def definitions(self) -> Iterator[Problem]:
        """Names defined twice: as a built-in and again, or as two kinds of thing."""
        seen: dict[str, str] = {n: "a built-in feature" for n in CATALOGUE.names()}
        groups = {"features": "a feature", "dimensions": "a dimension", "personas": "a persona"}
        for group, what in groups.items():
            for name in getattr(self.rules, group):
                if name in seen:
                    yield self.wrong((group, name), f"{name!r} is already the name of {seen[name]}",
                                     "Choose another: every name is a column of customers.parquet.")  # fmt: skip
                seen.setdefault(name, what)

    # -- conditions ---------------------------------------------------------------------------

    def conditions(self) -> Iterator[Problem]:
        for path, condition in self.rules.conditions():
            who = f"{str(path[0]).removesuffix('s')} {str(path[1])!r}".replace("'", '"')
            for part in walk(condition):
                yield from self._part(part, who)

    def _part(self, part: Condition, who: str) -> Iterator[Problem]:
        if isinstance(part, InPersona) and part.name not in self.rules.personas:
            near = nearest(part.name, self.rules.personas)
            yield self.wrong(part.path, f"{who} refers to the persona {part.name!r}, which does not exist.",
                             f"Nearest: {near}." if near else "")  # fmt: skip
        if not isinstance(part, Compare):
            return
        if isinstance(part.field, str):
            if not self.is_known(part.field):
                yield self.unknown(part.field, part.path, who)
                return
            yield from self._label(part, who)
        kind = measure_kind(part.field) if isinstance(part.field, Measure) else self.kind(part.field)
        said = misfit(part, kind)
        if said:
            yield self.wrong(part.path, f"{who}: {said}")

    def _label(self, test: Compare, who: str) -> Iterator[Problem]:
        dimension = self.rules.dimensions.get(str(test.field))
        if dimension is None or test.operator not in ("is", "is_not", "none_of"):
            return
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        for value in values:
            if str(value) not in dimension.labels:
                near = nearest(str(value), dimension.labels)
                hint = f"Nearest: {near}. " if near else ""
                yield self.wrong(
                    test.path, f"{who}: the dimension {test.field!r} has no label {value!r}",
                    f"{hint}Its labels: {', '.join(dimension.labels)}.",
                )  # fmt: skip

    # -- cycles -------------------------------------------------------------------------------

    def cycles(self) -> Iterator[Problem]:
        """Dimensions and personas that need themselves."""
        needs = {("dimensions", n): self._needs(d.conditions(), d) for n, d in self.rules.dimensions.items()}
        needs |= {("personas", n): self._needs([p.match], None) for n, p in self.rules.personas.items()}
        done: set[tuple[str, str]] = set()
        for start in needs:
            loop = _loop(start, needs, (), done)
            if loop:
                yield self.wrong(start, f"{' → '.join(n for _, n in loop)}: this goes in a circle",
                                 "Say one of them without the other.")  # fmt: skip
                done.update(loop)

    def _needs(self, conditions: object, dimension: object) -> list[tuple[str, str]]:
        found = [("dimensions", n) for n in (dimension.row, dimension.column)] if isinstance(dimension, Grid) else []
        for condition in conditions:  # type: ignore[attr-defined]
            for part in walk(condition):
                if isinstance(part, InPersona):
                    found.append(("personas", part.name))
                elif isinstance(part, Compare) and part.field in self.rules.dimensions:
                    found.append(("dimensions", str(part.field)))
        return found

    # -- grids, waterfall, columns ------------------------------------------------------------

    def grids(self) -> Iterator[Problem]:
        for name, grid in self.rules.dimensions.items():
            if isinstance(grid, Grid):
                yield from self._grid(name, grid)

    def _grid(self, name: str, grid: Grid) -> Iterator[Problem]:
        path: Path = ("dimensions", name, "grid")
        for axis in (grid.row, grid.column):
            if axis not in self.rules.dimensions:
                near = nearest(axis, self.rules.dimensions)
                yield self.wrong(path, f"grid {name!r} crosses {axis!r}, which is not a dimension",
                                 f"Nearest: {near}." if near else "")  # fmt: skip
        if any(a not in self.rules.dimensions for a in (grid.row, grid.column)):
            return
        rows, columns = self.rules.dimensions[grid.row].labels, self.rules.dimensions[grid.column].labels
        given = {(r, c) for r, c, _ in grid.cells}
        lacking = [f"{r} × {c}" for r in rows for c in columns if (r, c) not in given]
        if lacking:
            yield self.wrong(path, f"grid {name!r} has no cell for {listed(lacking)}")
        strange = [x for x in dict.fromkeys(v for r, c, _ in grid.cells for v in (r, c))
                   if x not in rows and x not in columns]  # fmt: skip
        if strange:
            yield self.wrong(path, f"grid {name!r} names {listed(strange)}, which no rung gives")

    def lists(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for i, name in enumerate(self.rules.waterfall):
            if name not in self.rules.personas:
                near = nearest(name, self.rules.personas)
                yield self.wrong(("waterfall", i), f"the waterfall names {name!r}, which is not a persona",
                                 f"Nearest: {near}." if near else "")  # fmt: skip
            elif name in seen:
                yield self.wrong(("waterfall", i), f"the waterfall names {name!r} twice")
            seen.add(name)
        for i, name in enumerate(self.rules.columns):
            if not self.is_known(name) and name not in self.rules.personas:
                yield self.unknown(name, ("columns", i), "columns")
        for persona in self.rules.personas.values():
            yield from self._persona_lists(persona.name, persona.for_each, persona.columns)

    def _persona_lists(
        self, name: str, for_each: str | None, columns: tuple[str, ...]
    ) -> Iterator[Problem]:
        who, path = f'persona "{name}"', ("personas", name)
        for i, column in enumerate(columns):
            if not self.is_known(column):
                yield self.unknown(column, (*path, "columns", i), who)
        if for_each is None:
            return
        if not self.is_known(for_each):
            yield self.unknown(for_each, (*path, "for_each"), who)
        elif self.kind(for_each) not in (None, "text"):
            yield self.wrong((*path, "for_each"), f"{who}: for_each goes over labels, and {for_each!r} is a "
                             f"{self.kind(for_each)}", "Name a dimension, top_department, or a text column.")  # fmt: skip


def measure_kind(measure: Measure) -> Kind | None:
    """How a measure's values are held, None where only the data can tell."""
    if measure.aggregate == "any":
        return "flag"
    if measure.aggregate in ("share", "top_share"):
        return "share"
    if measure.aggregate in ("count", "distinct", "days_since", "days_until", "median_gap"):
        return "number"
    return None


def _loop(
    at: tuple[str, str],
    needs: dict[tuple[str, str], list[tuple[str, str]]],
    trail: tuple[tuple[str, str], ...],
    done: set[tuple[str, str]],
) -> tuple[tuple[str, str], ...]:
    if at in trail:
        return (*trail[trail.index(at) :], at)
    if at in done:
        return ()
    for need in needs.get(at, []):
        found = _loop(need, needs, (*trail, at), done)
        if found:
            return found
    done.add(at)
    return ()
