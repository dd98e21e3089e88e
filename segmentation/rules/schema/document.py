"""The JSON Schema (draft-07) of personas.yaml, for completion and checks in editors.

Derived from what the parser itself reads: the Pydantic models of the file's shape, and the
grammar's own tables (`schema_rules`). It says what can be said of one value at a time; that names
exist and that lists end with `otherwise` is for `segment validate`.
"""

from __future__ import annotations

from typing import Any, Final

from segmentation.notices import CODES
from segmentation.rules.dimensions import CADENCE, METHODS, MOST_TIERS, OTHERWISE
from segmentation.rules.notice_levels import SETTINGS
from segmentation.rules.operator_record import Schema
from segmentation.rules.reading.file import DEVICES, MOST_WRITTEN, NAME, RESERVED, RulesFile
from segmentation.rules.schema.grammar import CONDITION, bounded, of, ref, rule_definitions

TITLE: Final = "personas.yaml of segment"
NAMES: Final = {
    "pattern": f"^{NAME.pattern}$",
    "not": {"enum": sorted(RESERVED | DEVICES)},
}  # of personas, dimensions and features
LABEL: Final[Schema] = {"type": ["string", "number"], "minLength": 1}


def json_schema() -> Schema:
    """The schema of the whole file."""
    shape = _draft07(RulesFile.model_json_schema())
    definitions = {**shape.pop("definitions"), **rule_definitions(), **_dimension_definitions()}
    properties = shape["properties"]
    properties["features"] = _named(ref("feature"), properties["features"])
    properties["dimensions"] = _named(ref("dimension"), properties["dimensions"])
    properties["personas"] = _named(ref("PersonaFile"), properties["personas"])
    properties["suppress"] |= {"items": ref(CONDITION)}
    properties["notices"] = _levels()
    properties["waterfall"] |= {"items": ref("persona_name"), "uniqueItems": True}
    _complete(definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#", "title": TITLE,
        **{k: v for k, v in shape.items() if k != "title"}, "definitions": definitions,
    }  # fmt: skip


def _draft07(value: Any) -> Any:
    """A Pydantic schema in the words of draft-07, without the titles it makes up."""
    if isinstance(value, list):
        return [_draft07(v) for v in value]
    if isinstance(value, str):
        return value.replace("#/$defs/", "#/definitions/")
    if not isinstance(value, dict):
        return value
    made_up = isinstance(value.get("title"), str) and (
        "type" in value or "anyOf" in value or "default" in value
    )
    kept = {k: v for k, v in value.items() if not (k == "title" and made_up)}
    found = {("definitions" if k == "$defs" else k): _draft07(v) for k, v in kept.items()}
    reference = found.pop("$ref", None)
    if reference is None:
        return found
    return {"allOf": [{"$ref": reference}], **found} if found else {"$ref": reference}


def _complete(definitions: dict[str, Schema]) -> None:
    """Put the grammar where the models say Any, and the short ways to write a source."""
    persona = definitions["PersonaFile"]["properties"]
    persona["match"] = {"description": "Who belongs to it; {} is everyone.",
                        "anyOf": [{"type": "object", "maxProperties": 0}, ref(CONDITION)]}  # fmt: skip
    persona["most"] = {"description": "For so many values of for_each, the largest, a file is written.",
                       "type": "integer", "minimum": 1, "maximum": MOST_WRITTEN}  # fmt: skip
    definitions["PersonaFile"]["dependencies"] = {"most": ["for_each"]}
    sources = definitions["Sources"]["properties"]
    entry = {"anyOf": [{"type": "string", "minLength": 1}, ref("Source")]}
    for table in sources:
        sources[table] = {"anyOf": [entry, {"type": "array", "items": entry}]}
    definitions["persona_name"] = {"type": "string", **NAMES}


def _levels() -> Schema:
    """Every code of a notice, with what it means, and the levels it can be given."""
    levels = [*SETTINGS, False]  # false is how YAML 1.1 reads off
    codes = {c: {"description": code.meaning, "enum": levels} for c, code in CODES.items()}
    return of(codes, description="Codes of notices, each with another level; off is silence.")


def _named(value: Schema, described: Schema) -> Schema:
    kept = {k: v for k, v in described.items() if k in ("description", "default")}
    return {"type": "object", "propertyNames": NAMES, "additionalProperties": value, **kept}


# -- dimensions -----------------------------------------------------------------------------------


def _dimension_definitions() -> dict[str, Schema]:
    return {
        "dimension": {
            "description": "One label per customer: rungs from the top, the first that holds wins; "
            "or two dimensions crossed; or fitted to the customers.",
            "anyOf": [ref("ladder"), ref("grid"), ref("cadence"), ref("tiers")],
        },
        "ladder": {
            "type": "array", "minItems": 1, "items": ref("rung"),
            "contains": {"type": "object", "additionalProperties": {"const": OTHERWISE}},
        },
        "rung": {
            "description": "A label and its condition; the last rung's is otherwise.",
            "type": "object", "minProperties": 1, "maxProperties": 1,
            "additionalProperties": {"anyOf": [ref(CONDITION), {"const": OTHERWISE}]},
        },
        "grid": of({
            "grid": {"description": "Two dimensions: rows first, then columns.",
                     "type": "array", "minItems": 2, "maxItems": 2, "items": ref("persona_name")},
            "columns": {"type": "array", "minItems": 1, "uniqueItems": True, "items": LABEL},
            "rows": {"type": "object", "minProperties": 1,
                     "additionalProperties": {"type": "array", "minItems": 1, "items": LABEL}},
        }, "grid", "columns", "rows"),
        "cadence": of({"from": {"const": CADENCE}}, "from"),
        "tiers": of({
            "from": {"type": "string", "minLength": 1, "not": {"const": CADENCE}},
            "method": {"enum": list(METHODS)},
            "shares": {"type": "array", "minItems": 2, "maxItems": MOST_TIERS,
                       "items": bounded(exclusiveMinimum=0, maximum=100)},
            "labels": {"type": "array", "minItems": 2, "maxItems": MOST_TIERS, "uniqueItems": True,
                       "items": {"type": ["string", "integer"]}},
        }, "from"),
    }  # fmt: skip
