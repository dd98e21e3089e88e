"""JSON Schemas (draft-07) of what `--json` prints, made from the dataclasses that are printed.

What stands under `result` is for each command to say (`command`). The files in docs/json are what
`segment schema COMMAND` prints; a test holds them against the code.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from .app import COMMANDS, command_of
from .envelope import JSON_VERSION, Envelope, printed_fields
from .results import Stopped

Schema = dict[str, Any]
ENVELOPE: Final = "envelope"  # of any command, and of a command line that names none
#: command -> the types that may stand under `result` when it is done
RESULTS: Final[Mapping[str, tuple[Any, ...]]] = {
    name: command_of(name).results() for name in COMMANDS
}
_SIMPLE: Final[Mapping[Any, Schema]] = {
    Any: {},
    object: {},
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
}


def schema_of(command: str) -> Schema:
    """The JSON Schema of what a command prints with --json, or with ENVELOPE of any of them.

    Raises KeyError for other names.
    """
    found: dict[str, Schema] = {}
    whole = _object(Envelope, found)
    asked = whole["properties"]
    asked["version"] = {"const": JSON_VERSION}
    if command == ENVELOPE:
        asked["command"] = {"enum": [*RESULTS, None]}
    else:
        asked["command"] = {"const": command}
        of = (*RESULTS[command], Stopped, types.NoneType)
        asked["result"] = {"anyOf": [_schema(one, found) for one in of]}
    head = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"segment {'COMMAND' if command == ENVELOPE else command} --json, version {JSON_VERSION}",
    }
    return {**head, **whole, "definitions": found}


def _schema(of: Any, found: dict[str, Schema]) -> Schema:
    """The schema of a type; those of dataclasses go into `found`, by their names."""
    if of in _SIMPLE:
        return dict(_SIMPLE[of])
    origin, inner = get_origin(of), get_args(of)
    if is_dataclass(of) and isinstance(of, type):
        if of.__name__ not in found:
            found[of.__name__] = {}  # holds its place, should it be within itself
            found[of.__name__] = _object(of, found)
        return {"$ref": f"#/definitions/{of.__name__}"}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(one, found) for one in inner]}
    if origin in (tuple, Sequence):
        return {"type": "array", "items": _schema(inner[0], found)}
    if origin in (Mapping, dict):
        return {"type": "object", "additionalProperties": _schema(inner[1], found)}
    raise TypeError(f"no JSON Schema is made of {of}")


def _object(of: type, found: dict[str, Schema]) -> Schema:
    """The schema of a dataclass: exactly its fields, all of them."""
    names, hints = printed_fields(of), get_type_hints(of)
    return {
        "description": (inspect.getdoc(of) or "").partition("\n\n")[0].replace("\n", " "),
        "type": "object",
        "additionalProperties": False,
        "required": list(names),
        "properties": {name: _schema(hints[name], found) for name in names},
    }
