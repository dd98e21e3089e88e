"""Do the names and values of personas.yaml fit together? Checked without data.

`problems` finds every name that is nothing, label that no rung gives, cycle, and comparison that
cannot be meant. A name that no built-in or own definition has may be a column of customers:
`attributes` says which there are, or None when that cannot be known yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, RulesError, nearest
from segmentation.rules.catalogue import CATALOGUE, SHARE_OF_DEPARTMENT, Kind
from segmentation.rules.checking.misfit import IN_WORDS, mending, misfit
from segmentation.rules.checking.no_features import of_lines, why_nothing
from segmentation.rules.checking.rows import row_misfits
from segmentation.rules.conditions import Compare, Condition, InPersona, Path, walk
from segmentation.rules.dimensions import Dimension, by_kind
from segmentation.rules.kinds import compared_kind
from segmentation.rules.measures import Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import quoted
from segmentation.rules.reading.comparisons import MODIFIERS, stands_beside
from segmentation.rules.reading.shapes import hint
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Values

#: columns of customers that are common enough to be taken on trust when no data is at hand
WELL_KNOWN = frozenset(
    {"gender", "email", "phone", "country", "city", "birthday", "age", "language"}
)
#: how like a known name a name must be to be called misspelt: `region` is not `margin`
MISSPELT = 0.75
LIST_FEATURES = "List them all: segment features"


class Why(Protocol):
    """Why a file's column is none that rules can name, and how to mend that."""

    @property
    def what(self) -> str: ...  # noqa: D102 - see the class
    @property
    def mend(self) -> str: ...  # noqa: D102


Unnamed = Callable[[str], Why | None]


def check_names(
    rules: Rules,
    *,
    attributes: Collection[str] | None = None,
    lent: Collection[str] | None = None,
    unnamed: Unnamed = lambda name: None,
) -> None:
    """Raise RulesError with every problem of names and values, if there is any.

    `lent` are columns of lines that only products have, if at all; `unnamed` says of columns that
    files have why they are no attributes.
    """
    found = list(problems(rules, attributes=attributes, lent=lent, unnamed=unnamed))
    if found:
        raise RulesError(*found)


def problems(
    rules: Rules,
    *,
    attributes: Collection[str] | None = None,
    lent: Collection[str] | None = None,
    unnamed: Unnamed = lambda name: None,
) -> Iterator[Problem]:
    """Every problem of names and values, in the file's order."""
    check = _Check(rules, attributes, lent, unnamed)
    yield from check.definitions()
    yield from check.conditions()
    yield from check.rows()
    yield from check.cycles()
    yield from check.kinds()
    yield from check.lists()


