"""The JSON Schema (draft-07) of personas.yaml, for completion and checks in editors.

Derived from what the parser itself reads: the Pydantic models of the file's shape, and the
grammar's own tables (`grammar`), and the kinds of dimensions. It says what can be said of one value at a time; that names
exist and that lists end with `otherwise` is for `segment validate`.
"""

from __future__ import annotations

from typing import Any, Final

from segmentation.notices import CODES
from segmentation.rules.dimensions import definitions as dimension_definitions
from segmentation.rules.notice_levels import SETTINGS
from segmentation.rules.reading.file import DEVICES, MOST_WRITTEN, NAME, RESERVED, RulesFile
from segmentation.rules.schema.grammar import CONDITION, Schema, of, ref, rule_definitions

TITLE: Final = "personas.yaml of segment"
NAMES: Final = {
    "pattern": f"^{NAME.pattern}$",
    "not": {"enum": sorted(RESERVED | DEVICES)},
}  # of personas, dimensions and features


def json_schema() -> Schema:
    """The schema of the whole file."""
    shape = _draft07(RulesFile.model_json_schema())
    definitions = {**shape.pop("definitions"), **rule_definitions(), **dimension_definitions()}
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
