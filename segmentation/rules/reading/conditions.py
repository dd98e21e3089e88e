"""From YAML values to conditions; every mistake is kept with its place.

The grammar: a mapping is AND; a scalar is "equals"; a list is "one of"; `all`, `any` and `not`
nest; `did`, `did_not`, `share` and `persona` are the words that are not fields. Measures are
parsed in `parse_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not, Path
from segmentation.rules.measures import Measure, Unit
from segmentation.rules.operator_record import Family, Operator
from segmentation.rules.operators import AT_LEAST, IS, MISSING, OPERATORS
from segmentation.rules.prose import describe, quoted
from segmentation.rules.reading.measures import (
    A_SHARE_OF_WHAT,
    AGGREGATES,
    COUNTED,
    OF_COLUMN,
    ROWS,
    SHARED,
    RowsParser,
)
from segmentation.rules.reading.shapes import hint, listing, shown
from segmentation.rules.scalars import Scalar, Values, is_number

__all__ = [
    "AGGREGATES",
    "COUNTED",
    "MODIFIERS",
    "NESTING",
    "OF_COLUMN",
    "ROWS",
    "SHARED",
    "WORDS",
    "Parser",
]

NESTING: Final = ("all", "any", "not")
WORDS: Final = ("did", "did_not", "share", "persona")


@dataclass
class Parser(RowsParser):
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
        return _together(parts)

    def _part(self, key: str, value: Any, path: Path, *, row: bool) -> Condition:
        if key in NESTING:
            return self._nested(key, value, path, row=row)
        if key not in WORDS:
            return self._comparison(key, value, path, row=row)
        if row:
            self.wrong(
                path,
                f"{quoted(key)} cannot stand inside `where`",
                "A `where` is about one row: compare its columns.",
                key=True,
            )
            return All(())
        word: dict[str, Callable[[Any, Path], Condition]] = {
            "did": self._did,
            "did_not": self._did_not,
            "share": self._share,
            "persona": self._persona,
        }
        return word[key](value, path)

    def _nested(self, key: str, value: Any, path: Path, *, row: bool) -> Condition:
        if isinstance(value, dict) and key == "any":  # `any: {a: 1, b: 2}` reads as "a or b"
            parts = [self._part(k, value[k], (*path, k), row=row) for k in value]
        else:
            parts = [self.condition(item, at, row=row) for item, at in listing(value, path)]
        if not parts:
            self.wrong(path, f"{quoted(key)} has no conditions", "Name at least one, or remove it.")
        if key == "not":
            return Not(_together(parts))
        return AnyOf(tuple(parts)) if key == "any" else All(tuple(parts))

    # -- comparisons --------------------------------------------------------------------------

    def _comparison(self, name: str, value: Any, path: Path, *, row: bool) -> Condition:
        if isinstance(value, dict):
            return self._operators(name, value, path, row=row)
        several = isinstance(value, list)
        found = self._scalars(value, path) if several else self._scalar(value, path)
        return _wrong(name, path) if found is None else Compare(name, IS.name, found, path=path)

    def _operators(
        self, name: str | Measure, value: dict[str, Any], path: Path, *, row: bool = False
    ) -> Condition:
        names = [k for k in value if k not in MODIFIERS]
        for key in (k for k in value if k in MODIFIERS):
            self._modifier(key, names, (*path, key))
        if not value:
            called = describe(name) if isinstance(name, Measure) else quoted(name)
            self.wrong(path, f"{called} has no comparison", "For example {at_least: 2}.")
        return _together([self._operator(name, k, value, path, row=row) for k in names])

    def _modifier(self, key: str, names: list[str], path: Path) -> None:
        """A key that stands beside operators: of some it is none of their business."""
        takers = [o.name for o in OPERATORS.values() if key in o.beside]
        others = [
            n for n in names if n in OPERATORS and OPERATORS[n].family in MODIFIERS[key].never
        ]
        if others or not set(takers).intersection(names):
            known = f"{', '.join(takers[:-1])} or {takers[-1]}"
            beside = f", not with {others[0]}" if others else ""
            self.wrong(path, f"{key} goes with {known}{beside}", MODIFIERS[key].mend, key=True)

    def _flag(self, value: Any, path: Path) -> bool:
        if not isinstance(value, bool):
            self.wrong(path, f"{path[-1]} takes true or false, not {shown(value)}")
        return value is True

    def _operator(
        self, name: str | Measure, key: str, spec: dict[str, Any], path: Path, *, row: bool
    ) -> Condition:
        at, value = (*path, key), spec[key]
        if key not in OPERATORS:
            mend = f"{hint(key, OPERATORS)}There are: {', '.join(OPERATORS)}."
            self.wrong(at, f"{quoted(key)} is not an operator", mend, key=True)
            return All(())
        operator = OPERATORS[key]
        if row and not operator.of_rows:
            self.wrong(
                at, f"{key} cannot stand inside `where`", "It ranks customers, not rows.", key=True
            )
            return _wrong(name, path)
        operand = self._operand(operator, value, at)
        beside = [k for k in operator.beside if k in spec]
        more = {k: MODIFIERS[k].read(self, spec[k], (*path, k)) for k in beside}
        return (
            _wrong(name, path) if operand is None else Compare(name, key, operand, path=at, **more)
        )

    def _operand(self, operator: Operator, value: Any, path: Path) -> Scalar | Values | None:
        """What an operator is given; None where that cannot be meant (the mistake is kept)."""
        if not operator.accepts(value):
            self.wrong(path, f"{operator.name} takes {operator.takes}, not {shown(value)}")
            return None
        mistake = operator.mistake(value)
        if mistake is not None:
            self.wrong(path, *mistake)
            return None
        if not isinstance(value, list):
            return self._scalar(value, path)
        wrong = [i for i, item in enumerate(value) if not operator.accepts_item(item)]
        for i in wrong:
            said = f"{operator.name} takes {operator.takes}, not {shown(value[i])}"
            self.wrong((*path, i), said)
        return None if wrong else self._scalars(value, path)

    def _scalars(self, values: list[Any], path: Path) -> tuple[Scalar, ...] | None:
        if not values:
            self.wrong(path, "an empty list names no value", "Name at least one value.")
        found = [self._scalar(v, (*path, i)) for i, v in enumerate(values)]
        known = tuple(v for v in found if v is not None)
        return known if values and len(known) == len(found) else None

    def _scalar(self, value: Any, path: Path) -> Scalar | None:
        if value is None:
            self.wrong(
                path, "there is no value here", "To ask for missing values: {missing: true}."
            )
        elif not isinstance(value, str | int | float | bool):
            self.wrong(path, f"expected a single value, not {shown(value)}")
        else:
            return value
        return None

    # -- did, share, persona ------------------------------------------------------------------

    def _did(self, value: Any, path: Path) -> Condition:
        return _together(self._dids(value, path))

    def _did_not(self, value: Any, path: Path) -> Condition:
        """Did none of them."""
        return Not(AnyOf(tuple(self._dids(value, path))))

    def _dids(self, value: Any, path: Path) -> list[Condition]:
        if value == []:
            self.wrong(path, "did names no event", "For example {event: browse, within: 30d}.")
        return [self._did_one(s, p) for s, p in listing(value, path)]

    def _did_one(self, spec: Any, path: Path) -> Condition:
        if isinstance(spec, str):
            spec = {"event": spec}
        if not self.mapping(spec, path, (*ROWS, "times")) or not self.named(spec, path):
            return All(())
        rows = self.rows(spec, path)
        if "times" not in spec:
            return Compare(Measure("any", **rows), IS.name, value=True, path=path)
        times = spec["times"]
        count, at = Measure("count", of="events", **rows), (*path, "times")
        if isinstance(times, dict):
            return self._operators(count, times, at)
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

    def _share(self, value: Any, path: Path) -> Condition:
        if value == []:
            self.wrong(path, *A_SHARE_OF_WHAT)
        return _together([self._share_one(s, p) for s, p in listing(value, path)])

    def _share_one(self, spec: Any, path: Path) -> Condition:
        if not self.mapping(spec, path, ("of", *ROWS[1:], *OPERATORS)):
            return All(())
        unit = self.one_of(spec.get("of"), SHARED, (*path, "of"), "share counts")
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
        return self._operators(measure, test, path) if test else All(())

    def _persona(self, value: Any, path: Path) -> Condition:
        names = listing(value, path)
        if not names or not all(isinstance(n, str) for n, _ in names):
            self.wrong(path, "persona takes the name of a persona, or a list of names")
            return All(())
        found = tuple(InPersona(n, at) for n, at in names)
        return found[0] if len(found) == 1 else AnyOf(found)


def _wrong(name: str | Measure, path: Path) -> Compare:
    """What stands for a comparison with what cannot be meant: its name is still looked at."""
    return Compare(name, MISSING.name, value=True, path=path)


def _together(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


@dataclass(frozen=True)
class Modifier:
    """A key that stands beside operators: how it is read, and its JSON Schema.

    `never` are the families beside whose operators it would say nothing; `mend` how else to write it.
    """

    read: Callable[[Parser, Any, Path], Any]
    schema: Mapping[str, Any]
    never: tuple[Family, ...]
    mend: str


#: the keys that stand beside operators; `beside` of an operator says which
MODIFIERS: Final = {
    "among": Modifier(
        read=Parser.condition,
        schema={"$ref": "#/definitions/condition"},
        never=(),
        mend="",
    ),
    "ignore_case": Modifier(
        read=Parser._flag,
        schema={
            "description": "Whether capitals and small letters are the same.",
            "type": "boolean",
        },
        never=(Family.SAME,),
        mend="Whole texts are compared as they are written: list the spellings, {is: [ltd, Ltd, LTD]}.",
    ),
}