@dataclass(frozen=True)
class _Check:
    rules: Rules
    attributes: Collection[str] | None
    lent: Collection[str] | None
    unnamed: Unnamed

    def wrong(self, path: Path, what: str, mend: str = "", *, key: bool = False) -> Problem:
        return Problem(what, self.rules.where(path, key=key), mend.rstrip())

    # -- names --------------------------------------------------------------------------------

    @property
    def dimensions(self) -> Mapping[str, Dimension]:
        return self.rules.dimensions

    def known(self) -> tuple[str, ...]:
        """Every name that a condition can compare."""
        own = (*CATALOGUE.names(), *self.rules.features, *self.rules.dimensions)
        return (*own, *(self.attributes or ()))

    def is_known(self, name: str) -> bool:
        """Whether a name is, or may be, something; a likely misspelling is not."""
        feature = CATALOGUE.find(name)
        if (feature is not None and not feature.is_internal) or name in self.known():
            return True
        is_told = (
            self.attributes is not None and not self.rules.adhoc
        )  # else who needs it is left out
        if is_told or name in self.rules.personas:
            return False
        if name in WELL_KNOWN or name.startswith(("consent_", SHARE_OF_DEPARTMENT)):
            return bool(self.rules.sources.get("customers")) or self.rules.adhoc
        may_be = self.rules.adhoc or bool(self.rules.sources.get("customers"))
        return may_be and not nearest(name, (*self.known(), *MODIFIERS), alike=MISSPELT)

    def unknown(self, name: str, path: Path, who: str, values: Values = ()) -> Problem:
        if name in self.rules.personas:
            return self.wrong(
                path,
                f"{who} compares the persona {quoted(name)} as if it were a feature.",
                f"Members of a persona: persona: {name}",
                key=True,
            )
        modifier = nearest(name, MODIFIERS, alike=MISSPELT)
        if modifier:
            what, mend = stands_beside(modifier)
            return self.wrong(path, f"{who}: {what}", mend, key=True)
        why = self.unnamed(name)
        if why is not None:
            return self.wrong(path, f"{who}: {why.what}", why.mend, key=True)
        mend = why_nothing(name) or of_lines(name, values)
        mend = mend or f"{hint(name, self.known())}{LIST_FEATURES}"
        return self.wrong(
            path, f"{who} uses the feature {quoted(name)}, which does not exist.", mend, key=True
        )

    def kind(self, name: str) -> Kind | None:
        """How the values of a name are held, None where only the data can tell."""
        if name in self.rules.dimensions:
            return "text"
        feature = CATALOGUE.find(name)
        if feature is not None:
            return feature.kind
        measure = self.rules.features.get(name)
        return None if measure is None else compared_kind(measure)

    # -- definitions --------------------------------------------------------------------------

    def definitions(self) -> Iterator[Problem]:
        """Names defined twice: as a built-in and again, or as two kinds of thing."""
        columns = () if self.rules.adhoc else self.attributes or ()
        seen = dict.fromkeys(columns, "a column of customers")
        seen |= dict.fromkeys(CATALOGUE.names(), "a built-in feature")
        groups = {"features": "a feature", "dimensions": "a dimension", "personas": "a persona"}
        for group, what in groups.items():
            for name in getattr(self.rules, group):
                if name in seen:
                    yield self.wrong(
                        (group, name),
                        f"{quoted(name)} is already the name of {seen[name]}",
                        "Choose another: every name is a column of customers.parquet.",
                        key=True,
                    )
                seen.setdefault(name, what)
        own = {*self.rules.features, *self.rules.dimensions, *self.rules.personas}
        for name, measure in self.rules.features.items():
            if measure.table == "customers" and measure.column in own:
                yield self.wrong(
                    ("features", name),
                    f"feature {quoted(name)} reads a column of customers, and "
                    f"{quoted(measure.column)} is a name of these rules",
                    "Choose another name for one of the two.",
                    key=True,
                )

    # -- conditions ---------------------------------------------------------------------------

    def conditions(self) -> Iterator[Problem]:
        for path, condition in self.rules.conditions():
            who = who_is(path)
            for part in walk(condition):
                yield from self._part(part, who)

    def _part(self, part: Condition, who: str) -> Iterator[Problem]:
        if isinstance(part, InPersona) and part.name not in self.rules.personas:
            yield self.wrong(
                part.path,
                f"{who} refers to the persona {quoted(part.name)}, which does not exist.",
                hint(part.name, self.rules.personas),
            )
        if not isinstance(part, Compare):
            return
        if isinstance(part.field, str):
            if not self.is_known(part.field):
                values = part.values if part.is_equality else ()
                yield self.unknown(part.field, key_path(part), who, values)
                return
            yield from self._label(part, who)
        kind = (
            compared_kind(part.field) if isinstance(part.field, Measure) else self.kind(part.field)
        )
        said = misfit(part, kind)
        if said:
            yield self.wrong(part.path, f"{who}: {said}", mending(part, kind))

    def rows(self) -> Iterator[Problem]:
        """Comparisons in `where` that cannot be meant, each once."""
        found = (
            replace(one, what=f"{who_is(at)}: {one.what}")
            for at, one in row_misfits(self.rules, self.lent)
        )
        yield from dict.fromkeys(found)

    def _label(self, test: Compare, who: str) -> Iterator[Problem]:
        dimension = self.rules.dimensions.get(str(test.field))
        if dimension is None or test.op.family is not Family.SAME:
            return
        for value in dict.fromkeys(test.values):
            if not isinstance(value, bool) and str(value) not in dimension.labels:
                yield self.wrong(
                    test.path,
                    f'{who}: the dimension "{test.field}" has no label "{value}"',
                    f"{hint(str(value), dimension.labels)}Its labels: {', '.join(dimension.labels)}.",
                )

    # -- cycles -------------------------------------------------------------------------------

    def cycles(self) -> Iterator[Problem]:
        """Dimensions and personas that need themselves."""
        needs = {
            ("dimensions", n): self._needs(d.conditions(), d.crosses())
            for n, d in self.rules.dimensions.items()
        }
        needs |= {("personas", n): self._needs([p.match]) for n, p in self.rules.personas.items()}
        done: set[tuple[str, str]] = set()
        for start in needs:
            loop = _loop(start, needs, done)
            if loop:
                yield self.wrong(
                    start,
                    f"{' → '.join(n for _, n in loop)}: this goes in a circle",
                    "Say one of them without the other.",
                    key=True,
                )
                done.update(loop)

    def _needs(
        self, conditions: Iterable[Condition], crossed: Iterable[str] = ()
    ) -> list[tuple[str, str]]:
        found = [("dimensions", n) for n in crossed]
        for condition in conditions:
            for part in walk(condition):
                if isinstance(part, InPersona):
                    found.append(("personas", part.name))
                elif isinstance(part, Compare) and part.field in self.rules.dimensions:
                    found.append(("dimensions", str(part.field)))
        return found

    # -- dimensions, waterfall, columns -------------------------------------------------------

    def kinds(self) -> Iterator[Problem]:
        """What the kinds of dimensions find wrong with the names that theirs use."""
        for name, dimension in by_kind(self.rules.dimensions):
            yield from dimension.check(name, self)

    def lists(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for i, name in enumerate(self.rules.waterfall):
            if name not in self.rules.personas:
                yield self.wrong(
                    ("waterfall", i),
                    f"the waterfall names {quoted(name)}, which is not a persona",
                    hint(name, self.rules.personas),
                )
            elif name in seen:
                yield self.wrong(("waterfall", i), f"the waterfall names {quoted(name)} twice")
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
            return
        kind = self.kind(for_each)
        if kind not in (None, "text"):
            yield self.wrong(
                (*path, "for_each"),
                f"{who}: for_each goes over labels, and {for_each} is {IN_WORDS[kind]}",
                "Name a dimension, top_department, or a text column.",
            )


def who_is(path: Path) -> str:
    """Whose condition stands at a path, in words: `persona "vip"`.

    >>> who_is(("personas", "vip", "match")), who_is(("suppress", 0))
    ('persona "vip"', 'suppress rule 1')
    """
    if path[0] == "suppress":
        return f"suppress rule {int(path[1]) + 1}"
    return f'{str(path[0]).removesuffix("s")} "{path[1]}"'


def key_path(test: Compare) -> Path:
    """The path of the key that names what a comparison compares."""
    return test.path[:-1] if test.path and test.path[-1] == test.operator else test.path


Thing = tuple[str, str]  # ("personas", "vip")


def _loop(start: Thing, needs: dict[Thing, list[Thing]], done: set[Thing]) -> tuple[Thing, ...]:
    """The first circle that is met from a start, its first thing again at the end; or nothing.

    Everything that is found to be in no circle goes to `done`. A chain may be long: no recursion.
    """
    if start in done:
        return ()
    trail = {start: iter(needs.get(start, ()))}  # in order: how the walk got here
    while trail:
        at = next(reversed(trail))
        for need in trail[at]:
            if need in trail:
                names = list(trail)
                return (*names[names.index(need) :], need)
            if need not in done:
                trail[need] = iter(needs.get(need, ()))
                break
        else:
            done.add(at)
            del trail[at]
    return ()
