"""Pieces that every part of the JSON Schema (draft-07) is put together from."""

from __future__ import annotations

from typing import Any, Final

Schema = dict[str, Any]
A_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
#: the definitions of conditions on a customer, on one line and on one event
CONDITION: Final = "condition"
LINE_CONDITION: Final = "line_condition"
EVENT_CONDITION: Final = "event_condition"
SOURCE_CONDITION: Final = "source_condition"


def ref(name: str) -> Schema:
    """A reference to a definition."""
    return {"$ref": f"#/definitions/{name}"}


def of(properties: Schema, *required: str, **more: Any) -> Schema:
    """A mapping of these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def bounded(**bounds: float) -> Schema:
    """A number within bounds."""
    return {"type": "number", **bounds}


def one_or_more(item: Schema) -> Schema:
    """One of it, or a list that is not empty."""
    return {"anyOf": [item, {"type": "array", "minItems": 1, "items": item}]}


def described(schema: Schema, text: str, **more: Any) -> Schema:
    """A schema with a description; beside a bare $ref draft-07 would not read it."""
    return {"description": text, **more, **({"allOf": [schema]} if "$ref" in schema else schema)}
