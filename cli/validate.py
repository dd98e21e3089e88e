"""`segment validate`: check the rules without data."""

from __future__ import annotations

from typing import Annotated

import typer

from . import options


def validate(
    config: options.Config = options.DEFAULT_CONFIG,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings are failures too (exit code 1).")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Find mistakes in personas.yaml, and what can never match.

    Reads no data; at the most the header of customers.

    segment validate --strict
    """
    from segmentation.config.check import check_names
    from segmentation.config.headers import attributes_of
    from segmentation.config.lint import failure, findings
    from segmentation.config.rules import read_rules

    from .output_rules import print_validated

    rules = read_rules(config)
    check_names(rules, attributes=attributes_of(rules))
    found = findings(rules)
    error = failure(found, strict=strict)
    print_validated(rules, found, error, as_json=as_json)
    if error is not None:
        raise typer.Exit(error.exit_code)
