"""The grammar of conditions and measures as JSON Schema definitions (draft-07).

Made from the tables the parser reads: OPERATORS, WORDS, AGGREGATIONS, ROW_KEYS, the spans of `windows`,
and the catalogue, whose meanings and units become descriptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

from segmentation.rules.catalogue import (
    CATALOGUE,
    SHARE_OF_DEPARTMENT,
    Feature,
    Kind,
)
from segmentation.rules.fits import UNBOUNDED
from segmentation.rules.kinds import LENT, ROW_KINDS
from segmentation.rules.measures import PURCHASE, Lines
from segmentation.rules.operator_record import Operator
from segmentation.rules.operators import OPERATORS
from segmentation.rules.reading.aggregations import AGGREGATIONS, SHARE, Aggregation
from segmentation.rules.reading.comparisons import MODIFIERS
from segmentation.rules.reading.conditions import WORDS
from segmentation.rules.reading.rows import ROW_KEYS
from segmentation.rules.schema.fragments import (
    A_TEXT,
    CONDITION,
    EVENT_CONDITION,
    LINE_CONDITION,
    SOURCE_CONDITION,
    Schema,
    described,
    of,
    one_or_more,
    ref,
)
from segmentation.rules.windows import DAY, LENGTHS, SPAN

NUMBER: Final[Schema] = {"type": "number"}
DATE: Final[Schema] = {"type": "string", "pattern": f"^{DAY}$"}
SCALAR: Final[Schema] = {"type": ["string", "number", "boolean"]}
#: what a comparison's value can be, by how the feature's values are held; `any` is only the data's to tell
VALUES: Final[dict[str, Schema]] = {
    "number": NUMBER,
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "date": DATE,
    "text": {"type": ["string", "number"]},
    "flag": {"type": "boolean"},
    "any": SCALAR,
}
_WRITTEN: Final[dict[Kind, str]] = {"money": "number"}  # rules write it as a plain number


def rule_definitions() -> dict[str, Schema]:
    """Every definition of conditions, comparisons and measures."""
    return {
        CONDITION: _condition(),
        LINE_CONDITION: _row_condition(LINE_CONDITION, "transactions"),
        EVENT_CONDITION: _row_condition(EVENT_CONDITION, "events"),
        SOURCE_CONDITION: _row_condition(SOURCE_CONDITION, None),
        **{
            f"compared_{name}": _comparison(name)
            for name in sorted({"any", *map(_kind, CATALOGUE)})
        },
        **{f"compared_row_{name}": _comparison(name, row=True) for name in _row_kinds()},
        "span": {
            "type": "string",
            "pattern": f"^{SPAN}$",
            "description": f"A length of time: a whole number and a unit, such as {LENGTHS}.",
        },
        "rows": _rows(),
        "anchor": {"anyOf": [A_TEXT, _with_rows({}, "event")]},
        "did": {"anyOf": [A_TEXT, _with_rows({"times": _times()}, "event")]},
        "share": _share(),
        "feature": _feature(),
    }


# -- conditions -----------------------------------------------------------------------------------


def _condition() -> Schema:
    features = {f.name: described(ref(f"compared_{_kind(f)}"), _about(f)) for f in CATALOGUE}
    return {
        "description": "Everything under it holds: a feature with its value or comparison, did, share, …",
        "type": "object",
        "minProperties": 1,
        "properties": {**_words(CONDITION), **features},
        "patternProperties": {
            f"^{SHARE_OF_DEPARTMENT}.".replace(".", "[.]", 1): ref("compared_share")
        },
        "additionalProperties": ref("compared_any"),
    }


def _row_condition(condition: str, table: str | None) -> Schema:
    """That on one row of a table; of a source's file (None) the names of its columns are the file's."""
    needed = {c for f in CATALOGUE for c in f.needs} if table == "transactions" else set()
    known = {} if table is None else _kinds_of(table)
    kinds = {**dict.fromkeys(sorted(needed), "any"), **known}
    no_words = [word.name for word in WORDS.values() if not word.of_rows]
    return {
        "description": "A condition on one row: it compares its columns.",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"not": {"enum": no_words}},
        "properties": {
            **_words(condition, of_rows=True),
            **{column: ref(f"compared_row_{kind}") for column, kind in kinds.items()},
        },
        "additionalProperties": ref("compared_row_any"),
    }


def _kinds_of(table: str) -> dict[str, str]:
    """The columns of a table whose kind is known, with the kinds of their values in a file of rules."""
    sure = {column: kind for column, kind in ROW_KINDS[table].items() if column not in LENT}
    return {column: _WRITTEN.get(kind, kind) for column, kind in sure.items()}


def _row_kinds() -> list[str]:
    return sorted({"any", *(kind for table in ROW_KINDS for kind in _kinds_of(table).values())})


def _words(condition: str, *, of_rows: bool = False) -> Schema:
    words = [word for word in WORDS.values() if word.of_rows or not of_rows]
    return {word.name: described(word.schema(condition), word.description) for word in words}


def _about(feature: Feature) -> str:
    unit = f"{feature.unit}, " if feature.unit else ""
    return f"{feature.meaning} ({unit}{feature.span}; missing when: {feature.missing})"


def _kind(feature: Feature) -> str:
    return "number" if feature.name in UNBOUNDED else _WRITTEN.get(feature.kind, feature.kind)


# -- comparisons ----------------------------------------------------------------------------------


def _comparison(kind: str, *, row: bool = False) -> Schema:
    value = VALUES[kind]
    applying = [o for o in OPERATORS.values() if _applies(o, kind, row=row)]
    operators: Schema = {
        o.name: {"description": f"Takes {o.takes}.", **_operand(o, kind)} for o in applying
    }
    takers = {key: [o for o in applying if key in o.beside] for key in MODIFIERS}
    beside = {key: MODIFIERS[key].schema for key, found in takers.items() if found}
    tests = of({**operators, **beside}, minProperties=1)
    if beside:
        tests["dependencies"] = {key: _beside(key, takers[key], applying) for key in beside}
    return {"anyOf": [*one_or_more(value)["anyOf"], tests]}


def _beside(key: str, takers: Sequence[Operator], applying: Sequence[Operator]) -> Schema:
    """What a key that stands beside operators needs there, and what it does not bear."""
    one_of = {"anyOf": [{"required": [name]} for name in sorted(o.name for o in takers)]}
    banned = [o for o in applying if o.family in MODIFIERS[key].never]
    none_of = {"not": {"anyOf": [{"required": [o.name]} for o in banned]}} if banned else {}
    return {**one_of, **none_of}


def _applies(operator: Operator, kind: str, *, row: bool) -> bool:
    return (operator.of_rows or not row) and (kind == "any" or kind in operator.kinds)


def _operand(operator: Operator, kind: str) -> Schema:
    return operator.schema(VALUES[kind], [NUMBER, DATE] if kind == "any" else [VALUES[kind]])


# -- measures -------------------------------------------------------------------------------------


def _rows() -> Schema:
    pairs = [[key.excludes, key.name] for key in ROW_KEYS.values() if key.excludes]
    return {
        "type": "object",
        "properties": {k.name: described(k.schema, k.description) for k in ROW_KEYS.values()},
        "allOf": [{"not": {"required": pair}} for pair in pairs],
        "if": {"required": ["event"], "properties": {"event": {"not": {"const": PURCHASE}}}},
        "then": {"properties": {"where": ref(EVENT_CONDITION)}},
        "else": {"properties": {"where": ref(LINE_CONDITION)}},
    }


def _with_rows(more: Schema, *required: str, **rest: Any) -> Schema:
    """A mapping of keys that choose rows and these; `rows` holds what they have in common."""
    return {
        "allOf": [ref("rows")],
        **of({**{key: {} for key in ROW_KEYS}, **more}, *required, **rest),
    }


def _times() -> Schema:
    return {"anyOf": [{"type": "integer", "minimum": 1}, _comparison("number")["anyOf"][-1]]}


def _share() -> Schema:
    applying = [o for o in OPERATORS.values() if _applies(o, "share", row=False)]
    tests: Schema = {o.name: _operand(o, "share") for o in applying}
    schema = _with_rows({"of": {"enum": list(SHARE.counts)}, **tests}, "of", "where")
    del schema["properties"]["event"]
    return {**schema, "anyOf": [{"required": [o]} for o in tests]}


def _feature() -> Schema:
    """A feature of one's own: one aggregate, of lines, of an event, or of a date of customers."""
    every = AGGREGATIONS.values()
    return {
        "description": "A measure of your own: one value per customer.",
        "anyOf": [*map(_of_lines, every), *(_of_event(kind) for kind in every if kind.of_events)],
    }


def _of_lines(kind: Aggregation) -> Schema:
    if kind.is_distance:
        return of({kind.name: {"description": "A date column of customers.", **A_TEXT}}, kind.name)
    more: Schema = {
        kind.name: {"enum": list(kind.counts)} if kind.counts else A_TEXT,
        "lines": {"enum": list(get_args(Lines))},
    }
    if kind.grains:
        more["of"] = {"enum": list(kind.grains)}
    schema = _with_rows(more, kind.name, *(["where"] if kind.needs_where else []))
    if kind.grains:
        schema["dependencies"] = {"of": {"properties": {"event": {"const": PURCHASE}}}}
    if kind.counts:
        purchases = {
            "properties": {kind.name: {"not": {"const": "events"}}, "event": {"const": PURCHASE}}
        }
        schema["anyOf"] = [
            purchases,
            {"properties": {kind.name: {"const": "events"}}, "required": ["event"]},
        ]
    return schema


def _of_event(kind: Aggregation) -> Schema:
    needed = {"column": kind.needs_column, "where": kind.needs_where}
    required = ["event", *(key for key, is_needed in needed.items() if is_needed)]
    return of({kind.name: _with_rows({"column": A_TEXT}, *required)}, kind.name)
