"""`segment validate`: check the rules without data."""

from __future__ import annotations

from typing import Any, Final

import typer

from . import options
from .command import Command


def validate(
    config: options.Config = options.DEFAULT_CONFIG,
    strict: options.Strict = False,
    as_json: options.Json = False,
) -> None:
    """Find mistakes in personas.yaml, and what can never match.

    Reads no data; at the most the header of customers.

    segment validate --strict
    """
    from segmentation.messages.errors import RulesError
    from segmentation.rules.checking.validation import validated
    from segmentation.rules.reading.reader import read_rules

    from .output_rules import print_unreadable, print_validated

    try:
        rules = read_rules(config)
    except RulesError as wrong:
        print_unreadable(config, wrong, as_json=as_json)
        raise typer.Exit(wrong.exit_code) from None
    notices, error = validated(rules, strict=strict)
    print_validated(rules, notices, error, as_json=as_json)
    if error is not None:
        raise typer.Exit(error.exit_code)


def _results() -> tuple[Any, ...]:
    from .results import Validated

    return (Validated,)


COMMAND: Final = Command("validate", validate, _results)
