"""The grammar of conditions and measures as JSON Schema definitions (draft-07).

Made from the tables the parser reads: OPERATORS, COUNTED, SHARED, AGGREGATES, ROWS, the spans of
`windows`, and the catalogue, whose meanings and units become descriptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

from segmentation.rules.catalogue import (
    CATALOGUE,
    DERIVED_COLUMNS,
    SHARE_OF_DEPARTMENT,
    Feature,
    Kind,
)
from segmentation.rules.checking.misfit import UNBOUNDED
from segmentation.rules.measures import PURCHASE, Lines
from segmentation.rules.operator_record import Operator
from segmentation.rules.operators import OPERATORS
from segmentation.rules.reading.conditions import (
    AGGREGATES,
    COUNTED,
    MODIFIERS,
    NESTING,
    OF_COLUMN,
    ROWS,
    SHARED,
    WORDS,
)
from segmentation.rules.reading.measures import DISTANCES, GRAINS
from segmentation.rules.schema.fragments import Schema, described, of, one_or_more, ref
from segmentation.rules.windows import DAY, LENGTHS, SPAN

CONDITION: Final = "condition"
ROW_CONDITION: Final = "row_condition"
TEXT: Final[Schema] = {"type": "string", "minLength": 1}
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
DESCRIPTIONS: Final = {
    "all": "Every one of these holds.",
    "any": "At least one of these holds.",
    "not": "None of it holds; a missing value counts as not.",
    "did": "The customer has such an event.",
    "did_not": "The customer has none of these events.",
    "share": "How large a part of the customer's orders, items, spend or lines.",
    "persona": "Members of another persona.",
    "within": f"At the most this long ago: {LENGTHS}; with after: this soon after it.",
    "between": "More than the shorter and at the most the longer time ago: [90d, 30d].",
    "after": "Rows that follow any such event of the customer.",
    "since": "Rows that follow the customer's latest such event.",
}


def rule_definitions() -> dict[str, Schema]:
    """Every definition of conditions, comparisons and measures."""
    return {
        CONDITION: _condition(),
        ROW_CONDITION: _row_condition(),
        **{
            f"compared_{name}": _comparison(name)
            for name in sorted({"any", *map(_kind, CATALOGUE)})
        },
        "compared_row": _comparison("any", row=True),
        "span": {
            "type": "string",
            "pattern": f"^{SPAN}$",
            "description": f"A length of time: a whole number and a unit, such as {LENGTHS}.",
        },
        "rows": _one_window(
            {"type": "object", "properties": _rows(), "not": {"required": ["after", "since"]}}
        ),
        "anchor": {"anyOf": [TEXT, _with_rows({}, "event")]},
        "did": {"anyOf": [TEXT, _with_rows({"times": _times()}, "event")]},
        "share": _share(),
        "feature": _feature(),
    }


# -- conditions -----------------------------------------------------------------------------------


def _condition() -> Schema:
    words = {
        "did": one_or_more(ref("did")),
        "did_not": one_or_more(ref("did")),
        "share": one_or_more(ref("share")),
        "persona": one_or_more(ref("persona_name")),
    }
    assert tuple(words) == WORDS
    features = {f.name: described(ref(f"compared_{_kind(f)}"), _about(f)) for f in CATALOGUE}
    return {
        "description": "Everything under it holds: a feature with its value or comparison, did, share, …",
        "type": "object",
        "minProperties": 1,
        "properties": {
            **_nesting(CONDITION),
            **{w: described(s, DESCRIPTIONS[w]) for w, s in words.items()},
            **features,
        },
        "patternProperties": {
            f"^{SHARE_OF_DEPARTMENT}.".replace(".", "[.]", 1): ref("compared_share")
        },
        "additionalProperties": ref("compared_any"),
    }


def _row_condition() -> Schema:
    needed = {c: None for f in CATALOGUE for c in f.needs} | dict.fromkeys(DERIVED_COLUMNS)
    return {
        "description": "A condition on one line or event: it compares its columns.",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"not": {"enum": list(WORDS)}},
        "properties": {**_nesting(ROW_CONDITION), **{c: ref("compared_row") for c in needed}},
        "additionalProperties": ref("compared_row"),
    }


def _nesting(name: str) -> Schema:
    return {word: described(one_or_more(ref(name)), DESCRIPTIONS[word]) for word in NESTING}


def _about(feature: Feature) -> str:
    unit = f"{feature.unit}, " if feature.unit else ""
    return f"{feature.meaning} ({unit}{feature.span}; missing when: {feature.missing})"


def _kind(feature: Feature) -> str:
    kinds: dict[Kind, str] = {"money": "number"}
    return "number" if feature.name in UNBOUNDED else kinds.get(feature.kind, feature.kind)


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
    spans = {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "uniqueItems": True,
        "items": ref("span"),
    }
    kinds = {
        "event": TEXT,
        "where": ref(ROW_CONDITION),
        "within": ref("span"),
        "between": spans,
        "after": ref("anchor"),
        "since": ref("anchor"),
    }
    assert tuple(kinds) == ROWS
    return {k: described(s, DESCRIPTIONS[k]) if k in DESCRIPTIONS else s for k, s in kinds.items()}


def _one_window(schema: Schema) -> Schema:
    return {**schema, "allOf": [{"not": {"required": ["within", "between"]}}]}


def _with_rows(more: Schema, *required: str, **rest: Any) -> Schema:
    """A mapping of keys that choose rows and these; `rows` holds what they have in common."""
    return {"allOf": [ref("rows")], **of({**{key: {} for key in ROWS}, **more}, *required, **rest)}


def _times() -> Schema:
    return {"anyOf": [{"type": "integer", "minimum": 1}, _comparison("number")["anyOf"][-1]]}


def _share() -> Schema:
    applying = [o for o in OPERATORS.values() if _applies(o, "share", row=False)]
    tests: Schema = {o.name: _operand(o, "share") for o in applying}
    schema = _with_rows({"of": {"enum": list(SHARED)}, **tests}, "of", "where")
    del schema["properties"]["event"]
    return {**schema, "anyOf": [{"required": [o]} for o in tests]}


def _feature() -> Schema:
    """A feature of one's own: one aggregate, of lines, of an event, or of a date of customers."""
    return {
        "description": "A measure of your own: one value per customer.",
        "anyOf": [*map(_of_lines, AGGREGATES), *map(_of_event, AGGREGATES)],
    }


