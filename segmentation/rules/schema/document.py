"""The JSON Schema (draft-07) of personas.yaml, for completion and checks in editors.

Made from what the parser itself reads: the tables of keys, and the grammar's own tables. It says what can be said of one value at a time; that names
exist and that lists end with `otherwise` is for `segment validate`.
"""

from __future__ import annotations

from typing import Final

from segmentation.rules.dimensions import CADENCE, METHODS, MOST_TIERS, OTHERWISE
from segmentation.rules.reading.file import DEFINED, FILE
from segmentation.rules.reading.names import NAMES
from segmentation.rules.schema.fragments import Schema, bounded, of, ref
from segmentation.rules.schema.grammar import CONDITION, rule_definitions

TITLE: Final = "personas.yaml of segment"
LABEL: Final[Schema] = {"type": ["string", "number"], "minLength": 1}


def json_schema() -> Schema:
    """The schema of the whole file."""
    definitions = {keys.definition: keys.schema() for keys in DEFINED}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#", "title": TITLE, **FILE.schema(),
        "definitions": {**definitions, "persona_name": {"type": "string", **NAMES},
                        **rule_definitions(), **_dimension_definitions()},
    }  # fmt: skip


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
