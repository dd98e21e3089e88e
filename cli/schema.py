"""`segment schema`: JSON Schemas, of personas.yaml and of what commands print with --json."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from segmentation.messages.errors import Problem, RulesError, nearest

from . import options
from .command import Command

RULES: Final = "rules"


def schema(
    of: Annotated[
        str,
        typer.Argument(
            metavar="[WHAT]",
            help="rules: of personas.yaml. A command, or envelope: of what --json prints.",
        ),
    ] = RULES,
    as_json: options.Json = False,
) -> None:
    """Print a JSON Schema: of personas.yaml, or of --json.

    Draft-07, for completion and checks in editors, and for programs.

    segment schema > segment.schema.json
    """
    from .output_rules import print_schema

    print_schema(_schema(of), as_json=as_json)


def _schema(of: str) -> dict[str, Any]:
    if of == RULES:
        from segmentation.rules.schema.document import json_schema

        return json_schema()
    from .schemas import ENVELOPE, RESULTS, schema_of

    known = (RULES, ENVELOPE, *RESULTS)
    if of not in known:
        near = nearest(of, known)
        hint = f"Nearest: {near}. " if near else ""
        raise RulesError(
            Problem(f"there is no schema of {of!r}", mend=f"{hint}One of: {', '.join(known)}.")
        )
    return schema_of(of)


def _results() -> tuple[Any, ...]:
    return (dict[str, Any],)


COMMAND: Final = Command("schema", schema, _results)
