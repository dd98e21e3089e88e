"""The JSON Schema (draft-07) of personas.yaml, for completion and checks in editors.

Made from what the parser itself reads: the tables of keys, the grammar's own tables, and the kinds
of dimensions. It says what can be said of one value at a time; that names exist and that lists end
with `otherwise` is for `segment validate`.
"""

from __future__ import annotations

from typing import Final

from segmentation.rules.dimensions import definitions as dimension_definitions
from segmentation.rules.reading.file import DEFINED, FILE
from segmentation.rules.reading.names import NAMES
from segmentation.rules.schema.fragments import Schema
from segmentation.rules.schema.grammar import rule_definitions

TITLE: Final = "personas.yaml of segment"


def json_schema() -> Schema:
    """The schema of the whole file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        **FILE.schema(),
        "definitions": {
            **{keys.definition: keys.schema() for keys in DEFINED},
            "persona_name": {"type": "string", **NAMES},
            **rule_definitions(),
            **dimension_definitions(),
        },
    }