def _of_lines(kind: str) -> Schema:
    if kind in DISTANCES:
        return of({kind: {"description": "A date column of customers.", **TEXT}}, kind)
    units = {"count": {"enum": list(COUNTED)}, "share": {"enum": list(SHARED)}}
    more = {
        kind: units.get(kind, TEXT),
        "of": {"enum": list(GRAINS.get(kind, ()))},
        "lines": {"enum": list(get_args(Lines))},
    }
    if kind not in GRAINS:
        del more["of"]
    schema = _with_rows(more, kind, *(["where"] if kind == "share" else []))
    if kind in GRAINS:
        schema["dependencies"] = {"of": {"properties": {"event": {"const": PURCHASE}}}}
    if kind in units:
        purchases = {
            "properties": {kind: {"not": {"const": "events"}}, "event": {"const": PURCHASE}}
        }
        schema["anyOf"] = [
            purchases,
            {"properties": {kind: {"const": "events"}}, "required": ["event"]},
        ]
    return schema


def _of_event(kind: str) -> Schema:
    if kind == "days_until":
        return {"not": {}}
    required = [
        "event",
        *(["column"] if kind in OF_COLUMN else []),
        *(["where"] if kind == "share" else []),
    ]
    return of({kind: _with_rows({"column": TEXT}, *required)}, kind)
