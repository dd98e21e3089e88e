"""From YAML values to conditions and measures; every mistake is kept with its place.

The grammar: a mapping is AND; a scalar is "equals"; a list is "one of"; `all`, `any` and `not`
nest; `did`, `did_not`, `share` and `persona` are the words that are not fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, cast, get_args

from segmentation.config.conditions import (
    OPERATORS,
    ORDERING,
    PERCENT,
    All,
    AnyOf,
    Compare,
    Condition,
    InPersona,
    Not,
    Operator,
    Path,
    Scalar,
)
from segmentation.config.measures import Aggregate, Anchor, Lines, Measure, Unit
from segmentation.config.windows import Span, Window
from segmentation.config.yaml import Document
from segmentation.errors import Problem, nearest

COUNTED: Final = ("orders", "lines", "items", "events")
SHARED: Final = ("orders", "items", "spend", "lines")
OF_COLUMN: Final = ("sum", "mean", "min", "max", "distinct", "first", "last")
ROWS: Final = ("event", "where", "within", "between", "after", "since")
AGGREGATES: Final = ("count", *OF_COLUMN, "share", "days_since", "days_until")


@dataclass
class Parser:
    """Turns YAML values into rules and collects what is wrong with them in `problems`."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, what: str, mend: str = "") -> None:
        """Keep one mistake."""
        self.problems.append(Problem(what, self.document.where(path), mend))

    # -- conditions ---------------------------------------------------------------------------

    def condition(self, value: Any, path: Path, *, row: bool = False) -> Condition:
        """A condition on one customer, or, with `row`, on one line or event."""
        if not isinstance(value, dict):
            self.wrong(path, f"a condition is a mapping such as {{frequency: {{at_least: 2}}}}, "
                             f"not {_shown(value)}")  # fmt: skip
            return All(())
        parts = [self._part(key, value[key], (*path, key), row) for key in value]
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _part(self, key: str, value: Any, path: Path, row: bool) -> Condition:
        if key in ("all", "any", "not"):
            return self._nested(key, value, path, row)
        special = self._specials().get(key)
        if special and row:
            self.wrong(path, f"{key!r} cannot stand inside `where`",
                       "A `where` is about one row: compare its columns.")  # fmt: skip
            return All(())
        return special(value, path) if special else self._comparison(key, value, path, row)

    def _specials(self) -> dict[str, Callable[[Any, Path], Condition]]:
        return {
            "did": self._did,
            "did_not": lambda v, p: Not(AnyOf(_parts(self._did(v, p)))),
            "share": self._share,
            "persona": self._persona,
        }

    def _nested(self, key: str, value: Any, path: Path, row: bool) -> Condition:
        items = value if isinstance(value, list) else [value]
        if isinstance(value, dict) and key == "any":
            # `any: {a: 1, b: 2}` reads as "a or b"
            items = [{k: v} for k, v in value.items()]
            parts = [self._part(k, value[k], (*path, k), row) for k in value]
        else:
            at = (lambda i: (*path, i)) if isinstance(value, list) else (lambda i: path)
            parts = [self.condition(item, at(i), row=row) for i, item in enumerate(items)]
        if not items:
            self.wrong(path, f"{key!r} has no conditions", "Name at least one, or remove it.")
        if key == "not":
            return Not(All(tuple(parts)) if len(parts) != 1 else parts[0])
        return AnyOf(tuple(parts)) if key == "any" else All(tuple(parts))

    def _persona(self, value: Any, path: Path) -> Condition:
        names = value if isinstance(value, list) else [value]
        if not names or not all(isinstance(n, str) for n in names):
            self.wrong(path, "persona takes the name of a persona, or a list of names")
            return All(())
        found = tuple(InPersona(n, path) for n in names)
        return found[0] if len(found) == 1 else AnyOf(found)

    def _comparison(self, name: str, value: Any, path: Path, row: bool) -> Condition:
        if isinstance(value, dict):
            return self._operators(name, value, path, row)
        if isinstance(value, list):
            return Compare(name, "is", self._scalars(value, path), path=path)
        return Compare(name, "is", self._scalar(value, path), path=path)

    def _operators(
        self, name: str | Measure, value: dict[str, Any], path: Path, row: bool
    ) -> Condition:
        among = value.get("among")
        names = [k for k in value if k != "among"]
        if among is not None and not PERCENT.intersection(names):
            self.wrong((*path, "among"), "'among' goes with top_percent or bottom_percent")
        if not names:
            self.wrong(path, f"{name!r} has no comparison", "For example {at_least: 2}.")
        compared = [self._operator(name, k, value[k], among, (*path, k), row) for k in names]
        return compared[0] if len(compared) == 1 else All(tuple(compared))

    def _operator(
        self, name: str | Measure, key: str, value: Any, among: Any, path: Path, row: bool
    ) -> Condition:
        if key not in OPERATORS:
            near = nearest(key, OPERATORS)
            hint = f"Nearest: {near}. " if near else ""
            self.wrong(
                path, f"{key!r} is not an operator", f"{hint}There are: {', '.join(OPERATORS)}."
            )
            return All(())
        operator: Operator = key
        if operator in PERCENT:
            return self._percent(name, operator, value, among, path, row)
        return Compare(name, operator, self._operand(operator, value, path), path=path)

    def _percent(
        self, name: str | Measure, operator: Operator, value: Any, among: Any, path: Path, row: bool
    ) -> Condition:
        if row:
            self.wrong(
                path, f"{operator} cannot stand inside `where`", "It ranks customers, not rows."
            )
        if not _is_number(value) or not 0 < value <= 100:
            self.wrong(path, f"{operator} takes {OPERATORS[operator]}, not {_shown(value)}")
            value = 100
        group = None if among is None else self.condition(among, (*path[:-1], "among"))
        return Compare(name, operator, value, among=group, path=path)

    def _operand(self, operator: Operator, value: Any, path: Path) -> Scalar | tuple[Scalar, ...]:
        expected = _EXPECTED.get(operator)
        if expected and not expected(value):
            self.wrong(path, f"{operator} takes {OPERATORS[operator]}, not {_shown(value)}")
            return ""
        if isinstance(value, list):
            return self._scalars(value, path)
        return self._scalar(value, path)

    def _scalars(self, values: list[Any], path: Path) -> tuple[Scalar, ...]:
        if not values:
            self.wrong(path, "an empty list matches nobody", "Name at least one value.")
        return tuple(self._scalar(v, (*path, i)) for i, v in enumerate(values))

    def _scalar(self, value: Any, path: Path) -> Scalar:
        if value is None:
            self.wrong(
                path, "there is no value here", "To ask for missing values: {missing: true}."
            )
        elif not isinstance(value, str | int | float | bool):
            self.wrong(path, f"expected a single value, not {_shown(value)}")
        else:
            return value
        return ""

    # -- did, share, features -----------------------------------------------------------------

    def _did(self, value: Any, path: Path) -> Condition:
        specs = value if isinstance(value, list) else [value]
        paths = [(*path, i) if isinstance(value, list) else path for i in range(len(specs))]
        if not specs:
            self.wrong(path, "did names no event", "For example {event: browse, within: 30d}.")
        found = [self._did_one(s, p) for s, p in zip(specs, paths, strict=True)]
        return found[0] if len(found) == 1 else All(tuple(found))

    def _did_one(self, spec: Any, path: Path) -> Condition:
        if isinstance(spec, str):
            spec = {"event": spec}
        if not self._mapping(spec, path, (*ROWS, "times")) or not self._named(spec, path):
            return All(())
        rows = self._rows(spec, path)
        times = spec.get("times")
        if times is None:
            return Compare(Measure("any", **rows), "is", True, path=path)
        test = times if isinstance(times, dict) else {"at_least": times}
        return self._operators(Measure("count", of="events", **rows), test, (*path, "times"), False)

    def _named(self, spec: dict[str, Any], path: Path) -> bool:
        if isinstance(spec.get("event"), str) and spec["event"]:
            return True
        self.wrong(path, "which event?", "Add event: NAME, for example {event: browse}.")
        return False

    def _share(self, value: Any, path: Path) -> Condition:
        specs = value if isinstance(value, list) else [value]
        paths = [(*path, i) if isinstance(value, list) else path for i in range(len(specs))]
        found = [self._share_one(s, p) for s, p in zip(specs, paths, strict=True)]
        return found[0] if len(found) == 1 else All(tuple(found))

    def _share_one(self, spec: Any, path: Path) -> Condition:
        if not self._mapping(spec, path, ("of", *ROWS[1:], *OPERATORS)):
            return All(())
        unit = self._one_of(spec.get("of"), SHARED, (*path, "of"), "share counts")
        test = {k: v for k, v in spec.items() if k in OPERATORS}
        if not test:
            self.wrong(path, "how large a share?", "Add at_least: 0.3, for example.")
        if "where" not in spec:
            self.wrong(path, "a share of what?", "Add where: {department: Footwear}, for example.")
        for key, bound in test.items():
            numbers = bound if isinstance(bound, list) else [bound]
            if key in ORDERING and not all(_is_number(n) and 0 <= n <= 1 for n in numbers):
                self.wrong((*path, key), f"a share lies between 0 and 1, not {_shown(bound)}",
                           "Write 30 % as 0.3.")  # fmt: skip
        measure = Measure("share", of=cast(Unit, unit), **self._rows(spec, path))
        return self._operators(measure, test, path, row=False)

    def feature(self, value: Any, path: Path) -> Measure | None:
        """A measure defined under `features:`."""
        known = (*AGGREGATES, "of", "lines", *ROWS)
        if not self._mapping(value, path, known):
            return None
        kinds = [k for k in value if k in AGGREGATES]
        if len(kinds) != 1:
            self.wrong(path, f"a feature has one aggregate, this has {len(kinds)}",
                       f"One of: {', '.join(AGGREGATES)}.")  # fmt: skip
            return None
        return self._aggregate(kinds[0], value, path)

    def _aggregate(self, kind: str, spec: dict[str, Any], path: Path) -> Measure | None:
        what = spec[kind]
        if isinstance(what, dict):  # {count: {event: login, within: 30d}}
            return self._of_event(kind, what, path)
        rows = self._rows(spec, path)
        if "lines" in spec:
            lines = self._one_of(spec["lines"], get_args(Lines), (*path, "lines"), "lines are")
            rows["lines"] = lines
        if kind in ("count", "share"):
            units = COUNTED if kind == "count" else SHARED
            unit = self._one_of(what, units, (*path, kind), f"{kind} counts")
            return Measure(cast(Aggregate, kind), of=cast(Unit, unit), **rows)
        if not isinstance(what, str):
            self.wrong((*path, kind), f"{kind} takes the name of a column, not {_shown(what)}")
            return None
        of = self._one_of(spec.get("of", "lines"), COUNTED, (*path, "of"), "of is")
        return Measure(cast(Aggregate, kind), of=cast(Unit, of), column=what, **rows)

    def _of_event(self, kind: str, spec: dict[str, Any], path: Path) -> Measure | None:
        inner = (*path, kind)
        if not self._mapping(spec, inner, (*ROWS, "column")) or not self._named(spec, inner):
            return None
        column = spec.get("column")
        if kind in OF_COLUMN and not isinstance(column, str):
            self.wrong(inner, f"{kind} of which column?", "Add column: NAME.")
            return None
        rows = self._rows(spec, inner)
        return Measure(cast(Aggregate, kind), of="events", column=column, **rows)

    # -- rows: event, where, windows, anchors -------------------------------------------------

    def _rows(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        rows: dict[str, Any] = {"event": spec.get("event")}
        if rows["event"] is not None and not isinstance(rows["event"], str):
            self.wrong((*path, "event"), f"an event's name is a text, not {_shown(rows['event'])}")
            rows["event"] = None
        if "where" in spec:
            rows["where"] = self.condition(spec["where"], (*path, "where"), row=True)
        anchor = self._anchor(spec, path)
        if anchor is not None:
            rows["anchor"] = anchor
        near = anchor is not None and anchor.kind == "after"
        rows["window"] = self._window(spec, path, skip_within=near)
        return {k: v for k, v in rows.items() if v is not None}

    def _window(self, spec: dict[str, Any], path: Path, skip_within: bool = False) -> Window | None:
        if "within" in spec and "between" in spec:
            self.wrong((*path, "between"), "within and between exclude each other")
        if "within" in spec and not skip_within:
            span = self._span(spec["within"], (*path, "within"))
            return Window(span) if span else None
        return self._between(spec["between"], (*path, "between")) if "between" in spec else None

    def _between(self, value: Any, path: Path) -> Window | None:
        if not isinstance(value, list) or len(value) != 2:
            self.wrong(path, f"between takes two spans, such as [90d, 30d], not {_shown(value)}")
            return None
        spans = [self._span(v, (*path, i)) for i, v in enumerate(value)]
        if spans[0] is None or spans[1] is None:
            return None
        older, newer = sorted(spans, key=lambda s: s.delta(), reverse=True)  # type: ignore[union-attr]  # None ruled out above
        if older.delta() == newer.delta():
            self.wrong(path, f"between {older} and {newer} there is no time")  # type: ignore[str-format]
        return Window(older, newer)

    def _span(self, value: Any, path: Path) -> Span | None:
        span = Span.parse(value)
        if span is None:
            self.wrong(path, f"{_shown(value)} is not a length of time",
                       "Write a whole number and a unit without a space: 12h, 30d, 2w, 3mo or 1y.")  # fmt: skip
        return span

    def _anchor(self, spec: dict[str, Any], path: Path) -> Anchor | None:
        kinds = [k for k in ("after", "since") if k in spec]
        if len(kinds) == 2:
            self.wrong((*path, "since"), "after and since exclude each other")
        if not kinds:
            return None
        kind, inner = kinds[0], (*path, kinds[0])
        value = {"event": spec[kind]} if isinstance(spec[kind], str) else spec[kind]
        if not self._mapping(value, inner, ROWS) or not self._named(value, inner):
            return None
        rows = self._rows(value, inner)
        near = (
            self._span(spec["within"], (*path, "within"))
            if kind == "after" and "within" in spec
            else None
        )
        return Anchor(kind=cast(Any, kind), event=rows["event"], where=rows.get("where"),
                      window=rows.get("window"), within=near, follows=rows.get("anchor"))  # fmt: skip

    # -- shapes -------------------------------------------------------------------------------

    def _mapping(self, value: Any, path: Path, known: Iterable[str]) -> bool:
        if not isinstance(value, dict):
            self.wrong(path, f"expected a mapping, not {_shown(value)}")
            return False
        self.unknown_keys(value, path, tuple(known))
        return True

    def unknown_keys(self, value: dict[str, Any], path: Path, known: tuple[str, ...]) -> None:
        """Report keys that are none of the known."""
        for key in value:
            if key not in known:
                near = nearest(key, known)
                hint = f"Nearest: {near}. " if near else ""
                self.wrong(
                    (*path, key),
                    f"{key!r} is not known here",
                    f"{hint}There are: {', '.join(known)}.",
                )

    def _one_of(self, value: Any, known: Iterable[str], path: Path, what: str) -> str:
        known = tuple(known)
        if isinstance(value, str) and value in known:
            return value
        self.wrong(path, f"{what} {', '.join(known[:-1])} or {known[-1]}, not {_shown(value)}")
        return known[0]


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, All) else (condition,)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_bound(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """A YAML value as an error message quotes it: short, lists and mappings by their kind."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else repr(value)[:60]


_EXPECTED: Final[dict[Operator, Callable[[Any], bool]]] = {
    "none_of": lambda v: isinstance(v, list),
    "at_least": _is_bound,
    "at_most": _is_bound,
    "more_than": _is_bound,
    "less_than": _is_bound,
    "between": lambda v: isinstance(v, list) and len(v) == 2 and all(_is_bound(x) for x in v),
    "contains": lambda v: isinstance(v, str) and v != "",
    "starts_with": lambda v: isinstance(v, str) and v != "",
    "missing": lambda v: isinstance(v, bool),
}
