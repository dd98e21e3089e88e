"""From YAML values to conditions; every mistake is kept with its place.

The grammar: a mapping is AND; a scalar is "equals"; a list is "one of"; the WORDS are the keys that
are no names: `all`, `any` and `not` nest, `did`, `did_not`, `share` and `persona` ask on their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, cast

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not, Path
from segmentation.rules.measures import Measure, Unit
from segmentation.rules.operators import AT_LEAST, IS, OPERATORS
from segmentation.rules.prose import quoted
from segmentation.rules.reading.aggregations import SHARE
from segmentation.rules.reading.comparisons import ComparisonParser, together
from segmentation.rules.reading.measures import A_SHARE_OF_WHAT
from segmentation.rules.reading.rows import ROW_KEYS
from segmentation.rules.reading.shapes import listing, shown
from segmentation.rules.scalars import is_number
from segmentation.rules.schema.fragments import Schema, one_or_more, ref
from segmentation.rules.tables import by_name

#: words of other languages, and which is meant
OTHER_WORDS: Final = {"or": "any", "and": "all"}


@dataclass
class Parser(ComparisonParser):
    """Turns YAML values into rules and collects what is wrong with them in `problems`."""

    def condition(self, value: Any, path: Path, *, row: bool = False) -> Condition:
        """A condition on one customer, or, with `row`, on one line or event."""
        if not isinstance(value, dict):
            self.wrong(
                path,
                f"a condition is a mapping such as {{frequency: {{at_least: 2}}}}, "
                f"not {shown(value)}",
            )
            return All(())
        if not value:
            self.wrong(
                path,
                "a condition without a comparison is true for everybody",
                "Compare something, or remove it.",
            )
        parts = [self._part(key, value[key], (*path, key), row=row) for key in value]
        return together(parts)

    def _part(self, key: str, value: Any, path: Path, *, row: bool) -> Condition:
        if key not in WORDS and _is_nested(key, value):
            mend = f"Write {OTHER_WORDS[key.lower()]} in its place."
            self.wrong(path, f"{quoted(key)} is not known here", mend, key=True)
            return All(())
        if key not in WORDS:
            return self.comparison(key, value, path, row=row)
        if row and not WORDS[key].of_rows:
            self.wrong(
                path,
                f"{quoted(key)} cannot stand inside `where`",
                "A `where` is about one row: compare its columns.",
                key=True,
            )
            return All(())
        return WORDS[key].read(self, value, path, row=row)

    def _all(self, value: Any, path: Path, *, row: bool) -> Condition:
        return All(tuple(self._several(value, path, row=row)))

    def _any(self, value: Any, path: Path, *, row: bool) -> Condition:
        if isinstance(value, dict):  # `any: {a: 1, b: 2}` reads as "a or b"
            parts = [self._part(k, value[k], (*path, k), row=row) for k in value]
            return AnyOf(tuple(self._some(parts, path)))
        return AnyOf(tuple(self._several(value, path, row=row)))

    def _not(self, value: Any, path: Path, *, row: bool) -> Condition:
        return Not(together(self._several(value, path, row=row)))

    def _several(self, value: Any, path: Path, *, row: bool) -> list[Condition]:
        parts = [self.condition(item, at, row=row) for item, at in listing(value, path)]
        return self._some(parts, path)

    def _some(self, parts: list[Condition], path: Path) -> list[Condition]:
        if not parts:
            what = f"{quoted(str(path[-1]))} has no conditions"
            self.wrong(path, what, "Name at least one, or remove it.")
        return parts

    # -- did, share, persona ------------------------------------------------------------------

    def _did(self, value: Any, path: Path, *, row: bool) -> Condition:
        return together(self._dids(value, path))

    def _did_not(self, value: Any, path: Path, *, row: bool) -> Condition:
        """Did none of them."""
        return Not(AnyOf(tuple(self._dids(value, path))))

    def _dids(self, value: Any, path: Path) -> list[Condition]:
        if value == []:
            self.wrong(path, "did names no event", "For example {event: browse, within: 30d}.")
        return [self._did_one(s, p) for s, p in listing(value, path)]

    def _did_one(self, spec: Any, path: Path) -> Condition:
        if isinstance(spec, str):
            spec = {"event": spec}
        if not self.mapping(spec, path, (*ROW_KEYS, "times")) or not self.named(spec, path):
            return All(())
        rows = self.rows(spec, path)
        if "times" not in spec:
            return Compare(Measure("any", **rows), IS.name, value=True, path=path)
        times = spec["times"]
        count, at = Measure("count", of="events", **rows), (*path, "times")
        if isinstance(times, dict):
            return self.operators(count, times, at)
        return Compare(count, AT_LEAST.name, self._times(times, at), path=at)

    def _times(self, value: Any, path: Path) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.wrong(
            path,
            f"times takes a whole number above 0, or a comparison, not {shown(value)}",
            "For example times: 2, or times: {between: [2, 5]}.",
        )
        return 1

    def _share(self, value: Any, path: Path, *, row: bool) -> Condition:
        if value == []:
            self.wrong(path, *A_SHARE_OF_WHAT)
        return together([self._share_one(s, p) for s, p in listing(value, path)])

    def _share_one(self, spec: Any, path: Path) -> Condition:
        rows = [name for name in ROW_KEYS if name != "event"]
        if not self.mapping(spec, path, ("of", *rows, *OPERATORS)):
            return All(())
        unit = self.one_of(spec.get("of"), SHARE.counts, (*path, "of"), "share counts")
        test: dict[str, Any] = {k: v for k, v in spec.items() if k in OPERATORS}
        if not test:
            self.wrong(path, "how large a share?", "Add at_least: 0.3, for example.")
        if "where" not in spec:
            self.wrong(path, *A_SHARE_OF_WHAT)
        for key, bound in test.items():
            numbers = bound if isinstance(bound, list) else [bound]
            stand_in = OPERATORS[key].some_share
            if stand_in is not None and not all(is_number(n) and 0 <= n <= 1 for n in numbers):
                self.wrong(
                    (*path, key),
                    f"a share lies between 0 and 1, not {shown(bound)}",
                    "Write 30 % as 0.3.",
                )
                test[key] = stand_in
        measure = Measure("share", of=cast(Unit, unit), **self.rows(spec, path))
        return self.operators(measure, test, path) if test else All(())

    def _persona(self, value: Any, path: Path, *, row: bool) -> Condition:
        names = listing(value, path)
        if not names or not all(isinstance(n, str) for n, _ in names):
            self.wrong(path, "persona takes the name of a persona, or a list of names")
            return All(())
        found = tuple(InPersona(n, at) for n, at in names)
        return found[0] if len(found) == 1 else AnyOf(found)


def _is_nested(key: str, value: Any) -> bool:
    """Whether a word of other languages has conditions below it; what has values is a column."""
    items = [item for item, _ in listing(value, ())]
    conditions = [item for item in items if isinstance(item, dict) and not {*item} & {*OPERATORS}]
    return key.lower() in OTHER_WORDS and items != [] and len(conditions) == len(items)


class ReadWord(Protocol):
    """Reads the value of a word."""

    def __call__(self, parser: Parser, value: Any, path: Path, /, *, row: bool) -> Condition:
        """What it means; `row` where it stands inside `where`."""


@dataclass(frozen=True)
class Word:
    """A key of a condition that is no name: how it is read, and its JSON Schema.

    `schema` has the name of the definition of the conditions around it.
    """

    name: str
    read: ReadWord
    schema: Callable[[str], Schema]
    description: str
    of_rows: bool
    """Whether it may stand inside `where`."""


def _nested(condition: str) -> Schema:
    return one_or_more(ref(condition))


def _of(definition: str) -> Callable[[str], Schema]:
    return lambda condition: one_or_more(ref(definition))


#: what a condition may hold besides the names of features, columns and dimensions
WORDS: Final[Mapping[str, Word]] = by_name(
    (
        Word("all", Parser._all, _nested, "Every one of these holds.", of_rows=True),
        Word("any", Parser._any, _nested, "At least one of these holds.", of_rows=True),
        Word(
            "not",
            Parser._not,
            _nested,
            "None of it holds; a missing value counts as not.",
            of_rows=True,
        ),
        Word("did", Parser._did, _of("did"), "The customer has such an event.", of_rows=False),
        Word(
            "did_not",
            Parser._did_not,
            _of("did"),
            "The customer has none of these events.",
            of_rows=False,
        ),
        Word(
            "share",
            Parser._share,
            _of("share"),
            "How large a part of the customer's orders, items, spend or lines.",
            of_rows=False,
        ),
        Word(
            "persona",
            Parser._persona,
            _of("persona_name"),
            "Members of another persona.",
            of_rows=False,
        ),
    )
)
