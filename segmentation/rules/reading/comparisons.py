"""From YAML values to comparisons: a value, a list of values, or operators and what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import CATALOGUE, Kind
from segmentation.rules.conditions import All, Compare, Condition, Path
from segmentation.rules.intended import mend_of
from segmentation.rules.kinds import column_kind, compared_kind
from segmentation.rules.measures import Measure
from segmentation.rules.operator_record import Family, Operator
from segmentation.rules.operators import IS, MISSING, OPERATORS
from segmentation.rules.prose import describe, quoted
from segmentation.rules.reading.measures import MeasureParser
from segmentation.rules.reading.shapes import hint, shown
from segmentation.rules.scalars import Scalar, Values
from segmentation.rules.schema.fragments import CONDITION, ref


@dataclass
class ComparisonParser(MeasureParser):
    """Reads what a feature, a column or a measure is compared with."""

    def comparison(self, name: str, value: Any, path: Path, *, row: bool) -> Condition:
        """What a name stands beside: a mapping of operators, a list (one of), or a value (equals)."""
        if isinstance(value, dict):
            return self.operators(name, value, path, row=row)
        several = isinstance(value, list)
        found = self._scalars(value, path) if several else self._scalar(value, path)
        return _wrong(name, path) if found is None else Compare(name, IS.name, found, path=path)

    def operators(
        self, name: str | Measure, value: dict[str, Any], path: Path, *, row: bool = False
    ) -> Condition:
        """A mapping of operators, all of which hold, with the keys that stand beside them."""
        if name in MODIFIERS and value and not any(key in OPERATORS for key in value):
            self.wrong(path, *stands_beside(str(name)), key=True)
            return All(())
        names = [k for k in value if k not in MODIFIERS]
        for key in (k for k in value if k in MODIFIERS):
            self._modifier(key, names, (*path, key))
        if not value:
            called = describe(name) if isinstance(name, Measure) else quoted(name)
            self.wrong(path, f"{called} has no comparison", "For example {at_least: 2}.")
        return together([self._operator(name, k, value, path, row=row) for k in names])

    def _modifier(self, key: str, names: list[str], path: Path) -> None:
        """A key that stands beside operators: of some it is none of their business."""
        takers = _takers(key)
        others = [
            n for n in names if n in OPERATORS and OPERATORS[n].family in MODIFIERS[key].never
        ]
        if others or not set(takers).intersection(names):
            beside = f", not with {others[0]}" if others else ""
            self.wrong(path, f"{_goes_with(key)}{beside}", MODIFIERS[key].mend, key=True)

    def _flag(self, value: Any, path: Path) -> bool:
        if not isinstance(value, bool):
            self.wrong(path, f"{path[-1]} takes true or false, not {shown(value)}")
        return value is True

    def _operator(
        self, name: str | Measure, key: str, spec: dict[str, Any], path: Path, *, row: bool
    ) -> Condition:
        at, value = (*path, key), spec[key]
        if key not in OPERATORS:
            known = f"There are: {', '.join(OPERATORS)}; beside them {' and '.join(MODIFIERS)}."
            mend = f"{hint(key, (*OPERATORS, *MODIFIERS))}{known}"
            self.wrong(at, f"{quoted(key)} is not an operator", mend, key=True)
            return All(())
        operator = OPERATORS[key]
        if row and not operator.of_rows:
            self.wrong(
                at, f"{key} cannot stand inside `where`", "It ranks customers, not rows.", key=True
            )
            return _wrong(name, path)
        operand = self._operand(operator, value, at, name, row=row)
        beside = [k for k in operator.beside if k in spec]
        more = {k: MODIFIERS[k].read(self, spec[k], (*path, k)) for k in beside}
        return (
            _wrong(name, path) if operand is None else Compare(name, key, operand, path=at, **more)
        )

    def _operand(
        self, operator: Operator, value: Any, path: Path, name: str | Measure, *, row: bool
    ) -> Scalar | Values | None:
        """What an operator is given; None where that cannot be meant (the mistake is kept)."""
        if not operator.accepts(value):
            said = f"{operator.name} takes {operator.takes}, not {shown(value)}"
            kind = column_kind(str(name)) if row else self._kind(name)
            self.wrong(path, said, mend_of(value, operator, kind, name))
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

    def _kind(self, name: str | Measure) -> Kind | None:
        """How what is compared is held, None where that is not known yet."""
        if isinstance(name, Measure):
            return compared_kind(name)
        feature = CATALOGUE.find(name)
        if feature is not None:
            return feature.kind
        own = self._own(name)
        return None if own is None else compared_kind(own)

    def _own(self, name: str) -> Measure | None:
        """A feature of one's own, wherever in the file it stands; its mistakes are told there."""
        data = self.document.data
        features = data.get("features") if isinstance(data, dict) else None
        if not isinstance(features, dict) or name not in features:
            return None
        return type(self)(self.document).feature(features[name], ("features", name))

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


def _takers(key: str) -> list[str]:
    """The operators beside which a key may stand."""
    return [one.name for one in OPERATORS.values() if key in one.beside]


def _goes_with(key: str) -> str:
    *some, last = _takers(key)
    return f"{key} goes with {', '.join(some)} or {last}"


def stands_beside(key: str) -> tuple[str, str]:
    """What is wrong with a key of MODIFIERS that stands where a feature does, and how to mend it."""
    mend = f"Write it beside the operator, within its braces: {MODIFIERS[key].example}."
    return _goes_with(key), mend


def _wrong(name: str | Measure, path: Path) -> Compare:
    """What stands for a comparison with what cannot be meant: its name is still looked at."""
    return Compare(name, MISSING.name, value=True, path=path)


def together(parts: list[Condition]) -> Condition:
    """The conditions as one: all of them hold."""
    return parts[0] if len(parts) == 1 else All(tuple(parts))


@dataclass(frozen=True)
class Modifier:
    """A key that stands beside operators: how it is read, and its JSON Schema.

    `never` are the families beside whose operators it would say nothing; `mend` how else to write it;
    `example` is a comparison that has it.
    """

    read: Callable[[ComparisonParser, Any, Path], Any]
    schema: Mapping[str, Any]
    never: tuple[Family, ...]
    mend: str
    example: str


def taken(
    modifiers: Mapping[str, Modifier], operators: Iterable[Operator]
) -> Mapping[str, Modifier]:
    """The keys beside operators. Raises TypeError where an operator names none of them, or one has no operator."""
    named = {key for one in operators for key in one.beside}
    for key in sorted(named.symmetric_difference(modifiers)):
        lack = "no operator" if key in modifiers else "no row of MODIFIERS"
        raise TypeError(f"{key} beside operators has {lack}")
    return modifiers


#: the keys that stand beside operators; `beside` of an operator says which
MODIFIERS: Final = taken(
    {
        "among": Modifier(
            read=lambda parser, value, path: parser.condition(value, path),
            schema=ref(CONDITION),
            never=(),
            mend="",
            example="{top_percent: 20, among: {frequency: {at_least: 2}}}",
        ),
        "ignore_case": Modifier(
            read=ComparisonParser._flag,
            schema={
                "description": "Whether capitals and small letters are the same.",
                "type": "boolean",
            },
            never=(Family.SAME,),
            mend="Whole texts are compared as they are written: list the spellings, {is: [ltd, Ltd, LTD]}.",
            example="{contains: sale, ignore_case: true}",
        ),
    },
    OPERATORS.values(),
)
