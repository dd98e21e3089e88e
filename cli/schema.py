"""`segment schema`: the JSON Schema of personas.yaml."""

from __future__ import annotations


def schema() -> None:
    """Print the JSON Schema (draft-07) of personas.yaml.

    For completion and checks in editors.

    segment schema > segment.schema.json
    """
    from segmentation.rules.schema.document import json_schema

    from .output import show_json

    show_json(json_schema())
