"""From a file of persona tests to its cases; every mistake with its line and column.

cuts: {monetary top 20 %: 1200}          # thresholds, as cuts.json of a run names them
cases:
  - name: a lapsed shoe buyer who looks again
    orders: [{days_ago: 90, times: 4, every: 30d, department: Footwear, amount: 400}]
    events: [{event: browse, days_ago: 3, collection: running-latest}]
    expect: [lapsed_shoe_buyers]
    because: she knows what she wants, and has not bought it yet
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any, Final

from segmentation.messages.errors import InputError, Problem, RulesError
from segmentation.persona_tests.cases import Case, Suite, persona_of
from segmentation.persona_tests.history import History, InventedRow
from segmentation.persona_tests.vocabulary import Vocabulary, accepted
from segmentation.rules.catalogue import SHARE_OF_DEPARTMENT
from segmentation.rules.conditions import Compare, Condition, Path, walk
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import quoted
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.reader import in_order
from segmentation.rules.reading.shapes import hint
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar, is_number
from segmentation.rules.windows import parse_date
from segmentation.rules.yaml import Document, load

ReadRows = Callable[[Any, Path], tuple[InventedRow, ...]]
AS_OF: Final = date(2026, 6, 15)  # for tests that say days_ago and no date: any day will do
FILE_KEYS: Final = ("as_of", "cuts", "given", "customer", "cases")
EXPECTED: Final = ("expect", "not", "exported", "not_exported", "suppressed", "features")
CASE_KEYS: Final = (
    "name",
    "because",
    "like",
    "as_of",
    "given",
    "customer",
    "orders",
    "events",
    "more_orders",
    "more_events",
    *EXPECTED,
)


def read_suites(paths: tuple[FilePath, ...], rules: Rules, words: Vocabulary) -> tuple[Suite, ...]:
    """The suites of some files. Raises RulesError with every mistake in all of them."""
    suites: list[Suite] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            suites.append(_Reader(load(path), rules, words).suite(path))
        except RulesError as error:
            problems += error.problems
    if problems:
        raise RulesError(*problems)
    return tuple(suites)


def files_beside(config: FilePath) -> tuple[FilePath, ...]:
    """The tests beside a file of rules: X.test.yaml for X.yaml, or else every *.test.yaml there."""
    own = config.with_name(f"{config.stem}.test.yaml")
    found = (own,) if own.exists() else tuple(sorted(config.parent.glob("*.test.yaml")))
    if not found:
        raise RulesError(
            Problem(
                "there are no persona tests",
                str(own),
                "Write this file (docs/persona-tests.md), or name one: segment test FILE",
            )
        )
    return found


class _Reader:
    """Reads one document; the parser keeps its mistakes."""

    def __init__(self, document: Document, rules: Rules, words: Vocabulary) -> None:
        self.document, self.rules, self.words = document, rules, words
        self.parser = Parser(document)
        self.before: dict[str, Case] = {}
        self.nobody = Case("", document.where(()), AS_OF)

    def suite(self, path: FilePath) -> Suite:
        data = self.document.data
        if not self.parser.mapping(data, (), FILE_KEYS):
            raise RulesError(*self.parser.problems)
        cuts = self.cuts(data.get("cuts", {}), path)
        entries = data.get("cases")
        if not isinstance(entries, list) or not entries:
            self.parser.wrong(
                ("cases",),
                "cases is a list of at least one case",
                "For example - {name: …, orders: […], expect: [vip]}",
            )
            entries = []
        as_of = self.as_of(data, ())
        self.nobody = Case(
            "",
            self.document.where(()),
            as_of or AS_OF,
            is_dated=as_of is not None,
            given=self.given(data, ()),
            customer=self.customer(data, ()),
        )
        cases = [self.case(entry, ("cases", i)) for i, entry in enumerate(entries)]
        if self.parser.problems:
            raise RulesError(*in_order(self.parser.problems))
        places = {name: self.document.where(("cuts", name)) for name in cuts}
        return Suite(self.document.name, cuts, places, tuple(c for c in cases if c is not None))

    def cuts(self, value: Any, path: FilePath) -> Mapping[str, Any]:
        """Thresholds by the names of cuts.json, or the path of such a file beside this one."""
        if isinstance(value, str):
            return self.cuts_of_a_run(path.parent / value)
        if not isinstance(value, dict):
            self.parser.wrong(
                ("cuts",),
                "cuts is a mapping, or the path of a cuts.json",
                "For example {monetary top 20 %: 1400}",
            )
            return {}
        for name, cut in value.items():
            numbers = cut if isinstance(cut, list) else [cut]
            if not isinstance(cut, dict) and not all(
                is_number(n) or parse_date(n) for n in numbers
            ):
                self.parser.wrong(
                    ("cuts", name), f"{name} is a number, a day, or a list of numbers"
                )
        return value

    def cuts_of_a_run(self, path: FilePath) -> Mapping[str, Any]:
        """Thresholds of a cuts.json; that there is none is a mistake of the file that names it."""
        from segmentation.customers.cuts import read_cuts

        try:
            return read_cuts(path).values
        except InputError as error:
            for one in error.problems:
                self.parser.wrong(("cuts",), f"{one.where}: {one.what}", one.mend)
            return {}

    def case(self, entry: Any, path: Path) -> Case | None:
        if not self.parser.mapping(entry, path, CASE_KEYS):
            return None
        name = entry.get("name")
        if not isinstance(name, str) or not name:
            self.parser.wrong(path, "a case needs a name", "name: what is shown when it fails")
        if not any(key in entry for key in EXPECTED):
            self.parser.wrong(
                path, f"{quoted(name)} expects nothing", "Add expect: [PERSONA], or not: [PERSONA]."
            )
        case = self.invented(str(name), entry, path)
        if case.name in self.before:
            self.parser.wrong(
                (*path, "name"),
                f"two cases have the name {quoted(case.name)}",
                f"The other is at {self.before[case.name].where}.",
            )
        self.before.setdefault(case.name, case)
        return case

    def invented(self, name: str, entry: Mapping[str, Any], path: Path) -> Case:
        like = self.like(entry, path)
        basis = like or self.basis(entry, path)
        history = History(self.parser, self.words, basis.as_of, is_dated=basis.is_dated)
        return replace(
            basis,
            name=name,
            where=self.document.where(path),
            because=str(entry.get("because", "")),
            given=basis.given | self.given(entry, path),
            customer=basis.customer | self.customer(entry, path),
            lines=self.rows(entry, "orders", path, history.lines, basis.lines),
            events=self.rows(entry, "events", path, history.events, basis.events),
            expect=self.names(entry, "expect", path),
            absent=self.names(entry, "not", path),
            exported=self.names(entry, "exported", path),
            not_exported=self.names(entry, "not_exported", path),
            suppressed=self.flag(entry, path),
            features=self.features(entry, path),
        )

    def basis(self, entry: Mapping[str, Any], path: Path) -> Case:
        """Somebody without a history, on the case's own day or the file's."""
        own = self.as_of(entry, path)
        return self.nobody if own is None else replace(self.nobody, as_of=own, is_dated=True)

    def like(self, entry: Mapping[str, Any], path: Path) -> Case | None:
        """The case that this one is like but for what it says itself; expectations never pass on."""
        if "like" not in entry:
            return None
        if "as_of" in entry:
            self.parser.wrong(
                (*path, "as_of"),
                "as_of comes with the case that this one is like",
                "Remove it, or write the customer out.",
            )
        found = self.before.get(str(entry["like"]))
        if found is None:
            self.parser.wrong(
                (*path, "like"),
                f"there is no case {quoted(entry['like'])} above",
                f"{hint(str(entry['like']), self.before)}A case is like one that stands above it.",
            )
        return found

    def rows(
        self,
        entry: Mapping[str, Any],
        key: str,
        path: Path,
        read: ReadRows,
        inherited: tuple[InventedRow, ...],
    ) -> tuple[InventedRow, ...]:
        """Orders or events: the case's own, else those of the case it is like; then `more_`."""
        more = f"more_{key}"
        own = read(entry[key], (*path, key)) if key in entry else inherited
        return (*own, *read(entry[more], (*path, more))) if more in entry else own

    def as_of(self, entry: Mapping[str, Any], path: Path) -> date | None:
        if "as_of" not in entry:
            return None
        found = parse_date(entry["as_of"]) if isinstance(entry["as_of"], str) else None
        if found is None:
            self.parser.wrong((*path, "as_of"), "as_of is a day such as 2026-11-20")
        return found

    def given(self, entry: Mapping[str, Any], path: Path) -> dict[str, Scalar]:
        """Values that are not computed: a dimension's label, a feature, a persona's membership."""
        known = (*self.words.features, *self.rules.personas)
        found = self.scalars(entry, "given", path, known, "a feature, a dimension or a persona")
        for name, value in found.items():
            dimension = self.rules.dimensions.get(name)
            if dimension is not None and value not in dimension.labels:
                self.parser.wrong(
                    (*path, "given", name),
                    f"{name} has no label {quoted(value)}",
                    f"{hint(str(value), dimension.labels)}There are: "
                    f"{', '.join(dimension.labels)}.",
                )
        return found

    def customer(self, entry: Mapping[str, Any], path: Path) -> dict[str, Scalar]:
        return self.scalars(entry, "customer", path, self.words.customer, "a column of customers")

    def scalars(
        self, entry: Mapping[str, Any], key: str, path: Path, known: tuple[str, ...], what: str
    ) -> dict[str, Scalar]:
        """A mapping of known names to single values; what is wrong is left out."""
        value = entry.get(key, {})
        at = (*path, key)
        if not isinstance(value, dict):
            self.parser.wrong(at, f"{key} is a mapping of names to values")
            return {}
        for name in value:
            if name not in accepted(value if key == "customer" else {}, known) and not is_share(
                name
            ):
                self.parser.wrong(
                    (*at, name),
                    f"{quoted(name)} is not {what} that the rules read",
                    hint(name, known) or f"There are: {', '.join(known)}.",
                )
            elif not isinstance(value[name], str | int | float | bool):
                self.parser.wrong((*at, name), f"{name} takes a single value")
        return {n: v for n, v in value.items() if isinstance(v, str | int | float | bool)}

    def names(self, entry: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
        """Personas, or audiences of a `for_each` such as by_department-footwear."""
        value = entry.get(key, [])
        names = value if isinstance(value, list) else [value]
        at = (*path, key)
        for i, name in enumerate(names):
            if not isinstance(name, str) or persona_of(name, self.rules) is None:
                place = (*at, i) if isinstance(value, list) else at
                known = self.rules.personas
                self.parser.wrong(
                    place,
                    f"there is no persona {quoted(name)}",
                    f"{hint(str(name), known)}There are: {', '.join(known)}.",
                )
        return tuple(n for n in names if isinstance(n, str))

    def flag(self, entry: Mapping[str, Any], path: Path) -> bool | None:
        found = entry.get("suppressed")
        if found is None or isinstance(found, bool):
            return found
        self.parser.wrong((*path, "suppressed"), "suppressed is true or false")
        return None

    def features(self, entry: Mapping[str, Any], path: Path) -> Condition | None:
        """Expected values in the language of the rules: {frequency: 3, margin: {missing: true}}."""
        if "features" not in entry:
            return None
        at = (*path, "features")
        found = self.parser.condition(entry["features"], at)
        for part in walk(found):
            if isinstance(part, Compare):
                self.comparison(part)
        return found

    def comparison(self, part: Compare) -> None:
        known = (*self.words.features, *self.words.customer)
        if part.op.family is Family.RANK:
            self.parser.wrong(
                part.path,
                "a test has too few customers for percentages",
                "Compare the value itself.",
            )
        elif not isinstance(part.field, str):
            self.parser.wrong(
                part.path,
                "features compares features by name",
                "Name the measure under features: in the rules.",
            )
        elif part.field not in known and not is_share(part.field):
            self.parser.wrong(
                part.path,
                f"there is no feature {quoted(part.field)}",
                f"{hint(part.field, known)}List them all: segment features",
            )


def is_share(name: str) -> bool:
    """Whether a name is department_share.NAME, of which there is one for each department."""
    return name.startswith(SHARE_OF_DEPARTMENT)
